#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each source file names its licence, ends with a newline, has no blanks at line ends, and no word of unfinished work."""
import re

import house

# written apart, so that this file passes its own gate
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "st" + "ub", "place" + "holder",
                                           "not imple" + "mented", "lorem" + " ipsum")) + r")\b")
LICENCE = "SPDX-License-Identifier: Apache-2.0"


def problems_of(path):
    text = path.read_text(errors="replace")
    if LICENCE not in "\n".join(text.split("\n")[:3]):
        yield f"{house.name(path)}: no '{LICENCE}' in its first lines"
    if text and not text.endswith("\n"):
        yield f"{house.name(path)}: the last line does not end"
    for number, line in enumerate(text.split("\n"), 1):
        match = UNFINISHED.search(line)
        if match:
            yield f"{house.name(path)}:{number}: unfinished: {match[0]}"
        if line != line.rstrip():
            yield f"{house.name(path)}:{number}: blanks at the end of the line"


files = house.files("*.c", "*.h", "*.py", "*.sh", under=["src", "tests", "fuzz", "bench", "share", ".ci"])
files += [house.TREE / f for f in ("run", "check", "bench.sh", ".ci/run", "meson.build") if (house.TREE / f).is_file()]
house.end("words", len(files), [p for f in files for p in problems_of(f)])
