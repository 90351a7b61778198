# SPDX-License-Identifier: Apache-2.0
"""Holds a report of `sekisho scan -f json` against what really happened. `compare` yields (what, wanted, came)."""
from collections import Counter
from datetime import datetime
from ipaddress import ip_network

DETECTED_WITHIN = 100  # messages of the thief
CLOCK_S = 1.0          # the logs have whole seconds


class Truth:
    """the diary of those who acted, what the world did with each recipient, and the queue at the end"""
    def __init__(self, diary, results, queue):
        self.diary, self.results, self.queue = diary, results, queue

    def thieves_mails(self):
        """{account: messages}"""
        accounts = {mail.account for mail in self.diary.mails(thief=True)}
        return {account: self.diary.mails(account=account, thief=True) for account in accounts}

    def count(self, mails):
        recipients = [each for mail in mails for each in mail.recipients]
        by_result = Counter("sent" if each.endswith("@provider.test") else self.results.get(each)
                            for each in recipients)
        return {"messages": len(mails), "recipients": len(recipients), "sent": by_result["sent"],
                "bounced": by_result["bounced"], "deferred": by_result["deferred"],
                "unfinished": len(recipients) - by_result["sent"] - by_result["bounced"]}

    def counts(self, mails, *names):
        return tuple(self.count(mails)[name] for name in names)

    def queue_ids(self, mails):
        theirs = {each for mail in mails for each in mail.recipients}
        return {queue_id for queue_id, (_, recipients) in self.queue.items() if recipients & theirs}

    def source(self, account, ip, thief):
        return ("attacker" if thief else "owner", len(self.diary.logins(account=account, ip=ip, opened=True)),
                *self.counts(self.diary.mails(account=account, ip=ip), "messages", "recipients", "bounced"))

    def sources(self, account):
        return {login.ip: self.source(account, login.ip, login.thief)
                for login in self.diary.logins(account=account, opened=True)}

    def signs(self, account):
        """when the thief knocked first, and when the door was open"""
        return (self.diary.logins(account=account, thief=True)[0].asked,
                self.diary.logins(account=account, thief=True, opened=True)[0].at)

    def owner_messages(self, account):
        began = self.diary.logins(account=account, thief=True)[0].at
        return sum(mail.at >= began for mail in self.diary.mails(account=account, thief=False))

    def opening(self):
        if self.diary.logins(opened=False):
            return {"guessed", "sprayed"}
        return {"out_of_the_blue"} if self.diary.days else {"unknown"}

    def guessing(self):
        wrong = self.diary.logins(opened=False)
        opened = {login.account for login in self.diary.logins(thief=True, opened=True)}
        tried = {login.account for login in wrong}
        return {network_of(login.ip): (len(tried), len(wrong), opened) for login in wrong}  # there is but one network

    def totals(self):
        return {mail.account: self.counts(self.diary.mails(account=mail.account), "messages", "recipients", "bounced")
                for mail in self.diary.mails()}

    def scripts(self):
        found = {}
        for uid in {mail.account for mail in self.diary.scripts}:
            mails = [mail for mail in self.diary.scripts if mail.account == uid]
            found[uid] = (*self.counts(mails, "messages", "recipients", "bounced"), "usual")
        return found


def network_of(ip):
    return ip_network(f"{ip.split('/')[0]}/24", strict=False)


def picked(items, key, *names):
    """a table of the report: {key: the values of these names}"""
    return {each.get(key): tuple(each[name] for name in names) for each in items}


def compare(truth, report):
    mails = truth.thieves_mails()
    yield "lines not understood", 0, report["input"]["unparsed"]
    yield "incidents", dict.fromkeys(mails, ("hijacked",)), picked(report["incidents"], "account", "verdict")
    for incident in report["incidents"]:
        if incident["account"] in mails:
            yield from compare_incident(truth, mails[incident["account"]], incident)
    yield "guessing", truth.guessing(), {network_of(each["ip"]): (
        each["accounts_tried"], each["attempts"], set(each["opened"])) for each in report["guessing"]}
    yield "everybody's mail", truth.totals(), picked(
        report["top_senders"], "account", "messages", "recipients", "bounced")
    yield "mail of scripts", truth.scripts(), picked(
        report["local_senders"], "uid", "messages", "recipients", "bounced", "verdict")
    yield "spoofed", [], report["spoofed"]


def compare_incident(truth, mails, incident):
    account = incident["account"]
    for name, wanted in truth.count(mails).items():
        yield name, wanted, incident[name]
    yield "queue ids", truth.queue_ids(mails), set(incident["queue_ids"])
    yield "sources", truth.sources(account), picked(
        incident["sources"], "ip", "whose", "logins", "messages", "recipients", "bounced")
    yield "owner's messages", truth.owner_messages(account), incident["owner_messages"]
    opening, began, leaked = incident["opening"], incident["began"], incident["leaked_before_detection"]
    yield "opening", opening if opening in truth.opening() else truth.opening(), opening
    yield "began", began if within(began, *truth.signs(account)) else told(truth.signs(account)[0]), began
    yield "detected early", min(leaked, DETECTED_WITHIN), leaked


def within(time, first, last):
    return time is not None and first - CLOCK_S <= datetime.fromisoformat(time).timestamp() <= last + CLOCK_S


def told(t):
    return datetime.fromtimestamp(t).astimezone().isoformat(timespec="seconds")


def difference(wanted, came):
    """in words, or nothing; of tables and sets only what differs"""
    if wanted == came:
        return None
    if isinstance(wanted, dict):
        wanted, came = set(map(str, wanted.items())), set(map(str, came.items()))
    if isinstance(wanted, set) and isinstance(came, set):
        wanted, came = sorted(wanted - came), sorted(came - wanted)
    return f"wanted {str(wanted)[:400]}, came {str(came)[:400]}"
