# SPDX-License-Identifier: Apache-2.0
"""A real Dovecot of its own with mailboxes, and the passdb and userdb that a test names: IMAP and LMTP on 127.0.0.1, everything in
one folder, children of this process. And sekisho-passdb, asked over its socket."""
import imaplib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote, unquote

from servers import MAIL_UID, Wrong, free_ports

LOOK_S = 1.1  # Dovecot looks at a passwd-file once a second
CONF = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = yes
auth_username_chars =
auth_failure_delay = 0
mail_location = maildir:~/Maildir
first_valid_uid = {uid}
{databases}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Mailboxes:
    """`databases`: Dovecot's passdb and userdb sections, with {root}, {uid} and {home} for where things are"""
    def __init__(self, databases):
        os.umask(0o022)
        self.root = Path(tempfile.mkdtemp(prefix="sekisho-passdb-", dir="/tmp"))
        self.root.chmod(0o755)
        self.ports = free_ports("imap", "lmtp")
        self.databases = databases
        self.dovecot = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self):
        (self.root / "mail").mkdir(exist_ok=True)
        shutil.chown(self.root / "mail", MAIL_UID, MAIL_UID)
        databases = self.databases.format(root=self.root, uid=MAIL_UID, home=f"{self.root}/mail/%u")
        (self.root / "dovecot.conf").write_text(CONF.format(root=self.root, uid=MAIL_UID, databases=databases, **self.ports))
        self.dovecot = subprocess.Popen(["timeout", "--foreground", "--kill-after=5", "1200", "setsid", "dovecot", "-F", "-c",
                                         self.root / "dovecot.conf"], stdin=subprocess.DEVNULL, start_new_session=True)
        for name in self.ports:
            self.wait_for_port(name)

    def stop(self):
        if self.dovecot:
            self.dovecot.terminate()
            self.dovecot.wait()
            self.dovecot = None

    def wait_for_port(self, name):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.dovecot.poll() is None:
            with suppress(OSError):
                return socket.create_connection(("127.0.0.1", self.ports[name]), timeout=1).close()
            time.sleep(0.05)
        raise Wrong(f"Dovecot's {name} does not listen: {self.last_words()}")

    def last_words(self):
        log = self.root / "dovecot.log"
        return " / ".join(log.read_text(errors="replace").splitlines()[-4:]) if log.exists() else ""

    def logs_in(self, account, password):
        """over IMAP, by AUTHENTICATE PLAIN, for names and passwords of any letters"""
        session = imaplib.IMAP4("127.0.0.1", self.ports["imap"])
        try:
            session.authenticate("PLAIN", lambda _: f"\0{account}\0{password}".encode())
        except imaplib.IMAP4.error as error:
            if "AUTHENTICATIONFAILED" in str(error):
                return False
            raise Wrong(f"login of {account}: {error}; {self.last_words()}") from error
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                session.logout()
        return True

    def doveadm(self, *words):
        return subprocess.run(["doveadm", "-c", self.root / "dovecot.conf", *words], capture_output=True, text=True, check=False)

    def delivers(self, account):
        """whether a message to the account is stored, by what LMTP says and by what lies there"""
        before = self.count(account)
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"]) as session:
            try:
                session.sendmail("somebody@example.net", [account], b"Subject: hello\r\n\r\nHello\r\n",
                                 ["SMTPUTF8"] if not account.isascii() else [])
            except smtplib.SMTPException as error:
                return f"{error}"
        return self.count(account) == before + 1

    def count(self, account):
        new = self.root / "mail" / account / "Maildir/new"
        return len(list(new.iterdir())) if new.exists() else 0


class Passdb:
    """sekisho-passdb with these settings, started by hand; `said` is what it wrote down"""
    def __init__(self, program, root, settings, user=0, name="passdb"):
        self.program, self.root, self.user = program, Path(root), user
        self.socket, self.conf, self.log = (self.root / f"{name}{end}" for end in ("", ".conf", ".log"))
        self.settings, self.former, self.process = settings, self.root / f"{name}-former", None

    def __enter__(self):
        self.write_settings(self.settings)
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def write_settings(self, settings, mode=0o600):
        self.conf.write_text(f"user = {self.user}\nformer_folder = {self.former}\n{settings}")
        self.conf.chmod(mode)

    def start(self):
        with open(self.log, "ab") as log:
            # what it hides from debuggers is hidden from the leak sanitizer, too
            self.process = subprocess.Popen([self.program, "--config", self.conf, "--listen", self.socket], stderr=log,
                                            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, start_new_session=True)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                return self.dial().close()
            time.sleep(0.01)
        raise Wrong(f"sekisho-passdb does not listen: {self.said()[-300:]}")

    def kill(self, number=signal.SIGKILL):
        if self.process:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def dial(self, patience_s=60):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(patience_s)
        try:
            connection.connect(str(self.socket))
        except OSError:
            connection.close()
            raise
        return connection

    def ask(self, *requests):
        """an answer for each request, a line"""
        with closing(self.dial()) as connection, connection.makefile("rwb") as lines:
            lines.write("".join(each + "\n" for each in requests).encode())
            lines.flush()
            return [lines.readline().decode().rstrip("\n") for _ in requests]

    def do(self, verb, account, *words):
        """("ok", print) or ("no", which, sentence)"""
        answer = self.ask(" ".join([verb, quoted(account), *map(quoted, words)]))[0].split(" ")
        if answer[0] == "ok":
            return "ok", answer[2]
        return answer[0], *answer[2:3], *(unquoted(each) for each in answer[3:])

    def accounts(self):
        with closing(self.dial()) as connection, connection.makefile("rwb") as lines:
            lines.write(b"list\n")
            lines.flush()
            told = list(iter(lambda: lines.readline().decode().rstrip("\n"), "end"))
        return [unquoted(line.removeprefix("account ")) for line in told]


def quoted(text):
    return "<" + quote(text, safe="!\"#$&'()*+,-./:;=?@[\\]^_`{|}~") + ">"


def unquoted(text):
    return unquote(text[1:-1])
