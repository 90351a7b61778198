#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every gate of the house, one after the other, even where one fails."""
import pathlib
import subprocess
import sys

import house

GATES = ["include_direction", "purity", "lengths", "words", "format", "translation", "shell", "manual", "units", "attacks"]
passed = failed = 0
for gate in GATES:
    run = subprocess.run([sys.executable, pathlib.Path(__file__).with_name(f"{gate}.py")], capture_output=True, text=True,
                         cwd=house.TREE)
    print((run.stdout + run.stderr).rstrip())
    passed, failed = passed + (run.returncode == 0), failed + (run.returncode != 0)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
