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
from ..core.fast_vjps import ASKS_NODE
from ..core.formulas import arrays
from ..core.modes import grad_mode
from ..core.node import Node, edge_meta
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
    node = step._node
    assert node is not None
    if node.op.multi_output:
        gradient = tuple(gradient if i == step.output else None for i in range(node.n_outputs))
    with looking():
        return pulled_back(node, gradient, wants)


def pulled_back(node: Node, gradient: Any, wants: list[bool]) -> list[Any]:
    """As :func:`pull_back`, of a node; of one with several results a tuple of their gradients."""
    vjps, pullback = node.op.fast_vjps, node.op.pullback
    pulled: list[Any] = []
    if vjps is None or node.extra is not None:
        wants = [want and edge is not None for want, edge in zip(wants, node.inputs)]
        for want, edge, g in zip(wants, node.inputs, pullback(node, gradient, arrays, wants)):
            known = want and g is not None
            pulled.append(arrays.fit(np.asarray(g), *edge_meta(edge)) if known else None)
        return pulled
    fits = node.fits  # all inputs have the result's shape and dtype, and so have their gradients
    for want, edge, (vjp, slot) in zip(wants, node.inputs, vjps):  # see core/fast_vjps.py
        if not want or edge is None:
            pulled.append(None)
            continue
        if slot >= 0:
            g = vjp(gradient, node.saved[slot]._data)
        else:
            g = vjp(gradient, node) if slot == ASKS_NODE else vjp(gradient)
        pulled.append(np.asarray(g) if fits else arrays.fit(np.asarray(g), *edge_meta(edge)))
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
    for i in range(max(target + 1, graph._b.first_op), len(graph)):
        total: Any = 0
        for j, edge in flowing(graph, i):
            if edge is not None and counts[j]:
                total = add(counts[j], total) if total else counts[j]
        counts[i] = total
    return counts


def flowing(graph: Graph, i: int) -> Iterator[tuple[int, Any]]:
    """The inputs of node ``i`` with their edges; None of those that no gradient goes to."""
    key = graph._b.keys[i]
    return zip(graph._b.inputs[i], (key[0] if type(key) is tuple else key).inputs)


@dataclass(slots=True)
class Term:
    """What one use of a tensor adds to its gradient."""

    user: GraphNode  # the result that the tensor was used for ...
    position: int  # ... as its input number ...
    part: Any  # an array; None if it is not known


@dataclass(slots=True)
class JointTerm(Term):
    """A term that comes through one of several results of an operation.

    Backward computes the vjp once, for the gradients of all results together. The gradient is that
    sum, rounded as it is there: the last of these terms has it, and the others add nothing.
    """

    together: Any = None
    is_last: bool = False


class Flow:
    """The gradients of ``root`` on their way to the ``targets`` (node numbers; None: all leaves).

    :meth:`follow` shows them. A gradient is None where an operation's saved tensors are gone;
    ``gaps`` says of which operations, and why. It is the engine's own walk (with this as its
    ``protocols.Arithmetic``): a list of terms goes in place of each gradient, so that what arrives
    at a tensor is kept apart.
    """

    def __init__(self, graph: Graph, root: int, start: Any, targets: list[int] | None) -> None:
        self.graph = graph
        self.root = root
        self.start = start
        self.targets = targets
        self.gaps: dict[int, str] = {}
        self._index = {edge: i for i, edge in enumerate(graph._b.keys)}
        self._passed: set[int] = set()

    def follow(self, look: Callable[[int, list[Term], Any], Any]) -> None:
        """Call ``look(node's index, its terms, its gradient)`` for every tensor, root first.

        An array that it returns goes on in place of the gradient.
        """
        self._look = look
        edges = self.graph._b.keys
        chosen = None if self.targets is None else [edges[i] for i in self.targets]
        with looking():
            found = walk(Walk([(edges[self.root], [])], chosen), arrays, True, arithmetic=self)
        ends = [self._index[edge] for edge in found if edge in self._index]
        for i in sorted(ends, reverse=True):
            if i not in self._passed:
                self._arrive(i, found[edges[i]])

    def pull(self, node: Node, grad: Any, wants: list[bool]) -> list[Any]:
        """The terms that go to each input: one for each result of the node that was used."""
        if node.op.multi_output:
            return self._pull_several(node, grad, wants)
        i = self._index.get(node)
        if i is None:  # not in this part of a graph
            return [None] * len(wants)
        pulled = self._pull(node, i, self._arrive(i, grad), wants)
        user = GraphNode(self.graph, i)
        return [[Term(user, n, part)] if wants[n] else None for n, part in enumerate(pulled)]

    def _pull_several(self, node: Node, grads: Any, wants: list[bool]) -> list[Any]:
        terms: list[list[Term]] = [[] for _ in wants]
        arrived: list[Any] = [None] * len(grads)
        for k in reversed(range(len(grads))):
            i = self._index.get((node, k))
            if grads[k] is None or i is None:
                continue
            arrived[k] = self._arrive(i, grads[k])
            alone = [arrived[k] if n == k else None for n in range(len(grads))]
            parts = self._pull(node, i, None if arrived[k] is None else tuple(alone), wants)
            for n, part in enumerate(parts):
                if wants[n]:
                    terms[n].append(Term(GraphNode(self.graph, i), n, part))
        if sum(a is not None for a in arrived) > 1 and not missing(node):
            for found, part in zip(terms, pulled_back(node, tuple(arrived), wants)):
                found[:] = [JointTerm(t.user, t.position, t.part, part, t is found[-1])
                            for t in found]  # fmt: skip
        return [found or None for found in terms]

    def add(self, edge: Any, before: list[Term] | None, g: list[Term]) -> list[Term]:
        if before is None:
            return g
        before += g  # in place: a weight may be used a hundred thousand times
        return before

    def _arrive(self, i: int, terms: list[Term]) -> Any:
        """A tensor's terms are complete: add them up and show them; returns its gradient."""
        gradient = self.start if i == self.root else total(terms)
        self._passed.add(i)
        changed = self._look(i, terms, gradient)
        return gradient if changed is None else changed

    def _pull(self, node: Node, i: int, gradient: Any, wants: list[bool]) -> list[Any]:
        why = missing(node)
        if why:
            self.gaps[i] = why
        if why or gradient is None:
            return [None] * len(wants)
        return pulled_back(node, gradient, wants)


def total(terms: list[Term]) -> Any:
    """The sum of the terms; None if one of them is not known."""
    summed: Any = None
    for t in terms:
        if t.part is None:
            return None
        part = t.part
        if isinstance(t, JointTerm):
            if not t.is_last:
                continue
            part = t.together
        summed = part if summed is None else summed + part
    return summed


def tensor_of(array: Any) -> Tensor | None:
    """An own copy of an array, as a tensor."""
    return None if array is None else make(np.array(array))
