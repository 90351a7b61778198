# SPDX-License-Identifier: Apache-2.0
"""The kinds of owners, and what happens to people. One function each: it changes an Owner's habits (people.py).

The number in the decorator is the kind's share among the accounts, or the event's chance within the weeks. Shares are
assumptions: kinds that rules wrong are more frequent than in life, so that a few thousand accounts contain them.
"""
import math

from chance import between, poisson
from geography import TRAVEL_COUNTRIES
from people import ALL_HOURS, COMPUTERS, PHONES, WORK_HOURS, Line, Owner, Person
from traffic import DAY, HOUR, Message

KINDS, LIFE = {}, []
MACHINES = {"printer", "webapp", "ticket_system", "shop", "backscatter", "forwarder"}  # nobody to impersonate


def kind(share):
    def register(setup):
        KINDS[setup.__name__] = (share, setup)
        return setup
    return register


def life(chance):
    def register(event):
        LIFE.append((chance, event))
        return event
    return register


def works(owner, office):
    owner.office, owner.hours, owner.weekend, owner.where = office, WORK_HOURS, 0.12, owner.office_or_home


def machine(owner, network, client):
    """a device or program that sends from one address and reads nothing"""
    owner.fixed, owner.reads, owner.where = True, 0, owner.desk
    person = owner.people[0]
    person.line, person.computer = Line(network, owner.random), client


# ---------------------------------------------------------------- people

@kind(.24)
def office(owner):
    """Works in the operator's own network, home and telephone else. Rates and hours: Eu-core."""
    works(owner, owner.world.campus[owner.number % 6])


@kind(.19)
def home(owner):
    """Writes from home and on the way. Rates: Eu-core."""


@kind(.08)
def mobile(owner):
    """Nine in ten from a telephone, whose address changes by the hour (assumption; carriers' CGNAT)."""
    owner.where = lambda t: owner.home_or_out(t, out=0.9)


@kind(.08)
def light(owner):
    """Writes a few times a month: nearly every recipient and address is long ago (assumption; Eu-core's lowest tenth)."""
    owner.rate, owner.reads = owner.random.uniform(0.03, 0.3), 0.6


@kind(.03)
def foreign(owner):
    """Lives abroad for good: a stranger to a country rule, at home to himself (assumption)."""
    owner.country = owner.random.choice(TRAVEL_COUNTRIES)
    owner.people = [Person(owner.random, owner.geography, owner.country)]


@kind(.02)
def vpn(owner):
    """Half of the time through a commercial VPN that leaves in any of eight countries (assumption)."""
    def through(t):
        if owner.random.random() < 0.5:
            exit_network = owner.random.choice(owner.geography.vpn)
            return exit_network.anywhere(owner.random, 40), owner.people[0].computer
        return owner.home_or_out(t)
    owner.where = through


@kind(.025)
def traveller(owner):
    """One to three journeys of two to seven days (assumption). Cautious firms see 2 to 5 % of their people abroad."""
    works(owner, owner.world.campus[owner.number % 6])
    for _ in range(owner.random.randint(1, 3)):
        owner.travel(owner.some_day(first=2) * DAY, owner.random.uniform(2, 7), owner.random.choice(TRAVEL_COUNTRIES))


@kind(.01)
def commuter(owner):
    """Lives here and works across the border on three days a week (assumption; 2 million do so in the EU)."""
    works(owner, Line(owner.random.choice(owner.geography.of(owner.geography.neighbour, "isp")), owner.random))
    owner.at_work = lambda t: 8 <= t % DAY / HOUR < 18 and int(t // DAY) % 7 in (0, 2, 3)


@kind(.01)
def mover(owner):
    """Moves to another country for good on some day, with a new line, carrier and often a new telephone (assumption)."""
    def move(begins):
        person = owner.people[0]
        computer = person.computer
        owner.country = owner.random.choice([c for c in TRAVEL_COUNTRIES if c != owner.country])
        owner.people = [Person(owner.random, owner.geography, owner.country)]
        owner.people[0].computer = computer
    owner.on(owner.some_day(first=10), move)


@kind(.03)
def ipv6(owner):
    """IPv6 at home with a new /64 every night, as German providers do, and a new one for every mobile session (assumption)."""
    random, person = owner.random, owner.people[0]
    person.line.six = True
    person.out = lambda _: (person.carrier.place6(random.getrandbits(24), random.getrandbits(16)), person.phone)
    for day in range(owner.days):
        owner.on(day, lambda begins: person.line.renumber(random))


@kind(.05)
def shared_office(owner):
    """One of twenty accounts behind one address (the issue's figure; a small firm with NAT)."""
    works(owner, owner.world.small_offices[owner.number % len(owner.world.small_offices)])


@kind(.015)
def shared_mailbox(owner):
    """info@: six people, each with own lines, computer and telephone, write as one (the issue's figure)."""
    owner.people = [Person(owner.random, owner.geography, owner.country) for _ in range(6)]
    owner.rate, owner.reads, owner.hours = 4 * owner.rate + 5, 20, WORK_HOURS


@kind(.025)
def new_account(owner):
    """Opened within the weeks: no past to compare with (assumption)."""
    owner.born, owner.history = owner.random.uniform(5, owner.days - 6) * DAY, 2


@kind(.02)
def new_employee(owner):
    """Begins on a Monday; on the first days sets up all devices and presents himself to some dozens (assumption)."""
    new_account(owner)
    owner.born = min(math.ceil(owner.born / DAY / 7), (owner.days - 7) // 7) * 7 * DAY + 9 * HOUR
    works(owner, owner.world.campus[owner.number % 6])

    def hello(begins):
        colleagues = [owner.random.randrange(owner.world.accounts) << 1 for _ in range(owner.random.randint(10, 30))]
        owner.mailing(begins + 14 * HOUR, colleagues + owner.strangers(10, 0.02), each=owner.random.choice([1, 40]), pace=60)
    owner.on(owner.born // DAY + owner.random.randint(0, 2), hello)


@kind(.015)
def migrated(owner):
    """His firm moves into a cloud: from one day on, all colleagues write from one new address (the issue's case)."""
    works(owner, owner.world.campus[5])

    def moved(begins):
        owner.where = lambda t: (owner.world.cloud.at(t), "newoutlook")
    owner.on(owner.world.migration_day, moved)


@kind(.01)
def badpw(owner):
    """A device with the old password knocks for two days, until somebody finds it (assumption)."""
    bad_password(owner)


# ---------------------------------------------------------------- those who write to many

@kind(.015)
def newsletter(owner):
    """Each week to 150 to 3,000 subscribers, 0.5 to 3 % of them dead (field notes: owners bounce 0.7 to 1.3 %)."""
    random = owner.random
    owner.hours, owner.rate = WORK_HOURS, 1
    subscribers = owner.strangers(int(between(random, 150, 3000)), random.uniform(0.005, 0.03))
    each = random.choice([1, 1, 50])

    def send(begins):
        owner.mailing(begins + random.uniform(9, 17) * HOUR, subscribers, each, 1.5 * each ** 0.3, owner.desk(begins))
    owner.each_week(send)


@kind(.006)
def first_newsletter(owner):
    """The same for the first time, with 2 to 8 % dead (assumption): no detector has seen it before."""
    random = owner.random
    owner.rate = 1
    people = owner.strangers(int(between(random, 150, 3000)), random.uniform(0.02, 0.08))
    owner.on(owner.some_day(first=10), lambda begins: owner.mailing(
        begins + random.uniform(9, 17) * HOUR, people, random.choice([1, 1, 50]), source=owner.desk(begins)))


@kind(.015)
def listowner(owner):
    """Writes to a list of 25 to 120 in one message every third day (assumption)."""
    random = owner.random
    works(owner, owner.world.campus[owner.number % 6])
    members = owner.strangers(random.randint(25, 120), random.uniform(0, 0.04))
    for day in range(owner.days):
        if random.random() < 0.3:
            owner.on(day, lambda begins: owner.mailing(begins + random.uniform(8, 22) * HOUR, members, len(members)))


@kind(.01)
def school(owner):
    """Writes to 300 parents once a month, one by one or all in blind copy (the issue's figure; 3 % dead: assumption)."""
    random = owner.random
    works(owner, owner.world.campus[owner.number % 6])
    parents = owner.strangers(random.randint(250, 350), 0.03)
    owner.on(owner.some_day(first=5), lambda begins: owner.mailing(
        begins + random.uniform(8, 18) * HOUR, parents, random.choice([1, 50, 350]), pace=3, source=owner.desk(begins)))


@kind(.008)
def mail_merge(owner):
    """Once a quarter a mail merge with 20 % dead addresses, here always within the weeks (the issue's figure)."""
    random = owner.random
    works(owner, owner.world.campus[owner.number % 6])
    customers = owner.strangers(random.randint(60, 400), 0.2)
    owner.on(owner.some_day(first=9), lambda begins: owner.mailing(
        begins + random.uniform(9, 17) * HOUR, customers, 1, 4, (owner.office.at(begins), owner.people[0].computer)))


# ---------------------------------------------------------------- machines

@kind(.025)
def printer(owner):
    """Scans to a dozen people; in some firms to one who has left, day after day (assumption)."""
    random = owner.random
    machine(owner, owner.geography.provider(random, owner.country), "scan")
    owner.rate, owner.hours, owner.weekend = random.uniform(5, 60), WORK_HOURS, 0.1
    left = owner.some_day(first=8) if random.random() < 0.15 else owner.days
    people = owner.strangers(12, 0)

    def write(begins):
        for _ in range(poisson(random, owner.rate if owner.is_weekday(begins) else 1)):
            t = owner.some_hour(begins)
            gone = begins >= left * DAY and random.random() < 0.6
            owner.send(t, [people[0] | 1 if gone else random.choice(people[1:])], owner.desk(t), subject=7, spam=False)
    owner.write = write


def writes_to_strangers(owner, low, high, dead, client):
    """a program in a hosting centre, each message to somebody new"""
    random = owner.random
    machine(owner, random.choice(owner.geography.of(owner.country, "hosting")), client)
    owner.rate, owner.hours, dead_share = between(random, low, high), ALL_HOURS, random.uniform(*dead)

    def write(begins):
        for _ in range(poisson(random, owner.rate)):
            t = owner.some_hour(begins)
            owner.send(t, owner.strangers(1, dead_share), owner.desk(t), subject=random.randrange(5))
    owner.write = write


@kind(.01)
def webapp(owner):
    """Registrations, reminders, contact forms: 40 to 200 a day, 0.2 to 3 % dead (assumption)."""
    writes_to_strangers(owner, 40, 200, (0.002, 0.03), "phpmailer")


@kind(.006)
def shop(owner):
    """Order confirmations: always strangers, who mistype their own address in 1 to 5 of 100 (assumption)."""
    writes_to_strangers(owner, 20, 200, (0.01, 0.05), "shopware")


@kind(.008)
def ticket_system(owner):
    """One to three answers to each stranger who writes in; spam that writes in gets answers too, which bounce (assumption)."""
    random = owner.random
    writes_to_strangers(owner, 10, 80, (0.01, 0.06), "otrs")
    first = owner.write

    def write(begins):
        start = len(owner.seen)
        first(begins)
        for opened in owner.seen[start:]:
            for _ in range(random.randint(0, 2)):
                t = opened.t + random.expovariate(1 / (3 * HOUR))
                owner.send(t, opened.recipients, owner.desk(begins), subject=opened.subject)
    owner.write = write


@kind(.02)
def forwarder(owner):
    """Forwards all its mail elsewhere, spam included: 12 % of it is refused there (assumption). No login, no address."""
    random = owner.random
    there = owner.strangers(1, 0)

    def write(begins):
        owner.write_sessions(begins)
        for _ in range(poisson(random, 15)):
            t, subject, spam = owner.some_hour(begins), random.getrandbits(30), random.random() < 0.08
            owner.seen.append(Message(t, owner.number, None, None, there, 5000, subject, False, spam, via="forward", refusal=0.12))
    owner.write = write


@kind(.015)
def backscatter(owner):
    """Somebody elsewhere forges the address: 300 to 1,200 bounces a day for four days (assumption)."""
    first = int(owner.some_day(first=3))
    for day in range(first, first + 4):
        owner.on(day, lambda begins: owner.backscatter(begins, owner.random.randint(300, 1200)))


# ---------------------------------------------------------------- what happens to people

@life(.08)
def new_device(owner):
    """A new telephone, and for half a new mail program too (assumption: one in a year)."""
    def buy(begins):
        person = owner.random.choice(owner.people)
        person.phone = owner.random.choice(PHONES)
        if owner.random.random() < 0.5:
            person.computer = owner.random.choice(COMPUTERS)
    owner.on(owner.some_day(), buy)


@life(.03)
def new_provider(owner):
    """Another provider at home (assumption: one in three years)."""
    def change(begins):
        owner.people[0].line = Line(owner.geography.provider(owner.random, owner.country), owner.random)
    owner.on(owner.some_day(), change)


@life(.03)
def journey(owner):
    """A journey of an ordinary person; one in four leaves a computer on at home that goes on asking for mail (assumption)."""
    begins = owner.some_day(first=2) * DAY
    owner.travel(begins, owner.random.uniform(2, 7), owner.random.choice(TRAVEL_COUNTRIES))
    if owner.trips and owner.random.random() < 0.25:
        owner.unattended = owner.desk(begins)


@life(.015)
def party(owner):
    """Invites 15 to 60 people one by one, half a minute each, 5 % with a wrong address (assumption)."""
    owner.on(owner.some_day(), lambda begins: owner.mailing(
        begins + owner.random.uniform(10, 21) * HOUR, owner.strangers(owner.random.randint(15, 60), 0.05), pace=40))


@life(.015)
def greeting(owner):
    """Greets 40 to 150 of the address book, one by one; 2 % have moved (assumption)."""
    def greet(begins):
        some = owner.book[:owner.random.randint(40, 150)]
        some = [r | 1 if owner.random.random() < 0.02 and r >> 24 else r for r in some]
        owner.mailing(begins + owner.random.uniform(10, 21) * HOUR, some, pace=15)
    owner.on(owner.some_day(), greet)


@life(.006)
def stale_list(owner):
    """A yearly letter to 30 to 120 old addresses, 20 to 45 % of them dead (assumption): the honest twin of a bought list."""
    random = owner.random

    def write(begins):
        people = owner.strangers(random.randint(30, 120), random.uniform(0.2, 0.45))
        owner.mailing(begins + random.uniform(10, 21) * HOUR, people, random.choice([1, 120, 120]), pace=12)
    owner.on(owner.some_day(), write)


@life(.005)
def bad_password(owner):
    """Two days of a device that does not know the new password (assumption: 40 tries a day)."""
    def knock(begins):
        for _ in range(40):
            t = begins + owner.random.random() * DAY
            owner.login(t, *owner.source(t), ok=False)
    first = owner.random.uniform(2, owner.days - 3)
    owner.on(first, knock)
    owner.on(first + 1, knock)


def make(number, name, world):
    """the whole life of one account"""
    owner = Owner(number, name, world)
    owner.settle(KINDS[name][1], LIFE)
    owner.live()
    return owner
