# SPDX-License-Identifier: Apache-2.0
"""Holds a report of `sekisho scan -f json` against the diary, the answers of the world and the queue. Everything is
compared as a whole and exactly; `compare` yields (what, wanted, came)."""
from collections import Counter
from ipaddress import ip_network

DETECTED_WITHIN = 100  # messages


class Truth:
    def __init__(self, diary, results, queue, opening):
        self.diary, self.results, self.queue, self.opening = diary, results, queue, opening

    def count(self, mails):
        """messages, recipients, and these by their result"""
        recipients = [each for mail in mails for each in mail.recipients]
        by_result = Counter(self.results.get(each, "sent" if each.endswith("@provider.test") else "lost")
                            for each in recipients)
        return {"messages": len(mails), "recipients": len(recipients), "sent": by_result["sent"],
                "bounced": by_result["bounced"], "deferred": by_result["deferred"],
                "unfinished": len(recipients) - by_result["sent"] - by_result["bounced"]}

    def stolen(self):
        """account: its thief's messages"""
        return {account: [mail for mail in self.diary.mails if mail.thief and mail.account == account]
                for account in {mail.account for mail in self.diary.mails if mail.thief}}

    def queue_ids(self, mails):
        theirs = {each for mail in mails for each in mail.recipients}
        return {queue_id for queue_id, (_, recipients) in self.queue.items() if recipients & theirs}

    def sources(self, account):
        """address: whose, logins, messages, recipients, bounced"""
        found = {}
        for login in self.diary.logins:
            if login.account == account and login.ok:
                mails = [mail for mail in self.diary.mails if (mail.account, mail.ip) == (account, login.ip)]
                counted = self.count(mails)
                logins = sum((each.account, each.ip, each.ok) == (account, login.ip, True) for each in self.diary.logins)
                found[login.ip] = ("attacker" if login.thief else "owner", logins, counted["messages"],
                                   counted["recipients"], counted["bounced"])
        return found

    def guessing(self):
        """networks: accounts tried, attempts, accounts that opened"""
        wrong = [login for login in self.diary.logins if not login.ok]
        networks = {ip_network(f"{login.ip}/24", strict=False) for login in wrong}
        return {network: (len({login.account for login in wrong}), len(wrong), set(self.stolen())) for network in networks}

    def totals(self):
        """account: messages, recipients, bounced, whoever sent them"""
        found = {}
        for account in {mail.account for mail in self.diary.mails}:
            counted = self.count([mail for mail in self.diary.mails if mail.account == account])
            found[account] = counted["messages"], counted["recipients"], counted["bounced"]
        return found

    def local_senders(self):
        found = Counter(uid for uid, _ in self.diary.local)
        return {uid: (messages, sum(len(recipients) for who, recipients in self.diary.local if who == uid), "usual")
                for uid, messages in found.items()}


def compare(truth, report):
    yield "lines not understood", 0, report["input"]["unparsed"]
    yield "incidents", {account: "hijacked" for account in truth.stolen()}, {
        each["account"]: each["verdict"] for each in report["incidents"]}
    for account, mails in truth.stolen().items():
        incident = next((each for each in report["incidents"] if each["account"] == account), None)
        if incident:
            yield from compare_incident(truth, mails, incident)
    yield "guessing", truth.guessing(), {ip_network(f"{each['ip'].split('/')[0]}/24", strict=False): (
        each["accounts_tried"], each["attempts"], set(each["opened"])) for each in report["guessing"]}
    yield "everybody's mail", truth.totals(), {
        each["account"]: (each["messages"], each["recipients"], each["bounced"]) for each in report["top_senders"]}
    yield "local senders", truth.local_senders(), {
        each.get("uid"): (each["messages"], each["recipients"], each["verdict"]) for each in report["local_senders"]}
    yield "spoofed", [], report["spoofed"]


def compare_incident(truth, mails, incident):
    for name, wanted in truth.count(mails).items():
        yield name, wanted, incident[name]
    yield "queue ids", truth.queue_ids(mails), set(incident["queue_ids"])
    yield "sources", truth.sources(incident["account"]), {
        each["ip"]: (each["whose"], each["logins"], each["messages"], each["recipients"], each["bounced"])
        for each in incident["sources"]}
    if truth.opening:
        yield "opening", True, incident["opening"] in truth.opening
    yield f"detected within {DETECTED_WITHIN} messages", True, incident["leaked_before_detection"] <= DETECTED_WITHIN


def difference(wanted, came):
    """in words, or nothing; of sets and tables only what differs"""
    if wanted == came:
        return None
    if isinstance(wanted, dict):
        wanted, came = set(map(str, wanted.items())), set(map(str, came.items()))
    if isinstance(wanted, set):
        wanted, came = sorted(wanted - came), sorted(came - wanted)
    return f"wanted {str(wanted)[:400]}, came {str(came)[:400]}"
