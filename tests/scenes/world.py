# SPDX-License-Identifier: Apache-2.0
"""Plays a story: plans each act as sessions, lets the servers live through them in the order of their begin, so that
queue ids and processes are given out as real servers do, and keeps the truth.

Chance hangs on the story's name alone: the same story, the same log.
"""
import random

from exim import Exim
from journal import Journal
from people import NAMES, Mail, People, Recipient
from places import Place, table
from postfix import Postfix
from sendmail import Sendmail
from server import DAY

PROGRAMS = {"postfix": Postfix, "exim": Exim, "sendmail": Sendmail}


class World:
    """plays a story; afterwards `journal` holds the log, and `mails` and `logins` the truth"""
    def __init__(self, story):
        self.story, self.rng = story, random.Random(story.name)
        self.begin = story.begins.timestamp()
        last = max(day for act in story.acts for day in act.days)
        self.end = self.time(*(story.ends or (last, DAY)))
        self.journal = Journal(story.begins, self.end, story.settings.get("stamps", "rfc3339"))
        self.servers = [PROGRAMS[story.program](host, story, self.journal, random.Random(f"{story.name}/{host}"))
                        for host in story.hosts]
        networks = table()
        self.places = {name: Place(words, f"{story.name}/{name}", networks) for name, words in story.places.items()}
        self.abroad = Place("a new address of 25 countries", f"{story.name}/weather", networks)
        self.people = {name: People(f"{story.name}/{name}", domain=story.domain, **words)
                       for name, words in story.people.items()}
        self.people["*"] = People(f"{story.name}/world", 0, False, {}, story.domain)
        self.plan, self.mails, self.logins = [], [], []
        self.days = range(1, last + 1)

    def time(self, day, seconds):
        return self.begin + (day - 1) * DAY + seconds

    def at(self, t, play, *words):
        self.plan.append((t, len(self.plan), play, words))

    def play(self):
        for act in self.story.acts:
            for day in act.days:
                for account in act.who or [None]:
                    getattr(self, act.verb)(act, day, account)
        self.everyday()
        for t, _, play, words in sorted(self.plan):
            play(t, *words)
        return self

    # -- when and where
    def moments(self, act, day, count=None):
        if minutes := act.words.get("minutes"):
            step = int(minutes) * 60
            return [self.time(day, act.start + n * step + self.rng.uniform(0, 20))
                    for n in range(int((act.stop - act.start) // step))]
        count = act.amount(self.rng) if count is None else count
        if act.start == act.stop:
            return [self.time(day, act.start + 4 * n) for n in range(count)]
        return sorted(self.time(day, self.rng.uniform(act.start, act.stop)) for _ in range(count))

    def where(self, act, t):
        return self.places[self.rng.choice(act.words["places"])].address(t)

    def server(self):
        return self.rng.choice(self.servers)

    def note(self, t, account, act, ip, ok):
        if self.begin <= t < self.end:
            self.logins.append((t, account, act.thief, ip, ok))

    # -- one method a verb
    def send(self, act, day, account):
        count, manners, people = act.amount(self.rng), act.words["manners"], self.people[act.words["people"]]
        session, each = int(manners.get("session", 1)), int(act.words.get("each", 1))
        forged = [self.people["*"].member(n).address for n in range(int(manners.get("forged", 0)))]
        for t in self.moments(act, day, -(-count // session)):
            ip, size = self.where(act, t), min(session, count)
            mails = [Mail(account, act.thief, ip, people.choose(each, "turn" in manners)) for _ in range(size)]
            count -= size
            self.mails += mails
            self.note(t, account, act, ip, True)
            self.at(t, self.server().submit, mails, lambda mail: self.rng.choice(forged) if forged else mail.account)

    def read(self, act, day, account):
        for t in self.moments(act, day):
            ip = self.where(act, t)
            self.note(t, account, act, ip, True)
            self.at(t, self.server().read, account, ip, act.words.get("protocol", "imap"))

    def mistype(self, act, day, account):
        for t in self.moments(act, day):
            server, ip = self.server(), self.where(act, t)
            self.at(t, self.rng.choice((server.wrong_imap, server.wrong_smtp)), account, ip)

    def guess(self, act, day, account):
        for t in self.moments(act, day):
            server, ip = self.server(), self.where(act, t)
            self.note(t, account, act, ip, False)
            self.at(t, server.wrong_imap if "protocol" in act.words else server.wrong_smtp, account, ip)

    def bounced_at(self, act, day, account):
        for t in self.moments(act, day):
            self.at(t, self.server().inbound, "", Recipient(account, "glad", here=True))

    def forward(self, act, day, account):
        for t in self.moments(act, day):
            recipient, = self.people[act.words["people"]].choose(1, False)
            recipient.alias = account
            self.at(t, self.server().inbound, self.people["*"].choose(1, False)[0].address, recipient)

    def script(self, act, day, _):
        for t in self.moments(act, day):
            recipient, = self.people[act.words["people"]].choose(1, False)
            server, uid, ip = self.server(), act.words["uid"], act.words["ip"]
            self.at(t, server.script if uid else server.local_client, uid or ip, recipient)

    # -- the others, and what comes from outside
    def everyday(self):
        homes = "ocn eo biglobe nuro jcom commufa kddi docomo".split()
        count = int(self.story.settings.get("others", 5))
        others = [f"{name}@{self.story.domain}" for name in NAMES[:count]]
        senders = {account for act in self.story.acts for account in act.who if act.verb == "send"}
        receivers = sorted(senders)[:12] + others
        world = self.people["*"]
        for account in others:
            home = Place(f"one address of {self.rng.choice(homes)}", f"{self.story.name}/{account}")
            circle = People(f"{self.story.name}/{account}", 12, False, {}, self.story.domain)
            for t in self.some_times(3):
                self.at(t, self.server().read, account, home.address(t), "imap")
            for t in self.some_times(1.5):
                self.mails.append(Mail(account, False, home.address(t), circle.choose(1, False)))
                self.at(t, self.server().submit, self.mails[-1:], lambda mail: mail.account)
        for account in receivers:
            for t in self.some_times(2):
                self.at(t, self.server().inbound, world.choose(1, False)[0].address, Recipient(account, "glad", here=True))
        for t in self.some_times(10):
            self.at(t, self.server().weather, self.abroad.address(t))

    def some_times(self, a_day):
        return [self.time(day, self.rng.uniform(7 * 3600, 23 * 3600)) for day in self.days
                for _ in range(int(a_day + self.rng.random()))]
