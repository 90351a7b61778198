#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`sekisho password check` says nothing of the password: what it says depends on which rules were broken alone, so it is the same for all
passwords that break the same ones. Nor does it leave a core, or have a password among its arguments.

  passwords.py SEKISHO
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

PASSWORDS = """1qaz2wsx 1234qwer zaq12wsx asdfghjkl Qwertyui tanaka123 akanat99 T4naka.77 sakura2024 Himawari1 5akura.99 2024himawari password sunshine himawari
aaaaaaaa abcabcabc xyxyxyxy 12345678 19850412 83920174 suzukisatou monkeydragon tokyo-osaka neko.inu.1 acme2024 emca.shoji Acme-7777 sakuraXz xsuzuki7b Tulip9xa
k7!Tw.9xQz pq+Rz7.mKx k7-Tw.9 zR4,x xK9.mP2-qLr vH3nQ8tZ Xq7,bR2-Lp k7-Tw.9xk7,Tw-9X bQ-Tw.9xk7,Tw-9Y""".split()


def check(password, *options, language="C"):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language}
    done = subprocess.run([SEKISHO, "password", "check", "--account", "tanaka@example.jp", "--name", "Acme Shoji", *options],
                          input=f"{password}\n", capture_output=True, text=True, env=env, check=False)
    return done.returncode, done.stdout, done.stderr


def faults_of(password, profile):
    _, told, _ = check(password, "--profile", profile, "-f", "json")
    told = json.loads(told)
    return tuple(each["fault"] for each in told["objections"]), json.dumps(told["objections"])


def problems():
    said = collections.defaultdict(set)
    for profile, passwords in (("basic", PASSWORDS), ("four", PASSWORDS[:6])):
        for password in passwords:
            faults, objections = faults_of(password, profile)
            said[profile, faults, "json"].add(objections)
            for language in ("C", "ja"):
                status, out, err = check(password, "--profile", profile, language=language)
                said[profile, faults, language].add(out)
                if err or status != (1 if faults else 0):
                    yield f"one that breaks {faults}: exit status {status}, {err!r}"
    yield from (f"{profile}, {faults}, {form}: it is not always the same: {sorted(texts)}" for (profile, faults, form), texts in said.items() if len(texts) > 1)
    if len({faults for _, faults, _ in said}) < 10:
        yield f"hardly any rule was broken: {sorted(said)}"


def left_behind():
    with subprocess.Popen([SEKISHO, "password", "check"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        child.stdin.write(b"half-a-pass")
        child.stdin.flush()
        proc, unread = pathlib.Path("/proc", str(child.pid)), True
        for _ in range(1000):
            limits = next(line for line in (proc / "limits").read_text().splitlines() if line.startswith("Max core file size"))
            unread = limits.split()[4] != "0"
            if not unread:
                break
            os.sched_yield()
        if unread:
            yield f"it would leave a core: {limits}"
        if "half-a-pass" in (proc / "cmdline").read_text() + (proc / "environ").read_text():
            yield "it has the password among its arguments"
        child.stdin.close()


SEKISHO = str(pathlib.Path(sys.argv[1]).resolve())
found = [*problems(), *left_behind()]
print("\n".join(found) or f"{len(PASSWORDS)} passwords: nothing of them was said")
sys.exit(bool(found))
