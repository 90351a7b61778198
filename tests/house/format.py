#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file looks as .clang-format says, as far as the space between words goes: clang-format cannot leave tables
and well-chosen line breaks alone, so those are left to the writer. Beside it: tabs indent, and a function's brace
stands on a line of its own."""
import re
import shutil
import subprocess
import sys

import house

DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*\n", re.M)
SPACES_INDENT = re.compile(r"^\t* {8,}\S|^ {2,}\S")
BRACE = re.compile(r"^(?!typedef|extern|static const)\w[^=;]*\) \{$")


def flat(text):
    """One word after the other, with one blank wherever there is any space; directives left out. Blanks inside
    brackets do not count, for a line may break there, nor those around a star, which clang-format takes for a pointer
    or a product as it pleases."""
    text = re.sub(r"\s+", " ", DIRECTIVE.sub("", text))
    return re.sub(r"(?<=[(\[*]) | (?=[)\]*])", "", text)


def parting(ours, theirs):
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    return f"'{ours[max(0, at - 30):at + 30]}' should be '{theirs[max(0, at - 30):at + 30]}'"


def problems_of(path):
    text = path.read_text()
    run = subprocess.run(["clang-format", "--style=file", str(path)], cwd=house.TREE, capture_output=True, text=True)
    if run.returncode:
        yield f"{house.name(path)}: clang-format: {run.stderr.strip()[:200]}"
    elif flat(text) != flat(run.stdout):
        yield f"{house.name(path)}: {parting(flat(text), flat(run.stdout))}"
    for number, line in enumerate(text.split("\n"), 1):
        if BRACE.match(line):
            yield f"{house.name(path)}:{number}: the brace of a function stands on its own line"
        if SPACES_INDENT.match(line) and not line.lstrip().startswith("*"):
            yield f"{house.name(path)}:{number}: indented by blanks"


if not shutil.which("clang-format"):
    sys.exit("format: clang-format is not installed (packages.txt)")
files = house.files("*.c", "*.h")
house.end("format", len(files), [p for f in files for p in problems_of(f)])
