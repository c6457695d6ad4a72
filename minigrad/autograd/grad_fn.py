"""What ``grad_fn`` shows under PyTorch's names: ``next_functions``, ``metadata``, hooks of nodes.

These are hung onto the core's Node; what it saved is in ``saved.py``.
"""

from __future__ import annotations

from typing import Any

from ..core.hooks import extra_of
from ..core.node import Node
from ..faithful.removable_handle import Handle


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


shown_classes: dict[tuple[type, str], type] = {}


def shown(node: Any) -> Any:
    """``node``, whose class has from now on PyTorch's name: ``type(y.grad_fn).__name__``.

    Recorded are plain Nodes; only one that the user looks at gets a class with its name, so that
    recording costs nothing more. It stays the same object: its identity, its hooks and weak
    references to it are as before, and its class is a kind of the one that it had.
    """
    kind = type(node)
    if not isinstance(node, Node) or kind.__module__ == "builtins":
        return node
    node.__class__ = shown_class(kind, node.name().rsplit("::", 1)[-1])
    return node


def shown_class(kind: type, name: str) -> type:
    """The class of that name for nodes of a kind."""
    if (kind, name) not in shown_classes:
        namespace = {"__slots__": (), "__module__": "builtins"}  # as PyTorch's are
        shown_classes[kind, name] = type(name, (kind,), namespace)
    return shown_classes[kind, name]


def as_function(edge: Any) -> tuple[Any, int]:
    """An edge as PyTorch's pair (function, output number)."""
    if edge is None:
        return (None, 0)
    if type(edge) is tuple:
        return (shown(edge[0]), edge[1])
    if isinstance(edge, Node):
        return (shown(edge), 0)
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


def no_copy(self: Node, protocol: Any = None) -> Any:
    """Nodes belong to one graph of one process (asked by ``copy`` and ``pickle``)."""
    raise TypeError(
        f"cannot pickle '{repr(self)[1:-1]}' object: a node cannot leave its graph. Copy or save "
        "the tensor's numbers: x.detach()"
    )


for _name, _member in {
    "__reduce_ex__": no_copy,
    "next_functions": property(next_functions), "saved_tensors": property(saved_tensors),
    "metadata": property(metadata), "register_hook": register_hook,
    "register_prehook": register_prehook, "_sequence_nr": sequence_nr,
}.items():  # fmt: skip
    setattr(Node, _name, _member)
