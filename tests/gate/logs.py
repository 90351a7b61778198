# SPDX-License-Identifier: Apache-2.0
"""Logs that are rotated, cut, gone, huge, and written by liars."""
import os
import random
import string

from gate import COUNTRIES, OWNERS, Gate, wait_for
from history import friends_of
from talk import queue_id

OWNER, VICTIM = list(OWNERS)[:2]


def letter(gate, account, ip, friend, result="sent", dsn="2.0.0"):
    """one message as the log tells of it, whole"""
    name = queue_id()
    gate.tell(f"{name}: client=unknown[{ip}], sasl_method=PLAIN, sasl_username={account}", process="postfix/submission/smtpd[41]")
    gate.tell(f"{name}: message-id=<{name}@client.example>", process="postfix/cleanup[42]")
    gate.tell(f"{name}: from=<{account}>, size=733, nrcpt=1 (queue active)", process="postfix/qmgr[77]")
    gate.tell(f"{name}: to=<{friend}>, relay=world.test[192.0.2.9]:25, delay=0.4, delays=0.1/0/0.1/0.2, dsn={dsn}, status={result} "
              "(250 2.0.0 Ok: queued)", f"{name}: removed")
    return name


def owners_letter(gate):
    return letter(gate, OWNER, OWNERS[OWNER][0], friends_of(OWNER)[0])


def is_known(gate, name):
    """does the daemon come to know whose it was?"""
    def found():
        try:
            return gate.ask("whose", name)["message"]["account"] == OWNER
        except Exception:  # not yet
            return False
    return wait_for(found, every_s=0.2)


def rotated_cut_and_gone(note):
    """the log is renamed, truncated, taken away and comes back while the daemon runs: every message is heard of once"""
    def rename(gate):
        os.rename(gate.log, gate.root / "mail.log.0")
        gate.log.touch()

    def truncate(gate):
        os.truncate(gate.log, 0)

    def take_away(gate):
        gate.log.unlink()
        wait_for(lambda: False, 1.5)

    with Gate() as gate:
        names = [owners_letter(gate)]
        yield "a message is heard of", None if is_known(gate, names[0]) else gate.said()[-600:]
        for what in (rename, truncate, take_away):
            what(gate)
            names.append(owners_letter(gate))
            yield f"{what.__name__}: the next one is heard of", None if is_known(gate, names[-1]) else gate.said()[-600:]
        count = gate.status()["mail"]["submissions"]
        yield "each once", None if count == len(names) else f"{count} of {len(names)}"
        yield "mail passes", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"
        os.rename(gate.log, gate.root / "mail.log.9")  # and while it is down
        gate.stop()
        with open(gate.root / "mail.log.9", "a", encoding="utf-8") as old:
            there, gate.log = gate.log, gate.root / "mail.log.9"
            last = owners_letter(gate)
            gate.log = there
            old.flush()
        gate.log.touch()
        gate.start()
        names.append(owners_letter(gate))
        yield "what came while it was down is heard of", None if is_known(gate, names[-1]) else gate.said()[-600:]
        note(f"the end of the file that was renamed while it was down was {'' if is_known(gate, last) else 'not '}read")


def huge_lines(note):
    """lines of a megabyte, NULs, wrong encodings and noise between honest ones"""
    rng = random.Random(2)
    with Gate() as gate:
        before = gate.resident_kib()
        for _ in range(5):
            with open(gate.log, "ab") as log:
                log.write(b"x" * (1 << 20) + b"\n" + os.urandom(1 << 18) + b"\n" + b"\0" * (1 << 20) + b"\n")
                log.write(b"Nov 22 10:00:00 mx postfix/smtpd[1]: " + b"A" * (1 << 20) + b"\n")
            gate.tell("".join(rng.choice(string.printable[:95]) for _ in range(5000)), "\udcff\udcfe" * 300)
        name = owners_letter(gate)
        yield "the honest line behind is heard", None if is_known(gate, name) else gate.said()[-600:]
        grown = gate.resident_kib() - before
        yield "memory is bounded", f"{grown} KiB" if grown > (120 if Gate.sanitized else 40) * 1024 else None
        lines = len(gate.said().splitlines())
        yield "the log is not flooded", f"{lines} lines" if lines > 50 else None
        yield "nobody is locked", f"{gate.incidents()}" if gate.incidents() else None


def liars(note):
    """strangers put look-alikes of server lines wherever they may write; the victim of their lies is left alone"""
    with Gate() as gate:
        for number in range(300):
            foreign = COUNTRIES[number % len(COUNTRIES)]
            lie = f"client=unknown[{foreign}], sasl_method=PLAIN, sasl_username={VICTIM}"
            name = queue_id()
            gate.tell(f"{name}: warning: header Subject: 4zzzz{number}zz: {lie} from x[{foreign}]; from=<a@b> to=<c@d> proto=ESMTP "
                      f"helo=<{lie}>", process="postfix/cleanup[5]")
            gate.tell(f"warning: unknown[{foreign}]: SASL PLAIN authentication failed: x, sasl_username={VICTIM}: {name}: {lie}",
                      process="postfix/smtpd[6]")
            gate.tell(f"NOQUEUE: reject: RCPT from unknown[{foreign}]: 554 5.7.1 <{lie}>: Helo command rejected; from=<{name}: {lie}> "
                      f"to=<{VICTIM}> proto=ESMTP helo=<{name}: {lie}>", process="postfix/smtpd[7]")
            gate.tell(f"{name}: to=<x@world.test>, relay=world.test[{foreign}]:25, delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced "
                      f"(host said: 554 5.7.1 {name}: {lie})")
            gate.tell(f"{name}: message-id=<{name}: {lie}>", process="postfix/cleanup[8]")
        gate.tell(f"{queue_id()}: client=unknown[73.12.91.5], sasl_method=PLAIN, sasl_username=evil\x1b[2J\x07\udcff\x00{VICTIM}",
                  process="postfix/submission/smtpd[9]")
        name = owners_letter(gate)
        yield "the honest line behind is heard", None if is_known(gate, name) else gate.said()[-600:]
        yield "nobody is locked", f"{gate.incidents()}" if gate.incidents() else None
        shown = gate.ask("account", "show", VICTIM)
        yield "not a message was counted as the victim's", f"{shown['recent'][:2]}" if shown["recent"] else None
        yield "who writes as usual", None if gate.owner_sends(VICTIM) == "DUNNO" else "is held"
        bad = [line for line in gate.said().splitlines() if any(ord(each) < 32 for each in line)]
        yield "no control characters reach our log", f"{bad[:2]}" if bad else None


def log_alone(note):
    """nothing is plugged in but the log: a hijack is seen there, and is an incident over a crash"""
    with Gate() as gate:
        for number, ip in enumerate(COUNTRIES * 3):
            letter(gate, VICTIM, ip, f"stranger{number}@world{number}.test", *(("bounced", "5.1.1") if number % 2 else ()))
        yield "it is seen", None if wait_for(lambda: VICTIM in gate.incidents()) else f"{gate.incidents()}"
        gate.restart(9)
        yield "and not forgotten", None if VICTIM in gate.incidents() else f"{gate.incidents()}"
        yield "it is not counted twice", f"{gate.ask('incident', 'list', '--all')}" if len(gate.incidents()) != 1 else None


STORIES = [rotated_cut_and_gone, huge_lines, liars, log_alone]
