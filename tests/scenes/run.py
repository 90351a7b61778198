#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the scenes: writes the mail log of each story, lets `sekisho scan` read it, and says what differs.

  run.py [--sekisho PATH] [--only NAME]... [--keep DIR]     play and check; one line a scene
  run.py --open                                             the scenes that are known to fail
  run.py --write DIR [--only NAME]...                       only write the logs, read them again, tell what is true

Exit status 0 if every scene is as expected.
"""
import argparse
import gzip
import json
import lzma
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from check import Truth, faults
from language import Unreadable, read
from reread import differences
from world import World

HERE = Path(__file__).resolve().parent
TIMEOUT_S = 60


def write(world, folder):
    """the log files, each as old as its last line, for that is what a year may be told from; what to give the scan"""
    story, parted = world.story, world.story.settings.get("files", "")
    parts, place = world.journal.parts(parted), folder / story.name
    place.mkdir(parents=True, exist_ok=True)
    given = [*parts]
    random.Random(story.name).shuffle(given)
    for name in given:
        last, text = parts[name]
        age, data = int(name.rpartition(".")[2]) if name[-1].isdigit() else 0, text.encode()
        pack, suffix = (lambda data: data, "") if age < 2 else ((gzip.compress, ".gz"), (lzma.compress, ".xz"))[age % 2]
        (place / (name + suffix)).write_bytes(pack(data))
        os.utime(place / (name + suffix), (last, last))
    return [place] if "daily" in parted else [place / name for name in given]


def configuration(world, folder):
    if not world.story.config:
        return []
    conf = folder / f"{world.story.name}.conf"
    conf.write_text("\n".join(world.story.config) + "\n", encoding="utf-8")
    return ["-c", conf]


def zone(world):
    offset = int(world.story.begins.utcoffset().total_seconds() // 3600)
    return f"<{offset:+03d}>{-offset}"


def scan(sekisho, world, folder):
    command = [sekisho, "scan", "-f", "json", *configuration(world, folder), *write(world, folder)]
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False,
                          env={**os.environ, "TZ": zone(world), "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
    (folder / f"{world.story.name}.json").write_bytes(done.stdout)
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
        return [f"exit status 0 wanted, {done.returncode} came: {last[0]}"]
    return faults(world, json.loads(done.stdout))


def play(path, sekisho, folder, chance=""):
    """(name, faults, seconds)"""
    began = time.monotonic()
    try:
        story = read(path)
        story.name += chance
        found = scan(sekisho, World(story).play(), folder)
    except Unreadable as error:
        found = [str(error)]
    except subprocess.TimeoutExpired:
        found = [f"an answer in {TIMEOUT_S} s wanted"]
    except OSError as error:
        found = [f"the scanner does not run: {error}"]
    except (KeyError, TypeError, ValueError) as error:
        found = [f"the report cannot be read: {error!r}"]
    return path.stem, found, time.monotonic() - began


def tell(path, folder):
    """what is true, for those who have no scanner at hand; true itself where the log says something else"""
    world = World(read(path)).play()
    write(world, folder)
    told = [f"{world.story.name}: {len(world.journal.lines)} lines"]
    for account in sorted({mail.account for mail in world.mails if mail.thief}):
        truth = Truth(world, account)
        outcomes = ", ".join(f"{sum(mail.count(name) for mail in truth.mails)} {name}"
                             for name in ("sent", "bounced", "deferred"))
        told.append(f"  {account}: {len(truth.mails)} messages of a thief from {len(truth.senders)} addresses, "
                    f"{outcomes}; {len(truth.own)} of its owner")
    told += (f"  untrue: {difference}" for difference in differences(world))
    print("\n".join(told))
    return "untrue: " in told[-1]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sekisho", default=HERE.parents[1] / "build/sekisho", type=Path)
    options.add_argument("--only", action="append", metavar="NAME")
    options.add_argument("--open", action="store_true", help="play the scenes that are known to fail")
    options.add_argument("--chance", default="", metavar="WORD", help="the same stories, but other lots are drawn")
    options.add_argument("--keep", type=Path, metavar="DIR", help="leave logs and reports there")
    options.add_argument("--write", type=Path, metavar="DIR")
    asked = options.parse_args()
    rooms = ("open",) if asked.open else ("hijack", "honest")
    scenes = sorted(path for room in rooms for path in HERE.glob(f"{room}/*.scene") if not asked.only or path.stem in asked.only)
    folder = asked.write or asked.keep
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    if asked.write:
        return int(any([tell(path, folder) for path in scenes]))
    failed = 0
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        place = folder or Path(temporary)
        for name, found, took in pool.map(lambda path: play(path, asked.sekisho, place, asked.chance), scenes):
            failed += bool(found)
            print(f"not ok {name}: {'; '.join(found)}" if found else f"ok {name} ({took:.1f} s)", flush=True)
    print(f"{len(scenes) - failed} passed, {failed} failed")
    return 1 if failed or not scenes else 0


if __name__ == "__main__":
    sys.exit(main())
