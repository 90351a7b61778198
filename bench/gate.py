# SPDX-License-Identifier: Apache-2.0
"""Measures `sekisho serve`, the real one, at work; for run.py --gate. What Postfix and Dovecot would ask is asked by load generators,
beside servers that only answer; then the ledger alone, and what an account costs."""
import json
import os
import shutil
import statistics
import subprocess

import gate_mail
from gate_daemon import BUILD, HERE, KEY, Child, Daemon, answers, free_port, policy_load, processor_ns, say, short_folder, until

KNOWN, HISTORY_DAYS = 100_000, 20   # accounts with a past
MANY = 1_000_000
CONNECTIONS = (1, 10, 64)
SECONDS = 2
LEDGER_ROWS, LEDGER_ROWS_LONG = 10_000_000, 100_000_000
LEDGER_ROW_BYTES = 300
GOALS = {"echo": 1.3, "postfwd": 30, "auth": 1.4, "auth_p99": 1.5, "ledger": 40_000, "whose_us": 1000, "account": 300}
RULES = {
    "postfwd": ["id=ALL; action=DUNNO"],
    "postfwd-rates": ["id=RCPTS; protocol_state==RCPT; action=rcpt(sasl_username/100000/3600/450 4.7.1 too many)",
                      "id=SIZE; protocol_state==END-OF-MESSAGE; action=size(sasl_username/100000000000/3600/450 4.7.1 too much)"],
}
WAYS = {"echo": "C echo server", "serve": "`sekisho serve`, full verdict", "postfwd": "postfwd, one rule: DUNNO",
        "postfwd-rates": "postfwd, two limits by login"}


class Postfwd(Child):
    """one process, on loopback; it leaves its parent and is found by its number"""
    def __init__(self, folder, rules):
        self.port, self.number = free_port(), folder / "postfwd.pid"
        self.number.unlink(missing_ok=True)
        super().__init__("postfwd1", "-d", "-n", "-i", "127.0.0.1", "-p", self.port, "-u", "nobody", "-g", "nogroup",
                         f"--pidfile={self.number}", *(word for rule in rules for word in ("-r", rule)))
        until(lambda: self.number.exists() and self.number.read_text().strip(), "postfwd")
        self.pid = int(self.number.read_text())
        until(lambda: gate_mail.listens(self.port), "postfwd")

    def __exit__(self, *problem):
        os.kill(self.pid, 15)
        super().__exit__(*problem)


def history(folder):
    log = folder / "history.log"
    with open(log, "wb") as file:
        subprocess.run([BUILD / "bench-policy-load", "-a", str(KNOWN), "--history", str(HISTORY_DAYS)], stdout=file, check=True)
    return log


# ---- policy

def policy_turn(turns, way, kind, where, pid, connections):
    told = policy_load(where, "-c", connections, "-a", KNOWN, "-s", SECONDS, "-p", pid)
    loop = told["first_thread_us_a_request"]
    turns.setdefault((way, kind, connections), []).append((loop, told["cpu_us_a_request"] - loop, told["requests"] / told["seconds"]))
    say(f"policy, {WAYS[way]}, {kind}, {connections} connections: {loop:.2f} us")


def policy(sekisho, folder, log, rounds):
    """{(way, kind of socket, connections): (loop us, other threads us, requests a second)}, medians; and what the daemon did"""
    turns, tcp, local = {}, free_port(), f"unix:{folder}/echo"
    (folder / "policy").mkdir()
    load = BUILD / "bench-policy-load"
    with Daemon(sekisho, folder / "policy", log) as daemon, Child(load, "--echo", tcp) as echo, Child(load, "--echo", local) as local_echo:
        until(lambda: gate_mail.listens(tcp) and answers(folder / "echo"), "the echo server")
        for connections in CONNECTIONS:
            for _ in range(rounds):
                policy_turn(turns, "echo", "tcp", tcp, echo.process.pid, connections)
                policy_turn(turns, "serve", "tcp", daemon.policy, daemon.process.pid, connections)
                policy_turn(turns, "echo", "unix", local, local_echo.process.pid, connections)
                policy_turn(turns, "serve", "unix", f"unix:{daemon.folder}/policy", daemon.process.pid, connections)
        status = daemon.status()
    if shutil.which("postfwd1"):
        for way, rules in RULES.items():
            with Postfwd(folder, rules) as peer:
                for _ in range(rounds):
                    policy_turn(turns, way, "tcp", peer.port, peer.pid, 10)
    return {key: tuple(statistics.median(column) for column in zip(*rows)) for key, rows in turns.items()}, status


def policy_table(found, status):
    yield "| policy service | socket | connections | loop thread, us a request | × echo (goal 1.3) | other threads, us a request | requests a second |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for (way, kind, connections), (loop, others, rate) in found.items():
        ratio = f"{loop / found['echo', kind, connections][0]:.2f}" if way == "serve" else ""
        yield f"| {WAYS[way]} | {kind} | {connections} | {loop:.2f} | {ratio} | {others:.2f} | {rate:,.0f} |"
    yield ""
    mail = status["mail"]
    yield (f"{KNOWN:,} accounts with {HISTORY_DAYS} days of past write from their two addresses, mostly to friends; half of the requests are RCPT, half "
           f"END-OF-MESSAGE. Of {mail['submissions']:,} messages {mail['passed']:,} passed, {mail['held']:,} were held, {mail['refused']:,} refused; "
           f"ledger rows lost: {status['ledger']['lost']:,}. Turns of one kind alternate on a machine that does not stand still: load, then answer, on the "
           "same cores.")


def policy_goals(found):
    for kind in ("tcp", "unix"):
        ratios = [found["serve", kind, connections][0] / found["echo", kind, connections][0] for connections in CONNECTIONS]
        yield f"policy over {kind}, loop thread ÷ echo server, median of {CONNECTIONS} connections", statistics.median(ratios), "≤", GOALS["echo"]
    for way in RULES:
        if (way, "tcp", 10) in found:
            yield (f"{WAYS[way]} ÷ policy over tcp, 10 connections", found[way, "tcp", 10][0] / found["serve", "tcp", 10][0], "≥",
                   GOALS["postfwd"])


# ---- auth policy

def auth_turn(turns, way, port, pid, connections):
    began, loop_began = processor_ns(pid), processor_ns(pid, first_only=True)
    told = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", HERE / "auth.lua", f"http://127.0.0.1:{port}",
                           "--", KEY], stdout=subprocess.PIPE, text=True, check=True)
    used, loop_used = processor_ns(pid) - began, processor_ns(pid, first_only=True) - loop_began
    found = json.loads(told.stdout.splitlines()[-1])
    if way == "bare":  # its loop is a thread of libmicrohttpd's
        loop_used = used
    row = (loop_used / 1000 / found["requests"], (used - loop_used) / 1000 / found["requests"], found["p99_us"], found["failed"])
    turns.setdefault((way, connections), []).append(row)
    say(f"auth, {way}, {connections} connections: {row[0]:.2f} us, p99 {row[2]} us")


def auth(sekisho, folder, log, rounds):
    """{(way, connections): (loop us, others us, p99 us, failed)}, medians"""
    turns = {}
    (folder / "auth").mkdir()
    with Daemon(sekisho, folder / "auth", log) as daemon, subprocess.Popen([BUILD / "bench-auth", "bare", KEY], stdout=subprocess.PIPE,
                                                                            text=True) as bare:
        port = int(bare.stdout.readline())
        for connections in CONNECTIONS:
            for _ in range(rounds):
                auth_turn(turns, "bare", port, bare.pid, connections)
                auth_turn(turns, "serve", daemon.auth, daemon.process.pid, connections)
        bare.terminate()
        status = daemon.status()
    return {key: tuple(statistics.median(column) for column in zip(*rows)) for key, rows in turns.items()}, status


def auth_table(found, status):
    yield "| auth policy | connections | loop thread, us a request | × bare (goal 1.4) | other threads, us a request | p99, us | p99 × bare (goal at 64: 1.5) |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for (way, connections), (loop, others, p99, _) in found.items():
        bare = found["bare", connections]
        yield (f"| {'libmicrohttpd alone' if way == 'bare' else '`sekisho serve`'} | {connections} | {loop:.2f} | {loop / bare[0]:.2f} | {others:.2f} | "
               f"{p99:.0f} | {p99 / bare[2]:.2f} |")
    yield ""
    yield (f"Two requests in three ask whether a login may go on, one reports how it went, one in ten of those of a wrong password. "
           f"{status['mail']['logins']:,} logins were judged, {status['locked']:,} accounts locked by them; requests that failed: "
           f"{sum(row[3] for row in found.values()):.0f}.")


def auth_goals(found):
    ratios = [found["serve", connections][0] / found["bare", connections][0] for connections in CONNECTIONS]
    yield f"auth policy, loop thread ÷ libmicrohttpd alone, median of {CONNECTIONS} connections", statistics.median(ratios), "≤", GOALS["auth"]
    yield "auth policy, p99 at 64 connections ÷ libmicrohttpd alone", found["serve", 64][2] / found["bare", 64][2], "≤", GOALS["auth_p99"]


# ---- ledger

def ledger(folder, long):
    """{name: value} of bench-ledger, and why it was not as long as asked"""
    room = shutil.disk_usage(folder).free
    rows = LEDGER_ROWS_LONG if long and room > 2 * LEDGER_ROWS_LONG * LEDGER_ROW_BYTES else LEDGER_ROWS
    days = max(1, rows // LEDGER_ROWS)
    say(f"ledger: {rows:,} rows of {days} days")
    told = subprocess.run([BUILD / "bench-ledger", "-n", str(rows), "-d", str(days), "-f", folder], stdout=subprocess.PIPE, text=True, check=True)
    found = {line.split()[0]: float(line.split()[1]) for line in told.stdout.splitlines()}
    return found, f"not 100 million: the disk has room for {room / 1e9:.0f} GB only. " if long and rows < LEDGER_ROWS_LONG else ""


def ledger_lines(found, why):
    yield (f"The ledger alone: {found['rows']:,.0f} rows of {found['days']:.0f} days at {found['write_rate']:,.0f} a second, the slowest million at "
           f"{found.get('write_rate_slowest_million', found['write_rate']):,.0f}; {found['writer_cpu']:.1f} us of its thread a row, {found['file_size']:.0f} "
           f"bytes. {why}`whose` by queue id takes {found['whose_by_queue_id_median']:.0f} us in the median and {found['whose_by_queue_id_p99']:.0f} us "
           f"(p99), by Message-ID {found['whose_by_message_id_median']:.0f} and {found['whose_by_message_id_p99']:.0f} us.")


def ledger_goals(found):
    yield f"ledger, rows a second over {found['rows']:,.0f} rows", found["write_rate"], "≥", GOALS["ledger"]
    for by in ("queue_id", "message_id"):
        yield f"whose, by {by.replace('_', ' ')}, median, us", found[f"whose_by_{by}_median"], "≤", GOALS["whose_us"]


# ---- memory

def look(daemon):
    status = daemon.status()
    return {"accounts": status["accounts"], "kept": status["memory_bytes"] - status["letters_bytes"], "letters": status["letters_bytes"],
            "private": daemon.private_bytes(), "resident": daemon.resident_bytes()}


def memory(sekisho, folder):
    """[what few accounts cost, what a million cost that have each written one message, the same after a restart]"""
    (folder / "memory").mkdir()
    with Daemon(sekisho, folder / "memory") as daemon:
        policy_load(f"unix:{daemon.folder}/policy", "-c", 10, "-a", 1000, "-u", "-s", 60)  # buffers and threads are there
        few = look(daemon)
        say(f"memory: {MANY:,} accounts")
        policy_load(f"unix:{daemon.folder}/policy", "-c", 10, "-a", MANY, "-u", "-s", 1800)
        until(lambda: daemon.status()["ledger"]["waiting"] == 0, "the ledger's end", daemon.process)
        many = look(daemon)
    with Daemon(sekisho, folder / "memory") as daemon:
        return few, many, look(daemon)


def memory_lines(few, many, again):
    yield "| memory | few accounts, MB | many, MB | bytes an account | after a restart, MB | bytes an account |"
    yield "|---|---:|---:|---:|---:|---:|"
    names = {"kept": "profiles, names, what is known across accounts", "letters": "messages whose fate is not known yet",
             "private": "private memory of the process, all of it", "resident": "resident memory of the process"}
    for name, words in names.items():
        yield (f"| {words} | {few[name] / 1e6:.1f} | {many[name] / 1e6:.1f} | {an_account(few, many, name):,.0f} | {again[name] / 1e6:.1f} | "
               f"{an_account(few, again, name):,.0f} |")
    yield ""
    yield (f"{few['accounts']:,} accounts against {many['accounts']:,}, of which each has written one message within a minute or two. The first two rows are what "
           "the daemon counts itself (`status`). In the private memory are also the tables of recipients and sessions of the last hour, and the buffers "
           "of journal and ledger, which grow with the rate of messages and not with the accounts.")


def an_account(few, many, name):
    return (many[name] - few[name]) / (many["accounts"] - few["accounts"])


def memory_goals(few, many, again):
    yield "bytes an account at a million accounts: profiles, names, across accounts", an_account(few, many, "kept"), "≤", GOALS["account"]
    yield "the same, private memory of the whole process after a restart", an_account(few, again, "private"), "≤", GOALS["account"]


# ---- all

def goal_table(goals):
    yield "| figure | is | goal |"
    yield "|---|---:|---:|"
    for name, value, sign, goal in goals:
        held = value <= goal if sign == "≤" else value >= goal
        yield f"| {name} | {value:,.2f} | {sign} {goal:,} ({'held' if held else 'missed'}) |"


def section(sekisho, rounds, long, machine):
    begun = os.getloadavg()
    with short_folder() as folder:
        log = history(folder)
        asked, asked_status = policy(sekisho, folder, log, rounds)
        logins, logins_status = auth(sekisho, folder, log, rounds)
        costs = memory(sekisho, folder)
        rows, why = ledger(folder, long)
    mail = gate_mail.measure(sekisho, rounds)
    goals = [*policy_goals(asked), *auth_goals(logins), *gate_mail.goals(mail), *ledger_goals(rows), *memory_goals(*costs)]
    return "\n".join([
        "## At the gate", "", f"Written by `bench/run --gate`. Rounds: {rounds}, in which all take turns, and of which the median counts. Times are "
        f"processor time of the server. {machine}; load when it began {begun[0]:.1f}, when it ended {os.getloadavg()[0]:.1f}.", "",
        *goal_table(goals), "", *policy_table(asked, asked_status), "", *auth_table(logins, logins_status), "", *gate_mail.lines(mail), "",
        *ledger_lines(rows, why), "", *memory_lines(*costs)])
