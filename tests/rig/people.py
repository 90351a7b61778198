# SPDX-License-Identifier: Apache-2.0
"""Those who use the mail server. Every login, and every message that the server accepted, goes into a diary: it is the
truth that the scanner is held against."""
import imaplib
import itertools
import smtplib
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    account: str
    ip: str
    thief: bool
    recipients: tuple = ()  # a message has some, a login has none
    opened: bool = True     # of a login: the password was right
    at: float = field(default_factory=time.time)  # when it was done
    asked: float = 0.0      # of a login: when it was begun


@dataclass
class Diary:
    entries: list = field(default_factory=list)  # in the order in which things happened
    scripts: list = field(default_factory=list)  # uid, recipients of a message
    days: int = 0

    def mails(self, **like):
        return [entry for entry in self.entries if entry.recipients and matches(entry, like)]

    def logins(self, **like):
        return [entry for entry in self.entries if not entry.recipients and matches(entry, like)]


def matches(entry, like):
    return all(getattr(entry, name) == value for name, value in like.items())


class Submission(smtplib.SMTP):
    """a session of a client that comes from that address"""
    def __init__(self, port, ip):
        super().__init__("127.0.0.1", port, local_hostname="client.example", timeout=60)
        self.ehlo()
        accepted(self.docmd("XCLIENT", f"NAME=[UNAVAILABLE] ADDR={ip}"))
        self.ehlo()

    def opens(self, account, password):
        """one try, where smtplib's own login would try each mechanism"""
        self.user, self.password = account, password
        try:
            self.auth("PLAIN", self.auth_plain)
        except smtplib.SMTPAuthenticationError:
            return False
        return True

    def post(self, sender, recipients, headers, text="How are you?"):
        """the queue id that the server says"""
        head = [f"From: <{sender}>", f"To: {', '.join(recipients)}", "Subject: hello", *headers]
        accepted(self.mail(sender))
        for recipient in recipients:
            accepted(self.rcpt(recipient))
        return accepted(self.data("\r\n".join([*head, "", text, ""])))[1].split()[-1].decode()


def accepted(reply):
    if not 200 <= reply[0] < 300:
        raise smtplib.SMTPResponseException(*reply)
    return reply


class Mailbox(imaplib.IMAP4):
    """an IMAP session of a client that comes from that address"""
    def __init__(self, port, ip):
        self.ip = ip
        super().__init__("127.0.0.1", port, timeout=60)

    def open(self, host="", port=imaplib.IMAP4_PORT, timeout=None):
        super().open(host, port, timeout)
        self.sock.sendall(f"PROXY TCP4 {self.ip} 127.0.0.1 40000 {port}\r\n".encode())

    def opens(self, account, password):
        try:
            self.login(account, password)
        except imaplib.IMAP4.error:
            return False
        return True


class Person:
    """whoever uses an account, from one of these addresses after the other: its owner, or a thief"""
    def __init__(self, rig, account, addresses, thief=False):
        self.rig, self.account, self.thief = rig, account, thief
        self.addresses = itertools.cycle(addresses)

    def note(self, ip, **what):
        self.rig.diary.entries.append(Entry(self.account, ip, self.thief, **what))

    @contextmanager
    def session(self, kind, port):
        """one login, from the next address"""
        ip = next(self.addresses)
        with kind(self.rig.ports[port], ip) as session:
            asked = time.time()
            if not session.opens(self.account, self.rig.accounts[self.account]):
                raise smtplib.SMTPException(f"the password of {self.account} does not open it")
            self.note(ip, asked=asked)
            yield session, ip

    def guess(self, password, kind, port):
        ip = next(self.addresses)
        with kind(self.rig.ports[port], ip) as session:
            asked = time.time()
            self.note(ip, opened=session.opens(self.account, password), asked=asked)

    def read(self):
        with self.session(Mailbox, "imap") as (mailbox, _):
            mailbox.select()

    def write(self, *letters, port="submission"):
        """a letter: sender, recipients, and perhaps more headers"""
        with self.session(Submission, port) as (submission, ip):
            for sender, recipients, *headers in letters:
                submission.post(sender, recipients, headers)
                self.note(ip, recipients=tuple(recipients))

    def write_to(self, *recipients, **how):
        self.write((self.account, recipients), **how)

    def flood(self, letters, per_login=10, **how):
        """in four sessions, as fast as it goes"""
        side_by_side(4, [lambda at=at: self.write(*letters[at:at + per_login], **how)
                         for at in range(0, len(letters), per_login)])


def side_by_side(count, acts):
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()


@contextmanager
def meanwhile(times, act, every_s=0.3):
    """does it so many times, beside what goes on in the block"""
    def go_on():
        for _ in range(times):
            act()
            time.sleep(every_s)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(go_on)
        yield
        done.result()
