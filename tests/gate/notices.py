# SPDX-License-Identifier: Apache-2.0
"""What owners and operators are told, by the real daemon and its child: to whom, what, once, and never to the locked mailbox."""
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from gate import OWNERS, Gate, Wrong, wait_for
from mailhost import MailHost

OPERATOR = "operator@office.test"
PHRASE = "青いすずめと三つの橋"


class Told(Gate):
    def __init__(self, host, **settings):
        super().__init__(**{"notice_smtp": f'"{host.url}"', "notice_from": '"support@provider.test"', "notice_name": '"株式会社テスト"',
                            "notice_operators": f'{{ "{OPERATOR}" }}', "panel_name": '"サーバーパネル"',
                            "support_words": '"03-0000-0000, 9:00-18:00"', "server_name": '"sv1.provider.test"', "notice_quiet": '""', **settings})
        self.host = host

    def contact(self, *words, status=0, typed=None):
        done = subprocess.run([self.binary, "contact", *words, "-c", self.root / "conf"], capture_output=True, text=True, check=False,
                              input=typed, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
        if done.returncode != status:
            raise Wrong(f"contact {' '.join(map(str, words))}: {done.returncode}: {done.stderr.strip()[-300:]}")
        return done.stdout + done.stderr

    def notices(self, *words):
        return self.ask("notice", "list", "--all", *words)["notices"]

    def child(self):
        """of the daemon: whoever delivers, None for nobody"""
        for each in Path(f"/proc/{self.daemon.pid}/task/{self.daemon.pid}/children").read_text().split():
            try:
                if b"deliver" in Path(f"/proc/{each}/cmdline").read_bytes():
                    return int(each)
            except OSError:
                pass
        return None


def owner_is_told(note):
    """a hijack: in two seconds the owner is told at their own address, in their language, with phrase and code; once; and of the release"""
    owner = list(OWNERS)[0]
    with MailHost() as host, Told(host) as gate:
        gate.contact("set", owner, "--mail", "hanako@home.test", "--language", "ja", "--name", "山田 花子", "--phrase", typed=PHRASE + "\n")
        gate.hijack(owner)
        wait_for(lambda: gate.is_locked(owner))
        yield "told", None if wait_for(lambda: host.to("hanako@home.test"), 20) else f"{gate.said()[-2000:]}"
        mail = host.to("hanako@home.test")[0]
        incident = gate.incidents()[owner]
        shown = gate.ask("incident", "show", str(incident["id"]))
        text, page = mail.text(), mail.text("html")
        words = re.sub(r"\n *", "", text)  # as if no line were broken
        note(f"{time.time() - mail.at:.1f} s ago; subject: {mail.mail['subject']}")
        note(text.replace("\n", "\n   "))
        yield "not the locked mailbox", None if not host.to(owner) else "it was"
        yield "no envelope sender", None if mail.sender == "" else mail.sender
        yield "told to be a machine's", None if mail.mail["auto-submitted"] == "auto-generated" else "no"
        yield "the phrase, the name, the panel, the support", None if all(each in words for each in (
            PHRASE, "山田 花子", "サーバーパネル", "03-0000-0000", owner, "sv1.provider.test", "ベトナム")) else text
        yield "in HTML, too, and no link", None if PHRASE in page and "href" not in page and "http" not in page + text else page
        code = re.search(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", text)
        yield "a code", None if code else text
        for address in ("hanako@home.test", owner, "HANAKO@home.test"):
            found = gate.ask("notice", "verify", code[0].lower(), address)
            yield f"ours, with {address}", None if found["ours"] and found["notice"]["account"] == owner else f"{found}"
        found = gate.ask("notice", "verify", code[0], "other@home.test", status=1)
        yield "worth nothing with another address", None if not found["ours"] and found["notice"] is None else f"{found}"
        for name, raw, ours in (("as it came", mail.raw, True), ("without CRs", mail.raw.replace(b"\r\n", b"\n"), True),
                                ("a copy with a link", mail.raw.replace(b"\r\n--", b"\r\nhttp://sv1.provider.test.evil.test/login\r\n--", 1), False),
                                ("a copy with an id of its own", mail.raw.replace(b"Message-ID: <", b"Message-ID: <x"), False)):
            (gate.root / "mail").write_bytes(raw)
            said = gate.ask("inspect", str(gate.root / "mail"))
            yield f"inspect knows it: {name}", None if said["kind"] == "notice" and said["notice"]["ours"] == ours != said["notice"]["copied"] and \
                bool(said["notice"]["why"]) != ours else f"{said}"
        yield "the incident says so", None if any(each["to"] == "owner" and each["state"] == "sent" for each in shown["notices"]) else f"{shown['notices']}"
        yield "the operator is told", None if wait_for(lambda: host.to(OPERATOR), 30) else "no"
        gate.ask("incident", "release", str(incident["id"]))
        yield "the release is told", None if wait_for(lambda: len(host.to("hanako@home.test")) == 2, 20) else f"{gate.notices()}"
        time.sleep(2)
        yield "and nothing else", None if len(host.to("hanako@home.test")) == 2 and len(host.to(OPERATOR)) == 1 else f"{gate.notices()}"


def locked_by_hand(note):
    """a person's lock has words of its own: no abuse that nobody saw, and nothing as done that is not proved"""
    owner = list(OWNERS)[2]
    with MailHost() as host, Told(host, mode="observe", panel_name_en='"the control panel"', notice_name_en='"Test Ltd."') as gate:
        gate.contact("set", owner, "--mail", "jiro@home.test", "--language", "en")
        gate.owner_sends(owner)
        gate.ask("account", "lock", owner, "--no-wait", "--why", "a call at ten")
        yield "told", None if wait_for(lambda: host.to("jiro@home.test") and host.to(OPERATOR), 30) else f"{gate.notices()}"
        mail, operators = host.to("jiro@home.test")[0], re.sub(r"\n *", " ", host.to(OPERATOR)[0].text())
        words = re.sub(r"\n *", " ", mail.text())
        note(mail.text().replace("\n", "\n   "))
        yield "as a precaution", None if "as a precaution" in mail.mail["subject"] and "A person at your provider has locked" in words else words
        yield "no abuse that nobody saw", None if not any(each in words + operators for each in (
            "omebody else has sent", "right password", "MAILER-DAEMON", "It came from")) else words + operators
        yield "what is proved", None if "No mail can be sent with this account" in words else \
            f"{gate.ask('incident', 'show', str(gate.incidents()[owner]['id']))['closure']}"
        yield "nothing that is not set up", None if not any(each in words for each in ("Connections that were", "password was replaced")) else words
        yield "the reason is for operators alone", None if "a call at ten" in operators and "a call at ten" not in words else f"{words}\n{operators}"
        steps = gate.ask("incident", "show", str(gate.incidents()[owner]["id"]))["closure"]["steps"]
        queue = next(each for each in steps if each["action"] == "queue")
        yield "English names in English", None if mail.mail["from"].addresses[0].display_name == "Test Ltd." and "control panel, or hear" in words and \
            "パネル" not in words else f"{mail.mail['from']}\n{words}"
        yield "and where there is none, the general one", None if "03-0000-0000" in words else words
        yield "the queue as it is", None if ("had not gone out yet" in words) == bool(queue["proved"]) else f"{queue}, {words}"
        gate.ask("incident", "release", str(gate.incidents()[owner]["id"]))
        yield "the release is told", None if wait_for(lambda: len(host.to("jiro@home.test")) == 2, 20) else f"{gate.notices()}"
        mail = host.to("jiro@home.test")[1]
        yield "and no flood is foretold", None if "open again" in mail.text() and "MAILER-DAEMON" not in mail.text() else mail.text()


def hijacked(gate, count, first=0):
    """so many accounts, robbed one after the other: their names"""
    names = list(OWNERS)[first:first + count]
    for name in names:
        gate.hijack(name, messages=12)
    if not wait_for(lambda: len(gate.incidents()) >= count, 60):
        raise Wrong(f"{len(gate.incidents())} incidents")
    return names


def by_address(host):
    """{recipient: [Message-ID, …]}"""
    told = {}
    for mail in host.taken:
        for each in mail.recipients:
            told.setdefault(each, []).append(mail.mail["message-id"])
    return told


def killed_on_the_way(note):
    """child and daemon are killed while mails are on their way: each owner is told once, or twice by the same Message-ID, nobody thrice or never"""
    many = 24
    with MailHost(slow_s=0.15) as host, Told(host, notice_operators="{ }") as gate:
        names = list(OWNERS)[:many]
        rows = "account,mail\n" + "".join(f"{name},{name.split('@')[0]}@home.test\n" for name in names)
        gate.contact("import", "-", typed=rows)
        hijacked(gate, many)
        killed = 0
        for turn in range(4):
            host.busy.wait(30)
            if turn % 2:
                gate.restart(signal.SIGKILL)
                killed += 1
            elif child := gate.child():
                os.kill(child, signal.SIGKILL)
                killed += 1
            time.sleep(1)
        yield "they were killed", None if killed >= 3 else f"{killed}"
        host.slow_s = 0
        yield "all are told in the end", None if wait_for(lambda: all(each["state"] == "sent" for each in gate.notices()), 90) else \
            f"{[each for each in gate.notices() if each['state'] != 'sent']}\n{gate.said()[-1000:]}"
        told = by_address(host)
        yield "everybody", None if set(told) == {f"{name.split('@')[0]}@home.test" for name in names} else f"{sorted(told)}"
        twice = {who: ids for who, ids in told.items() if len(ids) > 1}
        yield "nobody thrice", None if all(len(ids) <= 2 for ids in twice.values()) else f"{twice}"
        yield "who was told twice by the same Message-ID", None if all(len(set(ids)) == 1 for ids in twice.values()) else f"{twice}"
        yield "no more than were cut off", None if len(twice) <= killed else f"{len(twice)} of {killed}"
    note(f"killed {killed} times, {len(twice)} were told twice")


def released_while_away(note):
    """released by hand while the daemon is away: when it is back its owner is told, once, and the after-care is begun; not of a false alarm"""
    owner, honest = list(OWNERS)[:2]
    with MailHost() as host, Told(host, notice_operators="{ }") as gate:
        for each in (owner, honest):
            gate.contact("set", each, "--mail", f"{each.split('@')[0]}@home.test")
            gate.hijack(each)
        to_owner, to_honest = (f"{each.split('@')[0]}@home.test" for each in (owner, honest))
        yield "both are told of the lock", None if wait_for(lambda: host.to(to_owner) and host.to(to_honest), 30) else gate.said()[-900:]
        numbers = {each: str(gate.incidents()[each]["id"]) for each in (owner, honest)}
        gate.stop(signal.SIGKILL)
        gate.ask("account", "unlock", owner)
        gate.ask("account", "unlock", honest, "--false-alarm")
        away_until = time.time()
        yield "nobody tells yet", None if len(host.to(to_owner)) == 1 else "it was told"
        gate.start()
        yield "back, the release is told", None if wait_for(lambda: len(host.to(to_owner)) == 2 and len(host.to(to_honest)) == 2, 30) else f"{gate.notices()}"
        shown = gate.ask("incident", "show", numbers[owner])
        yield "the after-care is open", None if {each["state"] for each in shown["care"]} >= {"open"} else f"{shown['care']}"
        wait_for(lambda: gate.ask("incident", "show", numbers[owner])["guide"], 20)
        guide = gate.ask("incident", "show", numbers[owner])["guide"]
        yield "mail that comes back is counted from the release on", None if guide and \
            guide["released"] / 1e6 <= away_until else f"{guide}"
        shown = gate.ask("incident", "show", numbers[honest])
        yield "not of a false alarm", None if not shown["care"] and not shown["guide"] else f"{shown['care']} {shown['guide']}"
        gate.restart(signal.SIGKILL)
        time.sleep(2)
        yield "once", None if len(host.to(to_owner)) == 2 and len(host.to(to_honest)) == 2 else f"{gate.notices()}"


def a_thousand_told(note):
    """a thousand accounts at once: a thousand owners are told, the operator once"""
    many = 1000
    names = [f"user{number:04d}@provider.test" for number in range(many)]
    with MailHost() as host, Told(host) as gate:
        rows = "account,mail,language\n" + "".join(f"{name},{name.split('@')[0]}@home.test,en\n" for name in names)
        gate.contact("import", "-", typed=rows)
        began = time.monotonic()
        subprocess.run([gate.binary, "account", "lock", "--file", "-", "--yes", "--rate", "0", "--no-wait", "-c", gate.root / "conf"],
                       input="\n".join(names), text=True, check=False, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        yield "each owner is told", None if wait_for(lambda: len(host.taken) >= many) else f"{len(host.taken)}: {gate.said()[-600:]}"
        took = time.monotonic() - began
        yield "the operator is told", None if wait_for(lambda: host.to(OPERATOR), 60) else "no"
        time.sleep(3)
        told = by_address(host)
        yield "once each", None if all(len(ids) == 1 for ids in told.values()) and len(told) == many + 1 else \
            f"{len(told)}: { {who: len(ids) for who, ids in told.items() if len(ids) > 1} }"
        summary = host.to(OPERATOR)[0]
        yield "in one summary", None if "1,000" in summary.mail["subject"] and names[0] in summary.text() else summary.text()
        yield "no locked mailbox", None if not set(told) & set(names) else "it was"
        waiting = gate.status()["notices_waiting"]
        yield "nothing waits", None if not waiting else f"{waiting}"
    note(f"{many} locked and told in {took:.1f} s")


def whom(note):
    """the domain's contact where the owner has none, else the operator; never the mailbox itself, an alias of it, or one that is locked, too"""
    a, b, c, d = list(OWNERS)[20:24]
    with MailHost() as host, Told(host) as gate:
        gate.contact("set", a, "--mail", a, status=1)
        gate.contact("set", a, "--mail", a.replace("@", "+x@").upper(), status=1)
        gate.contact("set", a, "--mail", "info@provider.test", "--alias", "info@provider.test", status=1)
        gate.contact("set", a, "--mail", "nobody", status=1)
        said = gate.contact("set", a, "--mail", "x@y.test", "--language", "fr", status=1)
        wrong = gate.contact("import", "-", status=3, typed=f"account,mail,name\n{a},x@y.test,G\0H\n{b}@z,x@y.test,\n{b},-oQ/tmp@y.test,\n"
                             f"{c},x@y.test,\n{c.upper()},z@y.test,\n")
        yield "rows that are wrong are named", None if all(each in wrong for each in (
            "-:2: column 'name': holds a zero", f"-:3: '{b}@z' is no account", "-:4: '-oQ/tmp@y.test' is no address", "-:6: ", "is repeated")) \
            and "-:5:" not in wrong else wrong
        twice = gate.contact("import", "-", status=3, typed="account,account,mail\n")
        yield "two columns of one name, too", None if "two columns named 'account'" in twice else twice
        yield "and a folder", None if "directory" in gate.contact("import", "/tmp", status=3) else "no"
        gate.contact("set", a, "--mail", "x@y.test", "--phrase", status=2, typed="one\ntwo\n")
        gate.contact("drop", c)
        yield "what leads inside is refused", None if "ja, en" in said else said
        hijacked(gate, 1, first=20)
        yield "told to the operator, to be handed on", None if wait_for(
            lambda: any(a in mail.mail["subject"] and "hand this on" in mail.text() for mail in host.to(OPERATOR)), 30) else f"{gate.notices()}"
        gate.contact("set", "@provider.test", "--mail", "boss@provider-office.test", "--language", "en")
        gate.hijack(b)
        yield "the domain's contact", None if wait_for(lambda: host.to("boss@provider-office.test"), 30) else f"{gate.notices()}"
        gate.contact("set", c, "--mail", b)
        gate.hijack(c)
        yield "not to a mailbox that is locked, too", None if wait_for(lambda: len(host.to("boss@provider-office.test")) == 2, 30) else f"{gate.notices()}"
        host.answers["RCPT gone@home.test"] = "550 5.1.1 no such user"
        gate.contact("set", d, "--mail", "gone@home.test", "--mail", "other@home.test")
        gate.hijack(d)
        yield "the next address where one is refused", None if wait_for(lambda: host.to("other@home.test"), 30) else f"{gate.notices()}"
        yield "never inside", None if not any(set(mail.recipients) & set(OWNERS) for mail in host.taken) else "it was"
        shown = next(each for each in gate.notices("--account", d) if each["to"] == "owner")
        yield "each try is shown", None if [each["state"] for each in shown["ways"]] == ["refused", "sent"] else f"{shown}"


def tried_again(note):
    """a server that is away, or says not now, is asked again; one that breaks off behind the last dot gets it a second time, with the same id"""
    a, b = list(OWNERS)[30:32]
    with MailHost() as host, Told(host, notice_operators="{ }") as gate:
        for each in (a, b):
            gate.contact("set", each, "--mail", f"{each.split('@')[0]}@home.test")
        host.answers["DATA"] = "451 4.3.0 not now"
        hijacked(gate, 1, first=30)
        yield "it waits", None if wait_for(lambda: any("not now" in each["says"] for each in gate.notices()), 30) else f"{gate.notices()}"
        del host.answers["DATA"]
        yield "and is sent", None if wait_for(lambda: len(host.taken) == 1, 40) else f"{gate.notices()}"
        host.answers["END"] = None
        gate.hijack(b)
        yield "cut off behind the dot", None if wait_for(lambda: len(host.taken) == 2, 30) else "no"
        yield "once more", None if wait_for(lambda: len(host.taken) == 3, 60) else f"{gate.notices()}"
        time.sleep(20)
        ids = {mail.mail["message-id"] for mail in host.taken[1:]}
        yield "twice and no more, with one id", None if len(host.taken) == 3 and len(ids) == 1 else f"{len(host.taken)} {ids}"


class Hook:
    """a webhook that believes only what is signed"""

    def __init__(self, key):
        self.heard = heard = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = hmac.new(key, f"{self.headers['Sekisho-Timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
                heard.append((f"sha256={told}" == self.headers["Sekisho-Signature"], self.headers["Idempotency-Key"], json.loads(body)))
                self.send_response(200 if len(heard) > 1 else 503)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"


def other_ways(note):
    """a webhook with signed JSON and a command, beside the mail or without; the phrase stays between owner and mail"""
    owner = list(OWNERS)[40]
    with MailHost() as host, Told(host) as gate:
        hook = Hook(b"a secret of both")
        (gate.root / "hook.key").write_text("a secret of both\n")
        command = gate.root / "command"
        command.write_text(f"#!/bin/sh\ncat >>{gate.root}/got\necho >>{gate.root}/got\n")
        command.chmod(0o755)
        gate.stop()
        gate.configure(notice_webhook=f'"{hook.url}"', notice_webhook_key_file=f'"{gate.root}/hook.key"', notice_command=f'{{ "{command}", "x" }}')
        gate.start()
        gate.contact("set", owner, "--mail", "o@home.test", "--phrase", typed=PHRASE + "\n")
        gate.hijack(owner)
        yield "the webhook is told, and again where it says no", None if wait_for(lambda: len(hook.heard) >= 3, 60) else f"{gate.notices()}"
        yield "signed", None if all(signed for signed, _, _ in hook.heard) else "no"
        yield "by one key again", None if hook.heard[0][1] in [key for _, key, _ in hook.heard[1:]] else f"{hook.heard}"
        document = hook.heard[0][2]
        yield "what is told", None if document["account"] == owner and document["kind"] == "locked" and owner in document["text"] else f"{document}"
        yield "the command is told", None if wait_for(lambda: (gate.root / "got").is_file() and owner in (gate.root / "got").read_text(), 30) else "no"
        said = json.dumps([each for _, _, each in hook.heard], ensure_ascii=False) + (gate.root / "got").read_text()
        yield "not the phrase", None if PHRASE not in said else said
        yield "the mail went once", None if len(host.to("o@home.test")) == 1 else f"{len(host.to('o@home.test'))}"


def nobody_reached(note):
    """what only a program of the operator's took has reached no owner: it failed, and is listed as that"""
    owner = list(OWNERS)[5]
    with MailHost() as host, Told(host, notice_command='{ "/bin/true" }') as gate:
        host.answers[f"RCPT {OPERATOR}"] = host.answers["RCPT dead@home.test"] = "550 5.1.1 no such user"
        gate.contact("set", owner, "--mail", "dead@home.test")
        gate.ask("account", "lock", owner, "--no-wait")
        def listed():
            return [each for each in gate.ask("notice", "list")["notices"] if each["to"] == "owner" and each["state"] == "failed"]

        yield "failed, and listed", None if wait_for(listed, 30) else f"{gate.notices()}"
        ways = {each["way"]: each["state"] for each in listed()[0]["ways"]}
        yield "by which way is shown", None if ways == {"mail": "refused", "command": "sent"} and "550" in listed()[0]["says"] else f"{listed()}"
    with MailHost() as host, Told(host, notice_command='{ "/bin/true" }', notice_smtp='""') as gate:
        gate.ask("account", "lock", owner, "--no-wait")
        yield "where it is the only way it counts", None if wait_for(
            lambda: any(each["to"] == "owner" and each["state"] == "sent" for each in gate.notices()), 30) else f"{gate.notices()}"


def own_texts(note):
    """the operator's own texts; a name in braces that is none is told by file and line, at the start"""
    owner = list(OWNERS)[50]
    with MailHost() as host, Told(host) as gate:
        texts = gate.root / "texts"
        texts.mkdir()
        (texts / "locked.en.txt").write_text("Subject: About {account}\n\nHello {name}{account},\n\nour own words.\n\n- {done}\n")
        (texts / "locked.ja.txt").write_text("Subject: {account}\n\n{nonsense}\n")
        gate.stop()
        gate.configure(notice_templates=f'"{texts}"')
        status, said = gate.fails()
        yield "named by file and line", None if status and "locked.ja.txt:3" in said and "nonsense" in said else said
        (texts / "locked.ja.txt").unlink()
        gate.start()
        gate.contact("set", owner, "--mail", "o@home.test", "--language", "en", "--name", "Ann O'Nymous <&>")
        gate.hijack(owner)
        yield "told", None if wait_for(lambda: host.to("o@home.test"), 30) else f"{gate.notices()}"
        mail = host.to("o@home.test")[0]
        yield "in their words", None if "our own words." in mail.text() and mail.mail["subject"] == f"About {owner}" else mail.text()
        yield "harmless in HTML", None if "<&>" not in mail.text("html") and "&lt;&amp;&gt;" in mail.text("html") else mail.text("html")


STORIES = [owner_is_told, released_while_away, locked_by_hand, killed_on_the_way, a_thousand_told, whom, tried_again, other_ways, nobody_reached,
           own_texts]
