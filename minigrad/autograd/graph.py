"""``autograd.graph``: nodes and edges under PyTorch's names, and what to do with saved tensors.

Not to be confused with :func:`minigrad.graph`, which draws the recorded graph.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..core.backward import Walk
from ..core.modes import grad_mode
from ..core.node import Node as RecordedNode
from ..core.tensor import Tensor, edge_of
from ..faithful.forks import new_lock
from ..faithful.removable_handle import Handle
from ..func.levels import running
from ..ops.writing.inplace import bump
from .grad_fn import AccumulateGrad, as_function
from .packing import Packing

__all__ = [
    "GradientEdge", "Node", "allow_mutation_on_saved_tensors", "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version", "register_multi_grad_hook", "save_on_cpu", "saved_tensors_hooks",
]  # fmt: skip


class _IsNode(type):
    def __instancecheck__(cls, thing: Any) -> bool:
        return isinstance(thing, (RecordedNode, AccumulateGrad))

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, (RecordedNode, AccumulateGrad))


class Node(metaclass=_IsNode):
    """What ``grad_fn`` and ``next_functions`` are made of: for ``isinstance`` only.

    A node has ``name()``, ``next_functions``, ``metadata`` (a dict for notes), ``register_hook``
    and ``register_prehook``.

    >>> import minigrad as mg
    >>> x = mg.ones(2, requires_grad=True)
    >>> y = x * 2
    >>> isinstance(y.grad_fn, mg.autograd.graph.Node)
    True
    """


class GradientEdge(NamedTuple):
    """Where a tensor's gradient goes: output ``output_nr`` of ``node``. May stand for the tensor
    in ``autograd.grad`` and ``backward``."""

    node: Any
    output_nr: int
    ownership_token: Any = None


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """The edge of a tensor that requires a gradient (RuntimeError if it does not)."""
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require "
            "gradients: no gradient flows to it"
        )
    return GradientEdge(*as_function(edge))


def increment_version(tensor: Any) -> None:
    """Count a write that minigrad did not see, such as one through NumPy.

    >>> import minigrad as mg
    >>> x = mg.ones(2)
    >>> x.numpy()[0] = 5.0
    >>> mg.autograd.graph.increment_version(x)
    >>> x._version
    1
    """
    if not isinstance(tensor, (Tensor, Iterable)):
        raise RuntimeError(
            f"increment_version expect a Iterable[Tensor] as input, not {type(tensor).__name__}"
        )
    for t in (tensor,) if isinstance(tensor, Tensor) else tuple(tensor):
        if not t.is_inference():  # which has no version
            bump(t)


# --- saved tensors ---------------------------------------------------------------------------


class _Here(threading.local):
    """What this thread's blocks say of saved tensors (see also ``running.no_hooks``)."""

    mutation_allowed = False


here = _Here()


class saved_tensors_hooks:
    """In this block, ``pack_hook(tensor)`` says what a node keeps instead of a tensor.

    ``unpack_hook`` gets that back in the backward pass and must give a tensor with the same
    numbers. Good for moving saved tensors to a file, or for counting them.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> def pack(t):
    ...     print("kept", t)
    ...     return t.numpy().copy()
    >>> with mg.autograd.graph.saved_tensors_hooks(pack, mg.from_numpy):
    ...     y = x.detach().exp() * x
    kept tensor([2.7183, 7.3891])
    >>> y.sum().backward()
    >>> x.grad
    tensor([2.7183, 7.3891])
    """

    def __init__(self, pack_hook: Any, unpack_hook: Any) -> None:
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook
    def __enter__(self) -> None:
        if running.no_hooks is not None:
            raise RuntimeError(running.no_hooks)
        grad_mode.packing = Packing(self.pack_hook, self.unpack_hook)

    def __exit__(self, *exc: object) -> None:
        grad_mode.packing = grad_mode.packing.around


class save_on_cpu(saved_tensors_hooks):
    """Keep saved tensors on the CPU. minigrad always does; kept are copies, as in PyTorch."""

    def __init__(self, pin_memory: bool = False, device_type: str = "cpu") -> None:
        super().__init__(lambda t: t.clone(), lambda t: t)


@contextlib.contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """In this block, the use of saved-tensor hooks raises RuntimeError with ``error_message``.

    Decorates functions too.
    """
    if grad_mode.packing is not None:
        raise RuntimeError(error_message)
    before, running.no_hooks = running.no_hooks, error_message
    try:
        yield
    finally:
        running.no_hooks = before


@contextlib.contextmanager
def allow_mutation_on_saved_tensors() -> Iterator[None]:
    """In this block, tensors that a node has saved may be written to in place.

    The backward pass, which must be in the block too, gets the numbers as they were. Every saved
    tensor is copied for that; PyTorch copies only those that are written to.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> with mg.autograd.graph.allow_mutation_on_saved_tensors():
    ...     a = x.clone()
    ...     b = a * a
    ...     a.zero_()
    ...     b.sum().backward()
    tensor([0., 0.], grad_fn=<ZeroBackward0>)
    >>> x.grad
    tensor([2., 4.])
    """
    if here.mutation_allowed:
        raise RuntimeError(
            "allow_mutation_on_saved_tensors contexts cannot be nested: one is enough"
        )
    inside = True

    def unpack(t: Tensor) -> Tensor:
        if not inside:
            raise AssertionError(
                "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context in "
                "which the graph was originally recorded."
            )
        return t

    here.mutation_allowed = True
    try:
        with saved_tensors_hooks(lambda t: t.detach().clone(), unpack):
            yield
    finally:
        here.mutation_allowed = inside = False


# --- hooks on several tensors ------------------------------------------------------------------


class _Handles:
    """Removes several hooks at once."""

    def __init__(self, handles: list[Handle]) -> None:
        self._handles = handles

    def remove(self) -> None:
        for handle in self._handles:
            handle.remove()

    def __enter__(self) -> _Handles:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


def register_multi_grad_hook(tensors: Any, fn: Any, *, mode: str = "all") -> _Handles:
    """Call ``fn`` when the gradients of several tensors are there. Returns a removable handle.

    mode "all": ``fn(grads)`` once every gradient that this backward pass computes is there; None
    for a tensor that it does not reach. mode "any": ``fn(grad)`` with the first.

    >>> import minigrad as mg
    >>> a, b = mg.ones(2, requires_grad=True), mg.ones(2, requires_grad=True)
    >>> handle = mg.autograd.graph.register_multi_grad_hook((a, b), print)
    >>> (a * 2 + b * 3).sum().backward()
    [tensor([2., 2.]), tensor([3., 3.])]
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    tensors = tuple(tensors)
    for t in tensors:
        if not t.requires_grad:
            raise AssertionError(
                "Expected gradient function to be set: every tensor must require a gradient"
            )
    shared = _MultiHook(tensors, fn, mode)
    return _Handles([t.register_hook(shared.for_tensor(i)) for i, t in enumerate(tensors)])


class _MultiHook:
    """Counts, for each backward pass by itself, which of the gradients have come."""

    def __init__(self, tensors: tuple[Tensor, ...], fn: Any, mode: str) -> None:
        # Edges to leaves would keep the leaf alive, and the leaf keeps this hook: a cycle. Weak
        # references are enough, as a hook only runs while its tensor's edge exists.
        self.edges = [_weak(edge_of(t)) for t in tensors]
        self.fn, self.mode = fn, mode
        self.lock = new_lock()

    def for_tensor(self, i: int) -> Any:
        def multi_grad_hook(grad: Tensor) -> None:
            self.arrived(i, grad)

        return multi_grad_hook

    def arrived(self, i: int, grad: Tensor) -> None:
        walk = grad_mode.walking
        assert walk is not None, "hooks run in backward passes only"
        with self.lock:
            if self not in walk.notes:
                missing = sum(reaches(walk, edge()) for edge in self.edges)
                walk.notes[self] = [missing, [None] * len(self.edges)]
            count = walk.notes[self]
            count[0] -= 1
            count[1][i] = grad
            complete = count[0] == 0
            first = sum(g is not None for g in count[1]) == 1
        if self.mode == "any" and first:
            self.fn(grad)
        elif self.mode == "all" and complete:
            self.fn(list(count[1]))


def reaches(walk: Walk, edge: Any) -> bool:
    """Whether this pass sends a gradient along ``edge``."""
    if isinstance(edge, (RecordedNode, tuple)):
        return (edge[0] if type(edge) is tuple else edge) in set(walk.order)
    if walk.needed is not None and edge not in walk.needed:
        return False
    if any(edge is root for root, _ in walk.roots):
        return True
    walked = (node for node in walk.order if node not in walk.ends)
    return any(edge is e for node in walked for e in node.inputs)


def _weak(edge: Any) -> Any:
    """A function that gives the edge back while it exists, else None."""
    if type(edge) is tuple:
        node, i = weakref.ref(edge[0]), edge[1]
        return lambda: None if node() is None else (node(), i)
    return weakref.ref(edge)
