# SPDX-License-Identifier: Apache-2.0
"""The language of judge's scenes: that of tests/scenes, with what a live gate knows beside it, and other expectations.

Behind a sentence may stand, each after a comma: `with python` (client software), `link evil.example`, `subject Invoice`,
`in other names`, `half taken for spam` (or all, or 30 %), and `the same one` behind a wrong password. Without them an owner uses outlook and a thief python.
"""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenes"))
import language as scenes  # noqa: E402
from language import Unreadable  # noqa: E402,F401

KNOWN = {"client": re.compile(r"with ([\w.-]+)"), "link": re.compile(r"link ([\w.-]+)"), "subject": re.compile(r"subject (\w+)"),
         "forged": re.compile(r"in (other) names"), "same": re.compile(r"the (same) one"), "spam": re.compile(r"(all|half|\d+ %) taken for spam")}
SHARES = {"all": 1.0, "half": 0.5}
WISHES = {name: re.compile(pattern) for name, pattern in (
    # of a thief
    ("held_by", r"held by message (\d+)"),
    ("leaks", r"(?:at most (\d+) leaks?|nothing leaks)"),
    ("leaked_recipients", r"at most (\d+) recipients leak"),
    ("locked_by", r"locked by message (\d+)"),
    ("locked", r"(locked)"),
    # of owners
    ("locks", r"never locked()"),
    ("refused", r"(?:at most (\d+) refused|nothing refused)"),
    ("held", r"(?:at most (\d+) held|nothing held)"),
    ("minutes", r"for at most (\d+) minutes"),
)}
EXPECT = re.compile(r"(?P<who>each of \w+|everybody else|[\w.@+-]+?)(?P<thief>'s thief)?:? (?P<wishes>.+)")


def read_line(story, text):
    word, _, rest = text.partition(" ")
    if word == "learns":
        days = re.fullmatch(r"(?:until day (\d+)|nothing)", rest)
        story.settings["learns"] = int(days[1] or 0)
    elif word == "proves":  # when the owner proves who they are, after a lock
        story.settings["proves"] = int(re.fullmatch(r"after (\d+) hours", rest)[1])
    elif word == "expect":
        story.expected.append(read_expectation(story, rest.strip()))
    elif word == "day":
        known = {}
        parts = text.split(", ")
        while found := next(((name, said) for name, pattern in KNOWN.items() if (said := pattern.fullmatch(parts[-1]))), None):
            known[found[0]] = found[1][1]
            parts.pop()
        scenes.read_line(story, ", ".join(parts))
        if "spam" in known:
            known["spam"] = SHARES.get(known["spam"]) or int(known["spam"].split()[0]) / 100
        story.acts[-1].words["known"] = known
    else:
        scenes.read_line(story, text)


def read_expectation(story, text):
    said = EXPECT.fullmatch(text)
    if not said:
        raise Unreadable(f"expectation: {text}")
    wishes = {}
    for wish in said["wishes"].split(", "):
        for name, pattern in WISHES.items():
            if found := pattern.fullmatch(wish):
                wishes[name] = int(found[1]) if (found[1] or "").isdigit() else 0
                break
        else:
            raise Unreadable(f"wish: {wish}")
    who = said["who"]
    accounts = (story.groups[who.removeprefix("each of ")] if who.startswith("each of ") else
                None if who == "everybody else" else [story.account(who)])
    return {"accounts": accounts, "thief": bool(said["thief"]), "wishes": wishes, "text": text}


def read(path):
    return scenes.read(path, read_line)
