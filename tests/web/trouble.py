# SPDX-License-Identifier: Apache-2.0
"""When a part is away, when somebody is killed, and what an owner may not do."""
import os
import signal
import socketserver
import ssl
import subprocess
import threading
import time
from crypt import crypt

from pages import OWNERS, Site, Visitor, control, wait_for

GOOD, LEAKED = "Kx7-tqRm.92pf", "Vb3.wgHn-58zd"
FORMER = {"en": ("It was the password of this account before.", "Take a new one; whoever knew the old one must not get in again."),
          "ja": ("このアカウントで以前使われていたパスワードです。", "新しいものにしてください。前のものを知っている人が、また入れてしまいます。")}


def parts_away(note):
    """without the daemon nobody comes in; without whoever keeps passwords nothing is changed; both are said, and end"""
    with Site() as site:
        account = site.accounts[0]
        owner = Visitor(site)
        site.gate.hijack(account)
        owner.enter(account)
        site.passwords.program.send_signal(signal.SIGSTOP)
        owner.get("/password")
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "no helper: it is said that nothing was changed", None if answer.status == 503 and "old one is still in force" in answer.text else f"{answer}"
        yield "and the account stays locked", None if site.gate.is_locked(account) and site.passwords.opens(account, "old") else "no"
        site.passwords.program.send_signal(signal.SIGCONT)
        time.sleep(0.5)
        site.gate.daemon.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        answer = owner.get("/account")
        yield "a daemon that hangs: it is said, in time", None if answer.status == 503 and time.monotonic() - began < 30 else f"{answer}"
        site.gate.daemon.send_signal(signal.SIGCONT)
        yield "and it goes on", None if wait_for(lambda: owner.get("/account").status == 200) else "no"
        site.kill_web()
        yield "killed, the pages come back, and sessions are over", None if owner.get("/account").status == 403 else "no"
        site.gate.stop(signal.SIGKILL)
        yield "with the daemon the pages go, too", None if wait_for(lambda: not site.listens(), 20) else "they stay"
        site.gate.start()
        yield "and come back with it", None if wait_for(site.listens) else "no"
        owner.enter(account)
        owner.get("/password")
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "and open what is locked still", None if answer.status == 200 and not site.gate.is_locked(account) else f"{answer}"


def choose(owner, password):
    owner.get("/password")
    return owner.post("/password", password=password, again=password)


def found_in(site, word):
    """files of the daemon, the helper and the mails that have it"""
    return [str(each) for each in site.root.rglob("*") if each.is_file() and word.encode() in each.read_bytes()]


def leaked_password(note):
    """the password that the thief had is refused, whatever the lock made of it, with the reason in both languages; a new one is taken"""
    with Site(accounts=list(OWNERS)[:3]) as site:
        plain, scrambled, forced = site.accounts
        users = site.passwords.users
        users.write_text("".join(f"{each}:{{SHA512-CRYPT}}{crypt(LEAKED, '$6$leaked')}:1000:1000::/home\n" for each in site.accounts))
        site.gate.hijack(plain)
        site.gate.hijack(scrambled)
        site.gate.do("account", "lock", scrambled, "--password")
        yield "one keeps its hash, one has a random one", None if site.passwords.opens(plain, LEAKED) and not site.passwords.opens(scrambled, LEAKED) \
            else users.read_text()
        for account, language in ((plain, "en"), (scrambled, "ja")):
            owner, before = Visitor(site, language), users.read_bytes()
            owner.enter(account)
            answer = choose(owner, LEAKED)
            yield f"{language}: the leaked one is refused, with why and how to mend it", None if answer.status == 200 and all(
                each in answer.text for each in FORMER[language]) else f"{answer} {answer.text[-1500:]}"
            yield f"{language}: it is not repeated", None if LEAKED not in answer.text else "it is"
            yield f"{language}: nothing was changed, the account is locked", None if users.read_bytes() == before and site.gate.is_locked(account) else "no"
            answer = choose(owner, GOOD)
            yield f"{language}: a new one is taken", None if answer.status == 200 and site.passwords.opens(account, GOOD) else f"{answer}"
            yield f"{language}: and opens the account", None if not site.gate.is_locked(account) else "it is locked"
            answer = choose(owner, LEAKED)
            yield f"{language}: the leaked one is refused for good", None if FORMER[language][0] in answer.text and site.passwords.opens(account, GOOD) else f"{answer}"
            owner.get("/password")
            made = owner.post("/password/new")
            yield f"{language}: a random one is made", None if made.status == 200 and "class=\"secret\"" in made.text and not site.passwords.opens(account, GOOD) else f"{made}"
            yield f"{language}: then the one before is a former one, too", None if FORMER[language][0] in choose(owner, GOOD).text else "no"
        _, words = site.gate.do("account", "reset", forced, "--stdin", typed=LEAKED + "\n", status=1)
        yield "by the command, too", None if "nothing was done" in words and FORMER["en"][0] in words and FORMER["en"][1] in words and LEAKED not in words else words
        yield "unless root wants it so", None if site.gate.do("account", "reset", forced, "--stdin", "--force", typed=LEAKED + "\n") \
            and site.passwords.opens(forced, LEAKED) else "no"
        site.gate.do("account", "reset", forced, "--generate")
        site.gate.stop()
        _, words = site.gate.do("account", "reset", forced, "--stdin", typed=LEAKED + "\n", status=1)
        yield "also while the daemon is away", None if FORMER["en"][0] in words else words
        kept = found_in(site, LEAKED) + found_in(site, GOOD)
        yield "neither is anywhere, nor in a log", f"{kept}" if kept else None


class OlderHelper(socketserver.StreamRequestHandler):
    """what a sekisho-passdb says to words that came after it"""
    def handle(self):
        for line in self.rfile:
            self.wfile.write(b"ok - here\n" if line == b"ping\n" else b"no - cannot <no%20verb>\n")


def older_helper(note):
    """a helper that knows no former passwords is said to be one, and nothing is taken for done"""
    with Site() as site:
        account = site.accounts[0]
        site.gate.hijack(account)
        site.passwords.program.kill()
        site.passwords.program.wait()
        os.unlink(site.passwords.socket)
        with socketserver.ThreadingUnixStreamServer(str(site.passwords.socket), OlderHelper) as server:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            owner = Visitor(site)
            owner.enter(account)
            answer = choose(owner, GOOD)
            yield "the owner is told that nothing was changed", None if answer.status == 503 and "old one is still in force" in answer.text else f"{answer}"
            yield "and the account stays locked", None if site.gate.is_locked(account) and site.passwords.opens(account, "old") else "no"
            yield "the log says why, and what to do", None if "older version" in site.gate.said() and "restart sekisho-passdb" in site.gate.said() \
                else site.gate.said()[-500:]
            _, words = site.gate.do("account", "reset", account, "--generate", status=4)
            yield "so does the command", None if "older version" in words else words
            server.shutdown()


def locked_by_hand(note):
    """what a person shut where nothing spoke against the account the owner does not open; a hijack that a person shut more widely they do"""
    with Site() as site:
        one, other = site.accounts[:2]
        site.gate.do("account", "lock", one, "--why", "a bill")
        owner = Visitor(site)
        owner.enter(one)
        promised = [each for each in (owner.get("/account"), owner.get("/password")) if "open again" in each.text or "right password" in each.text]
        yield "nobody promises that it opens", f"{promised}" if promised else None
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "the password is new", None if site.passwords.opens(one, GOOD) else f"{answer}"
        yield "the account is locked still, and that is said", None if site.gate.is_locked(one) and "locked by a person" in answer.text else f"{answer}"
        told = site.gate_command("incident", "show", str(site.gate.incidents()[one]["id"]))
        yield "operators see that it waits for them", None if "waits for a person" in told and "stays locked until a person" in site.gate.said() else told
        site.gate.hijack(other)
        site.gate.do("incident", "contain", str(site.gate.incidents()[other]["id"]))
        owner = Visitor(site)
        owner.enter(other)
        owner.get("/password")
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "a hijack is open again", None if answer.status == 200 and not site.gate.is_locked(other) else f"{answer}"


def told_of_the_change(note):
    """a thief who got into the pages cannot change the password unseen: every contact address is told, also the one that they do not read"""
    with Site() as site:
        account, others = site.accounts[0], ("first@private.test", "second@private.test")
        site.gate_command("contact", "set", account, "--mail", others[0], "--mail", others[1])
        thief = Visitor(site)
        thief.enter(account)
        answer = choose(thief, GOOD)
        yield "the password is new", None if site.passwords.opens(account, GOOD) else f"{answer}"
        for address in others:
            yield f"{address} is told", None if wait_for(lambda to=address: any("was changed" in mail["subject"] for mail in site.mails(to)), 20) else \
                f"{[mail['subject'] for mail in site.mails()]}"
        texts = [mail.get_body(("plain",)).get_content() for mail in site.mails(others[1])]
        yield "and what to do", None if "If it was you" in texts[-1] and "tell us at once" in texts[-1] and GOOD not in texts[-1] else texts[-1]


def names_in_two_languages(note):
    """server, panel and support have English names of their own; who reads Japanese sees the general ones"""
    with Site(server_name='"日本メール"', server_name_en='"Japan Mail"', panel_name='"サーバーパネル"', panel_name_en='"the control panel"',
              support_words='"平日 9:00-18:00"', support_words_en='"weekdays, 9 to 6"') as site:
        Visitor(site).enter(site.accounts[0])
        for language, own, others in (("en", ("Japan Mail", "the control panel", "weekdays, 9 to 6"), ("日本メール", "サーバーパネル", "平日")),
                                      ("ja", ("日本メール", "サーバーパネル", "平日"), ("Japan Mail", "control panel", "weekdays"))):
            for path in ("/", "/notice"):
                text = Visitor(site).get(f"{path}?lang={language}").text
                missing, strange = [each for each in own if each not in text], [each for each in others if each in text]
                yield f"{path} in {language}", None if not missing and not strange else f"{missing} {strange}"


def on_the_telephone(note):
    """support makes a code for an owner whose contact address is gone: told, typed, and good once; what is taken is recorded"""
    with Site() as site:
        account = site.accounts[0]
        told, _ = site.gate.do("account", "code", account)
        owner = Visitor(site)
        yield "a telephone number stays in one line", None if '<span class="number">0120-000-000</span> (' in owner.get("/").text else "no"
        owner.get("/code")
        owner.type_code(wide(account), wide(told["code"]))
        yield "it opens, in full width as well", None if owner.get("/account").status == 200 and told["minutes"] == 15 else f"{told}"
        other = Visitor(site)
        other.get("/code")
        other.type_code(account, told["code"])
        yield "once", None if other.get("/account").status == 403 else "twice"
        yield "nothing was mailed", None if not site.mails() else f"{[mail['Subject'] for mail in site.mails()]}"
        yield "who took it is said, the code is not", None if f"takes a code to be told to the owner of {account}" in site.gate.said() \
            and told["code"] not in site.gate.said() else site.gate.said()[-300:]
        site.gate.do("account", "code", status=2)
        yield "an account that was never seen is said to be one", None if told["known"] is True \
            and site.gate.do("account", "code", "nobody@provider.test")[0]["known"] is False else f"{told}"
        site.gate.do("account", "code", "x\ny@provider.test", status=2)


def wide(text):
    """as a Japanese input method writes it"""
    return "".join({"-": "ー", ".": "。"}.get(each, chr(ord(each) + 0xfee0)) for each in text)


def typed_in_japanese(note):
    """a genuine notice is known by what an owner types with an input method; a wrong code is not"""
    with Site() as site:
        account = site.accounts[0]
        site.gate.hijack(account)
        contact = site.contact_of(account)
        wait_for(lambda: site.mails(contact))
        code = site.notice_code(account)
        visitor = Visitor(site)
        for typed, address in ((code, contact), (wide(code.lower()), contact), (code, wide(contact)), (wide(code), wide(account))):
            visitor.get("/notice")
            answer = visitor.post("/notice", code=typed, address=address)
            yield f"{typed} for {address}", None if "this notice is ours" in answer.text else f"{answer}"
        visitor.get("/notice")
        answer = visitor.post("/notice", code=wide("AAAAA-AAAAA"), address=contact)
        yield "another code is none", None if "take the mail for a fake" in answer.text else f"{answer}"
        yield "the command line knows it, too", None if "Ours." in site.gate_command("notice", "verify", wide(code), wide(contact)) else "no"


def others_care(note):
    """what is ticked is the own incident's alone"""
    with Site() as site:
        one, other = site.accounts[:2]
        for each in (one, other):
            site.gate.hijack(each)
        numbers = {each: site.gate.incidents()[each]["id"] for each in (one, other)}
        said = control(site.gate.control, {"verb": "owner care", "account": one, "incident": numbers[other], "item": "devices", "state": "done"})[0]
        yield "another's incident is none", None if said.get("fault") == "absent" else f"{said}"
        said = control(site.gate.control, {"verb": "owner care", "account": one, "incident": numbers[one], "item": "nonsense", "state": "done"})[0]
        yield "nor is another item", None if said.get("fault") == "faulty" else f"{said}"
        owner = Visitor(site)
        owner.enter(one)
        owner.get("/care")
        owner.post("/care", [("token", owner.token), ("done", "devices"), ("idle", "web_space"), ("done", "nonsense"), ("done", "../x")])
        care = {each["item"]: each["state"] for each in control(site.gate.control, {"verb": "owner story", "account": one})[0]["care"]}
        yield "the own is ticked", None if care["devices"] == "done" and care["web_space"] == "not_applicable" and care["passwords"] == "open" else f"{care}"
        care = {each["item"]: each["state"] for each in control(site.gate.control, {"verb": "owner story", "account": other})[0]["care"]}
        yield "the other's is not", None if care["devices"] == care["web_space"] == "open" else f"{care}"


def certify(folder, name):
    """a certificate for localhost, its key beside it"""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"],
                   check=True, capture_output=True)
    return ssl.PEM_cert_to_DER_cert((folder / f"{name}.pem").read_text())


def shown(site):
    """which certificate a new connection gets"""
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("localhost", site.port)))


def renewed(note):
    """the certificate is renewed under the pages: who comes gets the new one, who is there stays; a broken one is told of once and not taken"""
    with Site() as site:
        process, key = site.web_process(), site.root / "key.pem"
        owner = Visitor(site)
        owner.enter(site.accounts[0])
        first, second, third = shown(site), certify(site.root, "second"), certify(site.root, "third")
        os.replace(site.root / "second.key", key)
        os.replace(site.root / "second.pem", site.certificate)
        began = time.monotonic()
        yield "it is noticed", None if wait_for(lambda: shown(site) == second, 20) and first != second else site.gate.said()[-400:]
        note(f"after {time.monotonic() - began:.1f} s")
        yield "a connection that was there goes on, and so does the session", None if owner.get("/account").status == 200 else "no"
        yield "by the same process", None if site.web_process() == process else "another"
        for what, text in (("a key of another's", (site.root / "third.key").read_text()), ("half of a key", key.read_text()[:60])):
            before = site.gate.said().count("go on with the certificate")
            key.write_text(text)
            yield f"{what}: it is said", None if wait_for(lambda: site.gate.said().count("go on with the certificate") > before, 20) else site.gate.said()[-400:]
            time.sleep(2.5)
            yield f"{what}: once", None if site.gate.said().count("go on with the certificate") == before + 1 else site.gate.said()[-900:]
            yield f"{what}: the old one goes on", None if shown(site) == second and owner.get("/account").status == 200 else "no"
        key.write_text((site.root / "third.key").read_text())
        site.certificate.write_bytes((site.root / "third.pem").read_bytes())
        yield "what is mended is taken", None if wait_for(lambda: shown(site) == third, 20) and site.web_process() == process else site.gate.said()[-400:]
        yield "no key is in the log", None if key.read_text().splitlines()[1] not in site.gate.said() else "it is"


STORIES = [names_in_two_languages, told_of_the_change, renewed, parts_away, leaked_password, older_helper, locked_by_hand, on_the_telephone, typed_in_japanese, others_care]
