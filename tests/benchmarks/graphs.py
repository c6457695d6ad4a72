"""Drawing a graph, and the memory that a graph takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from workloads import Workload

LENGTH = 200_000  # nodes of the chain whose memory is measured

# A chain on 4 numbers. Its data is the same in all libraries: one array of 16 bytes a node, so
# what NumPy or PyTorch add to hold an array is counted.
MEMORY = {
    "minigrad": "import minigrad as lib; x = lib.ones(4, requires_grad=True)",
    "torch": "import torch as lib; x = lib.ones(4, requires_grad=True)",
    "micrograd": "from micrograd.engine import Value; x = Value(1.0)",
}
MEASURE = """
import os, gc
{start}
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
y = x
for _ in range(1000):
    y = y + x
gc.disable()
y = x
before = resident()
for _ in range({length}):
    y = y + x
print((resident() - before) / {length} - 16)
os._exit(0)
"""


def memory_of(library: str, environment: dict[str, str]) -> float:
    """Bytes a node, above its 16 bytes of data; in a process of its own."""
    code = MEASURE.format(start=MEMORY[library], length=LENGTH)
    # The end of the process is not waited for: some libraries free such a chain recursively.
    code = code.replace("os._exit", "import sys; sys.stdout.flush(); os._exit")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                          env=environment)  # fmt: skip
    return float(done.stdout)


def drawing() -> Callable[[], Any]:
    import minigrad as mg

    mg.manual_seed(0)
    x, y = mg.randn(64, 1000), mg.randn(64, 10)
    w1, w2 = mg.randn(1000, 100, requires_grad=True), mg.randn(100, 10, requires_grad=True)
    loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
    return lambda: mg.graph(loss)._repr_mimebundle_()


DRAWING = Workload(
    {"minigrad": drawing}, calls=2, units=1, unit="picture",
    about="the seed network's graph to SVG",
)  # fmt: skip
