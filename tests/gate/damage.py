# SPDX-License-Identifier: Apache-2.0
"""Files that hold rubbish, or less than they did."""
import contextlib
import os
import sqlite3

from gate import OWNERS, Gate, wait_for

OWNER, THIEF, SECOND = list(OWNERS)[:3]


def rubbish(file):
    size = file.stat().st_size
    with open(file, "r+b") as into:
        into.write(os.urandom(max(size, 8192)))


def cut(file):
    os.truncate(file, file.stat().st_size // 3)


def newest(gate, pattern):
    return max(gate.state.glob(pattern), key=lambda file: file.stat().st_mtime)


def lived(gate):
    """some mail, one lock, and all of it on the disk"""
    gate.start()
    for owner in list(OWNERS)[5:15]:
        gate.owner_sends(owner)
    gate.hijack(THIEF)
    wait_for(lambda: not gate.status()["ledger"]["waiting"])
    gate.stop()


FILES = [("desk.db", rubbish), ("desk.db", cut), ("ledger-*.db", rubbish), ("ledger-*.db", cut), ("memory.*", rubbish), ("memory.*", cut)]


def damaged_before_the_start(note):
    """one file each holds rubbish, or its end is missing: the daemon starts, says so, and keeps what can be kept"""
    for pattern, damage in FILES:
        what = f"{pattern}, {damage.__name__}"
        gate = Gate()
        lived(gate)
        damage(newest(gate, pattern))
        with gate:
            said = gate.said()
            loud = said.rsplit("at the gate", 2)[-2]
            yield f"{what}: owners' mail passes", None if gate.owner_sends(OWNER) == "DUNNO" else gate.owner_sends(OWNER)
            wait_for(lambda gate=gate: gate.status()["ledger"]["written"])
            said = gate.said()
            yield f"{what}: it says so", None if "damaged" in said or "cannot be" in loud else said[-600:]
            if not pattern.startswith("desk"):
                yield f"{what}: the lock holds", None if gate.is_locked(THIEF) else said[-600:]
            kept = [answer for _, answer in gate.hijack(SECOND)]
            yield f"{what}: and it goes on guarding", None if kept[-1].startswith(("421", "554")) else f"{kept}"
            wait_for(lambda gate=gate: SECOND in gate.incidents())
            gate.restart(9)
            yield f"{what}: over a crash, too", None if gate.is_locked(SECOND) else gate.said()[-600:]
            wrongly = set(gate.incidents()) - {THIEF, SECOND}
            yield f"{what}: nobody else is locked", f"{wrongly}" if wrongly else None


def damaged_journal(note):
    """the journal of the last minutes holds rubbish after a crash"""
    for damage in (rubbish, cut):
        gate = Gate()
        with gate:
            gate.hijack(THIEF)
            wait_for(lambda gate=gate: THIEF in gate.incidents())
            wait_for(lambda gate=gate: newest(gate, "journal.*").stat().st_size > 100)
            gate.stop(9)
            damage(newest(gate, "journal.*"))
            gate.start()
            if damage is rubbish:  # a torn end is what any crash leaves
                yield "rubbish: it says so", None if "journal" in gate.said() else gate.said()[-600:]
            yield f"{damage.__name__}: the lock holds", None if gate.is_locked(THIEF) else gate.said()[-600:]
            yield f"{damage.__name__}: owners' mail passes", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"


def damaged_while_it_runs(note):
    """desk and ledger are overwritten under the running daemon"""
    for pattern, damage in FILES[:4]:
        what = f"{pattern}, {damage.__name__}"
        with Gate() as gate:
            gate.hijack(THIEF)
            held = gate.hijack(SECOND, 1)[0][0]
            wait_for(lambda gate=gate: gate.status()["ledger"]["written"] and THIEF in gate.incidents())
            for file in gate.state.glob(pattern):
                with contextlib.closing(sqlite3.connect(file)) as other:
                    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                damage(file)
            answers = [gate.owner_sends(owner) for owner in list(OWNERS)[5:9]]
            yield f"{what}: owners' mail passes", None if set(answers) == {"DUNNO"} else f"{answers}"
            gate.hijack(list(OWNERS)[20])
            back = wait_for(lambda gate=gate: gate.hijack(list(OWNERS)[21], 1)[0][1].startswith(("HOLD", "554", "421")))
            yield f"{what}: it goes on guarding", None if back else gate.said()[-600:]
            if pattern == "desk.db":
                back = wait_for(lambda gate=gate: {THIEF, list(OWNERS)[20]} <= set(gate.incidents()))
                yield f"{what}: all locks are in the new file", None if back else f"{gate.incidents().keys()}, {gate.said()[-900:]}"
                gate.restart(9)
                yield f"{what}: and hold after a crash", None if gate.is_locked(THIEF) else gate.said()[-600:]
                waits = gate.ask("account", "show", SECOND)["held"]
                yield f"{what}: what was held is not forgotten", None if waits >= 1 else f"{held.id} is gone"
            loud = wait_for(lambda gate=gate: "damaged" in gate.said())
            yield f"{what}: it says so", None if loud else gate.said()[-600:]


def unreadable_key(note):
    """the key of the ledger's hashes cannot be read, or is too short"""
    for what, damage in (("a folder", lambda file: (file.unlink(), file.mkdir())), ("cut", lambda file: os.truncate(file, 3))):
        gate = Gate()
        lived(gate)
        damage(gate.state / "ledger.key")
        try:
            status, said = gate.fails()
            yield f"{what}: a sentence, and an exit status", None if status == 4 and "ledger.key" in said else f"{status}: {said}"
        finally:
            gate.__exit__(None)


def half_a_case(note):
    """of a lock only its incident, or only itself, is left in the desk: the lock holds, and the other half is made anew"""
    for gone in ("incidents", "locks"):
        gate = Gate()
        lived(gate)
        with contextlib.closing(sqlite3.connect(gate.state / "desk.db", isolation_level=None)) as desk:
            desk.execute(f"DELETE FROM {gone}")
        with gate:
            yield f"without {gone}: the lock holds", None if gate.is_locked(THIEF) else gate.said()[-600:]
            answers = [answer for _, answer in gate.hijack(THIEF)]
            yield f"without {gone}: nothing passes", None if answers[0].startswith(("421", "554")) else f"{answers}"
            back = wait_for(lambda gate=gate: gate.incidents().get(THIEF, {}).get("state") == "contained")
            yield f"without {gone}: the incident is there", None if back else f"{gate.incidents()}"
            gate.restart(9)
            yield f"without {gone}: over a crash, too", None if gate.is_locked(THIEF) else gate.said()[-600:]
            gate.ask("incident", "release", str(gate.incidents()[THIEF]["id"]))
            yield f"without {gone}: a person can release it", "it is still locked" if gate.is_locked(THIEF) else None


STORIES = [half_a_case, damaged_before_the_start, damaged_journal, damaged_while_it_runs, unreadable_key]
