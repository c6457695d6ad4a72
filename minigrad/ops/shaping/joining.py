"""Joining tensors: cat, stack, and their relatives for rows, columns and layers.

The relatives are written with ``cat``, as in PyTorch, so the graph shows that: ``hstack`` records a
``CatBackward0``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful import dtypes
from ...refusals.reasons import joining as refuse
from ..calls import one_call
from ..dimensions import one_dim
from .shape import reshape, unsqueeze, view


class Cat(Op):
    formula = r"y = (x_1, x_2, \ldots) \text{ one after the other}"
    linear = True
    layout = "channels last"

    def forward(*tensors, dim):
        return np.concatenate(tensors, axis=dim)

    def vjp(g, needs, dim, shapes, xp):
        r"\bar x_k = \text{ the part of } \bar y \text{ that came from } x_k"
        grads = []
        start = 0
        for need, shape in zip(needs, shapes, strict=True):
            length = shape[dim] if shape != (0,) else 0
            part = (slice(None),) * dim + (slice(start, start + length),)
            grads.append(g[part] if need else None)
            start += length
        return tuple(grads)


class Stack(Op):
    formula = r"y_k = x_k"
    linear = True

    def forward(*tensors, dim):
        return np.stack(tensors, axis=dim)

    def vjp(g, needs, dim):
        r"\bar x_k = \bar y_k"
        at = (slice(None),) * dim
        return tuple(g[(*at, k)] if need else None for k, need in enumerate(needs))


def filled(node: Any, i: int, g: Any, xp: Any) -> Any:
    """The gradient of output ``i``, zeros if none has come."""
    return xp.constant(np.zeros(node.shape[i], node.dtype[i])) if g is None else g


# --- the functions -------------------------------------------------------------------------------


def common(tensors: Any, name: str) -> tuple[list[Tensor], list[Any]]:
    """The tensors of a cat or stack and their arrays in one dtype."""
    if isinstance(tensors, Tensor):
        refuse.one_tensor(name)
    given = list(tensors)
    for i, x in enumerate(given):
        if not isinstance(x, Tensor):
            refuse.element(x, i)
    if not given:
        refuse.nothing(name)
    d = dtypes.result_np([x._data for x in given])
    return given, [x._data.astype(d, copy=False) for x in given]


def cat(tensors: Any, dim: int = 0) -> Tensor:
    """Tensors joined along a dimension that they have.

    Args:
        tensors: a list or tuple of tensors whose lengths are equal but for that dimension. A vector
            without elements may stand anywhere.
        dim: the dimension (default: 0).

    Returns:
        A new tensor, in the dtype to which all promote.

    Raises:
        RuntimeError: if lengths or numbers of dimensions differ, or a tensor has no dimensions.
        ValueError: if the list is empty.
        TypeError: for what is no tensor.
        IndexError: if the dimension is not there.

    >>> import minigrad as mg
    >>> mg.cat([mg.ones(2), mg.zeros(1)])
    tensor([1., 1., 0.])

    Source: PyTorch's documentation of ``torch.cat``.
    """
    given, arrays = common(tensors, "cat")
    shown = [a for a in arrays if a.shape != (0,)] or arrays[:1]
    d = one_dim(dim, shown[0].ndim)
    if len({a.shape for a in arrays}) > 1 or not shown[0].ndim:
        refuse.cat(arrays, shown[0], d)
    if len(shown) < len(arrays):  # PyTorch lets an empty 1-D tensor stand anywhere
        filler = shown[0].shape[:d] + (0,) + shown[0].shape[d + 1 :]
        arrays = [a.reshape(filler) if a.shape == (0,) else a for a in arrays]
    return apply(Cat, tuple(given), {"dim": d}, arrays)


def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Tensors of one shape joined along a new dimension.

    Args:
        tensors: a list or tuple of tensors of one shape.
        dim: where the new dimension stands in the result (default: 0).

    Returns:
        A new tensor with one dimension more, in the dtype to which all promote.

    Raises:
        RuntimeError: if shapes differ, or the list is empty.
        TypeError: for what is no tensor.
        IndexError: if the result has no such dimension.

    >>> import minigrad as mg
    >>> mg.stack([mg.ones(2), mg.zeros(2)])
    tensor([[1., 1.],
            [0., 0.]])

    Source: PyTorch's documentation of ``torch.stack``.
    """
    given, arrays = common(tensors, "stack")
    d = one_dim(dim, given[0]._data.ndim + 1)
    if len({a.shape for a in arrays}) > 1:
        refuse.stack(given)
    return apply(Stack, tuple(given), {"dim": d}, arrays)


def stack_arrays(tensors: Any, dim: int = 0) -> Any:
    return np.stack(tensors, axis=dim)


# --- at least so many dimensions, then joined --------------------------------------------------


def several(tensors: Any, name: str) -> tuple[Tensor, ...]:
    """``f(a, b)`` and ``f([a, b])`` mean the same."""
    in_a_list = len(tensors) == 1 and isinstance(tensors[0], (tuple, list))
    if in_a_list:
        tensors = tuple(tensors[0])
    refuse.several(tensors, name, in_a_list)
    return tensors


def each(function: Any, tensors: Any, name: str) -> Any:
    """A function of one tensor for one or several of them."""
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return function(tensors[0])
    return tuple(function(t) for t in several(tensors, name))


def atleast_1d(*tensors: Any) -> Any:
    """Tensors with at least one dimension (0-d ones become vectors of one element)."""
    return each(lambda t: view(t, 1) if t._data.ndim == 0 else t, tensors, "atleast_1d")


def atleast_2d(*tensors: Any) -> Any:
    """Tensors with at least two dimensions; a vector becomes one row."""

    def widen(t: Tensor) -> Tensor:
        if t._data.ndim == 0:
            return view(t, 1, 1)
        return unsqueeze(t, 0) if t._data.ndim == 1 else t

    return each(widen, tensors, "atleast_2d")


def atleast_3d(*tensors: Any) -> Any:
    """Tensors with at least three dimensions; new ones come last (around a vector)."""

    def widen(t: Tensor) -> Tensor:
        if t._data.ndim == 0:
            return view(t, 1, 1, 1)
        if t._data.ndim == 1:
            return unsqueeze(unsqueeze(t, 0), -1)
        return unsqueeze(t, -1) if t._data.ndim == 2 else t

    return each(widen, tensors, "atleast_3d")


def not_empty(name: str, tensors: Any) -> list[Tensor]:
    given = list(tensors)
    if not given:
        refuse.nothing(name)
    return given


@one_call
def hstack(tensors: Any) -> Tensor:
    """Join side by side: along dimension 1 (vectors along 0).

    >>> import minigrad as mg
    >>> mg.hstack([mg.tensor([1]), mg.tensor([2, 3])])
    tensor([1, 2, 3])
    """
    given = [atleast_1d(t) for t in not_empty("hstack", tensors)]
    return cat(given, 0 if given[0]._data.ndim == 1 else 1)


@one_call
def vstack(tensors: Any) -> Tensor:
    """Join one above the other: along dimension 0, vectors as rows."""
    return cat([atleast_2d(t) for t in not_empty("vstack", tensors)], 0)


@one_call
def dstack(tensors: Any) -> Tensor:
    """Join one behind the other: along dimension 2."""
    return cat([atleast_3d(t) for t in not_empty("dstack", tensors)], 2)


@one_call
def column_stack(tensors: Any) -> Tensor:
    """Join as columns: vectors become columns, matrices are joined side by side."""
    given = not_empty("column_stack", tensors)
    columns = [reshape(t, t._data.size, 1) if t._data.ndim <= 1 else t for t in given]
    return cat(columns, 1)


register(
    stack=(stack_arrays, stack),
    cat=(lambda tensors, dim=0: np.concatenate(tensors, axis=dim), cat),
)
