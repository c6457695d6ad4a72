"""Saved tensors put away by the user's pack hook, brought back by the unpack hook.

While a block of ``autograd.graph.saved_tensors_hooks`` runs, ``grad_mode.packing`` is
the :class:`Packing` of the innermost block: every
tensor that a node would keep is given to the pack hook, and the node keeps what that returned.
"""

from __future__ import annotations

from typing import Any

from ..core.hooks import extra_of
from ..core.modes import grad_mode
from ..core.node import Node
from ..core.tensor import Tensor, make
from ..faithful.rare_things import rare_while_alive


class Packed:
    """Stands in ``node.saved`` for a tensor that was put away."""

    __slots__ = ("held", "unpack_hook")
    # What the engine asks of saved tensors; versions cannot be followed through the hooks.
    _ver = 0
    _version = 0
    _owner = None

    def __init__(self, held: Any, unpack_hook: Any) -> None:
        self.held = held
        self.unpack_hook = unpack_hook

    def unpack(self) -> Tensor:
        """The tensor, without history."""
        t = self.unpack_hook(self.held)
        if not isinstance(t, Tensor):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                f"{type(t).__name__}: it must give back the tensor that the pack hook was given"
            )
        return t.detach() if t.requires_grad else t

    @property
    def _data(self) -> Any:
        return self.unpack()._data


class Packing:
    """The hooks of a block, as ``grad_mode.packing``, and those of the block around it."""

    def __init__(self, pack_hook: Any, unpack_hook: Any) -> None:
        self.hooks = pack_hook, unpack_hook
        self.around: Packing | None = grad_mode.packing
        rare_while_alive(self)

    def __call__(self, node: Node) -> None:
        pack_saved(*self.hooks, node)


def pack_saved(pack: Any, unpack: Any, node: Node) -> None:
    """Give each tensor that ``node`` saved to the pack hook."""
    saved = list(node.saved)
    for i in packing_order(node):
        if saved[i] is not None and not is_number(saved[i]):
            saved[i] = pack_one(saved[i], edge_of_saved(node, i), pack, unpack)
    node.saved = tuple(saved)
    node.versions = None
    extra_of(node)  # with this the engine unpacks each tensor once, not once a formula


def is_number(t: Any) -> bool:
    """Whether it was made of a Python number, as the 3 of ``x * 3``: there is nothing to put away.

    Such an array is marked as one that cannot be written to (core/elementwise.py: number).
    """
    return t._data.ndim == 0 and not t._data.flags.writeable


def packing_order(node: Node) -> list[int]:
    """The places of the saved tensors in the order in which the vjps ask for them, as PyTorch."""
    names = [*node.op.input_names, "y"]
    places = range(len(node.saved))
    asked = [names.index(a) for asks in node.op.asks.values() for a in asks if a in names]
    return list(dict.fromkeys([*(i for i in asked if i in places), *places]))


def edge_of_saved(node: Node, i: int) -> Any:
    """The edge to the value that ``node.saved[i]`` holds; None if it has no history."""
    n = len(node.inputs)
    if i < n:
        return node.inputs[i]
    if i >= n + node.n_outputs:  # not an input nor a result: saved by a user's Function
        return None
    return (node, i - n) if node.op.multi_output else node


def pack_one(t: Tensor, edge: Any, pack: Any, unpack: Any) -> Packed:
    shown = t  # itself if it has no history: what unpack gives back is the user's own tensor
    if edge is not None:  # the hook sees where it comes from
        shown = make(t._data)
        shown._owner = t if t._owner is None else t._owner
        shown._requires_grad = True
        shown._node = None if isinstance(edge, Tensor) else edge
    before, enabled = shown._version, grad_mode.enabled
    grad_mode.enabled = False  # what the hook computes is no part of the graph
    try:
        held = pack(shown)
    finally:
        grad_mode.enabled = enabled
    if shown._version != before:
        raise RuntimeError(
            "A saved tensor pack hook is modifying its input in place. Tensors provided as input "
            "to pack hook can not be modified by in-place operations as this can lead to "
            "unexpected side-effects. Please open an issue if you need to perform in-place "
            "operations on the input to a pack hook. Work on a clone() of it instead."
        )
    return Packed(held, unpack)
