# SPDX-License-Identifier: Apache-2.0
"""Hijacks at a live gate. Each story yields (what, what is wrong with it or nothing), and notes its figures."""
import random
import threading
import time

from parties import Owner, guess, raid

HOME, PHONE, OFFICE = "153.145.12.34", "27.229.61.7", "36.10.48.20"
COUNTRIES = ["73.12.91.5", "14.160.33.81", "183.17.204.9", "5.142.60.77", "177.32.8.190", "122.160.5.66", "125.166.140.3",
             "118.173.22.58", "59.19.77.101", "1.174.210.14", "41.142.108.16", "154.243.38.102", "190.108.17.62",
             "212.55.9.23", "91.27.148.147"]
GUESSERS = ["85.17.96.11", "85.17.96.12", "85.17.96.40"]
ACCOUNTS = {f"{name}@provider.test": f"{name}-sesame"
            for name in ("hanako", "taro", "kenji", "mika", "yuki", "ren", "emi", "sora")}
OWNERS = {account: [[HOME, PHONE], [OFFICE], ["180.48.3.9", PHONE], ["58.191.200.14"], ["219.104.5.6"], ["126.3.9.17"],
                     ["133.32.7.8"], ["106.72.5.1"]][number]
          for number, account in enumerate(ACCOUNTS)}
HANAKO, TARO, KENJI, MIKA, YUKI, REN, EMI, SORA = ACCOUNTS
LEAK_MOST = 10       # messages of a thief that may leave
SETTLED_S = 120      # only what never comes takes so long


def forty(seed=5):
    rng = random.Random(seed)
    return [f"{rng.choice((5, 31, 41, 58, 77, 91, 103, 117, 139, 154, 177, 181, 190, 197, 201, 212))}.{rng.randrange(1, 250)}."
            f"{rng.randrange(250)}.{rng.randrange(1, 250)}" for _ in range(40)]


def bought_list(count, tag):
    """a list of strangers: a third of them dead, a tenth that takes it for spam"""
    kinds = ["nouser"] * 3 + ["spam"] + ["reader"] * 6
    return [f"{kinds[number % 10]}{number}.{tag}@world{number % 40}.test" for number in range(count)]


class Watch:
    """owners who go on with their lives while a story is told"""
    def __init__(self, rig, *accounts):
        self.owners = [Owner(rig, account, OWNERS[account]) for account in accounts]
        self.over = threading.Event()
        self.threads = [threading.Thread(target=owner.live, args=(self.over,)) for owner in self.owners]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def letters(self):
        return [letter for owner in self.owners for letter in owner.letters]


def left(rig, recipients):
    return [each for each in recipients if each in rig.world.results]


def wait_for(condition, patience_s=SETTLED_S, every_s=0.2):
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every_s)
    return bool(condition())


def owners_unharmed(rig, watch, note):
    """nothing that an owner wrote from home is lost or kept"""
    letters = watch.letters()
    wait_for(lambda: all(letter.recipient in rig.world.results for letter in letters))
    lost = [letter.recipient for letter in letters if letter.recipient not in rig.world.results]
    again = [letter for letter in letters if letter.tries > 1]
    note(f"owners wrote {len(letters)}, {len(again)} had to be sent again, slowest {max(letter.took_s for letter in letters):.1f} s, "
         f"{len(lost)} lost")
    yield "every letter of the owners arrives", f"{lost[:5]} did not" if lost else None
    yield "no owner is turned away", f"{len(again)} letters had to be sent again" if again else None
    gave_up = [each for owner in watch.owners for each in owner.gave_up]
    yield "no owner gives up", f"{gave_up[:5]}" if gave_up else None


def incidents_of(rig, account):
    return [each for each in rig.ask("incident", "list", "--all")["incidents"] if each["account"] == account]


def is_locked(rig, account):
    return any(incident["state"] == "contained" for incident in incidents_of(rig, account))


def contained(rig, account, came, recipients, note, leak_most=LEAK_MOST):
    def missing():
        kept = {each for recipients_of in rig.held().values() for each in recipients_of}
        return [each for each in came.accepted if each not in kept and each not in rig.world.results]

    wait_for(lambda: is_locked(rig, account) and not missing())
    incidents = incidents_of(rig, account)
    gone = left(rig, recipients)
    held = rig.held()
    note(f"{len(recipients)} tried: {len(gone)} left, {len(held)} held, {came.refused} sessions refused, first after "
         f"{came.first_refused_s if came.first_refused_s is None else round(came.first_refused_s, 2)} s")
    yield "at most a few leave", f"{len(gone)} left: {gone[:5]}" if len(gone) > leak_most else None
    yield "the account is locked", None if incidents and incidents[0]["state"] == "contained" else f"{incidents}"
    yield "what was accepted and did not leave is held", f"{missing()[:5]} is neither" if missing() else None


def thousand(rig, note):
    """hanako's password is known to a botnet: a thousand messages from fifteen countries, while she goes on writing"""
    recipients = bought_list(1000, "thousand")
    with Watch(rig, HANAKO, TARO) as watch:
        time.sleep(1.5)
        came = raid(rig, HANAKO, COUNTRIES, recipients)
        time.sleep(1.5)
    yield from contained(rig, HANAKO, came, recipients, note)
    yield from owners_unharmed(rig, watch, note)
    incident = incidents_of(rig, HANAKO)[0]
    shown = rig.ask("incident", "show", str(incident["id"]))
    note(f"{shown['bits']:.1f} bits, {len(shown['sources'])} sources")
    yield "the incident says why", None if shown["evidence"] and shown["evidence"][0]["text"] else f"{shown}"
    ours = {source["ip"] for source in shown["sources"] if not source["familiar"]}
    yield "and from where", None if ours and ours <= set(COUNTRIES) else f"{shown['sources']}"
    yield "the owner's places are told apart", (f"{ours}" if ours & {HOME, PHONE} else None)
    yield "others are left alone", f"{incidents_of(rig, TARO)}" if incidents_of(rig, TARO) else None
    yield "the log says it", None if f"{HANAKO}: the account was locked" in rig.servers.said() else rig.servers.said()[-500:]
    yield "mail for her keeps arriving", None if rig.delivers_to(HANAKO) else "it did not"


def slowly(rig, note):
    """kenji: one message from each of forty addresses, a little at a time"""
    recipients = bought_list(40, "slowly")
    with Watch(rig, KENJI) as watch:
        came = raid(rig, KENJI, forty(), recipients, sessions=1, per_login=1, pause_s=0.3)
    yield from contained(rig, KENJI, came, recipients, note)
    yield from owners_unharmed(rig, watch, note)


def by_guessing(rig, note):
    """mika: one network tries many accounts until a password is right, and sends"""
    recipients = bought_list(100, "guessed")
    with Watch(rig, MIKA) as watch:
        for account in (*list(ACCOUNTS)[:4], "info@provider.test", "admin@provider.test"):
            guess(rig, account, GUESSERS[0], ["123456", "password"])
        came = raid(rig, MIKA, GUESSERS, recipients, sessions=2)
    yield from contained(rig, MIKA, came, recipients, note)
    yield from owners_unharmed(rig, watch, note)


def false_alarm(rig, note):
    """a person releases hanako: what is held goes out, and she may come from anywhere again"""
    incident = incidents_of(rig, HANAKO)[0]
    kept = [recipient for recipients in rig.held().values() for recipient in recipients if ".thousand@" in recipient]
    rig.ask("incident", "release", str(incident["id"]))
    yield "what is the thief's stays at first", None if len(kept_of(rig, ".thousand@")) == len(kept) else "it went out"
    rig.ask("incident", "release", str(incident["id"]), "--false-alarm")
    wait_for(lambda: all(each in rig.world.results for each in kept))
    missing = [each for each in kept if each not in rig.world.results]
    yield "what was held goes out", f"{len(missing)} of {len(kept)} did not" if missing else None
    came = raid(rig, HANAKO, [PHONE], [f"reader.after.{HANAKO}"], sessions=1)
    yield "she sends again", None if came.accepted else "refused"
    yield "nothing of hers is kept", f"{kept_of(rig, '.thousand@')}" if kept_of(rig, ".thousand@") else None


def kept_of(rig, mark):
    return [each for recipients in rig.held().values() for each in recipients if mark in each]


def only_observed(rig, note):
    """the same raid where the domain is only observed: nothing changes for anybody, and all is recorded"""
    recipients = bought_list(300, "observed")
    with Watch(rig, YUKI, REN) as watch:
        came = raid(rig, YUKI, COUNTRIES, recipients)
    note(f"{len(recipients)} tried, {len(came.accepted)} accepted, {came.refused} refused, {len(rig.held())} held")
    yield "all of it is accepted", None if len(came.accepted) == len(recipients) and not came.refused else f"{came.refused} refused"
    wait_for(lambda: len(left(rig, recipients)) == len(recipients))
    yield "all of it leaves", None if len(left(rig, recipients)) == len(recipients) else f"{len(left(rig, recipients))} left"
    yield "nothing is held", f"{rig.held()}" if rig.held() else None
    yield from owners_unharmed(rig, watch, note)
    wait_for(lambda: incidents_of(rig, YUKI))
    incidents = incidents_of(rig, YUKI)
    yield "it is recorded", None if incidents and incidents[0]["mode"] == "observe" else f"{incidents}"


def killed(rig, note, times=50, seed=3):
    """the daemon is killed fifty times while kenji's account is raided and owners write"""
    rng, recipients = random.Random(seed), bought_list(600, "killed")
    came, outages = None, []

    def attack():
        nonlocal came
        came = raid(rig, KENJI, forty(), recipients, sessions=2, per_login=3, pause_s=0.05)

    with Watch(rig, HANAKO, TARO) as watch:
        thread = threading.Thread(target=attack)
        thread.start()
        for _ in range(times):
            time.sleep(rng.uniform(0.05, 0.8))
            began = time.monotonic()
            rig.servers.kill_daemon()
            rig.servers.start_daemon()
            outages.append(time.monotonic() - began)
        thread.join()
        time.sleep(1)
    note(f"{times} kills; back after {sorted(outages)[len(outages) // 2]:.2f} s (median), {max(outages):.2f} s at most")
    yield from contained(rig, KENJI, came, recipients, note, leak_most=len(recipients))
    yield from owners_unharmed(rig, watch, note)
    wait_for(lambda: sum(rig.servers.status()["held"][word] for word in ("waiting", "condemned")) >= len(rig.held()))
    waiting = rig.servers.status()["held"]
    yield "the desk knows what is held", None if waiting["waiting"] + waiting["condemned"] >= len(rig.held()) else f"{waiting}"
