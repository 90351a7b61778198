# SPDX-License-Identifier: Apache-2.0
"""When a part is away, when somebody is killed, and what an owner may not do."""
import signal
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


STORIES = [parts_away, locked_by_hand, on_the_telephone, typed_in_japanese, others_care]
