# SPDX-License-Identifier: Apache-2.0
"""The clock is set while the daemon runs. faketime (libfaketime) plays the clock; it is read anew by the daemon each time."""
import time
from pathlib import Path

from gate import OWNERS, Gate, Wrong, wait_for

OWNER, THIEF, SECOND, THIRD = list(OWNERS)[:4]
LIBRARIES = [*Path("/usr/lib").glob("*/faketime/libfaketime.so.1")]


class Clock:
    def __init__(self, gate):
        if not LIBRARIES:
            raise Wrong("faketime is not installed (packages.txt, group test)")
        self.file = gate.root / "clock"
        self.set("+0")
        self.environment = {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                            "ASAN_OPTIONS": "detect_leaks=1:verify_asan_link_order=0"}

    def set(self, offset):
        self.file.write_text(offset + "\n")


def clock_is_set(note):
    """a day back, two days forward, and right again: nobody is locked for it, a thief still is, and nothing waits for yesterday's clock"""
    gate = Gate()
    clock = Clock(gate)
    gate.environment = clock.environment
    with gate:
        gate.hijack(THIEF)
        yield "a thief is locked", None if wait_for(lambda: gate.is_locked(THIEF)) else gate.said()[-600:]
        for offset, thief in (("-1d", SECOND), ("+2d", THIRD), ("+0", list(OWNERS)[5])):
            clock.set(offset)
            time.sleep(1.2)
            answers = [gate.owner_sends(owner) for owner in list(OWNERS)[20:40]]
            yield f"{offset}: owners' mail passes", None if set(answers) == {"DUNNO"} else f"{answers}"
            yield f"{offset}: the lock holds", None if gate.is_locked(THIEF) else "it does not"
            answers = [answer for _, answer in gate.hijack(thief)]
            yield f"{offset}: a thief is stopped", None if answers[-1].startswith(("421", "554")) else f"{answers}"
            yield f"{offset}: and nobody else", None if wait_for(lambda thief=thief: thief in gate.incidents()) else f"{gate.incidents()}"
            yield f"{offset}: the ledger is written", None if wait_for(lambda: not gate.status()["ledger"]["waiting"]) else "it is not"
        days = len([*gate.state.glob("ledger-*.db")])
        yield "the clock was really set", None if days >= 3 else f"the ledger has {days} days"
        wrongly = set(gate.incidents()) - {THIEF, SECOND, THIRD, list(OWNERS)[5]}
        yield "nobody was locked wrongly", f"{wrongly}" if wrongly else None
        gate.ask("incident", "release", str(gate.incidents()[THIEF]["id"]))
        yield "a person can release", None if not gate.is_locked(THIEF) else "it is still locked"
        gate.stop(9)
        gate.start()
        yield "it comes up again with its locks", None if gate.is_locked(SECOND) and gate.is_locked(THIRD) else f"{gate.incidents()}"


def clock_far_ahead(note):
    """a year and more ahead, by mistake: what is kept for days is not thrown away for it"""
    gate = Gate()
    clock = Clock(gate)
    gate.environment = clock.environment
    with gate:
        gate.hijack(THIEF)
        yield "a thief is locked", None if wait_for(lambda: gate.is_locked(THIEF)) else gate.said()[-600:]
        yield "and in the ledger", None if wait_for(lambda: not gate.status()["ledger"]["waiting"]) else "it is not"
        days, held = {*gate.state.glob("ledger-*.db")}, gate.status()["held"]
        yield "something is kept", None if days and held["waiting"] + held["condemned"] else f"{days} {held}"
        clock.set("+400d")
        time.sleep(3)
        answers = {gate.owner_sends(owner) for owner in list(OWNERS)[20:40]}
        yield "owners' mail passes", None if answers == {"DUNNO"} else f"{answers}"
        gone = days - {*gate.state.glob("ledger-*.db")}
        yield "the ledger is kept", f"{gone}" if gone else None
        now = gate.status()["held"]
        yield "held mail is kept", None if now["condemned"] >= held["condemned"] else f"{held} {now}"
        yield "the incident is kept", None if THIEF in gate.incidents() else "it is not"
        yield "the lock holds", None if gate.is_locked(THIEF) else "it does not"


STORIES = [clock_is_set, clock_far_ahead]
