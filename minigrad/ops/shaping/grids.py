"""Grids and combinations of vectors: meshgrid, cartesian_prod, vander, triangles of indices."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...faithful.size import Size
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import grids as refuse
from ..called import called
from ..calls import one_call
from .indexing import getitem
from .joining import several, stack
from .rearrange import flip
from .shape import expand, flatten, view


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes broadcast to.

    >>> import minigrad as mg
    >>> mg.broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """
    refuse.broadcast_shapes(shapes)
    sizes = [(s,) if isinstance(s, int) else tuple(s) for s in shapes if s is not None]
    result = [1] * max((len(s) for s in sizes), default=0)
    for i, size in enumerate(sizes):
        for d in range(-1, -1 - len(size), -1):
            if size[d] == 1 or size[d] == result[d]:
                continue
            if result[d] != 1:
                refuse.mismatch(size, d, i, result)
            result[d] = size[d]
    return Size(result)


@one_call
def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """The tensors expanded to their common shape; views."""
    given = several(tensors, "broadcast_tensors")
    shape: tuple[int, ...] = ()
    for t in given:
        try:
            shape = np.broadcast_shapes(shape, t._data.shape)
        except ValueError:
            raise broadcast_error(np.empty(shape), t._data) from None
    return tuple(t if t._data.shape == shape else expand(t, shape) for t in given)


@one_call
def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """The coordinates of a grid over vectors: one tensor for each, of the grid's shape; views.

    indexing 'ij': the first vector runs along rows; 'xy': along columns, as in a plot.

    >>> import minigrad as mg
    >>> mg.meshgrid(mg.tensor([1, 2]), mg.tensor([3, 4]), indexing="ij")[0]
    tensor([[1, 1],
            [2, 2]])
    """
    given = several(tensors, "meshgrid")
    refuse.meshgrid(indexing, given)
    order = list(range(len(given)))
    if indexing == "xy" and len(given) >= 2:
        order[0], order[1] = 1, 0
    shape = [0] * len(given)
    for axis, t in zip(order, given, strict=True):
        shape[axis] = t._data.size
    grids = []
    for axis, t in zip(order, given, strict=True):
        line = [1] * len(given)
        line[axis] = t._data.size
        grids.append(expand(view(t, line), shape))
    return tuple(grids)


@one_call
def cartesian_prod(*tensors: Any) -> Tensor:
    """All tuples with one element of each vector, as rows.

    >>> import minigrad as mg
    >>> mg.cartesian_prod(mg.tensor([1, 2]), mg.tensor([3, 4])).tolist()
    [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    given = several(tensors, "cartesian_prod")
    refuse.vectors_only(given)
    if len(given) == 1:
        return given[0]
    return stack([flatten(g) for g in meshgrid(*given)], 1)


@one_call
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All combinations of ``r`` elements of a vector, as rows."""
    refuse.vectors_only([input])
    refuse.combinations(r)
    if r == 0:
        return make(np.zeros(0, input._data.dtype))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input._data.size), r)), np.int64).reshape(-1, r)
    return stack([getitem(input, rows[:, k]) for k in range(r)], 1)


@one_call
def vander(x: Tensor, N: int | None = None, *, increasing: bool = False) -> Tensor:
    """The matrix of powers of a vector: columns x^(N-1) ... x, 1 (or the other way round)."""
    refuse.vander(x, N)
    n = x._data.size if N is None else N
    if n == 0:
        return make(np.zeros((x._data.size, 0), x._data.dtype))
    columns = [make(np.ones_like(x._data))]
    for _ in range(n - 1):
        columns.append(columns[-1] * x)
    powers = stack(columns, 1)
    return powers if increasing else flip(powers, 1)


def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers 0, 1, ... N - 1 of every element, in a new last dimension.

    >>> import minigrad as mg
    >>> mg.linalg.vander(mg.tensor([2.0, 3.0]), N=3)
    tensor([[1., 2., 4.],
            [1., 3., 9.]])
    """
    refuse.linalg_vander(x)
    x = x.reshape(1) if x.ndim == 0 and N is not None else x
    n = N if N is not None else x.shape[-1] if x.ndim else 0
    if n < 1:
        refuse.no_powers()
    if x.ndim == 1:
        return called(vander(x, n, increasing=True), "CatBackward0")
    rows = vander(x.flatten(), n, increasing=True)
    return called(rows.reshape(*x.shape, n), "CatBackward0")


def triangle(name: str, row: int, col: int, indices: Any, dtype: Any) -> Tensor:
    refuse.triangle(row, col)
    d = np.dtype(np.int64) if dtype is None else dtypes.to_numpy(dtype)
    return make(np.stack(indices).astype(d))


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None) -> Tensor:
    """Row and column numbers of the elements of the lower triangle, shape (2, count)."""
    indices = np.tril_indices(max(row, 0), offset, max(col, 0))
    return triangle("tril_indices", row, col, indices, dtype)


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None) -> Tensor:
    """Row and column numbers of the elements of the upper triangle, shape (2, count)."""
    indices = np.triu_indices(max(row, 0), offset, max(col, 0))
    return triangle("triu_indices", row, col, indices, dtype)
