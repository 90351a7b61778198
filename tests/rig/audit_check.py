# SPDX-License-Identifier: Apache-2.0
"""The audit of stored passwords on many accounts: what it finds, how it is stopped and goes on, and that nothing of a password or of a find
is left anywhere. Each check yields (what, what is wrong with it or nothing)."""
import ctypes
import json
import os
import random
import re
import signal
import sqlite3
import string
import subprocess
import time
from contextlib import closing, suppress
from datetime import datetime, timezone
from pathlib import Path

from mailboxes import Passdb, quoted
from queue_check import wanted
from servers import Wrong

YEAR = datetime.now(timezone.utc).year
COMPANY, DOMAIN = "Nippon Trading", "acme-shop.co.jp"
IDLE, NICEST = 5, 19  # sched_setscheduler(2)
ALONE = 4  # no daemon is here that could tell of further risks, which the exit status says
STATE = "phase accounts guessable settled depth tries seconds".split()


class Crypt:
    """bcrypt, by the library that everybody uses"""
    def __init__(self, cost):
        self.library = ctypes.CDLL("libcrypt.so.1")
        self.library.crypt.restype = ctypes.c_char_p
        self.cost, self.random = cost, random.Random(1)

    def hash(self, password):
        salt = "".join(self.random.choices(string.ascii_letters + string.digits, k=21)) + "u"
        made = self.library.crypt(password.encode(), f"$2y${self.cost:02}${salt}".encode())
        if not made or not made.startswith(b"$2y$"):
            raise Wrong("crypt(3) knows no bcrypt")
        return "{BLF-CRYPT}" + made.decode()


def password_of(number):
    """(password, by what it can be guessed or None)"""
    account = f"user{number:05}"
    guessable = {3: ("1234qwer", "row"), 5: (f"{account}123", "of_address"), 7: (f"nippontrading{YEAR}", "of_names")}
    strong = "".join(random.Random(number).choices(string.ascii_letters + string.digits, k=12))
    return guessable.get(number % 100, (strong, None))


class Rig:
    """accounts, the helper that knows them, and the command that asks it"""
    def __init__(self, program, sekisho, root, count, cost=5, database=False):
        self.sekisho, self.root, self.count = sekisho, Path(root), count
        self.crypt, self.database = Crypt(cost), database
        self.users = self.root / ("users.db" if database else "users")
        settings = (f"backend = sqlite\nfile = {self.users}\nget = SELECT password FROM users WHERE account = :account\n"
                    "set = UPDATE users SET password = :password WHERE account = :account\nlist = SELECT account FROM users\n" if database
                    else f"backend = passwd-file\nfile = {self.users}\n")
        self.passdb = Passdb(program, self.root, f"{settings}names = {COMPANY}\n")
        self.conf = self.root / "sekisho.conf"
        self.conf.write_text(f'passdb_socket = "{self.passdb.socket}"\n')
        self.stored = {f"user{number:05}@{DOMAIN}": self.crypt.hash(password_of(number)[0]) for number in range(count)}
        self.weak = {f"user{number:05}@{DOMAIN}": password_of(number)[1] for number in range(count) if password_of(number)[1]}

    def __enter__(self):
        self.write_users()
        self.passdb.__enter__()
        return self

    def __exit__(self, *_):
        self.passdb.kill(signal.SIGTERM)

    def write_users(self):
        if not self.database:
            self.users.write_text("".join(f"{account}:{stored}:1000:1000::/home\n" for account, stored in self.stored.items()))
            return
        with closing(sqlite3.connect(self.users)) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS users (account TEXT PRIMARY KEY, password TEXT)")
            database.executemany("INSERT OR REPLACE INTO users VALUES (?, ?)", self.stored.items())

    # ---- the audit

    def words(self, *options):
        return [self.sekisho, "account", "audit", "-c", self.conf, *options]

    def audit(self, *options):
        """(exit status, what it says)"""
        done = subprocess.run(self.words("-f", "json", *options), capture_output=True, text=True, timeout=7200, check=False)
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    def begin(self, *options):
        return subprocess.Popen(self.words(*options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})

    def state(self):
        words = self.passdb.ask("audit-state")[0].split(" ")
        return dict(zip(STATE, [words[1], *map(int, words[2:8])]))

    def child(self, parent=None):
        """the process that watches over the audit"""
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                if folder.name.isdigit() and b"--audit" in (folder / "cmdline").read_bytes().split(b"\0") and \
                        int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == (parent or self.passdb.process.pid):
                    return folder
        return None

    def trier(self):
        """the process that tries"""
        return self.child(int(self.child().name))

    def wait_for(self, what, patience_s=300):
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if what(state := self.state()):
                return state
            time.sleep(0.05)
        raise Wrong(f"it does not come to that: {self.state()}")


def found(answer):
    return {each["account"]: risk["fault"] for each in answer["risks"] for risk in each["risks"] if risk["risk"] == "guessable"}


def secrets(rig):
    """what must be nowhere: passwords and hashes, without those that may stand in an account's name"""
    passwords = {password_of(number)[0] for number in range(rig.count)}
    return [each.encode() for each in passwords] + [stored.split("$")[-1].encode() for stored in rig.stored.values()]


def leaks(data, needles):
    return sum(needle in data for needle in needles)


# ---- checks

def finds(rig):
    status, answer = rig.audit("--cores", "2", "--tries", "10")
    yield "done", wanted((ALONE, "finished", 10), (status, answer["ended"], answer["depth"]))
    yield "1234qwer, the name with 123, the company with the year", wanted(rig.weak, found(answer))
    shared = {each["account"] for each in answer["risks"] for risk in each["risks"] if risk["risk"] == "shared_password"}
    yield "who shares one", wanted({account for account, fault in rig.weak.items() if fault != "of_address"}, shared)
    tries = answer["tries"]
    status, answer = rig.audit("--cores", "2", "--tries", "10")
    yield "what is unchanged is not tried again", wanted((0, True, rig.weak), (answer["tries"], tries > 0, found(answer)))
    account = min(rig.weak)
    yield "a new password", wanted("ok", rig.passdb.do("change", account, "vT9-kmQ2.xw4Lr")[0])
    status, answer = rig.audit("--tries", "10", "--account", account)
    yield "is no risk any more", wanted({}, found(answer))
    status, answer = rig.audit("--list")
    yield "the rest is as it was", wanted({other: fault for other, fault in rig.weak.items() if other != account}, found(answer))
    rig.write_users()


def in_a_database(rig):
    status, answer = rig.audit("--cores", "2", "--tries", "10")
    yield "found in SQLite", wanted((ALONE, rig.weak), (status, found(answer)))


def stands_back(rig):
    command = rig.begin("--cores", "2")
    rig.wait_for(lambda state: state["phase"] == "trying")
    watcher, child = rig.child(), rig.trier()
    stat = (child / "stat").read_text().rsplit(")", 1)[1].split()
    yield "idle, and nice", wanted((IDLE, NICEST), (int(stat[38]), int(stat[16])))
    threads = [(folder / "stat").read_text().rsplit(")", 1)[1].split() for folder in (child / "task").iterdir()]
    yield "each thread of it", wanted({(IDLE, NICEST)}, {(int(words[38]), int(words[16])) for words in threads})
    yield "two of them try", wanted(3, len(threads))
    limits = (child / "limits").read_text()
    yield "who watches the time does not stand back", wanted(0, int((watcher / "stat").read_text().rsplit(")", 1)[1].split()[38]))
    yield "no core", wanted(["0", "0"], re.search(r"Max core file size +(\S+) +(\S+)", limits).groups() and
                            list(re.search(r"Max core file size +(\S+) +(\S+)", limits).groups()))
    began = time.monotonic()
    answers = rig.passdb.ask("ping", f"fingerprint {quoted(min(rig.stored))}")
    yield "others are answered meanwhile", wanted((["ok", "ok"], True), ([each[:2] for each in answers], time.monotonic() - began < 5))
    yield "another audit is refused", wanted((4, True), (lambda done: (done[0], "another audit is running" in done[1]))(rig.audit()))
    command.send_signal(signal.SIGINT)
    said, _ = command.communicate(timeout=120)
    yield "Ctrl-C ends it in part", wanted((ALONE, True), (command.returncode, "The audit was stopped" in said))
    yield "it says how far it came", wanted(True, bool(re.search(r"the [\d,]+ likeliest passwords of each account", said)))
    yield "nobody goes on", wanted((None, False), (rig.child(), child.exists()))


def goes_on(rig):
    command = rig.begin("--cores", "2")
    rig.wait_for(lambda state: state["depth"] >= 10)
    time.sleep(1.5)
    before = rig.state()["tries"]
    trier = rig.trier()
    os.kill(int(rig.child().name), signal.SIGKILL)
    _, said = command.communicate(timeout=120)
    yield "who tries goes with who watches", wanted(True, gone(trier))
    yield "killed, and said so", wanted((4, True), (command.returncode, "it was killed" in said))
    rig.passdb.kill()
    rig.passdb.start()
    status, answer = rig.audit("--cores", "2", "--tries", "10")
    yield "the first ten are not tried again", wanted((ALONE, 0, rig.weak), (status, answer["tries"], found(answer)))
    yield "there had been some", wanted(True, before > 0)
    command = rig.begin("--cores", "2")
    rig.wait_for(lambda state: state["phase"] == "trying")
    child, trier = rig.child(), rig.trier()
    rig.passdb.kill()
    yield "it goes with the helper", wanted((True, True), (gone(child), gone(trier)))
    command.communicate(timeout=120)
    rig.passdb.start()


def gone(folder, patience_s=5):
    until = time.monotonic() + patience_s
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return not folder.exists()


SLOW = ["{SHA512-CRYPT}$6$rounds=999999999$saltsalt$" + "a" * 86, "{BLF-CRYPT}$2y$31$" + "a" * 53,
        "{ARGON2ID}$argon2id$v=19$m=4194304,t=100,p=1$c2FsdHNhbHQ$" + "A" * 43]
DAMAGED = ["{BLF-CRYPT}$2y$05$short", "{BLF-CRYPT}", "{SSHA}", "{SSHA}!!!notbase64", "", "{PBKDF2}$1$AAAA$5000$bbbb"]
SLOWEST = "{BLF-CRYPT}$2y$14$" + "a" * 53
CLEAR = ["{PLAIN.HEX}3132333471776572", "{PLAIN.b64}MTIzNHF3ZXI=", "{PLAIN.B64}MTIzNHF3ZXI=", "{CLEARTEXT}1234qwer", "{PLAIN-TRUNC}8-1234qwer"]


def write_odd(rig):
    """beside the others; what each of them is to be called"""
    odd = {**{f"slow{number}@{DOMAIN}": (stored, "too_slow") for number, stored in enumerate(SLOW)},
           **{f"damaged{number}@{DOMAIN}": (stored, "damaged") for number, stored in enumerate(DAMAGED)},
           **{f"clear{number}@{DOMAIN}": (stored, "guessable") for number, stored in enumerate(CLEAR)}}
    with rig.users.open("a") as users:
        users.write("".join(f"{account}:{stored}\n" for account, (stored, _) in odd.items()))
    return {account: state for account, (_, state) in odd.items()}


def by_hand(rig, *options):
    return subprocess.Popen([rig.passdb.program, "--audit", "-c", rig.passdb.conf, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ends_in_time(rig):
    """whatever is stored: hashes of hours and gigabytes, and the slowest that are tried"""
    odd = write_odd(rig)
    with rig.users.open("a") as users:
        users.write("".join(f"heavy{number}@{DOMAIN}:{SLOWEST}\n" for number in range(4)))
    began = time.monotonic()
    done = by_hand(rig, "--time", "2", "--cores", "2")
    said, _ = done.communicate(timeout=60)
    yield "after its time, and no second more", wanted((0, True, True), (done.returncode, 2 <= time.monotonic() - began < 3.5, said.startswith("time_over: ")))
    for number in (signal.SIGTERM, signal.SIGINT):
        done = by_hand(rig, "--time", "60", "--cores", "2")
        time.sleep(1.5)
        began = time.monotonic()
        done.send_signal(number)
        said, _ = done.communicate(timeout=60)
        yield f"{number.name} ends it", wanted((0, True, True), (done.returncode, time.monotonic() - began < 1.5, said.startswith("stopped: ")))
        yield "and it says how far it came", wanted(True, bool(re.search(r"the first \d+ of their likely passwords were tried at all", said)))
    rig.write_users()
    odd = write_odd(rig)
    _, answer = rig.audit("--tries", "10", "--time", "60s", "--cores", "2")
    risks = {each["account"]: {risk["risk"] for risk in each["risks"]} for each in answer["risks"]}
    yield "each is called what it is", wanted({}, {account: state for account, state in odd.items() if "guess" not in state and state not in risks.get(account, ())})
    yield "and counted", wanted((len(SLOW), len(DAMAGED)), (answer["too_slow"], answer["damaged"]))
    rig.write_users()


def tells_nobody(rig):
    """no password, no hash and no find: in no file, no log, no process, no core"""
    needles, seen = secrets(rig), []
    command = rig.begin("--cores", "2", "--tries", "30")
    rig.wait_for(lambda state: state["phase"] in ("trying", "finished"))
    while command.poll() is None:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != os.getpid():
                for name in ("cmdline", "environ", "comm"):
                    with suppress(OSError):
                        seen.append((folder / name).read_bytes())
        time.sleep(0.3)
    said = "".join(command.communicate(timeout=600))
    yield "in no list of processes", wanted(0, leaks(b"\0".join(set(seen)), needles))
    yield "in no answer", wanted(0, leaks(said.encode(), needles))
    yield "in no log", wanted(0, leaks(rig.passdb.said().encode(), needles))
    kept = {path: path.read_bytes() for path in rig.root.rglob("*") if path.is_file() and path != rig.users}
    yield "in no file", wanted([], [path.name for path, data in kept.items() if leaks(data, needles)])
    results = (rig.passdb.former / "audit").read_text()
    yield "the file is root's alone", wanted(0o600, (rig.passdb.former / "audit").stat().st_mode & 0o7777)
    yield "no find has a number", wanted({"0"}, {line.split(" ")[4] for line in results.splitlines() if " guessable " in line})
    yield "nor in what the helper tells", wanted(0, leaks("\n".join(tell(rig)).encode(), needles))


def tell(rig):
    with closing(rig.passdb.dial()) as connection, connection.makefile("rwb") as lines:
        lines.write(b"audit-results\n")
        lines.flush()
        return list(iter(lambda: lines.readline().decode().rstrip("\n"), "end"))


def leaves_no_core(rig):
    command = rig.begin("--cores", "2")
    rig.wait_for(lambda state: state["phase"] == "trying")
    child = rig.trier()
    yield "nobody else may look into it", wanted(False, can_be_read_by_nobody(child))
    os.kill(int(child.name), signal.SIGABRT)
    command.communicate(timeout=120)
    cores = [path.name for folder in (rig.root, Path("/"), Path.cwd()) for path in folder.glob("core*") if path.is_file()]
    yield "no core is left", wanted([], cores)


def can_be_read_by_nobody(child):
    """as a user who is not root"""
    return subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "cat", child / "environ"], capture_output=True, check=False).returncode == 0


CHECKS = [finds, stands_back, goes_on, ends_in_time, tells_nobody, leaves_no_core]
