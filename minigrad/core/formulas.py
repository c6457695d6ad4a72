"""``xp``: the functions that vjps are written with, once for arrays and once for tensors.

``xp`` makes one formula serve two orders. In a plain backward pass ``g`` and the saved values are
arrays and ``xp`` is :data:`arrays`: NumPy at full speed. With ``create_graph=True`` they are
tensors and ``xp`` is :data:`tensors`: the same lines record a graph of the gradient.

The table-of-vjps idea is from HIPS autograd (Maclaurin, Duvenaud, Johnson 2015), the name ``xp``
from the Python array API standard.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .node import Node
from .protocols import CarryingNumbers
from .shown_gradients import ShownArrays, ShownTensors
from .tensor import Tensor, make, without_history


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """Undo broadcasting: sum ``g`` over the dimensions that ``shape`` did not have or had as 1."""
    extra = g.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        i + extra for i, n in enumerate(shape) if n == 1 and g.shape[i + extra] != 1
    )
    if axes:
        g = np.asarray(g.sum(axis=axes, keepdims=True))
    return g.reshape(shape)


class Arrays(ShownArrays):
    """``xp`` of a plain backward pass: every operation's forward, on NumPy arrays."""

    first_order = True

    @staticmethod
    def saved(node: Node, i: int) -> Any:
        t = node.saved[i]
        return None if t is None else t._data

    @staticmethod
    def np_dtype(g: Any) -> Any:
        return g.dtype

    @staticmethod
    def fit(g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
        """Sum over broadcast dimensions and convert, so that a gradient fits its tensor."""
        if g.shape != shape:
            g = sum_to(g, shape)
        if g.dtype is not dtype:
            if g.dtype.kind == "c" and dtype.kind != "c":
                g = g.real  # the gradient of a real number that met a complex one
            g = g.astype(dtype, copy=False)
        return g

    @staticmethod
    def constant(array: Any) -> Any:
        return array

    @staticmethod
    def numpy(value: Any) -> Any:
        return value


class Tensors(ShownTensors):
    """``xp`` of a recorded backward pass: the functions on tensors."""

    first_order = False

    @staticmethod
    def saved(node: Node, i: int) -> Any:
        """A saved tensor with its history, as it was when it was saved."""
        t = node.saved[i]
        if t is None:
            return None
        if not isinstance(t, Tensor):  # put away by saved-tensor hooks
            t = t.unpack()
        n = len(node.inputs)
        if i < n:
            edge = node.inputs[i]
        else:
            edge = (node, i - n) if node.op.multi_output else node
        if edge is None:
            return without_history(t) if t._requires_grad else t
        if t._requires_grad and (t._node if t._node is not None else t) is edge:
            return t
        twin = without_history(t)
        twin._node = edge
        twin._requires_grad = True
        return twin

    @staticmethod
    def np_dtype(g: Any) -> Any:
        return g._data.dtype

    @staticmethod
    def fit(g: Tensor, shape: tuple[int, ...], dtype: Any) -> Tensor:
        if g._data.shape != shape:
            g = tensors.sum_to_size(g, shape)
        if g._data.dtype != dtype:
            if g._data.dtype.kind == "c" and dtype.kind != "c":
                g = tensors.real(g)
            g = tensors.convert(g, dtype)
        return g

    @staticmethod
    def constant(array: Any) -> Tensor:
        numbers: Any = array if isinstance(array, CarryingNumbers) else np.asarray(array)
        return make(numbers)

    @staticmethod
    def numpy(value: Tensor) -> Any:
        return value._data


arrays: Any = Arrays()
tensors: Any = Tensors()


def register(**known: tuple[Any, Any]) -> None:
    """``register(exp=(Exp, exp))``: for formulas ``xp.exp`` is that operation, that function."""
    for name, (op, function) in known.items():
        setattr(arrays, name, getattr(op, "forward", op))
        setattr(tensors, name, function)
