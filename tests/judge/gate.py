# SPDX-License-Identifier: Apache-2.0
"""Plays a story at a live gate: each event goes to `sekisho judge`, and its word is obeyed. What becomes of a message is
told only once it was let go. The owner of a locked account proves who they are after eight hours, and has a new password then.

Chance hangs on the story's name alone: the same story, the same lines.
"""
import hashlib
import heapq
import random
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "scenes"), str(Path(__file__).resolve().parents[2] / "bench/hijack")]
from contenders import ContenderError, Detector  # noqa: E402,F401  (of the benchmark)
from people import NAMES, People  # noqa: E402  (of the scenes)
from places import Place, table  # noqa: E402

DAY, HOUR = 86400.0, 3600.0
PROVES_AFTER = 8
LEARNS_DAYS = 9
NETS = {"home": "isp", "isp": "isp", "office": "office", "mobile": "mobile", "hosting": "hosting"}
FATES = {"glad": [(5, "sent", "2.0.0")], "dead": [(5, "bounced", "5.1.1")], "refusing": [(5, "bounced", "5.7.1")],
         "greylisting": [(5, "deferred", "4.7.1"), (905, "sent", "2.0.0")], "unreachable": [(30, "deferred", "4.4.1")]}


class Letter:
    """one message, and what became of it"""
    def __init__(self, number, account, thief, t, fields, recipients):
        self.number, self.account, self.thief, self.t, self.fields, self.recipients = number, account, thief, t, fields, recipients
        self.verdict = self.fate = None   # what was said at first; passed, held, released, discarded, refused
        self.waited = 0.0


class World:
    """plays a story; afterwards `letters` and `locks` tell what was done"""
    def __init__(self, story, judge):
        self.story, self.judge, self.rng = story, judge, random.Random(story.name)
        self.begin = story.begins.timestamp()
        self.last = max(day for act in story.acts for day in act.days)
        self.learned = self.time(story.settings.get("learns", LEARNS_DAYS) + 1, 0)
        networks = table()
        self.networks = [(net, country, number, kind) for kind, country, number, nets in networks.values() for net in nets]
        self.places = {name: Place(words, f"{story.name}/{name}", networks) for name, words in story.places.items()}
        self.people = {name: People(f"{story.name}/{name}", domain=story.domain, **words) for name, words in story.people.items()}
        self.strangers = People(f"{story.name}/world", 0, False, {}, story.domain)
        self.where_of, self.later, self.order, self.tried = {}, [], 0, 0
        self.letters, self.held, self.locks, self.locked, self.wakes, self.changed = [], {}, [], set(), set(), set()

    def time(self, day, seconds):
        return self.begin + (day - 1) * DAY + seconds

    def at(self, t, act, *what):
        self.order += 1
        heapq.heappush(self.later, (t, self.order, act, what))

    def play(self):
        for act in self.story.acts:
            for day in act.days:
                for account in act.who or [None]:
                    getattr(self, act.verb)(act, day, account)
        self.everyday()
        end = self.time(self.last + 1, 0) + 6 * HOUR
        while self.later and self.later[0][0] <= end:
            t, _, act, what = heapq.heappop(self.later)
            act(t, *what)
        return self

    # -- when and where

    def moments(self, act, day, count=None):
        if minutes := act.words.get("minutes"):
            step = int(minutes) * 60
            return [self.time(day, act.start + n * step + self.rng.uniform(0, 20)) for n in range(int((act.stop - act.start) // step))]
        count = act.amount(self.rng) if count is None else count
        if act.start == act.stop:
            return [self.time(day, act.start + 4 * n) for n in range(count)]
        return sorted(self.time(day, self.rng.uniform(act.start, act.stop)) for _ in range(count))

    def source(self, act, t):
        """address, country, network, software"""
        known = act.words.get("known", {})
        fields = self.where(self.places[self.rng.choice(act.words["places"])].address(t))
        return {**fields, "client": known.get("client", "python" if act.thief else "outlook")}

    def where(self, ip):
        if ip not in self.where_of:
            address, fields = ip_address(ip), {"ip": ip}
            for net, country, number, kind in self.networks:
                if net.version == address.version and address in net:
                    fields.update(country=country, asn=number, net=NETS[kind])
                    break
            self.where_of[ip] = fields
        return self.where_of[ip]

    # -- one method a verb

    def send(self, act, day, account):
        count, manners, people, known = act.amount(self.rng), act.words["manners"], self.people[act.words["people"]], act.words["known"]
        session, each = int(manners.get("session", 1)), int(act.words.get("each", 1))
        for t in self.moments(act, day, -(-count // session)):
            source = self.source(act, t)
            self.at(t - 1, self.login, account, act.thief, source, True, "smtp")
            for n in range(min(session, count)):
                recipients = people.choose(each, "turn" in manners)
                self.at(t + 4 * n, self.submit, account, act.thief, self.content(account, known, source), recipients)
            count -= session

    def content(self, account, known, source):
        rng = self.rng
        fields = {"from": account, "subject": known.get("subject", f"{rng.getrandbits(30):x}"), "spam": rng.random() < known.get("spam", 0.004),
                  "size": int(rng.lognormvariate(9, 1)), "via": "smtp", **source}
        if "forged" in known:
            fields["from"] = self.strangers.member(rng.randrange(9)).address
        if "link" in known:
            fields["urls"] = [f"https://www.{known['link']}/{rng.getrandbits(20):x}"]
        return fields

    def read(self, act, day, account):
        for t in self.moments(act, day):
            self.at(t, self.login, account, act.thief, self.source(act, t), True, act.words.get("protocol", "imap"))

    def mistype(self, act, day, account):
        same = "same" in act.words.get("known", {})
        for t in self.moments(act, day):
            self.tried += 1
            self.at(t, self.login, account, act.thief, self.source(act, t), False, "imap", "old" if same else f"no. {self.tried}")

    guess = mistype

    def bounced_at(self, act, day, account):
        for n, t in enumerate(self.moments(act, day)):
            self.at(t, self.tell, {"ev": "bounce", "account": account, "rcpt": f"b{n}@far.example", "dsn": "5.1.1"})

    def forward(self, act, day, account):
        for t in self.moments(act, day):
            sender, = self.strangers.choose(1, False)
            fields = {"from": sender.address, "via": "forward", "spam": self.rng.random() < act.words["known"].get("spam", 0.08)}
            self.at(t, self.submit, None, False, fields, self.people[act.words["people"]].choose(1, False))

    def script(self, act, day, _):
        for t in self.moments(act, day):
            self.at(t, self.submit, None, False, {"via": "local"}, self.people[act.words["people"]].choose(1, False))

    def everyday(self):
        """some neighbours"""
        for name in NAMES[:int(self.story.settings.get("others", 4))]:
            account, home = f"{name}@{self.story.domain}", Place("one address of ocn", f"{self.story.name}/{name}")
            circle = People(f"{self.story.name}/{name}", 12, False, {}, self.story.domain)
            for day in range(1, self.last + 1):
                t = self.time(day, self.rng.uniform(8, 22) * HOUR)
                source = {**self.where(home.address(t)), "client": "thunderbird"}
                self.at(t, self.login, account, False, source, True, "imap")
                self.at(t + 60, self.submit, account, False, self.content(account, {}, source), circle.choose(1, False))

    # -- what happens

    def gone(self, account, thief):
        """a thief whose password is no longer good"""
        return thief and account in self.changed

    def login(self, t, account, thief, source, ok, protocol, password="the right one"):
        if not self.gone(account, thief):
            pwhash = hashlib.sha256(f"{account}\0{password}".encode()).hexdigest()[:4]  # 12 bits and more, as Dovecot tells
            self.tell(t, {"ev": "auth", "account": account, **source, "ok": ok, "protocol": protocol, "pwhash": pwhash})

    def submit(self, t, account, thief, fields, recipients):
        if self.gone(account, thief):
            return
        letter = Letter(len(self.letters), account, thief, t, fields, recipients)
        self.letters.append(letter)
        event = {"ev": "submit", "id": f"m{letter.number}", **fields, "rcpt": [recipient.address for recipient in recipients]}
        if account:
            event["account"] = account
        letter.verdict = self.tell(t, event)["verdict"] if t >= self.learned else (self.tell(t, event), "pass")[1]
        letter.fate = {"pass": "passed", "hold": "held", "refuse": "refused"}[letter.verdict]
        if letter.verdict == "pass":
            self.deliver(t, letter)
        elif letter.verdict == "hold":
            self.held[f"m{letter.number}"] = letter

    def deliver(self, t, letter):
        for recipient in letter.recipients:
            for delay, result, dsn in FATES[recipient.fate]:
                event = {"ev": "outcome", "id": f"m{letter.number}", "rcpt": recipient.address, "result": result, "dsn": dsn}
                self.at(t + delay, self.tell, {**event, "account": letter.account} if letter.account else event)

    def tell(self, t, fields):
        reply = self.judge.ask({"t": round(t, 3), **fields})
        for account in reply.get("lock", ()):
            self.lock(t, account)
        for key in reply.get("release", ()):
            if letter := self.held.pop(key, None):
                letter.fate, letter.waited = "released", t - letter.t
                self.deliver(t, letter)
        for key in reply.get("discard", ()):
            if letter := self.held.pop(key, None):
                letter.fate = "discarded"
        wake = reply.get("wake")
        if wake is not None and wake not in self.wakes:
            self.wakes.add(wake)
            self.at(max(wake, t), self.tell, {"ev": "tick"})
        return reply

    def lock(self, t, account):
        if account in self.locked:
            return
        self.locked.add(account)
        if t >= self.learned:
            self.locks.append((t, account))
        self.at(t + (self.story.settings.get("proves", PROVES_AFTER) * HOUR if t >= self.learned else 0), self.prove, account)

    def prove(self, t, account):
        self.locked.discard(account)
        if t >= self.learned:
            self.changed.add(account)
        self.tell(t, {"ev": "verified", "account": account})
