# SPDX-License-Identifier: Apache-2.0
"""Settings that are wrong, and files of another version."""
import contextlib
import os
import sqlite3

from gate import OWNERS, Gate, wait_for

OWNER, THIEF = list(OWNERS)[:2]


def wrong_settings(note):
    """each is told in one sentence with an exit status, and nothing is left behind that listens or blocks the next start"""
    wrong = {
        "mode": {"mode": "nonsense"},
        "support": {"support": '{ "no-such-group" }'},
        "auth_policy_key_file": {"auth_policy_key_file": '"/nowhere/key"'},
        "auth_policy_hash_nonce_file": {"auth_policy_hash_nonce_file": '"/nowhere/nonce"'},
        "policy_listen": {"policy_listen": '{ "unix:/nowhere/policy" }'},
        "control_socket": {"control_socket": '"/nowhere/control"'},
        "auth_policy_listen": {"auth_policy_listen": '"inet:127.0.0.1:99999"'},
        "state_folder": {"state_folder": '"/nowhere/below/state"'},
        "state_folder ": {"state_folder": '"/proc"'},
        "lock_bits": {"lock_bits": "many"},
    }
    for name, settings in wrong.items():
        gate = Gate()
        right = dict(gate.settings)
        gate.configure(**settings)
        try:
            if name == "support":
                gate.start()  # a group may come later; until then nobody is in it
                yield f"{name}: a group that is missing keeps nobody from work", None
                gate.stop()
            else:
                status, said = gate.fails()
                yield f"{name}: an exit status", None if 0 < status < 8 else f"{status}: {said[-900:]}"
                last = said.strip().splitlines()[-1] if said.strip() else ""
                value = next(iter(settings.values())).strip('{ }"').removeprefix("unix:")
                yield f"{name}: a sentence that names it", None if value in last or name.strip() in last else said
            left = [file for file in (gate.policy, gate.control) if file.exists()]
            yield f"{name}: no socket is left", f"{left}" if left else None
            gate.settings = right
            gate.configure()
            gate.start()
            yield f"{name}: set right, it comes up and passes mail", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"
        finally:
            gate.__exit__(None)


def two_daemons(note):
    """a second one on the same folder, or on the same sockets, does not come up and does not disturb the first"""
    with Gate() as first:
        for what, settings in (("state folder", {}), ("policy socket", {"state_folder": f'"{first.root}/other"'}),
                               ("control socket", {"state_folder": f'"{first.root}/third"', "policy_listen": f'{{ "unix:{first.root}/p2" }}',
                                                   "auth_policy_key_file": '""'})):
            second = Gate()
            second.settings = {**first.settings, **settings}
            second.configure()
            try:
                status, said = second.fails()
                yield f"the same {what}: a sentence and a status", None if 0 < status < 8 and said.strip() else f"{status}: {said}"
            finally:
                second.__exit__(None)
            answer = first.owner_sends(OWNER)
            yield f"the same {what}: the first goes on", None if answer == "DUNNO" and first.status()["mail"] else answer


def folder_of_somebody_else(note):
    """an ordinary user is given the folder of another one"""
    gate = Gate()
    gate.state.mkdir(mode=0o700)
    os.chmod(gate.root, 0o755)
    if os.geteuid() != 0:
        gate.state.chmod(0)
    try:
        status, said = gate.fails(**({"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}))
        yield "a sentence that names it, and a status", None if 0 < status < 8 and "state" in said else f"{status}: {said}"
        yield "nothing is left in it", f"{list(gate.state.iterdir())}" if os.geteuid() == 0 and any(gate.state.iterdir()) else None
    finally:
        gate.state.chmod(0o700)
        gate.__exit__(None)


def make_version(file, change):
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as desk:
        change(desk)


def older(desk):
    """as version 1 was"""
    desk.execute("ALTER TABLE incidents DROP COLUMN braked")
    desk.execute("ALTER TABLE incidents DROP COLUMN bulk")
    desk.execute("ALTER TABLE locks DROP COLUMN reach")
    desk.execute("ALTER TABLE locks DROP COLUMN by_hand")
    desk.execute("ALTER TABLE locks DROP COLUMN apart")
    desk.execute("DROP TABLE steps")
    for table in ("seen", "floods", "complaints", "notices", "codes", "care", "guessable", "aftermath"):
        desk.execute(f"DROP TABLE {table}")
    desk.execute("PRAGMA user_version = 1")


def upgrade(note):
    """a desk of version 1 is brought up to date with all that is in it; one of a newer version is refused and left alone"""
    gate = Gate()
    gate.start()
    gate.hijack(THIEF)
    wait_for(lambda: THIEF in gate.incidents())
    gate.stop()
    make_version(gate.state / "desk.db", older)
    with gate:
        yield "the lock is there", None if gate.is_locked(THIEF) else gate.said()[-600:]
        yield "and the incident", None if THIEF in gate.incidents() else gate.said()[-600:]
        gate.stop()
        make_version(gate.state / "desk.db", lambda desk: desk.execute("PRAGMA user_version = 99"))
        status, said = gate.fails()
        yield "a newer one is refused with a sentence", None if status == 4 and "newer" in said else f"{status}: {said}"
        with contextlib.closing(sqlite3.connect(gate.state / "desk.db")) as desk:
            left = desk.execute("SELECT count(*) FROM locks").fetchone()[0], desk.execute("PRAGMA user_version").fetchone()[0]
        yield "and left alone", None if left == (1, 99) else f"{left}"


def geo_database(note):
    """the geo database is missing, or rubbish: a gate without countries is better than none"""
    for what in ("missing", "rubbish"):
        gate = Gate()
        file = gate.root / "geo.db"
        if what == "rubbish":
            file.write_bytes(os.urandom(100000))
        gate.configure(geo_database=f'"{file}"')
        with gate:
            loud = [line for line in gate.said().splitlines() if "geo.db" in line]
            yield f"{what}: it says so once", None if len(loud) == 1 else gate.said()
            yield f"{what}: owners' mail passes", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"
            answers = [answer for _, answer in gate.hijack(THIEF)]
            yield f"{what}: a thief is stopped", None if answers[-1].startswith(("421", "554")) else f"{answers}"


STORIES = [wrong_settings, two_daemons, folder_of_somebody_else, upgrade, geo_database]
