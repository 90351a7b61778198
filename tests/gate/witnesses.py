# SPDX-License-Identifier: Apache-2.0
"""The same is told by several, or comes from where nobody can tell who it is."""
from gate import COUNTRIES, OWNERS, Gate, wait_for
from history import friends_of
from logs import is_known
from talk import Dovecot, Letter, Policy

OWNER, THIEF, SECOND = list(OWNERS)[:3]
WEBMAIL = "192.0.2.25"


def several_witnesses(note):
    """Postfix asks about each RCPT three times, through two sockets, and the log tells of it too: one submission, one login"""
    with Gate() as gate:
        gate.stop()
        gate.configure(policy_listen=f'{{ "unix:{gate.policy}", "unix:{gate.root}/policy2" }}')
        gate.start()
        home, count = OWNERS[OWNER][0], 10
        for number in range(count):
            letter = Letter(OWNER, home, friends_of(OWNER)[:3], asked=3)
            with Policy(gate.policy) as policy, Policy(gate.root / "policy2") as second:
                yield f"letter {number} passes", None if letter.send(policy) == "DUNNO" else "it does not"
                for recipient in letter.recipients:
                    second.ask(**letter.words("RCPT", recipient, 0))
            with Dovecot(gate.port) as dovecot:
                dovecot.login(OWNER, home, protocol="smtp")
            gate.tell(f"{letter.id}: client=unknown[{home}], sasl_method=PLAIN, sasl_username={OWNER}", process="postfix/submission/smtpd[4]")
            gate.tell(f"{letter.id}: from=<{OWNER}>, size=733, nrcpt=3 (queue active)", process="postfix/qmgr[77]")
        wait_for(lambda: gate.status()["logs"]["lines"] >= 2 * count)
        wait_for(lambda: not gate.status()["ledger"]["waiting"])
        mail = gate.status()["mail"]
        yield "each message counts once", None if mail["submissions"] == count else f"{mail}"
        yield "each login counts once", None if mail["logins"] == count else f"{mail}"
        yield "the ledger has each once", None if len(gate.ask("account", "show", OWNER)["recent"]) == count else "it has not"
        yield "by its queue id", None if is_known(gate, letter.id) else "it is not found"


def two_services(note):
    """two policy services, of which each is asked at END-OF-MESSAGE, see the same message"""
    with Gate() as gate:
        letter = Letter(OWNER, OWNERS[OWNER][0], friends_of(OWNER)[:2])
        with Policy(gate.policy) as policy:
            answers = [letter.send(policy), letter.send(policy)]
        yield "it passes both times", None if answers == ["DUNNO"] * 2 else f"{answers}"
        yield "it counts once", None if gate.status()["mail"]["submissions"] == 1 else f"{gate.status()['mail']}"
        letter = Letter(THIEF, COUNTRIES[0], [f"a{number}@world.test" for number in range(8)])
        with Policy(gate.policy) as policy:
            answers = [letter.send(policy), letter.send(policy)]
        yield "a hold is a hold both times", None if all(each.startswith("HOLD") for each in answers) else f"{answers}"
        held = gate.status()["held"]
        yield "of one message", None if held["waiting"] == 1 else f"{held}"


def webmail(note):
    """two hundred users of a webmail, and programs on the machine itself: their address says nothing against them"""
    with Gate(webmail_hosts=f'{{ "{WEBMAIL}" }}') as gate, Policy(gate.policy) as policy, Dovecot(gate.port) as dovecot:
        answers = []
        for number, (account, source) in enumerate((account, source) for source in (WEBMAIL, "127.0.0.1", "::1", "") for account in OWNERS):
            dovecot.login(account, source)
            answers.append(Letter(account, source, friends_of(account)[:2], port=number + 1000).send(policy))
        yield "everybody's mail passes", None if set(answers) == {"DUNNO"} else f"{set(answers)}"
        yield "nobody is locked", f"{gate.incidents()}" if gate.incidents() else None
        gate.hijack(SECOND)
        yield "a thief from elsewhere is locked", None if wait_for(lambda: SECOND in gate.incidents()) else "no"
        answers = [Letter(account, WEBMAIL, friends_of(account)[:1]).send(policy) for account in list(OWNERS)[5:30]]
        yield "others go on over the webmail", None if set(answers) == {"DUNNO"} else f"{set(answers)}"


STORIES = [several_witnesses, two_services, webmail]
