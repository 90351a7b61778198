#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""profile, evidence, verdict and incident judge only what they are given: no clock, no files, no network, no
environment, no state of their own that changes. Time comes in the event."""
import re

import house

ALLOWED = {"assert.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h",
           "stdint.h", "stdlib.h", "string.h", "libintl.h"}
# stdio.h only for texts into a buffer: snprintf of the sentence that people read
CALLS = re.compile(r"\b(clock_(now|steady|cpu|gettime)|time|getenv|f?open|f?read|f?write|fputs|puts|v?f?printf|socket|"
                   r"connect|rand|random|getpid|isatty|setlocale|hash_seed)\s*\(")
STATE = re.compile(r"^static\s+(?!inline\b)(?!const\b)[^()=;]*(=[^;]*|\[[^;]*)?;", re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
TEXT = re.compile(r'"(\\.|[^"\\\n])*"')


def without_words(text):
    """The code alone: comments and texts blanked, line numbers kept."""
    blank = lambda match: re.sub(r"[^\n]", " ", match[0])
    return TEXT.sub(blank, COMMENT.sub(blank, text))


def problems_of(path):
    text = path.read_text()
    code = without_words(text)
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if match and match[1] not in ALLOWED | {"stdio.h"}:
            yield f"{house.name(path)}:{number}: <{match[1]}> has no place in a pure room"
        if re.match(r'\s*#\s*include\s+"base/clock\.h"', line):
            yield f"{house.name(path)}:{number}: a pure room reads no clock"
    for pattern, why in ((CALLS, "is not pure"), (STATE, "is state of its own")):
        for match in pattern.finditer(code):
            number = code[:match.start()].count("\n") + 1
            yield f"{house.name(path)}:{number}: '{' '.join(match[0].split())[:60]}' {why}"


files = house.files("*.c", "*.h", under=[f"src/{room}" for room in house.PURE_ROOMS])
house.end("purity", len(files), [p for f in files for p in problems_of(f)])
