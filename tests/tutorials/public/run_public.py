"""Run the public programs of docs/tutorials.md with PyTorch and with minigrad, and compare.

    python run_public.py FOLDER [part of a path ...]

FOLDER has a checkout of each repository, as ``owner+name``. Needs PyTorch.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TABLES = ROOT / "docs" / "tutorials.md"


class Program(NamedTuple):
    repository: str  # owner/name
    commit: str
    path: str
    data: str  # what stands in for the data
    steps: int  # backward passes, after which it is stopped
    tolerance: float

    def file(self, folder):
        return Path(folder) / self.repository.replace("/", "+") / self.path


def programs():
    """The programs of docs/tutorials.md."""
    found, repository, commit = [], "", ""
    for line in TABLES.read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"## ([\w.-]+/[\w.-]+) at `([0-9a-f]{40})`", line)
        row = re.fullmatch(r"\| `(.+)` \| (.*) \| (\d+) \| (\S+) \|", line)
        if heading:
            repository, commit = heading.groups()
        elif row:
            path, data, steps, tolerance = row.groups()
            found.append(
                Program(repository, commit, path, data, int(steps), float(tolerance))
            )
    return found


def run(library, program, folder, seconds=300):
    """What drive.py says of a run."""
    paths = [ROOT, HERE / "stand_ins", os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0",
    }  # fmt: skip
    file = program.file(folder)
    command = [sys.executable, "-W", "ignore", HERE / "drive.py", library, file, program.steps]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env=environment, timeout=seconds
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main(folder, *parts):
    from compare_runs import differences

    wrong = 0
    for program in programs():
        name = f"{program.repository} {program.path}"
        if parts and not any(part in name for part in parts):
            continue
        if not program.file(folder).exists():
            print("absent", name)
            continue
        theirs, ours = (run(library, program, folder) for library in ("torch", "minigrad"))
        if theirs["error"]:
            found = [f"PyTorch itself: {theirs['error'].splitlines()[-1]}"]
        else:
            found = differences(ours, theirs, program.tolerance)
        wrong += bool(found)
        print("differs" if found else "agrees ", name, *found[:3], sep="\n    " if found else " ")
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
