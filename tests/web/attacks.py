# SPDX-License-Identifier: Apache-2.0
"""The list of attacks on the owner's pages: each story is one, and ends with nothing gained."""
import html
import html.parser
import json
import re
import ssl
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode

from pages import OWNERS, Site, Visitor, Wrong, control, files_with, panel_word

GOOD = "Kx7-tqRm.92pf"


def said(visitor, method, path, head, body=b"", seconds=20):
    """bytes as they are, and all that comes back"""
    raw = socket.create_connection(("127.0.0.1", visitor.site.port), seconds)
    context = ssl.create_default_context(cafile=visitor.site.certificate)
    with context.wrap_socket(raw, server_hostname="localhost") as line:
        line.sendall(b"%s %s HTTP/1.1\r\n" % (method.encode(), path if isinstance(path, bytes) else path.encode()) + head + b"\r\n" + body)
        heard = b""
        try:
            while some := line.recv(65536):
                heard += some
        except (TimeoutError, OSError):
            pass
        return heard


def session_fixation(note):
    """a number that somebody planted is worth nothing after the owner came in; each step up has a new one; cookies are for this host alone"""
    with Site() as site:
        account = site.accounts[0]
        victim, thief = Visitor(site), Visitor(site)
        planted = "ab" * 32
        victim.cookies["__Host-sekisho"] = planted
        victim.ask_for_code(account)
        yield "a sound number is kept until then", None if victim.session == planted else victim.session
        victim.type_code(account, site.code_for(account))
        inside = victim.session
        yield "the owner comes in under another", None if inside != planted and victim.get("/account").status == 200 else inside
        thief.cookies["__Host-sekisho"] = planted
        yield "the planted one opens nothing", None if thief.get("/account").status == 403 else "it does"
        victim.get("/password")
        victim.post("/password", password=GOOD, again=GOOD)
        yield "a new password, a new number", None if victim.session != inside and victim.get("/account").status == 200 else victim.session
        thief.cookies["__Host-sekisho"] = inside
        yield "the one before is dead", None if thief.get("/account").status == 403 else "it lives"
        cookie = thief.send("GET", "/", cookies={}).field("Set-Cookie")
        wanted = ("__Host-sekisho=", "Path=/", "HttpOnly", "SameSite=Strict", "Secure")
        yield "the cookie is as strict as can be", None if all(each in cookie for each in wanted) and "Domain" not in cookie else cookie
        other = Visitor(site)
        other.enter(account)
        victim.post("/leave")
        yield "whoever leaves is gone", None if victim.get("/account").status == 403 else "no"
        thief.cookies["__Host-sekisho"] = "zz" * 32
        yield "a number that is none is replaced", None if len(thief.get("/").all("Set-Cookie")) == 1 and "zz" not in thief.session else thief.session


def forged_forms(note):
    """CSRF: a form that another site posts changes nothing, whatever it knows but the token and the origin"""
    with Site() as site:
        account, other = site.accounts[:2]
        owner, thief = Visitor(site), Visitor(site)
        owner.enter(account)
        owner.get("/password")
        thief.enter(other)
        thief.get("/password")
        fields, token = {"password": GOOD, "again": GOOD}, owner.token
        for what, more in (("no token", {"token": ""}), ("another visitor's token", {"token": thief.token}), ("a token of nobody", {"token": "0" * 64}),
                           ("another origin", {"origin": "https://evil.test"}), ("no origin that can be named", {"origin": "null"}),
                           ("our name as a part of another", {"origin": site.address + ".evil.test"}), ("another port", {"origin": "https://localhost:1"}),
                           ("the same without TLS", {"origin": site.address.replace("https", "http")})):
            owner.token = token
            answer = owner.post("/password", fields, **more)
            yield f"{what} is refused", None if answer.status == 403 and site.passwords.opens(account, "old") else answer
        owner.token = token
        form = urlencode([("token", token), *fields.items()])
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        for what, fields_of in (("no origin at all", head), ("another site's referer", {**head, "Referer": "https://evil.test/" + site.address}),
                                ("text/plain", {"Content-Type": "text/plain", "Origin": site.address}),
                                ("multipart", {"Content-Type": "multipart/form-data; boundary=x", "Origin": site.address})):
            answer = owner.send("POST", "/password", form, fields_of)
            yield f"{what} is refused", None if answer.status in (400, 403) and site.passwords.opens(account, "old") else answer
        answer = owner.get("/password?" + form)
        yield "asked for by a link it is only shown", None if answer.status == 200 and site.passwords.opens(account, "old") else answer
        answer = owner.send("POST", "/password", form, head, cookies={})
        yield "without the cookie it is refused", None if answer.status == 403 else answer
        owner.token = token
        answer = owner.post("/password", fields)
        yield "the owner's own form is taken", None if answer.status == 200 and site.passwords.opens(account, GOOD) else answer
        answer = owner.post("/leave", token=token)
        yield "the token of the session before is not", None if answer.status == 403 else answer


def planted_login(note):
    """login CSRF: another site posts a word of its own panel account in somebody's browser: they see whose account it is, and are not in it"""
    with Site() as site:
        thief, victim = site.accounts[0], Visitor(site)
        Visitor(site).enter(thief)  # from now on words are taken
        word = site.word(thief)
        for origin in ("https://evil.test", "null", site.address + ".evil.test"):
            answer = victim.post("/panel", [("token", word)], origin=origin)
            yield f"from {origin}: asked first, with the account's name", None if answer.status == 200 and thief in answer.text and word in answer.text \
                else f"{answer}"
            yield "and not in it", None if victim.get("/account").status == 403 else "they are"
        answer = victim.post("/panel", [("token", word[:-1] + ("0" if word[-1] != "0" else "1"))], origin="https://evil.test")
        yield "of a word that is none no name is shown", None if answer.status == 403 and thief not in answer.text else f"{answer}"
        answer = victim.post("/panel", [("token", word)], origin=site.address)
        yield "whoever confirms is in", None if answer.status == 200 and victim.get("/account").status == 200 else f"{answer}"


def header_injection(note):
    """line ends in addresses, names, languages and hosts come out nowhere: neither in answers, nor in mails, nor in the log"""
    with Site() as site:
        visitor = Visitor(site)
        visitor.get("/")
        evil = ["a@b.test\r\nSet-Cookie: stolen=1", "a@b.test\nBcc: thief@evil.test", "a@b.test\r\n\r\n<script>", "a@b.test\x00c", "a@b.test\x1b[2J",
                "\r\nX-Evil: 1@b.test", "a@b.test\u2028X-Evil: 1", "<3>fake@b.test\n<3>sekisho: all is well"]
        answers = [visitor.post("/", address=each) for each in evil] + [visitor.post("/code", address=each, code=each) for each in evil[:6]]
        answers += [visitor.send("GET", "/?lang=" + quote("ja\r\nX-Evil: 1")), visitor.send("GET", "/panel?token=" + quote("a\r\nX-Evil: 1")),
                    visitor.send("GET", "/", fields={"Accept-Language": "ja;q=\"\x7f', en\x0b"})]
        fields = [f"{name}: {value}" for answer in answers for name, value in answer.fields]
        bad = [each for each in fields if "evil" in each.lower() or "stolen" in each.lower() or "bcc" in each.lower()]
        yield "no field of an answer has any of it", f"{bad}" if bad else None
        raw = said(visitor, "GET", "/", b"Host: localhost:%d\r\nCookie: __Host-sekisho-language=ja\rX-Evil: 1\r\nConnection: close\r\n" % site.port)
        yield "nor has a bare carriage return", None if b"X-Evil" not in raw.split(b"\r\n\r\n")[0] else raw[:300].decode(errors="replace")
        site.gate_command("contact", "set", "nobody@provider.test", "--mail", "reach@private.test", "--name", "A Name")
        account = "nobody@provider.test"
        visitor.ask_for_code(account)
        site.code_for_address("reach@private.test")
        mails = [mail for mail in site.mails() if any("evil" in str(value).lower() for value in mail.values())]
        yield "no mail has any of it", f"{mails[0]}" if mails else None
        lines = [line for line in site.gate.said().splitlines() if line.startswith("<3>") or "all is well" == line[-11:] and not line.startswith("<5>")]
        yield "no line of the log is one of theirs", f"{lines}" if lines else None
        yield "no line of the log has a control character", None if not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", site.gate.said()) else "one has"


def same_for_all(note):
    """enumeration: whether there is an account, a contact, or neither, the answer has the same bytes, and comes after the same time"""
    with Site(web_behind_proxy="{ 127.0.0.1 }") as site:
        known, bare, unknown = site.accounts[0], list(OWNERS)[5], "owner99@provider.test"
        number = iter(range(1, 1 << 16))
        took = {"known": [], "without a contact": [], "unknown": []}
        bodies = {each: set() for each in took}

        def ask(name, account, form):
            count = next(number)
            visitor = Visitor(site, **{"X-Forwarded-For": f"203.0.{count >> 8}.{count & 255}"})
            visitor.get("/" if form == "/" else "/code")
            began = time.monotonic()
            answer = visitor.post(form, address=account, **({} if form == "/" else {"code": "AAAA-AAAA"}))
            return name, time.monotonic() - began, re.sub(r'[0-9a-f]{64}', "T", answer.text).replace(account, "A"), answer.status

        cases = list(zip(took, (known, bare, unknown)))
        for form in ("/", "/code"):
            for each in took:
                took[each], bodies[each] = [], set()
            with ThreadPoolExecutor(6) as pool:
                done = list(pool.map(lambda case, form=form: ask(*case, form), cases * 24))
            for name, seconds, body, status in done:
                took[name].append(seconds)
                bodies[name].add((status, body))
            yield f"{form}: the same bytes", None if len(set.union(*bodies.values())) == 1 else f"{ {each: len(some) for each, some in bodies.items()} }"
            middles = {each: statistics.median(some) for each, some in took.items()}
            spread = max(middles.values()) - min(middles.values())
            note(f"{form}: " + ", ".join(f"{each} {seconds * 1000:.0f} ms" for each, seconds in middles.items()))
            yield f"{form}: the same time", None if spread < 0.03 else f"{middles}"
            told = separated(took["known"], took["unknown"] + took["without a contact"])
            yield f"{form}: nobody can tell by the time", None if told < 0.75 else f"a threshold tells {told:.0%} apart"


def separated(some, others):
    """how well the best threshold tells one kind from the other: 0.5 not at all, 1.0 always"""
    best = 0.5
    for threshold in some + others:
        right = statistics.fmean(each > threshold for each in some) / 2 + statistics.fmean(each <= threshold for each in others) / 2
        best = max(best, right, 1 - right)
    return best


def replayed_codes(note):
    """a code is good once, for its own account, until the next one, and not after five wrong ones"""
    with Site() as site:
        account, other = site.accounts[:2]
        visitor, thief = Visitor(site), Visitor(site)
        visitor.ask_for_code(account)
        code = site.code_for(account)
        thief.get("/code")
        yield "another account's code opens nothing", None if thief.type_code(other, code).status == 200 and thief.get("/account").status == 403 else "it does"
        visitor.get("/code")
        yield "it opens its own", None if visitor.type_code(account, code).title and visitor.get("/account").status == 200 else "no"
        thief.get("/code")
        thief.type_code(account, code)
        yield "used once it opens nothing", None if thief.get("/account").status == 403 else "it does"
        visitor = Visitor(site)
        visitor.ask_for_code(other)
        first = site.code_for(other)
        visitor.ask_for_code(other)
        second = site.code_for(other, after=1)
        visitor.get("/code")
        visitor.type_code(other, first)
        yield "the one before the last opens nothing", None if visitor.get("/account").status == 403 else "it does"
        visitor.get("/code")
        for guess in ("AAAA-AAAA", "BBBB-BBBB", "CCCC-CCCC", "DDDD-DDDD"):
            visitor.type_code(other, guess)
        visitor.type_code(other, second)
        yield "after five wrong ones the right one opens nothing", None if visitor.get("/account").status == 403 else "it does"


def guesses(note):
    """ten thousand guesses at a code (three hundred without --long), from as many addresses: none opens, and the true one is void"""
    from pages import Gate
    count = 10000 if Gate.long else 300
    with Site(tls=False, web_behind_proxy="{ 127.0.0.1 }") as site:
        account = site.accounts[0]
        owner = Visitor(site)
        owner.ask_for_code(account)
        code = site.code_for(account)
        letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

        def guess(number):
            visitor = Visitor(site, **{"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"})
            visitor.get("/code")
            typed = "".join(letters[(number >> 5 * place) & 31] for place in range(4)) + code[-4:]
            answer = visitor.type_code(account, typed if typed.replace("-", "") != code.replace("-", "") else "AAAAAAAA")
            inside = visitor.send("GET", "/account").status != 403
            visitor.line.close()
            return inside, answer.status
        began = time.monotonic()
        with ThreadPoolExecutor(48) as pool:
            done = list(pool.map(guess, range(1, count + 1)))
        note(f"{count} guesses in {time.monotonic() - began:.0f} s, answered with {sorted({status for _, status in done})}")
        yield "none of them opens", None if not any(inside for inside, _ in done) else "one did"
        yield "each is answered", None if {status for _, status in done} <= {200, 429} else f"{ {status for _, status in done} }"
        owner.get("/code")
        owner.type_code(account, code)
        yield "the true one is void by now", None if owner.get("/account").status == 403 else "it opens"


class Markup(html.parser.HTMLParser):
    """the elements of a page, and those of their attributes that would do something"""
    def __init__(self, text):
        super().__init__()
        self.tags, self.acts = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.acts += [name for name, value in attrs if name.startswith("on") or name == "style" or "javascript:" in (value or "")]


def hostile_texts(note):
    """HTML in names of accounts, in what is typed and in settings is shown as it is, and does nothing"""
    evil = "\"><img src=x onerror=alert(1)>'&amp;<script>alert(1)</script>"
    with Site(support_words='"<b onclick=x>ask</b> & \'us\'"', panel_name='"<i>panel</i>"', server_name='"<u>Mail</u>"') as site:
        visitor = Visitor(site)
        visitor.get("/")
        pages = [visitor.post("/", address=evil.replace(" ", "_") + "@b.test"), visitor.post("/code", address=evil.replace(" ", "_") + "@b.test", code=evil),
                 visitor.get("/notice"), visitor.post("/notice", address=evil.replace(" ", "_") + "@b.test", code="AAAAA-AAAAA"),
                 visitor.get("/panel?token=" + quote(evil))]
        account = evil.replace(" ", "_") + "@provider.test"
        site.gate.hijack(account)
        pages.append(visitor.enter(account))
        pages += [visitor.get(each) for each in ("/account", "/password", "/care", "/nowhere?" + quote(evil), "/" + quote(evil))]
        known = {"html", "head", "meta", "title", "link", "body", "a", "header", "svg", "path", "span", "nav", "main", "ol", "li", "h1", "p", "section", "h2",
                 "form", "input", "div", "label", "button", "ul", "footer", "b", "dl", "dt", "dd"}
        for number, page in enumerate(pages):
            markup = Markup(page.text)
            yield f"page {number} ({page.title[:30]}) has our own markup alone", None if markup.tags <= known and not markup.acts else \
                f"{markup.tags - known} {markup.acts}"
        shown = html.unescape(pages[6].text)
        yield "the account is shown as it is", None if "<script>alert(1)</script>" in shown.lower() else pages[6].text[:2000]
        policy = pages[0].field("Content-Security-Policy")
        yield "no script may run, nor anything of others be loaded", None if policy.startswith("default-src 'none'; style-src 'self'") and "script" not in policy \
            and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy else policy
        wanted = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin",
                  "Strict-Transport-Security": "max-age=31536000"}
        lacking = {name: page.field(name) for page in pages for name, value in wanted.items() if page.field(name) != value}
        yield "each page is kept nowhere and framed by nobody", f"{lacking}" if lacking else None


def wrong_paths(note):
    """files and pages that are not there, however they are written"""
    with Site() as site:
        visitor = Visitor(site)
        paths = ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/style.css/../../etc/passwd", "/style.css%00.html", "/..%5c..%5cetc",
                 "/account/", "/ACCOUNT", "/account%2f", "/./account", "/\xff\xfe", "/" + "a" * 3000, "/*", "/robots.txt/", "/.well-known/x", "/password/new"]
        for path in paths:
            answer = visitor.send("GET", quote(path, safe="/%*.\\"))
            yield f"{path[:30]!r}", None if answer.status in (404, 405) and "root:" not in answer.text else f"{answer}"
        for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "BREW"):
            answer = visitor.send(method, "/password")
            yield method, None if answer.status == 405 else f"{answer}"
        answer = visitor.send("HEAD", "/")
        yield "HEAD has no body", None if answer.status == 200 and not answer.body else f"{answer}"


def wrong_hosts(note):
    """no other name is answered: links and cookies of ours never come to be another's"""
    with Site() as site:
        visitor, port = Visitor(site), site.port
        for host in ("evil.test", f"evil.test:{port}", "localhost", f"localhost:{port + 1}", f"localhost:{port}.evil.test", f"127.0.0.1:{port}", "", "a" * 2000):
            answer = visitor.send("GET", "/", fields={"Host": host})
            yield f"{host[:30]!r} is refused", None if answer.status in (400, 421) and "evil" not in answer.text else f"{answer}"
        answer = visitor.send("GET", "/", fields={"Host": f"LOCALHOST:{port}"})
        yield "capitals do not matter", None if answer.status == 200 else f"{answer}"
        raw = said(visitor, "GET", f"https://evil.test:{port}/", b"Host: evil.test\r\nConnection: close\r\n")
        yield "a whole address does not help", None if b" 200 " not in raw[:20] else raw[:100].decode()
        raw = said(visitor, "GET", "/", b"Connection: close\r\n")
        yield "no name at all is refused", None if b" 400 " in raw[:20] or b" 421 " in raw[:20] else raw[:100].decode()
        answer = visitor.send("GET", "/", fields={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"})
        yield "what proxies say of hosts is not read", None if answer.status == 200 and "evil" not in answer.text else f"{answer}"


def smuggled_requests(note):
    """where two readers could disagree on where a request ends, or for whom it is: it is refused, and nothing behind it is read"""
    with Site() as site:
        visitor = Visitor(site)
        host, form = b"Host: localhost:%d\r\n" % site.port, b"Content-Type: application/x-www-form-urlencoded\r\n"
        behind = b"GET /smuggled HTTP/1.1\r\n" + host + b"\r\n"
        heads = {"a length and chunks": (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
                 "two lengths": (b"Content-Length: 4\r\nContent-Length: 5\r\n", b"a=bc"),
                 "two that are the same": (b"Content-Length: 4\r\ncontent-length: 4\r\n", b"a=bc"),
                 "a list of lengths": (b"Content-Length: 4, 4\r\n", b"a=bc"),
                 "a blank before the colon": (b"Content-Length : 4\r\n", b"a=bc"),
                 "a length below zero": (b"Content-Length: -4\r\n", b"a=bc"),
                 "a length with a sign": (b"Content-Length: +4\r\n", b"a=bc"),
                 "chunks twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
                 "chunks of another kind": (b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
                 "chunks that are hidden": (b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 4\r\n", b"0\r\n\r\n"),
                 "two hosts": (b"Host: evil.test\r\n", b"")}
        for what, (head, body) in heads.items():
            raw = said(visitor, "POST" if body else "GET", "/", host + form + head, body + behind, 5)
            statuses = re.findall(rb"HTTP/1.1 (\d+)", raw)  # what was smuggled would be a 404; libmicrohttpd says its own 400 twice
            yield what, None if set(statuses) <= {b"400"} else f"{statuses}"
        raw = said(visitor, "GET", "/", host, behind, 1)
        yield "two that are sound are both answered", None if re.findall(rb"HTTP/1.1 (\d+)", raw) == [b"200", b"404"] else f"{raw[:200]}"


def nothing_is_kept(note):
    """no password, no code and no number of a session stands in a log, a file, an argument or an environment; the process leaves no core"""
    with Site() as site:
        account = site.accounts[0]
        owner = Visitor(site)
        site.gate.hijack(account)
        owner.ask_for_code(account)
        code = site.code_for(account)
        owner.type_code(account, code)
        number = owner.session
        owner.get("/password")
        owner.post("/password", password="owner00-wrong1", again="owner00-wrong1")
        owner.post("/password", password=GOOD, again=GOOD)
        owner.get("/password")
        made = html.unescape(re.search(r'class="secret"><code>(.*?)</code>', owner.post("/password/new").text)[1])
        yield "what was made opens", None if site.passwords.opens(account, made) else made
        word = site.word(account)
        Visitor(site).post("/panel", [("token", word)])
        secrets = [each.encode() for each in (GOOD, "owner00-wrong1", made, code, code.replace("-", ""), number, owner.session, word)]
        kept = files_with(secrets, site.gate.said_in, site.gate.state)
        yield "in no file", f"{kept}" if kept else None
        web = site.web_process()
        shown = b"".join((web / each).read_bytes() for each in ("cmdline", "environ"))
        yield "in no argument", None if not any(each in shown for each in secrets) else "one is"
        limits = (web / "limits").read_text()
        yield "there will be no core", None if re.search(r"Max core file size\s+0\s+0", limits) else limits
        asked = control(site.gate.control, {"verb": "owner story", "account": account})[0]
        yield "the story has no evidence and no addresses", None if "evidence" not in json.dumps(asked) and "sources" not in json.dumps(asked) else f"{asked}"


STORIES = [session_fixation, forged_forms, planted_login, header_injection, same_for_all, replayed_codes, guesses, hostile_texts, wrong_paths, wrong_hosts,
           smuggled_requests, nothing_is_kept]
