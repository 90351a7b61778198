# SPDX-License-Identifier: Apache-2.0
"""What a mail server sees: logins, messages, bounces; and what becomes of a message outside.

A recipient is a whole number. Those below ACCOUNTS are colleagues (twice the number of their account); of all others the
lowest bit says whether the address is dead: it stays so whoever writes to it, and fates need no memory.
"""
from chance import scatter

HOUR, DAY = 3600.0, 86400.0
ACCOUNTS = 1 << 24  # recipients below are accounts of this server
DOMAINS = 12  # of the operator's customers
NAMES = "sato suzuki meyer silva tremblay kim nowak tanaka ito weber souza roy park zielinski mori koch".split()


def account_name(number):
    return f"{NAMES[number % 16]}{number}@firm{number * 7 % DOMAINS}.example"


def recipient_name(recipient):
    """An address that does not tell whether it is alive; half of all are at one of five large providers (assumption)."""
    if recipient < ACCOUNTS:
        return account_name(recipient >> 1)
    mixed = recipient * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed ^= mixed >> 32
    mixed = mixed * 0xD6E8FEB86659FD93 & 0xFFFFFFFFFFFFFFFF
    domain = mixed % 5 if mixed >> 63 else mixed % 1987
    return f"p{mixed >> 16:x}@d{domain}.example.net"


class Login:
    """A login, good or bad, at IMAP, SMTP or webmail."""
    __slots__ = ("t", "account", "place", "client", "ok", "protocol", "session", "hijacker")
    kind = "auth"

    def __init__(self, t, account, place, client, ok=True, protocol="imap", session=None, hijacker=False):
        self.t, self.account, self.place, self.client, self.ok = t, account, place, client, ok
        self.protocol, self.session, self.hijacker = protocol, session, hijacker

    def fields(self, key):
        event = {"ev": "auth", "account": account_name(self.account), **self.place.fields, "ok": self.ok,
                 "protocol": self.protocol, "client": self.client}
        if self.session:
            event["session"] = self.session
        if not self.ok:
            event["why"] = "password"
        return event


class Message:
    """A message handed in, whoever wrote it. `refusal` is the share of recipients' servers that refuse it as spam."""
    __slots__ = ("t", "account", "place", "client", "recipients", "size", "subject", "own_from", "spam", "urls", "via",
                 "session", "refusal", "delay", "hijacker")
    kind = "submit"

    def __init__(self, t, account, place, client, recipients, size, subject, own_from=True, spam=False, urls=(), via="smtp",
                 session=None, refusal=0.0, delay=5.0, hijacker=False):
        self.t, self.account, self.place, self.client, self.recipients = t, account, place, client, recipients
        self.size, self.subject, self.own_from, self.spam, self.urls = size, subject, own_from, spam, urls
        self.via, self.session, self.refusal, self.delay, self.hijacker = via, session, refusal, delay, hijacker

    def fields(self, key):
        account = account_name(self.account)
        event = {"ev": "submit", "id": key, "account": account,
                 "from": account if self.own_from else f"office{self.subject % 97}@other{self.subject % 13}.example.org",
                 "rcpt": [recipient_name(r) for r in self.recipients], "size": self.size, "subject": f"{self.subject:08x}",
                 "via": self.via, "spam": self.spam}
        if self.place:
            event.update(self.place.fields)
            event["client"] = self.client
        if self.urls:
            event["urls"] = self.urls
        if self.session:
            event["session"] = self.session
        return event


class Backscatter:
    """A bounce of mail that never passed here: somebody elsewhere forges the owner's address."""
    __slots__ = ("t", "account")
    kind, hijacker, place = "bounce", False, None

    def __init__(self, t, account):
        self.t, self.account = t, account

    def fields(self, key):
        return {"ev": "bounce", "account": account_name(self.account), "rcpt": f"{key}@d7.example.net", "dsn": "5.1.1"}


# Shares of what comes back; all assumptions but the first two, which the field notes bound (owners under 1 % refused).
GREYLISTED = 0.015  # put off first, taken a quarter of an hour later
ANSWERED = 0.010  # messages that an out-of-office note answers
COMPLAINTS = {True: 0.0015, False: 0.00002}  # a recipient, of a hijacker's mail and of the owner's


def outcomes(message, number):
    """[(seconds after it was let go, event fields without the account)…] for a message that left; `number` is its fate"""
    later = []
    for place, recipient in enumerate(message.recipients):
        chance = scatter(number, place)
        base = {"ev": "outcome", "id": f"m{number}", "rcpt": recipient_name(recipient), "result": "sent", "dsn": "2.0.0"}
        if recipient & 1:
            base.update(result="bounced", dsn="5.1.1")
        elif chance < message.refusal:
            base.update(result="bounced", dsn="5.7.1")
        elif chance > 1 - GREYLISTED:
            later.append((message.delay + 900, dict(base)))
            base.update(result="deferred", dsn="4.7.1")
        elif chance > 1 - GREYLISTED - COMPLAINTS[message.hijacker]:
            later.append((message.delay + 6 * HOUR * scatter(number), {"ev": "complaint", "id": f"m{number}"}))
        later.append((message.delay, base))
    if scatter(number, 1 << 30) < ANSWERED:
        later.append((message.delay + 60, {"ev": "auto_reply", "id": f"m{number}"}))
    return later
