# SPDX-License-Identifier: Apache-2.0
"""The families of attacks, one function each. The decorator names the group in which a family is scored:

  bulk    the seven bulk families of the project's goal, with its published or assumed rates
  slow    its four slow families
  fraud   business-mail fraud (bec)
  hard    families made to beat a detector: each takes away some of its evidence

"Notes" are the project's notes on published incidents: 6,900 messages an hour from one account; 1,553 messages to 59,770
addresses in 5 h; 141 a day for 92 days; 342 addresses in 41 countries; 132 addresses in a week, one login each; a probe hours
before; 1 to 30 % bounced, near 0 with a clean list; 50 recipients a message. What names no source is an assumption.
"""
from random import Random

from chance import between, one_of
from owners import MACHINES
from people import PHONES
from traffic import ACCOUNTS, DAY, HOUR, Login, Message

FAMILIES = {}
CREW = 8  # accounts that one crew holds, in families where crews work on many
FIRST_DAY = 10  # after the warm-up, in which nothing could be stopped
TEN_A_MESSAGE = 10  # an attack ends at --cap messages, or at this many times as many recipients
RESTS = 600.0  # a bot logs in again after this pause
SCAM_COUNTRIES = ["NG", "CI", "ZA", "MY", "GH", "US", "NL", "GB"]
TOOLS = ["none", "python", "phpmailer", "thebat", "outlook", "outlook", "thunderbird"]


def anybody(owner):
    return True


def somebody(owner):
    """a person, not a program"""
    return owner.kind not in MACHINES


def link_to(random):
    """a page on a site of the thief's own; its name looks like any other"""
    return f"https://www.site{random.randrange(5000, 10 ** 6)}.example/{random.getrandbits(20):x}"


def at_computer(place, client):
    return client not in PHONES


def family(group, suits=anybody):
    def register(attack):
        FAMILIES[attack.__name__] = (group, suits, attack)
        return attack
    return register


class Crew:
    """What attacks on several accounts share: a network, a text, a link, an hour."""

    def __init__(self, world, name, number, days):
        self.random = random = Random(f"{world.seed}/crew/{name}/{number}")
        geography = world.geography
        self.start = random.uniform(FIRST_DAY, days - 4) * DAY
        self.network = random.choice(geography.of(random.choice(geography.foreign), "hosting", "isp"))
        self.subject, self.link = random.getrandbits(30), link_to(random)


class Attack:
    """One hijacked account: tools, places, victims' addresses, and what is sent, in `seen`."""

    def __init__(self, owner, name, crew, world, bounce, cap):
        self.owner, self.name, self.crew, self.world, self.geography = owner, name, crew, world, world.geography
        self.group = FAMILIES[name][0]
        self.random = random = Random(f"{world.seed}/attack/{owner.number}/{name}")
        self.end, self.messages_left, self.recipients_left = world.days * DAY, cap, cap * TEN_A_MESSAGE
        day = owner.born / DAY + random.uniform(0.5, 4) if owner.born else random.uniform(FIRST_DAY, world.days - 4)
        self.start = max(FIRST_DAY, min(day, world.days - 3)) * DAY
        self.client, self.own_from, self.logs_in = random.choice(TOOLS), random.random() < 0.6, True
        # invented and stale addresses: a third on average (notes: up to 30 % of all mail bounced), or as asked for
        self.dead = random.betavariate(3, 6) if bounce is None else random.uniform(0.3, 1.7) * bounce
        self.caught = 0.75  # chance that a content filter knows the text (assumption)
        self.refusal = 0.10 if self.group == "bulk" else 0.03  # notes: a tenth of a spammer's mail
        self.link, self.subject = link_to(random), random.getrandbits(30)
        self.varied = random.random() < 0.5  # another subject each time
        self.filter_share = None
        self.invented, self.last_login, self.sessions, self.seen = 0, {}, {}, []

    # -- places

    def bots(self, count, countries, networks=None):
        """addresses of infected machines, more in the first countries than in the last"""
        if isinstance(countries, int):
            countries = self.random.sample(self.geography.foreign, min(countries, len(self.geography.foreign)))
        weights = {country: (rank + 1) ** -0.7 for rank, country in enumerate(countries)}
        return [self.random.choice(networks or self.geography.of(one_of(self.random, weights))).anywhere(self.random)
                for _ in range(count)]

    def at_home(self, count, *sorts):
        """addresses in the owner's country"""
        return self.bots(count, [self.owner.country], self.geography.of(self.owner.country, *sorts or ("isp",)))

    def next_door(self, count):
        """residential proxies in the owner's own provider's network"""
        place = self.owner.last_used(self.start, lambda place, client: place.network.sort == "isp")[0]
        return self.bots(count, [self.owner.country], [place.network])

    # -- recipients

    def bought(self, count):
        """addresses off a list"""
        first = ACCOUNTS * (1 + self.world.accounts + self.owner.number) + 2 * self.invented
        self.invented += count
        return [first + 2 * i + (self.random.random() < self.dead) for i in range(count)]

    def contacts(self, count):
        return self.random.sample(self.owner.book, min(count, len(self.owner.book)))

    # -- acts

    def login(self, t, place, ok=True, protocol="imap", session=None):
        self.seen.append(Login(t, self.owner.number, place, self.client, ok, protocol, session, hijacker=True))

    def known_text(self):
        """does the upstream content filter know it? one draw a campaign: of a text it knows nearly all copies or hardly any"""
        if self.filter_share is None:
            self.filter_share = 0.95 if self.random.random() < self.caught else 0.03
        return self.random.random() < self.filter_share

    def send(self, t, place, recipients):
        random = self.random
        if t - self.last_login.get(place.ip, -DAY) > RESTS and self.logs_in:
            self.sessions[place.ip] = f"{self.owner.number:x}.{0x1000 + len(self.seen):x}"
            self.login(t - 1, place, True, "webmail" if self.client == "webmail" else "smtp", self.sessions[place.ip])
        self.last_login[place.ip] = t
        self.messages_left -= 1
        self.recipients_left -= len(recipients)
        subject = random.getrandbits(30) if self.varied else self.subject
        self.seen.append(Message(
            t, self.owner.number, place, self.client, recipients, int(random.lognormvariate(8, 0.5)), subject, self.own_from,
            self.known_text(), (self.link,) if self.link else (), "webmail" if self.client == "webmail" else "smtp",
            self.sessions.get(place.ip), self.refusal, random.lognormvariate(1.6, 1.2), hijacker=True))

    def going(self, t, days):
        return self.messages_left > 0 and self.recipients_left > 0 and t < min(self.end, self.start + days * DAY)

    def campaign(self, places, an_hour, days, each=1, whom=None, in_turn=False, messages=None):
        """sends `an_hour` messages to `each` recipients, from a place at random or from each in turn"""
        t, count = self.start, 0
        sizes = each if isinstance(each, list) else [each]
        while self.going(t, days) and (messages is None or count < messages):
            place = places[count % len(places)] if in_turn else self.random.choice(places)
            self.send(t, place, (whom or self.bought)(self.random.choice(sizes)))
            t += self.random.expovariate(an_hour / HOUR)
            count += 1

    def share_with_crew(self, seconds):
        """the crew's text and link, and its hour, give or take"""
        self.start = self.crew.start + self.random.uniform(0, seconds)
        self.subject, self.link, self.varied = self.crew.subject, self.crew.link, False

    def pretend(self, caught=0.1):
        """uses the owner's own mail program and address, and a text that filters do not know"""
        self.client, self.own_from, self.caught = self.owner.last_used(self.start, at_computer)[1], True, caught


# ---------------------------------------------------------------- the goal's bulk families

@family("bulk")
def burst_botnet(a):
    """Hundreds of bots in dozens of countries, 250 to 5,000 an hour (notes: 6,900 an hour; 342 addresses in 41 countries)."""
    a.campaign(a.bots(a.random.randint(50, 400), a.random.randint(12, 41)), between(a.random, 250, 5000), 3,
               a.random.choice([1, 1, 1, 5, 20, 40]))


@family("bulk")
def dist_low(a):
    """As many bots, one after the other, at only 20 to 120 an hour (notes: 7,531 logins from 342 addresses)."""
    a.caught = 0.6
    a.campaign(a.bots(a.random.randint(200, 400), a.random.randint(25, 41)), a.random.uniform(20, 120), 4, [1, 1, 2, 3],
               in_turn=True)


@family("bulk")
def single_ip(a):
    """Guesses the password from one address, then sends from it (assumption; the oldest kind)."""
    place = a.bots(1, 1)[0]
    for _ in range(a.random.randint(3, 60)):
        a.login(a.start - a.random.uniform(1, 6 * HOUR), place, ok=False, protocol="smtp")
    a.campaign([place], between(a.random, 60, 2000), 2, a.random.choice([1, 1, 10, 50]))


@family("bulk")
def stuff_test(a):
    """Tests the stolen password with one mail to a mailbox of its own, hours or days before the burst (notes)."""
    bots = a.bots(a.random.randint(50, 400), a.random.randint(12, 41))
    tested = max(a.start - a.random.uniform(0.2, 4) * DAY, (FIRST_DAY - 0.5) * DAY)
    if tested > a.owner.born:
        a.send(tested, bots[0], [ACCOUNTS * (1 + a.world.accounts + a.owner.number) | 0xFFFFF0])
    a.campaign(bots, between(a.random, 250, 5000), 3, a.random.choice([1, 1, 5, 40]))


@family("bulk")
def clean_list(a):
    """A verified list and a few hosts: up to 2 % dead, no bounces to see (notes: near 0)."""
    a.dead = a.random.uniform(0, 0.02)
    a.campaign(a.bots(a.random.randint(1, 5), a.random.randint(1, 2)), between(a.random, 250, 5000), 3,
               a.random.choice([1, 1, 1, 5, 20, 40]))


@family("bulk")
def same_country(a):
    """Bots in the owner's own country only, 30 to 200 an hour (assumption): no country is new."""
    a.caught = 0.6
    bots = a.at_home(a.random.randint(20, 120), "isp", "mobile", "hosting", "small")
    a.campaign(bots, a.random.uniform(30, 200), 3, [1, 1, 5])


@family("bulk")
def infected_pc(a):
    """Malware on the owner's own computer: its address, another mail program, 60 to 600 an hour (assumption)."""
    a.campaign([a.owner.last_used(a.start, at_computer)[0]], a.random.uniform(60, 600), 2)


# ---------------------------------------------------------------- the goal's slow families

@family("slow", somebody)
def contacts(a):
    """Reads the mailbox, then asks 30 to 300 of the address book for money: the "stranded abroad" letter (assumption)."""
    place = a.bots(1, [a.random.choice(SCAM_COUNTRIES)])[0]
    a.own_from, a.caught, a.refusal = True, 0.25, 0.0
    a.login(a.start - 300, place)
    a.login(a.start - 180, place)
    a.campaign([place], 144, 1, [1, 1, 3], a.contacts, messages=a.random.randint(30, 300))


@family("slow")
def same_asn_slow(a):
    """From the owner's provider and carrier, with the owner's program, twenty a day (assumption)."""
    a.pretend(caught=0.4)
    networks = [a.owner.people[0].line.network, a.owner.people[0].carrier]
    a.dead *= 0.6
    a.campaign(a.bots(a.random.randint(2, 6), [a.owner.country], networks), 20 / 24, 10)


@family("slow")
def low_slow(a):
    """A dozen bots, 10 to 150 a day for weeks (notes: 141 a day for 92 days)."""
    a.caught, a.dead = 0.5, a.dead * 0.6
    a.campaign(a.bots(a.random.randint(2, 12), a.random.randint(1, 4)), between(a.random, 10, 150) / 24, 10)


@family("slow")
def dist_ultraslow(a):
    """A new address for every mail, 10 to 60 a day (notes: 132 addresses in a week, one login each)."""
    a.caught, a.dead = 0.5, a.dead * 0.6
    a.campaign(a.bots(200, a.random.randint(10, 30)), a.random.uniform(10, 60) / 24, 10, [1, 1, 2], in_turn=True)


# ---------------------------------------------------------------- fraud

@family("fraud", somebody)
def bec(a):
    """Reads for days, and now and then answers an invoice with another bank account (assumption, after court cases)."""
    place, t = a.bots(1, [a.random.choice(SCAM_COUNTRIES)])[0], a.start
    a.own_from, a.caught, a.refusal, a.link = True, 0.05, 0.0, None
    while a.going(t, 8):
        a.login(t - 400, place)
        if a.random.random() < 0.6:
            a.send(t, place, a.contacts(1) if a.random.random() < 0.85 else a.bought(1))
        t += a.random.expovariate(4 / DAY)


# ---------------------------------------------------------------- families that take evidence away

@family("hard")
def next_door_proxy(a):
    """Residential proxies of the owner's own provider, the owner's own program: no new country, network or client."""
    a.pretend(caught=0.4)
    a.campaign(a.next_door(a.random.randint(3, 30)), between(a.random, 60, 600), 2)


@family("hard", somebody)
def address_book_phish(a):
    """Phishes the whole address book from a few households at home: all recipients known, none dead."""
    a.pretend(caught=0.15)
    a.refusal, book = 0.01, list(a.owner.book)
    a.random.shuffle(book)
    a.campaign(a.at_home(a.random.randint(1, 5)), between(a.random, 60, 600), 1, 1, lambda _: [book.pop()], messages=len(book))


@family("hard", lambda owner: somebody(owner) and owner.rate > 1)
def mimic(a):
    """Waits for the owner's own hours and keeps to the owner's own volume; only the recipients are strangers."""
    a.pretend(caught=0.2)
    places = a.next_door(2)
    hours = [m.t % DAY for m in a.owner.seen if m.kind == "submit" and m.place] or [12 * HOUR]
    for day in range(int(a.start // DAY), min(a.world.days, int(a.start // DAY) + 12)):
        for t in sorted(day * DAY + a.random.choice(hours) for _ in range(max(1, round(a.owner.rate)))):
            if t >= a.start:
                a.send(t, a.random.choice(places), a.bought(1))


@family("hard")
def spray(a):
    """One network guesses at hundreds of accounts and gets into eight; all eight then send the same text and link."""
    a.share_with_crew(2 * HOUR)
    places = [a.crew.network.place(7, 10 + host) for host in range(6)]
    for _ in range(2):
        a.login(a.start - a.random.uniform(1, 5) * HOUR, a.random.choice(places), ok=False, protocol="smtp")
    for number in a.random.sample(range(a.world.accounts), 20):
        if number not in a.world.victims:
            t = a.crew.start - a.random.uniform(0, 5) * HOUR
            a.world.noise.append(Login(t, number, a.random.choice(places), "none", False, "smtp"))
    a.campaign(places, a.random.uniform(40, 150), 1, messages=a.random.randint(100, 400))


@family("hard", somebody)
def reply_chain(a):
    """Answers threads in the mailbox with a link (Emotet, QakBot): recipients who just wrote, subjects that they know."""
    a.pretend(caught=0.2)
    a.client, a.varied, a.refusal = a.random.choice(TOOLS), True, 0.01
    places = a.bots(a.random.randint(1, 20), 6) if a.random.random() < 0.5 else a.at_home(3)
    a.login(a.start - 900, places[0])
    a.campaign(places, a.random.uniform(10, 60), 2, [1, 1, 2], a.contacts, messages=a.random.randint(20, 120))


@family("hard", somebody)
def three_a_day(a):
    """Reads the mailbox all day from a household at home and sends three messages a day, half of them to strangers."""
    a.pretend(caught=0.05)
    a.link, place, t = None, a.at_home(1)[0], a.start
    while a.going(t, 12):
        a.login(t - 600, place)
        if a.random.random() < 0.5:
            a.send(t, place, a.contacts(1) if a.random.random() < 0.5 else a.bought(1))
        t += a.random.expovariate(6 / DAY)


@family("hard")
def five_each(a):
    """A campaign over many accounts: each sends only five messages within the hour, from a household of its own, one text."""
    a.share_with_crew(HOUR)
    a.pretend(caught=0.3)
    a.campaign(a.at_home(1), 30, 1, 1, messages=5)


@family("hard")
def cloud_at_home(a):
    """A fresh clean list, sent from hosts in clouds at home, 100 to 600 an hour."""
    a.pretend(caught=0.3)
    a.dead = a.random.uniform(0, 0.02)
    a.campaign(a.at_home(a.random.randint(1, 4), "hosting"), a.random.uniform(100, 600), 2, a.random.choice([1, 1, 10]))


@family("hard")
def warm_up(a):
    """Begins with five a day and doubles every day, so that each day is like the one before."""
    a.pretend(caught=0.3)
    places = a.at_home(2, "hosting", "isp")
    for day in range(10):
        for t in sorted(a.start + (day + a.random.random()) * DAY for _ in range(5 << day)):
            if a.going(t, 11):
                a.send(t, a.random.choice(places), a.bought(1))


@family("hard", lambda owner: owner.born > 0)
def young_account(a):
    """Takes an account that is days old, from bots in the same country and two more: there is no past to compare with."""
    countries = [a.owner.country, *a.random.sample(a.geography.foreign, 2)]
    a.campaign(a.bots(a.random.randint(5, 40), countries), between(a.random, 60, 1000), 2, [1, 1, 5])


def has_journey(owner):
    return any(trip.begins > 10.5 * DAY and trip.ends < (owner.days - 0.5) * DAY for trip in owner.trips)


@family("hard", has_journey)
def journey_robbed(a):
    """A password stolen in a hotel: the thief is in the country where the owner is, on the same days."""
    trip = next(trip for trip in a.owner.trips if trip.begins > 10.5 * DAY)
    a.start = a.random.uniform(trip.begins + 0.3 * DAY, trip.ends)
    a.campaign(a.bots(a.random.randint(1, 10), [trip.country]), between(a.random, 60, 600), 2, [1, 1, 5])


@family("hard", lambda owner: owner.kind == "vpn")
def same_vpn(a):
    """A thief who uses the very VPN that the owner uses: every country and network is familiar."""
    a.pretend(caught=0.5)
    places = [a.random.choice(a.geography.vpn).anywhere(a.random, 40) for _ in range(a.random.randint(2, 8))]
    a.campaign(places, between(a.random, 60, 600), 2, [1, 1, 5])


@family("hard", somebody)
def lateral(a):
    """Phishes 50 to 300 colleagues on the same server (after Ho et al. 2019, lateral phishing); nothing bounces."""
    a.pretend(caught=0.1)
    a.refusal = 0.0
    a.campaign(a.at_home(2), a.random.uniform(60, 600), 1, 1,
               lambda count: [a.random.randrange(a.world.accounts) << 1], messages=a.random.randint(50, 300))


@family("hard", somebody)
def stolen_cookie(a):
    """A stolen webmail session: no login is ever seen, only messages, from a household at home."""
    a.pretend(caught=0.3)
    a.logs_in, a.client, place = False, "webmail", a.at_home(1)[0]
    a.campaign([place], a.random.uniform(40, 300), 1, [1, 1, 10], messages=a.random.randint(50, 500))


@family("hard", somebody)
def settler(a):
    """Only reads mail for a week, four times a day from one household at home, until it is familiar; then sends in bulk."""
    a.pretend(caught=0.4)
    place = a.at_home(1)[0]
    a.start = min(a.start, (a.world.days - 11) * DAY) if not a.owner.born else a.start
    for day in range(8):
        for _ in range(4):
            a.login(a.start + (day + a.random.random()) * DAY, place)
    a.start += 8 * DAY
    a.campaign([place], between(a.random, 60, 600), 2, [1, 1, 5])


@family("hard")
def one_shot(a):
    """All in a single message: 100 to 400 blind copies from one household at home (notes: 38 to 50 each), never again."""
    a.pretend(caught=0.4)
    a.campaign(a.at_home(1), 60, 1, a.random.randint(100, 400), messages=1)


def attack(owner, name, crew, world, bounce, cap):
    """one hijack, its events in order"""
    plan = Attack(owner, name, crew, world, bounce, cap)
    FAMILIES[name][2](plan)
    plan.seen = sorted((e for e in plan.seen if owner.born <= e.t < plan.end), key=lambda e: e.t)
    plan.first = plan.seen[0].t if plan.seen else plan.end
    plan.sends = any(e.kind == "submit" for e in plan.seen)
    return plan
