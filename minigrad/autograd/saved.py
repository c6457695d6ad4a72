"""What nodes keep, under PyTorch's names: ``grad_fn._saved_self``, ``grad_fn._saved_result`` ...

PyTorch names an operation's inputs ``self``, ``other``, ``mat2`` ...; here they are ``a``, ``b``,
``x``, ``y``. ``Op.torch_names`` says which is which, where it is not ``USUAL``.
"""

from __future__ import annotations

from typing import Any

from ..core.formulas import tensors
from ..core.hooks import extra_of
from ..core.node import Node
from ..core.saved_values import check_saved
from .packing import Packed, edge_of_saved, pack_one

PREFIX = "_saved_"
RAW = "_raw_saved_"
USUAL = {"self": ("x", "a", "base"), "other": ("b",), "result": ("y",)}
# Every name that some node has, to make the properties of Node.
TENSORS = (
    "self", "other", "result", "mat2", "vec", "tensor", "exponent", "condition", "weight",
    "input", "target", "index", "mask", "end", "src", "source", "indices",
)  # fmt: skip
SIZES = "self_sym_sizes"
NUMBERS = ("dim", "keepdim", "dims", "dim0", "dim1", "exponent", "value", "min", "max", "sizes")


def our_name(node: Node, name: str) -> str | None:
    """The name in the operation's own words of what PyTorch calls ``name``; None if unknown."""
    op = node.op
    if name in op.torch_names:
        return op.torch_names[name]
    known = (*op.input_names, "y")
    if name in op.input_names:
        return name
    if not op.torch_names:
        for ours in USUAL.get(name, ()):
            if ours in known:
                return ours
    return None


def saved_slot(node: Node, name: str) -> int | None:
    """Where in ``node.saved`` a tensor of this (PyTorch) name is; None if nowhere."""
    ours = our_name(node, name)
    if ours is None:
        return None
    names = node.op.input_names
    slot = len(node.inputs) if ours == "y" else names.index(ours)
    asked = {a for asks in node.op.asks.values() for a in asks}
    if ours not in asked or (ours == "y" and node.op.multi_output):
        return None
    return slot


def saved_attribute(node: Node, name: str) -> Any:
    """The saved tensor or parameter ``_saved_<name>``; None for one that was not needed.

    Raises AttributeError if the operation has no such thing, RuntimeError if it was freed.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> x.pow(3).grad_fn._saved_exponent, x.sqrt().grad_fn._saved_result.shape
    (3, torch.Size([2]))
    """
    slot = saved_slot(node, name)
    if slot is not None:
        if node.saved is None:
            check_saved(node)
        return tensors.saved(node, slot) if slot < len(node.saved) else None
    if name == SIZES and len(node.inputs) == 1:
        return node.input_shape(0)
    if name in node.params:
        return node.params[name]
    raise AttributeError(f"'{node.name()}' object has no attribute '{PREFIX}{name}'")


class SavedTensor:
    """A place where a node keeps a tensor: ``grad_fn._raw_saved_self``."""

    _node: Node
    _slot: int

    def __init__(self, *args: Any) -> None:
        raise RuntimeError(
            "Trying to create a SavedTensor object from Python is forbidden: a node has it, as "
            "grad_fn._raw_saved_self"
        )

    @classmethod
    def at(cls, node: Node, slot: int) -> SavedTensor:
        place = object.__new__(cls)
        place._node, place._slot = node, slot
        return place

    def register_hooks(self, pack_hook: Any, unpack_hook: Any) -> None:
        """Put this one saved tensor away by the hooks (see ``saved_tensors_hooks``)."""
        node, i = self._node, self._slot
        check_saved(node)
        if type(node.saved[i]) is Packed:
            raise RuntimeError("Calling register_hooks on a saved tensor with existing hooks.")
        packed = pack_one(node.saved[i], edge_of_saved(node, i), pack_hook, unpack_hook)
        node.saved = (*node.saved[:i], packed, *node.saved[i + 1 :])
        if node.versions is not None:
            node.versions = (*node.versions[:i], 0, *node.versions[i + 1 :])
        extra_of(node)  # with this the engine unpacks it once, not once a formula


def raw_saved_attribute(node: Node, name: str) -> SavedTensor:
    """The saved tensor of that name itself, to register hooks on it."""
    slot = saved_slot(node, name)
    if slot is None or node.saved is None or slot >= len(node.saved):
        raise AttributeError(f"'{node.name()}' object has no attribute '{RAW}{name}'")
    return SavedTensor.at(node, slot)


def saved_names(node: Node) -> list[str]:
    """The ``_saved_...`` names that this node has, for ``dir(grad_fn)``."""
    names = [n for n in TENSORS if saved_slot(node, n) is not None]
    names += [SIZES] if len(node.inputs) == 1 else []
    names += [n for n in NUMBERS if n in node.params and n not in names]
    return [PREFIX + n for n in names]


def reader(name: str, read: Any) -> Any:
    return property(lambda node: read(node, name))


for _name in {*TENSORS, *NUMBERS, SIZES}:
    setattr(Node, PREFIX + _name, reader(_name, saved_attribute))
for _name in TENSORS:
    setattr(Node, RAW + _name, reader(_name, raw_saved_attribute))
setattr(Node, "__dir__", lambda node: [  # noqa: B010
    *(n for n in object.__dir__(node) if not n.startswith((PREFIX, RAW))), *saved_names(node)
])  # fmt: skip
