"""Gradients on their way through a graph: walked back for looking, not for ``.grad``.

:func:`pull_back` runs one operation's vjp on arrays, as the engine does. :class:`Flow` walks from
a root back and keeps what passed: for every tensor the terms that arrive there, one for each use,
and their sum. Nothing is accumulated, freed or recorded, and no hook runs.

The number of paths from a root to a tensor is counted without listing them: it is the sum of the
numbers of its inputs' paths (dynamic programming over the topological order).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import numpy as np

from ..autograd.gradients import start_gradient
from ..core.backward import Walk, walk
from ..core.formulas import arrays
from ..core.modes import grad_mode
from ..core.node import Edge, Node, edge_meta
from ..core.tensor import Tensor, make
from .recorded_graph import Graph, GraphNode

FREED = "freed"
OVERWRITTEN = "overwritten"


SAVED: Any = Node.__dict__["saved"]  # the slot itself


def missing(node: Node) -> str:
    """Why the operation cannot be walked back any more: FREED, OVERWRITTEN or '' (it can)."""
    saved = SAVED.__get__(node)  # a user's Function shows () for what was freed
    if saved is None:
        return FREED
    versions = node.versions
    for i, t in enumerate(saved):
        if t is not None and t._version != (versions[i] if versions else 0):
            return OVERWRITTEN
    return ""


@contextmanager
def looking() -> Iterator[None]:
    """Around computations for a picture: nothing is recorded, and NumPy does not warn."""
    before = grad_mode.enabled
    grad_mode.enabled = False
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        grad_mode.enabled = before


def pull_back(step: GraphNode, gradient: Any, wants: list[bool]) -> list[Any]:
    """The gradient's part for each input of ``step`` (None where not wanted), as arrays.

    gradient: of the loss with respect to ``step``'s tensor. The operation must not be missing().
    """
    if grad_mode.enabled:
        with looking():
            return pull_back(step, gradient, wants)
    node = step._node
    assert node is not None
    if node.op.multi_output:
        gradient = tuple(gradient if i == step.output else None for i in range(node.n_outputs))
    wants = [want and edge is not None for want, edge in zip(wants, node.inputs)]
    pulled = list(node.op.pullback(node, gradient, arrays, wants))
    if node.fits:  # all inputs have the result's shape and dtype, and so have their gradients
        return [np.asarray(g) if want else None for g, want in zip(pulled, wants)]
    for i, g in enumerate(pulled):
        if g is None or not wants[i]:
            pulled[i] = None
        else:
            pulled[i] = arrays.fit(np.asarray(g), *edge_meta(node.inputs[i]))
    return pulled


def start_of(root: GraphNode, gradient: Tensor | None) -> Any:
    """The array that a walk from ``root`` starts with; RuntimeError as of ``backward``."""
    assert root.shape is not None and root.dtype is not None
    return start_gradient(tuple(root.shape), root.dtype.np, gradient)._data


EXACT = Context(prec=50)  # numbers of paths: so many digits are exact, of more the first


def count_paths(graph: Graph, target: int) -> list[Any]:
    """For each node the number of paths from it to ``target`` along which a gradient flows.

    Whole numbers of up to 50 digits are exact. There may be numbers with 100,000 digits: of these
    as many are kept, else the time and memory would grow with the square of the graph.
    """
    counts: list[Any] = [0] * len(graph)
    counts[target] = Decimal(1)
    add = EXACT.add
    for i in range(target + 1, len(graph)):
        total: Any = 0
        for j in flowing_inputs(graph, i):
            if j is not None and counts[j]:
                total = add(counts[j], total) if total else counts[j]
        counts[i] = total
    return counts


def flowing_inputs(graph: Graph, i: int) -> list[int | None]:
    """The inputs of node ``i``; None in place of those that no gradient goes to."""
    if i < graph._b.first_op:
        return []
    key = graph._b.keys[i]
    edges = (key[0] if type(key) is tuple else key).inputs
    return [j if edge is not None else None for j, edge in zip(graph._b.inputs[i], edges)]


@dataclass(slots=True)
class Term:
    """What one use of a tensor adds to its gradient."""

    user: GraphNode  # the result that the tensor was used for ...
    position: int  # ... as its input number ...
    part: Any  # an array; None if it is not known


class Flow:
    """The gradients of ``root`` on their way to the ``targets`` (node numbers).

    :meth:`follow` shows them. A gradient is None where an operation's saved tensors are gone;
    ``gaps`` says of which operations, and why. It is the engine's own walk (with this as its
    ``protocols.Arithmetic``): a list of terms goes in place of each gradient, so that what arrives
    at a tensor is kept apart.
    """

    def __init__(self, graph: Graph, root: int, start: Any, targets: list[int]) -> None:
        self.graph = graph
        self.root = root
        self.start = start
        self.targets = targets
        self.gaps: dict[int, str] = {}
        self._index = {edge: i for i, edge in enumerate(graph._b.keys)}
        self._passed: set[int] = set()

    def follow(self, look: Callable[[GraphNode, list[Term], Any], Any]) -> None:
        """Call ``look(node, its terms, its gradient)`` for every tensor on the way, root first.

        An array that it returns goes on in place of the gradient.
        """
        self._look = look
        edges = self.graph._b.keys
        from_root = Walk([(edges[self.root], [])], [edges[i] for i in self.targets])
        with looking():
            found = walk(from_root, arrays, True, arithmetic=self)
        for i in sorted(self.targets, reverse=True):
            if edges[i] in found and i not in self._passed:
                self._arrive(i, found[edges[i]])

    def pull(self, node: Node, grad: Any, wants: list[bool]) -> list[Any]:
        """The terms that go to each input: one for each result of the node that was used."""
        if not node.op.multi_output:
            return [[term] if term else None for term in self._terms(node, grad, wants)]
        parts: list[list[Term]] = [[] for _ in wants]
        for k in reversed(range(len(grad))):
            if grad[k] is not None:
                for found, term in zip(parts, self._terms((node, k), grad[k], wants)):
                    found += [term] if term else []
        return [found or None for found in parts]

    def _terms(self, edge: Edge, arrived: list[Term], wants: list[bool]) -> list[Term | None]:
        """What a result gives to each input of its operation, after ``arrived`` came to it."""
        i = self._index.get(edge)
        if i is None:  # not in this part of a graph
            return [None] * len(wants)
        step, gradient = self._arrive(i, arrived)
        pulled = self._pull(step, gradient, wants)
        return [Term(step, n, part) if wants[n] else None for n, part in enumerate(pulled)]

    def add(self, edge: Any, before: list[Term] | None, g: list[Term]) -> list[Term]:
        if before is None:
            return g
        before += g  # in place: a weight may be used a hundred thousand times
        return before

    def _arrive(self, i: int, terms: list[Term]) -> tuple[GraphNode, Any]:
        """A tensor's terms are complete: add them up and show them; returns it and its gradient."""
        gradient = self.start if i == self.root else total(terms)
        self._passed.add(i)
        step = GraphNode(self.graph, i)
        changed = self._look(step, terms, gradient)
        return step, gradient if changed is None else changed

    def _pull(self, step: GraphNode, gradient: Any, wants: list[bool]) -> list[Any]:
        node = step._node
        assert node is not None
        why = missing(node)
        if why:
            self.gaps[step.index] = why
        if why or gradient is None:
            return [None] * len(wants)
        return pull_back(step, gradient, wants)


def total(terms: list[Term]) -> Any:
    """The sum of the terms; None if one of them is not known."""
    summed = terms[0].part
    for t in terms[1:]:
        if summed is None or t.part is None:
            return None
        summed = summed + t.part
    return summed


def tensor_of(array: Any) -> Tensor | None:
    """An own copy of an array, as a tensor."""
    return None if array is None else make(np.array(array))
