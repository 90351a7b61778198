# SPDX-License-Identifier: Apache-2.0
"""The language of the scenes: one line, one sentence; README.md tells how to read it.

`read(path)` gives a Story: settings, places, people, what happens (acts), what is expected. Nothing is
drawn by lot here. A line that is no sentence of the language ends the run with its number.
"""
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

NUMBER = r"(?P<low>\d+)(?:-(?P<high>\d+))?"
OFTEN = rf"(?:{NUMBER} times?|every (?P<minutes>\d+) minutes)"
FROM = r"from (?P<places>[\w-]+(?: or [\w-]+)*)"

VERBS = [(act, re.compile(pattern)) for act, pattern in (
    ("send", rf"sends {NUMBER} messages?(?: of (?P<each>\d+) recipients)? {FROM} to (?P<people>[\w-]+)"
             r"(?P<manners>(?:, .+)?)"),
    ("read", rf"reads {OFTEN} {FROM}(?: by (?P<protocol>pop3))?"),
    ("mistype", rf"mistypes the password {OFTEN} {FROM}"),
    ("guess", rf"guesses {NUMBER} times? {FROM}(?: by (?P<protocol>imap))?"),
    ("bounced_at", rf"gets {NUMBER} bounces from outside"),
    ("forward", rf"forwards {NUMBER} messages? to (?P<people>[\w-]+)"),
    ("script", rf"sends {NUMBER} messages? to (?P<people>[\w-]+)"),
)]
WHEN = re.compile(r"day (?P<days>\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*)"
                  r"(?: (?P<start>\d\d:\d\d)(?:-(?P<stop>\d\d:\d\d))?)? (?P<rest>.+)")
WHO = re.compile(r"(?:each of (?P<group>\w+)|uid (?P<uid>\d+)|address (?P<ip>[\da-f.:]+)|"
                 r"(?P<name>[\w.@+-]+?))(?P<thief>'s thief)? (?P<rest>.+)")
SERVER = re.compile(r"(?P<hosts>.+?)(?:, (?P<program>postfix|exim|sendmail)(?: (?P<version>[\d.]+(?: with recipients)?))?)?")
SETTINGS = ("stamps", "files", "ids", "filter", "logins", "dovecot", "others")
GUESSES_AT = re.compile(r"^a thief guesses at (each of \w+|\S+) ")
FATES = ("dead", "refusing", "greylisting", "unreachable")  # of a recipient; the others take their mail
EXACT = ("began", "messages", "outcomes", "queue ids", "sources", "owner messages")
EXPECTATIONS = [re.compile(pattern) for pattern in (
    r"(?P<kind>nobody)(?: else)?",
    r"(?P<kind>spoofed) (?P<account>\S+) with (?P<count>\d+) bounces",
    r"(?P<kind>guessing) at (?P<count>\d+) accounts?(?: that opened (?P<opened>.+))?",
    r"(?P<kind>script) (?:of uid (?P<uid>\d+)|at address (?P<ip>\S+)) suspected",
    r"(?P<account>\S+) (?P<kind>not hijacked|hijacked|suspected|found)(?P<details>(?:, .+)?)",
)]
DETAILS = {name: re.compile(pattern) for name, pattern in (
    ("messages", r"detected by message (\d+)"),
    ("bounces", r"detected by bounce (\d+)"),
    ("opening", r"opened (out of the blue|by guessing|by spraying|unknown)"),
    ("same_source", r"(from the owner's own address)"),
    ("uncertain", r"but not exact (.+)|nothing exact"),
)}


@dataclass
class Act:
    """one sentence: on these days, in this part of the day, somebody does something some times"""
    verb: str
    days: list
    start: float            # seconds since midnight
    stop: float
    who: list               # full account names; [] for a local user
    thief: bool
    words: dict             # what the verb's pattern named

    def amount(self, rng):
        low = int(self.words["low"])
        return rng.randint(low, int(self.words.get("high") or low))


@dataclass
class Story:
    name: str
    title: str = ""
    hosts: list = field(default_factory=list)
    program: str = "postfix"
    version: str = ""
    begins: datetime = None
    ends: tuple = None                                  # day, seconds
    settings: dict = field(default_factory=dict)        # SETTINGS
    config: list = field(default_factory=list)
    groups: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)          # name: its words
    people: dict = field(default_factory=dict)
    acts: list = field(default_factory=list)
    expected: list = field(default_factory=list)

    @property
    def domain(self):
        return self.hosts[0].split(".", 1)[1]

    def account(self, name):
        return name if "@" in name else f"{name}@{self.domain}"


class Unreadable(Exception):
    pass


def names(text):
    return re.split(r", | and ", text)


def clock(text):
    hour, minute = text.split(":")
    return int(hour) * 3600.0 + int(minute) * 60


def days(text):
    found = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def match_any(patterns, text):
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return {key: value for key, value in found.groupdict().items() if value is not None}
    raise Unreadable(f"not understood: {text}")


def read_people(text):
    """'2500, 2 % dead' or 'ever new, 30 % dead' or '20 here'"""
    size, *fates = text.split(", ")
    count = re.fullmatch(r"(?:(\d+)|ever new)( here)?", size)
    shares = [re.fullmatch(r"(\d+(?:\.\d+)?) % (\w+)", fate) for fate in fates]
    if not count or not all(share and share[2] in FATES for share in shares):
        raise Unreadable(f"people: {text}")
    return dict(size=int(count[1] or 0), here=bool(count[2]), fates={share[2]: float(share[1]) / 100 for share in shares})


def read_manners(text):
    """', in turn, 10 a session, 40 forged senders'"""
    manners = {}
    for manner in filter(None, text.split(", ")):
        found = re.fullmatch(r"(?P<turn>in turn)|(?P<session>\d+) a session|(?P<forged>\d+) forged senders", manner)
        if not found:
            raise Unreadable(f"manner: {manner}")
        manners.update({key: value for key, value in found.groupdict().items() if value})
    return manners


def read_act(story, text):
    when = WHEN.fullmatch(text)
    who = when and WHO.fullmatch(GUESSES_AT.sub(r"\1's thief guesses ", when["rest"]))
    if not who:
        raise Unreadable(f"no sentence: {text}")
    for verb, pattern in VERBS:
        if found := pattern.fullmatch(who["rest"]):
            break
    else:
        raise Unreadable(f"no verb: {who['rest']}")
    words = {key: value for key, value in found.groupdict().items() if value is not None}
    words["places"] = words.get("places", "").split(" or ")
    words["manners"] = read_manners(words.get("manners", ""))
    words.update(uid=who["uid"], ip=who["ip"])
    accounts = [] if who["uid"] or who["ip"] else story.groups[who["group"]] if who["group"] else [story.account(who["name"])]
    start = clock(when["start"] or "07:00")
    stop = clock(when["stop"]) if when["stop"] else start if when["start"] else clock("23:00")
    return Act(verb, days(when["days"]), start, stop + (86400 if stop < start else 0), accounts,
               bool(who["thief"] or verb == "guess"), words)


def read_expectation(story, text):
    wanted = match_any(EXPECTATIONS, text)
    if "account" in wanted:
        wanted["account"] = story.account(wanted["account"])
    wanted["opened"] = {story.account(name) for name in names(wanted["opened"])} if "opened" in wanted else set()
    for detail in filter(None, wanted.pop("details", "").split(", ")):
        for name, pattern in DETAILS.items():
            if found := pattern.fullmatch(detail):
                wanted[name] = found[1]
                break
        else:
            raise Unreadable(f"detail: {detail}")
    wanted["uncertain"] = names(wanted["uncertain"] or " and ".join(EXACT)) if "uncertain" in wanted else []
    if unknown := set(wanted["uncertain"]) - set(EXACT):
        raise Unreadable(f"never exact: {unknown}")
    return wanted


def read_line(story, text):
    word, _, rest = text.partition(" ")
    rest = rest.strip()
    if word == "server":
        said = SERVER.fullmatch(rest)
        story.hosts, story.version = names(said["hosts"]), said["version"] or ""
        story.program = said["program"] or story.program
    elif word == "begins":
        story.begins = datetime.fromisoformat(rest)
    elif word == "ends":
        day, time = re.fullmatch(r"day (\d+) (\d\d:\d\d)", rest).groups()
        story.ends = int(day), clock(time)
    elif word in SETTINGS:
        story.settings[word] = rest
    elif word == "config":
        story.config.append(rest)
    elif word == "accounts":
        group, size, *named = re.split(r",? and |, | +", rest)
        numbered = [f"{group}{n:02d}" for n in range(1, int(size) + 1)]
        story.groups[group] = [story.account(name) for name in numbered + named]
    elif word in ("place", "people"):
        name, text = rest.split(None, 1)
        story.places.update({name: text}) if word == "place" else story.people.update({name: read_people(text)})
    elif word == "expect" and rest.startswith("each of "):
        group, rest = rest.removeprefix("each of ").split(" ", 1)
        story.expected += (read_expectation(story, f"{account} {rest}") for account in story.groups[group])
    elif word == "expect":
        story.expected.append(read_expectation(story, rest))
    else:
        story.acts.append(read_act(story, text))


def read(path, read_line=read_line):
    """`read_line(story, text)` takes one line; another language may add sentences of its own (tests/judge)"""
    story = Story(Path(path).stem)
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        text, _, comment = line.partition("#")
        if "SPDX" not in comment:
            story.title = story.title or comment.strip()
        if not text.strip():
            continue
        try:
            read_line(story, re.sub(r"\s+", " ", text.strip()))
        except (Unreadable, AttributeError, KeyError, ValueError) as error:
            raise Unreadable(f"{path}:{number}: {error}") from error
    return story
