# SPDX-License-Identifier: Apache-2.0
"""What owners and operators are told, by the real daemon and its child: to whom, what, once, and never to the locked mailbox."""
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
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
        note(f"{time.time() - mail.at:.1f} s ago; subject: {mail.mail['subject']}")
        note(text.replace("\n", "\n   "))
        yield "not the locked mailbox", None if not host.to(owner) else "it was"
        yield "no envelope sender", None if mail.sender == "" else mail.sender
        yield "told to be a machine's", None if mail.mail["auto-submitted"] == "auto-generated" else "no"
        yield "the phrase, the name, the panel, the support", None if all(each in text for each in (
            PHRASE, "山田 花子", "サーバーパネル", "03-0000-0000", owner, "sv1.provider.test")) else text
        yield "in HTML, too, and no link", None if PHRASE in page and "href" not in page and "http" not in page + text else page
        code = re.search(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", text)
        yield "a code", None if code else text
        for address in ("hanako@home.test", owner, "HANAKO@home.test"):
            found = gate.ask("notice", "verify", code[0].lower(), address)
            yield f"ours, with {address}", None if found["ours"] and found["notice"]["account"] == owner else f"{found}"
        found = gate.ask("notice", "verify", code[0], "other@home.test", status=1)
        yield "worth nothing with another address", None if not found["ours"] and found["notice"] is None else f"{found}"
        yield "the incident says so", None if any(each["to"] == "owner" and each["state"] == "sent" for each in shown["notices"]) else f"{shown['notices']}"
        yield "the operator is told", None if wait_for(lambda: host.to(OPERATOR), 30) else "no"
        gate.ask("incident", "release", str(incident["id"]))
        yield "the release is told", None if wait_for(lambda: len(host.to("hanako@home.test")) == 2, 20) else f"{gate.notices()}"
        time.sleep(2)
        yield "and nothing else", None if len(host.to("hanako@home.test")) == 2 and len(host.to(OPERATOR)) == 1 else f"{gate.notices()}"


STORIES = [owner_is_told]
