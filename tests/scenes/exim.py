# SPDX-License-Identifier: Apache-2.0
"""What Exim 4.96 says in its main and reject log; from 4.97 on with the new, long message ids; "with recipients" where
its log_selector has them, and the subject, as hosting panels set it."""
import string

from people import Mail
from server import DAY, NO_ANSWER, NO_HOST, RCPT, USERS, Server, host_of

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
TLS = "X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no"
WAY = "R=dnslookup T=remote_smtp"


def base62(number, length):
    digits = ""
    while len(digits) < length:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


class Exim(Server):
    port = "exim"

    def __init__(self, host, story, journal, rng):
        super().__init__(host, story, journal, rng)
        self.new, self.talkative = story.version.startswith("4.97"), story.version.endswith("with recipients")
        self.given = set()

    def main(self, t, text):
        return self.say(t, "exim", text, "mainlog")

    def rejected(self, t, text):
        """stands in both logs"""
        self.main(t, text)
        self.say(t, "exim", text, "rejectlog")

    def new_id(self, t):
        """second, process, part of the second: no two of one second from one process"""
        while True:
            pid, part = self.rng.randrange(2000, 4_000_000), t % 1 * 1e6
            queue_id = f"{base62(int(t), 6)}-{base62(pid, 11)}-{base62(int(part), 4)}" if self.new else \
                f"{base62(int(t), 6)}-{base62(pid, 6)}-{base62(int(part / 500), 2)}"
            if queue_id not in self.given:
                self.given.add(queue_id)
                return queue_id

    def client(self, ip):
        return f"{host_of(ip)} ([192.168.1.5]) [{ip}]".lstrip()

    def wrong_smtp(self, t, account, ip):
        self.mismatch(t + 0.4, account, ip)
        self.rejected(t + 2.5, f"dovecot_login authenticator failed for {self.client(ip)}: 535 Incorrect authentication data "
                               f"(set_id={self.login_name(account)})")

    # ---- a message's way in
    def arrives(self, t, queue_id, sender, origin, mail):
        """the one line that tells of it"""
        mail.message_id = mail.message_id or self.new_message_id(sender)
        all_of_them = " ".join(recipient.address for recipient in mail.recipients)
        told = f' T="Re: your order" for {all_of_them}' if self.talkative else ""
        if self.main(t, f"{queue_id} <= {sender or '<>'} {origin} S={self.rng.randrange(900, 60_000)} "
                        f"id={mail.message_id}{told}"):
            mail.named, mail.queued = True, t
            mail.ids.append(queue_id)

    def session(self, t, times, stop, mails, sender_of):
        login = self.login_name(mails[0].account)
        protocol = f"P=esmtpsa {TLS} A=dovecot_{'plain' if len(login) % 3 else 'login'}:{login}"
        for when, mail in zip(times, mails):
            queue_id, sender = self.new_id(when), sender_of(mail)
            self.arrives(when, queue_id, sender, f"H={self.client(mail.ip)} {protocol}", mail)
            self.deliver(when + 0.05, queue_id, sender, 0, mail)

    def active(self, t, queue_id, sender, size, mail):
        """a queue run says nothing of a message"""

    def remove(self, t, queue_id, mail):
        if self.main(t, f"{queue_id} Completed") and queue_id in mail.ids:
            mail.ids.remove(queue_id)

    # ---- and out
    def tried(self, queue_id, mail, recipient, tried):
        to, host, domain = recipient.address, f"H={tried.host} [{tried.address}]", recipient.address.split("@")[1]
        who = f"{to} <{recipient.alias}>" * bool(recipient.alias) or to
        first = next(each for each in mail.recipients if each.address.endswith(f"@{domain}")) is recipient
        error = "SMTP error from remote mail server after " + tried.command + f":<{to}>" * (tried.command == RCPT)
        if tried.outcome == "sent":
            said = f'{"=>" if first else "->"} {who} {WAY} {host} {TLS.replace("no", "yes")} C="{tried.reply}"'
        elif tried.dsn == NO_ANSWER:
            self.main(tried.end, f"{queue_id} {host} {tried.reply}")
            said = f"== {who} {WAY} defer (110): {tried.reply}"
        elif tried.dsn == NO_HOST:
            said = f"** {to} R=dnslookup: all relevant MX records point to non-existent hosts"
        elif tried.outcome == "deferred":
            said = f"== {who} {WAY} defer (-44) {host}: {error}: {tried.reply}"
        else:
            said = f"** {who} {WAY} {host} {TLS}: {error}: {tried.reply}"
        return self.main(tried.end, f"{queue_id} {said}")

    def into_mailbox(self, t, queue_id, mail, recipient):
        to, session = recipient.address, self.session_id()
        self.saved(t + 0.1, mail, to, session)
        if self.main(t + 0.12, f'{queue_id} => {to.split("@")[0]} <{to}> R=local_user T=dovecot_lmtp '
                               f'C="250 2.0.0 <{to}> {session} Saved"'):
            recipient.outcome = "sent"
        return t + 0.13

    def bounce(self, t, queue_id, sender):
        if not sender:
            return
        child = self.new_id(t)
        note = self.note_to(sender, child)
        self.main(t, f"{child} <= <> R={queue_id} U=Debian-exim P=local S={self.rng.randrange(1500, 9000)}")
        if not note.recipients[0].here and sum(map(ord, sender)) % 3 == 0:
            return self.freeze(t + 1, child, sender)
        self.deliver(t + 0.02, child, "", 2490, note)

    def freeze(self, t, child, sender):
        """nobody wants the bounce: it is kept for two days, looked at now and then, and given up"""
        refused = (f"{sender} {WAY} H=mx1.{sender.split('@')[1]} [198.51.100.9]: SMTP error from remote mail server after "
                   f"RCPT TO:<{sender}>: 550 5.1.1 <{sender}>: User unknown")
        self.main(t, f"{child} ** {refused}")
        self.main(t, f"{child} Frozen (delivery error message)")
        for run in range(1, 5):
            self.main(t + run * DAY / 2.5, f"{child} Message is frozen")
        self.main(t + 2 * DAY, f"{child} Unfrozen by errmsg timer")
        self.main(t + 2 * DAY + 1, f"{child} ** {refused}")
        self.main(t + 2 * DAY + 1, f"{child} {sender}: error ignored")
        self.main(t + 2 * DAY + 1, f"{child} Completed")

    def expire(self, t, queue_id, sender, left, mail):
        for recipient in left:
            self.main(t, f"{queue_id} == {recipient.address} {WAY} defer (110): Connection timed out")
            if self.main(t + 0.01, f"{queue_id} ** {recipient.address}: retry timeout exceeded"):
                recipient.outcome = "bounced"
        self.bounce(t + 0.1, queue_id, sender)
        self.remove(t + 0.4, queue_id, mail)

    # ---- mail that no account handed in
    def relayed(self, t, process, client, sender, size, mail):
        queue_id = self.new_id(t + 0.9)
        self.arrives(t + 0.9, queue_id, sender, f"H={client[0]} [{client[1]}] P=esmtps {TLS}", mail)
        self.deliver(t + 0.9, queue_id, sender, size, mail)

    def script(self, t, uid, recipient):
        """a program on the machine itself"""
        queue_id, user, mail = self.new_id(t), USERS.get(uid, f"user{uid}"), Mail("", False, "", [recipient])
        mail.message_id = f"E{queue_id}@{self.host}"
        self.arrives(t, queue_id, f"{user}@{self.host}", f"U={user} P=local", mail)
        self.deliver(t + 0.05, queue_id, f"{user}@{self.host}", 0, mail)

    def weather(self, t, ip):
        """what the Internet does to every mail server"""
        name, pid = self.rng.choice(("info", "test", "admin", "scan")), self.rng.randrange(2000, 4_000_000)
        kind, client = self.rng.randrange(4), f"(WIN-9QL4SDRB93L) [{ip}]"
        if kind == 0:
            self.rejected(t, f"dovecot_login authenticator failed for {client}: 535 Incorrect authentication data (set_id={name})")
        elif kind == 1:
            self.rejected(t, f"H={client} F=<me@away.example> rejected RCPT <you@away.example>: relay not permitted")
        elif kind == 2:
            self.main(t, f"no host name found for IP address {ip}")
            self.main(t + 2, f"unexpected disconnection while reading SMTP command from {client} D=2s")
        else:
            self.main(t, f"Start queue run: pid={pid}")
            self.main(t + 3, f"End queue run: pid={pid}")
