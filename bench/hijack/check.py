#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests the benchmark itself, in seconds: that it is deterministic, complete, and just at both ends."""
import json
import pathlib
import sys
import tempfile

import owners
from attackers import FAMILIES
from contenders import Detector, Inside, Listener, share_a_core
from loop import WARM_DAYS, Loop
from report import BEGIN, END, put
from rules import BouncePercentage, HourlyLimit, Rule
from traffic import ACCOUNTS as ACCOUNTS_END, DAY, account_name, recipient_name
from world import World

HERE = pathlib.Path(__file__).resolve().parent
ACCOUNTS, DAYS, CAP = 300, 20, 40  # small: each attack ends after 60 messages
passed = failed = 0


def test(what, right):
    global passed, failed
    passed, failed = passed + bool(right), failed + (not right)
    if not right:
        print(f"failed: {what}")


def small(seed=1, accounts=ACCOUNTS, days=DAYS):
    return World(seed, accounts, days, hijacked=0.2, cap=CAP)


class Knowing(Inside):
    """knows who wrote each message: the bound that no detector can pass"""
    name = "knows all"

    def __init__(self, world):
        self.world = world

    def ask(self, event):
        if event["ev"] == "submit" and self.world.events[int(event["id"][1:])].hijacker:
            return {"verdict": "refuse", "lock": [event["account"]]}
        return {"verdict": "pass"}


class Locking(Inside):
    """locks and refuses everybody"""
    name = "locks all"

    def ask(self, event):
        return {"verdict": "refuse", "lock": [event["account"]]} if event["ev"] == "submit" else {}


class Holding(Inside):
    """holds everything and lets it go five minutes later, at its own wake"""
    name = "holds all"

    def __init__(self, world):
        self.held, self.outcomes_early, self.warm = [], 0, world.epoch + WARM_DAYS * DAY

    def ask(self, event):
        if event["ev"] == "outcome" and event["t"] > self.warm + DAY:
            self.outcomes_early += any(key == event["id"] for _, key in self.held)
        if event["ev"] == "submit":
            self.held.append((event["t"] + 300, event["id"]))
            return {"verdict": "hold", "wake": event["t"] + 300}
        if event["ev"] == "tick":
            due = [key for t, key in self.held if t <= event["t"] + 0.01]
            self.held = [one for one in self.held if one[1] not in due]
            return {"release": due}
        return {}


def trace(world, folder, name):
    listener = Listener(folder / name)
    Loop(listener, world).run()
    listener.close()
    return (folder / name).read_bytes()


def same_seed_same_bytes(world, folder):
    first = trace(world, folder, "first")
    test("the same seed gives the same bytes", first == trace(small(3, 60, 14), folder, "second"))
    test("another seed gives others", first != trace(small(4, 60, 14), folder, "other"))
    stamps = [json.loads(line)["t"] for line in first.splitlines()[::20]]
    test("time does not run backwards", stamps == sorted(stamps))


def all_are_there(world):
    lives = {name: owners.make(number, name, world) for number, name in enumerate(owners.KINDS)}
    test("every kind of owner has a life", all(owner.seen for owner in lives.values()))
    test("every family attacks", {attack.name for attack in world.attacks.values()} == set(FAMILIES))
    test("shares add up to one", abs(sum(share for share, _ in owners.KINDS.values()) - 1) < 0.02)
    test("every kind, event and family says where its figures come from",
         all(row[-1].__doc__ for row in (*owners.KINDS.values(), *owners.LIFE, *FAMILIES.values())))
    test("accounts have names of their own", len({account_name(n) for n in range(5000)}) == 5000)
    test("so have recipients", len({recipient_name(ACCOUNTS_END + n) for n in range(50000)}) == 50000)
    test("a hijack begins after the warm-up", all(attack.first > WARM_DAYS * DAY for attack in world.attacks.values()))


def just_at_both_ends(world):
    knowing = Loop(Knowing(world), world).run().figures()
    test("who knows all leaks nothing", not any(knowing[f"{group}_leak_mean"] for group in ("bulk", "slow", "hard")))
    test("and stops all", all(knowing[f] == 1 for f in ("detected_without_bec", "hard_detected", "bec_stopped_by_third")))
    test("and wrongs nobody", not any(knowing[f] for f in ("false_locks", "honest_refused_per_million", "honest_held_per_million")))
    passing = Loop(Rule(), world).run()
    test("who passes all leaks all", all(v.leaked == v.seen for v in passing.victims.values()))
    test("and detects nothing", passing.figures()["detected_without_bec"] == 0)
    locking = Loop(Locking(), world).run().figures()
    test("who locks all refuses all", locking["honest_refused_per_million"] == 1000000)
    test("and wrongs nearly every account", locking["false_locks"] > ACCOUNTS * 0.8)
    test("and leaks nothing", locking["bulk_leak_mean"] == 0)
    low, high = locking["false_locks_95"]
    test("the interval holds the count", low < locking["false_locks_per_10k"] < high)


def holding_is_exact(world):
    holding = Holding(world)
    figures = Loop(holding, world).run().figures()
    test("all honest mail is held", figures["honest_held_per_million"] == 1000000)
    test("for five minutes", figures["hold_minutes_median"] == figures["hold_minutes_p95"] == 5)
    test("nothing is told of what is still held", holding.outcomes_early == 0)
    test("what was released has left", figures["bulk_leak_mean"] > 0)


def pipe_is_the_same(world):
    for rule in (HourlyLimit(100), BouncePercentage(25)):
        inside = Loop(rule, world).run()
        detector = Detector([sys.executable, str(HERE / "rules.py"), world.geography.home, rule.name])
        outside = Loop(detector, world).run()
        detector.close()
        outside.lines = inside.lines
        test(f"on pipes as within: {rule.name}", inside.figures() == outside.figures())
        if "outcome" not in rule.hears:
            test("a detector hears of everything", detector.lines > len(world.events))


def scores_add_up(world, other):
    first, second = Loop(HourlyLimit(100), world).run(), Loop(HourlyLimit(100), other).run()
    names = "hijacks", "accounts", "honest", "false_locks"
    wanted = [first.figures()[name] + second.figures()[name] for name in names]
    first.add(second)
    test("scores of two worlds add up", [first.figures()[name] for name in names] == wanted)


def results_keep_the_rest(folder):
    path = folder / "RESULTS.md"
    path.write_text("# Measured\n\nspeed\n")
    put(path, "one", "hijack")
    path.write_text(path.read_text() + "more\n")
    put(path, "two", "hijack")
    test("the rest of RESULTS.md stays", path.read_text() == f"# Measured\n\nspeed\n\n{BEGIN.format('hijack')}\ntwo\n{END.format('hijack')}\nmore\n")


def main():
    share_a_core(0)
    world = small()
    all_are_there(world)
    just_at_both_ends(world)
    holding_is_exact(world)
    pipe_is_the_same(small(3, 60, 14))
    scores_add_up(world, small(2, 100))
    with tempfile.TemporaryDirectory() as folder:
        same_seed_same_bytes(small(3, 60, 14), pathlib.Path(folder))
        results_keep_the_rest(pathlib.Path(folder))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
