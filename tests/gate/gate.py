# SPDX-License-Identifier: Apache-2.0
"""The real daemon in a folder of its own, with a past in its log, and nobody else: Postfix and Dovecot are played (talk.py)."""
import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "live"))
from history import HOST, friends_of, log_of  # noqa: E402
from talk import KEY, Letter, Policy, control  # noqa: E402

HOME = "153.145.12.34"
OWNERS = {f"owner{number:02d}@provider.test": [HOME.replace("34", str(40 + number))] for number in range(60)}
COUNTRIES = ["73.12.91.5", "14.160.33.81", "183.17.204.9", "5.142.60.77", "177.32.8.190", "122.160.5.66", "125.166.140.3",
             "118.173.22.58", "59.19.77.101", "1.174.210.14", "41.142.108.16", "154.243.38.102", "190.108.17.62"]
# Whoever waits here waits for something to be so, not for a machine to be quick: only what never comes takes so long.
PATIENCE_S = 120
PORTS = range(20000, 32000)  # nobody who connects is given one of these, so that one is still free when the daemon starts anew
SANITIZED = re.compile(r"(AddressSanitizer|LeakSanitizer|runtime error|UndefinedBehaviorSanitizer)")


class Wrong(Exception):
    pass


class Gate:
    binary = None  # of all
    long = sanitized = False
    where = None  # its folder is made there
    all = []

    def __init__(self, root=None, **settings):
        self.root = Path(tempfile.mkdtemp(prefix="sekisho-gate-", dir=self.where))
        self.state = Path(root) if root else self.root / "state"
        self.log, self.said_in = self.root / "mail.log", self.root / "said"
        self.policy, self.control = self.root / "policy", self.root / "control"
        self.port = free_port()
        self.daemon = self.found = None
        self.environment = {}
        self.all.append(self)
        self.settings = {
            "state_folder": f'"{self.state}"', "mode": "enforce", "policy_listen": f'{{ "unix:{self.policy}" }}',
            "auth_policy_listen": f'"inet:127.0.0.1:{self.port}"', "auth_policy_key_file": f'"{self.root}/key"',
            "logs": f'{{ "{self.log}" }}', "control_socket": f'"{self.control}"', "queue_socket": f'"{self.root}/queue"',
            "locks_an_hour": 1000, "locks_an_hour_of_domain": 1000, **settings}
        (self.root / "key").write_text(KEY + "\n")
        self.log.touch()
        (self.root / "mail.log.1").write_text(log_of(OWNERS, days=20))
        self.configure()

    def configure(self, **settings):
        self.settings |= settings
        (self.root / "conf").write_text("".join(f"{name} = {value}\n" for name, value in self.settings.items()))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, *_):
        try:
            if self.daemon and self.daemon.poll() is None:
                self.stop(signal.SIGTERM if kind is None else signal.SIGKILL)
        finally:
            self.found = self.sanitizer()
            shutil.rmtree(self.root, ignore_errors=True)

    # ---- its life

    def launch(self, *before, **more):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=1", **self.environment,
                       "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
        with open(self.said_in, "ab") as said:
            self.daemon = subprocess.Popen([*before, self.binary, "serve", "-c", self.root / "conf"], stdin=subprocess.DEVNULL, stdout=said,
                                           stderr=said, start_new_session=True, env=environment, **more)

    def start(self, *before, **more):
        """returns after how many seconds it listened"""
        began = time.monotonic()
        self.launch(*before, **more)
        self.comes_up()
        return time.monotonic() - began

    def listens(self):
        if self.daemon.poll() is not None:
            raise Wrong(f"it ended with {self.daemon.returncode}: {self.said()[-600:]}")
        try:
            return bool(self.status())
        except (OSError, ValueError):
            return False

    def comes_up(self):
        if not wait_for(self.listens, every_s=0.01):
            raise Wrong(f"it does not listen: {self.said()[-600:]}")

    def fails(self, *before, **more):
        """it must not come up: (exit status, what it said)"""
        was = len(self.said())
        self.launch(*before, **more)
        try:
            self.daemon.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()
            raise Wrong("it came up") from None
        return self.daemon.returncode, self.said()[was:]

    def stop(self, how=signal.SIGTERM):
        """returns after how many seconds it was gone"""
        began = time.monotonic()
        self.daemon.send_signal(how)
        try:
            self.daemon.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()
            raise Wrong(f"it did not end within {PATIENCE_S} s") from None
        if how == signal.SIGTERM and self.daemon.returncode:
            raise Wrong(f"it ended with {self.daemon.returncode}: {self.said()[-1500:]}")
        return time.monotonic() - began

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        return self.start()

    def said(self):
        return self.said_in.read_text(errors="replace") if self.said_in.exists() else ""

    def sanitizer(self):
        """what a sanitizer found, None for nothing"""
        found = SANITIZED.search(self.said())
        return self.said()[found.start():found.start() + 1500] if found else None

    def memory(self, what="*"):
        """the files in which profiles are kept: "memory", the pictures, "journal", what was heard since, or both; the oldest first"""
        files = [file for file in self.state.glob(f"{what}.*") if re.fullmatch(r"(memory|journal)\.\d+", file.name)]
        return sorted(files, key=lambda file: int(file.suffix[1:]))

    def resident_kib(self):
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.daemon.pid}/status").read_text())[1])

    # ---- its world

    def tell(self, *texts, process="postfix/smtp[9]"):
        """lines of the log, at this moment"""
        with open(self.log, "a", encoding="utf-8", errors="surrogateescape") as log:
            for text in texts:
                log.write(f"{datetime.now():%b %e %H:%M:%S} {HOST} {process}: {text}\n")

    def send(self, login, ip, recipients, **more):
        with Policy(self.policy) as policy:
            return Letter(login, ip, recipients, **more).send(policy)

    def owner_sends(self, login):
        return self.send(login, OWNERS[login][0], friends_of(login)[:1])

    def hijack(self, login, messages=40):
        """a thief from a country a message, until all is refused: [(letter, answer)]"""
        sent = []
        with Policy(self.policy) as policy:
            for number in range(messages):
                letter = Letter(login, COUNTRIES[number % len(COUNTRIES)],
                                [f"stranger{number}.{each}.{login.split('@')[0]}@world{number}.test" for each in range(8)])
                sent.append((letter, letter.send(policy)))
                if sent[-1][1].startswith(("421", "554")):
                    break
        return sent

    # ---- what it says

    def status(self):
        return control(self.control, {"verb": "status"})[0]

    def ask(self, *words, status=0):
        done = subprocess.run([self.binary, *words, "-f", "json", "-c", self.root / "conf"], capture_output=True, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
        if done.returncode != status:
            raise Wrong(f"sekisho {' '.join(words)}: exit status {done.returncode}: {done.stderr.strip()[-300:]}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def incidents(self):
        """{account: incident} of those that are open"""
        return {each["account"]: each for each in self.ask("incident", "list")["incidents"]}

    def is_locked(self, login):
        return self.ask("account", "show", login)["locked"]


def written_in(*places):
    """(name, bytes) of every file there; one that goes meanwhile, as a database's new copy does, is no matter"""
    for path in (each for place in places for each in ([place] if place.is_file() else sorted(place.rglob("*")))):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                yield path.name, path.read_bytes()


def files_with(secrets, *places):
    """(name of the file, start of the secret) wherever one of them stands"""
    files = list(written_in(*places))
    if not files:
        raise Wrong(f"nothing was ever written in {places}")
    return [(name, secret[:6]) for name, kept in files for secret in secrets if secret in kept]


def free_port():
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", random.choice(PORTS)))
            return probe.getsockname()[1]


def wait_for(condition, patience_s=PATIENCE_S, every_s=0.05):
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every_s)
    return bool(condition())
