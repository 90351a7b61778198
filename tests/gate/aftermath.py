# SPDX-License-Identifier: Apache-2.0
"""After an incident: which mail still comes back, what the guide says to it, what the owner has to see to, and what a kill leaves of both."""
import signal

from came_back import NEAR_HOME, VICTIM, bounce, give, is_written, lmtp, sends
from gate import COUNTRIES, OWNERS, Gate, wait_for

AGAIN = "mail that was sent after the release comes back"


def guide(gate, number="1"):
    return (gate.ask("incident", "show", number)["guide"] or {}).get("cause")


def notes(gate, number="1"):
    return [note["text"] for note in gate.ask("incident", "show", number)["notes"]]


def says(gate, cause):
    """figures are written within a second or two"""
    return None if wait_for(lambda: guide(gate) == cause) else f"{guide(gate)}: {gate.ask('incident', 'show', '1')['guide']}"


def mail_that_comes_back(note):
    """old mail's bounces are harmless; new mail's, from places that nobody knows, name the cause, once, also over a kill"""
    with Gate(mode="observe") as gate:
        gate.stop()
        gate.configure(lmtp_listen=f'"unix:{gate.root}/lmtp"')
        gate.start()
        old = sends(gate, VICTIM, NEAR_HOME, 4)
        yield "the ledger has the old mail", None if is_written(gate, old[-1][0]) else gate.said()[-600:]
        gate.ask("account", "lock", VICTIM, "--no-wait", "--yes")
        gate.ask("incident", "release", "1")
        with lmtp(gate) as line:
            for queue_id, recipient in old:
                give(line, bounce(queue_id, VICTIM, recipient))
        yield "bounces of old mail are harmless", says(gate, "old")
        yield "and raise nothing", None if AGAIN not in notes(gate) else notes(gate)
        new = sends(gate, VICTIM, COUNTRIES[0], 4)
        yield "the ledger has the new mail", None if is_written(gate, new[-1][0]) else gate.said()[-600:]
        with lmtp(gate) as line:
            for queue_id, recipient in new[:3]:
                give(line, bounce(queue_id, VICTIM, recipient))
        yield "bounces of new mail name the cause", says(gate, "leak")
        yield "which is told", None if wait_for(lambda: AGAIN in notes(gate)) else notes(gate)
        gate.restart(signal.SIGKILL)
        yield "a kill forgets nothing", says(gate, "leak")
        with lmtp(gate) as line:
            give(line, bounce(new[3][0], VICTIM, new[3][1]))
        yield "nor what comes behind it", None if wait_for(
            lambda: gate.ask("incident", "show", "1")["guide"]["strange"] == 4) else gate.ask("incident", "show", "1")["guide"]
        yield "it was told once", None if notes(gate).count(AGAIN) == 1 else notes(gate)


def mail_from_home_that_comes_back(note):
    """the owner's own place sends to the dead with the new password: a device is infected"""
    with Gate(mode="observe") as gate:
        gate.stop()
        gate.configure(lmtp_listen=f'"unix:{gate.root}/lmtp"')
        gate.start()
        gate.ask("account", "lock", VICTIM, "--no-wait", "--yes")
        gate.ask("incident", "release", "1")
        new = sends(gate, VICTIM, OWNERS[VICTIM][0], 12)
        yield "the ledger has it", None if is_written(gate, new[-1][0]) else gate.said()[-600:]
        with lmtp(gate) as line:
            for queue_id, recipient in new[:9]:
                give(line, bounce(queue_id, VICTIM, recipient))
            yield "nine may be mistakes", None if wait_for(
                lambda: (gate.ask("incident", "show", "1")["guide"] or {}).get("home") == 9) and guide(gate) == "quiet" else guide(gate)
            for queue_id, recipient in new[9:]:
                give(line, bounce(queue_id, VICTIM, recipient))
        yield "twelve of twelve are not", says(gate, "device")


def after_care(note):
    """what the owner has to see to is open until somebody says that it is done"""
    with Gate(mode="observe") as gate:
        gate.ask("account", "lock", VICTIM, "--no-wait", "--yes")
        gate.ask("incident", "release", "1")
        listed = {one["item"]: one["state"] for one in gate.ask("incident", "care", "1")["care"]}
        yield "all is open", None if listed.get("passwords") == listed.get("devices") == "open" else listed
        yield "but what does not apply", None if listed.get("recipients") == "not_applicable" else listed
        gate.ask("incident", "care", "1", "passwords", "done")
        gate.ask("incident", "care", "1", "web_space", "not-applicable")
        gate.restart(signal.SIGKILL)
        listed = {one["item"]: one["state"] for one in gate.ask("incident", "show", "1")["care"]}
        yield "it is remembered", None if (listed["passwords"], listed["web_space"], listed["devices"]) == ("done", "not_applicable", "open") else listed
        gate.ask("incident", "care", "1", "nonsense", "done", status=2)
        gate.ask("incident", "care", "7", "passwords", "done", status=1)


STORIES = [mail_that_comes_back, mail_from_home_that_comes_back, after_care]
