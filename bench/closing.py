# SPDX-License-Identifier: Apache-2.0
"""How fast an account is shut, on a real Postfix and Dovecot with every door (tests/live/closing.py); for run.py --closing. One after the other
while a botnet sends in its name, with open sessions and mail in the queue; then a thousand at once."""
import contextlib
import sqlite3
import statistics
import subprocess
import sys
import time

from gate_daemon import HERE, say

sys.path[:0] = [str(HERE.parent / "tests/live")]
from closing import Closing, is_proved  # noqa: E402
from live import Live  # noqa: E402
from outside import Filter, World  # noqa: E402  (tests/rig)
from parties import raid  # noqa: E402
from people import Mailbox, Submission  # noqa: E402
from stories import COUNTRIES, bought_list, left, wait_for  # noqa: E402

RAIDED, AT_ONCE = 8, 1000
HOMES = [f"153.145.{number % 250}.{number // 250 + 1}" for number in range(RAIDED)]
GOAL_MS = {"gate": 10, "queue": 2500, "proved": 2500}
GOAL_MANY_S = 60
ACTIONS = {"gate": "the gate refuses", "deny_list": "in Dovecot's deny list", "password": "the password is another", "sessions": "sessions are ended, twice",
           "queue": "its mail in the queue is held", "cache": "the cache has forgotten it"}


class Rig:
    def __init__(self, servers, world):
        self.servers, self.world, self.ports, self.accounts = servers, world, servers.ports, servers.accounts
        self.ask, self.held = servers.ask, servers.held


def asked_of_desk(rig, question, *values):
    with contextlib.closing(sqlite3.connect(f"file:{rig.servers.root}/gate/state/desk.db?mode=ro", uri=True)) as desk:
        return desk.execute(question, values).fetchall()


# ---- one after the other

def shut_one(rig, account):
    """{what: ms after the verdict}, and messages that were taken after it"""
    recipients = bought_list(200, f"bench.{account.split('@')[0]}")
    with contextlib.suppress(Exception), Submission(rig.ports["submission"], rig.servers.owners[account][0]) as home:
        home.opens(account, rig.accounts[account])
    sessions = [Mailbox(rig.ports["imap"], ip) for ip in COUNTRIES[:3]]
    for session in sessions:
        session.opens(account, rig.accounts[account])
    came = raid(rig, account, COUNTRIES, recipients)
    if not wait_for(lambda: is_proved(rig, account), 30, 0.02):
        raise RuntimeError(f"{account} was not shut: {rig.ask('incident', 'list', '--all')}")
    (incident, opened), = asked_of_desk(rig, "SELECT id, opened_us FROM incidents WHERE account = ?", account)
    steps = asked_of_desk(rig, "SELECT action, at_us, proved_us FROM steps WHERE incident = ?", incident)
    found = {action: (at - opened) / 1000 for action, at, _ in steps}
    found["proved"] = (max(proved for *_, proved in steps) - opened) / 1000
    found["left"] = len(left(rig, recipients))
    found["late"] = later_than(rig, account, opened)
    found["tried"] = len(came.accepted) + came.refused
    for session in sessions:
        with contextlib.suppress(Exception):
            session.shutdown()
    return found


def later_than(rig, account, opened_us):
    """messages of strangers that were let pass after the verdict"""
    taken = 0
    for file in (rig.servers.root / "gate/state").glob("ledger-*.db"):
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as ledger:
            tables = [name for name, in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = {table: [row[1] for row in ledger.execute(f"PRAGMA table_info({table})")] for table in tables}
            for table, names in columns.items():
                if {"t_us", "action", "account"} <= set(names):
                    taken += ledger.execute(f"SELECT count(*) FROM {table} WHERE account = ? AND t_us > ? AND action = 0",
                                            (account, opened_us)).fetchone()[0]
    return taken


# ---- a thousand at once

def shut_many(rig, accounts):
    names = rig.servers.root / "many"
    names.write_text("\n".join(accounts) + "\n")
    began = time.monotonic()
    done = subprocess.run([rig.servers.binary, "account", "lock", "--file", names, "--password", "--yes", "--rate", "0", "-c",
                           rig.servers.root / "gate/sekisho.conf"], capture_output=True, text=True, check=False)
    said = time.monotonic() - began
    wait_for(lambda: not rig.servers.status()["closures_waiting"], 300, 0.1)
    return {"said": said, "proved": time.monotonic() - began, "status": done.returncode, "words": (done.stdout + done.stderr)[-300:],
            "whole": asked_of_desk(rig, "SELECT count(*) FROM locks")[0][0],
            "lacking": asked_of_desk(rig, "SELECT count(*) FROM steps WHERE wanted AND (state NOT IN (1, 4) OR (state = 1 AND proved_us IS NULL))")[0][0]}


# ---- the section

def verdict(good):
    return "yes" if good else "**no**"


def row(found, words, what, goal_ms=None):
    slowest = max(one[what] for one in found)
    goal = f"{goal_ms} ms | {verdict(slowest <= goal_ms)}" if goal_ms else " | "
    return f"| {words} | {statistics.median(one[what] for one in found):.1f} ms | {slowest:.1f} ms | {goal} |"


def table(found, many):
    late = sum(one["late"] for one in found)
    return ["| after the verdict | median | slowest | goal | reached |", "|---|---|---|---|---|",
            *(row(found, words, action, GOAL_MS.get(action)) for action, words in ACTIONS.items()),
            row(found, "everything is proved", "proved", GOAL_MS["proved"]),
            "", f"Of {sum(one['tried'] for one in found)} messages in {len(found)} raids {sum(one['left'] for one in found)} left; "
            f"{late} were taken after the verdict (goal: none).", "",
            f"{AT_ONCE} accounts at once, with another password each: proved after {many['proved']:.1f} s "
            f"(goal {GOAL_MANY_S} s: {verdict(many['proved'] <= GOAL_MANY_S)}), {many['whole']} locked, {many['lacking']} steps lacking."]


def section(sekisho, when):
    raided = [f"raided{number}@provider.test" for number in range(RAIDED)]
    many = [f"many{number}@provider.test" for number in range(AT_ONCE)]
    accounts = {account: "sesame" for account in (*raided, *many)}
    owners = {account: [HOMES[number]] for number, account in enumerate(raided)}
    Live.life_s = 1200
    with World() as world, Filter() as content_filter:
        with Closing(sekisho, sekisho.with_name("sekisho-queue"), accounts, owners, world=world.port, filter=content_filter.port) as servers:
            rig = Rig(servers, world)
            found = []
            for account in raided:
                found.append(shut_one(rig, account))
                say(f"{account}: " + ", ".join(f"{name} {value:.1f}" for name, value in found[-1].items()))
            together = shut_many(rig, many)
            say(f"{AT_ONCE} at once: {together}")
    return "\n".join(["## Closing accounts", "", f"`bench/closing.py`; {when}. A real Postfix and Dovecot, passwords in a passwd-file of "
                      f"{len(accounts)} lines; Dovecot looks at its deny list once a second, so sessions are ended a second time 1.1 s after the first.", "",
                      *table(found, together)])
