# SPDX-License-Identifier: Apache-2.0
"""Reads a written log again, plainly and slowly, so that a story's truth is known to be in its log.

Knows nothing of owners and thieves: it counts per account and address what the lines say, and `differences`
compares that with the world's truth. Not a model for a real reader: it believes every line.
"""
import re
from collections import Counter

LINE = re.compile(r"(?:\S{25,32}|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) "
                  r"(?P<host>\S+) (?P<program>[\w./-]+)(?:\[(?P<pid>\d+)\])?: (?P<text>.+)")
SAID = [(what, re.compile(pattern)) for what, pattern in (
    ("client", r"(?P<id>\w+): client=[\w.-]+\[(?P<ip>[\da-f.:]+)\]"
               r"(?:, sasl_method=(?:PLAIN|LOGIN), sasl_username=(?P<login>\S+)|, orig_queue_id=\w+, orig_client=\S+)?"),
    ("id", r"(?P<id>\w+): message-id=<(?P<message_id>\S+)>"),
    ("queued", r"(?P<id>\w+): from=<\S*>, size=\d+, nrcpt=(?P<count>\d+) \(queue active\)"),
    ("outcome", r"(?P<id>\w+): to=<(?P<to>\S+)>(?:, orig_to=<\S+>)?, relay=(?P<relay>\S+), delay=\S+, delays=\S+, "
                r"dsn=\d\.\d\.\d, status=(?P<outcome>\w+) \(.+\)"),
    ("expired", r"(?P<id>\w+): from=<\S+>, status=expired, returned to sender"),
    ("removed", r"(?P<id>\w+): removed"),
    ("local", r"(?P<id>\w+): uid=\d+ from=<\S+>"),
    ("other", r"\w+: sender non-delivery notification: \w+|connect from \S+|disconnect from \S+( \w+=[\d/]+)+"),
    ("other", r"lost connection after \w+ from \S+|Anonymous TLS connection established from \S+: .+"),
    ("other", r"warning: \S+: SASL (?:PLAIN|LOGIN) authentication failed: .+, sasl_username=\S+|NOQUEUE: reject: .+"),
    ("other", r"\(00801-\d\d\) Passed CLEAN .+|(imap|pop3|lmtp)(-login)?[:(].+|auth: passwd-file\(\S+\): Password mismatch"),
)]


def reread(text):
    """Counter of (account, ip, what) over all messages of accounts, and the messages still in the queue"""
    tally, open_mails, by_message_id = Counter(), {}, {}
    for line in text.splitlines():
        frame = LINE.fullmatch(line)
        what, said = next((what, found) for what, pattern in SAID if (found := pattern.fullmatch(frame["text"])))
        if what == "other":
            continue
        key = frame["host"], said["id"]
        if what == "client" and key in open_mails:
            raise ValueError(f"queue id taken twice: {line}")
        mail = open_mails.setdefault(key, {"ids": set(), "last": {}})
        if what == "client":
            mail["who"] = (said["login"], said["ip"]) if said["login"] else None
        elif what == "id":
            first = by_message_id.setdefault(said["message_id"], mail)
            open_mails[key] = mail = first           # what a content filter hands back is the same mail
        elif what == "queued":
            mail["ids"].add(key)
            if mail.get("who") and "count" not in mail:
                mail["count"] = int(said["count"])
                tally[*mail["who"], "messages"] += 1
                tally[*mail["who"], "recipients"] += mail["count"]
        elif what == "outcome" and not said["relay"].endswith(":10024"):
            mail["last"][said["to"]] = said["outcome"]
        elif what == "expired":
            mail["last"] = {to: outcome.replace("deferred", "bounced") for to, outcome in mail["last"].items()}
        elif what == "removed":
            mail["ids"].discard(key)
            settle(tally, open_mails.pop(key))
    left = [mail for mail in {id(mail): mail for mail in open_mails.values()}.values() if "count" in mail]
    for mail in left:
        settle(tally, mail | {"ids": set()})
    return tally, left


def settle(tally, mail):
    if mail.get("who") and not mail["ids"]:
        for outcome in mail["last"].values():
            tally[*mail["who"], outcome] += 1
        mail["last"] = {}


def differences(world):
    """sentences: where the log says something else than the truth"""
    told, left = reread(world.journal.text())
    bare = world.story.settings.get("logins") == "bare"
    true = Counter()
    for mail in world.mails:
        if mail.named and mail.queued:
            who = mail.account.split("@")[0] if bare else mail.account, mail.ip
            true[*who, "messages"] += 1
            true[*who, "recipients"] += len(mail.recipients)
            for outcome in ("sent", "bounced", "deferred"):
                true[*who, outcome] += mail.count(outcome)
    for key in sorted({key for key in true | told if true[key] != told[key]}):
        yield f"{' '.join(key)}: {true[key]} true, {told[key]} in the log"
    ids_told = sorted(queue_id for mail in left for _, queue_id in mail["ids"])
    ids_true = sorted(queue_id for mail in world.mails if mail.named and mail.queued for queue_id in mail.ids)
    if ids_told != ids_true:
        yield f"{len(ids_true)} messages truly in the queue, {len(ids_told)} by the log"
