# SPDX-License-Identifier: Apache-2.0
"""Too many, too slow, too large, and nonsense: honest clients are answered all the same, in bounded memory."""
import contextlib
import itertools
import os
import random
import socket
import threading
import time

from gate import OWNERS, PATIENCE_S, Gate, wait_for
from talk import KEY, Dovecot, Policy, control

OWNER, THIEF = list(OWNERS)[:2]
POLICY_CROWD, HTTP_CROWD, CONTROL_CROWD = 10000, 2000, 64
HTTP_MOST = 10000  # at once
KIB_EACH, KIB_EACH_SANITIZED = 6, 24  # at most, of a silent connection


def reach(gate, where):
    if isinstance(where, int):
        return socket.create_connection(("127.0.0.1", where), PATIENCE_S)
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(where))  # waits while too many do
    line.settimeout(PATIENCE_S)
    return line


def timed(question):
    began = time.monotonic()
    answer = question()
    return answer, time.monotonic() - began


def honest_ones_are_answered(gate, who, note):
    """Postfix, Dovecot and a person, each once"""
    slowest = 0
    with Dovecot(gate.port) as dovecot:
        for what, question, right in (("policy", lambda: gate.owner_sends(OWNER), "DUNNO"),
                                      ("auth policy", lambda: dovecot.login(OWNER, OWNERS[OWNER][0]), 0),
                                      ("status", lambda: "accounts" in gate.status(), True)):
            answer, took_s = timed(question)
            slowest = max(slowest, took_s)
            yield f"{who}: {what} is answered", None if answer == right else f"{answer}"
    note(f"{who}: answered within {slowest:.2f} s")


def is_closed(line):
    line.setblocking(False)
    try:
        while True:
            if not line.recv(65536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def crowd(note):
    """ten thousand connections to the policy socket and two thousand to HTTP say nothing, or half a request"""
    with Gate() as gate, contextlib.ExitStack() as all_of_them:
        gate.owner_sends(OWNER)
        before = gate.resident_kib()
        silent, halves, http = [], [], []
        for number in range(POLICY_CROWD):
            line = all_of_them.enter_context(reach(gate, gate.policy))
            (halves if number % 10 == 0 else silent).append(line)
        for line in halves:
            line.sendall(b"request=smtpd_access_policy\nprotocol_state=RC")
        for number in range(HTTP_CROWD):
            http.append(all_of_them.enter_context(reach(gate, gate.port)))
            http[-1].sendall((b"", b"POST /?comm", b"POST /?command=allow HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")[number % 3])
        yield from honest_ones_are_answered(gate, "beside them", note)
        grown = gate.resident_kib() - before
        note(f"{grown} KiB for {POLICY_CROWD + HTTP_CROWD} connections")
        yield "memory is bounded", f"{grown} KiB" if grown > (KIB_EACH_SANITIZED if Gate.sanitized else KIB_EACH) * (POLICY_CROWD + HTTP_CROWD) else None
        closed = wait_for(lambda: all(map(is_closed, halves)), every_s=0.5)
        yield "half requests are closed after their time", None if closed else f"{sum(map(is_closed, halves))} of {len(halves)} are"
        yield "idle connections of Postfix stay", None if not any(map(is_closed, silent)) else f"{sum(map(is_closed, silent))} are closed"
        closed = wait_for(lambda: all(map(is_closed, http)), every_s=1)
        yield "silent HTTP is closed after its time", None if closed else f"{sum(map(is_closed, http))} of {len(http)} are"
        all_of_them.close()
        yield from honest_ones_are_answered(gate, "when they are gone", note)
        yield "the log is not flooded", f"{len(gate.said().splitlines())} lines" if len(gate.said().splitlines()) > 50 else None


def full_house(note):
    """as many strangers as Dovecot's socket takes say nothing, and come again as soon as they are turned out: Dovecot is answered within seconds"""
    with Gate() as gate, contextlib.ExitStack() as all_of_them:
        gate.owner_sends(OWNER)
        lines = [all_of_them.enter_context(reach(gate, gate.port)) for _ in range(HTTP_MOST)]
        with Dovecot(gate.port) as dovecot:
            answer, took_s = timed(lambda: dovecot.login(OWNER, OWNERS[OWNER][0]))
            note(f"answered after {took_s:.1f} s")
            yield "Dovecot gets its place", None if answer == 0 and took_s < PATIENCE_S / 4 else f"{answer} after {took_s:.1f} s"
            for line in lines:
                line.close()
            lines = [all_of_them.enter_context(reach(gate, gate.port)) for _ in range(HTTP_MOST)]
            answer, took_s = timed(lambda: dovecot.login(OWNER, OWNERS[OWNER][0]))
            note(f"once it is in: after {took_s:.2f} s")
            yield "and keeps it", None if answer == 0 and took_s < PATIENCE_S / 4 else f"{answer} after {took_s:.1f} s"
        yield "mail passes all the while", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"


def full_control_socket(note):
    """the control socket is taken by silent ones: it frees itself"""
    with Gate() as gate, contextlib.ExitStack() as all_of_them:
        lines = [all_of_them.enter_context(reach(gate, gate.control)) for _ in range(CONTROL_CROWD)]
        yield "mail passes", None if gate.owner_sends(OWNER) == "DUNNO" else "it does not"
        closed = wait_for(lambda: all(map(is_closed, lines)), every_s=0.5)
        yield "silent ones are closed after their time", None if closed else f"{sum(map(is_closed, lines))} are"
        yield "people are answered again", None if "accounts" in gate.status() else "they are not"


# ---- nonsense

def garbage(rng):
    """bytes that nobody should say, from half true to wholly false"""
    request = b"request=smtpd_access_policy\nprotocol_state=END-OF-MESSAGE\nsasl_username=" + THIEF.encode() + b"\n"
    http = b"POST /?command=report HTTP/1.1\r\nX-Sekisho-Key: " + KEY.encode() + b"\r\nContent-Length: "
    return rng.choice((
        lambda: os.urandom(rng.randrange(1, 5000)),
        lambda: b"\0" * rng.randrange(1, 70000),
        lambda: b"a=" + b"x" * (1 << 20),
        lambda: request * 20000,
        lambda: request[:rng.randrange(len(request))],
        lambda: request.replace(b"=", b"\0") + b"\n",
        lambda: request.replace(b"provider", "\u5e38\u7528".encode("shift_jis")) + b"\n",
        lambda: request + b"client_address=" + os.urandom(40).replace(b"\n", b"") + b"\nrecipient_count=-99999999999999999999\nsize=x\n\n",
        lambda: b"\n" * 100000,
        lambda: b"GET / HTTP/1.1\r\n\r\n",
        lambda: http + b"5\r\n\r\n{\"a\":",
        lambda: http + b"99999999999999999999\r\n\r\n",
        lambda: http + b"%d\r\n\r\n" % (1 << 20) + b"{" * (1 << 20),
        lambda: http + b"20\r\n\r\n{\"login\":\"\\ud800\\u00\"}",
        lambda: http + b"40\r\n\r\n{\"login\":\"" + b"\xff\xfe\0" * 10 + b"\"}",
        lambda: b"POST /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
        lambda: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(100),
        lambda: b"[" * 100000 + b"\n",
        lambda: b'{"verb":"incident show","incident":1e999}\n{"verb":"account show","account":"\xff\xfe\\u0000"}\n',
        lambda: b'{"verb":"whose","ids":[' + b'{"id":"x"},' * 5000 + b'{}]}\n',
        lambda: b'{"verb":"status"}\n' * 3000,
        lambda: b'{"verb":"mode set","domain":"' + b"a" * 300 + b'","mode":"enforce"}\n',
    ))()


def nonsense(note):
    """rubbish on every socket at once, beside honest clients who are answered"""
    with Gate() as gate:
        gate.owner_sends(OWNER)
        before, over, said = gate.resident_kib(), threading.Event(), [0] * 6

        def rave(number):
            rng = random.Random(number)
            where = (gate.policy, gate.port, gate.control)[number % 3]
            while not over.is_set():
                with contextlib.suppress(OSError), reach(gate, where) as line:
                    line.settimeout(rng.choice((0.05, 0.3)))
                    line.sendall(garbage(rng))
                    said[number] += 1
                    line.recv(65536)

        threads = [threading.Thread(target=rave, args=(number,)) for number in range(len(said))]
        for thread in threads:
            thread.start()
        deadline, slowest, wrong = time.monotonic() + (30 if Gate.long else 6), 0, []
        while time.monotonic() < deadline:
            began = time.monotonic()
            if gate.owner_sends(OWNER) != "DUNNO":
                wrong.append("policy")
            with Dovecot(gate.port) as dovecot:
                if dovecot.login(OWNER, OWNERS[OWNER][0]):
                    wrong.append("auth policy")
            with contextlib.suppress(OSError, ValueError):  # its 64 places may be taken
                gate.status()
            slowest = max(slowest, time.monotonic() - began)
        over.set()
        for thread in threads:
            thread.join()
        grown = gate.resident_kib() - before
        note(f"{sum(said)} times nonsense; the slowest honest round took {slowest:.2f} s; {grown} KiB more")
        yield "honest clients are answered", f"{wrong[:5]}" if wrong else None
        yield "memory is bounded", f"{grown} KiB" if grown > (300 if Gate.sanitized else 80) * 1024 else None
        yield "nobody is locked", f"{gate.incidents()}" if gate.incidents() else None
        lines = len(gate.said().splitlines())
        yield "the log is not flooded", f"{lines} lines: {gate.said()[-400:]}" if lines > 100 else None
        yield from honest_ones_are_answered(gate, "afterwards", note)


# ---- accounts

def reports(gate, logins, success):
    """as Dovecot would, but many at a time"""
    bodies = (f'{{"login":"{login}","remote":"{remote}","protocol":"imap","success":{str(success).lower()},"policy_reject":false}}'
              for login, remote in logins)
    head = f"POST /?command=report HTTP/1.1\r\nHost: x\r\nX-Sekisho-Key: {KEY}\r\n"
    with reach(gate, gate.port) as line:
        heard = line.makefile("rb")
        while True:
            some = [f"{head}Content-Length: {len(body)}\r\n\r\n{body}" for body in itertools.islice(bodies, 50)]
            if not some:
                return
            line.sendall("".join(some).encode())
            for _ in some:
                length = 0
                while (said := heard.readline().strip().lower()) != b"":
                    length = int(said[15:]) if said.startswith(b"content-length:") else length
                heard.read(length)


def guessing_flood(note):
    """fifty thousand names that do not exist are tried and make no accounts; ten thousand that do are all there"""
    with Gate() as gate:
        gate.owner_sends(OWNER)
        before, known = gate.resident_kib(), gate.status()["accounts"]
        began = time.monotonic()
        reports(gate, ((f"guess{number}@provider.test", f"91.27.{number % 200}.{number % 250}") for number in range(50000)), False)
        note(f"50,000 guesses in {time.monotonic() - began:.1f} s, {gate.resident_kib() - before} KiB")
        yield "guesses make no accounts", None if gate.status()["accounts"] == known else f"{gate.status()['accounts'] - known} were made"
        reports(gate, ((f"real{number}@provider.test", f"153.145.{number % 200}.{number % 250}") for number in range(10000)), True)
        made = gate.status()["accounts"] - known
        yield "who logs in has one", None if made == 10000 else f"{made} of 10000"
        yield "nobody is locked", f"{gate.incidents()}" if gate.incidents() else None
        last = b"real9999@provider.test"  # a name is written down before the first that is heard of it
        wait_for(lambda: any(last in file.read_bytes() for file in gate.memory()))
        gate.restart(9)
        made = gate.status()["accounts"] - known
        yield "also after a crash", None if made == 10000 else f"{made} of 10000"


STORIES = [crowd, full_house, full_control_socket, nonsense, guessing_flood]
