# SPDX-License-Identifier: Apache-2.0
"""How many passwords the policy judges a second on one core, and how many random ones it refuses; for run.py."""
import subprocess

COUNT = 100_000
RULES_GOAL, ALL_GOAL, REFUSED_GOAL = 1_000_000, 50_000, 1 / 10_000
KINDS = {
    "basic_8": "8 random characters, profile basic",
    "basic_12": "12 random characters, basic",
    "four_12": "12 random characters, four",
    "long_20": "20 random characters, long",
    "words_4": "4 random words with dashes, long",
    "words_5": "5 random words, capitals, long",
}
MEASURED = ("basic_12", "four_12")  # what the goals are about; the rest says where they are missed


def held(whether):
    return "held" if whether else "**missed**"


def section(build, when):
    told = subprocess.run(["taskset", "-c", "0", build / "bench-password", str(COUNT)], capture_output=True, text=True, check=True).stdout
    found = {name: [float(number) for number in numbers] for name, *numbers in map(str.split, told.splitlines())}
    rules, both, refused = (([found[name][at] for name in MEASURED]) for at in range(3))
    return "\n".join([
        "## Passwords", "", f"`bench/password.c`; {when}. {COUNT:,} good passwords of each kind, for an owner with an address and a company; thread time of one core, best of "
        "five rounds. Good ones are the slow ones: what a rule refuses zxcvbn is not asked. What is refused of eight characters is so by zxcvbn, rightly: it holds a word or a row of keys; "
        "of words it is mostly those in which a piece of the owner's domain stands.", "",
        "| what | rules, a second | rules and zxcvbn, a second | refused of 100,000 |", "|---|---:|---:|---:|",
        *(f"| {KINDS[name]} | {numbers[0]:,.0f} | {numbers[1]:,.0f} | {numbers[2] / COUNT * 100_000:,.0f} |" for name, numbers in found.items()), "",
        f"Goals, for 12 characters: rules {RULES_GOAL:,} ({held(min(rules) >= RULES_GOAL)}), with zxcvbn {ALL_GOAL:,} ({held(min(both) >= ALL_GOAL)}), at most "
        f"{REFUSED_GOAL:.2%} refused ({held(max(refused) <= COUNT * REFUSED_GOAL)}). zxcvbn-c takes 6 to 10 µs for 8 to 12 characters and 20 for 20; a passphrase takes twice 25 to 35, for "
        "it is asked a second time where words of ours stand in a password, and its time grows with the square of the length: of longer ones the first 64 characters are given to it."])
