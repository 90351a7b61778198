# SPDX-License-Identifier: Apache-2.0
"""Reads a written log again, plainly and slowly, so that a story's truth is known to be in its log.

Knows nothing of owners and thieves: it counts per account and address what the lines say, and `differences`
compares that with the world's truth. Not a model for a real reader: it believes every line.
"""
import re
from collections import Counter

LINE = re.compile(r"\S{32} (?P<host>\S+) (?P<program>[\w./-]+)(?:\[(?P<pid>\d+)\])?: (?P<text>.+)")
IP = r"\[(?:IPv6:)?(?P<ip>[\da-f.:]+)\]"
EXIM_ID = r"\w{6}-\w{6}-\w\w|\w{6}-\w{11}-\w{4}"
DOVECOT = (("", r"(imap|pop3|lmtp|submission)(-login)?[:(].+|auth: passwd-file\(\S+\): Password mismatch"),)
POSTFIX = (
    ("session", rf"NOQUEUE: client=[\w.-]+{IP}, sasl_method=\w+, sasl_username=(?P<login>\S+)"),
    ("client", rf"(?P<id>\w+): client=[\w.-]+{IP}(?:, sasl_method=(?:PLAIN|LOGIN|XCLIENT), sasl_username=(?P<login>\S+)|"
               r"(?:, orig_queue_id=\w+)?, orig_client=\S+)?"),
    ("adopted", r"proxy-accept: END-OF-MESSAGE: .+ queued as (?P<id>\w+); from=.+"),
    ("named", r"(?P<id>\w+): message-id=<(?P<message_id>\S+)>"),
    ("queued", r"(?P<id>\w+): from=<\S*>, size=\d+, nrcpt=(?P<count>\d+) \(queue active\)"),
    ("outcome", r"(?P<id>\w+): to=<(?P<to>\S+)>(?:, orig_to=<\S+>)?, relay=(?P<relay>\S+), delay=\S+, delays=\S+, "
                r"dsn=(?P<result>\d)\.\d\.\d, status=\w+ \(.+\)"),
    ("expired", r"(?P<id>\w+): from=<\S+>, status=expired, returned to sender"),
    ("removed", r"(?P<id>\w+): removed"),
    ("", r"\w+: uid=\d+ from=<\S+>|\w+: sender non-delivery notification: \w+"),
    ("", r"connect from \S+|disconnect from \S+( \w+=[\d/]+)+|lost connection after \w+ from \S+"),
    ("", r"Anonymous TLS connection established from \S+: .+|NOQUEUE: reject: .+|\(00801-\d\d\) Passed CLEAN .+"),
    ("", r"warning: \S+: SASL (?:PLAIN|LOGIN) authentication failed: .+, sasl_username=\S+"),
)
EXIM = (
    ("client named queued", rf"(?P<id>{EXIM_ID}) <= \S+ (?:U=\S+|H=(?:[\w.-]+ )?(?:\(\S+\) )?{IP}) P=\w+(?: X=\S+ CV=no)?"
                            r"(?: A=\w+:(?P<login>\S+))? S=\d+ id=(?P<message_id>\S+)(?: T=\".*\" for (?P<all>.+))?"),
    ("outcome", rf"(?P<id>{EXIM_ID}) (?P<result>=>|->|\*\*|==) (?P<to>\S+?):?(?: <\S+>)? .+"),
    ("removed", rf"(?P<id>{EXIM_ID}) Completed"),
    ("", rf"(?:{EXIM_ID}) (?:<= <> R=(?:{EXIM_ID}) U=\S+ P=local S=\d+|H=.+|\S+: error ignored)"),
    ("", rf"(?:{EXIM_ID}) (?:Frozen .+|Message is frozen|Unfrozen .+)"),
    ("", r"dovecot_login authenticator failed for .+|H=.+ rejected RCPT .+|(?:Start|End) queue run: pid=\d+"),
    ("", r"no host name found for IP address \S+|unexpected disconnection while reading SMTP command from .+"),
)
SENDMAIL = (
    ("session", rf"AUTH=server, relay=(?:\S+ )?{IP}, authid=(?P<login>\S+), mech=PLAIN, bits=0"),
    ("client named queued", r"(?P<id>\w+): from=\S+, size=\d+, class=0, nrcpts=(?P<count>\d+), msgid=<(?P<message_id>\S+)>, "
                            rf"(?:proto=\S+, daemon=\S+, )?relay=(?:\S+@localhost|(?:\S+ )?{IP})"),
    ("outcome closed", r"(?P<id>\w+): to=<?(?P<to>[^,>]+)>?, .*, dsn=(?P<result>\d)\.\d\.\d, (?:reply=.+, )?stat=.+"),
    ("expired closed", r"(?P<id>\w+): \w+: sender notify: Cannot send message for 5 days"),
    ("", r"\w+: \w+: (?:DSN|sender notify): .+|STARTTLS=server, .+|AUTH failure .+"),
    ("", r"\w+: .+ did not issue MAIL/EXPN/VRFY/ETRN during connection to \S+|\w+: ruleset=check_rcpt, .+"),
)
PROGRAMS = {program: [(steps.split(), re.compile(pattern)) for steps, pattern in rows + DOVECOT]
            for program, rows in (("postfix", POSTFIX), ("exim", EXIM), ("sendmail", SENDMAIL))}
RESULTS = {"2": "sent", "4": "deferred", "5": "bounced", "=>": "sent", "->": "sent", "==": "deferred", "**": "bounced"}


class Message:
    def __init__(self):
        self.who, self.count, self.last, self.ids = None, None, {}, set()


class Reader:
    """one method for each step that a line may be in the life of a message"""
    def __init__(self):
        self.messages, self.sessions, self.open, self.by_message_id = [], {}, {}, {}

    def message(self, key):
        if key not in self.open:
            self.open[key] = Message()
            self.messages.append(self.open[key])
        return self.open[key]

    def line(self, steps, frame, said):
        process, key = (frame["host"], frame["program"], frame["pid"]), (frame["host"], said.get("id"))
        for step in steps:
            getattr(self, step)(process, key, said)

    def session(self, process, key, said):
        self.sessions[process] = said["login"], said["ip"]

    def client(self, process, key, said):
        if key in self.open:
            raise ValueError(f"queue id taken twice: {key}")
        login, ip = self.sessions.get(process, (None, None))
        login = said.get("login") or (login if ip == said["ip"] else None)
        self.message(key).who = (login, said["ip"]) if login else None

    def adopted(self, process, key, said):
        self.message(key).who = self.sessions[process]

    def named(self, process, key, said):
        """what a content filter hands back is the same mail"""
        first = self.by_message_id.setdefault(said["message_id"], self.message(key))
        self.open[key] = first

    def queued(self, process, key, said):
        message = self.message(key)
        message.ids.add(key)
        message.count = message.count or int(said.get("count") or len((said.get("all") or "").split()))

    def outcome(self, process, key, said):
        if key in self.open and not (said.get("relay") or "").endswith((":10024", "filter")):
            self.open[key].last[said["to"]] = RESULTS[said["result"]]

    def expired(self, process, key, said):
        last = self.message(key).last
        last.update({to: "bounced" for to, outcome in last.items() if outcome == "deferred"})

    def closed(self, process, key, said):
        message = self.open.get(key)
        if message and len(message.last) == message.count and "deferred" not in message.last.values():
            self.removed(process, key, said)

    def removed(self, process, key, said):
        if key in self.open:
            self.open.pop(key).ids.discard(key)


def reread(text, program):
    """all messages of accounts"""
    reader, rows = Reader(), PROGRAMS[program]
    for line in text.splitlines():
        frame = LINE.fullmatch(line)
        found = ((steps, pattern.fullmatch(frame["text"])) for steps, pattern in rows)
        steps, said = next(((steps, said) for steps, said in found if said), (None, None))
        if not said:
            raise ValueError(f"not like a line of {program}: {line}")
        reader.line(steps, frame, said.groupdict())
    return [message for message in reader.messages if message.who and message.count is not None]


def differences(world):
    """sentences: where the log says something else than the truth"""
    bare = world.story.settings.get("logins") == "bare"
    true, told, messages = Counter(), Counter(), reread(world.journal.text(), world.story.program)
    mails = [mail for mail in world.mails if mail.named and mail.queued]
    for mail in mails:
        who = mail.account.split("@")[0] if bare else mail.account, mail.ip
        true.update({(*who, "messages"): 1, (*who, "recipients"): len(mail.recipients)})
        true.update((*who, recipient.outcome) for recipient in mail.recipients if recipient.outcome)
    for message in messages:
        told.update({(*message.who, "messages"): 1, (*message.who, "recipients"): message.count or len(message.last)})
        told.update((*message.who, outcome) for outcome in message.last.values())
    for key in sorted({key for key in true | told if true[key] != told[key]}):
        yield f"{' '.join(key)}: {true[key]} true, {told[key]} in the log"
    ids_told = sorted(queue_id for message in messages for _, queue_id in message.ids)
    ids_true = sorted(queue_id for mail in mails for queue_id in mail.ids)
    if ids_told != ids_true:
        yield f"{len(ids_true)} messages truly in the queue, {len(ids_told)} by the log"
