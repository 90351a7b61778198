# SPDX-License-Identifier: Apache-2.0
"""The real daemon with its web process over TLS, the real helper for passwords, contacts, and a sendmail(1) that keeps what it is given;
and visitors, who keep cookies as browsers do."""
import contextlib
import email
import email.policy
import hashlib
import hmac
import html
import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
from base64 import urlsafe_b64encode
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "gate"))
from gate import OWNERS, Gate, Wrong, files_with, free_port, wait_for  # noqa: E402
from hand import Hand, Passwords  # noqa: E402
from talk import control  # noqa: E402

KEY = "a-key-that-only-panel-and-server-know-4711"
SENDMAIL = """#!/bin/sh
# what is given to sendmail, one file a mail, whole or not at all
name=$(mktemp "$(dirname "$0")/inbox/.XXXXXX") || exit 75
printf 'X-Recipients: %s\\n' "$*" >"$name" && cat >>"$name" && mv "$name" "$(dirname "$0")/inbox/$(date +%s%N).$$"
"""
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


class Site:
    """`with Site() as site:` all of it is up; `accounts` have contacts, and passwords that are "old" """
    def __init__(self, accounts=None, tls=True, **settings):
        self.accounts = accounts or list(OWNERS)[:4]
        self.gate = Hand(**settings)
        self.root, self.port = self.gate.root, free_port()
        self.certificate, self.inbox = self.root / "cert.pem", self.root / "inbox"
        self.address = f"https://localhost:{self.port}" if tls else f"http://localhost:{self.port}"
        self.inbox.mkdir()
        (self.root / "sendmail").write_text(SENDMAIL)
        (self.root / "sendmail").chmod(0o755)
        (self.root / "panel.key").write_text(KEY + "\n")
        if tls:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.root / "key.pem",
                            "-out", self.certificate], check=True, capture_output=True)
            self.gate.configure(web_certificate=f'"{self.certificate}"', web_key=f'"{self.root}/key.pem"')
        self.gate.configure(**{
            "web_listen": f'{{ "inet:127.0.0.1:{self.port}" }}', "web_address": f'"{self.address}"',
            "panel_key_file": f'"{self.root}/panel.key"', "official_domains": '{ "provider.test" }', "server_name": '"Provider Mail"',
            "panel_name": '"Provider panel"', "support_words": '"0120-000-000 (9:00-18:00)"', "notice_from": '"notice@provider.test"',
            "notice_sendmail": f'"{self.root}/sendmail"', "notice_language": '"en"', **settings})
        self.passwords = Passwords(self.gate, self.accounts)

    def __enter__(self):
        self.passwords.__enter__()
        self.gate.start()
        (self.gate.root / "contacts.csv").write_text(
            "account,mail,name,language\n" + "".join(f"{each},{each.split('@')[0]}@private.test,Owner,en\n" for each in self.accounts))
        self.gate_command("contact", "import", self.root / "contacts.csv")
        if not wait_for(self.listens):
            raise Wrong(f"the web process does not listen: {self.gate.said()[-800:]}")
        return self

    def __exit__(self, *words):
        try:
            self.gate.__exit__(*words)
        finally:
            self.passwords.__exit__()

    def gate_command(self, *words):
        done = subprocess.run([Gate.binary, *words, "-c", self.root / "conf"], capture_output=True, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
        if done.returncode:
            raise Wrong(f"sekisho {words}: {done.stderr[-300:]}")
        return done.stdout

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def web_process(self):
        """its folder in /proc"""
        for each in Path("/proc").iterdir():
            if each.name.isdigit():
                with contextlib.suppress(OSError):
                    words = (each / "cmdline").read_bytes().split(b"\0")
                    if words[1:2] == [b"web"] and str(self.root / "conf").encode() in words:
                        return each
        return None

    def kill_web(self):
        """and waits for its successor"""
        killed = self.web_process()
        os.kill(int(killed.name), signal.SIGKILL)
        if not wait_for(lambda: self.web_process() not in (None, killed) and self.listens()):
            raise Wrong("the web process does not come back")

    # ---- what came to the contact address

    def mails(self, to=None):
        """oldest first"""
        found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                 for path in sorted(self.inbox.iterdir()) if not path.name.startswith(".")]
        return [mail for mail in found if to is None or to in mail["X-Recipients"]]

    def code_for(self, account, after=0):
        return self.code_for_address(self.contact_of(account), after)

    def code_for_address(self, to, after=0):
        """the newest one-time code that came to the owner, once there are more than `after` mails with one"""
        pattern = re.compile(r"^\s*([A-HJ-NP-Z2-9]{4}-?[A-HJ-NP-Z2-9]{4})\s*$", re.M)
        found = []

        def came():
            found[:] = [match[1] for mail in self.mails(to) for match in [pattern.search(mail.get_body(("plain",)).get_content())] if match]
            return len(found) > after
        if not wait_for(came):
            raise Wrong(f"no code came to {to}: {[mail['Subject'] for mail in self.mails()]}")
        return found[-1]

    def contact_of(self, account):
        return account.split("@")[0] + "@private.test"

    def notice_code(self, account):
        """by which the first notice to the owner is known"""
        pattern = re.compile(r"\b([A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5})\b")
        for mail in self.mails(self.contact_of(account)):
            found = pattern.search(mail.get_body(("plain",)).get_content())
            if found:
                return found[1]
        raise Wrong("no notice bears a code")

    def word(self, account, key=KEY, expires=None, nonce=None):
        """of the panel, on who is logged in there"""
        return panel_word(account, key, expires, nonce)


def panel_word(account, key=KEY, expires=None, nonce=None):
    said = ".".join([urlsafe_b64encode(account.encode()).decode().rstrip("="), str(int(time.time()) + 60 if expires is None else expires),
                     nonce or os.urandom(16).hex()])
    return said + "." + hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()


class Answer:
    def __init__(self, answer):
        self.status, self.body = answer.status, answer.read()
        self.fields = answer.getheaders()
        self.text = self.body.decode(errors="replace")

    def field(self, name):
        return next((value for each, value in self.fields if each.lower() == name.lower()), None)

    def all(self, name):
        return [value for each, value in self.fields if each.lower() == name.lower()]

    @property
    def title(self):
        return html.unescape(re.search(r"<h1>(.*?)</h1>", self.text, re.S)[1]) if "<h1>" in self.text else ""

    @property
    def token(self):
        found = TOKEN.search(self.text)
        return found[1] if found else ""

    def __repr__(self):
        return f"{self.status} {self.title!r}"


class Visitor:
    """a browser without scripts"""
    def __init__(self, site, language="en", **fields):
        self.site, self.cookies, self.token = site, {}, ""
        self.fields = {"Accept-Language": language, **fields}
        self.line = None

    def connect(self):
        if self.site.address.startswith("https"):
            context = ssl.create_default_context(cafile=self.site.certificate)
            return http.client.HTTPSConnection("localhost", self.site.port, timeout=60, context=context)
        return http.client.HTTPConnection("localhost", self.site.port, timeout=60)

    def send(self, method, path, body=None, fields=None, cookies=None):
        """one request as it is given, on a connection that is kept"""
        cookies = self.cookies if cookies is None else cookies
        fields = {**self.fields, **({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}),
                  **(fields or {})}
        for attempt in (1, 2):
            self.line = self.line or self.connect()
            try:
                self.line.request(method, path, body, {name: value for name, value in fields.items() if value is not None})
                answer = Answer(self.line.getresponse())
                break
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLError):
                self.line = None  # it had been silent for too long
                if attempt == 2:
                    raise
        if answer.field("Connection") == "close":
            self.line = None
        return answer

    def keep(self, answer):
        for cookie in answer.all("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.token = answer.token or self.token
        return answer

    def follow(self, answer):
        self.keep(answer)
        for _ in range(5):
            if answer.status != 303:
                return answer
            answer = self.keep(self.send("GET", answer.field("Location")))
        raise Wrong("it leads in a circle")

    def get(self, path):
        return self.follow(self.send("GET", path))

    def post(self, path, fields=None, origin=None, token=None, **named):
        form = [] if isinstance(fields, list) else [("token", self.token if token is None else token)]
        form += fields if isinstance(fields, list) else list((fields or named).items())
        return self.follow(self.send("POST", path, urllib.parse.urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": self.site.address if origin is None else origin}))

    @property
    def session(self):
        return self.cookies.get("__Host-sekisho", self.cookies.get("sekisho", ""))

    def enter(self, account):
        """by the panel's word, which may have to wait: those from before the process began are not taken, and clocks have whole seconds"""
        for _ in range(20):
            answer = self.post("/panel", [("token", self.site.word(account))], origin=self.site.address)
            if answer.status == 200:
                return answer
            time.sleep(0.5)
        raise Wrong(f"the panel's word is not taken: {answer}")

    def ask_for_code(self, account):
        self.get("/")
        return self.post("/", address=account)

    def type_code(self, account, code):
        return self.post("/code", address=account, code=code)
