#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages are clean for mandoc, and name every option that the completions know."""
import re
import shutil
import subprocess
import sys

import house

if not shutil.which("mandoc"):
    sys.exit("manual: mandoc is not installed (packages.txt)")
pages = sorted((house.TREE / "man").glob("*.[1-8]"))
problems = []
for page in pages:
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "style", str(page)], capture_output=True, text=True, check=False).stdout
    problems += [line.replace("mandoc: ", "").replace(f"{house.TREE}/", "") for line in lint.splitlines()
                 if "referenced manual not found" not in line and "outdated" not in line]

known = re.findall(r'^complete .*"\$([a-z]+)" .*-l ([a-z][a-z-]+)', (house.TREE / "completions/sekisho.fish").read_text(), re.M)
for command, option in sorted(set(known)):
    page = f"man/sekisho-{command}.1"
    if not re.search(rf"(Fl -| , -){option}\b", (house.TREE / page).read_text()):
        problems.append(f"{page}: --{option} is missing")
house.end("manual", len(pages), problems)
