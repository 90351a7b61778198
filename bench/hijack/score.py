# SPDX-License-Identifier: Apache-2.0
"""What is counted, and the figures made of it. Names and definitions are those of the project's goal (`figures`).

An honest message is clean if it came after the warm-up and no thief has yet been at its account. Leak: messages of the thief
that left, and their recipients. A lock is false if no thief has yet been there.
"""
import collections
import math

from attackers import FAMILIES

GROUPS = ("bulk", "slow", "fraud", "hard")
THIRD = 3  # by its third message fraud must be held or refused
NEVER = 10 ** 9


class Victim:
    """how one hijack went"""
    __slots__ = ("family", "sends", "seen", "leaked", "leaked_recipients", "detected", "held", "stopped_at")

    def __init__(self, attack):
        self.family, self.sends = attack.name, attack.sends
        self.seen = self.leaked = self.leaked_recipients = 0
        self.detected = self.held = False
        self.stopped_at = NEVER  # which of the thief's messages was the first not to pass

    @property
    def group(self):
        return FAMILIES[self.family][0]


class Score:
    """Counts of one contender in one world; scores of several worlds add up."""

    def __init__(self, name, world, warm):
        self.name, self.warm, self.seeds = name, warm, [world.seed]
        self.accounts, self.clean_days = world.accounts, world.clean_days(warm)
        self.first = {number: attack.first for number, attack in world.attacks.items()}
        self.kind_of = [owner.kind for owner in world.owners]
        self.kinds = collections.Counter(self.kind_of)
        self.victims = {number: Victim(attack) for number, attack in world.attacks.items()}
        self.honest, self.false, self.refused, self.held = (collections.Counter() for _ in range(4))  # each by kind of owner
        self.waits, self.own, self.own_refused = [], 0, 0
        self.lines, self.seconds = 0, 0.0

    def add(self, other):
        for name in ("kinds", "honest", "false", "refused", "held"):
            getattr(self, name).update(getattr(other, name))
        for name in ("seeds", "accounts", "clean_days", "waits", "own", "own_refused", "lines", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.victims.update({(other.seeds[0], number): victim for number, victim in other.victims.items()})

    # -- told by the loop

    def clean(self, event):
        return not event.hijacker and event.t >= self.warm and event.t < self.first.get(event.account, NEVER)

    def submitted(self, event):
        if event.hijacker:
            self.victims[event.account].seen += 1
        elif self.clean(event):
            self.honest[self.kind_of[event.account]] += 1
        elif event.t >= self.warm:
            self.own += 1  # the owner's, while a thief is at work or after

    def judged(self, event, verdict):
        if verdict == "pass":
            return
        if event.hijacker:
            victim = self.victims[event.account]
            victim.stopped_at = min(victim.stopped_at, victim.seen)
            victim.held |= verdict == "hold"
        elif verdict == "refuse":
            self.discarded(event)
        elif self.clean(event):
            self.held[self.kind_of[event.account]] += 1

    def discarded(self, event):
        if self.clean(event):
            self.refused[self.kind_of[event.account]] += 1
        elif not event.hijacker and event.t >= self.warm:
            self.own_refused += 1

    def delivered(self, event):
        if event.hijacker:
            self.victims[event.account].leaked += 1
            self.victims[event.account].leaked_recipients += len(event.recipients)

    def waited(self, event, seconds):
        if self.clean(event):
            self.waits.append(seconds)

    def locked(self, t, number):
        """was it right?"""
        if t >= self.first.get(number, NEVER):
            self.victims[number].detected = True
            return True
        self.false[self.kind_of[number]] += 1
        return False

    # -- figures

    def of(self, *groups):
        return [v for v in self.victims.values() if v.sends and v.group in groups]

    def leaks(self, group):
        leaked = [v.leaked for v in self.of(group)]
        recipients = [v.leaked_recipients for v in self.of(group)]
        return {f"{group}_leak_median": quantile(leaked, .5), f"{group}_leak_p95": quantile(leaked, .95),
                f"{group}_leak_mean": mean(leaked), f"{group}_rcpt_median": quantile(recipients, .5),
                f"{group}_rcpt_p95": quantile(recipients, .95), f"{group}_rcpt_mean": mean(recipients)}

    def figures(self):
        honest, false = sum(self.honest.values()), sum(self.false.values())
        low, high = poisson_interval(false)
        stopped = [v.stopped_at <= THIRD for v in self.of("fraud")]
        per_10k = 1e4 / max(self.clean_days, 1)
        return {
            "accounts": self.accounts, "clean_account_days": round(self.clean_days), "hijacks": len(self.of(*GROUPS)),
            **self.leaks("bulk"), "slow_leak_mean": mean([v.leaked for v in self.of("slow")]), **self.leaks("hard"),
            "detected_without_bec": mean([v.detected for v in self.of("bulk", "slow")], 4),
            "hard_detected": mean([v.detected for v in self.of("hard")], 4),
            "bec_stopped_by_third": mean(stopped, 3),
            "false_locks": false, "false_locks_per_10k": round(false * per_10k, 2),
            "false_locks_95": [round(low * per_10k, 2), round(high * per_10k, 2)],
            "honest": honest, "honest_refused_per_million": per_million(self.refused, honest),
            "owner_refused_while_hijacked": round(self.own_refused / max(1, self.own), 4),
            "honest_held_per_million": per_million(self.held, honest),
            "hold_minutes_median": round(quantile(self.waits, .5) / 60, 1),
            "hold_minutes_p95": round(quantile(self.waits, .95) / 60, 1),
            "families": self.families(), "false_by_owner": dict(self.false), "refused_by_owner": dict(self.refused),
            "held_by_owner": dict(self.held), "lines": self.lines, "seconds": round(self.seconds, 1)}

    def families(self):
        table = {}
        for name in FAMILIES:
            victims = [v for v in self.victims.values() if v.sends and v.family == name]
            if victims:
                table[name] = {"n": len(victims), "detected": mean([v.detected for v in victims], 3),
                               "stopped": mean([v.detected or v.held for v in victims], 3),
                               "leak_median": quantile([v.leaked for v in victims], .5),
                               "leak_mean": mean([v.leaked for v in victims])}
        return table


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0


def mean(values, digits=2):
    return round(sum(values) / max(1, len(values)), digits)


def per_million(counter, total):
    return round(sum(counter.values()) / max(1, total) * 1e6)


def poisson_interval(count):
    """95 % for a counted number, by the Wilson-Hilferty approximation of chi-square"""
    def half_chi_square(z, k):
        return k * (1 - 1 / (9 * k) + z / (3 * math.sqrt(k))) ** 3 if k else 0.0
    return half_chi_square(-1.959964, count), half_chi_square(1.959964, count + 1)
