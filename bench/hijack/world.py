# SPDX-License-Identifier: Apache-2.0
"""One world: a server's accounts, what their owners do in some weeks, and who is hijacked; the same for the same seed."""
import datetime
from random import Random

import attackers
import owners
from geography import Geography
from people import Line
from traffic import DAY

MONDAY = datetime.datetime(2026, 4, 6, tzinfo=datetime.timezone.utc)
SMALL_OFFICE = 20  # accounts behind one address


class World:
    """`events` in order of time, `owners` by number, `attacks` {number: Attack}"""

    def __init__(self, seed, accounts, days, hijacked=0.12, bounce=None, cap=4000):
        self.seed, self.accounts, self.days = seed, accounts, days
        self.geography = Geography(seed)
        self.epoch = MONDAY.timestamp() - 3600 * self.geography.utc_hours  # midnight at the operator's
        self.noise, self.attacks, self.victims = [], {}, set()
        self.furnish()
        self.people()
        self.robbers(hijacked, bounce, cap)
        self.events = [e for owner in self.owners for e in owner.seen]
        self.events += [e for attack in self.attacks.values() for e in attack.seen]
        self.events += self.noise
        self.events.sort(key=lambda event: event.t)

    def furnish(self):
        """places that several owners share"""
        random, geography = Random(f"{self.seed}/furniture"), self.geography
        office = geography.networks[geography.home, "office"][0]
        self.campus = [Line(office, random) for _ in range(6)]
        count = max(1, round(self.accounts * owners.KINDS["shared_office"][0] / SMALL_OFFICE))
        self.small_offices = [Line(geography.provider(random, geography.home), random) for _ in range(count)]
        self.cloud = Line(geography.networks[geography.home, "hosting"][1], random)
        self.migration_day = random.randint(11, max(11, self.days - 5))

    def people(self):
        random = Random(f"{self.seed}/kinds")
        shares = {name: share for name, (share, _) in owners.KINDS.items()}
        kinds = random.choices(list(shares), shares.values(), k=self.accounts)
        self.owners = [owners.make(number, name, self) for number, name in enumerate(kinds)]

    def robbers(self, hijacked, bounce, cap):
        """families take turns; each takes the next account that suits it"""
        random = Random(f"{self.seed}/victims")
        waiting, count = list(range(self.accounts)), int(self.accounts * hijacked)
        random.shuffle(waiting)
        chosen = []
        for turn in range(count):
            name = list(attackers.FAMILIES)[turn % len(attackers.FAMILIES)]
            suits = attackers.FAMILIES[name][1]
            number = next((number for number in waiting if suits(self.owners[number])), None)
            if number is not None:
                waiting.remove(number)
                chosen.append((name, turn // len(attackers.FAMILIES) // attackers.CREW, number))
        self.victims = {number for _, _, number in chosen}
        for name, crew, number in chosen:
            crew = attackers.Crew(self, name, crew, self.days)
            attack = attackers.attack(self.owners[number], name, crew, self, bounce, cap)
            if attack.seen:
                self.attacks[number] = attack

    def clean_days(self, warm):
        """account-days in which nobody but the owner is at work, after the warm-up"""
        total = 0.0
        for number, owner in enumerate(self.owners):
            attack = self.attacks.get(number)
            total += max(0.0, (attack.first if attack else self.days * DAY) - max(warm, owner.born))
        return total / DAY
