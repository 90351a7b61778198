# SPDX-License-Identifier: Apache-2.0
"""A real Postfix and Dovecot of their own: everything under one folder, every port on 127.0.0.1, children of this
process. Nothing of /etc/postfix, /etc/dovecot and /var/spool/postfix is used, and no service manager is needed."""
import contextlib
import json
import os
import random
import re
import shutil
import socket
import string
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

CONF = Path(__file__).with_name("conf")
MAIL_UID = 30587  # owns the mailboxes; needs no name
QUIET_S = 0.4     # of no new line in the logs
LIFE_S = 700      # the servers end then, whoever forgot them
PORTS, GIVEN = range(10000, 20000), set()  # the gate's tests have those above
STAMP = re.compile(rb"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d", re.M)
NEEDED = {"postfix": "postfix", "postqueue": "postfix", "sendmail": "postfix", "dovecot": "dovecot-core",
          "/usr/lib/dovecot/imap": "dovecot-imapd", "/usr/lib/dovecot/lmtp": "dovecot-lmtpd"}


class Wrong(Exception):
    """the rig itself could not do what a scene needs"""


def unable(sekisho):
    """why the test cannot be run here, in a sentence, or nothing"""
    os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    if missing := sorted({package for program, package in NEEDED.items() if not shutil.which(program)}):
        return f"Debian packages are missing: {' '.join(missing)}"
    if os.geteuid() != 0:
        return "Postfix and Dovecot have to be started by root: they run parts of themselves as other users"
    if not shutil.which(sekisho):
        return f"{sekisho} is no program that can be run"
    return None


class Template(string.Template):
    delimiter = "@"


class Servers:
    life_s = LIFE_S

    def __init__(self, accounts, **ports):
        self.ports = {**ports, **free_ports("submission", "filtered", "reinjection", "imap")}
        self.accounts = accounts
        self.root, self.logs, self.children = None, [], []

    def __enter__(self):
        try:
            self.furnish()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def stop(self):
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait()

    def make_folders(self):
        os.umask(0o022)
        # not below TMPDIR: sockets need a short path, and other users a way in
        self.root = Path(tempfile.mkdtemp(prefix="sekisho-rig-", dir="/tmp"))
        self.root.chmod(0o755)
        self.logs = [self.root / "log/mail.log", self.root / "log/dovecot.log"]
        for folder in ("conf", "queue", "data", "log", "mail", "dovecot"):
            (self.root / folder).mkdir(mode=0o755)
        shutil.chown(self.root / "data", "postfix")
        shutil.chown(self.root / "mail", MAIL_UID, MAIL_UID)

    def furnish(self):
        self.make_folders()
        for template in CONF.iterdir():
            text = Template(template.read_text()).substitute(self.ports, root=self.root, uid=MAIL_UID)
            (self.root / "conf" / template.name).write_text(text)
        passwords = self.root / "dovecot/passwords"
        passwords.write_text("".join(f"{name}:{password}\n" for name, password in self.accounts.items()))
        passwords.chmod(0o640)
        shutil.chown(passwords, group="dovecot")

    def start(self):
        self.postfix("postfix", "check")  # makes the folders of the queue, where Dovecot puts its sockets
        self.child("dovecot", "-F", "-c", self.root / "conf/dovecot.conf")
        self.door_is_open(self.root / "queue/private/auth")
        daemons = Path(self.postfix("postconf", "-h", "daemon_directory").strip())
        self.child(daemons / "master", "-c", self.root / "conf", "-d")
        for name in ("submission", "filtered", "reinjection", "imap"):
            self.listens(name)

    def child(self, *command):
        """in a session of its own"""
        with open(self.root / "log/said", "ab") as said:
            self.children.append(subprocess.Popen(
                ["timeout", "--foreground", "--kill-after=5", str(self.life_s), "setsid", *command],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True))

    def door_is_open(self, door, patience_s=120):
        """Dovecot makes its socket before Postfix may use it; an smtpd that comes too early ends, and is missing for a minute"""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if door.exists() and door.owner() == "postfix":
                return
            time.sleep(0.02)
        raise Wrong(f"Dovecot does not open {door}: {self.last_words()}")

    def listens(self, name, patience_s=120):
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and all(child.poll() is None for child in self.children):
            try:
                return socket.create_connection(("127.0.0.1", self.ports[name]), timeout=1).close()
            except OSError:
                time.sleep(0.05)
        raise Wrong(f"nothing listens on the {name} port; last words: {self.last_words()}")

    def last_words(self):
        files = [file for file in (self.root / "log/said", *self.logs) if file.exists()]
        return " / ".join(line for file in files for line in file.read_text(errors="replace").splitlines()[-3:])

    def postfix(self, program, *words, **how):
        """one of Postfix's programs, with our configuration; what it said"""
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False,
                              env={**os.environ, "MAIL_CONFIG": str(self.root / "conf")}, **how)
        if done.returncode:
            raise Wrong(f"{program} {' '.join(words)}: {(done.stderr + done.stdout).strip()[-300:]}")
        return done.stdout

    def queue(self):
        """{queue id: (its queue, its recipients)}"""
        entries = map(json.loads, self.postfix("postqueue", "-j").splitlines())
        return {entry["queue_id"]: (entry["queue_name"], {rcpt["address"] for rcpt in entry["recipients"]})
                for entry in entries}

    def settle(self):
        """waits until nothing is on its way any more: what is queued was put off, and nobody writes a log"""
        before = None
        while (now := self.offsets()) != before or any(name != "deferred" for name, _ in self.queue().values()):
            before = now
            time.sleep(QUIET_S)

    def offsets(self):
        return [log.stat().st_size if log.exists() else 0 for log in self.logs]

    def cut(self, days, folder):
        """the logs from the first of these offsets on, as files in that folder; at each further one a day passes"""
        for log, *starts in zip(self.logs, *days):
            text, ends, ago = log.read_bytes(), [*starts[1:], None], range(len(starts) - 1, -1, -1)
            told = [earlier(text[start:end], days_ago) for start, end, days_ago in zip(starts, ends, ago)]
            (folder / log.name).write_bytes(b"".join(told))
        return [folder / log.name for log in self.logs]

    def flush(self):
        self.postfix("postqueue", "-f")

    def forget_queue(self):
        self.postfix("postsuper", "-d", "ALL")

    def sendmail(self, uid, sender, recipients):
        """sendmail(1), called by that uid; the group lets postdrop believe our configuration"""
        self.postfix("sendmail", "-i", "-f", sender, *recipients, input="Subject: from the form\n\nHello\n",
                     user=uid, group="postdrop", extra_groups=[])


def earlier(text, days):
    """the same lines, so many days ago"""
    def stamp(found):
        now = datetime.now()
        then = datetime.strptime(f"{now.year} {found[0].decode()}", "%Y %b %d %H:%M:%S")
        return f"{then - timedelta(days):%b %e %H:%M:%S}".encode()
    return STAMP.sub(stamp, text) if days else text


def free_ports(*names):
    """below those that are given to whoever connects: they are free still when the servers take them"""
    ports = {}
    while len(ports) < len(names):
        port = random.choice(PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports |= {} if port in GIVEN else {names[len(ports)]: port}
            GIVEN.add(port)
    return ports
