#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions aim at 16 lines and are looked at again over 60; files aim at 250 and end at 700; lines aim at 120
columns."""
import re
import statistics

import house

FUNCTION_MOST, FILE_MOST, WIDE, WIDE_MOST, TAB = 100, 700, 120, 150, 8
START = re.compile(r"^[A-Za-z_].*\)\s*(__attribute__.*)?$|^\s+.*\)$")


def functions(lines):
    """(line, length) of each body that opens with a brace at the very left, as our functions do."""
    began = None
    for number, line in enumerate(lines, 1):
        if line == "{" and number > 1 and START.match(lines[number - 2]):
            began = number
        elif line == "}" and began:
            yield began - 1, number - began - 1
            began = None


lengths, problems, wide = [], [], 0
files = house.files("*.c", "*.h")
for path in files:
    lines = path.read_text().split("\n")
    if len(lines) - 1 > FILE_MOST:
        problems.append(f"{house.name(path)}: {len(lines) - 1} lines, at most {FILE_MOST}")
    for number, length in functions(lines):
        lengths.append(length)
        if length > FUNCTION_MOST:
            problems.append(f"{house.name(path)}:{number}: a function of {length} lines, at most {FUNCTION_MOST}")
        elif length > 60:
            print(f"{house.name(path)}:{number}: a function of {length} lines: look at it again")
    for number, line in enumerate(lines, 1):
        columns = len(line.expandtabs(TAB))
        wide += columns > WIDE
        if columns > WIDE_MOST and '"' not in line:  # texts are not broken: so they can be searched for
            problems.append(f"{house.name(path)}:{number}: {columns} columns, at most {WIDE_MOST}")
if len(lengths) > 1:
    p95 = statistics.quantiles(lengths, n=20)[18]
    print(f"{len(lengths)} functions: median {statistics.median(lengths):.0f}, p95 {p95:.0f}, longest {max(lengths)} lines; {wide} lines over {WIDE} columns")
house.end("lengths", len(files), problems)
