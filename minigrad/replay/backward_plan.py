"""The backward pass of a captured step: the engine's walk, written out as a list of calls.

``backward.walk`` decides at every node what to do. For a recorded graph the answers are always the
same, so :class:`Plan` asks once: which vjp, in which memory its result goes, what is added to what.
Gradients of intermediate results live in fixed arrays; those of leaves are new arrays each time,
because ``.grad`` may take them over. The order of all sums is the engine's.
"""

from __future__ import annotations

import weakref
from functools import partial
from typing import Any

import numpy as np

from ..core.backward import Walk, accumulate
from ..core.backward import walk as walk_back
from ..core.fast_vjps import ASKS_NOTHING
from ..core.first_ops import Clamp, Mm, Mul, PowScalar
from ..core.formulas import arrays as xp
from ..core.node import Node, edge_meta
from ..core.tensor import Tensor, make
from ..ops.capturing import memory_of
from ..ops.elementwise.limits import Relu
from ..ops.networks.linear import Linear, LinearNoBias


class Plan:
    """Steps that compute the gradients of all leaves, in the engine's order.

    Made by the engine's own walk, as its ``protocols.Arithmetic``: what arrives at a node is not
    a gradient but the array that each replay is going to write that gradient into.
    """

    def __init__(self, walk: Walk) -> None:
        self.steps: list[Any] = []
        self.found: dict[Any, Any] = {}
        walk_back(walk, xp, True, arithmetic=self)

    def gradients(self) -> dict[Any, Any]:
        found = self.found
        found.clear()
        for step in self.steps:
            step()
        return found.copy()

    def pull(self, node: Node, grad: Any, wants: list[bool]) -> list[Any]:
        """Plan the vjps of a node. Of leaves nothing goes on: their gradients are in ``found``."""
        if node.op.fast_vjps is None or node.op.multi_output:
            return self._joint(node, grad, wants)
        return [self._one(node, i, grad) if want else None for i, want in enumerate(wants)]

    def add(self, edge: Any, before: Any, g: Any) -> Any:
        """Plan a sum, if ``g`` is not the first to arrive."""
        if is_leaf(edge):
            self._step(partial(to_leaf, self.found, edge, np.array, (g,), *edge_meta(edge)))
            return None
        if before is None:
            return g
        total = np.asarray(before + g)
        self._step(partial(np.add, before, g, out=total))
        return total

    def _one(self, node: Node, i: int, g: Any) -> Any:
        """The vjp of one input, in an array of its own or in a view of what is there anyway."""
        edge = node.inputs[i]
        vjp, args = call_of(node, i, g)
        shape, dtype = edge_meta(edge)
        if is_leaf(edge):
            if (node.op, i) == (Mm, 1) and g.dtype.kind != "c":
                vjp, args = np.matmul, (saved(node, 0).T, g)  # what the vjp comes to
            self._step(partial(to_leaf, self.found, edge, vjp, args, shape, dtype))
            return None
        array = np.asarray(vjp(*args))
        if not follows(array, g, node):
            make_kernel = KERNELS.get((node.op, i))
            call = make_kernel(node, g, array) if make_kernel else None
            self._step(call or partial(vjp_into, vjp, args, fixed_memory(array)))
        if array.shape != shape or array.dtype != dtype:
            fitted = np.asarray(xp.fit(array, shape, dtype))
            if not np.may_share_memory(fitted, array):
                again = (array, shape, dtype)
                self._step(partial(vjp_into, xp.fit, again, fixed_memory(fitted)))
            array = fitted
        return array

    def _joint(self, node: Node, g: Any, wants: list[bool]) -> list[Any]:
        """One vjp for all inputs."""
        arrays = [
            None if e is None or is_leaf(e) or a is None else np.array(xp.fit(a, *edge_meta(e)))
            for e, a in zip(node.inputs, node.op.pullback(node, g, xp, wants), strict=True)
        ]
        self._step(partial(joint_into, self.found, node, g, wants, arrays))
        return arrays

    def _step(self, call: Any) -> None:
        """Call it now, and in every replay."""
        call()
        self.steps.append(call)


def is_leaf(edge: Any) -> bool:
    return not isinstance(edge, (Node, tuple))


def call_of(node: Node, i: int, g: Any) -> tuple[Any, tuple[Any, ...]]:
    """The vjp of input ``i`` and its arguments, as the engine calls it."""
    vjp, slot = node.op.fast_vjps[i]
    if slot >= 0:
        return vjp, (g, node.saved[slot]._data)
    return vjp, (g,) if slot == ASKS_NOTHING else (g, node)


def follows(array: Any, g: Any, node: Node) -> bool:
    """Whether the result is a view of memory that is up to date anyway."""
    saved = [t._data for t in node.saved if t is not None]
    return any(np.may_share_memory(array, a) for a in [g, *saved])


def to_leaf(found: Any, edge: Any, vjp: Any, args: Any, shape: Any, dtype: Any) -> None:
    g = vjp(*args)
    if g.shape != shape or g.dtype != dtype:
        g = xp.fit(g, shape, dtype)
    found[edge] = g if edge not in found else found[edge] + g


def vjp_into(vjp: Any, args: Any, owner: Any) -> None:
    """Any vjp. What is copied is the memory below, for the result may be a view that repeats it."""
    np.copyto(owner, memory_of(np.asarray(vjp(*args))))


def fixed_memory(array: Any) -> Any:
    """The memory below ``array``, to be written to in each replay."""
    owner = memory_of(array)
    if not owner.flags.writeable:
        raise NoPlan
    return owner


class NoPlan(Exception):
    """The engine has to walk."""


def joint_into(found: Any, node: Any, g: Any, wants: Any, arrays: Any) -> None:
    grads = node.op.pullback(node, g, xp, wants)
    for edge, grad, array in zip(node.inputs, grads, arrays):
        if edge is None or grad is None:
            continue
        if array is None:
            to_leaf(found, edge, np.asarray, (grad,), *edge_meta(edge))
        else:
            np.copyto(array, xp.fit(grad, array.shape, array.dtype))


# --- vjps with a place for their result: (operation, input) -> (node, g, out) -> a call --------


def saved(node: Node, i: int) -> Any:
    return node.saved[i]._data


def masked(compare: Any, x: Any, limit: Any, g: Any, out: Any) -> Any:
    """``out = where(compare(x, limit), g, 0)``, as ops/elementwise/comparisons.py does it."""
    bits = {4: np.int32, 8: np.int64}.get(g.itemsize)
    if bits is None or g.dtype.kind != "f":
        return None
    return partial(mask_into, compare, x, limit, np.empty(x.shape, bool), g.view(bits),
                   out.view(bits))  # fmt: skip


def mask_into(compare: Any, x: Any, limit: Any, mask: Any, g: Any, out: Any) -> None:
    compare(x, limit, out=mask)
    np.multiply(g, mask, out=out)


def clamp_kernel(node: Node, g: Any, out: Any) -> Any:
    low, high = node.params.get("min"), node.params.get("max")
    if high is not None:
        return None
    return masked(np.greater_equal, saved(node, 0), low, g, out)


def square_kernel(node: Node, g: Any, out: Any) -> Any:
    if node.params["exponent"] != 2 or g.dtype.kind != "f":
        return None
    return partial(square_into, saved(node, 0), g, out)


def square_into(x: Any, g: Any, out: Any) -> None:
    np.multiply(2, x, out=out)
    np.multiply(g, out, out=out)


KERNELS: dict[tuple[Any, int], Any] = {
    (Mul, 0): lambda node, g, out: partial(np.multiply, g, saved(node, 1), out=out),
    (Mul, 1): lambda node, g, out: partial(np.multiply, g, saved(node, 0), out=out),
    (Mm, 0): lambda node, g, out: partial(np.matmul, g, saved(node, 1).conj().T, out=out)
    if g.dtype.kind == "c" else partial(np.matmul, g, saved(node, 1).T, out=out),
    (Linear, 1): lambda node, g, out: partial(np.matmul, g, saved(node, 2), out=out),
    (LinearNoBias, 0): lambda node, g, out: partial(np.matmul, g, saved(node, 1), out=out),
    (Relu, 0): lambda node, g, out: masked(np.greater, saved(node, 1), 0, g, out),
    (Clamp, 0): clamp_kernel,
    (PowScalar, 0): square_kernel,
}  # fmt: skip


class RepeatedPass:
    """A backward pass of the step, to be done again."""

    def __init__(self, roots: Any, inputs: Any, accumulates: bool) -> None:
        self.roots = roots
        self.inputs = inputs
        self.accumulates = accumulates
        self.walk = Walk(roots, inputs)
        self.order = self.walk.order
        self.starts = [make(g) for _, g in roots]
        self.plan: Plan | None = None
        self.saved: list[tuple[Any, Any]] = []  # nodes, and what they had saved
        self.found: dict[Any, Any] = {}
        self.before: dict[Any, Any] = {}
        self.results: list[tuple[Any, Any]] = []  # (edge, array to fill)
        # Leaves whose gradient the step reads afterwards: it has to be in this array.
        self.fixed: list[tuple[Tensor, Any, weakref.ref[Tensor]]] = []

    def prepare(self) -> None:
        """Make the plan, if all gradients of leaves are wanted; else the engine walks."""
        if self.inputs is not None:
            return
        try:
            with np.errstate(all="ignore"):
                self.plan = Plan(self.walk)
        except NoPlan:
            pass

    def gradients(self) -> dict[Any, Any]:
        if self.plan is not None:
            return self.plan.gradients()
        return walk_back(self.walk, xp, True)

    def replay(self) -> None:
        found = self.gradients()
        if self.accumulates:
            accumulate(found, False, self.starts)
        for edge, array in self.results:
            np.copyto(array, found[edge])
        for i, (leaf, array, holder) in enumerate(self.fixed):
            grad = leaf._grad
            if grad is None or grad._data is array:
                continue
            old = holder()
            if old is not None and old._data is array:  # someone still holds it
                old._data = array.copy()
            np.copyto(array, grad._data)
            grad._data = array
            self.fixed[i] = (leaf, array, weakref.ref(grad))
