"""Levels: which transforms (``jvp``, ``vmap``) are running, one inside the other.

A transform gives the user's function tensors that carry more than their numbers: a tangent (see
dual.py) or a batch (batch.py). Such a tensor is a *shell* around the tensors of the next level
out. An operation on shells is run by the innermost level among its inputs: it takes its own shell
off, runs the operation on what is inside (where the next level may take over), and puts a shell
around the result. So nesting needs no extra rule.

Gradients see the same tape on every level: a shell is recorded like any tensor, if one of its
inputs requires a gradient.

The order of levels is that of functorch (Zou and He, 2021) and JAX (Bradbury et al. 2018).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..core.hooks import Extra
from ..core.modes import grad_mode
from ..core.op import record
from ..core.tensor import Tensor, edge_of, make
from ..faithful.rare_things import rare_while_alive
from ..ops.elementwise.arithmetic import convert


class Level:
    """One running transform. Its rank says how deep it is; the highest rank is innermost."""

    of_vmap = False

    def __init__(self) -> None:
        self.rank = 0
        self.alive = False
        self.forget: Any = None  # without any level, operations need not look for shells


class NotBatchable(RuntimeError):
    """This needs the numbers of a single example: vmap then runs the function in a loop."""


class _Running(threading.local):
    """What this thread is inside of."""

    transforming = False  # a transform runs the user's function: some things may not be done in it
    no_hooks: str | None = None  # why no saved-tensor hooks may be used, if so
    forward_grad = True  # tangents are pushed forward

    def __init__(self) -> None:
        self.stack: list[Level] = []  # its levels, innermost last


running = _Running()


def enter(level: Level) -> Level:
    # Also if it is never left: a thread may end inside of a dual level.
    level.forget = rare_while_alive(level)
    level.rank = len(running.stack) + 1
    level.alive = True
    running.stack.append(level)
    return level


def leave(level: Level) -> None:
    level.alive = False
    running.stack.remove(level)
    level.forget()


@contextmanager
def inside(level: Level) -> Iterator[Level]:
    """Run a block in ``level``; leave it also if the block raises."""
    enter(level)
    try:
        with transforming():
            yield level
    finally:
        leave(level)


@contextmanager
def transforming() -> Iterator[None]:
    """Say that a transform runs the user's function."""
    before, running.transforming = running.transforming, True
    try:
        yield
    finally:
        running.transforming = before


@contextmanager
def going_back() -> Iterator[None]:
    """Say that a transform in reverse mode runs the user's function: its graph is recorded."""
    message = (
        "torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor hooks. Please open "
        "an issue with your use case."
    )
    if grad_mode.packing is not None:
        raise RuntimeError(message)
    before, running.no_hooks = running.no_hooks, message
    try:
        with recording(), transforming():
            yield
    finally:
        running.no_hooks = before


@contextmanager
def forward_grad(on: bool) -> Iterator[None]:
    """Push tangents forward, or not: what is computed then has none."""
    before, running.forward_grad = running.forward_grad, on
    try:
        yield
    finally:
        running.forward_grad = before


@contextmanager
def recording(on: bool = True) -> Iterator[None]:
    """Record (or not) whatever mode the user is in; his saved-tensor hooks see nothing."""
    before = grad_mode.enabled, grad_mode.mark, grad_mode.packing
    grad_mode.enabled, grad_mode.mark, grad_mode.packing = on, None, None
    try:
        yield
    finally:
        grad_mode.enabled, grad_mode.mark, grad_mode.packing = before


def carried_of(t: Tensor) -> Any:
    """What the tensor carries; None nearly always."""
    return None if t.extra is None else t.extra.carried


def tracked(t: Tensor) -> bool:
    """Whether the tensor, or one inside of it, requires a gradient."""
    return t.requires_grad or any(part.requires_grad for part in contents(t))


def contents(t: Tensor) -> list[Tensor]:
    """The tensors inside of a shell, on all levels further out."""
    carried = carried_of(t)
    found = () if carried is None else carried.contents()
    return [*found, *(deeper for part in found for deeper in contents(part))]


def batches(t: Tensor) -> set[Level]:
    """The levels of ``vmap`` whose examples are in the tensor."""
    found = [carried_of(part) for part in (t, *contents(t))]
    return {c.level for c in found if c is not None and c.rank and c.level.of_vmap}


def twin(t: Tensor) -> Tensor:
    """The same numbers and the same tangent or batch, without history."""
    copied = make(t._data)
    carried = carried_of(t)
    plain = carried is None or carried.rank == 0  # transforms may record inference tensors too
    copied.extra = None if plain else Extra(carried)
    copied._owner = t if t._owner is None else t._owner
    return copied


def converted(inputs: Any, arrays: Any) -> tuple[Tensor, ...]:
    """The inputs in the dtypes that type promotion chose (``arrays`` are their numbers in them)."""
    if arrays is None:
        return tuple(inputs)
    return tuple([
        t if t._data.dtype == a.dtype else convert(t, a.dtype)
        for t, a in zip(inputs, arrays, strict=True)
    ])  # fmt: skip


def record_shell(op: Any, inputs: Any, params: Any, outs: tuple[Tensor, ...]) -> None:
    """Record an operation on shells, as ``core.op.apply`` does for plain tensors."""
    if not grad_mode.enabled or not op.differentiable:
        return
    can = op.can_differ
    edges = tuple([
        edge_of(t) if can is None or can[i] else None for i, t in enumerate(inputs)
    ])  # fmt: skip
    if all(e is None for e in edges):
        return
    record(op, inputs, params, [t._data for t in inputs], edges, outs)
    node = next((t._node for t in outs if t._node is not None), None)
    if node is None:
        return
    node = node[0] if type(node) is tuple else node
    for t, kept in zip(outs, node.saved[len(edges) :]):  # the node's twins of results, or nothing
        if isinstance(kept, Tensor):
            kept.extra = t.extra  # such a twin is a shell too
