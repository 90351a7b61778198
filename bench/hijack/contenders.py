# SPDX-License-Identifier: Apache-2.0
"""Those who judge: a detector as a co-process on two pipes, one who only listens, and what those within this process share."""
import json
import os
import subprocess
import sys

PASS = {"verdict": "pass"}
KNOWN_REPLIES = {"{}\n": {}, '{"verdict":"pass"}\n': PASS}  # most replies; spares a parse
BUNDLE = 64  # lines sent before their replies are read; fits into a pipe with the replies, so nobody blocks
write_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def share_a_core(turn):
    """Keeps this process, and the detector that it starts, on one core. They take turns anyway, one waits while the other
    thinks; a line and its answer took 13 µs on one core, 27 to 56 on two, for the waking up."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[turn % len(cores)]})


class ContenderError(Exception):
    """a detector that cannot be measured"""


class Detector:
    """a command that speaks the judge protocol"""

    def __init__(self, command, name=None):
        self.name = name or " ".join(command)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = 0

    def ask(self, event):
        return self.ask_all((event,))[0]

    def ask_all(self, events):
        replies = []
        for first in range(0, len(events), BUNDLE):
            bundle = events[first:first + BUNDLE]
            try:
                self.process.stdin.write("".join([write_json(event) + "\n" for event in bundle]).encode())
                self.process.stdin.flush()
            except BrokenPipeError:
                self.died(bundle[0])
            self.lines += len(bundle)
            replies += [self.reply(event) for event in bundle]
        return replies

    def reply(self, event):
        line = self.process.stdout.readline().decode()
        if not line:
            self.died(event)
        known = KNOWN_REPLIES.get(line)
        if known is not None:
            return known
        try:
            reply = json.loads(line)
        except ValueError:
            reply = {"error": line}
        if "error" in reply:
            raise ContenderError(f"the detector answered {line.strip()!r} to {write_json(event)}")
        return reply

    def died(self, event):
        status = self.process.wait()
        raise ContenderError(f"the detector ended with {status} after {self.lines} lines; the last was {write_json(event)}")

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait():
            raise ContenderError(f"the detector ended with {self.process.returncode}")


class Inside:
    """Judges within this process; a subclass answers `ask`."""
    lines = 0

    def ask_all(self, events):
        return [self.ask(event) for event in events]

    def close(self):
        pass


class Listener(Inside):
    """passes all and writes down what it hears: the open-loop trace"""
    name = "trace"

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")

    def ask(self, event):
        self.lines += 1
        self.file.write(write_json(event) + "\n")
        return PASS

    def close(self):
        self.file.close()


def serve(contender):
    """speaks the judge protocol for a contender of this process, on standard input and output"""
    for line in sys.stdin:
        event = json.loads(line)
        heard = event["ev"] in contender.hears or event["ev"] == "verified"
        print(write_json(contender.ask(event) if heard else {}), flush=True)
