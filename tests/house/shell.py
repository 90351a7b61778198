#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shell scripts are clean for shellcheck, and each shell accepts its completions."""
import shutil
import subprocess

import house

SCRIPTS = ["run", "check", "bench/run", ".ci/run", ".ci/packages.sh", ".ci/fuzz.sh", ".ci/browser.sh", ".ci/commands.sh", "completions/sekisho.bash",
           "share/install-once.sh", "share/passdb/cpanel", "share/passdb/virtualmin"]
ACCEPTS = {"completions/sekisho.bash": ["bash", "-n"], "completions/_sekisho": ["zsh", "-n"],
           "completions/sekisho.fish": ["fish", "--no-execute"]}


def fault(words, script):
    done = subprocess.run([*words, script], cwd=house.TREE, capture_output=True, text=True)
    return done.returncode and f"{script}: {words[0]}: {(done.stdout + done.stderr).strip()[:600]}"


cases = [(["shellcheck", "-x"], script) for script in SCRIPTS if shutil.which("shellcheck")]
cases += [(words, script) for script, words in ACCEPTS.items() if shutil.which(words[0])]
house.end("shell", len(cases), [told for words, script in cases if (told := fault(words, script))])
