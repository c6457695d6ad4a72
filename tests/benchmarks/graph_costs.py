"""What looking at a large graph costs: seconds and bytes, beside the program that made it.

    python tests/benchmarks/graph_costs.py --n 1000000

Each row in a process of its own: a chain of ``n`` operations on one number, and what is asked of
its graph. Peak is what the process needed above what the recorded chain itself takes.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

SHAPES = {
    "h = h.sin()": lambda h: h.sin(),
    "h = h * 1.0 + 0.5": lambda h: h * 1.0 + 0.5,
}
ASKED = ("backward", "graph", "describe", "to_dot", "to_json", "check", "explain")


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def measure(shape: str, what: str, n: int) -> None:
    """Print seconds, bytes a node that stay, and the peak in MB."""
    import minigrad as mg

    x = mg.tensor(1.0, requires_grad=True)
    h: Any = x
    for _ in range(n // (1 + shape.count("+"))):
        h = SHAPES[shape](h)
    g = None if what in ("backward", "graph") else mg.graph(h)
    asked: dict[str, Callable[[], Any]] = {
        "backward": lambda: h.backward(),
        "graph": lambda: mg.graph(h),
        "describe": lambda: g.describe(),
        "to_dot": lambda: g.to_dot(),
        "to_json": lambda: g.to_json(),
        "check": lambda: mg.check(g),
        "explain": lambda: mg.explain(g, wrt=x).describe(),
    }
    before, start = resident(), time.perf_counter()
    kept = asked[what]()
    seconds = time.perf_counter() - start
    nodes = len(kept if what == "graph" else g) if what != "backward" else n
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    print(seconds, (resident() - before) / nodes, peak / 1e6, nodes)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=1_000_000)
    parser.add_argument("--row", nargs=2)
    given = parser.parse_args()
    if given.row:
        measure(*given.row, given.n)
        return
    print(f"{given.n:,} operations\n\n| chain | asked | seconds | bytes a node kept | peak MB |")
    print("|---|---|--:|--:|--:|")
    for shape in SHAPES:
        for what in ASKED:
            done = subprocess.run(
                [sys.executable, __file__, "--n", str(given.n), "--row", shape, what],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            seconds, kept, peak, nodes = map(float, done.stdout.split())
            print(f"| `{shape}` ({nodes:,.0f} nodes) | {what} | {seconds:.2f} | {kept:.0f} | "
                  f"{peak:.0f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
