# SPDX-License-Identifier: Apache-2.0
"""The tables, in Markdown, and their place in bench/RESULTS.md."""
import datetime
import pathlib
import sys

from attackers import FAMILIES

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from run import machine  # noqa: E402  (bench/run.py)

BEGIN, END = "<!-- {}:begin -->", "<!-- {}:end -->"

# The project's goal: (figure, its name in the table, least or most, value)
GOALS = [
    ("bulk_leak_median", "bulk families: leaked messages, median", "≤", 0),
    ("bulk_leak_p95", "bulk: p95", "≤", 3),
    ("bulk_leak_mean", "bulk: mean", "≤", 0.5),
    ("bulk_rcpt_median", "bulk: leaked recipients, median", "≤", 0),
    ("bulk_rcpt_p95", "bulk: recipients, p95", "≤", 60),
    ("slow_leak_mean", "slow families: mean leak", "≤", 6),
    ("detected_without_bec", "detected, bulk and slow", "≥", 0.99),
    ("bec_stopped_by_third", "fraud stopped by its third message", "≥", 0.95),
    ("false_locks_per_10k", "false locks per 10,000 clean account-days", "≤", 0.5),
    ("honest_refused_per_million", "honest messages refused, per million", "≤", 50),
    ("owner_refused_while_hijacked", "owner's messages refused while hijacked", "≤", 0.02),
    ("honest_held_per_million", "honest messages held, per million", "≤", 5000),
    ("hold_minutes_p95", "p95 of the wait, minutes", "≤", 15),
    ("hard_leak_median", "hard families: leaked messages, median", "", None),
    ("hard_leak_p95", "hard: p95", "", None),
    ("hard_leak_mean", "hard: mean", "", None),
    ("hard_detected", "hard: detected", "", None),
]
CLEAN_LISTS = 0.05  # with such lists the goal for the bulk mean is milder
CLEAN_LISTS_GOAL = 3


def goals(asked):
    for figure, label, sign, value in GOALS:
        if figure == "bulk_leak_mean" and asked.bounce is not None and asked.bounce <= CLEAN_LISTS:
            value = CLEAN_LISTS_GOAL
        yield figure, label, sign, value


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(*cells):
    return [row(*cells), "|---|" + "---:|" * (len(cells) - 1)]


def number(value):
    return f"{value:,.0f}" if isinstance(value, int) or value >= 1000 else f"{value:,.2f}".rstrip("0").rstrip(".")


def comparison(totals):
    """one row a contender"""
    yield from head("contender", "bulk: leak median / p95 / mean", "bulk: recipients median / p95", "slow: mean",
                    "hard: median / p95 / mean", "detected", "hard detected", "fraud stopped",
                    "false locks per 10,000 days (95 %)", "refused per million", "owner refused", "held per million",
                    "wait p95, min")
    for score in totals:
        f = score.figures()
        low, high = map(number, f["false_locks_95"])
        yield row(score.name,
                  several(f, "bulk_leak", "median", "p95", "mean"), several(f, "bulk_rcpt", "median", "p95"),
                  number(f["slow_leak_mean"]), several(f, "hard_leak", "median", "p95", "mean"),
                  percent(f["detected_without_bec"]), percent(f["hard_detected"]), percent(f["bec_stopped_by_third"]),
                  f"{number(f['false_locks_per_10k'])} ({low} to {high})",
                  number(f["honest_refused_per_million"]), percent(f["owner_refused_while_hijacked"]),
                  number(f["honest_held_per_million"]), number(f["hold_minutes_p95"]))


def several(figures, what, *which):
    return " / ".join(number(figures[f"{what}_{one}"]) for one in which)


def percent(share):
    return f"{100 * share:.1f} %"


def goal_table(score, asked):
    """the first contender beside the project's goal"""
    figures = score.figures()
    yield from head(f"figure: {score.name}", "is", "goal")
    for figure, label, sign, value in goals(asked):
        found = figures[figure]
        held = value is not None and (found <= value if sign == "≤" else found >= value)
        goal = f"{sign} {number(value)} ({'held' if held else 'missed'})" if value is not None else ""
        yield row(label, number(found), goal)


def family_table(totals):
    """detection and mean leak, family by family"""
    shown = in_detail(totals)
    tables = {score.name: score.figures()["families"] for score in shown}
    yield from head("family", "group", "hijacks", *(f"{name}: detected, mean leak" for name in tables))
    for name, (group, _, _) in FAMILIES.items():
        rows = [table.get(name) for table in tables.values()]
        if rows[0]:
            yield row(name, group, rows[0]["n"], *(f"{percent(r['detected'])}, {number(r['leak_mean'])}" for r in rows))


def owner_table(totals):
    """whom it costs: false locks, refused and held, by kind of owner"""
    shown = in_detail(totals)
    yield from head("owner", "accounts", "messages", *(f"{score.name}: locks, refused, held" for score in shown))
    for kind in sorted(shown[0].kinds):
        yield row(kind, shown[0].kinds[kind], number(shown[0].honest[kind]),
                  *(f"{s.false[kind]}, {number(s.refused[kind])}, {number(s.held[kind])}" for s in shown))


def in_detail(totals):
    """the detector or the first contender, and the combinations of rules"""
    return totals[:1] + [score for score in totals[1:] if "combination" in score.name]


def group_text(totals, asked):
    """what the detector is worth without each group of signals"""
    return "\n".join([
        "### What each group of evidence is worth", "",
        f"Written by `bench/hijack/run --groups`: seeds {', '.join(str(seed) for seed in totals[0].seeds)}, {asked.accounts:,} accounts, "
        f"{asked.days} days; a group's signals have the weight 0.", "",
        f"{datetime.date.today().isoformat()}; {machine()}.", "",
        *comparison(totals)])


def text(totals, asked):
    if asked.groups:
        return group_text(totals, asked)
    seeds = ", ".join(str(seed) for seed in totals[0].seeds)
    lists = f"bought lists with {percent(asked.bounce)} dead" if asked.bounce is not None else "bought lists with a third dead"
    command = " ".join(asked.detector) or "build/sekisho judge"
    detector = f"; the detector is `{command}`" if totals[0].name == "detector" else ""
    first = totals[0].figures()
    return "\n".join([
        "## Hijacks", "",
        f"Written by `bench/hijack/run`: seeds {seeds}, {asked.accounts:,} accounts, {asked.days} days, {lists}{detector}. "
        f"{first['hijacks']} hijacks, {first['clean_account_days']:,} clean account-days, {first['honest']:,} honest messages.", "",
        f"{datetime.date.today().isoformat()}; {machine()}.", "",
        *comparison(totals), "", *goal_table(totals[0], asked), "", *family_table(totals), "", *owner_table(totals)])


def put(path, section, name):
    """replaces what stands between the markers, or appends it; the rest of the file is left alone"""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    begin, end = BEGIN.format(name), END.format(name)
    marked = f"{begin}\n{section}\n{end}"
    if begin in old and end in old:
        before, rest = old.split(begin, 1)
        new = before + marked + rest.split(end, 1)[1]
    else:
        new = old.rstrip("\n") + "\n" * 2 * bool(old) + marked + "\n"
    path.write_text(new, encoding="utf-8")
