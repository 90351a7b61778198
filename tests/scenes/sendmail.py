# SPDX-License-Identifier: Apache-2.0
"""What sendmail 8.17 says. It closes no message: that is gone with its last recipient."""
from people import Mail
from server import NO_ANSWER, NO_HOST, USERS, Server, host_of

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
WRONG = "AUTH failure (LOGIN): authentication failure (-13) SASL(-13): authentication failure: checkpass failed"


def clock(seconds):
    """a delay: 00:00:02, or 1+00:14:09 where it took more than a day"""
    days, left = divmod(int(seconds), 86400)
    return f"{days}+" * (days > 0) + f"{left // 3600:02d}:{left // 60 % 60:02d}:{left % 60:02d}"


class Sendmail(Server):
    port = "sm-mta"

    def __init__(self, host, story, journal, rng):
        super().__init__(host, story, journal, rng)
        self.number, self.warned = 0, set()

    def new_id(self, t):
        """day and time in digits of base 60, a running number, the process"""
        self.number, when = self.number + 1, self.journal.local(t)
        digits = (when.year, when.month - 1, when.day, when.hour, when.minute, when.second, self.number // 60, self.number)
        return "".join(DIGITS[digit % 60] for digit in digits) + f"{self.rng.randrange(999_999):06d}"

    @staticmethod
    def client(ip):
        return f"{host_of(ip)} [{'IPv6:' * (':' in ip)}{ip}]".lstrip()

    def wrong_smtp(self, t, account, ip):
        self.mismatch(t + 0.4, account, ip)
        process = self.process("sm-mta", t, t + 4)
        self.say(t + 2.5, process, f"{WRONG}, user={self.login_name(account)}, relay={self.client(ip)}")
        self.say(t + 2.8, process, f"{self.new_id(t)}: {self.client(ip)} did not issue MAIL/EXPN/VRFY/ETRN during "
                                   "connection to MSA-v4")

    # ---- a message's way in
    def arrives(self, t, process, queue_id, sender, relay, mail, protocol="proto=ESMTP, daemon=MTA-v4, "):
        mail.message_id = mail.message_id or self.new_message_id(sender)
        if self.say(t, process, f"{queue_id}: from=<{sender}>, size={self.rng.randrange(900, 60_000)}, class=0, "
                                f"nrcpts={len(mail.recipients)}, msgid=<{mail.message_id}>, {protocol}relay={relay}"):
            mail.named, mail.queued = True, t
            mail.ids.append(queue_id)

    def session(self, t, times, stop, mails, sender_of):
        process, client = self.process("sm-mta", t, stop), self.client(mails[0].ip)
        self.say(t, process, f"STARTTLS=server, relay={client}, version=TLSv1.3, verify=NO, "
                             "cipher=TLS_AES_256_GCM_SHA384, bits=256/256")
        self.say(t + 0.4, process, f"AUTH=server, relay={client}, authid={self.login_name(mails[0].account)}, "
                                   "mech=PLAIN, bits=0")
        for when, mail in zip(times, mails):
            queue_id, sender = self.new_id(when), sender_of(mail)
            self.arrives(when, process, queue_id, sender, client, mail, "proto=ESMTPSA, daemon=MSA-v4, ")
            self.deliver(when + 0.05, queue_id, sender, 0, mail)

    def active(self, t, queue_id, sender, size, mail):
        """a queue run says nothing of a message"""

    def remove(self, t, queue_id, mail):
        """nor is anything said when it is gone"""
        if queue_id in mail.ids and all(recipient.outcome in ("sent", "bounced") for recipient in mail.recipients):
            mail.ids.remove(queue_id)

    # ---- and out
    def outcome(self, t, queue_id, to, arrived, took, mailer, relay, dsn, words):
        return self.say(t, self.process("sm-mta", t - took, t), f"{queue_id}: to={to}, delay={clock(t - arrived)}, "
                        f"xdelay={clock(took)}, mailer={mailer}, pri=120544, {relay}dsn={dsn}, {words}")

    def tried(self, queue_id, mail, recipient, tried):
        to, host, reply = f"<{recipient.address}>", f"{tried.host}.", tried.reply
        if recipient.alias:
            to += f", ctladdr=<{recipient.alias}> (1001/1001)"
        relay = f"relay={host} [{tried.address}], "
        if tried.outcome == "sent":
            words = f"stat=Sent ({reply.removeprefix('250 2.0.0 ')})"
        elif tried.dsn == NO_ANSWER:
            relay, words = f"relay={host}, ", f"stat=Deferred: {reply} with {host}"
        elif tried.dsn == NO_HOST:
            relay, words = f"relay={recipient.address.split('@')[1]}, ", "stat=Host unknown (Name server: host not found)"
        elif tried.outcome == "deferred":
            words = f"reply={reply}, stat=Deferred: {reply}"
        else:
            words = f"reply={reply}, stat={'User unknown' if tried.dsn == '5.1.1' else 'Service unavailable'}"
        dsn = {NO_ANSWER: "4.0.0", NO_HOST: "5.1.2"}.get(tried.dsn, tried.dsn)
        if tried.outcome == "deferred" and tried.end - tried.arrived > 4 * 3600 and queue_id not in self.warned:
            self.warned.add(queue_id)
            self.bounce(tried.end + 0.1, queue_id, mail.account,
                        "sender notify: Warning: could not send message for past 4 hours")
        return self.outcome(tried.end, queue_id, to, tried.arrived, tried.took, "esmtp", relay, dsn, words)

    def into_mailbox(self, t, queue_id, mail, recipient):
        self.saved(t + 0.1, mail, recipient.address, self.session_id())
        if self.outcome(t + 0.12, queue_id, f"<{recipient.address}>", t, 0.1, "local", "", "2.0.0", "stat=Sent"):
            recipient.outcome = "sent"
        return t + 0.13

    def bounce(self, t, queue_id, sender, why="DSN: User unknown"):
        if not sender:
            return
        child = self.new_id(t)
        note = self.note_to(sender, child)
        self.say(t, self.process("sm-mta", t, t + 1), f"{queue_id}: {child}: {why}")
        self.deliver(t + 0.02, child, "", 2490, note)

    def expire(self, t, queue_id, sender, left, mail):
        if self.say(t + 0.1, self.process("sm-mta", t, t + 1),
                    f"{queue_id}: {self.new_id(t)}: sender notify: Cannot send message for 5 days"):
            for recipient in left:
                recipient.outcome = "bounced"
        self.remove(t + 0.4, queue_id, mail)

    # ---- mail that no account handed in
    def relayed(self, t, process, client, sender, size, mail):
        queue_id = self.new_id(t + 0.9)
        self.arrives(t + 0.9, process, queue_id, sender, f"{client[0]} [{client[1]}]", mail)
        self.deliver(t + 0.9, queue_id, sender, size, mail)

    def script(self, t, uid, recipient):
        """a program on the machine itself: its sendmail hands the mail to the one that listens"""
        first, second, user = self.new_id(t), self.new_id(t + 0.2), USERS.get(uid, f"user{uid}")
        mail = Mail("", False, "", [recipient])
        mail.message_id = f"{first}@{self.host}"
        program, process = self.process("sendmail", t, t + 1), self.process("sm-mta", t, t + 1)
        self.say(t, program, f"{first}: from={user}, size=611, class=0, nrcpts=1, msgid=<{mail.message_id}>, "
                             f"relay={user}@localhost")
        self.arrives(t + 0.2, process, second, f"{user}@{self.host}", "localhost [127.0.0.1]", mail)
        self.say(t + 0.3, program, f"{first}: to={recipient.address}, ctladdr={user} ({uid}/{uid}), delay=00:00:01, "
                                   "xdelay=00:00:01, mailer=relay, pri=30611, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, "
                                   f"stat=Sent ({second} Message accepted for delivery)")
        self.deliver(t + 0.4, second, f"{user}@{self.host}", 0, mail)

    def weather(self, t, ip):
        """what the Internet does to every mail server"""
        process = self.process("sm-mta", t, t + 3)
        self.say(t + 2, process, self.rng.choice((
            f"{self.new_id(t)}: [{ip}] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA-v4",
            f"{self.new_id(t)}: ruleset=check_rcpt, arg1=<you@away.example>, relay=[{ip}], reject=550 5.7.1 "
            f"<you@away.example>... Relaying denied. IP name lookup failed [{ip}]",
            f"{WRONG}, user=admin, relay=[{ip}]")))
