# SPDX-License-Identifier: Apache-2.0
"""Those who use the mail server, and what they really did: every login and every message that was accepted is written
down in a diary, and the diary is the truth that the scanner is held against."""
import imaplib
import itertools
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field



@dataclass(frozen=True)
class Mail:
    account: str
    ip: str
    recipients: tuple
    thief: bool


@dataclass(frozen=True)
class Login:
    account: str
    ip: str
    ok: bool
    thief: bool


@dataclass
class Diary:
    mails: list = field(default_factory=list)
    logins: list = field(default_factory=list)
    local: list = field(default_factory=list)  # (uid, recipients): mail without a login


class Submission(smtplib.SMTP):
    """a session of a client that comes from that address"""
    def __init__(self, port, ip):
        super().__init__("127.0.0.1", port, local_hostname="client.example", timeout=60)
        self.ehlo()
        self.must(self.docmd("XCLIENT", f"NAME=[UNAVAILABLE] ADDR={ip}"))
        self.ehlo()

    def enter(self, account, password):
        """one try, where smtplib's own login would try each mechanism; true if it opened"""
        self.user, self.password = account, password
        try:
            self.auth("PLAIN", self.auth_plain)
        except smtplib.SMTPAuthenticationError:
            return False
        return True

    def post(self, sender, recipients, message):
        self.must(self.mail(sender))
        for recipient in recipients:
            self.must(self.rcpt(recipient))
        self.must(self.data(message))

    @staticmethod
    def must(reply):
        if not 200 <= reply[0] < 300:
            raise smtplib.SMTPResponseException(*reply)


class Mailbox(imaplib.IMAP4):
    """an IMAP session of a client that comes from that address"""
    def __init__(self, port, ip):
        self.ip = ip
        super().__init__("127.0.0.1", port, timeout=60)

    def open(self, host="", port=imaplib.IMAP4_PORT, timeout=None):
        super().open(host, port, timeout)
        self.sock.sendall(f"PROXY TCP4 {self.ip} 127.0.0.1 40000 {port}\r\n".encode())

    def enter(self, account, password):
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

    def enter(self, session, ip, password=None):
        opened = session.enter(self.account, password or self.rig.accounts[self.account])
        if not password and not opened:
            raise smtplib.SMTPException(f"the password of {self.account} does not open it")
        self.rig.diary.logins.append(Login(self.account, ip, opened, self.thief))

    def guess(self, password, port):
        ip = next(self.addresses)
        with (Mailbox if port == "imap" else Submission)(self.rig.ports[port], ip) as session:
            self.enter(session, ip, password)

    def read(self):
        ip = next(self.addresses)
        with Mailbox(self.rig.ports["imap"], ip) as session:
            self.enter(session, ip)
            session.select()

    def write(self, *letters, port="submission"):
        """one login; a letter is its sender and its recipients"""
        ip = next(self.addresses)
        with Submission(self.rig.ports[port], ip) as session:
            self.enter(session, ip)
            for sender, recipients, *headers in letters:
                session.post(sender, recipients, letter(sender, recipients, headers))
                self.rig.diary.mails.append(Mail(self.account, ip, tuple(recipients), self.thief))

    def write_to(self, *recipients, port="submission"):
        self.write((self.account, recipients), port=port)

    def flood(self, letters, per_login=10, port="submission"):
        """in four sessions, as fast as it goes"""
        batches = [letters[at:at + per_login] for at in range(0, len(letters), per_login)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda batch: self.write(*batch, port=port), batches))


def letter(sender, recipients, headers):
    head = [f"From: <{sender}>", f"To: {', '.join(recipients)}", "Subject: hello", *headers]
    return "\r\n".join([*head, "", "How are you?", ""])


@contextmanager
def meanwhile(act, every_s=0.3):
    """does it now and then, and once at least, until the block is over"""
    over = threading.Event()

    def go_on():
        act()
        while not over.wait(every_s):
            act()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(go_on)
        try:
            yield
        finally:
            over.set()
        done.result()
