"""There is one backward walk: an onlooker changes nothing, and not only gradients can walk."""

import subprocess
import sys

import numpy as np

import minigrad as mg
from minigrad.core.backward import Walk, run_backward, walk
from minigrad.core.formulas import arrays
from minigrad.core.tensor import edge_of


class Onlooker:
    def __init__(self):
        self.seen = []

    def walked(self, node, grad, pulled):
        self.seen.append((node.name(), grad, pulled))


class Counts:
    """Counts the ways from the root instead of multiplying derivatives."""

    def pull(self, node, grad, wants):
        return [grad if want else None for want in wants]

    def add(self, edge, before, g):
        return g if before is None else before + g


def test_an_observer_sees_every_node_and_changes_nothing():
    w = mg.tensor([0.5, 2.0], requires_grad=True)
    y = (w * w).exp().sum()
    start = [(edge_of(y), np.ones((), np.float32))]
    plain = run_backward(start, arrays, keep_graph=True)
    onlooker = Onlooker()
    watched = run_backward(start, arrays, keep_graph=True, observer=onlooker)
    assert watched[w].tobytes() == plain[w].tobytes()
    assert [name for name, *_ in onlooker.seen] == ["SumBackward0", "ExpBackward0", "MulBackward0"]
    for (_, _, pulled), (_, grad, _) in zip(onlooker.seen, onlooker.seen[1:]):
        assert pulled[0] is grad  # what leaves one node arrives at the next


def test_something_else_than_gradients_can_walk_and_no_hook_runs():
    def refuse(g):
        raise AssertionError("a hook ran")

    w = mg.tensor([0.5, 2.0], requires_grad=True)
    w.register_hook(refuse)
    h = w * w
    h.register_hook(refuse)
    h.retain_grad()
    y = (h * h + w).sum()
    found = walk(Walk([(edge_of(y), 1)]), arrays, True, arithmetic=Counts())
    assert found == {w: 5}  # four ways through h, one besides
    assert h.grad is None and w.grad is None


def test_pictures_are_hung_on_and_loaded_when_first_asked_for():
    program = """
import sys, minigrad as mg
graph = mg.graph((mg.tensor(1.0, requires_grad=True) * 2).sum())
drawing = {"minigrad.drawing." + name for name in ("dot", "render", "files", "player", "reports")}
assert not drawing & set(sys.modules)
assert graph.to_dot().startswith("digraph") and "minigrad.drawing.dot" in sys.modules
assert type(graph).to_dot.__qualname__ == "Graph.to_dot" and graph.health().ok
assert repr(graph) == "Graph(leaf -> sum: 2 operations)", graph
"""
    subprocess.run([sys.executable, "-c", program], check=True)
