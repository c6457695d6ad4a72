"""Every operator of PyTorch's database, here and there: ``python tests/benchmarks/operators.py``.

Options: names of operators (default: all), ``--dtype float32``, ``--all`` to show every complaint,
``--json FILE``. Needs PyTorch and ``expecttest``; takes some minutes.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS / "helpers")]

import operator_database  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--dtype", default="float64")
    parser.add_argument("--all", action="store_true", help="show every complaint, not the first")
    parser.add_argument("--json", help="write the verdicts to this file")
    given = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    names = [n for n in operator_database.database()
             if not given.names or n in given.names or n.split(".")[0] in given.names]  # fmt: skip
    verdicts = []
    for name in names:
        start = time.perf_counter()
        verdict = operator_database.judge(name, given.dtype)
        seconds = time.perf_counter() - start
        verdicts.append({**verdict._asdict(), "seconds": round(seconds, 2)})
        if verdict.word != "agree":
            found = len(verdict.complaints)
            print(f"{verdict.word}: {name} ({found} of {verdict.samples})", flush=True)
            for line in verdict.complaints[: None if given.all else 2]:
                print("    " + line)
    count = collections.Counter(v["word"] for v in verdicts)
    print(", ".join(f"{n} {word}" for word, n in sorted(count.items())))
    if given.json:
        Path(given.json).write_text(json.dumps(verdicts, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
