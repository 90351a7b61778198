# SPDX-License-Identifier: Apache-2.0
"""When a part is away, when somebody is killed, and what an owner may not do."""
import os
import signal
import ssl
import subprocess
import time

from pages import Site, Visitor, control, wait_for

GOOD = "Kx7-tqRm.92pf"


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


def locked_by_hand(note):
    """what a person shut where nothing spoke against the account the owner does not open; a hijack that a person shut more widely they do"""
    with Site() as site:
        one, other = site.accounts[:2]
        site.gate.do("account", "lock", one, "--why", "a bill")
        owner = Visitor(site)
        owner.enter(one)
        owner.get("/password")
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "the password is new", None if site.passwords.opens(one, GOOD) else f"{answer}"
        yield "the account is locked still, and that is said", None if site.gate.is_locked(one) and "locked by a person" in answer.text else f"{answer}"
        site.gate.hijack(other)
        site.gate.do("incident", "contain", str(site.gate.incidents()[other]["id"]))
        owner = Visitor(site)
        owner.enter(other)
        owner.get("/password")
        answer = owner.post("/password", password=GOOD, again=GOOD)
        yield "a hijack is open again", None if answer.status == 200 and not site.gate.is_locked(other) else f"{answer}"


def on_the_telephone(note):
    """support makes a code for an owner whose contact address is gone: told, typed, and good once; what is taken is recorded"""
    with Site() as site:
        account = site.accounts[0]
        told, _ = site.gate.do("account", "code", account)
        owner = Visitor(site)
        owner.get("/code")
        owner.type_code(account, told["code"])
        yield "it opens", None if owner.get("/account").status == 200 and told["minutes"] == 15 else f"{told}"
        other = Visitor(site)
        other.get("/code")
        other.type_code(account, told["code"])
        yield "once", None if other.get("/account").status == 403 else "twice"
        yield "nothing was mailed", None if not site.mails() else f"{[mail['Subject'] for mail in site.mails()]}"
        yield "who took it is said, the code is not", None if f"takes a code to be told to the owner of {account}" in site.gate.said() \
            and told["code"] not in site.gate.said() else site.gate.said()[-300:]
        site.gate.do("account", "code", status=2)


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


STORIES = [renewed, parts_away, locked_by_hand, on_the_telephone, others_care]
