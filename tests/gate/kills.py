# SPDX-License-Identifier: Apache-2.0
"""Killed at any moment under load, and ended properly under load: what was answered is there afterwards."""
import contextlib
import random
import signal
import sqlite3
import threading
import time

from gate import OWNERS, PATIENCE_S, Gate, Wrong, wait_for
from talk import Dovecot, Letter, Policy
from history import friends_of

KILLS, KILLS_LONG, SENDERS = 20, 100, 3


class Load:
    """owners and thieves, all at once, who write down what they were told"""
    def __init__(self, gate, thieves, rng):
        self.gate, self.over, self.mutex = gate, threading.Event(), threading.Lock()
        self.held, self.locked, self.passed, self.trouble = {}, set(), [], []
        self.acknowledged, self.stolen = 0, 0  # rows of the ledger that were written, at least; messages of the thief, at most
        self.touched = set()
        honest = [owner for owner in OWNERS if owner not in thieves]
        work = [*((self.owners, rng.sample(honest, len(honest))) for _ in range(SENDERS)), (self.logins, honest), (self.thief, thieves)]
        self.threads = [threading.Thread(target=self.guarded, args=each) for each in work]

    def guarded(self, work, accounts):
        with contextlib.suppress(OSError, ValueError, Exception):  # the daemon is gone: that is what this is about
            work(accounts)

    def owners(self, accounts):
        with Policy(self.gate.policy) as policy:
            while not self.over.is_set():
                for account in accounts:
                    letter = Letter(account, OWNERS[account][0], friends_of(account)[:2])
                    action = letter.send(policy)
                    if action == "DUNNO":
                        with self.mutex:
                            self.passed.append(letter.id)
                    elif action:
                        self.trouble.append(f"{account}: {action}")

    def logins(self, accounts):
        with Dovecot(self.gate.port) as dovecot:
            while not self.over.is_set():
                for account in accounts:
                    if dovecot.login(account, OWNERS[account][0]):
                        self.trouble.append(f"{account} cannot log in")

    def thief(self, accounts):
        for account in accounts:
            with Policy(self.gate.policy) as policy:
                for number in range(8):
                    letter = Letter(account, f"{73 + 7 * number}.{12 + number}.91.5",
                                    [f"a{each}.{account.split('@')[0]}@world{number}.test" for each in range(8)])
                    self.stolen += 1
                    self.touched.add(account)
                    action = letter.send(policy)
                    if action.startswith("HOLD"):
                        self.held[letter.id] = account
                    elif action.startswith(("421", "554")):
                        self.locked.add(account)
                        break

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def runs(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.acknowledged = self.gate.status()["ledger"]["written"]
            time.sleep(0.02)

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


def letters_of(gate):
    with contextlib.closing(sqlite3.connect(gate.state / "desk.db")) as desk:
        return dict(desk.execute("SELECT queue_id, account FROM letters"))


def is_missing(gate, load):
    """what the daemon promised and does not know any more"""
    letters = letters_of(gate)
    for queue_id, account in load.held.items():
        if letters.get(queue_id) != account:
            yield f"{queue_id} of {account} was held"
    incidents = gate.incidents()
    for account in load.locked:
        if incidents.get(account, {}).get("state") != "contained" or not gate.is_locked(account):
            yield f"{account} was locked"
    status = gate.status()
    if status["locked"] < len(load.locked):
        yield f"{status['locked']} locks"
    for queue_id in load.passed[:max(0, load.acknowledged - 2 * SENDERS - load.stolen)][-3:]:
        if gate.ask("whose", queue_id)["message"]["queue_id"] != queue_id:
            yield f"{queue_id} was in the ledger"


def killed(note):
    """kill -9 at random moments under load: every hold, lock and ledger row that was acknowledged is there after each start"""
    rng, took, held, locked, rows, trouble = random.Random(4), [], 0, 0, 0, []
    count = KILLS_LONG if Gate.long else KILLS
    accounts = list(OWNERS)
    with Gate() as gate:
        missing, stolen, every_lock, touched = [], iter(accounts[:3 * (len(accounts) // 4)]), set(), set()
        for number in range(count):
            with Load(gate, [each for each in (next(stolen, None), next(stolen, None)) if each], rng) as load:
                load.runs(rng.uniform(0.1, 1.6))
                gate.stop(signal.SIGKILL)
            took.append(gate.start())
            missing += [f"kill {number}: {each}" for each in is_missing(gate, load)]
            every_lock |= load.locked
            touched |= load.touched  # a lock may be written and its answer not be heard of any more
            trouble += [each for each in load.trouble if each.split(":")[0].split(" ")[0] not in touched]
            held, locked, rows = held + len(load.held), locked + len(load.locked), rows + load.acknowledged
        wrongly = set(gate.incidents()) - set(accounts[:3 * (len(accounts) // 4)])
        lost = every_lock - set(gate.incidents())
    note(f"{count} kills: {held} holds, {locked} locks, {rows} ledger rows acknowledged; a start took {sorted(took)[len(took) // 2]:.2f} s, "
         f"at most {max(took):.2f} s")
    yield "there was something to lose", None if held and locked and rows else f"{held} holds, {locked} locks, {rows} rows"
    yield "nothing that was promised is missing", f"{missing[:5]}" if missing else None
    yield "no lock of an earlier life is missing", f"{lost}" if lost else None
    yield "nobody is locked wrongly", f"{wrongly}" if wrongly else None
    yield "no owner is turned away", f"{trouble[:5]}" if trouble else None


def ended_under_load(note):
    """SIGTERM in the middle of load: it ends, and nothing that was answered is lost, nor any memory"""
    rng, took, missing, passed = random.Random(5), [], [], 0
    accounts = list(OWNERS)
    with Gate() as gate:
        for number in range(4):
            with Load(gate, accounts[3 * number:3 * number + 3], rng) as load:
                load.runs(0.3 * number + 0.2)
                took.append(gate.stop())
            gate.start()
            missing += list(is_missing(gate, load))
            known = 0
            for queue_id in load.passed[-5:]:
                known += gate.ask("whose", queue_id)["message"]["queue_id"] == queue_id
            if known < min(5, len(load.passed)):
                missing.append(f"only {known} of the last five are in the ledger")
            passed += len(load.passed)
    note(f"{passed} messages passed; it ended within {max(took):.2f} s")
    yield "nothing is missing", f"{missing[:5]}" if missing else None


def answered_at_the_end(note):
    """whoever waits for a hold to be written when SIGTERM comes gets an answer"""
    with Gate() as gate:
        others = sqlite3.connect(gate.state / "desk.db", isolation_level=None, timeout=PATIENCE_S)
        with Policy(gate.policy) as policy, contextlib.closing(others):
            others.execute("BEGIN EXCLUSIVE")
            thief = list(OWNERS)[0]
            letter = Letter(thief, "73.12.91.5", [f"a{each}@world.test" for each in range(8)])
            for recipient in letter.recipients:
                policy.ask(**letter.words("RCPT", recipient, 0))
            policy.say(**letter.words("END-OF-MESSAGE", "", 8))
            wait_for(policy.is_read)
            gate.daemon.send_signal(signal.SIGTERM)
            answer = policy.hear()
        gate.daemon.wait(PATIENCE_S)
        yield "it is put off, or held", None if answer.startswith(("451", "HOLD")) else f"'{answer}'"
        if gate.daemon.returncode:
            raise Wrong(gate.said()[-900:])
        gate.start()
        kept = letter.id in letters_of(gate)
        yield "and the desk says the same", None if kept == answer.startswith("HOLD") else f"'{answer}', kept: {kept}"


def people_while_it_dies(note):
    """a release is answered, and killed at once: it stays released"""
    thief = list(OWNERS)[7]
    with Gate() as gate:
        gate.hijack(thief)
        wait_for(lambda: thief in gate.incidents())
        gate.ask("incident", "release", str(gate.incidents()[thief]["id"]))
        gate.restart(signal.SIGKILL)
        yield "it is closed", f"{gate.incidents()}" if gate.incidents() else None
        yield "and not locked", "it is" if gate.is_locked(thief) else None
        answer = gate.owner_sends(thief)
        yield "the owner writes", None if answer == "DUNNO" else answer


def forgotten_stays_forgotten(note):
    """an account is forgotten, and the daemon killed when the next picture is made: it does not remember it again"""
    owner = list(OWNERS)[9]
    with Gate() as gate:
        gate.owner_sends(owner)
        wait_for(lambda: gate.status()["ledger"]["written"])
        wait_for(lambda: gate.memory("memory") and gate.memory("journal")[-1].stat().st_size > 100)  # it is in the journal, too
        last = gate.memory("memory")[-1]
        gate.ask("account", "forget", owner)
        wait_for(lambda: gate.memory("memory")[-1] != last)
        gate.restart(signal.SIGKILL)
        gone = gate.ask("account", "show", owner, status=1) is None
        yield "nothing is known of it", None if gone else "something is"
        yield "it writes as a newcomer does", None if gate.owner_sends(owner) == "DUNNO" else "it is held"


STORIES = [killed, ended_under_load, answered_at_the_end, people_while_it_dies, forgotten_stays_forgotten]
