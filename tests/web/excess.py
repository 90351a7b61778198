# SPDX-License-Identifier: Apache-2.0
"""Too much and too slow: whoever does that is sent away, and the others are served meanwhile."""
import contextlib
import random
import re
import socket
import ssl
import subprocess
import time

from attacks import said
from pages import Site, Visitor, wait_for


def too_much(note):
    """bodies, heads, fields and forms without measure"""
    with Site() as site:
        visitor = Visitor(site)
        visitor.get("/")
        answer = visitor.post("/", address="a" * 9000 + "@b.test")
        yield "a body of more than 8 KiB", None if answer.status == 413 else f"{answer}"
        visitor.get("/")
        answer = visitor.post("/", address="a" * 400 + "@b.test")
        yield "an address that is none", None if answer.status == 200 and answer.title else f"{answer}"
        head = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.address}
        for what, body in (("a hundred fields", "&".join(f"f{n}=1" for n in range(100))), ("half a character", "token=%4"), ("a zero", "token=a%00b"),
                           ("a long name", "n" * 100 + "=1"), ("no form", "\x00\x01\x02")):
            answer = visitor.send("POST", "/", body, head)
            yield what, None if answer.status == 400 else f"{answer}"
        answer = visitor.send("POST", "/", "", head)
        yield "nothing at all", None if answer.status == 403 else f"{answer}"
        name = b"Host: localhost:%d\r\n" % site.port
        raw = said(visitor, "GET", "/", name + b"X: " + b"x" * 100000 + b"\r\n")
        yield "a head of 100 KB", None if b" 200 " not in raw[:20] else raw[:60].decode()
        raw = said(visitor, "GET", "/", name + b"".join(b"X%d: 1\r\n" % n for n in range(5000)))
        yield "five thousand fields", None if b" 200 " not in raw[:20] else raw[:60].decode()
        raw = said(visitor, "POST", "/", name + b"Content-Length: 1000000000000\r\nContent-Type: application/x-www-form-urlencoded\r\n", b"a" * 200000)
        yield "a body that never ends", None if b" 200 " not in raw[:20] else raw[:60].decode()
        raw = said(visitor, "POST", "/", name + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"ffffffffffffffff\r\nabc", 3)
        yield "a length that lies", None if b" 200 " not in raw[:20] else raw[:60].decode()
        raw = said(visitor, "GET", "/", name + b"X: " + b"x" * 17000 + b"\r\n")
        yield "a head of 17 KB", None if b" 431 " in raw[:20] else raw[:60].decode()
        yield "and it is there still", None if Visitor(site).get("/").status == 200 else "no"


def garbage(note):
    """bytes that are no TLS, no HTTP, or neither"""
    with Site() as site:
        chance = random.Random(4711)
        context = ssl.create_default_context(cafile=site.certificate)
        for number in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", site.port), 5) as raw:
                line = context.wrap_socket(raw, server_hostname="localhost") if number % 2 else raw
                line.sendall(bytes(chance.randrange(256) for _ in range(chance.randrange(1, 400))) + (b"\r\n\r\n" if number % 3 else b""))
                if number % 5 == 0:
                    line.settimeout(0.2)
                    line.recv(100)
        yield "it is there still", None if Visitor(site).get("/").status == 200 else "no"
        for version, taken in (("tls1", False), ("tls1_1", False), ("tls1_2", True), ("tls1_3", True)):
            done = subprocess.run(["openssl", "s_client", "-connect", f"localhost:{site.port}", "-CAfile", site.certificate, f"-{version}",
                                   "-cipher", "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=30)
            answer = done.stdout + done.stderr
            yield f"{version} is {'taken' if taken else 'refused by the server'}", None if ("Verify return code: 0" in answer if taken
                else "CONNECTED" in answer and "Cipher is (NONE)" in answer and re.search("and written [1-9]", answer)
                and re.search("alert protocol version|unexpected eof", answer)) else answer[-300:]


def slow_ones(note):
    """a crowd that dribbles, before, within and after its head, is hung up on; a visitor is served all the while"""
    with Site(web_behind_proxy="{ 127.0.0.1 }") as site:
        context = ssl.create_default_context(cafile=site.certificate)
        lines, began = [], time.monotonic()
        for number in range(150):
            raw = socket.create_connection(("127.0.0.1", site.port), 30)
            line = raw if number % 3 == 0 else context.wrap_socket(raw, server_hostname="localhost")
            if number % 3 == 1:
                line.sendall(b"GET / HTTP/1.1\r\nHost: localhost:%d\r\nX: " % site.port)
            if number % 3 == 2:
                line.sendall(b"POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na="
                             % site.port)
            lines.append(line)
        slowest = 0.0
        over = {}
        while time.monotonic() - began < 45 and len(over) < len(lines):
            for number, line in enumerate(lines):
                if number in over:
                    continue
                try:
                    if number % 3:
                        line.sendall(b"x")
                    line.settimeout(0.001)
                    if line.recv(4096) == b"" or number % 3 == 0:
                        over[number] = time.monotonic() - began
                except (TimeoutError, ssl.SSLWantReadError):
                    pass
                except OSError:
                    over[number] = time.monotonic() - began
            start = time.monotonic()
            if Visitor(site).get("/").status != 200:
                break
            slowest = max(slowest, time.monotonic() - start)
            time.sleep(0.7)
        note(f"{len(over)} of {len(lines)} hung up on, the last after {max(over.values(), default=0):.0f} s; meanwhile a page took {slowest:.2f} s at most")
        yield "all of them are hung up on", None if len(over) == len(lines) else f"{len(over)} of {len(lines)}"
        yield "within half a minute", None if max(over.values(), default=99) < 32 else f"{max(over.values()):.0f} s"
        yield "a visitor waits for nobody", None if slowest < 5 else f"{slowest:.1f} s"


def too_many(note):
    """more connections than it takes, that never say anything: others come in all the same, and once the crowd was sent away; one address and
    one network have a share alone"""
    with Site() as site:
        many = crowd(site, [f"127.6.{n % 5}.{n // 5 + 1}" for n in range(600)])
        yield "never are more in than it takes", None if wait_for(lambda: still_open(many) <= 512, 5) else "more"
        yield "a visitor comes into a full house", None if served(site, "127.7.0.1") else "no"
        yield "those who are silent are sent away", None if wait_for(lambda: still_open(many) == 0, 30) else "not all"
        yield "and then it serves again", None if served(site) else "no"
        one = crowd(site, ["127.0.0.1"] * 60)
        yield "one address has its share", None if wait_for(lambda: still_open(one) == 48, 5) else f"{still_open(one)} are in"
        yield "others are served", None if served(site, "127.0.0.2") else "no"
        block = crowd(site, [f"127.5.0.{n}" for n in range(1, 200)])
        yield "one network has its share", None if wait_for(lambda: still_open(block) == 128, 5) else f"{still_open(block)} are in"
        yield "it is said, once a minute", None if (lines := site.gate.said().count("were turned away, for too many")) == 1 else f"{lines} times"
        for line in one + block + many:
            line.close()


def crowd(site, addresses):
    """one connection from each of them"""
    lines = []
    for address in addresses:
        line = socket.create_connection(("127.0.0.1", site.port), 5, source_address=(address, 0))
        line.setblocking(False)
        lines.append(line)
    return lines


def still_open(lines):
    count = 0
    for line in lines:
        try:
            line.recv(1)
        except BlockingIOError:
            count += 1
        except OSError:
            pass
    return count


def served(site, source="127.0.0.1"):
    context = ssl.create_default_context(cafile=site.certificate)
    try:
        with context.wrap_socket(socket.create_connection(("127.0.0.1", site.port), 4, source_address=(source, 0)), server_hostname="localhost") as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n" % site.port)
            return line.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


def too_often(note):
    """codes, tries and pages from one address, within minutes"""
    with Site() as site:
        visitor = Visitor(site)
        visitor.get("/")
        answers = [visitor.post("/", address=f"n{number}@provider.test").status for number in range(10)]
        yield "codes are asked for eight times", None if answers[:8] == [200] * 8 and answers[8:] == [429] * 2 else f"{answers}"
        visitor.get("/code")
        answers = [visitor.post("/code", address="a@provider.test", code="AAAAAAAA").status for number in range(24)]
        yield "codes are tried twenty times", None if answers[:20] == [200] * 20 and answers[-1] == 429 else f"{answers}"
        answers = [visitor.get("/robots.txt").status for _ in range(400)]
        yield "pages are asked for without haste", None if answers[0] == 200 and 429 in answers else f"{set(answers)}"


STORIES = [too_much, garbage, slow_ones, too_many, too_often]
