# SPDX-License-Identifier: Apache-2.0
"""A real Postfix and Dovecot (../rig) with sekisho at the gate: the daemon as an ordinary user, the queue's helper as root, both
with the very lines for Postfix and Dovecot that the project hands out (share/)."""
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "rig"))
from history import log_of  # noqa: E402
from servers import Servers, Wrong, free_ports  # noqa: E402

DAEMON = "daemon"  # whom the daemon runs as: any user without rights
KEY = "a-key-of-the-live-test"
NONCE = "of-the-live-test"
SHARE = HERE.parents[1] / "share"


def put(text, instead):
    """each of these words has to be there"""
    for old, new in instead.items():
        if old not in text:
            raise Wrong(f"'{old}' is not among the lines that are handed out")
        text = text.replace(old, new)
    return text


class Live(Servers):
    def __init__(self, binary, helper, accounts, owners, mode="enforce", short_ids=False, gate=True, **ports):
        super().__init__(accounts, **ports, **free_ports("auth"))
        self.binary, self.helper, self.owners, self.mode = binary, helper, owners, mode
        self.short_ids, self.gate = short_ids, gate  # without a gate nobody is asked
        self.daemon, self.keeps, self.kept = None, False, None

    # ---- files

    def furnish(self):
        super().furnish()
        for log in self.logs:
            log.touch()
            log.chmod(0o644)
        (self.root / "log/mail.log.1").write_text(log_of(self.owners, days=20))
        gate = self.root / "gate"
        policy = self.root / "queue/sekisho"  # as share/tmpfiles makes it
        for folder in (gate, gate / "run", gate / "state", policy):
            folder.mkdir(parents=True)
            shutil.chown(folder, DAEMON, "postfix")
        policy.chmod(0o2750)
        (gate / "state").chmod(0o755)
        for name, secret in (("key", KEY), ("nonce", NONCE)):
            (gate / name).write_text(secret + "\n")
            shutil.chown(gate / name, DAEMON)
            (gate / name).chmod(0o400)
        (gate / "sekisho.conf").write_text(f"""
state_folder = "{gate}/state"
mode = {self.mode}
policy_listen = {{ "unix:{policy}/policy" }}
auth_policy_listen = "inet:127.0.0.1:{self.ports['auth']}"
auth_policy_key_file = "{gate}/key"
auth_policy_hash_nonce_file = "{gate}/nonce"
logs = {{ "{self.logs[0]}", "{self.logs[1]}" }}
control_socket = "{gate}/run/control"
queue_socket = "{gate}/queue"
support = {{ "games" }}
operators = {{ "news" }}
""")
        (gate / "queue.conf").write_text(f"postfix = {self.root}/conf\nuser = {DAEMON}\n")
        (gate / "queue.conf").chmod(0o644)
        if self.gate:
            self.plug_in()

    def plug_in(self):
        """the very lines that are handed out; only paths and ports are ours"""
        conf, gate = self.root / "conf", self.root / "gate"
        with open(conf / "main.cf", "a") as main:
            main.write("\n" + put((SHARE / "postfix/main.cf").read_text(), {"/var/lib/sekisho": f"{gate}/state"}))
            main.write("\nenable_long_queue_ids = no\n" if self.short_ids else "")
        words = [line for line in (SHARE / "postfix/master.cf").read_text().splitlines() if line.startswith("  -o ")]
        master = put((conf / "master.cf").read_text(), {
            "  -o syslog_name=postfix/submission": "\n".join(["  -o syslog_name=postfix/submission", *words]),
            # chrooted, as Debian's is
            f"127.0.0.1:{self.ports['submission']} inet n - n": f"127.0.0.1:{self.ports['submission']} inet n - y"})
        (conf / "master.cf").write_text(master)
        secret = gate / "dovecot.key"
        secret.touch(0o600)
        secret.write_text(f"auth_policy_server_api_header = X-Sekisho-Key: {KEY}\nauth_policy_hash_nonce = {NONCE}\n")
        with open(conf / "dovecot.conf", "a") as dovecot:
            dovecot.write("\n" + put((SHARE / "dovecot/99-sekisho.conf").read_text(), {
                ":9580/": f":{self.ports['auth']}/", "/etc/dovecot/sekisho.key": str(secret)}))

    # ---- the daemon

    def start(self):
        if self.gate:
            self.start_helper()
            self.start_daemon()
        super().start()

    def start_helper(self):
        self.child(self.helper, "--listen", self.root / "gate/queue", "--config", self.root / "gate/queue.conf")
        self.appears(self.root / "gate/queue")

    def start_daemon(self):
        with open(self.root / "log/sekisho", "ab") as said:
            self.daemon = subprocess.Popen(
                [self.binary, "serve", "-c", self.root / "gate/sekisho.conf"], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True, user=DAEMON, group="postfix", extra_groups=[], env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.appears(self.root / "gate/run/control")

    def kill_daemon(self, how=signal.SIGKILL):
        self.daemon.send_signal(how)
        self.daemon.wait()

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.kill_daemon(signal.SIGTERM)
        super().stop()

    def __exit__(self, *_):
        self.stop()
        if self.root and self.keeps:
            self.kept = Path(tempfile.mkdtemp(prefix="sekisho-live-"))
            shutil.copytree(self.root / "log", self.kept, dirs_exist_ok=True)
        super().__exit__()

    def appears(self, path, patience_s=120):
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    return probe.connect(str(path))
                except OSError:
                    time.sleep(0.02)
        raise Wrong(f"nothing listens on {path}: {self.said()}")

    def said(self):
        log = self.root / "log/sekisho"
        return log.read_text(errors="replace") if log.exists() else ""

    def ask(self, *words, status=0, user=None):
        """a command of sekisho's, given by that user; what it answered, as JSON"""
        who = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        done = subprocess.run([self.binary, *words, "-f", "json", "-c", self.root / "gate/sekisho.conf"], capture_output=True,
                              text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}, **who)
        if done.returncode != status:
            raise Wrong(f"sekisho {' '.join(words)}: exit status {done.returncode}: {done.stderr.strip()[-300:]}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def status(self):
        """what the daemon says of itself over its socket"""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.root / "gate/run/control"))
            line.sendall(b'{"verb":"status"}\n')
            return json.loads(line.makefile().readline())

    def named_like(self, queue_id, name):
        """a copy of that message, as if it had come an hour ago under this name, and been held by a person"""
        there = next(path for path in (self.root / "queue").glob(f"deferred/*/{queue_id}"))
        arrival = next(entry["arrival_time"] for entry in map(json.loads, self.postfix("postqueue", "-j").splitlines())
                       if entry["queue_id"] == queue_id)
        copy = self.root / "queue/hold" / name
        copy.write_bytes(there.read_bytes().replace(str(arrival).encode(), str(arrival - 3600).encode()))
        shutil.copystat(there, copy)
        shutil.chown(copy, "postfix")
        os.utime(copy, (arrival - 3600, arrival - 3600))

    def held(self):
        """{queue id: recipients} of what lies in the hold queue"""
        return {queue_id: recipients for queue_id, (name, recipients) in self.queue().items() if name == "hold"}


Live.life_s = 1600  # the stories here are longer
