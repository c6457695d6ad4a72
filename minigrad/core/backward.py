"""The backward pass: from the roots to the leaves, against the arrows of the forward pass.

1. :func:`reachable` finds the nodes behind the roots and puts the latest first. Every operation
   comes after its inputs in time, so in this order a node's gradient is complete when its turn
   comes: a topological order, found without recursion, and the order that PyTorch uses too, so
   that sums are rounded the same way.
2. :func:`walk` takes each node's gradient and asks its vjps for the gradients of its inputs, adding
   up what arrives along several edges.
3. :func:`accumulate` adds what arrived at the leaves to their ``.grad``.
"""

from __future__ import annotations

import threading
from collections import Counter
from operator import attrgetter
from typing import Any

import numpy as np

from .fast_vjps import ASKS_NODE
from .formulas import arrays, tensors
from .hooks import (
    hooked,
    hooked_leaves,
    pull_with_hooks,
    run_accumulate_hooks,
    run_leaf_hooks,
    run_node_hooks,
    run_tensor_hooks,
    seen,
)
from .modes import grad_mode
from .needed import collect, needed_for, oldest
from .node import Edge, Node, edge_meta
from .protocols import Arithmetic, Observer
from .saved_values import check_all_saved
from .tensor import Tensor, edge_of, make


def reachable(roots: list[Edge], since: int = 0) -> list[Node]:
    """Every node that a gradient can flow to from ``roots`` (edges), latest first.

    since: leave out nodes recorded before this sequence number.
    """
    nodes = [e[0] if type(e) is tuple else e for e in roots]
    found = {e for e in nodes if isinstance(e, Node)}
    order = list(found)
    for node in order:  # which grows as it goes
        for edge in node.inputs:
            if not isinstance(edge, Node):
                if type(edge) is not tuple:
                    continue
                edge = edge[0]
            if edge not in found and edge.seq >= since:
                found.add(edge)
                order.append(edge)
    order.sort(key=attrgetter("seq"), reverse=True)
    return order


class Walk:
    """One backward pass: the nodes to walk, and what is wanted of it."""

    __slots__ = ("order", "roots", "inputs", "needed", "ends", "notes", "accumulate")

    def __init__(self, roots: Any, inputs: list[Edge] | None = None, accumulate: Any = None):
        self.accumulate = accumulate  # of leaves whose hooks want .grad as soon as it is complete
        self.roots = roots  # pairs (edge, gradient to start with)
        self.inputs = inputs  # the edges whose gradients are wanted; None: of all leaves
        self.order = reachable([edge for edge, _ in roots], oldest(inputs))
        self.needed: set[Edge] | None = None  # what lies on a way to them; None: everything
        self.ends: set[Node] = set()  # nodes whose gradient is wanted, but not of their inputs
        if inputs is not None:
            self.needed, self.ends = needed_for(self.order, inputs)
            self.order = [node for node in self.order if node in self.needed]
        self.notes: dict[Any, Any] = {}  # what hooks keep until the pass is over


def run_backward(
    roots: list[tuple[Edge, Any]], xp: Any, *, keep_graph: bool = False,
    inputs: list[Edge] | None = None, observer: Observer | None = None, accumulate: Any = None,
) -> dict[Edge, Any]:  # fmt: skip
    """Send gradients from ``roots`` to the leaves; return ``{leaf edge: gradient}``.

    roots: pairs (edge, gradient); all gradients are arrays (first order) or all are tensors (the
    backward pass is recorded itself, ``create_graph=True``). xp: the functions for that kind,
    ``formulas.arrays`` or ``formulas.tensors``. keep_graph: keep saved tensors for another pass.
    inputs: edges whose gradients are wanted, all leaves if None. observer: who looks on at every
    node. accumulate: a function that is given ``{leaf: gradient}`` of each leaf with
    post-accumulate hooks as soon as it is complete; it is not among the results then. Other
    leaves' ``.grad`` is not touched here. What can be refused is refused before a gradient is
    computed, and if a hook or a user's function raises, no such ``.grad`` has changed.
    """
    pass_ = Walk(roots, inputs, accumulate)
    ends = pass_.ends
    check_all_saved([n for n in pass_.order if n not in ends] if ends else pass_.order)
    outer, grad_mode.walking = grad_mode.walking, pass_
    try:
        with np.errstate(all="ignore"):
            return walk(pass_, xp, keep_graph, observer)
    finally:
        grad_mode.walking = outer


def walk(pass_: Walk, xp: Any, keep_graph: bool, observer: Observer | None = None,
         arithmetic: Arithmetic | None = None) -> dict[Edge, Any]:  # fmt: skip
    """Walk the nodes of ``pass_``, see :func:`run_backward`.

    arithmetic: what to do at a node in place of its vjps and of adding up. No hook runs then.
    """
    needed, ends = pass_.needed, pass_.ends
    wanted = None if pass_.inputs is None else set(pass_.inputs)
    collected: dict[Edge, Any] = {}
    retained: list[tuple[Any, Any]] = []
    buffer: dict[Edge, Any] = {}  # the sum of what has arrived so far, by edge
    hooks = arithmetic is None
    arithmetic = arithmetic or Gradients(xp, observer)
    for edge, grad in pass_.roots:
        buffer[edge] = arithmetic.add(edge, buffer.get(edge), grad)

    complete_after = hooked_leaves(pass_.order) if hooks and seen.leaf_hooks else {}
    complete: set[Any] = set()  # the leaves whose hooks have run
    plain = xp.first_order and hooks and grad_mode.anomaly is None and observer is None
    for node in pass_.order:
        op = node.op
        if op.multi_output:
            grad = tuple([buffer.pop((node, i), None) for i in range(node.n_outputs)])
            if all(g is None for g in grad):
                continue
        else:
            grad = buffer.pop(node, None)
            if grad is None:
                continue
        if node.extra is not None and hooks:
            grad = hooked(node, grad, xp, retained)
        if wanted is not None:
            collect(node, grad, wanted, collected)
            if node in ends:
                continue

        # One vjp an input, or for some operations one for all inputs together.
        vjps = op.fast_vjps
        if plain and vjps is not None and node.extra is None:
            saved, fits = node.saved, node.fits
            for edge, (vjp, slot) in zip(node.inputs, vjps):
                if edge is None or (needed is not None and edge not in needed):
                    continue
                if slot >= 0:
                    g = vjp(grad, saved[slot]._data)
                elif slot == ASKS_NODE:
                    g = vjp(grad, node)
                else:
                    g = vjp(grad)
                if not fits:
                    if isinstance(edge, Node):
                        shape, dtype = edge.shape, edge.dtype
                    else:
                        shape, dtype = edge_meta(edge)
                    if g.shape != shape or g.dtype is not dtype:
                        g = xp.fit(g, shape, dtype)
                before = buffer.get(edge)
                buffer[edge] = g if before is None else before + g
        else:
            wants = [e is not None and (needed is None or e in needed) for e in node.inputs]
            for edge, g in zip(node.inputs, arithmetic.pull(node, grad, wants)):
                if g is not None:
                    buffer[edge] = arithmetic.add(edge, buffer.get(edge), g)
            if node in complete_after:
                run_leaf_hooks(complete_after[node], buffer, complete, pass_, xp)
        if not keep_graph and node.saved:
            node.saved = None  # free what only this pass needed

    # What is left in the buffer belongs to leaves.
    for edge, g in buffer.items():
        if isinstance(edge, (Node, tuple)):
            continue
        if wanted is None or edge in wanted:
            done = edge.extra is None or edge in complete or not hooks
            collected[edge] = g if done else run_tensor_hooks(edge, 0, g, xp)
    for reference, g in retained:
        tensor = reference()
        if tensor is not None:
            tensor._grad = xp.keep(g, tensor._grad)
    return collected


class Gradients:
    """What a pass does at a node: its vjps, and adding up (the usual ``Arithmetic``)."""

    def __init__(self, xp: Any, observer: Observer | None) -> None:
        self.xp, self.observer = xp, observer

    def pull(self, node: Node, grad: Any, wants: list[bool]) -> list[Any]:
        """The gradients of a node's inputs (None where not wanted), each fitting its input."""
        pullback = grad_mode.anomaly or node.op.pullback
        if node.extra is None:
            pulled = pullback(node, grad, self.xp, wants)
        else:
            grad, pulled = pull_with_hooks(node, grad, self.xp, wants, pullback)
        fitted: list[Any] = []
        for edge, g, want in zip(node.inputs, pulled, wants):
            wanted = g is not None and want
            fitted.append(self.xp.fit(g, *edge_meta(edge)) if wanted else None)
        if self.observer is not None:
            self.observer.walked(node, grad, fitted)
        return fitted

    def add(self, edge: Edge, before: Any, g: Any) -> Any:
        return g if before is None else before + g


# --- at the leaves -----------------------------------------------------------------------------

_accumulating = threading.Lock()  # two threads' backward passes may share leaves


def accumulate(found: dict[Edge, Any], create_graph: bool, roots: list[Tensor]) -> None:
    """Add each leaf's gradient to its ``.grad`` (prehooks first, post-accumulate hooks after)."""
    xp = tensors if create_graph else arrays
    for leaf, g in found.items():  # all prehooks before any .grad changes: one of them may raise
        if leaf.extra is not None and leaf._node is None and leaf.extra.pre_hooks:
            (found[leaf],) = run_node_hooks(leaf.extra.pre_hooks, (g,), xp)
    # How many leaves get the very same gradient: a new .grad needs one of its own.
    fresh = any(leaf._grad is None for leaf in found)
    owners = Counter(map(id, found.values())) if fresh else {}
    with _accumulating:
        for leaf, g in found.items():
            add_to_grad(leaf, g, create_graph, fresh and owners[id(g)] > 1, roots)
    for leaf, g in found.items():
        if leaf.extra is not None:
            run_accumulate_hooks(leaf, g, xp)


def add_to_grad(leaf: Tensor, g: Any, create_graph: bool, shared: bool, roots: Any) -> None:
    if not leaf._requires_grad:
        return  # requires_grad_(False) or detach_() since
    before = leaf._grad
    if create_graph:
        # A recorded copy: later passes add into .grad, and g may be saved in the graph.
        leaf._grad = tensors.copy_of(g) if before is None else before + g
    elif before is None:
        # Take the array over if it is ours alone; a gradient that several tensors share, or
        # that is a view, must be copied: zero_() on one .grad must not change another. It lies
        # in memory as its leaf does.
        shared = shared or not isinstance(g, np.ndarray) or g.base is not None
        shared = shared or leaf.extra is not None or g.strides != leaf._data.strides
        shared = shared or any(g is r._data for r in roots)
        leaf._grad = make(np.positive(g, out=np.empty_like(leaf._data)) if shared else g)
    else:
        np.add(before._data, g, out=before._data)
        owner = before if before._owner is None else before._owner
        owner._ver += 1


def backward(root: Tensor, keep_graph: bool = False) -> None:
    """The gradients of a single number, added to ``.grad`` of the leaves it was computed from.

    The package puts a method in its place that takes PyTorch's arguments.
    """
    start = make(np.ones_like(root._data))
    grad_mode.enabled, before = False, grad_mode.enabled
    try:
        found = run_backward([(edge_of(root), start._data)], arrays, keep_graph=keep_graph)
    finally:
        grad_mode.enabled = before
    accumulate(found, False, [start])


Tensor.backward = backward  # type: ignore[attr-defined]
