#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Japanese text is complete: nothing untranslated, nothing doubtful, and every _() of the source is in it."""
import os
import re
import subprocess
import tempfile

import house

PO = house.TREE / "po/ja.po"
ENGLISH = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="C")


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, env=ENGLISH, cwd=house.TREE)
    return done.returncode, done.stdout + done.stderr


def left_over(figures):
    """What msgfmt --statistics or msgmerge's result says beside 'translated'."""
    return [word for word in figures.strip().rstrip(".").split(", ") if not re.fullmatch(r"\d+ translated messages?", word)]


def problems():
    if not PO.is_file():
        return ["po/ja.po: there is none"]
    status, figures = run("msgfmt", "--check", "--statistics", "-o", os.devnull, str(PO))
    if status:
        return [f"po/ja.po: {figures.strip()}"]
    with tempfile.TemporaryDirectory() as folder:
        sources = [house.name(f) for f in house.files("*.c", "*.h", under=["src"])]
        pot, merged = f"{folder}/now.pot", f"{folder}/ja.po"
        run("xgettext", "-k", "-k_", "-kN_", "-kngettext:1,2", "--from-code=UTF-8", "-o", pot, *sources)
        status, told = run("msgmerge", "--no-fuzzy-matching", "-q", "-o", merged, str(PO), pot)
        if status:
            return [f"po/ja.po: {told.strip()}"]
        figures = run("msgfmt", "--statistics", "-o", os.devnull, merged)[1]
        missing = run("msgattrib", "--untranslated", "--no-obsolete", merged)[1]
    names = re.findall(r'^msgid "(.+)"', missing, re.M)[:5]
    return [f"po/ja.po: {word} ({'; '.join(names)})" for word in left_over(figures)]


house.end("translation", 1, problems())
