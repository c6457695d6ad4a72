"""A deep graph is freed without recursion, whatever the version of Python does."""

import subprocess
import sys
import weakref

import pytest

import minigrad as mg
from minigrad.core import deep_graphs, fast_elementwise, op
from tests.helpers.places import ROOT

CHAINS = {
    "products": "y = y * x",
    "functions": "y = y.tanh()",
    "two a round": "y = y + x * 2.0",
    "views": "y = y.view(3)",
    "several outputs": "y = torch.stack(list(y.unbind(0)))",
    "in place": "y.add_(x)",
}
PROGRAM = """
import sys, threading
import minigrad as torch

def work():
    x = torch.ones(3, requires_grad=True)
    y = x * 1.0
    for _ in range(20_000):
        {round}
    del y
    print("freed")

threading.stack_size(1 << 18)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.parametrize("kind", CHAINS)
def test_in_a_thread_with_a_small_stack(kind):
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{round}", CHAINS[kind])], cwd=ROOT,
        capture_output=True, text=True,
    )  # fmt: skip
    assert ran.stdout == "freed\n", (ran.returncode, ran.stderr)


def test_cuts_do_not_nest(monkeypatch):
    """If one cut freed the next, as Python's own freeing does, 5,000 would be too deep."""
    for module in (op, fast_elementwise):
        monkeypatch.setattr(module, "new_node", deep_graphs.Cut)
    x = mg.ones(2, requires_grad=True)
    y = x * 2
    nodes = []
    for _ in range(2500):
        y = (y * x).tanh()
        nodes.append(weakref.ref(y._node))
    y.sum().backward()
    assert type(nodes[0]()) is deep_graphs.Cut
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(250)
    try:
        del y
    finally:
        sys.setrecursionlimit(limit)
    assert not any(node() for node in nodes)
    assert x.grad is not None


def test_a_chain_meets_a_cut_whatever_its_rhythm(monkeypatch):
    monkeypatch.setattr(fast_elementwise, "new_node", deep_graphs.node_or_cut)
    for side_ops in (0, 1, 4, 9):
        x = mg.ones(2, requires_grad=True)
        y = x
        kinds = []
        for _ in range(300):
            for _ in range(side_ops):
                _ = x * 3.0
            y = y * x
            kinds.append(type(y._node))
        assert deep_graphs.Cut in kinds
