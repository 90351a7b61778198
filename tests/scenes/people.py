# SPDX-License-Identifier: Apache-2.0
"""Who is written to, and what becomes of it: recipients, circles of them, and each mail with its truth."""
import random
from dataclasses import dataclass, field

BIG = "gmail.example yahoo.example outlook.example icloud.example docomo.example gmx.example".split()
NAMES = "ume matsu take kiku fuji hagi kaede yuri sumire ayame tsubaki botan nadeshiko kikyo asagao renge".split()


@dataclass
class Recipient:
    address: str
    fate: str
    here: bool = False
    alias: str = ""                         # of ours, that it was written to at first
    outcome: str = ""                       # as the log tells it: sent, bounced, deferred (so far)


@dataclass
class Mail:
    """one message that an account handed in; what the log tells of it"""
    account: str
    thief: bool
    ip: str
    recipients: list
    message_id: str = ""
    named: bool = False                     # its client= line is in the log
    queued: float = None                    # when qmgr took it, if that is in the log
    ids: list = field(default_factory=list)  # that have not left the queue

    def count(self, outcome):
        return sum(recipient.outcome == outcome for recipient in self.recipients)


class People:
    """recipients: a circle of known size, or ever new ones"""
    def __init__(self, name, size, here, fates, domain):
        self.name, self.size, self.here, self.fates, self.rng, self.next = name, size, here, fates, random.Random(name), 0
        rng, self.mark = self.rng, name.split("/")[-1][:3]
        firms = [f"{rng.choice(NAMES)}-{rng.choice(NAMES)}.example" for _ in range(size // 6 + 4 if size else 60)]
        self.domains = [domain] if here else BIG + firms

    def member(self, index):
        rng = random.Random(f"{self.name}/{index}")
        address = f"{rng.choice(NAMES)}.{self.mark}{index:x}@{rng.choice(self.domains)}"
        lot = rng.random()
        for fate, share in self.fates.items():
            lot -= share
            if lot < 0:
                return Recipient(address, fate, self.here)
        return Recipient(address, "glad", self.here)

    def choose(self, count, in_turn):
        if in_turn or not self.size:
            first, self.next = self.next, self.next + count
            return [self.member(index % self.size if self.size else index) for index in range(first, self.next)]
        if count > self.size:
            raise ValueError(f"{count} recipients of {self.size} {self.name}")
        chosen = {}
        while len(chosen) < count:           # some are written to far more often than others
            chosen[int(self.size * self.rng.random() ** 2)] = True
        return [self.member(index) for index in chosen]
