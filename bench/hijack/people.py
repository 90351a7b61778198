# SPDX-License-Identifier: Apache-2.0
"""What owners have in common: devices and lines, an address book, sessions, days. The kinds of owners are in owners.py.

Figures marked Eu-core are those of the project's first model, which was fitted to e-mail-Eu-core-temporal (SNAP; a European
research institute, 986 people, 332,334 mails in 803 days): two messages a day at the median, 1.6 more in a session, 83 % to
one recipient, and the share of new recipients falls nearly with the square root of history.
"""
import collections
from random import Random

from chance import clustered, poisson
from traffic import ACCOUNTS, DAY, HOUR, Backscatter, Login, Message

# Messages by hour of the day. Work: Eu-core. Home: assumption, evenings stronger.
WORK_HOURS = [3, 3, 2, 2, 3, 8, 25, 75, 109, 110, 98, 99, 103, 101, 90, 70, 50, 35, 28, 24, 22, 18, 12, 6]
HOME_HOURS = [10, 6, 3, 2, 3, 8, 30, 50, 50, 45, 45, 45, 55, 45, 40, 40, 45, 55, 65, 75, 85, 85, 60, 30]
ALL_HOURS = [30] * 8 + [60] * 14 + [40] * 2  # shops and machines
COMPUTERS = ["outlook", "outlook", "thunderbird", "applemail", "becky", "newoutlook", "webmail"]
PHONES = ["ios", "android", "gmailapp"]

# Assumptions, each a chance a day or a message
LOGIN_TYPO, GUESSED_AT, RENUMBERED, CAFE = 0.004, 0.05, 1 / 20, 0.008
WRONG_FROM, DEAD_STRANGER, DEAD_CONTACT, REFUSED = 0.005, 0.035, 0.0025, 0.0008
WITH_LINK = 0.15

Trip = collections.namedtuple("Trip", "begins ends country hotel")


class Line:
    """A connection to the net. IPv4 keeps its address until the provider gives another; IPv6 changes its host part daily."""

    def __init__(self, network, random, six=False):
        self.network, self.six = network, six
        self.renumber(random)

    def renumber(self, random):
        self.block, self.host, self.subnet = random.randrange(4096), random.randrange(1, 255), random.getrandbits(32)

    def at(self, t):
        return self.network.place6(self.subnet, int(t // DAY)) if self.six else self.network.place(self.block, self.host)


class Person:
    """Somebody with a line at home, a carrier, a computer and a telephone."""

    def __init__(self, random, geography, country):
        six = random.random() < 0.25  # IPv6 at home (assumption: half of households have it, half of mail servers)
        self.line = Line(geography.provider(random, country), random, six)
        self.carrier = geography.carrier(random, country)
        self.computer, self.phone = random.choice(COMPUTERS), random.choice(PHONES)

    def out(self, random):
        """on the way: carriers share few addresses among many, and change them by the hour (CGNAT)"""
        return self.carrier.place(random.randrange(120), random.randrange(20)), self.phone


class Owner:
    """An account, whoever uses it: habits, an address book, and all it does in some weeks, in `seen`."""

    def __init__(self, number, kind, world):
        self.number, self.kind, self.world, self.geography = number, kind, world, world.geography
        self.random = random = Random(f"{world.seed}/owner/{number}")
        self.days, self.born, self.country = world.days, 0.0, world.geography.home
        self.rate = min(60.0, random.lognormvariate(0.69, 1.02))  # messages a working day: Eu-core
        self.reads, self.hours, self.weekend = 4.0, HOME_HOURS, 0.8  # mailbox sessions; activity on Saturdays and Sundays
        self.write = self.write_sessions
        self.where = self.home_or_out
        self.false_alarm = 0.5 if random.random() < 0.01 else 0.004  # content filters err by sender (assumption)
        self.trips, self.agenda, self.seen = [], collections.defaultdict(list), []
        self.recent = collections.deque(maxlen=10)  # recipients of the last messages
        self.strangers_met = self.sessions = 0
        self.unattended = None  # a computer left on at home while its owner travels
        self.fixed = False

    def settle(self, setup, life):
        """`setup` makes a kind of it; then come the address book and what happens to people"""
        self.people = [Person(self.random, self.geography, self.country)]
        self.history = max(10.0, self.rate * 365 * self.random.uniform(0.3, 3))
        setup(self)
        self.book = self.strangers(int(min(1500, 8 + 6 * self.history ** 0.55)), 0)
        for place in range(0, len(self.book), 7):  # every seventh contact is a colleague (assumption)
            self.book[place] = self.random.randrange(self.world.accounts) << 1
        for chance, event in life:
            if not self.fixed and self.random.random() < chance:
                event(self)

    # -- places

    def desk(self, t):
        person = self.people[0]
        return person.line.at(t), person.computer

    def home_or_out(self, t, out=0.35):
        person, random = self.random.choice(self.people) if len(self.people) > 1 else self.people[0], self.random
        if random.random() < out:
            return person.out(random)
        if random.random() < CAFE:
            cafe = random.choice(self.geography.of(self.country, "small"))
            return cafe.anywhere(random, 400), person.computer if random.random() < 0.6 else person.phone
        return person.line.at(t), person.computer

    def office_or_home(self, t):
        if self.at_work(t) and self.random.random() < 0.8:
            return self.office.at(t), self.people[0].computer
        return self.home_or_out(t)

    def abroad(self, trip):
        """a hotel for most, then local mobile or other networks, then the own carrier's roaming (assumption)"""
        random, person = self.random, self.people[0]
        chance = random.random()
        if chance < 0.55:
            return trip.hotel, person.computer if random.random() < 0.5 else person.phone
        if chance < 0.78:
            return random.choice(self.geography.of(trip.country)).anywhere(random, 300), person.phone
        return person.out(random)

    def source(self, t):
        """(place, client) of the owner at this time"""
        for trip in self.trips:
            if trip.begins <= t < trip.ends:
                return self.abroad(trip)
        return self.where(t)

    def at_work(self, t):
        return 8 <= t % DAY / HOUR < 18 and int(t // DAY) % 7 < 5

    def travel(self, begins, days, country):
        ends = begins + days * DAY
        away = any(begins < trip.ends + DAY and trip.begins < ends + DAY for trip in self.trips)
        if away or country == self.country:
            return
        hotel = self.random.choice(self.geography.of(country, "isp", "small")).anywhere(self.random)
        self.trips.append(Trip(begins, ends, country, hotel))

    # -- recipients

    def strangers(self, count, dead):
        """addresses never written to, this share of them dead"""
        random, first = self.random, ACCOUNTS * (1 + self.number) + 2 * self.strangers_met
        self.strangers_met += count
        return [first + 2 * i + (random.random() < dead) for i in range(count)]

    def compose(self):
        """recipients of one ordinary message; how many, how new and how recent: Eu-core"""
        random, chosen = self.random, []
        novelty = max(0.01, min(0.7, 0.62 * self.history ** -0.45))
        many = 1 + random.paretovariate(1.15) + random.expovariate(1 / 1.8)
        count = 1 if random.random() < 0.827 else min(39, int(many))
        for _ in range(count):
            if random.random() < novelty:
                self.book += self.strangers(1, DEAD_STRANGER)
                chosen.append(self.book[-1])
            elif self.recent and random.random() < 0.5:
                chosen.append(random.choice(self.recent))
            else:
                chosen.append(self.book[int(len(self.book) * random.random() ** 5)])
            if random.random() < DEAD_CONTACT and chosen[-1] >= ACCOUNTS:
                chosen[-1] |= 1  # left the firm
        self.recent.extend(chosen)
        self.history += 1
        return list(dict.fromkeys(chosen))

    # -- acts

    def login(self, t, place, client, ok=True, protocol="imap", session=None):
        protocol = "webmail" if client == "webmail" else protocol
        self.seen.append(Login(t, self.number, place, client, ok, protocol, session))

    def session(self, t, source):
        """logs in for sending; the session's name"""
        self.sessions += 1
        name = f"{self.number:x}.{self.sessions}"
        self.login(t - 1.5, *source, protocol="smtp", session=name)
        return name

    def send(self, t, recipients, source, session=None, subject=None, spam=None):
        random = self.random
        urls = ["https://www.site%d.example/%x" % (random.paretovariate(0.8) % 5000, random.getrandbits(20))] \
            if random.random() < WITH_LINK else ()
        self.seen.append(Message(
            t, self.number, *source, recipients, int(random.lognormvariate(9.3, 1.6)),
            random.getrandbits(30) if subject is None else subject, random.random() >= WRONG_FROM,
            random.random() < self.false_alarm if spam is None else spam, urls,
            "webmail" if source[1] == "webmail" else "smtp", session, REFUSED, random.lognormvariate(1.6, 1.2)))

    def mailing(self, t, recipients, each=1, pace=2.0, source=None, subject=None):
        """one text to many: `each` recipients a message, `pace` seconds from one message to the next"""
        random, source = self.random, source or self.source(t)
        session, subject = self.session(t, source), random.getrandbits(30) if subject is None else subject
        spam = random.random() < 0.04  # a content filter judges the template, not each copy (assumption)
        for first in range(0, len(recipients), each):
            self.send(t, recipients[first:first + each], source, session, subject, spam)
            t += random.expovariate(1 / pace)

    def write_sessions(self, begins):
        """a day's ordinary mail"""
        random = self.random
        activity = 1 if self.is_weekday(begins) else self.weekend
        count = clustered(random, self.rate * activity, 2.6)  # dispersion: Eu-core
        while count > 0:
            t = self.some_hour(begins)
            source = self.source(t)
            session, length = self.session(t, source), min(count, 1 + int(random.expovariate(1 / 1.6)))
            for _ in range(length):
                self.send(t, self.compose(), source, session)
                t += min(1800, random.lognormvariate(4.6, 1.3))
            count -= length

    def read(self, begins):
        random = self.random
        for _ in range(poisson(random, self.reads * (1 if self.is_weekday(begins) else 0.7))):
            t = self.some_hour(begins)
            source = self.source(t)
            if random.random() < LOGIN_TYPO:
                for attempt in range(random.randint(1, 3)):
                    self.login(t - 20 + 5 * attempt, *source, ok=False)
            self.login(t, *source)
        if self.unattended and any(trip.begins <= begins < trip.ends for trip in self.trips):
            for _ in range(6):
                self.login(begins + random.random() * DAY, *self.unattended)

    def guessed_at(self, begins):
        """the Internet's background of guessing, never right"""
        random = self.random
        place = random.choice(self.geography.of(random.choice(self.geography.foreign))).anywhere(random)
        for _ in range(random.randint(1, 12)):
            self.login(begins + random.random() * DAY, place, "none", ok=False, protocol="smtp")

    def backscatter(self, begins, count):
        self.seen += [Backscatter(begins + self.random.random() * DAY, self.number) for _ in range(count)]

    # -- time

    def some_hour(self, begins):
        return begins + (self.random.choices(range(24), self.hours)[0] + self.random.random()) * HOUR

    def is_weekday(self, t):
        return int(t // DAY) % 7 < 5

    def on(self, day, act):
        """`act(begins)` on this day"""
        self.agenda[int(day)].append(act)

    def each_week(self, act):
        for day in range(self.random.randrange(7), self.days, 7):
            self.on(day, act)

    def some_day(self, first=0):
        return self.random.uniform(first, self.days)

    def live(self):
        """everything this account does, in `seen`, by and by"""
        for day in range(int(self.born // DAY), self.days):
            begins = day * DAY
            if not self.fixed and self.random.random() < RENUMBERED:
                self.random.choice(self.people).line.renumber(self.random)
            for act in self.agenda.get(day, ()):
                act(begins)
            self.read(begins)
            self.write(begins)
            if self.random.random() < GUESSED_AT:
                self.guessed_at(begins)
        self.seen = [e for e in self.seen if self.born <= e.t < self.days * DAY and not self.flying(e)]

    def last_used(self, t, suits):
        """(place, client) that was last used before this time and that suits; else what is used at home"""
        used = [e for e in self.seen if e.t < t and e.place and (e.kind == "submit" or e.ok) and suits(e.place, e.client)]
        last = max(used, key=lambda e: e.t, default=None)
        return (last.place, last.client) if last else self.desk(t)

    def flying(self, event):
        """nobody writes on the way to the airport"""
        if not self.trips or (self.unattended and event.place is self.unattended[0]):
            return False
        return any(-4 * HOUR < event.t - border < 2 * HOUR for trip in self.trips for border in trip[:2])

