#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the auth policy service beside libmicrohttpd alone: processor time of the server a request, and the time that
all but one request in a hundred take, as wrk sees it. Turns alternate, and the median counts; for run.py, and by itself:

  auth.py [--rounds N] [--seconds N]
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
KEY = "a key of the benchmark"
CONNECTIONS = (1, 8, 64)
WAYS = {"bare": "libmicrohttpd alone", "full": "auth policy service"}


def processor_ns(pid):
    """of all its threads; schedstat counts what was really used, not ticks"""
    return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


def load(server, port, connections, seconds):
    began = processor_ns(server.pid)
    told = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", HERE / "auth.lua", f"http://127.0.0.1:{port}",
                           "--", KEY], stdout=subprocess.PIPE, text=True, check=True)
    used = processor_ns(server.pid) - began
    found = json.loads(told.stdout.splitlines()[-1])
    if found["failed"] or not found["requests"]:
        sys.exit(f"auth: {found['failed']} requests of {found['requests']} failed")
    return {"cpu_us": used / 1000 / found["requests"], **found}


def turn(way, connections, seconds):
    with subprocess.Popen([BUILD / "bench-auth", way, KEY], stdout=subprocess.PIPE, text=True) as server:
        try:
            return load(server, int(server.stdout.readline()), connections, seconds)
        finally:
            server.terminate()


def measure(rounds, seconds):
    """{(way, connections): {cpu_us, p50_us, p99_us}}, medians"""
    turns = {}
    for connections in CONNECTIONS:
        for _ in range(rounds):
            for way in WAYS:
                turns.setdefault((way, connections), []).append(turn(way, connections, seconds))
                found = turns[way, connections][-1]
                print(f"{WAYS[way]}, {connections} connections: {found['cpu_us']:.2f} us, p99 {found['p99_us']} us", file=sys.stderr, flush=True)
    return {row: {name: statistics.median(found[name] for found in rows) for name in ("cpu_us", "p50_us", "p99_us")} for row, rows in turns.items()}


def table(found):
    yield "| HTTP server | connections | CPU us a request | p50 us | p99 us | CPU × bare (goal 1.4) | p99 × bare (goal at 64: 1.5) |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for (way, connections), row in found.items():
        bare = found["bare", connections]
        yield (f"| {WAYS[way]} | {connections} | {row['cpu_us']:.2f} | {row['p50_us']:.0f} | {row['p99_us']:.0f} | "
               f"{row['cpu_us'] / bare['cpu_us']:.2f} | {row['p99_us'] / bare['p99_us']:.2f} |")


def main():
    words = argparse.ArgumentParser(description="the auth policy service beside libmicrohttpd alone")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--seconds", type=int, default=3)
    asked = words.parse_args()
    if not shutil.which("wrk"):
        sys.exit("auth: wrk is not installed (packages.txt)")
    print("\n".join(table(measure(asked.rounds, asked.seconds))))


if __name__ == "__main__":
    main()
