# SPDX-License-Identifier: Apache-2.0
"""The paper on an incident says what was really done: a hijack, held against what the letters were answered with."""
import json
import os
import subprocess

from gate import OWNERS, Gate, Wrong, wait_for
from history import friends_of
from talk import Dovecot

OWNER, THIEF = list(OWNERS)[:2]
LURKER = "203.0.113.99"
ENGLISH, JAPANESE = {"LC_ALL": "C.UTF-8", "LANGUAGE": "C"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "ja"}


def written(gate, *words, status=0, env=None):
    done = subprocess.run([gate.binary, "incident", "report", *words, "-c", gate.root / "conf"], capture_output=True, text=True, check=False,
                          env={**os.environ, **(env or ENGLISH)})
    if done.returncode != status:
        raise Wrong(f"incident report {' '.join(words)}: exit status {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout if status == 0 else done.stderr


def counted(letters, *heads):
    """messages and recipients of those that were answered so"""
    such = [letter for letter, answer in letters if answer.startswith(heads)]
    return {"messages": len(such), "recipients": sum(len(letter.recipients) for letter in such)}


def same(what, is_so, wanted):
    return what, None if is_so == wanted else f"{is_so} instead of {wanted}"


def holds(what, text, wanted=(), unwanted=()):
    missing = [each for each in wanted if each not in text]
    there = [each for each in unwanted if each in text]
    return what, f"missing: {missing}, there: {there}, in: {text[:1500]}" if missing or there else None


def tell_outcomes(gate, letters):
    """the log says of each recipient of these that it bounced, of every third that it was sent, of every fifth that it waits"""
    counts = [0, 0, 0]
    for letter in letters:
        gate.tell(f"{letter.id}: client=unknown[{letter.ip}], sasl_method=PLAIN, sasl_username={letter.login}", process="postfix/submission/smtpd[4]")
        gate.tell(f"{letter.id}: from=<{letter.login}>, size=733, nrcpt={len(letter.recipients)} (queue active)", process="postfix/qmgr[77]")
        for number, recipient in enumerate(letter.recipients):
            fate = 0 if number % 3 == 0 else 2 if number % 5 == 0 else 1
            status, dsn = (("sent", "2.0.0"), ("bounced", "5.1.1"), ("deferred", "4.4.1"))[fate]
            gate.tell(f"{letter.id}: to=<{recipient}>, relay=mx.test[198.51.100.9]:25, delay=1, delays=0/0/0/1, dsn={dsn}, status={status} (x)")
            counts[fate] += 1
    return counts


def report(note):
    """a thief logs in, sends from a country a message until all is refused; then somebody writes the paper to hand on"""
    home = OWNERS[THIEF][0]
    with Gate() as gate, Dovecot(gate.port) as dovecot:
        dovecot.login(THIEF, home)
        gate.send(THIEF, home, friends_of(THIEF)[:2])
        dovecot.login(THIEF, LURKER, protocol="imap")  # looks around first, and never sends
        letters = gate.hijack(THIEF)
        passed_on = tell_outcomes(gate, [letter for letter, answer in letters if answer == "DUNNO"])
        wait_for(lambda: THIEF in gate.incidents() and gate.incidents()[THIEF]["state"] == "contained")
        gate.send(THIEF, home, friends_of(THIEF)[:1])
        wait_for(lambda: not gate.status()["ledger"]["waiting"])
        number = str(gate.incidents()[THIEF]["id"])
        wait_for(lambda: gate.ask("incident", "show", number).get("bounced") == passed_on[1])
        gate.restart()
        number = str(gate.incidents()[THIEF]["id"])
        paper = json.loads(written(gate, number, "-f", "json"))
        yield same("its schema", paper["schema"], "sekisho.incident/1")
        yield same("whose account it was", (paper["account"], paper["state"], paper["locked"]), (THIEF, "contained", True))
        passed, refused = counted(letters, "DUNNO"), counted(letters, "554")
        yield same("what was let through", paper["passed"], passed)
        yield same("what was refused", paper["refused"], refused)
        held = {key: sum(one[key] for one in paper["held"].values()) for key in ("messages", "recipients")}
        yield same("what was held", held, counted(letters, "HOLD"))
        yield same("people reached", (paper["reached"]["distinct"], paper["reached"]["complete"]), (passed["recipients"], True))
        asked = sum(answer.startswith(("DUNNO", "HOLD", "554")) for _, answer in letters)
        yield same("messages over time", sum(paper["series"]["attacker"]), asked)
        sources = {one["ip"]: one for one in paper["sources"]}
        yield same("the owner's address is not told", home in sources, False)
        yield same("what became of it", [paper[key] for key in ("sent", "bounced", "deferred")], passed_on)
        yield same("logins without mail", [sources.get(LURKER, {}).get(key) for key in ("logins", "messages", "whose")], [1, 0, "attacker"])
        yield same("how the door was opened", paper["opening"], "out_of_the_blue")
        text, page = written(gate, number), written(gate, number, "-f", "html")
        secrets = [home, "stranger", "world0.test", OWNER, *friends_of(THIEF)]
        yield holds("the text", text, ["was used by somebody else", "the password was known", "Scan every", "What to expect"], secrets)
        yield holds("the page", page, ["<svg", 'lang="en"', "was used by somebody else"], [*secrets, "<script", "http-equiv=\"refresh"])
        yield holds("the JSON", json.dumps(paper), [], secrets)
        yield holds("in Japanese, by locale", written(gate, number, env=JAPANESE), ["第三者に不正に利用されました", "残っている作業"])
        yield holds("in Japanese, asked for", written(gate, number, "--lang", "ja", "-f", "html", env={"LC_ALL": "C"}), ['lang="ja"', "時系列"])
        yield holds("in English, asked for", written(gate, number, "--lang", "en", env=JAPANESE), ["was used by somebody else"])
        yield holds("in full", written(gate, number, "--full"), [home, "not for handing on"], ["stranger"])
        written(gate, number, "-f", "html", "-o", str(gate.root / "paper.html"))
        file = gate.root / "paper.html"
        yield same("into a file, for its writer's eyes", (file.stat().st_mode & 0o777, file.read_text()[:15]), (0o600, "<!DOCTYPE html>"))
        yield holds("no paper on what never was", written(gate, "999", status=1), ["nothing of that name or number"])
        gate.ask("incident", "release", number, "--false-alarm")
        wait_for(lambda: THIEF not in gate.incidents())
        yield holds("a false alarm is called one", written(gate, number), ["a false alarm, the mail was its owner's"], ["was used by somebody"])


STORIES = [report]
