"""Side-by-side timings: ``python tests/benchmarks/run.py``.

Each library works in a process of its own. The processes take turns, round by round, so that a
noisy moment of the machine hits all of them; what is quoted is the median over the rounds of the
ratio within a round. Nothing here passes or fails: machines are noisy, judgement is the reader's.

Options: ``--rounds N``, ``--only NAME``, ``--json FILE``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import platform
import statistics
import time
from pathlib import Path
from typing import Any

from workloads import WORKLOADS, load

LIBRARIES = ["minigrad", "torch", "numpy"]


def work(library: str, workload: str, pipe: Any) -> None:
    """A worker: answers every request with the seconds a unit of work took; None if it can't."""
    maker, calls, units, _ = WORKLOADS[workload]
    step = maker(load(library))
    pipe.send(step is not None)
    if step is None:
        return
    while pipe.recv():
        time.sleep(0.3)  # let the other library's threads stop spinning on our cores
        for _ in range(max(calls // 4, 1)):
            step()
        start = time.perf_counter()
        for _ in range(calls):
            step()
        pipe.send((time.perf_counter() - start) / (calls * units))


def measure(workload: str, libraries: list[str], rounds: int) -> dict[str, list[float]]:
    """Times a round of each library that can do the workload, in microseconds."""
    context = multiprocessing.get_context("spawn")
    workers = {}
    for library in libraries:
        here, there = context.Pipe()
        process = context.Process(target=work, args=(library, workload, there), daemon=True)
        process.start()
        if here.recv():
            workers[library] = here
    times: dict[str, list[float]] = {library: [] for library in workers}
    for round_number in range(rounds + 2):
        for library, pipe in workers.items():
            pipe.send(True)
            seconds = pipe.recv()
            if round_number >= 2:  # two rounds to warm up
                times[library].append(seconds * 1e6)
    for pipe in workers.values():
        pipe.send(False)
    return times


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(values, n=4)
    return low, middle, high


def table(workload: str, times: dict[str, list[float]]) -> list[dict[str, Any]]:
    unit = WORKLOADS[workload][3]
    rows = []
    for library, values in times.items():
        row: dict[str, Any] = {"workload": workload, "unit": unit, "library": library}
        row["microseconds"] = statistics.median(values)
        ratios = [m / v for m, v in zip(times["minigrad"], values, strict=True)]
        row["ratio_low"], row["ratio"], row["ratio_high"] = quartiles(ratios)
        rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", choices=list(WORKLOADS))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()

    installed = [lib for lib in LIBRARIES if importlib.util.find_spec(lib)]
    missing = sorted(set(LIBRARIES) - set(installed))
    if missing:
        print("not installed, so not compared:", ", ".join(missing))
    print(f"{'workload':<12}{'library':<12}{'us a unit':>12}   minigrad's time / this (quartiles)")
    rows = []
    for workload in [args.only] if args.only else list(WORKLOADS):
        for row in table(workload, measure(workload, installed, args.rounds)):
            rows.append(row)
            spread = f"{row['ratio']:.2f}  ({row['ratio_low']:.2f} to {row['ratio_high']:.2f})"
            print(f"{workload:<12}{row['library']:<12}{row['microseconds']:>12.2f}   {spread}")
    if args.json:
        machine = {"python": platform.python_version(), "system": platform.system(),
                   "machine": platform.machine(), "cores": multiprocessing.cpu_count()}  # fmt: skip
        args.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
