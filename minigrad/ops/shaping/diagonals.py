"""Diagonals and triangles: reading them, writing them, and matrices made of them.

Every vjp is the opposite move: what was cut out of a matrix is written into zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.reasons import diagonals as refuse
from ..calls import one_call
from ..dimensions import one_dim
from .joining import atleast_2d
from .masks import masked_fill
from .scatter import WriteAt
from .shape import flatten
from .slices import replace

# --- the operations ----------------------------------------------------------------------------


class Diagonal(Op):
    formula = r"y_i = x_{i,i}"
    linear = True
    view = True

    def forward(x, *, offset, dim1, dim2):
        y = np.diagonal(x, offset, dim1, dim2)
        y.flags.writeable = x.flags.writeable
        return y

    def vjp_x(g, x_shape, offset, dim1, dim2, xp):
        r"\bar x_{i,i} = \bar y_i,\ 0 \text{ elsewhere}"
        return xp.put_diagonal(g, shape=x_shape, offset=offset, dim1=dim1, dim2=dim2)


class DiagonalCopy(Op):
    formula = r"y_i = x_{i,i}"
    linear = True
    title = "DiagonalBackward0_copy"

    def forward(x, *, offset, dim1, dim2):
        return np.diagonal(x, offset, dim1, dim2).copy()

    vjp_x = Diagonal.vjp_x


class DiagEmbed(Op):
    formula = r"y_{i,i} = x_i,\ 0 \text{ elsewhere}"
    linear = True

    def forward(x, *, shape, offset, dim1, dim2):
        y = np.zeros(shape, x.dtype)
        Diagonal.forward(y, offset=offset, dim1=dim1, dim2=dim2)[...] = x
        return y

    def vjp_x(g, offset, dim1, dim2, xp):
        r"\bar x_i = \bar y_{i,i}"
        return xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2)


class DiagonalScatter(WriteAt):
    formula = r"y = x,\quad y_{i,i} = s_i"


class Tril(Op):
    formula = r"y_{ij} = x_{ij} \text{ where } j \le i + k,\ 0 \text{ elsewhere}"
    linear = True

    def forward(x, *, diagonal):
        return np.tril(x, diagonal)

    def vjp_x(g, diagonal, xp):
        r"\bar y \text{ where } j \le i + k,\ 0 \text{ elsewhere}"
        return xp.tril(g, diagonal=diagonal)


class Triu(Op):
    formula = r"y_{ij} = x_{ij} \text{ where } j \ge i + k,\ 0 \text{ elsewhere}"
    linear = True

    def forward(x, *, diagonal):
        return np.triu(x, diagonal)

    def vjp_x(g, diagonal, xp):
        r"\bar y \text{ where } j \ge i + k,\ 0 \text{ elsewhere}"
        return xp.triu(g, diagonal=diagonal)


class BlockDiag(Op):
    formula = r"Y = \mathrm{diag}(X_1, X_2, \ldots)"
    linear = True

    def forward(*tensors):
        y = np.zeros(np.sum([x.shape for x in tensors], axis=0), tensors[0].dtype)
        for x, part in zip(tensors, blocks([x.shape for x in tensors]), strict=True):
            y[part] = x
        return y

    def vjp(g, needs, shapes):
        r"\bar X_k = \text{ the block of } \bar Y \text{ where } X_k \text{ stands}"
        parts = blocks(shapes)
        return tuple(g[part] if need else None for need, part in zip(needs, parts, strict=True))


def blocks(shapes: Any) -> list[tuple[slice, slice]]:
    """Where matrices of these shapes stand in their block-diagonal matrix."""
    parts = []
    i = j = 0
    for n, m in shapes:
        parts.append((slice(i, i + n), slice(j, j + m)))
        i, j = i + n, j + m
    return parts


# --- diagonals ---------------------------------------------------------------------------------


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of the matrices in two dimensions, as a last dimension; a view.

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).diagonal()
    tensor([1, 4])
    """
    return apply(Diagonal, (input,), diagonal_params(input, offset, dim1, dim2))


def diagonal_params(input: Tensor, offset: int, dim1: int, dim2: int) -> dict[str, Any]:
    n = input._data.ndim
    d1, d2 = one_dim(dim1, n), one_dim(dim2, n)
    refuse.diagonal_dims(dim1, dim2, d1, d2)
    return {"offset": offset, "dim1": d1, "dim2": d2}


def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of the matrices in the last two dimensions.

    >>> import minigrad as mg
    >>> mg.linalg.diagonal(mg.eye(2))
    tensor([1., 1.])
    """
    return diagonal(A, offset, dim1, dim2)


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A vector's diagonal matrix, or a copy of a matrix's diagonal.

    >>> import minigrad as mg
    >>> mg.diag(mg.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    n = input._data.ndim
    if n == 1:
        return diag_embed(input, diagonal)
    if n != 2:
        refuse.diag(n)
    return apply(DiagonalCopy, (input,), {"offset": diagonal, "dim1": 0, "dim2": 1})


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices (in dimensions ``dim1``, ``dim2``) with the last dimension as their diagonal."""
    n = input._data.ndim + 1
    d1, d2 = one_dim(dim1, n), one_dim(dim2, n)
    refuse.diagonal_dims(dim1, dim2, d1, d2)
    shape = list(input._data.shape[:-1])
    length = input._data.shape[-1] + abs(offset)
    for d in sorted((d1, d2)):
        shape.insert(d, length)
    params = {"shape": tuple(shape), "offset": offset, "dim1": d1, "dim2": d2}
    return apply(DiagEmbed, (input,), params)


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The diagonal matrix of all elements."""
    return diag_embed(flatten(input), offset)


def put_diagonal(input: Tensor, shape: Any, offset: int, dim1: int, dim2: int) -> Tensor:
    params = {"shape": shape, "offset": offset, "dim1": dim1, "dim2": dim2}
    return apply(DiagEmbed, (input,), params)


@one_call
def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """``input`` with a diagonal replaced by ``src``."""
    params = diagonal_params(input, offset, dim1, dim2)
    places = np.arange(input._data.size).reshape(input._data.shape)
    flat = np.diagonal(places, *params.values())
    return replace(DiagonalScatter, input, src, np.unravel_index(flat, input._data.shape))


def fill_diagonal(input: Tensor, fill_value: float, wrap: bool = False) -> Tensor:
    """The tensor with ``fill_value`` on its diagonal; wrap: again below, in a tall matrix."""
    refuse.fill_diagonal(input)
    mask = np.zeros(input._data.shape, bool)
    np.fill_diagonal(mask, True, wrap)
    return masked_fill(input, make(mask), fill_value)


# --- triangles and blocks ----------------------------------------------------------------------


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """The lower triangle of the last two dimensions, zeros above the diagonal."""
    refuse.triangle("tril", input)
    return apply(Tril, (input,), {"diagonal": diagonal})


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """The upper triangle of the last two dimensions, zeros below the diagonal."""
    refuse.triangle("triu", input)
    return apply(Triu, (input,), {"diagonal": diagonal})


@one_call
def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with the given matrices (vectors count as rows) along its diagonal.

    >>> import minigrad as mg
    >>> mg.block_diag(mg.tensor([[1]]), mg.tensor([[2, 3]]))
    tensor([[1, 0, 0],
            [0, 2, 3]])
    """
    refuse.block_diag(tensors)
    if not tensors:
        return make(np.zeros((1, 0), dtypes.default_np()))
    matrices = tuple(atleast_2d(t) for t in tensors)
    d = dtypes.result_np([t._data for t in matrices])
    arrays = [t._data.astype(d, copy=False) for t in matrices]
    return apply(BlockDiag, matrices, arrays=arrays)


register(
    diagonal=(Diagonal, diagonal), put_diagonal=(DiagEmbed, put_diagonal), tril=(Tril, tril),
    triu=(Triu, triu),
)  # fmt: skip
