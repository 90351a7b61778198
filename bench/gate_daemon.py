# SPDX-License-Identifier: Apache-2.0
"""`sekisho serve` on a folder of its own, for gate.py and gate_mail.py: how it is started, asked and watched."""
import contextlib
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
KEY = "a key of the benchmark"
PATIENCE_S = 900  # an hour of history is learned in seconds, but the machine may be busy


def say(what):
    print(what, file=sys.stderr, flush=True)


@contextlib.contextmanager
def short_folder():
    """sockets need a short path"""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-bench-", dir="/var/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


def until(condition, what, child=None, patience_s=PATIENCE_S):
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline or (child and child.poll() is not None):
            sys.exit(f"gate: {what} does not come up")
        time.sleep(0.02)


def answers(path):
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
            return True
        except OSError:
            return False


class Child:
    """a server that is ended with us"""
    def __init__(self, *command, said=subprocess.DEVNULL):
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=said, stderr=said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Daemon(Child):
    """mode enforce, on loopback and unix sockets; what it knows and writes is in `folder`"""
    def __init__(self, sekisho, folder, history=None):
        self.folder, self.policy, self.auth = folder, free_port(), free_port()
        (folder / "state").mkdir(exist_ok=True)
        (folder / "key").write_text(KEY + "\n")
        if history:
            (folder / "mail.log").symlink_to(history)
        else:
            (folder / "mail.log").touch()
        (folder / "conf").write_text(f"""
state_folder = "{folder}/state"
mode = enforce
policy_listen = {{ "unix:{folder}/policy", "inet:127.0.0.1:{self.policy}" }}
auth_policy_listen = "inet:127.0.0.1:{self.auth}"
auth_policy_key_file = "{folder}/key"
logs = {{ "{folder}/mail.log" }}
control_socket = "{folder}/control"
queue_socket = "{folder}/queue"
""")
        with open(folder / "said", "wb") as said:
            super().__init__(sekisho, "serve", "-c", folder / "conf", said=said)
        until(lambda: answers(folder / "control"), f"the daemon ({folder}/said)", self.process)

    def status(self):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.folder / "control"))
            line.sendall(b'{"verb":"status"}\n')
            return json.loads(line.makefile().readline())

    def private_bytes(self):
        """what is its own and in memory, without files that are mapped; of /proc"""
        rollup = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return 1024 * int(re.search(r"^Anonymous:\s+(\d+)", rollup, re.M)[1])

    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(re.search(r"^VmRSS:\s+(\d+)", status, re.M)[1])


def policy_load(where, *options):
    told = subprocess.run([BUILD / "bench-policy-load", *map(str, options), str(where)], stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


def processor_ns(pid, first_only=False):
    """of all its threads, or of the first alone; schedstat counts what was really used, not ticks"""
    tasks = [pathlib.Path(f"/proc/{pid}/task/{pid}")] if first_only else pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in tasks)
