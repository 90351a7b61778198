# SPDX-License-Identifier: Apache-2.0
"""Locked and opened by hand: one account and many, while the daemon is there, away, dying, and just coming up."""
import json
import os
import pty
import pwd
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from crypt import crypt
from pathlib import Path

from gate import COUNTRIES, OWNERS, PATIENCE_S, Gate, Wrong, files_with, friends_of, wait_for
from talk import Dovecot, Letter, Policy, Queue, control

MANY = 1000
NEVER_SEEN = "never-seen@provider.test"
NOBODY = "nobody"


class Hand(Gate):
    """with a helper of the queue, and a deny list; in memory, for what a command waits for must not be a disk that others keep busy"""
    where = "/dev/shm" if Path("/dev/shm").is_dir() else None

    def __init__(self, **settings):
        super().__init__(**settings)
        self.queue = Queue(self.root / "queue")
        self.denied = self.root / "dovecot" / "denied"
        self.configure(deny_file=f'"{self.denied}"')

    def __exit__(self, *words):
        self.queue.__exit__()
        super().__exit__(*words)

    def do(self, *words, status=0, typed=None):
        """(what was answered, what was said)"""
        done = subprocess.run([self.binary, *words, "-f", "json", "-c", self.root / "conf"], capture_output=True, text=True, check=False,
                              input=typed, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}, start_new_session=True)
        if done.returncode != status:
            raise Wrong(f"sekisho {' '.join(map(str, words))}: exit status {done.returncode}: {(done.stderr or done.stdout).strip()[-400:]}")
        return json.loads(done.stdout) if done.stdout.strip() else None, done.stderr

    def states(self, incident):
        """of each step: its state, "proved" where it was"""
        closure = self.ask("incident", "show", str(incident))["closure"]
        return {each["action"]: "proved" if each["proved"] and each["wanted"] else each["state"] for each in closure["steps"]}

    def on_list(self, path, login):
        return path.is_file() and any(line.split(":")[0].split(" ")[0] == login for line in path.read_text().splitlines())


def by_hand(note):
    """locked in a domain that is only watched: 421 at once, the lists have it, its queue is held; unlocked: all of it undone"""
    owner, other = list(OWNERS)[:2]
    with Hand(mode="observe") as gate:
        mail, others = gate.queue.put(owner, 3), gate.queue.put(other, 2)
        before = gate.owner_sends(owner)
        began = time.monotonic()
        said, _ = gate.do("account", "lock", owner, "--why", "a call at ten")
        took = time.monotonic() - began
        steps = {each["action"]: each for each in said["closure"]["steps"]}
        one = said["accounts"][0]
        yield "it was not locked", None if before == "DUNNO" and not one["was_locked"] else f"{before}, {one}"
        yield "it is done and settled", None if one["done"] and one["settled"] and not one["lacking"] else f"{one}"
        yield "what is set up is proved", None if all(
            steps[each]["proved"] for each in ("gate", "logins", "away", "deny_list", "queue")) else f"{steps}"
        yield "what is not is said", None if steps["sessions"]["state"] == "not_set_up" else f"{steps['sessions']}"
        answer = gate.owner_sends(owner)
        yield "mail is answered with 421", None if answer.startswith("421") else answer
        yield "its mail in the queue is held", None if wait_for(lambda: all(gate.queue.mail[each][0] == "hold" for each in mail)) \
            else f"{gate.queue.mail}"
        yield "nobody else's is", None if all(gate.queue.mail[each][0] == "deferred" for each in others) else f"{gate.queue.mail}"
        yield "the deny list has it", None if gate.on_list(gate.denied, owner) else "no"
        with Dovecot(gate.port) as dovecot:
            status = dovecot.login(owner, OWNERS[owner][0])
        yield "its own login is refused", None if status < 0 else f"{status}"
        yield "another owner writes", None if gate.owner_sends(other) == "DUNNO" else "no"
        gate.restart(signal.SIGKILL)
        answer = gate.owner_sends(owner)
        yield "locked after kill -9", None if answer.startswith("421") else answer
        said, _ = gate.do("account", "unlock", owner, "--false-alarm")
        yield "unlocked", None if said["accounts"][0]["settled"] and gate.owner_sends(owner) == "DUNNO" else f"{said}"
        yield "the deny list has it no more", None if not gate.on_list(gate.denied, owner) else "it has"
        yield "its mail goes out", None if wait_for(lambda: all(gate.queue.mail[each][0] == "gone" for each in mail)) else f"{gate.queue.mail}"
        gate.ask("account", "unlock", owner, status=1)
        yield "unlocked twice is a no", None
        gate.do("account", "lock", NEVER_SEEN)
        shown = gate.ask("account", "show", NEVER_SEEN)
        yield "one that was never seen is locked, and called so", None if shown["locked"] and shown["by_hand"] and not shown["known"] else f"{shown}"
    note(f"locked and proved in {took:.2f} s")


def scopes(note):
    """sending alone lets logins over IMAP through; unfamiliar lets the owner write; a lock gets wider, never narrower"""
    reader, writer = list(OWNERS)[2:4]
    with Hand(mode="observe") as gate:
        said, _ = gate.do("account", "lock", reader, "--scope", "sending")
        yield "no login was shut", None if {"logins", "deny_list"}.isdisjoint(each["action"] for each in said["closure"]["steps"]) else f"{said}"
        answer = gate.owner_sends(reader)
        yield "its mail is refused", None if answer.startswith("421") else answer
        with Dovecot(gate.port) as dovecot:
            reads = dovecot.login(reader, OWNERS[reader][0])
            sends = dovecot.login(reader, OWNERS[reader][0], protocol="smtp")
        yield "it reads", None if reads == 0 else f"{reads}"
        yield "and does not log in to send", None if sends < 0 else f"{sends}"
        gate.do("account", "lock", writer, "--scope", "unfamiliar")
        answer, thief = gate.owner_sends(writer), gate.send(writer, COUNTRIES[0], ["a@world.test"])
        yield "the owner writes", None if answer == "DUNNO" else answer
        yield "a stranger does not", None if thief.startswith("421") else thief
        number = gate.incidents()[writer]["id"]
        gate.do("incident", "contain", str(number))
        gate.do("account", "lock", writer, "--scope", "unfamiliar")
        answer = gate.owner_sends(writer)
        yield "contained, nobody writes", None if answer.startswith("421") else answer
        gate.ask("account", "lock", writer, "--scope", "everything", status=2)
        gate.ask("incident", "contain", "4711", status=1)
        yield "an unknown scope, and an unknown incident, are a no", None


def many(note):
    """a thousand at once: a preview, all locked and proved, and back by their number"""
    names = [f"user{number:04d}@provider.test" for number in range(MANY)]
    with Hand(mode="observe") as gate:
        said, _ = gate.do("account", "lock", "--file", "-", "--dry-run", typed="".join(f"{each}\n" for each in names))
        yield "a preview locks nobody", None if len(said["accounts"]) == MANY and not gate.status()["locked"] else f"{gate.status()}"
        _, words = gate.do("account", "lock", "--file", "-", typed="\n".join(names), status=2)
        yield "without a terminal it wants --yes", None if "--yes" in words and "1,000 accounts" in words and not gate.status()["locked"] else words
        gate.do("account", "lock", "--file", "-", "--yes", typed="two names@provider.test\n", status=2)
        gate.do("account", "lock", names[0])
        began = time.monotonic()
        said, words = gate.do("account", "lock", "--file", "-", "--yes", "--rate", "0",
                              typed="# the whole list\n\n" + "".join(f"{each.upper()}  # \n{each}\n" for each in names))
        took = time.monotonic() - began
        wrong = [each for each in said["accounts"] if not each["done"] or not each["settled"] or each["lacking"]]
        yield "all are locked and proved", None if len(said["accounts"]) == MANY and not wrong else f"{len(said['accounts'])}: {wrong[:3]}"
        yield "that one is locked was said", None if "1 is locked now" in words else words
        yield "the gate knows", None if gate.status()["locked"] == MANY else f"{gate.status()}"
        yield "the deny list has all", None if sum(gate.on_list(gate.denied, each) for each in names[::50]) == len(names[::50]) else "no"
        answers = [gate.send(each, COUNTRIES[0], ["a@world.test"]) for each in names[::100]]
        yield "and refuses", None if all(each.startswith("421") for each in answers) else f"{answers}"
        began = time.monotonic()
        back, _ = gate.do("account", "unlock", "--bulk", str(said["bulk"]), "--yes", "--rate", "0")
        back_took = time.monotonic() - began
        yield "back by their number", None if len(back["accounts"]) == MANY and all(each["settled"] for each in back["accounts"]) \
            else f"{len(back['accounts'])}"
        yield "nobody is locked", None if wait_for(lambda: not gate.status()["locked"] and not gate.status()["closures_waiting"]) else f"{gate.status()}"
    note(f"{MANY} locked and proved in {took:.1f} s, open again in {back_took:.1f} s")


def stopped(note):
    """Ctrl-C in the middle: it says how many, how to go on, and how to go back; going on passes over what was done"""
    names = [f"user{number:03d}@provider.test" for number in range(100)]
    words = [Gate.binary, "account", "lock", *names, "--yes", "--rate", "200"]
    with Hand(mode="observe") as gate:
        running = subprocess.Popen([*words, "-c", gate.root / "conf"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
        wait_for(lambda: gate.status()["locked"] >= 5)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=PATIENCE_S)
        locked = gate.status()["locked"]
        yield "it stopped between two", None if running.returncode == 5 and 5 <= locked < 100 else f"{running.returncode}, {locked}: {out}"
        yield "it says how to go on, and back", None if "--bulk=1;" in out and "unlock --bulk 1" in out and f"{locked} of 100" in out else out
        said, _ = gate.do("account", "lock", *names, "--yes", "--rate", "0", "--bulk=1")
        done = sum(each["done"] for each in said["accounts"])
        yield "it goes on where it was", None if done == 100 - locked and gate.status()["locked"] == 100 else f"{done} done, {locked} before"
        back, _ = gate.do("account", "unlock", "--bulk", "1", "--yes", "--rate", "0")
        yield "and back", None if len(back["accounts"]) == 100 else f"{len(back['accounts'])}"


def at_terminal(gate, words, talk):
    """a person types each answer at its question: (exit status, all that the terminal showed)"""
    child, terminal = pty.fork()
    if not child:
        os.execve(Gate.binary, ["sekisho", *words, "-c", str(gate.root / "conf")], {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
    said = b""
    with suppress(OSError):  # it ended, and the terminal with it
        for question, answer in talk:
            asked = len(said)
            while question.encode() not in said[asked:]:
                said += os.read(terminal, 1000)
            os.write(terminal, f"{answer}\n".encode())
        while True:
            said += os.read(terminal, 1000)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    return ended, said.decode()


def asked_first(note):
    """at a terminal it asks, and no is no"""
    with Hand(mode="observe") as gate:
        for answer, status, wanted in (("n", 1, 0), ("y", 0, 2)):
            said = at_terminal(gate, ["account", "lock", "a@provider.test", "b@provider.test"], [("[y/N]", answer)])
            locked = gate.status()["locked"]
            yield f"'{answer}' is answered", None if (said[0], locked) == (status, wanted) else f"{locked} locked: {said}"


def killed_in_a_closure(note):
    """kill -9 at random moments of closures: after the next start they go on, and are done and proved"""
    names = list(OWNERS)[10:22]
    with Hand(mode="observe") as gate:
        for number, name in enumerate(names):
            ids = gate.queue.put(name, 2)
            control(gate.control, {"verb": "account lock", "account": name})
            time.sleep(0.03 * number)
            gate.stop(signal.SIGKILL)
            gate.start()
            if not wait_for(lambda: gate.status()["closures_waiting"] == 0):
                break
            wrong = {each: how for each, how in gate.states(gate.incidents()[name]["id"]).items() if how not in ("proved", "not_set_up")}
            yield f"killed after {30 * number} ms: all is proved", f"{wrong}" if wrong else None
            yield "its mail is held", None if wait_for(lambda: all(gate.queue.mail[each][0] == "hold" for each in ids)) else f"{gate.queue.mail}"
        yield "nothing waits", None if gate.status()["closures_waiting"] == 0 else f"{gate.status()}"
        yield "all are locked", None if gate.status()["locked"] == len(names) else f"{gate.status()}"


def while_it_is_away(note):
    """the daemon is away: lock and unlock work, the lists and the queue know, and the daemon has it when it is back"""
    thief, owner, kept = list(OWNERS)[:3]
    with Hand(mode="enforce") as gate:
        gate.hijack(thief)
        gate.do("account", "lock", kept)
        wait_for(lambda: gate.is_locked(thief) and not gate.status()["closures_waiting"])
        gate.stop(signal.SIGKILL)
        mail = gate.queue.put(owner, 2)
        began = time.monotonic()
        said, _ = gate.do("account", "lock", owner, "--why", "while away")
        took = time.monotonic() - began
        steps = {each["action"]: each for each in said["closure"]["steps"]}
        yield "it says that the daemon is away", None if said["away"] and said["accounts"][0]["done"] else f"{said}"
        yield "what can be done is proved", None if all(steps[each]["proved"] for each in ("away", "deny_list", "queue")) else f"{steps}"
        yield "the gate itself is not", None if steps["gate"]["state"] == "not_set_up" else f"{steps['gate']}"
        table = gate.state / "away" / "locked"
        yield "both lists have it, and those from before", None if all(gate.on_list(each, name) for each in (table, gate.denied)
                                                                       for name in (owner, kept)) else table.read_text()
        yield "its mail is held", None if all(gate.queue.mail[each][0] == "hold" for each in mail) else f"{gate.queue.mail}"
        said, _ = gate.do("account", "unlock", thief)
        yield "a hijacked one is opened", None if said["away"] and said["accounts"][0]["done"] and not gate.on_list(table, thief) else f"{said}"
        gate.do("account", "lock", "--domain", "provider.test", "--yes", status=1)
        yield "a domain cannot be told", None
        gate.start()
        answer = gate.owner_sends(owner)
        yield "back, it refuses", None if answer.startswith("421") else answer
        number = gate.incidents()[owner]["id"]
        yield "and the closure goes on", None if wait_for(lambda: gate.states(number)["gate"] == "proved") else f"{gate.states(number)}"
        story = " ".join(each["text"] for each in gate.ask("incident", "show", str(number))["notes"])
        yield "the story has it", None if "while away" in story and "the daemon was away" in story else story
        known = gate.ask("account", "show", thief)
        yield "of the one that was opened nothing is left", None if not known["locked"] and known["bits"] < 1 else f"{known['bits']} bits"
        answer = gate.owner_sends(thief)
        yield "its owner writes", None if answer == "DUNNO" else answer
        gate.stop()
        gate.do("account", "unlock", owner, "--false-alarm")
        gate.start()
        answer = gate.owner_sends(owner)
        yield "opened while away", None if answer == "DUNNO" else answer
        yield "its mail goes out", None if wait_for(lambda: all(gate.queue.mail[each][0] == "gone" for each in mail)) else f"{gate.queue.mail}"
    note(f"locked in the daemon's stead in {took:.2f} s")


def writes_and_is_robbed(gate, owner):
    """what the owner writes passes, and then a thief: (id of the owner's, is it locked?)"""
    with Policy(gate.policy) as policy:
        own = Letter(owner, OWNERS[owner][0], friends_of(owner)[:1])
        passed = own.send(policy) == "DUNNO"
    gate.queue.mail[own.id] = ["deferred", int(time.time()), owner]
    for letter, answer in gate.hijack(owner):
        if answer in ("DUNNO", "HOLD"):
            gate.queue.mail[letter.id] = ["deferred" if answer == "DUNNO" else "hold", int(time.time()), owner]
    return own.id, passed and wait_for(lambda: gate.is_locked(owner))


def letters_of(gate, owner):
    """{queue id: its state}"""
    with closing(sqlite3.connect(gate.state / "desk.db")) as desk:
        return dict(desk.execute("SELECT queue_id, state FROM letters WHERE account = ?", (owner,)))


def owners_own_wait(note):
    """a thief from elsewhere, the whole account locked: what its owner wrote and still lies in the queue waits, also where the queue is
    looked through only after kill -9; and whoever acts in the daemon's stead leaves it alone"""
    owner, other = list(OWNERS)[50:52]
    with Hand(mode="enforce", lock_reach="account") as gate:
        gate.queue.away = True
        (own, locked), (others, also_locked) = writes_and_is_robbed(gate, owner), writes_and_is_robbed(gate, other)
        yield "both wrote, and are locked", None if locked and also_locked else f"{gate.incidents()}"
        yield "also where they are at home", None if (answer := gate.owner_sends(owner)).startswith("421") else answer
        number = gate.incidents()[owner]["id"]
        time.sleep(2)  # of the last second a kill may take what the gate remembers of letters
        gate.stop(signal.SIGKILL)
        gate.queue.away = False
        gate.do("account", "lock", other)
        yield "who stands in for the daemon leaves the owner's alone", None if gate.queue.mail[others][0] == "deferred" else f"{letters_of(gate, other)}"
        said, _ = gate.do("account", "unlock", other)
        yield "opened by who stands in for the daemon", None if said["away"] and said["accounts"][0]["done"] else f"{said}"
        gate.start()
        yield "after the kill it is held", None if wait_for(lambda: gate.queue.mail[own][0] == "hold") else f"{gate.states(number)}"
        wait_for(lambda: not gate.status()["closures_waiting"])
        states = letters_of(gate, owner)
        yield "and waits, while the thief's is condemned", None if states.pop(own) == 0 and states and set(states.values()) == {3} else f"{states}"
        gate.do("account", "unlock", owner)
        yield "it goes out with the release", None if wait_for(lambda: gate.queue.mail[own][0] == "gone") else f"{gate.queue.mail[own]}"
        yield "the thief's does not", None if not any(gate.queue.mail.get(each, [""])[0] == "gone" for each in states) else f"{gate.queue.mail}"
        yield "nor was the other's ever thrown away", None if letters_of(gate, other).get(others) not in (3, 4) else f"{letters_of(gate, other)}"


def deputy_killed(note):
    """kill -9 of the command while it acts in the daemon's stead: nothing half, and the daemon goes on where it was"""
    names, done = list(OWNERS)[20:32], 0
    with Hand(mode="observe") as gate:
        for number, name in enumerate(names):
            gate.stop(signal.SIGKILL)
            ids, asked = gate.queue.put(name, 2), len(gate.queue.asked)
            command = subprocess.Popen([Gate.binary, "account", "lock", name, "-c", gate.root / "conf"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            if number % 2:  # at some moment before it is written, mostly, and at some moment after
                time.sleep(0.01 * number)
            else:
                wait_for(lambda asked=asked: len(gate.queue.asked) > asked, every_s=0.001)
                time.sleep(0.002 * number)
            command.kill()
            command.wait()
            gate.start()
            incident, answer = gate.incidents().get(name), gate.owner_sends(name)
            yield "locked, or not at all", None if answer.startswith("421") == bool(incident) else f"{answer}: {incident}"
            if not incident:
                continue
            done += 1
            if not wait_for(lambda: gate.status()["closures_waiting"] == 0):
                raise Wrong(f"{gate.states(incident['id'])}")
            wrong = {each: how for each, how in gate.states(incident["id"]).items() if how not in ("proved", "not_set_up")}
            yield "all is proved", f"{wrong}" if wrong else None
            yield "its mail is held", None if wait_for(lambda: all(gate.queue.mail[each][0] == "hold" for each in ids)) else f"{gate.queue.mail}"
        note(f"{done} of {len(names)} had locked by then")
        yield "what was written is locked", None if done >= len(names) // 2 else f"{done} of {len(names)}"


def while_it_comes_up(note):
    """the command and the daemon at the same moment, in either order: the lock is there, whoever did it"""
    deputies, ahead = 0, 0.05  # seconds by which the command begins before the daemon: they close in on the moment when it is the other's turn
    with Hand(mode="observe") as gate:
        for number, name in enumerate(list(OWNERS)[30:42]):
            gate.stop()
            if number % 2:
                gate.launch()
                time.sleep(0.01 * number)
                said, _ = gate.do("account", "lock", name)
            else:
                running = subprocess.Popen([Gate.binary, "account", "lock", name, "-f", "json", "-c", gate.root / "conf"],
                                           stdout=subprocess.PIPE, text=True)
                if number < 10 or deputies:
                    time.sleep(ahead)
                else:
                    wait_for(lambda: running.poll() is not None)
                gate.launch()
                said = json.loads(running.communicate(timeout=PATIENCE_S)[0])
                ahead *= 0.7 if said["away"] else 2
            deputies += said["away"]
            gate.comes_up()
            answer = gate.owner_sends(name)
            yield f"{'daemon' if number % 2 else 'command'} first: locked", None if answer.startswith("421") else answer
        note(f"the deputy locked {deputies} of 12")
        yield "each did some", None if 0 < deputies < 12 else f"the deputy {deputies} of 12"
        yield "all are locked", None if gate.status()["locked"] == 12 else f"{gate.status()}"


def whose_files(note):
    """root acts in the stead of a daemon of another user: that user can go on with what was written. Needs root."""
    if os.geteuid():
        note("not root: left out")
        return
    entry = pwd.getpwnam(NOBODY)
    owner = list(OWNERS)[5]
    with Hand(mode="observe") as gate:
        gate.stop()
        for each in [gate.root, *gate.root.rglob("*")]:
            os.chown(each, entry.pw_uid, entry.pw_gid)
        gate.root.chmod(0o755)
        gate.do("account", "lock", owner)
        foreign = [str(each) for each in [*gate.state.rglob("*"), *gate.denied.parent.rglob("*")] if each.stat().st_uid != entry.pw_uid]
        yield "all files are that user's", f"{foreign}" if foreign else None
        gate.start(user=NOBODY, group=entry.pw_gid, extra_groups=[])
        answer = gate.owner_sends(owner)
        yield "its daemon has the lock", None if answer.startswith("421") else answer
        gate.stop()
        done = subprocess.run([gate.binary, "account", "unlock", owner, "-c", gate.root / "conf"], capture_output=True, text=True, check=False,
                              user="daemon", group=entry.pw_gid, extra_groups=[], env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
        yield "nobody else may", None if done.returncode == 4 and "only root" in done.stderr else f"{done.returncode}: {done.stderr}"


def damaged_meanwhile(note):
    """the desk cannot be written while the daemon is away: it is said, and nothing seems to be locked"""
    owner = list(OWNERS)[6]
    with Hand(mode="observe") as gate:
        gate.stop()
        with closing(sqlite3.connect(gate.state / "desk.db", isolation_level=None, timeout=PATIENCE_S)) as others:
            others.execute("BEGIN EXCLUSIVE")
            gate.do("account", "lock", owner, status=4)
        gate.start()
        answer = gate.owner_sends(owner)
        yield "it is not locked", None if answer == "DUNNO" else answer


TYPED = "Typed-7.Kx"


def new_password(note):
    """where nobody is set up who could change passwords it is said; a password is never an argument, and nowhere to be found"""
    owner = list(OWNERS)[7]
    with Hand(mode="observe") as gate:
        gate.configure(passdb_socket='""')
        gate.restart()
        _, words = gate.do("account", "reset", owner, "--generate", status=1)
        yield "it is said", None if "passdb_socket" in words else words
        gate.do("account", "reset", owner, "--stdin", typed="\n", status=2)
        gate.do("account", "reset", owner, "secret", "--stdin", typed="secret\n", status=2)
        gate.do("account", "reset", owner, status=2)
        yield "an empty one, an argument, and nobody to ask, are wrong usage", None
        gate.do("account", "reset", owner, "--stdin", typed="Kept-from-the-log-9\n", status=1)
        kept = files_with([b"ept-from-the-log"], gate.said_in, gate.state)
        yield "it is nowhere", f"{kept}" if kept else None


class Passwords:
    """the real helper for passwords, root, with a passwd-file; what opens is asked of crypt(3)"""
    def __init__(self, gate, accounts):
        self.users, self.conf, self.socket = (gate.root / each for each in ("users", "passdb.conf", "passdb"))
        self.users.write_text("".join(f"{each}:{{SHA512-CRYPT}}{crypt('old', '$6$salt')}:1000:1000::/home\n" for each in accounts))
        self.conf.write_text(f"user = 0\nformer_folder = {gate.root}/former\nbackend = passwd-file\nfile = {self.users}\n")
        self.conf.chmod(0o600)
        gate.configure(passdb_socket=f'"{self.socket}"')
        self.program = subprocess.Popen([Gate.binary.with_name("sekisho-passdb"), "--config", self.conf, "--listen", self.socket],
                                        stderr=subprocess.DEVNULL, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})

    def __enter__(self):
        if not wait_for(self.listens):
            raise Wrong("sekisho-passdb does not listen")
        return self

    def listens(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def __exit__(self, *_):
        self.program.kill()
        self.program.wait()

    def opens(self, account, password):
        stored = next(line.split(":")[1] for line in self.users.read_text().splitlines() if line.startswith(account + ":"))
        hashed = stored.removeprefix("{SHA512-CRYPT}")
        return crypt(password, hashed) == hashed


def passwords(note):
    """reset generates one, or takes it from a program or at the terminal; --password makes one that nobody knows; also while away"""
    if os.geteuid():
        note("not root: left out")
        return
    owner, other = list(OWNERS)[8:10]
    gate = Hand(mode="observe")
    with Passwords(gate, [owner, other]) as passdb, gate:
        made, _ = gate.do("account", "reset", owner, "--generate")
        yield "a generated one opens", None if passdb.opens(owner, made["password"]) and not passdb.opens(owner, "old") else f"{made}"
        yield "it is a strong one", None if made["bits"] >= 90 and len(made["password"]) >= 15 else f"{made}"
        gate.do("account", "reset", owner, "--stdin", typed="From 1 program: <%>\nnot this\n")
        yield "one of a program opens", None if passdb.opens(owner, "From 1 program: <%>") else "no"
        _, words = gate.do("account", "reset", owner, "--stdin", typed="Sakura2024!\n", status=1)
        yield "a guessable one is refused, with reasons", None if "tried right after the words" in words and "akura" not in words else words
        yield "and nothing was done", None if passdb.opens(owner, "From 1 program: <%>") else "no"
        gate.do("account", "reset", owner, "--stdin", "--force", typed="sakura é\n")
        yield "unless root wants it so", None if passdb.opens(owner, "sakura é") else "no"
        with closing(sqlite3.connect(f"file:{gate.state}/desk.db?mode=ro", uri=True, timeout=PATIENCE_S)) as desk:
            verbs = [verb for verb, in desk.execute("SELECT verb FROM audit WHERE about = ? ORDER BY t_us", (owner,))]
        yield "which is put down", None if verbs.count("account reset --force") == 1 and verbs.count("account reset") == 2 else f"{verbs}"
        gate.do("account", "reset", "nobody@provider.test", "--generate", status=1)
        said = at_terminal(gate, ["account", "reset", owner], [("password:", TYPED), ("more:", TYPED + "2")])
        yield "two that differ are refused", None if said[0] == 2 and not passdb.opens(owner, TYPED) else f"{said}"
        said = at_terminal(gate, ["account", "reset", owner], [("password:", TYPED), ("more:", TYPED)])
        yield "a typed one opens", None if said[0] == 0 and passdb.opens(owner, TYPED) else f"{said}"
        yield "and is not shown", None if TYPED not in said[1] else said[1]
        done, _ = gate.do("account", "lock", other, "--password")
        step = next(each for each in done["closure"]["steps"] if each["action"] == "password")
        yield "locked with its password", None if step["proved"] and not passdb.opens(other, "old") else f"{step}"
        gate.do("account", "unlock", other, "--false-alarm")
        yield "a false alarm brings the old one back", None if passdb.opens(other, "old") else "no"
        gate.stop()
        made, _ = gate.do("account", "reset", owner, "--generate")
        yield "while the daemon is away", None if passdb.opens(owner, made["password"]) else f"{made}"
        done, _ = gate.do("account", "lock", other, "--password")
        yield "a lock, too", None if done["away"] and not passdb.opens(other, "old") else f"{done}"
        gate.start()
        gate.do("account", "unlock", other, "--false-alarm")
        yield "and back by the daemon", None if passdb.opens(other, "old") else "no"


STORIES = [by_hand, scopes, many, stopped, asked_first, killed_in_a_closure, while_it_is_away, owners_own_wait, deputy_killed, while_it_comes_up, whose_files,
           damaged_meanwhile, new_password, passwords]
