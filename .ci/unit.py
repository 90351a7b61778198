#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the unit tests of a build folder and counts their cases, not only their programs.

  unit.py BUILD
"""
import json
import pathlib
import re
import subprocess
import sys

RUNNING = re.compile(r"^\[==========\] (?:\S+: )?Running (\d+) test", re.M)
FAILED = re.compile(r"^\[  FAILED  \] (?:\S+: )?(\d+) test", re.M)


def count(test):
    """(passed, failed) of one program; one that crashed has at least one failure"""
    said = test.get("stdout", "") + test.get("stderr", "")
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    cases = sum(map(int, RUNNING.findall(said)))
    failed = sum(map(int, FAILED.findall(said))) or (0 if good else 1)
    return max(cases - failed, 0) if cases else int(good), failed


build = sys.argv[1]
log = pathlib.Path(build, "meson-logs/testlog.json")
log.unlink(missing_ok=True)
status = subprocess.run(["meson", "test", "-C", build, "--print-errorlogs", "--timeout-multiplier", "20"], check=False).returncode
passed = failed = 0
for line in log.read_text().splitlines() if log.is_file() else []:
    test = json.loads(line)
    good, bad = count(test)
    passed, failed = passed + good, failed + bad
    if bad:
        print(f"not ok {test['name']}: {test['result']}")
if not passed and not failed:
    failed = 1
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or status else 0)
