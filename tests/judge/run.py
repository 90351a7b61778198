#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the scenes of judge: each story goes to `sekisho judge` event by event, and its word is obeyed; says what differs.

  run.py [--sekisho PATH] [--only NAME]...    play and check; one line a scene
  run.py --open                               the scenes that are known to fail
  run.py --chance WORD                        the same stories, but other lots are drawn
  run.py --trace DIR                          also writes down what went through the pipes

Exit status 0 if every scene is as expected.
"""
import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from gate import ContenderError, Detector, World
from sentences import Unreadable, read
from wishes import faults

HERE = Path(__file__).resolve().parent


class Written:
    """a judge whose words are written down"""
    def __init__(self, judge, path):
        self.judge, self.file = judge, path.open("w", encoding="utf-8")

    def ask(self, event):
        reply = self.judge.ask(event)
        self.file.write(f"{json.dumps(event, ensure_ascii=False)}\n  {json.dumps(reply, ensure_ascii=False)}\n")
        return reply


def play(path, sekisho, chance="", trace=None):
    """(name, faults, seconds)"""
    began = time.monotonic()
    try:
        story = read(path)
        story.name += chance
        judge = Detector([str(sekisho), "judge"])
        found = [*faults(World(story, Written(judge, trace / f"{path.stem}.trace") if trace else judge).play())]
        judge.close()
    except (Unreadable, ContenderError, OSError) as error:
        found = [str(error)]
    return path.stem, found, time.monotonic() - began


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sekisho", default=HERE.parents[1] / "build/sekisho", type=Path)
    options.add_argument("--only", action="append", metavar="NAME")
    options.add_argument("--open", action="store_true", help="play the scenes that are known to fail")
    options.add_argument("--chance", default="", metavar="WORD", help="the same stories, but other lots are drawn")
    options.add_argument("--trace", type=Path, metavar="DIR", help="write down there what went through the pipes")
    asked = options.parse_args()
    rooms = ("open",) if asked.open else ("hijack", "honest")
    scenes = sorted(path for room in rooms for path in HERE.glob(f"{room}/*.scene") if not asked.only or path.stem in asked.only)
    if asked.trace:
        asked.trace.mkdir(parents=True, exist_ok=True)
    failed = 0
    with ProcessPoolExecutor(2) as pool:
        for name, found, took in pool.map(partial(play, sekisho=asked.sekisho, chance=asked.chance, trace=asked.trace), scenes):
            failed += bool(found)
            print(f"not ok {name}: {'; '.join(found)}" if found else f"ok {name} ({took:.1f} s)", flush=True)
    print(f"{len(scenes) - failed} passed, {failed} failed")
    return 1 if failed or not scenes else 0


if __name__ == "__main__":
    sys.exit(main())
