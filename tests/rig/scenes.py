# SPDX-License-Identifier: Apache-2.0
"""What happens on the servers. A scene says at most how the door was opened; everything else that is expected follows
from the diary of those who act in it (people.py) and from what the world answered (outside.py)."""
import random

from people import Person, meanwhile

HOME, PHONE, OFFICE = "153.145.12.34", "27.229.61.7", "36.10.48.20"
BOTNET = ["73.12.91.5", "14.160.33.81", "183.17.204.9", "5.142.60.77", "177.32.8.190", "122.160.5.66", "125.166.140.3",
          "118.173.22.58", "59.19.77.101", "1.174.210.14", "41.142.108.16", "154.243.38.102", "190.108.17.62",
          "212.55.9.23", "91.27.148.147"]
GUESSERS = [f"85.17.96.{last}" for last in (11, 12, 40, 77, 130, 201)]

ACCOUNTS = {f"{name}@provider.test": f"{name}-sesame" for name in
            ("hanako", "taro", "kenji", "mika", "yuki", "ren", "sora", "news", "shop", "office")}
NO_ACCOUNTS = [f"{name}@provider.test" for name in ("info", "admin", "test", "sales", "support", "webmaster", "contact")]
SCRIPT_UID = 30033


def friends(rng, count=8):
    return [f"friend{rng.randrange(10**6)}@home{n}.test" for n in range(count)]


def strangers(rng, **kinds):
    """so many of each kind (outside.py), no two alike, in any order"""
    found = [f"{kind}{n}@world{rng.randrange(40)}.test" for kind, count in kinds.items() for n in range(count)]
    rng.shuffle(found)
    return found


def botnet(rng):
    """1,000 recipients: of ten three are dead, one calls it spam, and half a one wants to be asked again"""
    return [("hanako@provider.test", [each]) for each in strangers(rng, nouser=300, spam=100, defer=50, reader=550)]


def live(person, friends_, days=4):
    for day in range(days):
        person.read()
        person.write_to(*friends_[day % len(friends_):][:1 + day % 2])


def the_owner_goes_on(rig, rng):
    """a stolen password, after a quiet life"""
    hanako, known = Person(rig, "hanako@provider.test", [HOME, PHONE]), friends(rng)
    taro = Person(rig, "taro@provider.test", [OFFICE])
    live(hanako, known)
    live(taro, friends(rng))
    thief = Person(rig, hanako.account, BOTNET, thief=True)
    with meanwhile(lambda: (hanako.read(), hanako.write_to(rng.choice(known)), taro.write_to(hanako.account))):
        thief.flood([(hanako.account, [each]) for each in strangers(rng, nouser=300, spam=100, defer=50, reader=550)])
    hanako.write_to("defer-friend@home.test")
    return "out_of_the_blue"
