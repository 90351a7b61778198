# SPDX-License-Identifier: Apache-2.0
"""A real nginx in front of the owner's pages: with the manual's own lines over a unix socket, and over TCP. Who a visitor is, only the
configured proxy may say."""
import http.client
import re
import shutil
import signal
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor

from pages import HERE, Site, Visitor, Wrong, free_port, wait_for

GOOD = "Kx7-tqRm.92pf"
CONF = """daemon off;
user root;
worker_processes 1;
pid @root/nginx.pid;
error_log @root/nginx.log;
events { worker_connections 128; }
http {
    access_log off;
    client_body_temp_path @root/nginx.body;
    proxy_temp_path @root/nginx.proxy;
    fastcgi_temp_path @root/nginx.fastcgi;
    uwsgi_temp_path @root/nginx.uwsgi;
    scgi_temp_path @root/nginx.scgi;
    ssl_certificate @root/cert.pem;
    ssl_certificate_key @root/key.pem;
    server {
        listen 127.0.0.1:@port ssl;
        @sample
    }
    server {
        listen 127.0.0.1:@other ssl;
        location / {
            proxy_pass http://127.0.0.1:@back;
            proxy_set_header Host localhost:@port;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
    }
}
"""


def sample():
    """the lines of the manual"""
    page = (HERE.parents[1] / "man/sekisho-web.1").read_text()
    return re.search(r"\.Sh BEHIND A PROXY\n.*?\.Bd [^\n]*\n(.*?)\.Ed", page, re.S)[1]


class Proxied(Site):
    def __init__(self):
        super().__init__()
        self.back, self.other = free_port(), free_port()
        self.gate.configure(web_certificate='""', web_key='""', web_behind_proxy="{ 127.0.0.1 }",
                            web_listen=f'{{ "inet:127.0.0.1:{self.back}", "unix:{self.root}/web" }}')
        text = CONF.replace("@sample", sample().replace("/run/sekisho/web", f"{self.root}/web"))
        for name, value in (("root", self.root), ("port", self.port), ("other", self.other), ("back", self.back)):
            text = text.replace(f"@{name}", str(value))
        (self.root / "nginx.conf").write_text(text)
        self.nginx = None

    def __enter__(self):
        self.nginx = subprocess.Popen(["nginx", "-c", self.root / "nginx.conf", "-e", self.root / "nginx.log"], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            super().__enter__()
            if not wait_for((self.root / "web").exists):
                raise Wrong(f"no socket: {self.gate.said()[-500:]}")
            return self
        except BaseException:
            self.end_nginx()
            raise

    def end_nginx(self):
        self.nginx.send_signal(signal.SIGTERM)
        self.nginx.wait(20)

    def __exit__(self, *words):
        self.end_nginx()
        super().__exit__(*words)


class From(Visitor):
    """one with an address of its own, at that port, with TLS or without"""
    def __init__(self, site, ip, port=None, tls=True, **fields):
        super().__init__(site, **fields)
        self.ip, self.port, self.tls = ip, port or site.port, tls

    def connect(self):
        if self.tls:
            context = ssl.create_default_context(cafile=self.site.certificate)
            return http.client.HTTPSConnection("localhost", self.port, timeout=60, source_address=(self.ip, 0), context=context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.ip, 0))

    def asks(self, times, forwarded=None):
        """for so many codes, each time with these words of its own as X-Forwarded-For: the statuses"""
        answers = []
        self.get("/")
        for number in range(times):
            if forwarded:
                self.fields["X-Forwarded-For"] = forwarded.format(number)
            answers.append(self.post("/", address=f"n{number}@provider.test").status)
        return answers


LIMITED = [200] * 8 + [429] * 2


def behind_nginx(note):
    """by the manual's lines an owner comes in through nginx; limits are by the address that the configured proxy names, and nobody else names any"""
    if not shutil.which("nginx"):
        raise Wrong("Debian packages are missing: nginx-light")
    with Proxied() as site:
        account = site.accounts[0]
        site.gate.hijack(account)
        owner = From(site, "127.0.0.9")
        owner.enter(account)
        owner.get("/password")
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "an owner opens the account", None if answer.status == 200 and not site.gate.is_locked(account) and site.passwords.opens(account, GOOD) \
            else f"{answer} {(site.root / 'nginx.log').read_text()[-300:]}"
        first, behind = From(site, "127.0.0.2"), {"Host": f"localhost:{site.port}"}
        back, proxy = From(site, "127.0.0.5", site.back, tls=False, **behind), From(site, "127.0.0.1", site.back, tls=False, **behind)
        with ThreadPoolExecutor(4) as pool:  # each answer takes its time, by intent
            came = list(pool.map(lambda each: each[0].asks(10, each[1]), [
                (first, None), (From(site, "127.0.0.4", site.other), "203.0.113.{}"), (back, "203.0.113.{}"), (proxy, "198.51.100.{}")]))
        yield "one visitor has a share", None if came[0] == LIMITED else f"{came[0]}"
        yield "also over TCP, where the proxy adds to what they named", None if came[1] == LIMITED else f"{came[1]}"
        yield "who is no proxy is not believed", None if came[2] == LIMITED else f"{came[2]}"
        yield "the configured proxy is", None if came[3] == [200] * 10 else f"{came[3]}"
        yield "another has one of their own", None if (came := From(site, "127.0.0.3").asks(1)) == [200] else f"{came}"
        yield "who names another address stays who they are", None if (came := From(site, "127.0.0.2").asks(1, "203.0.113.{}")) == [429] else f"{came}"
        answer = first.send("POST", "/", "x" * 20000, {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.address})
        yield "what is too long does not come through", None if answer.status == 413 else f"{answer}"


STORIES = [behind_nginx]
