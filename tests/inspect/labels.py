#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures `sekisho inspect` on mails with labels: the confusion of kinds, recipients, codes, and every mail that is wrong.

  tests/inspect/labels.py [--sekisho build/sekisho] [--only kind,recipients,count,status,permanent,reason,complaint] [--quiet] LABELS.tsv

LABELS.tsv has a head and the columns file, kind, recipients, status, smtp_code, permanent, reason, complaint, where "-" is not labelled;
several recipients, and what is said of each, stand with commas between. Files are named from the folder of LABELS.tsv. The mails of an
mbox count together. Reasons may be in Sisimai's words. Exit status 1 where a kind is wrong."""
import argparse
import collections
import csv
import json
import os
import subprocess
import sys

WORDS = {  # Sisimai's words for reasons, and which of ours are as good
    "userunknown": {"user_unknown"}, "hostunknown": {"host_unknown", "no_such_relay"}, "mailboxfull": {"mailbox_full"},
    "suspend": {"mailbox_disabled"}, "blocked": {"blocked"}, "spamdetected": {"spam", "blocked", "content"}, "policyviolation": {"policy"},
    "authfailure": {"auth_failure"}, "mesgtoobig": {"too_big"}, "exceedlimit": {"too_big"}, "emailtoolarge": {"too_big"},
    "contenterror": {"content"}, "virusdetected": {"content"}, "securityerror": {"policy", "content", "auth_failure"},
    "speeding": {"rate_limited"}, "ratelimited": {"rate_limited"}, "toomanyconn": {"rate_limited"}, "systemerror": {"system"},
    "mailererror": {"system", "other", "policy"}, "systemfull": {"system"}, "networkerror": {"network", "no_such_relay"},
    "expired": {"expired", "network"}, "norelaying": {"relaying_denied"}, "hasmoved": {"moved"}, "rejected": {"policy", "blocked", "auth_failure"},
    "filtered": {"user_unknown", "policy", "mailbox_disabled"}, "badreputation": {"blocked"}, "requireptr": {"blocked", "auth_failure", "policy"},
    "notaccept": {"no_such_relay", "host_unknown", "policy"}, "notcompliantrfc": {"content", "policy"}, "syntaxerror": {"system", "other"},
    "failedstarttls": {"network", "policy", "system"}, "delivered": {None}, "feedback": {None}, "vacation": {None},
    "onhold": {"other"}, "undefined": {"other"},
}


def options():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("labels")
    parser.add_argument("--sekisho", default=os.path.join(os.path.dirname(__file__), "../../build/sekisho"))
    parser.add_argument("--only", default="kind,recipients,count,status,permanent,reason,complaint")
    parser.add_argument("--match", default="", help="only files whose name holds this")
    parser.add_argument("--quiet", action="store_true", help="figures, not every mail")
    return parser.parse_args()


def read_labels(path, match):
    with open(path, encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if match in row["file"]]


def inspect(sekisho, folder, labels):
    """{file: [objects]}; a process for every few thousand files"""
    seen = collections.defaultdict(list)
    names = [row["file"] for row in labels]
    for at in range(0, len(names), 2000):
        done = subprocess.run([os.path.abspath(sekisho), "inspect", "-f", "json", "--", *names[at:at + 2000]], cwd=folder,
                              stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 3):
            sys.exit(f"sekisho inspect ended with {done.returncode}")
        for line in done.stdout.decode().splitlines():
            one = json.loads(line)
            seen[one["file"]].append(one)
    return seen


def words(cell):
    return None if cell == "-" else cell.split(",")


def recipients_of(mails):
    return [r for mail in mails for r in mail.get("recipients", [])]


def same(address):
    return address.strip("<>").replace('"', "").lower()


class Tally:
    def __init__(self, name):
        self.name, self.right, self.all, self.wrong = name, 0, 0, []

    def show_share(self, name, right):
        print(f"{name:<22}{right:>6} of {self.all:<6}{share(right, self.all)}")

    def count(self, file, right, why):
        self.all += 1
        self.right += bool(right)
        if not right:
            self.wrong.append(f"{file}: {why}")

    def show(self, quiet):
        self.show_share(self.name, self.right)
        for line in [] if quiet else self.wrong:
            print(f"    {line}")


def compare_lists(tally, file, wanted, got):
    """in any order, since labels do not say of whom; "-" fits everything"""
    left = collections.Counter(w for w in wanted if w != "-") - collections.Counter(got)
    tally.count(file, len(wanted) == len(got) and not left, f"wanted {','.join(wanted)}, got {','.join(got) or 'nothing'}")


def judge_recipients(row, mails, exact, counts):
    wanted = words(row["recipients"])
    if wanted is None:
        return
    wanted, got = {same(a) for a in wanted if a != "-"}, {same(r.get("address", "")) for r in recipients_of(mails)} - {""}
    exact.count(row["file"], wanted == got, f"missing {sorted(wanted - got)}, too many {sorted(got - wanted)}")
    counts["right"] += len(wanted & got)
    counts["wanted"] += len(wanted)
    counts["got"] += len(got)


def judge_codes(row, mails, tallies):
    status, permanent, reason = words(row["status"]), words(row["permanent"]), words(row["reason"])
    if row["kind"] not in ("bounce", "delay"):
        return
    if status:
        tallies["count"].count(row["file"], len(status) == len(recipients_of(mails)), f"wanted {len(status)}, got {len(recipients_of(mails))}")
    if status and any(s != "-" for s in status):
        compare_lists(tallies["status"], row["file"], [s[0] for s in status], [r.get("status", "-")[0] for r in recipients_of(mails)])
    if permanent:
        compare_lists(tallies["permanent"], row["file"], permanent, [str(int(r["permanent"])) for r in recipients_of(mails)])
    if reason and any(r != "-" for r in reason):
        ours = [r.get("reason") for r in recipients_of(mails)]
        fits = len(reason) == len(ours) and all(w == "-" or o in WORDS.get(w, {w}) for w, o in zip(reason, ours))
        tallies["reason"].count(row["file"], fits, f"wanted {','.join(reason)}, got {','.join(map(str, ours)) or 'nothing'}")


def show_confusion(confusion):
    kinds = sorted({k for pair in confusion for k in pair})
    print(f"{'labelled, seen as':<18}" + "".join(f"{k:>11}" for k in kinds))
    for wanted in kinds:
        if any(confusion[wanted, got] for got in kinds):
            print(f"{wanted:<18}" + "".join(f"{confusion[wanted, got] or '.':>11}" for got in kinds))


def is_right(wanted, got):
    return got not in ("bounce", "delay", "delivered") if wanted == "not_bounce" else wanted == got


def share(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "-"


def main():
    asked = options()
    labels = read_labels(asked.labels, asked.match)
    seen = inspect(asked.sekisho, os.path.dirname(os.path.abspath(asked.labels)), labels)
    tallies = {name: Tally(name) for name in ("kind", "recipients", "count", "status", "permanent", "reason", "complaint")}
    confusion, counts = collections.Counter(), collections.Counter()
    for row in labels:
        mails = seen.get(row["file"], [])
        kind = next((m["kind"] for m in mails if m["kind"] != "other"), "other")
        if row["kind"] != "-":
            confusion[row["kind"], kind] += 1
            tallies["kind"].count(row["file"], is_right(row["kind"], kind), f"wanted {row['kind']}, got {kind}")
        judge_recipients(row, mails, tallies["recipients"], counts)
        judge_codes(row, mails, tallies)
        if row["kind"] == "complaint" and row["complaint"] != "-":
            got = [m["complaint"]["type"] for m in mails if "complaint" in m]
            tallies["complaint"].count(row["file"], row["complaint"] in got, f"wanted {row['complaint']}, got {','.join(got) or 'none'}")
    show_confusion(confusion)
    print()
    tallies["kind"].show_share("a delay as a bounce", tallies["kind"].right + confusion["bounce", "delay"])
    for name in asked.only.split(","):
        tallies[name].show(asked.quiet)
        if name == "recipients":
            print(f"{'  precision':<22}{share(counts['right'], counts['got'])}\n{'  recall':<22}{share(counts['right'], counts['wanted'])}")
    unread = [f"{file}: {mail['error']}" for file, mails in seen.items() for mail in mails if "error" in mail]
    print(f"{'not readable':<22}{len(unread):>6}", *unread, sep="\n    " if unread and not asked.quiet else " ")
    return bool(tallies["kind"].wrong)


sys.exit(main())
