#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many of the made-up phishing mails bear a right sign, and how many ordinary ones any.

  phishing.py TOOL [--count N] [--seed S] [--show N] [--words later|unseen|held_out|afterwards|last]     TOOL is build/inspect_phishing; exit status 1 where a goal is missed
"""
import argparse
import collections
import email
import email.policy
import pathlib
import random
import subprocess
import sys

import ordinary
import phishing_made
import unseen

GOAL_CAUGHT, GOAL_MARKED = 0.95, 0.001
OFFICIAL = ["mihonhost.example.jp", "xserver.ne.jp", "--", "Example Hosting", "エックスサーバー"]


def judged(tool, mails):
    """(bits, microseconds, signs) of each mail"""
    fed = b"".join(b"%d\n" % len(m) + m for m in mails)
    out = subprocess.run([tool, *OFFICIAL], input=fed, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    if len(out) != len(mails):
        sys.exit(f"{len(mails)} mails went in, {len(out)} answers came out")
    for line in out:
        bits, time, *signs = line.split()
        yield float(bits), int(time), {s.split("=")[0] for s in signs}, line


def share(name, good, all_):
    return f"{name}: {good} of {all_} ({100 * good / max(1, all_):.2f} %)"


def readable(mail):
    """From, Subject and texts as people see them"""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([f"  {n}: {message[n]}" for n in ("From", "Subject", "Authentication-Results")] + bodies)[:900]


arguments = argparse.ArgumentParser()
arguments.add_argument("tool", type=pathlib.Path)
arguments.add_argument("--count", type=int, default=20000, help="ordinary mails; a quarter as many phishing ones")
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--show", type=int, default=0)
arguments.add_argument("--words", choices=["later", *unseen.SETS], help="others than those that the table of words was made for")
options = arguments.parse_args()
families = list(ordinary.FAMILIES)
if options.words == "later":
    phishing_made.TEXTS = phishing_made.LATER
elif options.words:
    phishing_made.TEXTS, phishing_made.CALLS, honest_texts = unseen.SETS[options.words]
    families.append(unseen.service(honest_texts))
rng = random.Random(options.seed)
honest = [rng.choice(families) for _ in range(options.count)]
mails = [family(rng) for family in honest]
results = list(judged(options.tool.resolve(), mails))
marked = [(family.__name__, line, m) for family, (bits, _, _, line), m in zip(honest, results, mails) if bits > 0]
times = sorted(time for _, time, _, _ in results)
for family, line, m in marked[:options.show]:
    print("marked:", family, line)
    print(readable(m))
print(share("ordinary mails marked", len(marked), len(mails)), dict(collections.Counter(f for f, _, _ in marked)))
print(f"microseconds: median {times[len(times) // 2]}, p99 {times[len(times) * 99 // 100]}")

tricks = [rng.choice(phishing_made.FAMILIES) for _ in range(options.count // 4)]
made = [trick(rng) for trick in tricks]
results = list(judged(options.tool.resolve(), [m for m, _ in made]))
missed = [(trick.__name__, line, m) for trick, (m, right), (_, _, signs, line) in zip(tricks, made, results) if not signs & right]
called = sum(bits >= 8 for bits, _, _, _ in results)
for trick, line, m in missed[:options.show]:
    print("missed:", trick, line)
    print(readable(m))
print(share("phishing with a right sign", len(made) - len(missed), len(made)), dict(collections.Counter(t for t, _, _ in missed)))
print(share("called a notice", called, len(made)))
failed = (len(marked) > GOAL_MARKED * len(mails)) + (len(missed) > (1 - GOAL_CAUGHT) * len(made))
print(f"{2 - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
