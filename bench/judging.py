# SPDX-License-Identifier: Apache-2.0
"""Measures the detector on ready-made events, and `sekisho judge` on the same events as JSON Lines; for run.py."""
import json
import shutil
import statistics
import subprocess
import sys

LITTLE, MILLION, MANY = 10_000, 1_000_000, 10_000_000  # accounts
EVENTS = 5_000_000
LINES, LINES_ACCOUNTS = 1_000_000, 20_000
GOALS = {"engine": 1_000_000, "judge": 150_000}  # events or lines a processor second
WAYS = {"engine": "detector, event by event", "ahead": "detector, in batches", "guard": "live gate, event by event"}
PYTHON = "import json, sys\nfor line in sys.stdin.buffer: json.loads(line)"
ROWS = {
    "count": "limit: lines counted by memchr", "json": "jansson alone, nothing judged", "judge": "`sekisho judge < FILE`",
    "piped": "`cat FILE \\| sekisho judge`", "jq": "jq -c .", "python": "Python, json.loads",
}


def say(what):
    print(what, file=sys.stderr, flush=True)


def detector(build, way, accounts):
    told = subprocess.run([build / "bench-detector", way, "-a", str(accounts), "-n", str(EVENTS)], stdout=subprocess.PIPE, check=True)
    found = json.loads(told.stdout)
    say(f"{WAYS[way]}, {accounts:,} accounts: {found.get('ns_an_event', found.get('skipped'))}")
    return found


def detectors(build, rounds):
    """[one row each], medians; ten million accounts take a minute to become known, and have one turn"""
    turns = {}
    for accounts in (LITTLE, MILLION, MANY):
        for _ in range(1 if accounts == MANY else rounds):
            for way in WAYS:
                turns.setdefault((accounts, way), []).append(detector(build, way, accounts))
    return [sorted(rows, key=lambda row: row.get("ns_an_event", 0))[len(rows) // 2] for rows in turns.values()]


def judges(work, build, rounds):
    """name: lines a processor second"""
    trace = work.path("trace.jsonl")
    with open(trace, "wb") as file:
        subprocess.run([build / "bench-detector", "trace", "-a", str(LINES_ACCOUNTS), "-n", str(LINES)], stdout=file, check=True)
    count = int(subprocess.run(["wc", "-l", trace], stdout=subprocess.PIPE, check=True).stdout.split()[0])
    commands = {
        "count": [build / "bench-limits", "count", trace], "json": [build / "bench-limits", "json", trace],
        "judge": [work.sekisho, "judge"], "piped": [work.sekisho, "judge"],
        "jq": ["jq", "-c", "."], "python": [sys.executable, "-c", PYTHON],
    }
    turns = {}
    for _ in range(rounds):
        for name, command in commands.items():
            if shutil.which(str(command[0])):
                turns.setdefault(name, []).append(count / judge_once(work, name, command, trace))
                say(f"{ROWS[name]}: {turns[name][-1]:,.0f} lines a processor second")
    trace.unlink()
    return {name: statistics.median(rates) for name, rates in turns.items()}


def judge_once(work, name, command, trace):
    """processor seconds"""
    if name == "piped":
        with subprocess.Popen(["cat", trace], stdout=subprocess.PIPE) as source:
            return max(work.run(*command, take=source)[0], 1e-6)
    with open(trace, "rb") as file:
        return max(work.run(*command, file=file)[0], 1e-6)


def detector_table(rows):
    yield "| detector | accounts | ns an event | events a processor second | goal | bytes an account | resident MB |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for row in rows:
        if "skipped" in row:
            yield f"| {WAYS[row['what']]} | {row['accounts']:,} | not measured: {row['skipped']} | | | | |"
            continue
        goal = GOALS.get(row["what"]) if row["accounts"] == MILLION else None
        yield (f"| {WAYS[row['what']]} | {row['accounts']:,} | {row['ns_an_event']:.0f} | {row['events_a_second']:,} | "
               f"{verdict(row['events_a_second'], goal)} | {(row['engine_bytes'] + row['name_bytes']) / row['accounts']:,.0f} | "
               f"{row['rss_bytes'] / 1e6:,.0f} |")


def verdict(value, goal):
    return f"≥ {goal:,} ({'held' if value >= goal else 'missed'})" if goal else ""


def judge_table(rates):
    yield "| JSON Lines | lines a processor second | ÷ `sekisho judge` | goal |"
    yield "|---|---:|---:|---:|"
    for name, rate in rates.items():
        goal = GOALS["judge"] if name in ("judge", "piped") else None
        yield f"| {ROWS[name]} | {rate:,.0f} | {rate / rates['judge']:.2f} × | {verdict(rate, goal)} |"


def section(work, build, rounds, machine):
    rows, rates = detectors(build, rounds), judges(work, build, rounds)
    return "\n".join([
        "## Detector", "", f"Written by `bench/run.py --detector`; the events come from `bench/detector.c`, drawn evenly over the accounts. "
        f"Rounds: {rounds}, of which the median counts; one for ten million accounts. {machine}.", "", *detector_table(rows), "",
        "Bytes an account: profile, tallies, name, index, and a share of what is known across all; the filter of recipients, "
        "64 MiB at most, stands in the resident memory alone. In batches each event is announced four ahead, as `scan` does.", "",
        *judge_table(rates)])
