# SPDX-License-Identifier: Apache-2.0
"""Accounts that nobody uses, and others at risk."""
import os
from datetime import datetime, timedelta, timezone

from gate import OWNERS, Gate, wait_for
from hand import Passwords
from history import friends_of
from talk import Dovecot

NEVER, SENDER = "never.seen@example.jp", "only.sends@example.jp"


def risks_of(listed):
    return {each["account"]: [risk["risk"] for risk in each["risks"]] for each in listed["risks"]}


def unused_accounts(note):
    """who was seen lately is not listed, who was not is, and who was never seen is not called unused; over a kill"""
    if os.geteuid():
        note("not root: left out")
        return
    gate = Gate()
    gone, busy = list(OWNERS)[3:5]
    with Passwords(gate, [gone, busy, NEVER, SENDER]), gate:
        yield "nobody was seen to send yet", None if risks_of(gate.ask("account", "stale"))[SENDER] == ["unseen"] else "somebody"
        gate.send(SENDER, OWNERS[busy][0], friends_of(busy)[:1])
        yield "who only sends uses the account", None if SENDER not in risks_of(gate.ask("account", "stale")) else "it is called unused"
        gate.send(busy, OWNERS[busy][0], friends_of(busy)[:1])
        with Dovecot(gate.port) as dovecot:
            for _ in range(20):
                dovecot.login(NEVER, "192.0.2.99", right=False)
        yield "wrong passwords are no use", None if risks_of(gate.ask("account", "stale", "--days", "3650")) == {NEVER: ["unseen"]} else "they are"
        listed = gate.ask("account", "stale")
        yield "all that live there were looked at", None if listed["listed"] else f"{listed}"
        since = datetime.fromisoformat(listed["since"])
        aged = datetime.now(timezone.utc) - since
        yield "since the logs that it learnt from", None if timedelta(days=15) < aged < timedelta(days=25) else f"{since}"
        next_step = listed["risks"][0]["risks"][0]
        yield "and what to do stands there", None if next_step["next"] and NEVER in next_step["command"] else f"{next_step}"
        wait_for(lambda: not gate.status()["ledger"]["waiting"])
        gate.daemon.kill()
        gate.daemon.wait()
        gate.start()
        yield "known after a kill", None if risks_of(gate.ask("account", "stale")) == {NEVER: ["unseen"]} else "no"
        gate.ask("account", "forget", gone)
        yield "a forgotten one was not seen, either", None if risks_of(gate.ask("account", "stale")) == {gone: ["unseen"], NEVER: ["unseen"]} else "it was"
    with Gate() as alone:
        listed = alone.ask("account", "stale", "--days", "1")
        yield "without the helper nothing is said of who was never seen", None if not listed["listed"] and "unseen" not in str(
            risks_of(listed)) else f"{listed}"
        yield "a domain that nobody has is empty", None if not alone.ask("account", "stale", "--domain", "nowhere.example")["unused"] else "no"
        for words in (("--days", "0"), ("--days", "x"), ("--days", "36501"), ("more",)):
            alone.ask("account", "stale", *words, status=2)
        yield "what cannot be is wrong usage", None
        alone.stop()
        alone.ask("account", "stale", status=4)
        yield "without the daemon it is away", None


STORIES = [unused_accounts]
