#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The units are sound for systemd-analyze, and the user's line for systemd-sysusers, where these are installed. Neither needs
a systemd that runs."""
import pathlib
import shutil
import subprocess
import tempfile

import house

UNITS = sorted((house.TREE / "share/systemd").iterdir())
# what is said of other units and of this machine
OTHERS = ("Failed to connect", "Failed to open /dev/tty", "/lib/systemd/system/", "Cannot add dependency job")


def furnish(folder):
    """the units as they are installed, with a program that can be run"""
    for unit in UNITS:
        text = unit.read_text()
        for name in ("@bindir@/sekisho serve", "@libexecdir@/sekisho/sekisho-queue", "@libexecdir@/sekisho/sekisho-passdb"):
            text = text.replace(name, "/bin/true")
        (folder / unit.name.removesuffix(".in")).write_text(text)


def complaints(*words, given=""):
    done = subprocess.run(words, input=given, capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if line and not any(each in line for each in OTHERS)]
    return said if done.returncode or words[0] == "systemd-analyze" else []


problems = []
with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    furnish(place)
    if shutil.which("systemd-analyze"):
        problems += complaints("systemd-analyze", "verify", "--man=no", *sorted(map(str, place.glob("sekisho*"))))
    if shutil.which("systemd-sysusers"):
        user = (house.TREE / "share/sysusers/sekisho.conf").read_text()
        problems += complaints("systemd-sysusers", "--root", name, "--dry-run", "-", given=user)
house.end("units", len(UNITS) + 1, problems)
