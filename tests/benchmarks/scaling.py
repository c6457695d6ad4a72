"""Scaling curves: ``python tests/benchmarks/scaling.py``.

Time and memory of a training step against the depth, the width and the batch of an MLP, and of a
chain of operations against its length, with the exponent of the power law that fits them
(time = c * size ** exponent). Time is the processor's, of one thread, so that what else runs on
the machine counts less. Writes ``docs/benchmarks/scaling.png`` and ``scaling.json``, or what
``--plot`` and ``--json`` say.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np  # noqa: E402

import minigrad as mg  # noqa: E402

HERE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"
SIZES = {
    "depth": [4, 8, 16, 32, 64, 128],
    "width": [64, 128, 256, 512, 1024],
    "batch": [64, 128, 256, 512, 1024, 2048],
    "chain": [1000, 4000, 16000, 64000, 256000],
}


def mlp(depth: int = 4, width: int = 128, batch: int = 64) -> Callable[[], Any]:
    """A step of a network with ``depth`` layers of ``width`` units: forward and backward."""
    mg.manual_seed(0)
    x = mg.randn(batch, width)
    weights = [(mg.randn(width, width) / width**0.5).requires_grad_() for _ in range(depth)]

    def step() -> None:
        h = x
        for w in weights:
            h = (h @ w).relu()
        h.sum().backward()
        for w in weights:
            w.grad = None

    return step


def chain(length: int) -> Callable[[], Any]:
    w = mg.full((4,), 1.0, requires_grad=True)

    def step() -> None:
        y = w
        for _ in range(length):
            y = y * w
        y.sum().backward()
        w.grad = None

    return step


def seconds(step: Callable[[], Any]) -> float:
    """The shortest of several runs: the least disturbed."""
    step()
    best, until = float("inf"), time.perf_counter() + 1.5
    while time.perf_counter() < until or best == float("inf"):
        gc.collect()
        start = time.process_time()
        step()
        best = min(best, time.process_time() - start)
    return best


def peak_bytes(step: Callable[[], Any]) -> int:
    """The most memory in use during a step, above that before it."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    step()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return peak


def exponent(sizes: list[int], values: list[float]) -> float:
    """The slope in log-log scale of the larger half, where constant costs matter less."""
    half = len(sizes) // 2
    slope: float = np.polyfit(np.log(sizes[half:]), np.log(values[half:]), 1)[0]
    return slope


def measure() -> dict[str, Any]:
    curves: dict[str, Any] = {}
    for name, sizes in SIZES.items():
        steps = [chain(n) if name == "chain" else mlp(**{name: n}) for n in sizes]
        times = [seconds(step) for step in steps]
        sizes_in_bytes = [float(peak_bytes(step)) for step in steps]
        curves[name] = {
            "sizes": sizes, "seconds": times, "bytes": sizes_in_bytes,
            "time exponent": round(exponent(sizes, times), 2),
            "memory exponent": round(exponent(sizes, sizes_in_bytes), 2),
        }  # fmt: skip
        print(f"{name:<7} time ~ n^{curves[name]['time exponent']}, "
              f"memory ~ n^{curves[name]['memory exponent']}", flush=True)  # fmt: skip
    return curves


def plot(curves: dict[str, Any], file: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, rows = plt.subplots(2, len(curves), figsize=(13, 6), layout="constrained")
    for column, (name, curve) in enumerate(curves.items()):
        for axes, what, unit in ((rows[0], "seconds", "time"), (rows[1], "bytes", "memory")):
            label = f"{unit} ~ n^{curve[unit + ' exponent']}"
            axes[column].loglog(curve["sizes"], curve[what], "o-", color="#0072b2", label=label)
            axes[column].set_xlabel(name)
            axes[column].set_ylabel(what)
            axes[column].legend(frameon=False)
            axes[column].grid(alpha=0.3)
    figure.savefig(file, dpi=100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, default=HERE / "scaling.json")
    parser.add_argument("--plot", type=Path, default=HERE / "scaling.png")
    args = parser.parse_args()
    args.json.parent.mkdir(parents=True, exist_ok=True)
    curves = measure()
    args.json.write_text(json.dumps(curves, indent=1) + "\n")
    plot(curves, args.plot)


if __name__ == "__main__":
    main()
