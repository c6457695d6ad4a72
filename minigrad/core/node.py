"""A node: one recorded operation, and the edges to what it was computed from.

The ``inputs`` of a :class:`Node` are *edges* that point from the result back to where each input
came from; an edge is one of

* a ``Node``: the operation that made the input,
* ``(node, i)``: output ``i`` of an operation with several outputs,
* a leaf ``Tensor`` that requires a gradient: the end of the walk, where gradients are accumulated,
* ``None``: an input that needs no gradient.

Nodes point only backwards in time, so a graph has no reference cycle and is freed as soon as the
last tensor that uses it goes away. Every node has a sequence number; an operation's inputs always
have smaller numbers than itself.

The idea is reverse-mode automatic differentiation as in PyTorch's autograd (Paszke et al. 2017);
the size of the code is inspired by micrograd (Karpathy 2020).
"""

from __future__ import annotations

import itertools
from types import CodeType
from typing import Any

Edge = Any  # Node | tuple[Node, int] | a leaf Tensor | None, see above

next_seq = itertools.count().__next__
NO_PARAMS: dict[str, Any] = {}  # of the many operations that have none


class Node:
    """One recorded operation: what it was, what it needs for its gradient, where it came from."""

    __slots__ = (
        "op",  # the operation (a subclass of op.Op)
        "inputs",  # edges, one an input
        "saved",  # tensors kept for the vjps, by position (inputs first, then outputs)
        "versions",  # the saved tensors' versions when they were saved; None if all were 0
        "fits",  # True if every input has the result's shape and dtype, and so will its gradient
        "params",  # the operation's other arguments, such as dim and keepdim
        "shape",  # the result's shape; of several outputs, a tuple of shapes
        "dtype",  # the result's NumPy dtype; of several outputs, a tuple
        "seq",  # when it was recorded
        "code",  # the user's code object ...
        "lasti",  # ... and the instruction in it that ran this operation
        "extra",  # hooks and such, or None (nearly always)
        "constants",  # the inputs that need no gradient (see constants.py); unset if there are none
        "calls",  # the user's calls that ended with this node, or None (see ops/calls.py)
        "__weakref__",
    )
    op: Any
    inputs: tuple[Edge, ...]
    saved: Any  # None when freed
    versions: tuple[int, ...] | None
    fits: bool
    params: dict[str, Any]
    shape: Any
    dtype: Any
    seq: int
    code: CodeType | None
    lasti: int
    extra: Any
    constants: Any
    calls: Any

    def name(self) -> str:
        """PyTorch's name of the node, for example ``'MulBackward0'``."""
        return self.params.get("_name") or self.op.node_name(self)

    def __repr__(self) -> str:
        return f"<{self.name().rsplit('::', 1)[-1]}>"

    @property
    def n_outputs(self) -> int:
        return len(self.shape) if self.op.multi_output else 1

    def input_shape(self, i: int) -> tuple[int, ...]:
        """The shape of input ``i``: its edge knows, or it was noted when there was none."""
        edge = self.inputs[i]
        return self.params["_shapes"][i] if edge is None else edge_meta(edge)[0]


def edge_meta(edge: Edge) -> tuple[tuple[int, ...], Any]:
    """Shape and NumPy dtype of the value an edge stands for."""
    if type(edge) is tuple:
        node, i = edge
        return node.shape[i], node.dtype[i]
    if isinstance(edge, Node):
        return edge.shape, edge.dtype
    return edge._data.shape, edge._data.dtype


def node_and_output(edge: Edge) -> tuple[Node, int]:
    """An edge to an operation's result as (node, output number)."""
    return edge if type(edge) is tuple else (edge, 0)
