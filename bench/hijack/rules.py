# SPDX-License-Identifier: Apache-2.0
"""Simple rules that operators use today, in the same interface as a detector. None of them can hold; what they lock they
refuse until it is verified. `hears` names the events a rule wants, so that the loop need not tell it the rest.
"""
import math
import sys
from collections import defaultdict, deque

from contenders import PASS, Inside, serve
from traffic import DAY, HOUR


class Rule(Inside):
    """passes all; a rule answers True from `breaks` or `learns` where it locks the account, or "refuse" for one message"""
    name, hears = "nothing", frozenset(("submit",))

    def __init__(self):
        self.locked = set()

    def ask(self, event):
        account = event.get("account")
        if event["ev"] == "verified":
            self.locked.discard(account)
            self.forgets(account)
            return {}
        if event["ev"] != "submit":
            return self.lock(account, {}) if self.learns(event) else {}
        if account in self.locked:
            return {"verdict": "refuse"}
        verdict = self.breaks(event)
        if verdict == "refuse":
            return {"verdict": "refuse"}
        return self.lock(account, {"verdict": "refuse"}) if verdict else PASS

    def lock(self, account, reply):
        self.locked.add(account)
        return {**reply, "lock": [account]}

    def breaks(self, submit):
        return False

    def learns(self, event):
        return False

    def forgets(self, account):
        pass


class HourlyLimit(Rule):
    """so many recipients in an hour: the limit nearly every host has (cPanel, Plesk, Postfix with policyd or postfwd)"""

    def __init__(self, limit):
        super().__init__()
        self.limit, self.recent, self.sums = limit, defaultdict(deque), defaultdict(int)
        self.name = f"limit of {limit} recipients an hour"

    def breaks(self, submit):
        account, t, count = submit["account"], submit["t"], len(submit["rcpt"])
        recent = self.recent[account]
        recent.append((t, count))
        self.sums[account] += count
        while recent[0][0] < t - HOUR:
            self.sums[account] -= recent.popleft()[1]
        return self.sums[account] > self.limit

    def forgets(self, account):
        self.recent.pop(account, None)
        self.sums.pop(account, None)


class DailyCap(Rule):
    """1,000 messages a day, 33 from abroad, more refused until tomorrow; no lock (as a Japanese provider publishes)"""

    def __init__(self, home):
        super().__init__()
        self.home, self.counts, self.name = home, defaultdict(int), "daily cap 1,000, 33 from abroad"

    def breaks(self, submit):
        abroad = submit.get("country", self.home) != self.home
        key = submit["account"], submit["t"] // DAY, abroad
        self.counts[key] += 1
        return "refuse" if self.counts[key] > (33 if abroad else 1000) else False


class BouncePercentage(Rule):
    """cPanel: at least five failures in the last hour and this share of what was sent"""
    hears = frozenset(("submit", "outcome"))
    LEAST = 5

    def __init__(self, percent):
        super().__init__()
        self.percent, self.name = percent, f"bounces ≥ {self.LEAST} and ≥ {percent} % an hour"
        self.recent, self.sums = defaultdict(deque), defaultdict(lambda: [0, 0])

    def learns(self, outcome):
        account, t, failed = outcome["account"], outcome["t"], outcome["result"] != "sent"
        recent, sums = self.recent[account], self.sums[account]
        recent.append((t, failed))
        sums[0] += 1
        sums[1] += failed
        while recent[0][0] < t - HOUR:
            sums[0] -= 1
            sums[1] -= recent.popleft()[1]
        return failed and sums[1] >= self.LEAST and 100 * sums[1] >= self.percent * sums[0]

    def forgets(self, account):
        self.recent.pop(account, None)
        self.sums.pop(account, None)


class Places(Rule):
    """postfwd's anti-geoip plugin: more than so many countries or addresses in so many hours"""

    def __init__(self, countries, addresses, hours):
        super().__init__()
        self.countries, self.addresses, self.seconds, self.seen = countries, addresses, hours * HOUR, defaultdict(dict)
        self.name = f"more than {countries} countries or {addresses} addresses in {hours} h"

    def breaks(self, submit):
        if "ip" not in submit:
            return False
        seen, t = self.seen[submit["account"]], submit["t"]
        seen[submit["ip"]] = (t, submit["country"])
        if len(seen) <= self.countries:
            return False
        for ip in [ip for ip, (last, _) in seen.items() if last < t - self.seconds]:
            del seen[ip]
        return len(seen) > self.addresses or len({country for _, country in seen.values()}) > self.countries

    def forgets(self, account):
        self.seen.pop(account, None)


class HomeCountry(Rule):
    """only the operator's own country may send: what many universities and firms set up; others are refused or locked"""

    def __init__(self, home, locks):
        super().__init__()
        self.home, self.locks, self.name = home, locks, f"home country only, others {'locked' if locks else 'refused'}"

    def breaks(self, submit):
        return submit.get("country", self.home) != self.home and (self.locks or "refuse")


class Spot(Rule):
    """SPOT (Duan et al. 2012): a sequential test on a content filter's verdicts; spam shares 0.2 and 0.9, both errors 1 %"""
    name = "SPOT: sequential test on spam verdicts"
    INNOCENT, GUILTY, ERROR = 0.2, 0.9, 0.01

    def __init__(self):
        super().__init__()
        self.sums, self.bound = defaultdict(float), math.log((1 - self.ERROR) / self.ERROR)
        self.steps = {True: math.log(self.GUILTY / self.INNOCENT), False: math.log((1 - self.GUILTY) / (1 - self.INNOCENT))}

    def breaks(self, submit):
        value = self.sums[submit["account"]] + self.steps[submit["spam"]]
        self.sums[submit["account"]] = 0.0 if value <= -self.bound else value
        return value >= self.bound

    def forgets(self, account):
        self.sums.pop(account, None)


class Combination(Rule):
    """several rules; the first that locks or refuses wins"""

    def __init__(self, name, rules):
        super().__init__()
        self.name, self.rules = name, rules
        self.hears = frozenset().union(*(rule.hears for rule in rules))

    def breaks(self, submit):
        return next(filter(None, [rule.breaks(submit) for rule in self.rules]), False)

    def learns(self, event):
        return any([rule.learns(event) for rule in self.rules if event["ev"] in rule.hears])

    def forgets(self, account):
        for rule in self.rules:
            rule.forgets(account)


def all_rules(home):
    """every rule of the table, new; `home` is the operator's country"""
    return [Rule(), HourlyLimit(100), HourlyLimit(200), HourlyLimit(500), DailyCap(home),
            BouncePercentage(25), BouncePercentage(50), Places(5, 20, 24), Places(2, 10, 1),
            HomeCountry(home, locks=True), HomeCountry(home, locks=False), Spot(),
            Combination("combination: places 5/20, bounces 25 %, limit 500",
                        [Places(5, 20, 24), BouncePercentage(25), HourlyLimit(500)]),
            Combination("strict combination: places 2/10, bounces 25 %, limit 100, SPOT",
                        [Places(2, 10, 1), BouncePercentage(25), HourlyLimit(100), Spot()])]


if __name__ == "__main__":  # a rule as a co-process: rules.py HOME_COUNTRY PART_OF_ITS_NAME
    serve(next(rule for rule in all_rules(sys.argv[1]) if sys.argv[2] in rule.name))
