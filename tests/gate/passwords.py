# SPDX-License-Identifier: Apache-2.0
"""Panels and plug-ins that ask about passwords: `sekisho password serve` beside the daemon, its answers, crowds, nonsense, kills, and what of a
password can be found afterwards, anywhere."""
import contextlib
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gate import HERE, OWNERS, Gate, files_with, free_port, wait_for

EXAMPLE = HERE.parents[1] / "share/panel/ask-password"
ROUNDCUBE = HERE.parents[1] / "share/panel/roundcube/sekisho.php"
ALICE = "alice.adams@example-mail.test"
CLIENTS, QUESTIONS, CONNECTIONS_MAX, SHADOW_BYTES = 64, 40, 256, 1 << 32


class Panel:
    """a client that keeps its connection"""

    def __init__(self, where):
        if isinstance(where, int):
            self.socket = socket.create_connection(("127.0.0.1", where), 60)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(60)
            self.socket.connect(str(where))
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def says(self, line):
        self.socket.sendall(line)
        return self.file.readline()

    def asks(self, **question):
        return json.loads(self.says(json.dumps(question).encode() + b"\n"))


class Answering(Gate):
    """a daemon that answers about passwords, too"""

    def __init__(self, where=None, **settings):
        super().__init__(**settings)
        self.place = self.root / "panel"
        self.configure(password_listen=f'"{where or f"unix:{self.place}"}"')

    def comes_up(self):
        super().comes_up()
        if self.settings["password_listen"] != '""' and not wait_for(self.is_answering):
            raise RuntimeError(f"nobody answers about passwords: {self.said()[-600:]}")

    def is_answering(self):
        with contextlib.suppress(OSError, ValueError), Panel(self.place) as panel:
            return "demands" in panel.asks(demands=True)
        return False

    def child(self):
        """the process that answers, None while there is none"""
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                pid, parent = status.parent.name, status.read_text().rsplit(")", 1)[1].split()[1]
                if int(parent) == self.daemon.pid and b"\0password\0serve\0" in (status.parent / "cmdline").read_bytes():
                    return int(pid)
        return None


def is_there(pid):
    """a zombie is not: its parent is another's affair"""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def faults(answer):
    return [each["fault"] for each in answer.get("objections", [])]


# ---- what is asked

def panels_ask(note):
    """good and bad passwords, in both languages, over both kinds of socket; made ones are good; what is to be shown before anybody types"""
    bad = {"1234qwer": "row", "alice2026": "of_address", "12345678": "only_digits", "kQ7": "short", "aaaaaaaaaa": "repeats"}
    with Answering() as gate:
        with Panel(gate.place) as panel:
            for password, fault in bad.items():
                answer = panel.asks(account=ALICE, password=password, language="en")
                yield f"{fault} is refused", None if answer["good"] is False and fault in faults(answer) else answer
                yield "and it is said how to mend it", None if all(each["why"] and each["mend"] for each in answer["objections"]) else answer
            answer = panel.asks(account=ALICE, password="1234qwer", language="ja-JP")
            japanese = re.search("[ぁ-んァ-ン一-龥]", "".join(each["why"] + each["mend"] for each in answer["objections"]))
            yield "in Japanese", None if japanese else answer
            answer = panel.asks(account=ALICE, password="1234qwer", language="fr")
            yield "in English where it is another language", None if answer["objections"][0]["why"].isascii() else answer
            answer = panel.asks(account=ALICE, password="Kanda-Bento7", names=["Kanda Bento"], language="en")
            yield "the company's name", None if "of_names" in faults(answer) else answer
            made = [panel.asks(generate=True, account=ALICE, names=["Kanda Bento"])["password"] for _ in range(50)]
            yield "fifty are made, all different", None if len(set(made)) == 50 else made
            answers = [panel.asks(account=ALICE, password=password, names=["Kanda Bento"]) for password in made]
            yield "and all are good", None if all(answer["good"] and answer["bits"] > 30 for answer in answers) else answers
            demands = panel.asks(demands=True, language="en")
            yield "demands", None if len(demands["demands"]) > 3 and demands["least"] >= 8 else demands
            example = {password: subprocess.run([EXAMPLE, ALICE, gate.place], input=password, capture_output=True, text=True, check=False)
                       for password in ("1234qwer", made[0])}
            yield "the example for panels says why not", None if example["1234qwer"].returncode == 1 and example["1234qwer"].stdout else example
            yield "and takes what is good", None if example[made[0]].returncode == 0 and not example[made[0]].stdout else example
            told = gate.said()
            yield "nothing is logged", None if not any(word in told for word in (*bad, *made)) else told[-600:]
        mode = stat.S_IMODE(gate.place.stat().st_mode)
        yield "owner and group alone may ask", None if mode == 0o660 else oct(mode)
        port = free_port()
        gate.stop()
        yield "the socket is gone with the daemon", "it is there" if gate.place.exists() else None
        gate.place = port
        gate.configure(password_listen=f'"inet:127.0.0.1:{port}"')
        gate.start()
        with Panel(port) as panel:
            answer = panel.asks(account=ALICE, password="alice2026")
        yield "over TCP", None if faults(answer) else answer


def roundcube_asks(note):
    """the driver for Roundcube's password plugin, in PHP: its rules, a score that the plugin takes or not, and why, in the reader's language"""
    if not shutil.which("php"):
        note("php is not installed: left out")
        return

    def asks(where, language, *passwords):
        done = subprocess.run(["php", HERE / "roundcube.php", ROUNDCUBE, where, language, ALICE], input="".join(f"{each}\n" for each in passwords),
                              capture_output=True, text=True, check=False)
        return done.stderr or [json.loads(line) for line in done.stdout.splitlines()]

    with Answering() as gate:
        good = f"{secrets.token_hex(4)}.Kx7Q"
        told = asks(f"unix://{gate.place}", "en_US", good, "alice2026", 'qu"ote\\')
        yield "its rules", None if len(told[0]) > 3 else told
        yield "a good one", None if told[1] == [5, ""] else told
        yield "a bad one, and why", None if told[2][0] == 1 and "address" in told[2][1] else told
        yield "one with signs", None if told[3][0] == 1 and told[3][1] else told
        told = asks(f"unix://{gate.place}", "ja_JP", "alice2026")
        yield "in Japanese", None if re.search("[ぁ-ん]", told[1][1]) else told
        told = asks("unix:///nowhere/at/all", "en_US", good)
        yield "where nobody answers nothing is changed", None if told[0] == [] and told[1][0] == 1 and "later" in told[1][1] else told


def beyond_this_machine(note):
    """an address that others reach is refused, and said each time it is tried; the gate goes on"""
    with Gate() as gate:
        gate.stop()
        gate.configure(password_listen=f'"inet:0.0.0.0:{free_port()}"')
        gate.start()
        yield "it is said", None if wait_for(lambda: "no address of this machine alone" in gate.said()) else gate.said()[-600:]
        yield "it is tried again", None if wait_for(lambda: gate.said().count("no address of this machine alone") > 1) else gate.said()[-600:]
        yield "mail passes", None if gate.owner_sends(next(iter(OWNERS))) == "DUNNO" else gate.said()[-600:]


def a_new_list(note):
    """a file of breached passwords that is built anew is known a moment later, without a restart; a damaged one is said, and the old one stays"""
    known, leaked = (f"{secrets.token_hex(4)}.Kx7Q" for _ in range(2))
    with Gate() as made:  # a folder of its own
        file = made.root / "breached"

        def build(*words):
            subprocess.run([Gate.binary, "password", "breached", "build", "--plain", "-o", file, "-"], input="\n".join(words), text=True, check=True,
                           stdout=subprocess.DEVNULL)

        build(known)
        with Answering(password_breached=f'"{file}"') as gate, Panel(gate.place) as panel:
            yield "one that is known", None if faults(panel.asks(password=known)) == ["breached"] else panel.asks(password=known)
            yield "one that is not yet", None if panel.asks(password=leaked)["good"] else panel.asks(password=leaked)
            build(known, leaked)
            yield "now it is", None if wait_for(lambda: faults(panel.asks(password=leaked)) == ["breached"]) else gate.said()[-600:]
            file.rename(made.root / "old")
            file.write_text("nothing of the kind")
            yield "it is said what is wrong", None if wait_for(lambda: "is no file of breached passwords; what was there" in gate.said()) else gate.said()[-600:]
            yield "and the old one stays", None if faults(panel.asks(password=leaked)) == ["breached"] else panel.asks(password=leaked)


def no_list_yet(note):
    """a file of breached passwords that is missing, then damaged, is said once each, answers say that it was not asked; once it is there it is"""
    leaked = f"{secrets.token_hex(4)}.Kx7Q"
    with Gate() as made:
        file = made.root / "breached"
        with Answering(password_breached=f'"{file}"') as gate, Panel(gate.place) as panel:
            yield "it answers", None if "repeats" in faults(panel.asks(password="aaaaaaaa")) else panel.asks(password="aaaaaaaa")
            answer = panel.asks(password=leaked)
            yield "and says what was not asked", None if answer["good"] and answer["not_asked"] == ["breached"] else answer
            yield "which is logged once", None if gate.said().count("until there is one, the other rules alone are asked") == 1 else gate.said()[-600:]
            asked = subprocess.run([Gate.binary, "password", "check", "--config", gate.root / "conf"], input=leaked, text=True, capture_output=True, check=False)
            yield "the command goes on too", None if asked.returncode == 0 and "the other rules alone are asked" in asked.stderr else asked
            checked = subprocess.run([Gate.binary, "config", "check", gate.root / "conf"], text=True, capture_output=True, check=False)
            yield "for config check it is a fault", None if checked.returncode == 1 and "breached" in checked.stderr else checked
            file.write_text("nothing of the kind")
            yield "a damaged one is no better", None if wait_for(lambda: "is no file of breached passwords; until" in gate.said()) else gate.said()[-600:]
            yield "and not asked", None if panel.asks(password=leaked).get("not_asked") == ["breached"] else panel.asks(password=leaked)
            subprocess.run([Gate.binary, "password", "breached", "build", "--plain", "-o", file, "-"], input=leaked, text=True, check=True, stdout=subprocess.DEVNULL)
            yield "now it is asked", None if wait_for(lambda: faults(panel.asks(password=leaked)) == ["breached"]) else gate.said()[-600:]
            answer = panel.asks(password=leaked)
            yield "and that is all there is to say", None if "not_asked" not in answer else answer
            yield "which is logged too", None if gate.said().count("breached passwords are known from now on") == 1 else gate.said()[-600:]


# ---- crowds and nonsense

def crowd_of_panels(note):
    """sixty-four at once, each with its own passwords: every answer is to its own question; the silent and those beyond the limit disturb nobody"""
    def many(number, where):
        rng, wrong = random.Random(number), []
        with Panel(where) as panel:
            for _ in range(QUESTIONS):
                good = rng.random() < 0.5
                letters = "".join(rng.choices("bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789", k=12))
                password = f"w{letters}X-8" if good else f"alice{rng.randrange(1000)}"
                answer = panel.asks(account=ALICE, password=password, language="en")
                if answer["good"] != good or (not good and "of_address" not in faults(answer)):
                    wrong.append((good, answer))
        return wrong

    with Answering() as gate:
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            wrong = [each for found in pool.map(lambda number: many(number, gate.place), range(CLIENTS)) for each in found]
        note(f"{CLIENTS} clients, {CLIENTS * QUESTIONS} questions: {time.monotonic() - began:.1f} s")
        # one random password in a thousand may be refused for what stands in it by chance
        yield "all were answered right", None if len(wrong) <= 3 and not [good for good, _ in wrong if not good] else wrong[:5]
        with contextlib.ExitStack() as silent:
            for _ in range(CONNECTIONS_MAX - 1):
                silent.enter_context(Panel(gate.place))
            with Panel(gate.place) as last:
                yield "one who asks among the silent is answered", None if last.asks(password="aaaaaaaa")["good"] is False else "not"
                with Panel(gate.place) as beyond:
                    try:
                        said = beyond.says(b'{"demands":true}\n')
                    except OSError:
                        said = b""
                yield "one more is answered, for a silent one goes", None if b'"demands"' in said else said
                yield "and nobody else", None if last.asks(password="aaaaaaaa")["good"] is False else "not"
        yield "afterwards there is room", None if wait_for(gate.is_answering) else "none"


def nonsense_for_passwords(note):
    """junk, lines without an end, half ones, who does not read: an error or nothing, and the next question is answered"""
    lines = [b"", b"{}", b"[]", b"null", b"{", b'{"password":}', b'{"password":5}', b'{"password":""}', b'{"password":null}', b'{"names":"x","password":"y"}',
             b'{"names":[1],"password":"y"}', b'{"names":[' + b'"a",' * 16 + b'"a"],"password":"y"}', b'{"password":"a\\u0000b"}', b'{"password":"\xff\xfe"}',
             b'{"password":"x","language":7}', b'\x00\x01\x02', b"[" * 3000, b'{"a":' * 1300 + b"1" + b"}" * 1300]
    odd = [b'{"password":"' + b"\\u3042" * 1300 + b'"}', b'{"password":"' + b"a" * 8000 + b'"}', b'{"password":"\\ud83d\\ude00"}', '{"password":"パスワード"}'.encode(),
           b'{"account":"' + b"@" * 4000 + b'","password":"' + b"@" * 4000 + b'"}', b'{"names":["",""," "],"account":"","password":"x"}']
    with Answering() as gate:
        pid = gate.child()
        with Panel(gate.place) as panel:
            answers = [panel.says(line + b"\n") for line in lines]
            yield "each is an error", None if all(list(json.loads(answer)) == ["error"] for answer in answers) else answers
            answers = [panel.says(line + b"\n") for line in odd]
            yield "odd ones are judged", None if all(json.loads(answer)["good"] is False for answer in answers) else answers
        with Panel(gate.place) as panel:
            answer = panel.says(b"x" * 100000)
            yield "a line without an end", None if b"8192" in answer else answer
            yield "is the last one", None if wait_for(lambda: ended(panel)) else "it may go on"
        for number in range(200):
            with Panel(gate.place) as panel:
                panel.socket.sendall(b'{"password":"half' if number % 2 else b'{"password":"whole"}\n')
        deaf = Panel(gate.place)
        deaf.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                deaf.socket.send(b'{"demands":true}\n' * 1000)
        yield "who does not read is not read either, and others are answered", None if wait_for(gate.is_answering) else "they are not"
        with deaf:
            yield "it is the same process still", None if gate.child() == pid else gate.said()[-600:]


def ended(panel):
    try:
        return panel.socket.recv(1000) == b""
    except OSError:
        return True


# ---- kills

def killed_while_it_answers(note):
    """kill -9 of the one that answers: another comes; kill -9 of the daemon: it goes with it, and finds its place free the next time"""
    with Answering() as gate:
        for _ in range(2):
            pid, began = gate.child(), time.monotonic()
            os.kill(pid, signal.SIGKILL)
            yield "another one answers", None if wait_for(gate.is_answering) and gate.child() != pid else gate.said()[-600:]
            note(f"after {time.monotonic() - began:.1f} s")
        yield "and that was said", None if "'sekisho password serve', which runs beside the daemon, has ended (exit status 0, signal 9)" in gate.said() else gate.said()[-600:]
        pid = gate.child()
        gate.stop(signal.SIGKILL)
        yield "it goes with its daemon", None if wait_for(lambda: not is_there(pid)) else "it stays"
        gate.start()
        yield "the next one has another", None if gate.child() not in (pid, None) else "none"
        pid = gate.child()
        note(f"stopped in {gate.stop():.1f} s")
        yield "none is left", None if not is_there(pid) else "it stays"
        gate.configure(password_listen='""')
        gate.start()
        yield "none where none is wanted", None if gate.child() is None else "there is one"


# ---- what is left of a password

def writable_memory(pid):
    """what that process may write to, piece by piece; without a sanitizer's shadow, which is larger than any memory"""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for begin, end, rights in re.findall(r"^(\w+)-(\w+) (\S+)", maps.read(), re.M):
            if not rights.startswith("rw") or int(end, 16) - int(begin, 16) > SHADOW_BYTES:
                continue
            for at in range(int(begin, 16), int(end, 16), 1 << 24):
                with contextlib.suppress(OSError, OverflowError, ValueError):
                    memory.seek(at)
                    yield memory.read(min(1 << 24, int(end, 16) - at))


def nothing_is_left(note):
    """passwords that were asked about are nowhere: log, store, process list, memory of the one that answered, a core"""
    marks = [f"Zq{secrets.token_hex(5)}" for _ in range(100)]
    with Answering() as gate:
        with Panel(gate.place) as panel:
            for mark in marks:
                panel.asks(account=ALICE, password=mark)
                panel.says(b'{"password":"%s",}\n' % mark.encode())
            half = Panel(gate.place)
            half.socket.sendall(b'{"password":"%s"' % marks[0].encode())
            half.__exit__()
            made = [panel.asks(generate=True)["password"] for _ in range(20)]
        time.sleep(1.2)  # the one that left is noticed
        pid, words = gate.child(), [word.encode() for word in (*marks, *made)]
        found = files_with(words, gate.root)
        yield "in no file", f"{found}" if found else None
        listed = b"".join((Path(f"/proc/{each}") / name).read_bytes() for each in (pid, gate.daemon.pid) for name in ("cmdline", "environ"))
        yield "not in the process list", None if not any(word in listed for word in words) else "there"
        limit = re.search(r"Max core file size\s+(\d+)\s+(\d+)", Path(f"/proc/{pid}/limits").read_text())
        yield "it leaves no core", None if limit and limit.groups() == ("0", "0") else "it may"
        if os.geteuid() == 0:
            with Panel(gate.place) as panel:
                panel.socket.sendall(b'{"password":"not asked yet')
                time.sleep(0.5)
                pieces = list(writable_memory(pid))
            yield "what is being asked is in its memory", None if any(b"not asked yet" in piece for piece in pieces) else "it is not: is this its memory?"
            left = {word for piece in pieces for word in words if word in piece}
            yield "what was asked before is not", None if not left else f"{len(left)} of {len(words)}"
        else:
            note("only root may look into its memory")


STORIES = [panels_ask, roundcube_asks, a_new_list, no_list_yet, beyond_this_machine, crowd_of_panels, nonsense_for_passwords, killed_while_it_answers, nothing_is_left]
