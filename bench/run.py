#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures sekisho on a generated log, beside pflogsumm, lnav and the limits of the machine; writes RESULTS.md.

Everybody's turns alternate within one run, and the median of the rounds counts: processor seconds, user and system,
so that other work on the machine disturbs little. What was found is compared with what the generator wrote.

  run.py [--long] [--megabytes N] [--rounds N]     measure, write bench/RESULTS.md
  run.py --detector [--rounds N]                   only the detector and judge; the rest of bench/RESULTS.md stays
  run.py --closing                                 only how fast accounts are shut on a real Postfix and Dovecot
  run.py --mails [--rounds N]                      only how many mails `inspect` reads a second, beside GMime
  run.py --breached [--rounds N]                   only the filter of breached passwords, and how fast panels are answered
  run.py --gate [--long] [--rounds N]              only the daemon, beside an echo server, libmicrohttpd, postfwd and a real Postfix
  run.py --truth [--megabytes N]                   only compare with the truth; exit status 1 if they differ
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

import breached
import judging
import mails

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
RESULTS = HERE / "RESULTS.md"
MB = 1_000_000
TIME = "/usr/bin/time"  # GNU time, of the package "time"
PART_MB = 60  # for pflogsumm, which is slow and steady
PIPED_MB = 10 * 1024
COUNTS = ("messages", "recipients", "sent", "bounced", "deferred", "unfinished")
GOALS = {"readers": {"pflogsumm": 35}, "scan": {"pflogsumm": 20, "lnav": 8}}


class Work:
    """The folder with logs and answers, and how programs are started in it."""

    def __init__(self, folder, sekisho):
        self.folder, self.sekisho = folder, sekisho
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "home").mkdir(exist_ok=True)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "TMPDIR": str(folder), "TZ": "UTC",
                    "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        self.env.update((name, value) for name, value in os.environ.items() if name.endswith("SAN_OPTIONS"))

    def path(self, name):
        return self.folder / name

    def run(self, *command, take=None, file=subprocess.DEVNULL):
        """(processor seconds, wall seconds, peak bytes) of one program; `take` is a process whose output it reads, else `file`"""
        began = time.monotonic()
        with open(self.path("said"), "wb") as said:
            child = subprocess.Popen([*self.clock(), *map(str, command)], stdin=take.stdout if take else file, stdout=subprocess.DEVNULL,
                                     stderr=said, env=self.env, cwd=self.folder)
            if take:
                take.stdout.close()
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"bench: {command[0]} ended with {child.returncode}: {self.path('said').read_text(errors='replace')[-500:]}")
        peak = self.path("peak").read_text().split()[-1] if self.clock() else usage.ru_maxrss
        return usage.ru_utime + usage.ru_stime, time.monotonic() - began, int(peak) * 1024

    def clock(self):
        """what is put before a command to learn its peak: a child of ours would begin with ours as the least"""
        return [TIME, "-f", "%M", "-o", str(self.path("peak"))] if os.access(TIME, os.X_OK) else []

    def generate(self, name, megabytes, *options):
        with open(self.path(name), "wb") as log:
            subprocess.run([BUILD / "bench-maillog", "-m", str(megabytes), *options], stdout=log, check=True, cwd=self.folder)
        return self.path(name)

    def scan_piped(self, megabytes, accounts, report):
        """scans a log that is never stored"""
        options = ["-m", str(megabytes), "-a", str(accounts), "-d", "28"]
        with subprocess.Popen([BUILD / "bench-maillog", *options], stdout=subprocess.PIPE) as source:
            return self.run(self.sekisho, "scan", "-f", "json", "-o", self.path(report), "-", take=source)


def subjects(work):
    """name: (megabytes of its log, command)"""
    log, part = work.path("mail.log"), work.path("part.log")
    size, part_size = log.stat().st_size / MB, part.stat().st_size / MB
    limits = BUILD / "bench-limits"
    table = {
        "read": (size, [limits, "read", log]),
        "count": (size, [limits, "count", log]),
        "tally": (size, [limits, "tally", log]),
        "readers": (size, [BUILD / "sekisho-readers", log]),
        "scan": (size, [work.sekisho, "scan", "-f", "json", "-o", work.path("scan.json"), log]),
        "pflogsumm": (part_size, ["pflogsumm", part]),
        "lnav": (size, ["lnav", "-n", "-c", ";SELECT count(*) FROM all_logs", log]),
        "lnav-ask": (size, ["lnav", "-n", "-c", ";SELECT log_procname, count(*) FROM syslog_log GROUP BY log_procname", log]),
    }
    return {name: row for name, row in table.items() if shutil.which(str(row[1][0]))}


def measure(work, rounds):
    """name: {rate (MB a processor second), cpu, wall, peak}, medians"""
    table, turns = subjects(work), {}
    work.run("cat", work.path("mail.log"))  # into the page cache, for everybody
    for number in range(rounds):
        for name, (_, command) in table.items():
            turns.setdefault(name, []).append(work.run(*command))
            print(f"round {number + 1} of {rounds}: {name:10} {turns[name][-1][0]:7.3f} s of processor", file=sys.stderr)
    found = {}
    for name, (size, _) in table.items():
        cpu, wall, peak = (statistics.median(column) for column in zip(*turns[name]))
        found[name] = {"size": size, "cpu": cpu, "wall": wall, "peak": peak, "rate": size / max(cpu, 1e-6)}
    return found


def truth_faults(report, truth):
    """what the report says otherwise than the generator; an account that was not hijacked is a fault too"""
    found = {incident["account"]: incident for incident in report["incidents"]}
    faults = [f"{row['account']}: not found" for row in truth if row["account"] not in found]
    known = {row["account"]: row for row in truth}
    for account, incident in found.items():
        if account not in known:
            faults.append(f"{account}: {incident['verdict']}, and was not hijacked")
            continue
        wrong = [f"{name} {incident[name]} for {known[account][name]}" for name in COUNTS if incident[name] != known[account][name]]
        if incident["verdict"] != "hijacked":
            wrong.append(incident["verdict"])
        if wrong:
            faults.append(f"{account}: {', '.join(wrong)}")
    return faults


def read_truth(work):
    return [json.loads(line) for line in work.path("truth.jsonl").read_text().splitlines()]


def onset_error(report, truth):
    """the largest distance, in seconds, between the attacker's first message and `first_abuse`"""
    began = {row["account"]: row["onset"] for row in truth}
    return max((abs(datetime.datetime.fromisoformat(i["first_abuse"]).timestamp() - began[i["account"]])
                for i in report["incidents"] if i["account"] in began and i.get("first_abuse")), default=0)


def memory(work, megabytes):
    """peaks with few and with many accounts, and what one account costs"""
    peaks = {}
    for accounts in (1_000, 100_000):
        peak = work.scan_piped(megabytes, accounts, "memory.json")[2]
        peaks[json.loads(work.path("memory.json").read_text())["accounts"]] = peak
    (few, few_peak), (many, many_peak) = sorted(peaks.items())
    return {"few": few, "few_peak": few_peak, "many": many, "many_peak": many_peak,
            "per_account": (many_peak - few_peak) / max(many - few, 1)}


def machine():
    cpu = re.search(r"^model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    total = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return f"{cpu[1] if cpu else 'unknown processor'}, {os.cpu_count()} cores, {int(total[1]) / 2**20:.0f} GiB of memory"


def version(package):
    told = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
    return told.stdout.split("+")[0] or "?"


LABELS = {
    "read": "limit: read(2) alone", "count": "limit: lines counted by memchr", "tally": "limit: split and tally",
    "readers": "sekisho, readers alone", "scan": "`sekisho scan`", "pflogsumm": "pflogsumm", "lnav": "lnav, index and count",
    "lnav-ask": "lnav, messages by program",
}


def throughput_table(found):
    yield "| what | MB | processor s | MB a processor second | wall s | peak MB |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, row in found.items():
        yield (f"| {LABELS[name]} | {row['size']:.0f} | {row['cpu']:.3f} | {row['rate']:,.0f} | {row['wall']:.2f} | "
               f"{row['peak'] / MB:.0f} |")


def ratio_table(found):
    yield "| ratio | is | goal |"
    yield "|---|---:|---:|"
    for ours in ("readers", "scan"):
        for theirs in ("pflogsumm", "lnav", "lnav-ask"):
            if ours in found and theirs in found:
                ratio, goal = found[ours]["rate"] / found[theirs]["rate"], GOALS[ours].get(theirs)
                verdict = f"≥ {goal} × {'(held)' if ratio >= goal else '(missed)'}" if goal else ""
                yield f"| {LABELS[ours]} ÷ {LABELS[theirs]} | {ratio:.1f} × | {verdict} |"
        for limit in ("count", "tally"):
            if ours in found:
                share = 100 * found[ours]["rate"] / found[limit]["rate"]
                yield f"| {LABELS[ours]}, share of {LABELS[limit].removeprefix('limit: ')} | {share:.0f} % | |"


def memory_table(cost, piped):
    yield "| log | accounts | peak MB |"
    yield "|---|---:|---:|"
    yield f"| few accounts | {cost['few']:,} | {cost['few_peak'] / MB:.1f} |"
    yield f"| many accounts | {cost['many']:,} | {cost['many_peak'] / MB:.1f} |"
    if piped:
        yield f"| {PIPED_MB // 1024} GB from a pipe, {piped['wall']:.0f} s | {piped['accounts']:,} | {piped['peak'] / MB:.1f} |"
    yield ""
    yield f"One account more costs {cost['per_account']:,.0f} bytes."


def truth_lines(report, truth, faults):
    whole = len(truth) - len({fault.split(":")[0] for fault in faults} & {row["account"] for row in truth})
    yield (f"{len(truth)} accounts were hijacked among {report['accounts']:,}; {whole} were found with every count exact "
           f"({', '.join(COUNTS)}). First abuse is off by {onset_error(report, truth):.1f} s at most.")
    yield from (f"- {fault}" for fault in faults)


def marks(name):
    return f"<!-- {name}:begin -->", f"<!-- {name}:end -->"


def kept(name):
    """what another run wrote between its marks, with them"""
    begin, end = marks(name)
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    return begin + old.split(begin, 1)[1].split(end, 1)[0] + end if begin in old and end in old else ""


def marked(name, section):
    begin, end = marks(name)
    return f"{begin}\n{section}\n{end}"


def today():
    return f"{datetime.date.today().isoformat()}; {machine()}"


def measure_detector(work, rounds):
    """the section, with its marks"""
    return marked("detector", judging.section(work, BUILD, rounds, today()))


def measure_gate(work, asked):
    import gate  # only here: it stands on the real servers of the tests, which others that use this file do not need
    return marked("gate", gate.section(work.sekisho, asked.rounds, asked.long, today()))


def measure_closing(work):
    import shut  # for the same reason
    return marked("closing", shut.section(work.sekisho, today()))


def measure_mails(work, rounds):
    return marked("mails", mails.section(work, BUILD, rounds, today()))


def measure_breached(work, rounds):
    return marked("breached", breached.section(work, BUILD, rounds, today()))


def replace_only(name, section):
    """the rest of the file stays"""
    old = kept(name)
    text = RESULTS.read_text(encoding="utf-8")
    RESULTS.write_text(text.replace(old, section) if old else f"{text.rstrip()}\n\n{section}\n", encoding="utf-8")
    print(section)
    return 0


def write_results(found, cost, piped, truth_told, rounds, measured):
    """`measured`: the sections that have marks, and were made now"""
    peers = ", ".join(f"{name} {version(name)}" for name in ("pflogsumm", "lnav") if name in found)
    lines = ["# Measured", "", "Written by `bench/run`; the log comes from `bench/maillog.c`. Medians of "
             f"{rounds} rounds in which all take turns; MB are millions of bytes; processor seconds are user and system together.", "",
             f"{datetime.date.today().isoformat()}; {machine()}; {peers}.", "", "## Speed", "", *throughput_table(found), "",
             *ratio_table(found), "", "## Memory", "", *memory_table(cost, piped), "", "## Truth", "", *truth_told,
             *(line for section in (*measured, kept("hijack"), kept("groups")) if section for line in ("", section))]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def scan_truth(work):
    """(report, truth, faults) of the log that stands there"""
    report, truth = json.loads(work.path("scan.json").read_text()), read_truth(work)
    return report, truth, truth_faults(report, truth)


def compare_only(work, megabytes):
    work.generate("mail.log", megabytes, "-j", "8", "-a", "2000", "-T", "truth.jsonl")
    work.run(work.sekisho, "scan", "-f", "json", "-o", work.path("scan.json"), work.path("mail.log"))
    report, truth, faults = scan_truth(work)
    print("\n".join(truth_lines(report, truth, faults)))
    return 1 if faults else 0


def measure_all(work, asked):
    megabytes = asked.megabytes or (1500 if asked.long else 300)
    work.generate("mail.log", megabytes, "-T", "truth.jsonl")
    work.generate("part.log", min(PART_MB, megabytes))
    found = measure(work, asked.rounds)
    cost = memory(work, min(megabytes, 300))
    piped = None
    if asked.long and shutil.disk_usage(work.folder).free > 2 * PIPED_MB << 20:
        _, wall, peak = work.scan_piped(PIPED_MB, 100_000, "piped.json")
        piped = {"wall": wall, "peak": peak, "accounts": json.loads(work.path("piped.json").read_text())["accounts"]}
    report, truth, faults = scan_truth(work)
    write_results(found, cost, piped, list(truth_lines(report, truth, faults)), asked.rounds,
                  [measure_detector(work, asked.rounds), measure_mails(work, asked.rounds), measure_breached(work, asked.rounds), measure_gate(work, asked), measure_closing(work)])
    print(RESULTS.read_text(encoding="utf-8"))
    return 0


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--long", action="store_true", help="1.5 GB, and 10 GB from a pipe")
    options.add_argument("--megabytes", type=int)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--detector", action="store_true", help="only measure the detector and judge")
    options.add_argument("--gate", action="store_true", help="only measure the daemon")
    options.add_argument("--closing", action="store_true", help="only measure how fast accounts are shut")
    options.add_argument("--mails", action="store_true", help="only measure inspect")
    options.add_argument("--breached", action="store_true", help="only measure the filter of breached passwords")
    options.add_argument("--truth", action="store_true", help="only compare with the truth")
    options.add_argument("--sekisho", type=pathlib.Path, default=BUILD / "sekisho")
    asked = options.parse_args()
    work = Work(BUILD / "bench", asked.sekisho.resolve())
    if asked.detector:
        return replace_only("detector", measure_detector(work, asked.rounds))
    if asked.gate:
        return replace_only("gate", measure_gate(work, asked))
    if asked.mails:
        return replace_only("mails", measure_mails(work, asked.rounds))
    if asked.breached:
        return replace_only("breached", measure_breached(work, asked.rounds))
    if asked.closing:
        return replace_only("closing", measure_closing(work))
    try:
        return compare_only(work, asked.megabytes or 24) if asked.truth else measure_all(work, asked)
    finally:
        for name in ("mail.log", "part.log"):
            work.path(name).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
