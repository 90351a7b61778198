# SPDX-License-Identifier: Apache-2.0
"""A mail server: what happens at it, at time t, whichever programs it runs. Its children postfix.py, exim.py and
sendmail.py know in which words; they write the lines, and here is noted in the mail what the log tells of it."""
from dataclasses import dataclass

from dovecot import ADDRESS, Dovecot
from journal import Processes
from people import NAMES, Mail, Recipient

DAY = 86400.0
RCPT, DATA = "RCPT TO", "end of DATA"      # the command that a remote server answers
REFUSALS = {  # of a recipient's fate: status, command, reply
    "dead": (("5.1.1", RCPT, "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table"),
             ("5.1.1", RCPT, "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 "
                             "double-checking the recipient's email address for typos or unnecessary spaces. 550 5.1.1 "
                             "q17-20020a - gsmtp"),
             ("5.0.0", DATA, "554 delivery error: dd This user doesn't have an account here (0) [-5]")),
    "refusing": (("5.7.1", DATA, "554 5.7.1 Message content rejected as spam"),
                 ("5.7.1", RCPT, f"550 5.7.1 Service unavailable, client [{ADDRESS}] blocked, see https://lists.example/")),
    "greylisting": (("4.2.0", RCPT, "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see https://grey.example/"),),
}
USERS = {"33": "www-data", "0": "root"}
NO_ANSWER, NO_HOST = "4.4.1", "5.4.4"


@dataclass
class Attempt:
    """one try to deliver to one recipient"""
    host: str
    address: str
    began: float
    took: float
    arrived: float          # when the message did
    outcome: str = "sent"
    dsn: str = "2.0.0"
    command: str = ""       # that was refused; "" where nobody was reached
    reply: str = ""

    @property
    def end(self):
        return self.began + self.took


def host_of(ip):
    """the name that the address has in the DNS, as two thirds of them have one"""
    return "" if sum(map(ord, ip)) % 3 == 0 else f"{ip.replace('.', '-').replace(':', '-')}.dyn.isp.example"


class Server(Dovecot):
    def __init__(self, host, story, journal, rng):
        self.host, self.name, self.story, self.journal, self.rng = host, host.split(".")[0], story, journal, rng
        self.processes = {}

    def say(self, t, program, text, log=""):
        return self.journal.say(t, self.name, program, text, log)

    def process(self, program, start, stop):
        pool = self.processes.setdefault(program, Processes(self.rng))
        return f"{program}[{pool.take(start, stop)}]"

    def new_message_id(self, sender):
        return f"{self.rng.getrandbits(64):016x}@{sender.split('@')[-1]}"

    # ---- a message's way in
    def submit(self, t, mails, sender_of):
        """one session of a client that logs in and hands in these mails"""
        times = [t + 1.2]
        for mail in mails[1:]:
            times.append(times[-1] + self.rng.uniform(0.5, 1.5) + 0.01 * len(mail.recipients))
        self.session(t, times, times[-1] + 1, mails, sender_of)

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
        to, took = recipient.address, self.rng.uniform(0.2, 3)
        domain = to.split("@")[1]
        tried = Attempt(f"mx{self.rng.randrange(1, 5)}.{domain}", f"198.51.100.{self.rng.randrange(1, 255)}", t, took, arrived)
        if recipient.fate == "unreachable":
            tried.took, tried.outcome, tried.dsn, tried.reply = 30.0, "deferred", NO_ANSWER, "Connection timed out"
        elif recipient.fate == "dead" and self.rng.random() < 0.1:
            tried.outcome, tried.dsn = "bounced", NO_HOST
            tried.reply = f"Host or domain name not found. Name service error for name={domain} type=AAAA: Host not found"
        elif recipient.fate in REFUSALS:
            tried.outcome = "deferred" if recipient.fate == "greylisting" else "bounced"
            tried.dsn, tried.command, reply = self.rng.choice(REFUSALS[recipient.fate])
            tried.reply = reply.format(to=to)
        else:
            tried.reply = f"250 2.0.0 Ok: queued as {self.rng.getrandbits(40):X}"
        if self.tried(queue_id, mail, recipient, tried):
            recipient.outcome = tried.outcome
        return tried.end

    def note_to(self, sender, child):
        """the message that tells a sender of a bounce: home, or to where the mail was said to come from"""
        return Mail("", False, "", [Recipient(sender, "glad", here=sender.endswith(self.story.domain))], f"{child}@{self.host}")

    # ---- mail that no account handed in
    def inbound(self, t, sender, recipient):
        """from outside, to a mailbox or to an alias that sends it on under a rewritten sender"""
        domain = sender.split("@")[1] if sender else f"{self.rng.choice(NAMES)}{self.rng.randrange(300)}.example"
        process = self.process(self.port, t, t + 2)
        client, size = (f"mail.{domain}", f"203.0.113.{self.rng.randrange(1, 255)}"), self.rng.randrange(1500, 90_000)
        mail = Mail("", False, client[1], [recipient], f"{self.rng.getrandbits(60):x}@{domain}")
        if recipient.alias:
            sender = f"SRS0={self.rng.getrandbits(16):04x}=B4={domain}={sender.split('@')[0]}@{self.story.domain}"
        self.relayed(t, process, client, sender, size, mail)

    def local_client(self, t, ip, recipient):
        """a program on the machine itself, by SMTP and without a login"""
        mail = Mail("", False, ip, [recipient], self.new_message_id(self.host))
        self.relayed(t, self.process(self.port, t, t + 2), ("localhost", ip), f"form@{self.story.domain}",
                     self.rng.randrange(900, 9000), mail)
