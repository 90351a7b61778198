# SPDX-License-Identifier: Apache-2.0
"""What happens on the servers. What is expected of the scanner is not said here: it follows from the diary of those who
act (people.py), from what the world answered (outside.py), and from the queue."""
from people import Mailbox, Person, Submission, meanwhile, side_by_side

HOME, PHONE, OFFICE = "153.145.12.34", "27.229.61.7", "36.10.48.20"
BOTNET = ["73.12.91.5", "14.160.33.81", "183.17.204.9", "5.142.60.77", "177.32.8.190", "122.160.5.66",
          "125.166.140.3", "118.173.22.58", "59.19.77.101", "1.174.210.14", "41.142.108.16", "154.243.38.102",
          "190.108.17.62", "212.55.9.23", "91.27.148.147"]
GUESSERS = [f"85.17.96.{last}" for last in (11, 12, 40, 77, 130, 201)]

ACCOUNTS = {f"{name}@provider.test": f"{name}-sesame" for name in
            ("hanako", "taro", "kenji", "mika", "yuki", "ren", "sora", "news", "shop")}
NO_ACCOUNTS = [f"{name}@provider.test" for name in
               ("info", "admin", "test", "sales", "support", "webmaster", "contact")]
SCRIPT = 30033  # the uid that a web server's scripts run as


def friends(rng, count=6):
    return [f"friend{rng.randrange(10**6)}@home{number}.test" for number in range(count)]


def strangers(rng, **kinds):
    """so many of each kind (outside.py), no two alike, in any order"""
    found = [f"{kind}{number}@world{rng.randrange(40)}.test"
             for kind, count in kinds.items() for number in range(count)]
    rng.shuffle(found)
    return found


def live(rig, people, known, days, **how):
    """each day they look into their mailboxes, and write two letters"""
    for _ in range(days):
        for person in people:
            person.read()
            person.write_to(known[0], **how)
            person.write_to(*known[1:3], **how)
            known.append(known.pop(0))
        rig.a_day_passes()


def thousand(rng, sender):
    return [(sender, [each]) for each in strangers(rng, nouser=300, spam=100, defer=50, reader=550)]


def after_a_quiet_life(rig, rng):
    """a leaked password; the owner goes on writing, and one friend's server puts that off"""
    hanako, taro = Person(rig, "hanako@provider.test", [HOME, PHONE]), Person(rig, "taro@provider.test", [OFFICE])
    thief, known = Person(rig, hanako.account, BOTNET, thief=True), friends(rng)
    live(rig, [hanako, taro], known, days=3)
    thief.read()
    with meanwhile(8, lambda: (hanako.read(), hanako.write_to(rng.choice(known)), taro.write_to(hanako.account))):
        thief.flood(thousand(rng, hanako.account))
    hanako.write_to("defer1@home.test")


def without_history(rig, rng):
    """the log begins in the middle of it"""
    kenji, known = Person(rig, "kenji@provider.test", [HOME, PHONE]), friends(rng)
    thief = Person(rig, kenji.account, BOTNET, thief=True)
    thief.read()
    with meanwhile(5, lambda: kenji.write_to(rng.choice(known))):
        thief.flood(thousand(rng, kenji.account))


def by_guessing(rig, rng):
    """thirty wrong passwords for twelve accounts, then a right one; the mail bears other people's names"""
    mika, taro = Person(rig, "mika@provider.test", [HOME, PHONE]), Person(rig, "taro@provider.test", [OFFICE])
    live(rig, [mika, taro], friends(rng), days=1)
    tried = [Person(rig, account, GUESSERS, thief=True) for account in [*ACCOUNTS][:5] + NO_ACCOUNTS]
    doors = [(Mailbox, "imap"), (Submission, "submission"), (Submission, "submission")]
    side_by_side(6, [lambda n=n: tried[n % 12].guess("123456", *doors[n % 3]) for n in range(30)])
    names = [taro.account, mika.account, "invoice@bank.test", "no-reply@parcel.test", ""]
    to = strangers(rng, nouser=600, spam=200, defer=40, reader=3160)
    Person(rig, mika.account, GUESSERS, thief=True).flood(
        [(rng.choice(names), to[at:at + 20]) for at in range(0, len(to), 20)])


def nobody(rig, rng):
    """three people, a newsletter to 300 of whom two are gone and twenty keep us waiting, and a script of a web page"""
    people = [Person(rig, f"{name}@provider.test", [home, PHONE]) for name, home in
              (("yuki", HOME), ("ren", "180.48.3.9"), ("sora", "58.191.200.14"))]
    news = Person(rig, "news@provider.test", [OFFICE])
    live(rig, [*people, news], [*friends(rng), people[0].account], days=2)
    news.flood([(news.account, [each]) for each in strangers(rng, nouser=2, grey=20, reader=278)], per_login=100)
    rig.script_sends(SCRIPT, news.account, "customer1@home.test", people[1].account)
    rig.script_sends(SCRIPT, news.account, "customer2@home.test", "nouser0@home.test")
    rig.deferred_is_tried_again()


def behind_a_filter(rig, rng):
    """a content filter takes each mail out of the queue and puts it in again"""
    shop = Person(rig, "shop@provider.test", [OFFICE, PHONE])
    thief = Person(rig, shop.account, BOTNET[:10], thief=True)
    live(rig, [shop], friends(rng), days=3, port="filtered")
    to = strangers(rng, nouser=12, defer=3, reader=25)
    thief.flood([(shop.account, [each], *([f"Message-ID: <{number}@world.test>"] if number % 2 else []))
                 for number, each in enumerate(to)], per_login=4, port="filtered")


SCENES = [after_a_quiet_life, without_history, by_guessing, nobody, behind_a_filter]
