"""Hooks: the user's functions that see, and may replace, gradients. (May be skipped at first.)

Tensors and nodes keep their hooks in an :class:`Extra`, made when the first hook is registered, so
that the many that have none carry only a ``None``. The functions at the end are called by the
backward pass. A hook gets its own copy of a gradient: what it keeps or writes is safe from what the
backward pass does next.
"""

from __future__ import annotations

import weakref
from types import SimpleNamespace
from typing import Any

from .node import Node, node_and_output
from .protocols import Carried
from .slots import slots


class Extra:
    """What few nodes and few tensors have: hooks, retained gradients, notes, a batch or tangent."""

    __slots__ = (
        "pre_hooks", "post_hooks", "tensor_hooks", "retain", "accumulated", "metadata", "carried",
        "results",
    )  # fmt: skip

    def __init__(self, carried: Carried | None = None) -> None:
        self.pre_hooks: dict[int, Any] = {}
        self.post_hooks: dict[int, Any] = {}
        self.tensor_hooks: dict[int, dict[int, Any]] = {}  # by output number
        self.retain: dict[int, Any] = {}  # output number -> weak reference to the tensor
        self.accumulated: dict[int, Any] = {}  # post-accumulate-grad hooks of a leaf
        self.metadata: dict[str, Any] = {}
        # Of a tensor with more than its numbers (a tangent, a batch of numbers, or the mark of
        # inference mode): what runs operations on it (protocols.Carried).
        self.carried = carried
        # Of memory that an in-place operation wrote its result into and keeps for its gradient:
        # weak references to the kept tensors, whose version goes up with the memory's.
        self.results: list[Any] = []


def extra_of(owner: Any) -> Extra:
    """The owner's Extra, made on first use."""
    if type(owner.extra) is not Extra:
        owner.extra = Extra(None if owner.extra is None else owner.extra.carried)
    extra: Extra = owner.extra
    return extra


def retain(t: Any) -> None:
    """From now on a backward pass fills ``.grad`` of ``t`` too, the result of an operation."""
    node, i = node_and_output(t._node)
    extra_of(node).retain[i] = weakref.ref(t)


def is_retained(t: Any) -> bool:
    node, i = node_and_output(t._node)
    kept = None if node is None or node.extra is None else node.extra.retain.get(i)
    return kept is not None and kept() is t


def stop_retaining(t: Any) -> bool:
    """Undo :func:`retain`; says whether there was something to undo."""
    if not is_retained(t):
        return False
    node, i = node_and_output(t._node)
    del node.extra.retain[i]
    return True


# What there has been in this process; until then, a backward pass need not look for it.
seen = SimpleNamespace(leaf_hooks=False)

# --- called by the backward pass ----------------------------------------------------------------


def run_tensor_hooks(owner: Any, index: int, grad: Any, xp: Any) -> Any:
    """Let the hooks of one tensor see, and perhaps replace, its gradient."""
    if not owner.extra.tensor_hooks.get(index):
        return grad
    for hook in list(owner.extra.tensor_hooks[index].values()):
        if grad is None:  # of several outputs, one that got no gradient
            slots.words.check_none_stays(None, hook(None))
            continue
        shown = xp.wrap_copy(grad)
        replaced = hook(shown)
        if replaced is None:
            replaced = shown  # a hook that writes into its argument is heard too
        slots.words.check_replacement(hook, replaced, shown)
        grad = xp.unwrap_copy(replaced)
    return grad


def hooked(node: Node, grad: Any, xp: Any, retained: list[tuple[Any, Any]]) -> Any:
    """The gradient of a node's output(s) after the hooks of its tensors; notes who retains it."""
    # Of several outputs, one that got no gradient has None; its hooks see that, as in PyTorch.
    grads = grad if node.op.multi_output else (grad,)
    grads = tuple([run_tensor_hooks(node, i, g, xp) for i, g in enumerate(grads)])
    for i, tensor in node.extra.retain.items():
        if grads[i] is not None:
            retained.append((tensor, grads[i]))
    return grads if node.op.multi_output else grads[0]


def pull_with_hooks(node: Any, grad: Any, xp: Any, wants: list[bool], pullback: Any) -> Any:
    """``pullback`` between the node's own hooks: (its gradient as they leave it, those pulled)."""
    extra, many = node.extra, node.op.multi_output
    if extra.pre_hooks:
        grads = run_node_hooks(extra.pre_hooks, grad if many else (grad,), xp)
        grad = grads if many else grads[0]
    pulled = pullback(node, grad, xp, wants)
    if extra.post_hooks:
        pulled = run_node_hooks(extra.post_hooks, pulled, xp, grad if many else (grad,))
    return grad, pulled


def run_node_hooks(hooks: Any, grads: Any, xp: Any, *others: Any) -> tuple[Any, ...]:
    """``grads`` as a node's hooks leave them: ``hook(grad_outputs)`` before the node runs, and
    ``hook(grad_inputs, grad_outputs)`` after it, which sees ``others`` but replaces ``grads``."""
    for hook in list(hooks.values()):
        replaced = hook(*[wrapped(shown, xp) for shown in (grads, *others)])
        if replaced is not None:
            grads = unwrapped(hook, replaced, grads, xp)
    return grads


def wrapped(grads: tuple[Any, ...], xp: Any) -> tuple[Any, ...]:
    return tuple(None if g is None else xp.wrap_copy(g) for g in grads)


def unwrapped(hook: Any, new: Any, old: tuple[Any, ...], xp: Any) -> tuple[Any, ...]:
    """A node hook's answer, checked: a tuple with a gradient for each that there was."""
    slots.words.check_hook_answer(hook, new, old, xp)
    return tuple(None if g is None else xp.unwrap_copy(g) for g in new)


def hooked_leaves(order: list[Any]) -> dict[Any, list[Any]]:
    """The leaves that have hooks, by the last node of ``order`` that uses them.

    As in PyTorch, a leaf's hooks run as soon as its gradient is complete.
    """
    last = {}
    for node in order:
        for edge in node.inputs:
            plain = edge is None or isinstance(edge, (Node, tuple)) or edge.extra is None
            if not plain and (edge.extra.tensor_hooks or edge.extra.accumulated):
                last[edge] = node
    by_node: dict[Any, list[Any]] = {}
    for leaf, node in last.items():
        extra_of(node)  # such a node is not walked on the fast path, which does not look for this
        by_node.setdefault(node, []).append(leaf)
    return by_node


def run_leaf_hooks(leaves: Any, buffer: Any, complete: set[Any], pass_: Any, xp: Any) -> None:
    """The hooks of leaves whose gradient in ``buffer`` is ``complete`` now."""
    for leaf in leaves:
        if leaf in buffer:  # put at the end: .grad is filled in the order of completion
            g = run_tensor_hooks(leaf, 0, buffer.pop(leaf), xp)
            complete.add(leaf)
            if leaf.extra.accumulated and pass_.accumulate is not None:
                pass_.accumulate({leaf: g})
            else:
                buffer[leaf] = g


def run_accumulate_hooks(leaf: Any, g: Any, xp: Any) -> None:
    """The hooks of a leaf whose ``.grad`` has just been added to."""
    for hook in list(leaf.extra.accumulated.values()):
        slots.words.check_nothing_returned(hook(leaf))
    if leaf._node is None and leaf.extra.post_hooks:
        run_node_hooks(leaf.extra.post_hooks, (), xp, (g,))
