"""A tensor: a NumPy array, the edge to the operation that made it, and its gradient.

This file is the container only. What can be computed with tensors is in ``first_ops.py`` (and, for
the whole package, in ``ops/``), and what PyTorch's tensors can do besides is hung onto this class
in ``tensors/``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .hooks import Extra
from .method_names import MethodNames
from .modes import grad_mode, rare
from .node import Edge, Node
from .protocols import CarryingNumbers
from .views import View, refresh

_new = object.__new__


class Tensor(MethodNames):
    """An array of numbers that can remember how it was computed.

    Make one with :func:`minigrad.tensor`. Attributes as in PyTorch: ``data``, ``grad``,
    ``requires_grad``, ``grad_fn``, ``is_leaf``, ``shape``, ``dtype``.

    Args:
        *data: as of old, sizes (of zeros to be filled) or one list of numbers, always of the
            default dtype; prefer :func:`minigrad.tensor`, which keeps the numbers' own kind.
        device: None or the CPU.

    Raises:
        TypeError: the data is no sequence of numbers and no sizes.
        AssertionError: another device than the CPU.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> y = (x * x).sum()
    >>> y.backward()
    >>> y, x.grad
    (tensor(5., grad_fn=<SumBackward0>), tensor([2., 4.]))

    Source: PyTorch's ``torch.Tensor`` (Paszke et al. 2019); the numbers are a NumPy array.
    """

    __slots__ = (
        "_data",  # the NumPy array
        "_node",  # edge to the operation that made it, or None
        "_requires_grad",
        "_grad",
        "_ver",  # in-place writes so far, counted by the tensor that owns the memory ...
        "_owner",  # ... which is this one, or None if it is the tensor itself
        "_writer",  # the last in-place write: (code, instruction, version, when); unset before
        "_ended",  # where its history ended, if it had one (refusals/ended_history.py); or None
        "_view",  # how it was cut out of another tensor, or None
        "extra",  # hooks and such, or None
        "__weakref__",
        "__dict__",  # for attributes that users add; made only then
    )
    __array_priority__ = 1000  # ndarray + Tensor asks Tensor first

    _data: np.ndarray[Any, Any]
    _node: Any
    _requires_grad: bool
    _grad: Tensor | None
    _ver: int
    _owner: Tensor | None
    _writer: tuple[Any, ...]
    _ended: Any
    _view: View | None
    extra: Extra | None

    @property
    def data(self) -> Any:
        """The numbers without history."""
        return make(self._data)

    @property
    def shape(self) -> Any:
        return self._data.shape

    @property
    def dtype(self) -> Any:
        return self._data.dtype

    @property
    def ndim(self) -> int:
        return self._data.ndim

    @property
    def requires_grad(self) -> bool:
        return self._requires_grad

    @property
    def grad(self) -> Any:
        """The gradient that backward passes have accumulated here; None before the first."""
        return self._grad

    @property
    def grad_fn(self) -> Node | None:
        """The node that made this tensor; None for a leaf."""
        return self._node[0] if type(self._node) is tuple else self._node

    @property
    def is_leaf(self) -> bool:
        """True if the user made it, or if nothing is recorded about how it was made."""
        return self._node is None

    @property
    def _version(self) -> int:
        """How often its memory was written to in place."""
        return self._ver if self._owner is None else self._owner._ver

    def __repr__(self) -> str:
        made_by = f", grad_fn={self.grad_fn!r}" if self._node is not None else ""
        return f"tensor({np.array2string(self._data, separator=', ', prefix='tensor(')}{made_by})"


def make(array: np.ndarray[Any, Any]) -> Tensor:
    """A tensor around ``array`` (not copied), without history."""
    t = _new(Tensor)
    t._data = array  # as init does, without a call
    t._node = None
    t._requires_grad = False
    t._grad = None
    t._ver = 0
    t._owner = None
    t._ended = None
    t._view = None
    t.extra = None
    if rare:
        if isinstance(array, CarryingNumbers):
            t.extra = array.carrying()  # a batch of arrays
        elif grad_mode.mark is not None:
            t.extra = grad_mode.mark
    return t


def leaf(array: np.ndarray[Any, Any]) -> Tensor:
    """A tensor around ``array`` whose gradient is wanted."""
    t = make(array)
    t._requires_grad = True
    return t


def edge_of(t: Tensor) -> Edge:
    """The edge to ``t`` that an operation on it records; None if it needs no gradient."""
    if t._view is not None and grad_mode.enabled:
        refresh(t)
    if not t._requires_grad:
        return None
    return t if t._node is None else t._node


def without_history(t: Tensor) -> Tensor:
    """The same numbers (shared memory), cut off from the graph."""
    cut = make(t._data)
    if t.extra is not None and t.extra.carried is not None:
        cut.extra = Extra(t.extra.carried)  # and the same tangent or batch
    else:
        cut.extra = None
        cut._owner = t if t._owner is None else t._owner
    return cut
