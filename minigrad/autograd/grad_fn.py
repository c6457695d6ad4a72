"""What ``grad_fn`` shows under PyTorch's names: ``next_functions``, ``metadata``, hooks of nodes.

These are hung onto the core's Node; what it saved is in ``saved.py``.
"""

from __future__ import annotations

from typing import Any

from ..core.hooks import Handle, extra_of
from ..core.node import Node


class AccumulateGrad:
    """The graph's end at a leaf, as PyTorch shows it: adds the gradient to ``variable.grad``."""

    __slots__ = ("variable",)

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return "<AccumulateGrad>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccumulateGrad) and other.variable is self.variable

    def __hash__(self) -> int:
        return hash((AccumulateGrad, id(self.variable)))

    @property
    def next_functions(self) -> tuple[()]:
        return ()

    @property
    def metadata(self) -> dict[str, Any]:
        return extra_of(self.variable).metadata

    def register_hook(self, hook: Any) -> Handle:
        return Handle(extra_of(self.variable).post_hooks, hook)

    def register_prehook(self, hook: Any) -> Handle:
        return Handle(extra_of(self.variable).pre_hooks, hook)


def as_function(edge: Any) -> tuple[Any, int]:
    """An edge as PyTorch's pair (function, output number)."""
    if edge is None:
        return (None, 0)
    if type(edge) is tuple:
        return edge
    if isinstance(edge, Node):
        return (edge, 0)
    return (AccumulateGrad(edge), 0)


def next_functions(node: Node) -> tuple[tuple[Any, int], ...]:
    """The edges as PyTorch shows them: ``((node, output number), ...)``."""
    return tuple(as_function(edge) for edge in node.inputs)


def saved_tensors(node: Node) -> tuple[Any, ...]:
    """What a user's Function saved with ``ctx.save_for_backward``."""
    if not hasattr(node.op, "saved_tensors"):
        raise AttributeError(f"'{node.name()}' object has no attribute 'saved_tensors'")
    saved: tuple[Any, ...] = node.op.saved_tensors(node)
    return saved


def metadata(node: Node) -> dict[str, Any]:
    """A dict to keep notes in."""
    return extra_of(node).metadata


def register_hook(self: Node, hook: Any) -> Handle:
    """Call ``hook(grad_inputs, grad_outputs)`` after this node ran in a backward pass."""
    return Handle(extra_of(self).post_hooks, hook)


def register_prehook(self: Node, hook: Any) -> Handle:
    """Call ``hook(grad_outputs)`` before this node runs in a backward pass."""
    return Handle(extra_of(self).pre_hooks, hook)


def sequence_nr(self: Node) -> int:
    """PyTorch's name for the number by which nodes are ordered in time."""
    return self.seq


for _name, _member in {
    "next_functions": property(next_functions), "saved_tensors": property(saved_tensors),
    "metadata": property(metadata), "register_hook": register_hook,
    "register_prehook": register_prehook, "_sequence_nr": sequence_nr,
}.items():  # fmt: skip
    setattr(Node, _name, _member)
