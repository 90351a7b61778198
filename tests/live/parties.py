# SPDX-License-Identifier: Apache-2.0
"""Those who use the servers while sekisho stands at the gate. A thief is turned away sooner or later, and goes on trying; an
owner's letter that is not accepted at once is sent again, as mail programs do."""
import itertools
import smtplib
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))
from people import Mailbox, Submission  # noqa: E402

ANYTHING = (OSError, smtplib.SMTPException)


@dataclass
class Raid:
    """what came of an attack"""
    began: float = field(default_factory=time.monotonic)
    accepted: list = field(default_factory=list)  # recipients of messages that the server took
    refused: int = 0
    logins_refused: int = 0
    first_refused_s: float = None

    def turned_away(self):
        self.refused += 1
        if self.first_refused_s is None:
            self.first_refused_s = time.monotonic() - self.began


def raid(rig, account, addresses, recipients, sessions=4, per_login=10, pause_s=0.0, port="submission"):
    """one message for each recipient, from one address after the other"""
    came, sources, todo, mutex = Raid(), itertools.cycle(addresses), iter(recipients), threading.Lock()

    def next_few():
        with mutex:
            return next(sources), [*itertools.islice(todo, per_login)]

    def work():
        while True:
            ip, few = next_few()
            if not few:
                return
            one_session(rig, account, ip, few, came, pause_s, port)

    threads = [threading.Thread(target=work) for _ in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def one_session(rig, account, ip, recipients, came, pause_s, port):
    try:
        with Submission(rig.ports[port], ip) as submission:
            if not submission.opens(account, rig.accounts[account]):
                came.logins_refused += 1
                came.turned_away()
                return
            for recipient in recipients:
                submission.post(account, [recipient], [])
                came.accepted.append(recipient)
                time.sleep(pause_s)
    except ANYTHING:
        came.turned_away()


def guess(rig, account, ip, passwords, doors=((Mailbox, "imap"), (Submission, "submission"))):
    """how many of them opened the door"""
    opened = 0
    for number, password in enumerate(passwords):
        kind, port = doors[number % len(doors)]
        try:
            with kind(rig.ports[port], ip) as session:
                opened += session.opens(account, password)
        except (*ANYTHING, Exception):  # an IMAP server that hangs up raises what it likes
            pass
    return opened


def send(rig, account, ip, recipient, port="submission"):
    """one letter: its queue id, how long the login took, and the letter"""
    with Submission(rig.ports[port], ip) as submission:
        began = time.monotonic()
        if not submission.opens(account, rig.accounts[account]):
            raise smtplib.SMTPResponseException(535, b"refused")
        logged_in = time.monotonic()
        queue_id = submission.post(account, [recipient], [])
        return queue_id, logged_in - began, time.monotonic() - logged_in


def refusal(rig, account, ip):
    """with what code a letter is refused, None where it is taken"""
    try:
        send(rig, account, ip, f"reader.of.{account}")
    except smtplib.SMTPResponseException as error:
        return error.smtp_code
    except smtplib.SMTPServerDisconnected:
        return 421
    return None


@dataclass
class Letter:
    recipient: str
    tries: int
    took_s: float  # until the server accepted it


class Owner:
    """writes from home, and tries again what was not accepted"""
    def __init__(self, rig, account, addresses):
        self.rig, self.account, self.addresses = rig, account, itertools.cycle(addresses)
        self.letters, self.gave_up = [], []

    def write_to(self, recipient, patience_s=60):
        began, tries = time.monotonic(), 0
        while time.monotonic() - began < patience_s:
            tries += 1
            try:
                with Submission(self.rig.ports["submission"], next(self.addresses)) as submission:
                    if submission.opens(self.account, self.rig.accounts[self.account]):
                        submission.post(self.account, [recipient], [])
                        self.letters.append(Letter(recipient, tries, time.monotonic() - began))
                        return
            except ANYTHING:
                pass
            time.sleep(0.2)
        self.gave_up.append(recipient)

    def read(self):
        with Mailbox(self.rig.ports["imap"], next(self.addresses)) as mailbox:
            return mailbox.opens(self.account, self.rig.accounts[self.account])

    def live(self, until, every_s=0.4):
        """writes one letter after the other until the event is set"""
        number = 0
        while not until.is_set():
            self.write_to(f"reader{number}.{self.account.split('@')[0]}@home.test")
            number += 1
            until.wait(every_s)
