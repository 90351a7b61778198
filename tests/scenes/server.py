# SPDX-License-Identifier: Apache-2.0
"""One mail server: Postfix 3.7 and Dovecot 2.3, as far as their log goes. Each method is something that happens to
it at time t; it writes the lines and notes in the mail what the log tells of it."""
from journal import Processes, QueueIds
from people import NAMES, Mail, Recipient

DAY = 86400.0
ADDRESS = "192.0.2.25"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
RCPT, DATA = "(in reply to RCPT TO command)", "(in reply to end of DATA command)"
REFUSALS = {  # of a recipient's fate: status, words
    "dead": (("5.1.1", f"550 5.1.1 <{{to}}>: Recipient address rejected: User unknown in virtual mailbox table {RCPT}"),
             ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 "
                       "double-checking the recipient's email address for typos or unnecessary spaces. 550 5.1.1 "
                       f"q17-20020a - gsmtp {RCPT}"),
             ("5.0.0", f"554 delivery error: dd This user doesn't have an account here (0) [-5] {DATA}")),
    "refusing": (("5.7.1", f"554 5.7.1 Message content rejected as spam {DATA}"),
                 ("5.7.1", f"550 5.7.1 Service unavailable, client [{ADDRESS}] blocked, see https://lists.example/ {RCPT}")),
    "greylisting": (("4.2.0", "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see https://grey.example/ "
                              f"{RCPT}"),),
}


def client_name(ip):
    """with the name that the address has in the DNS, as two thirds of them have one"""
    if sum(map(ord, ip)) % 3 == 0:
        return f"unknown[{ip}]"
    return f"{ip.replace('.', '-').replace(':', '-')}.dyn.isp.example[{ip}]"


class Server:
    def __init__(self, host, story, journal, rng):
        self.host, self.name, self.story, self.journal, self.rng = host, host.split(".")[0], story, journal, rng
        self.ids = QueueIds(story.settings.get("ids", "long"), f"{story.name}/ids")
        self.processes = {}
        self.qmgr = f"postfix/qmgr[{rng.randrange(900, 2000)}]"

    def say(self, t, program, text):
        return self.journal.say(t, self.name, program, text)

    def process(self, program, start, stop):
        pool = self.processes.setdefault(program, Processes(self.rng))
        return f"{program}[{pool.take(start, stop)}]"

    def login_name(self, account):
        return account.split("@")[0] if self.story.settings.get("logins") == "bare" else account

    def session_id(self):
        return "".join(self.rng.choices(BASE64, k=16))

    # ---- logins
    def read(self, t, account, ip, protocol):
        login, session, pid = self.login_name(account), self.session_id(), self.rng.randrange(10_000, 4_000_000)
        if protocol == "pop3":
            figures = f"top=0/0, retr=0/0, del=0/{self.rng.randrange(99)}, size={self.rng.randrange(10**7)}"
        else:
            figures = (f"in={self.rng.randrange(99, 9000)} out={self.rng.randrange(500, 900_000)} deleted=0 expunged=0 "
                       f"trashed=0 hdr_count=3 hdr_bytes=1711 body_count=1 body_bytes=8431")
        self.say(t, "dovecot", f"{protocol}-login: Login: user=<{login}>, method=PLAIN, rip={ip}, lip={ADDRESS}, "
                               f"mpid={pid}, TLS, session=<{session}>")
        self.say(t + self.rng.uniform(1, 300), "dovecot",
                 f"{protocol}({login})<{pid}><{session}>: Disconnected: Logged out {figures}")

    def wrong_imap(self, t, account, ip):
        self.say(t + 2, "dovecot", "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): "
                                   f"user=<{self.login_name(account)}>, method=PLAIN, rip={ip}, lip={ADDRESS}, TLS, "
                                   f"session=<{self.session_id()}>")

    def wrong_smtp(self, t, account, ip):
        smtpd, client = self.process("postfix/submission/smtpd", t, t + 4), client_name(ip)
        login = self.login_name(account)
        self.say(t, smtpd, f"connect from {client}")
        if self.story.settings.get("logins") == "verbose":
            self.say(t + 0.4, "dovecot", f"auth: passwd-file({login},{ip}): Password mismatch")
        self.say(t + 2.5, smtpd, f"warning: {client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6, "
                                 f"sasl_username={login}")
        self.say(t + 2.8, smtpd, f"disconnect from {client} ehlo=1 auth=0/1 quit=1 commands=2/3")

    # ---- a message's way in
    def submit(self, t, mails, sender_of):
        """one session of a client that logs in and hands in these mails"""
        ip, login, client = mails[0].ip, self.login_name(mails[0].account), client_name(mails[0].ip)
        times = [t + 1.2]
        for mail in mails[1:]:
            times.append(times[-1] + self.rng.uniform(0.5, 1.5) + 0.01 * len(mail.recipients))
        stop = times[-1] + 1
        port, method = ("smtps", "LOGIN") if len(login) % 3 == 0 else ("submission", "PLAIN")
        smtpd = self.process(f"postfix/{port}/smtpd", t, stop)
        self.say(t, smtpd, f"connect from {client}")
        if ":" not in ip:
            self.say(t + 0.3, smtpd, f"Anonymous TLS connection established from {client}: TLSv1.3 with cipher "
                                     "TLS_AES_256_GCM_SHA384 (256/256 bits)")
        for when, mail in zip(times, mails):
            queue_id = self.ids.take(when)
            mail.named = self.say(when, smtpd, f"{queue_id}: client={client}, sasl_method={method}, sasl_username={login}")
            self.accept(when, queue_id, sender_of(mail), mail)
        count, rcpt = len(mails), sum(len(mail.recipients) for mail in mails)
        self.say(stop, smtpd, f"disconnect from {client} ehlo=2 starttls=1 auth=1 mail={count} rcpt={rcpt} data={count} "
                              f"quit=1 commands={5 + 2 * count + rcpt}")

    def accept(self, t, queue_id, sender, mail):
        """cleanup and qmgr take it; through the content filter where there is one, then outside"""
        mail.message_id = f"{self.rng.getrandbits(64):016x}@{sender.split('@')[-1]}"
        size = self.rng.randrange(900, 60_000)
        queued = self.enqueue(t + 0.05, queue_id, sender, size, mail)
        if self.story.settings.get("filter"):
            queue_id, queued = self.refile(queued, queue_id, sender, size, mail)
        self.deliver(queued, queue_id, sender, size, mail)

    def enqueue(self, t, queue_id, sender, size, mail):
        self.say(t, self.process("postfix/cleanup", t, t + 0.1), f"{queue_id}: message-id=<{mail.message_id}>")
        if self.active(t + 0.08, queue_id, sender, size, mail):
            mail.queued = mail.queued or t + 0.08
            mail.ids.append(queue_id)
        return t + 0.08

    def active(self, t, queue_id, sender, size, mail):
        return self.say(t, self.qmgr, f"{queue_id}: from=<{sender}>, size={size}, nrcpt={len(mail.recipients)} (queue active)")

    def remove(self, t, queue_id, mail):
        if self.say(t, self.qmgr, f"{queue_id}: removed") and queue_id in mail.ids:
            mail.ids.remove(queue_id)
        self.ids.give_back(t, queue_id)

    def refile(self, t, first_id, sender, size, mail):
        """amavis takes it on port 10024 and hands it back on 10025 as a new message"""
        second_id, back, said = self.ids.take(t + 0.9), t + 0.9, ""
        if "xforward" in self.story.settings["filter"]:
            said = f", orig_queue_id={first_id}, orig_client={client_name(mail.ip)}"
        smtpd, smtp = self.process("postfix/10025/smtpd", back, back + 1), self.process("postfix/amavis/smtp", t, back + 1)
        self.say(back - 0.01, smtpd, "connect from localhost[127.0.0.1]")
        self.say(back, smtpd, f"{second_id}: client=localhost[127.0.0.1]{said}")
        queued = self.enqueue(back + 0.01, second_id, sender, size + 441, mail)
        self.say(queued + 0.01, smtpd, "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5")
        everybody = ",".join(f"<{recipient.address}>" for recipient in mail.recipients)
        self.say(queued + 0.02, "amavis[801]",
                 f"(00801-{self.rng.randrange(99):02d}) Passed CLEAN {{RelayedOutbound}}, ORIGINATING LOCAL [{mail.ip}] "
                 f"<{sender}> -> {everybody}, Queue-ID: {first_id}, Message-ID: <{mail.message_id}>, "
                 f"mail_id: {self.session_id()[:12]}, Hits: -, size: {size}, queued_as: {second_id}, 880 ms")
        for recipient in mail.recipients:
            self.say(queued + 0.03, smtp, f"{first_id}: to=<{recipient.address}>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, "
                                          "delays=0.1/0/0/0.9, dsn=2.0.0, status=sent (250 2.0.0 from "
                                          f"MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {second_id})")
        self.remove(queued + 0.04, first_id, mail)
        return second_id, queued + 0.05

    # ---- and out
    def deliver(self, t, queue_id, sender, size, mail):
        """tries all recipients, then again those that were put off, less and less often, for five days"""
        arrived, wait, left = t, 300, mail.recipients
        while left and t < self.journal.end:
            stop = max(self.attempt(t, queue_id, mail, recipient, arrived) for recipient in left)
            if any(recipient.fate in ("dead", "refusing") for recipient in left):
                self.bounce(stop + 0.1, queue_id, sender)
            left = [recipient for recipient in left if recipient.fate in ("greylisting", "unreachable")]
            if not left:
                return self.remove(stop + 0.3, queue_id, mail)
            for recipient in left:
                recipient.fate = recipient.fate.replace("greylisting", "glad")
            t, wait = stop + wait, min(2 * wait, 4000)
            if t - arrived > 5 * DAY:
                return self.expire(t, queue_id, sender, left, mail)
            self.active(t, queue_id, sender, size, mail)

    def attempt(self, t, queue_id, mail, recipient, arrived):
        if recipient.here:
            return self.into_mailbox(t, queue_id, mail, recipient)
        to, took, outcome = recipient.address, self.rng.uniform(0.2, 3), "sent"
        domain = to.split("@")[1]
        relay = f"mx{self.rng.randrange(1, 5)}.{domain}[198.51.100.{self.rng.randrange(1, 255)}]"
        if recipient.fate == "unreachable":
            took, outcome, dsn, said = 30.0, "deferred", "4.4.1", f"connect to {relay}:25: Connection timed out"
        elif recipient.fate == "dead" and self.rng.random() < 0.1:
            outcome, dsn = "bounced", "5.4.4"
            said = f"Host or domain name not found. Name service error for name={domain} type=AAAA: Host not found"
        elif recipient.fate in REFUSALS:
            outcome = "deferred" if recipient.fate == "greylisting" else "bounced"
            dsn, words = self.rng.choice(REFUSALS[recipient.fate])
            said = f"host {relay} said: {words.format(to=to)}"
        else:
            dsn, said = "2.0.0", f"250 2.0.0 Ok: queued as {self.rng.getrandbits(40):X}"
        relay = "none" if dsn in ("4.4.1", "5.4.4") else f"{relay}:25"
        written_to = f", orig_to=<{recipient.alias}>" if recipient.alias else ""
        if self.say(t + took, self.process("postfix/smtp", t, t + took),
                    f"{queue_id}: to=<{to}>{written_to}, relay={relay}, delay={t + took - arrived:.2g}, "
                    f"delays=0.1/0.01/{took / 2:.2g}/{took / 2:.2g}, dsn={dsn}, status={outcome} ({said})"):
            recipient.outcome = outcome
        return t + took

    def into_mailbox(self, t, queue_id, mail, recipient):
        to, session, lmtp = recipient.address, self.session_id(), self.process("postfix/lmtp", t, t + 0.2)
        self.say(t + 0.1, "dovecot", f"lmtp({self.login_name(to)})<{self.rng.randrange(2000, 90_000)}><{session}>: "
                                     f"msgid=<{mail.message_id}>: saved mail to INBOX")
        if self.say(t + 0.12, lmtp, f"{queue_id}: to=<{to}>, relay={self.host}[private/dovecot-lmtp], delay=0.12, "
                                    f"delays=0.02/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <{to}> {session} Saved)"):
            recipient.outcome = "sent"
        return t + 0.13

    def bounce(self, t, queue_id, sender):
        """the message comes back to its sender: home, or to where it was said to come from"""
        if not sender:
            return
        child = self.ids.take(t)
        note = Mail("", False, "", [Recipient(sender, "glad", here=sender.endswith(self.story.domain))],
                    f"{child}@{self.host}")
        self.say(t, self.process("postfix/cleanup", t, t + 0.1), f"{child}: message-id=<{note.message_id}>")
        late = self.rng.choice((0.01, 0.03))             # before or after qmgr's line
        self.say(t + late, self.process("postfix/bounce", t, t + 1),
                 f"{queue_id}: sender non-delivery notification: {child}")
        self.active(t + 0.02, child, "", 2490, note)
        self.deliver(t + 0.02, child, "", 2490, note)

    def expire(self, t, queue_id, sender, left, mail):
        if self.say(t, self.qmgr, f"{queue_id}: from=<{sender}>, status=expired, returned to sender"):
            for recipient in left:
                recipient.outcome = "bounced"
        self.bounce(t + 0.1, queue_id, sender)
        self.remove(t + 0.4, queue_id, mail)

    # ---- mail that no account handed in
    def inbound(self, t, sender, recipient):
        """from outside, to a mailbox or to an alias that sends it on under a rewritten sender"""
        domain = sender.split("@")[1] if sender else f"{self.rng.choice(NAMES)}{self.rng.randrange(300)}.example"
        smtpd, client = self.process("postfix/smtpd", t, t + 2), f"mail.{domain}[203.0.113.{self.rng.randrange(1, 255)}]"
        queue_id, size = self.ids.take(t + 0.5), self.rng.randrange(1500, 90_000)
        mail = Mail("", False, "", [recipient], f"{self.rng.getrandbits(60):x}@{domain}")
        self.say(t, smtpd, f"connect from {client}")
        self.say(t + 0.5, smtpd, f"{queue_id}: client={client}")
        self.say(t + 0.6, self.process("postfix/cleanup", t, t + 2), f"{queue_id}: message-id=<{mail.message_id}>")
        if recipient.alias:
            sender = f"SRS0={self.rng.getrandbits(16):04x}=B4={domain}={sender.split('@')[0]}@{self.story.domain}"
        self.active(t + 0.9, queue_id, sender, size, mail)
        self.say(t + 1, smtpd, f"disconnect from {client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7")
        self.deliver(t + 0.9, queue_id, sender, size, mail)

    def script(self, t, uid, recipient):
        """a program on the machine itself, through pickup"""
        queue_id, user = self.ids.take(t), {"33": "www-data", "0": "root"}.get(uid, f"user{uid}")
        self.say(t, self.process("postfix/pickup", t, t + 0.1), f"{queue_id}: uid={uid} from=<{user}>")
        self.accept(t, queue_id, f"{user}@{self.host}", Mail("", False, "", [recipient]))

    def weather(self, t, ip):
        """what the Internet does to every mail server"""
        smtpd, client = self.process("postfix/smtpd", t, t + 3), f"unknown[{ip}]"
        name = self.rng.choice(("info", "test", "admin", "scan"))
        said, did = self.rng.choice((
            (f"lost connection after EHLO from {client}", "ehlo=1 commands=1"),
            (f"NOQUEUE: reject: RCPT from {client}: 554 5.7.1 <you@away.example>: Relay access denied; "
             "from=<me@away.example> to=<you@away.example> proto=ESMTP helo=<WIN-9QL4SDRB93L>",
             "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"),
            (f"warning: {client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username={name}",
             "ehlo=1 auth=0/1 quit=1 commands=2/3")))
        self.say(t, smtpd, f"connect from {client}")
        self.say(t + 2, smtpd, said)
        self.say(t + 3, smtpd, f"disconnect from {client} {did}")
