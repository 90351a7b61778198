# SPDX-License-Identifier: Apache-2.0
"""What the gates of this folder share: the tree, its files, and how a gate ends."""
import pathlib
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]

# A room may include only itself and rooms before it (ARCHITECTURE.md).
ROOMS = ("base config mail event geo password profile evidence verdict incident store attribution state containment notice "
         "recovery engine report intake gate helper passdb web cli").split()
PURE_ROOMS = ("profile", "evidence", "verdict", "incident")
LEFT_OUT = {"build", ".git", "node_modules", "corpus", "__pycache__"}


def files(*patterns, under=("src", "tests", "fuzz", "bench")):
    """Our files in these folders, sorted; built things and corpora left out."""
    found = set()
    for folder in under:
        for pattern in patterns:
            found.update((TREE / folder).rglob(pattern))
    return sorted(f for f in found if f.is_file() and not LEFT_OUT & set(f.relative_to(TREE).parts)
                  and not any(part.startswith("build-") for part in f.relative_to(TREE).parts))


def name(path):
    return str(path.relative_to(TREE))


def end(gate, checked, problems):
    """Prints what is wrong and the count of files; the exit status is the gate's."""
    for problem in problems:
        print(problem)
    failed = min(len({p.split(":")[0] for p in problems}), checked) or (1 if problems else 0)
    print(f"{gate}: {checked - failed} passed, {failed} failed")
    sys.exit(1 if problems else 0)
