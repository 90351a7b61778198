#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""doc/attacks.md names tests that are there: a file, and behind it the names of its tests."""
import re

import house

LIST = "doc/attacks.md"


def problems():
    """and how many tests the list names"""
    found, count = [], 0
    for number, line in enumerate((house.TREE / LIST).read_text().splitlines(), 1):
        cells = line.split("|")
        if len(cells) < 4 or not set(cells[3]) - set(" -") or cells[3].strip() == "test":
            continue
        names, text, path = re.findall(r"`([^`]+)`", cells[3]), None, None
        if not names:
            found.append(f"{LIST}:{number}: no test is named")
        for name in names:
            count += 1
            if "/" in name:
                path, text = name, (house.TREE / name).read_text() if (house.TREE / name).is_file() else None
            if text is None or ("/" not in name and not re.search(rf"\b(def|void) {name}\(", text)):
                found.append(f"{LIST}:{number}: {path} has no {name}")
    return count, found


house.end("attacks", *problems())
