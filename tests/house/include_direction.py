#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file may include only its own room and rooms that come earlier in the house."""
import re

import house

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
FREE = {"configuration.h"}  # written by the build
# programs of their own, as root: nothing else may come along
ALONE = {"helper": {"helper", "base"}, "passdb": {"passdb", "helper", "password", "base"}}


def problems_of(path):
    room = path.relative_to(house.TREE / "src").parts[0]
    if path.parent == house.TREE / "src":
        return
    if room not in house.ROOMS:
        yield f"{house.name(path)}: '{room}' is no room of the house"
        return
    for match in INCLUDE.finditer(path.read_text()):
        other = match[1].split("/")[0]
        line = path.read_text()[:match.start(1)].count("\n") + 1
        if match[1] in FREE:
            continue
        if other not in house.ROOMS:
            yield f"{house.name(path)}:{line}: \"{match[1]}\" is not named from src/ (room/file.h)"
        elif house.ROOMS.index(other) > house.ROOMS.index(room):
            yield f"{house.name(path)}:{line}: {room} includes {match[1]}, which lies behind it"
        elif other not in ALONE.get(room, house.ROOMS):
            yield f"{house.name(path)}:{line}: {room} includes {match[1]}, and may only include {' and '.join(sorted(ALONE[room]))}"


files = house.files("*.c", "*.h", under=["src"])
house.end("include direction", len(files), [p for f in files for p in problems_of(f)])
