# SPDX-License-Identifier: Apache-2.0
"""The disk is full, or somebody else has the files."""
import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import time

from gate import OWNERS, PATIENCE_S, Gate, Wrong, wait_for

OWNER, SECOND, THIRD, FOURTH = list(OWNERS)[:4]
ROOM = "size=12m"
INCIDENTS_FAIL, INCIDENTS_ARE_WRITTEN = "incidents cannot be written", "incidents are written again"


def times(said, pattern):
    return len(re.findall(pattern, said))


@contextlib.contextmanager
def small_disk(folder):
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", ROOM, "none", folder], capture_output=True, check=False).returncode:
        raise Wrong("no small disk can be made: this story needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        shutil.rmtree(folder.parent)  # while it was a disk it could not be taken away


def fill(folder):
    """with no room left inside of the desk's own log, either"""
    with contextlib.closing(sqlite3.connect(folder / "desk.db")) as desk:
        desk.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(folder / "other", "wb", buffering=0) as other:
        for size in (65536, 4096, 1):
            with contextlib.suppress(OSError):
                while other.write(b"x" * size):
                    pass


def letters_of(gate, account):
    """how many of its mails the desk has"""
    with contextlib.closing(sqlite3.connect(gate.state / "desk.db", timeout=PATIENCE_S)) as desk:
        return desk.execute("SELECT count(*) FROM letters WHERE account = ?", (account,)).fetchone()[0]


def mail_while_nothing_can_be_written(gate):
    """what must hold whatever it is that keeps the daemon from writing"""
    answers = [gate.owner_sends(OWNER) for _ in range(20)]
    yield "owners' mail passes", None if set(answers) == {"DUNNO"} else f"{answers}"
    held = gate.hijack(SECOND, 1)[0][1]
    yield "what would be held is put off", None if held.startswith("451") else held
    answers = [answer for _, answer in gate.hijack(THIRD)]
    passed = [answer for answer in answers if not answer.startswith(("451", "421", "554", "HOLD"))]
    yield "nothing of a thief's passes", f"{answers}" if passed else None
    # a desk that is opened anew makes room for itself in its own log, sometimes enough for one
    held = sum(answer.startswith("HOLD") for answer in answers)
    written = letters_of(gate, THIRD) if held else 0
    yield "what is held is written", f"{answers}, {written} written" if held != written else None
    yield "no answer is final that is not written", f"{answers}" if [each for each in answers if each.startswith("554")] else None


def when_there_is_room(gate):
    """… and as soon as it can be written again"""
    wait_for(lambda: THIRD in gate.incidents())
    incident = gate.incidents().get(THIRD)
    yield "the lock is written when there is room", None if incident and incident["state"] == "contained" else f"{incident}"
    answer = gate.hijack(FOURTH, 1)[0][1]
    yield "what is to be held is held again", None if answer.startswith("HOLD") else answer
    yield "nobody else is locked", f"{gate.incidents()}" if set(gate.incidents()) != {THIRD} else None
    ledger = gate.owner_sends(OWNER) and wait_for(lambda: not gate.status()["ledger"]["waiting"]) and gate.status()["ledger"]
    yield "the ledger is written again, and lost nothing", None if ledger and not ledger["failing"] and not ledger["lost"] else f"{ledger}"
    wait_for(lambda: times(gate.said(), INCIDENTS_ARE_WRITTEN) == times(gate.said(), INCIDENTS_FAIL))
    gate.stop(9)
    gate.start()
    yield "after a crash the lock is there", None if gate.is_locked(THIRD) else "it is not"
    yield "and the owners' mail passes", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"


def full_disk(note):
    """the disk is full for some seconds: mail passes, holds are put off, and all is made good when there is room"""
    gate = Gate()
    with small_disk(gate.state), gate:
        gate.owner_sends(OWNER)
        fill(gate.state)
        yield from mail_while_nothing_can_be_written(gate)
        wait_for(lambda: times(gate.said(), INCIDENTS_FAIL) and times(gate.said(), "ledger cannot be written"))
        time.sleep(4)  # what is said each second would be said by now
        said = gate.said()
        yield "the log says it once", None if times(said, INCIDENTS_FAIL) == 1 else said[-900:]
        yield "and of the ledger", None if times(said, "ledger cannot be written") == 1 else said[-900:]
        (gate.state / "other").unlink()
        yield from when_there_is_room(gate)
        yield "the log says when it is over", None if times(gate.said(), INCIDENTS_ARE_WRITTEN) == 1 else gate.said()[-900:]
        note(f"{len(gate.said().splitlines())} lines in the log")


def files_that_may_not_grow(note):
    """a limit on the size of files comes down on the running daemon"""
    with Gate() as gate:
        subprocess.run(["prlimit", f"--pid={gate.daemon.pid}", "--fsize=4096:unlimited"], check=True)
        yield from mail_while_nothing_can_be_written(gate)
        time.sleep(2)
        subprocess.run(["prlimit", f"--pid={gate.daemon.pid}", "--fsize=unlimited:unlimited"], check=True)
        yield from when_there_is_room(gate)


def locked_files(note):
    """another program has desk and ledger locked for some seconds"""
    with Gate() as gate:
        gate.owner_sends(OWNER)
        wait_for(lambda: gate.status()["ledger"]["written"])
        files = [gate.state / "desk.db", *gate.state.glob("ledger-*.db")]
        others = [sqlite3.connect(file, isolation_level=None, timeout=PATIENCE_S) for file in files]
        for other in others:
            other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        yield from mail_while_nothing_can_be_written(gate)
        note(f"the answers took {time.monotonic() - began:.2f} s")
        wait_for(lambda: times(gate.said(), INCIDENTS_FAIL))
        time.sleep(3)
        yield "the log says it once", None if times(gate.said(), INCIDENTS_FAIL) == 1 else gate.said()[-900:]
        for other in others:
            other.execute("ROLLBACK")
            other.close()
        yield from when_there_is_room(gate)


def read_only_folder(note):
    """the state folder is taken away and comes back"""
    with Gate() as gate:
        os.rename(gate.state, gate.root / "elsewhere")
        yield from mail_while_nothing_can_be_written(gate)
        time.sleep(2)
        os.rename(gate.root / "elsewhere", gate.state)
        yield from when_there_is_room(gate)


STORIES = [full_disk, files_that_may_not_grow, locked_files, read_only_folder]
