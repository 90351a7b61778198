# SPDX-License-Identifier: Apache-2.0
"""Holds what was done at the gate against what a story expects: `faults(world)` gives sentences, none where all is well."""
NEVER = 1 << 30


def first(letters, is_it):
    return next((place for place, letter in enumerate(letters, 1) if is_it(letter)), NEVER)


def number(n):
    return "never" if n == NEVER else str(n)


def of_a_thief(world, account, wishes):
    """(what, most wanted, what came)"""
    letters = [letter for letter in world.letters if letter.account == account and letter.thief]
    leaked = [letter for letter in letters if letter.fate in ("passed", "released")]
    locked_at = min((t for t, who in world.locks if who == account), default=None)
    came = {"held_by": first(letters, lambda letter: letter.verdict != "pass"), "leaks": len(leaked),
            "leaked_recipients": sum(len(letter.recipients) for letter in leaked),
            "locked_by": NEVER if locked_at is None else sum(letter.t <= locked_at for letter in letters),
            "locked": NEVER if locked_at is None else 0}
    if not letters and not {"locked"} >= set(wishes):
        yield "it sent nothing"
    yield from ((name, most, came[name]) for name, most in wishes.items())


def of_owners(world, accounts, wishes):
    letters = [letter for letter in world.letters if letter.account in accounts and not letter.thief and letter.t >= world.learned]
    waited = [letter.waited / 60 for letter in letters if letter.fate == "released"] or [0]
    came = {"locks": sum(who in accounts for _, who in world.locks), "held": sum(letter.verdict == "hold" for letter in letters),
            "refused": sum(letter.fate in ("refused", "discarded") for letter in letters), "minutes": round(max(waited), 1)}
    yield from ((name, most, came[name]) for name, most in wishes.items())
    if still := sum(letter.fate == "held" for letter in letters):
        yield f"{still} still held at the end"


def faults(world):
    named = {account for wanted in world.story.expected for account in wanted["accounts"] or ()}
    for wanted in world.story.expected:
        if wanted["thief"]:
            found = [each for account in wanted["accounts"] for each in of_a_thief(world, account, wanted["wishes"])]
        else:
            accounts = wanted["accounts"] or {letter.account for letter in world.letters} - named - {None}
            found = [*of_owners(world, set(accounts), wanted["wishes"])]
        for each in found:
            if isinstance(each, str):
                yield f"{wanted['text']}: {each}"
            elif each[2] > each[1]:
                yield f"{wanted['text']}: {each[0].replace('_', ' ')} {number(each[2])}"
    yield from (f"mail of nobody is {letter.verdict}" for letter in world.letters if not letter.account and letter.verdict != "pass")
