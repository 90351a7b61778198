# SPDX-License-Identifier: Apache-2.0
"""Holds a report of `sekisho scan -f json` against what a story expects and what its world knows to be true.

`faults(world, report)` gives sentences: what was wanted, what came. Empty: all is well.
"""
from datetime import datetime
from ipaddress import ip_network

from server import USERS

SECONDS = 2.0     # a report gives times in whole seconds
OPENINGS = {"out of the blue": "out_of_the_blue", "by guessing": "guessed", "by spraying": "sprayed", "unknown": "unknown"}


def seconds(text):
    return datetime.fromisoformat(text).timestamp() if text else float("nan")


class Truth:
    """what one account's thief did, as far as the log tells it"""
    def __init__(self, world, account):
        mails = [mail for mail in world.mails if mail.account == account and mail.named and mail.queued]
        self.mails = sorted((mail for mail in mails if mail.thief), key=lambda mail: mail.queued)
        self.own = [mail for mail in mails if not mail.thief]
        logins = [(t, ip, ok) for t, who, thief, ip, ok in world.logins if who == account and thief]
        self.signs = [t for t, *_ in logins]
        self.entered = [t for t, _, ok in logins if ok]
        self.senders = {mail.ip for mail in self.mails}
        self.addresses = {ip for _, ip, _ in logins}
        self.owners = {ip for _, who, thief, ip, _ in world.logins if who == account and not thief}

    def before(self, t):
        return [mail for mail in self.mails if mail.queued <= t]

    def own_between(self, first, last):
        return sum(first <= mail.queued <= last for mail in self.own)


def exactly(name, wanted, came):
    if wanted != came:
        yield f"{name} {wanted} wanted, {came} came"


def near(name, first, last, came):
    if not first - SECONDS <= seconds(came) <= last + SECONDS:
        stamp = [datetime.fromtimestamp(t).isoformat(" ", "seconds") for t in sorted({first, last})]
        yield f"{name} {' to '.join(stamp)} wanted, {came} came"


# ---- one function for each thing that is exact
def began(truth, incident, world):
    yield from near("began", min(truth.signs), min(truth.entered), incident["began"])


def messages(truth, incident, world):
    yield from exactly("messages", len(truth.mails), incident["messages"])
    yield from near("first abuse", truth.mails[0].queued, truth.mails[0].queued, incident["first_abuse"])
    yield from near("last abuse", truth.mails[-1].queued, truth.mails[-1].queued, incident["last_abuse"])


def outcomes(truth, incident, world):
    wanted = {outcome: sum(mail.count(outcome) for mail in truth.mails) for outcome in ("sent", "bounced", "deferred")}
    wanted["recipients"] = sum(len(mail.recipients) for mail in truth.mails)
    wanted["unfinished"] = wanted["recipients"] - wanted["sent"] - wanted["bounced"]
    for name, count in wanted.items():
        yield from exactly(name, count, incident[name])


def queue_ids(truth, incident, world):
    wanted, came = {i for mail in truth.mails for i in mail.ids}, set(incident["queue_ids"])
    if wanted != came:
        missing, more = sorted(wanted - came)[:3], sorted(came - wanted)[:3]
        yield f"{len(wanted)} queue ids wanted, {len(came)} came; missing {missing}, too many {more}"


def network(ip):
    """of IPv6 a report names one address for each /64: a machine has them all"""
    return ip if ":" not in ip else str(ip_network((ip, 64), strict=False))


def sources(truth, incident, world):
    foreign = {network(source["ip"]) for source in incident["sources"]
               if not source["familiar"] and (source["logins"] or source["messages"])}
    if missing := {*map(network, truth.senders)} - foreign:
        yield f"{len(truth.senders)} sending addresses wanted, missing {len(missing)}: {sorted(missing)[:3]}"
    if innocent := foreign - {*map(network, truth.addresses)}:
        yield f"{len(innocent)} innocent addresses among the sources: {sorted(innocent)[:3]}"


def owner_messages(truth, incident, world):
    """the time that counts may begin with the first sign or the first message, and end with the last or with the log"""
    first, last = truth.mails[0].queued, truth.mails[-1].queued
    wanted = {truth.own_between(*span) for span in ((first, last), (truth.signs[0], last), (truth.signs[0], world.end))}
    if incident.get("owner_messages") not in wanted:
        yield f"owner messages {' or '.join(map(str, sorted(wanted)))} wanted, {incident.get('owner_messages')} came"


CHECKS = {"began": began, "messages": messages, "outcomes": outcomes, "queue ids": queue_ids, "sources": sources,
          "owner messages": owner_messages}


def detected(truth, incident, wanted):
    at = seconds(incident["detected_at"])
    leaked = truth.before(at)
    if at != at and incident["verdict"] == "hijacked":
        yield "detected_at wanted, none came"
    if "messages" in wanted and not len(leaked) <= int(wanted["messages"]):
        yield f"detected by message {wanted['messages']} wanted, by {len(leaked)} came ({incident['detected_at']})"
    bounced = sum(mail.count("bounced") for mail in truth.before(at - 3))  # those of the last seconds are on their way
    if "bounces" in wanted and bounced > int(wanted["bounces"]):
        yield f"detected by bounce {wanted['bounces']} wanted, by {bounced} came"


def account(world, report, wanted):
    """an incident, or none, of one account"""
    name, kind = wanted["account"], wanted["kind"]
    incident = next((each for each in report["incidents"] if each["account"] == name), None)
    verdict = incident["verdict"] if incident else "nothing"
    allowed = {"found": ("hijacked", "suspected"), "not hijacked": ("suspected", "nothing")}.get(kind, (kind,))
    if verdict not in allowed:
        yield f"{name} {kind} wanted, {verdict} came" + (f" ({incident['bits']} bits)" if incident else "")
    if not incident or kind == "not hijacked":
        return
    truth = Truth(world, name)
    for what, check in CHECKS.items():
        if what not in wanted["uncertain"]:
            yield from (f"{name}: {fault}" for fault in check(truth, incident, world))
    yield from (f"{name}: {fault}" for fault in detected(truth, incident, wanted))
    if "opening" in wanted:
        yield from exactly(f"{name}: opening", OPENINGS[wanted["opening"]], incident.get("opening"))
    if "same_source" in wanted:
        yield from exactly(f"{name}: same_source", True, incident.get("same_source"))


def nobody(world, report, wanted):
    expected = {each.get("account") for each in world.story.expected if each["kind"] != "spoofed"}
    for incident in report["incidents"]:
        if incident["account"] not in expected:
            told = ", ".join(f"{each['signal']} {each['bits']:.1f}" for each in incident["evidence"][:4])
            yield f"nobody wanted, {incident['account']} {incident['verdict']} came ({incident['bits']:.1f} bits: {told})"


def spoofed(world, report, wanted):
    came = {each["account"]: each["bounces"] for each in report["spoofed"]}
    yield from exactly(f"bounces for {wanted['account']}", int(wanted["count"]), came.get(wanted["account"]))


def guessing(world, report, wanted):
    attempts = sum(not ok for *_, ok in world.logins)
    entries = [(each["accounts_tried"], each["attempts"], set(each["opened"])) for each in report["guessing"]]
    if (int(wanted["count"]), attempts, wanted["opened"]) not in entries:
        yield (f"guessing at {wanted['count']} accounts, {attempts} attempts, opened {sorted(wanted['opened'])} wanted, "
               f"{entries[:3]} came")


def script(world, report, wanted):
    """by its uid, by the user's name where the log has only that, or by the address it came from"""
    verdicts = {str(each.get("uid", each.get("user"))): each["verdict"] for each in report["local_senders"]}
    names = {wanted.get("uid"), USERS.get(wanted.get("uid")), wanted.get("ip")} & set(verdicts)
    yield from exactly(f"script {wanted.get('uid') or wanted['ip']}", ["suspected"], [verdicts[name] for name in names])


KINDS = {"nobody": nobody, "spoofed": spoofed, "guessing": guessing, "script": script}


def totals(world, report):
    """what each account sent, whoever sent it"""
    for each in report["top_senders"]:
        mails = [mail for mail in world.mails if mail.account == each["account"] and mail.named and mail.queued]
        wanted = len(mails), sum(len(mail.recipients) for mail in mails), sum(mail.count("bounced") for mail in mails)
        came = each["messages"], each["recipients"], each["bounced"]
        yield from exactly(f"all messages, recipients, bounced of {each['account']}", wanted, came)


def always(world, report):
    """what holds for every story"""
    yield from totals(world, report)
    kinds = [each["kind"] for each in world.story.expected]
    yield from exactly("schema", "sekisho.scan/1", report["schema"])
    yield from exactly("lines", len(world.journal.lines), report["input"]["lines"])
    yield from exactly("lines not understood", 0, sum(file["unparsed"] for file in report["input"]["files"]))
    if "spoofed" not in kinds and report["spoofed"]:
        yield f"nobody spoofed wanted, {report['spoofed'][0]} came"
    if "script" not in kinds:
        yield from (f"no suspected script wanted, {each} came" for each in report["local_senders"]
                    if each["verdict"] == "suspected")


def faults(world, report):
    found = [*always(world, report)]
    for wanted in world.story.expected:
        found += KINDS.get(wanted["kind"], account)(world, report, wanted)
    return found
