# SPDX-License-Identifier: Apache-2.0
"""The filter of breached passwords: how long it takes to build, how large it is, how fast it is asked, how often it is wrong; and how fast
`sekisho password serve` answers panels. For run.py --breached."""
import json
import socket
import subprocess
import sys
import time

ENTRIES, GOAL_BYTES, GOAL_WRONG = 10_000_000, 20_000_000, 0.01
CLIENTS, QUESTIONS = 8, 4000


def say(words):
    print(f"bench: {words}", file=sys.stderr)


def middle(found):
    return sorted(found)[len(found) // 2]


def answers_a_second(work, file):
    """by clients that each wait for their answer, of random passwords: the rules, the filter and zxcvbn are all asked"""
    place, settings = work.path("panel"), work.path("panel.conf")
    settings.write_text(f'password_listen = "unix:{place}"\npassword_breached = "{file}"\n')
    question = json.dumps({"account": "alice@example.org", "password": "w7KdTn4mQcX-8", "language": "en"}).encode() + b"\n"
    server = subprocess.Popen([work.sekisho, "password", "serve", "-c", settings], env=work.env)
    try:
        clients = []
        while len(clients) < CLIENTS:
            clients.append(socket.socket(socket.AF_UNIX))
            while clients[-1].connect_ex(str(place)):
                time.sleep(0.01)
        files = [client.makefile("rb") for client in clients]
        began = time.monotonic()
        for _ in range(QUESTIONS):
            for client in clients:
                client.sendall(question)
            good = [json.loads(file.readline())["good"] for file in files]
        if not all(good):
            sys.exit("bench: a good password was refused")
        return CLIENTS * QUESTIONS / (time.monotonic() - began)
    finally:
        server.terminate()
        server.wait()


def section(work, build, rounds, when):
    """`work`: a bench.run.Work"""
    listed, file = work.path("breached.txt"), work.path("breached")
    with open(listed, "wb") as to:
        subprocess.run([build / "bench-breached", "list", str(ENTRIES)], stdout=to, check=True)
    built, asked = [], []
    for _ in range(rounds):
        built.append(work.run(work.sekisho, "password", "breached", "build", "-o", file, listed))
        asked.append(json.loads(subprocess.run(["taskset", "-c", "0", build / "bench-breached", "ask", file, str(ENTRIES)], capture_output=True,
                                               check=True).stdout))
        say(f"built in {built[-1][0]:.1f} s; {asked[-1]['digests_a_second'] / 1e6:.1f} million questions a second")
    answers = middle([answers_a_second(work, file) for _ in range(rounds)])
    size, read = file.stat().st_size, listed.stat().st_size
    listed.unlink()
    file.unlink()
    cpu, _, peak = middle(built)
    wrong, missed = asked[0]["false_positives"], sum(each["missed"] for each in asked)
    held = size < GOAL_BYTES and wrong < GOAL_WRONG and not missed
    rates = [middle([each[name] for each in asked]) for name in ("passwords_a_second", "digests_a_second")]
    return "\n".join([
        "## Breached passwords", "", f"`bench/breached.py`; {when}. A made-up list of {ENTRIES:,} SHA-1 with counts, {read / 1e6:.0f} MB; processor seconds; "
        f"asked for all of them and for as many others, on one core; median of {rounds} rounds.", "",
        "| what | |", "|---|---:|",
        f"| to build it | {cpu:.1f} s, {peak / 1e6:.0f} MB of memory |",
        f"| the file | {size / 1e6:.1f} MB, {8 * size / ENTRIES:.2f} bits an entry |",
        f"| others taken for one of the list | {100 * wrong:.2f} % |",
        f"| of the list not found | {missed} |",
        f"| asked by password, a second | {rates[0] / 1e6:.1f} million |",
        f"| asked by SHA-1, a second | {rates[1] / 1e6:.1f} million |",
        f"| `sekisho password serve`, {CLIENTS} clients that wait for each answer: good passwords a second, with all of the policy | {answers:,.0f} |", "",
        f"Goal: {ENTRIES:,} entries in under {GOAL_BYTES / 1e6:.0f} MB, wrong for fewer than {100 * GOAL_WRONG:.0f} % ({'held' if held else '**missed**'})."])
