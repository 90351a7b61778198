#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which letters to abuse desks are known for complaints, with the account that they are about; what other mail is taken for one.

  complaints.py SEKISHO [--count N] [--seed S]     SEKISHO is build/sekisho; exit status 1 where a goal is missed
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import complaint_letters
import ordinary
import phishing_made

GOAL_MARKED = 0.001  # of ordinary mail
NO_ACCOUNT = {"just-ip", "u-ip", "w-15", "w-16"}


def seen(sekisho, mails):
    """what `inspect` says of each, by name"""
    with tempfile.TemporaryDirectory() as folder:
        for name, mail in mails.items():
            (pathlib.Path(folder) / f"{name}.eml").write_bytes(mail)
        done = subprocess.run([sekisho, "inspect", "-f", "json", folder], stdout=subprocess.PIPE, check=True)
    told = map(json.loads, done.stdout.decode().splitlines())
    return {pathlib.Path(one["file"]).stem: one for one in told}


def handed_on(rng, mail):
    """a phishing mail, to abuse@ with no word"""
    return complaint_letters.letter("Pat <pat@example.com>", "abuse@example.net", rng.choice(["Fwd: this", "転送します", "(none)"]), "\n",
                                    attached=("message/rfc822", "", mail.decode(errors="replace")))


parser = argparse.ArgumentParser(usage=__doc__)
parser.add_argument("sekisho", type=pathlib.Path)
parser.add_argument("--count", type=int, default=1000)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
rng, tool = random.Random(options.seed), options.sekisho.resolve()
wrong = []


def held(what, fault):
    print(f"{'not ok' if fault else 'ok'} {what}" + (f": {fault}" if fault else ""))
    wrong.append(bool(fault))


letters = seen(tool, complaint_letters.COMPLAINTS)
missed = {name for name, one in letters.items() if one["kind"] != "complaint"}
held(f"letters: {len(letters) - len(missed)} of {len(letters)} are complaints", sorted(missed - complaint_letters.MISSED))
named = {name: one["complaint"].get("accounts", []) for name, one in letters.items() if name not in missed | NO_ACCOUNT}
held("each names the account first", {name: accounts for name, accounts in named.items() if accounts[:1] != ["alice@example.jp"]})
others = seen(tool, complaint_letters.OTHERS)
held(f"{len(others)} other letters are none", [name for name, one in others.items() if one["kind"] == "complaint"])
mails = {f"o{number}": rng.choice(ordinary.FAMILIES)(rng) for number in range(options.count)}
marked = [name for name, one in seen(tool, mails).items() if one["kind"] == "complaint"]
held(f"ordinary mail: {len(marked)} of {len(mails)} taken for one", marked if len(marked) > GOAL_MARKED * len(mails) else None)
made = {f"p{number}": handed_on(rng, rng.choice(phishing_made.FAMILIES)(rng)[0]) for number in range(options.count // 4)}
kept = [name for name, one in seen(tool, made).items() if one["kind"] != "complaint"]
held(f"phishing handed on to abuse@: {len(made) - len(kept)} of {len(made)} are complaints", kept)
print(f"{len(wrong) - sum(wrong)} passed, {sum(wrong)} failed")
sys.exit(1 if any(wrong) else 0)
