r"""Norms: how long a vector is, how large a matrix.

The gradient of a length points along the vector: $\partial \|x\|_2 / \partial x = x / \|x\|_2$. At
0 no direction is special and the gradient is 0, the subgradient of least norm.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.first_ops import spread
from ...core.formula_ops import zeros
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.arguments import need_fit
from ...refusals.reasons import norms as refuse
from ..called import called
from ..calls import one_call
from ..dimensions import dims, one_dim
from ..elementwise.comparisons import where
from ..operands import broadcasting
from ..options import takes_out
from .decompositions import svdvals


class LinalgVectorNorm(Op):
    formula = r"y = \left(\sum_i |x_i|^p\right)^{1/p}"

    def forward(x, *, ord, dim=None, keepdim=False):
        size = np.abs(x)
        with np.errstate(all="ignore"):
            if ord == math.inf:
                return np.maximum.reduce(size, axis=dim, keepdims=keepdim)
            if ord == -math.inf:
                return np.minimum.reduce(size, axis=dim, keepdims=keepdim)
            if ord == 0:
                return np.sum(size != 0, axis=dim, keepdims=keepdim).astype(size.dtype)
            if ord == 1:
                return np.sum(size, axis=dim, keepdims=keepdim)
            if ord == 2:
                return np.sqrt(np.sum(size * size, axis=dim, keepdims=keepdim))
            return np.sum(size**ord, axis=dim, keepdims=keepdim) ** (1 / ord)

    def vjp_x(g, x, y, x_shape, ord, dim, keepdim, xp):
        r"\bar x_i = \bar y\, \mathrm{sgn}(x_i) \left(|x_i| / y\right)^{p-1}"
        if ord == 0:
            return zeros(x, xp)
        norm = spread(y, x_shape, dim, keepdim, xp)
        g = spread(g, x_shape, dim, keepdim, xp)
        if ord == 1:
            return g * xp.sgn(x)
        if abs(ord) == math.inf:
            hit = xp.abs(x) == norm
            ties = xp.count_true(hit, dim=dim, keepdim=keepdim)
            return g * xp.sgn(x) * hit / spread(ties, x_shape, dim, keepdim, xp)
        if ord == 2:
            return g * xp.where(norm == 0, x * 0, x / xp.where(norm == 0, norm + 1, norm))
        size = xp.abs(x)
        zero = (size == 0) | (norm == 0)
        ratio = xp.where(zero, size + 1, size) / xp.where(zero, norm * 0 + 1, norm)
        return g * xp.where(zero, x * 0, xp.sgn(x) * ratio ** (ord - 1))


class Dist(Op):
    formula = r"y = \|a - b\|_p"

    def forward(a, b, *, p):
        return LinalgVectorNorm.forward(a - b, ord=p)

    def vjp_a(g, a, b, y, p, xp):
        r"\bar y\, \partial \|a - b\|_p"
        d = a - b
        return LinalgVectorNorm.vjp_x(g, d, y, xp.shape_of(d), p, None, False, xp)

    def vjp_b(g, a, b, y, p, xp):
        r"-\bar y\, \partial \|a - b\|_p"
        d = a - b
        return -LinalgVectorNorm.vjp_x(g, d, y, xp.shape_of(d), p, None, False, xp)


# --- the functions -------------------------------------------------------------------------------


def prepared(input: Tensor, dtype: Any, name: str) -> Any:
    """The array in ``dtype``; refuses whole numbers."""
    x = input._data
    if dtype is not None:
        return x.astype(dtypes.to_numpy(dtype), copy=False)
    if x.dtype.kind not in "fc":
        refuse.whole_numbers(name, x)
    return x


def vector_norm(
    x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """The ``ord``-norm over ``dim`` (None: of all elements as one vector).

    >>> import minigrad as mg
    >>> mg.linalg.vector_norm(mg.tensor([3.0, 4.0]))
    tensor(5.)
    """
    array = prepared(x, dtype, "linalg.vector_norm")
    params = {"ord": ord, "dim": dims(dim, array.ndim), "keepdim": keepdim}
    refuse.vector_norm(ord, array)
    return apply(LinalgVectorNorm, (x,), params, [array])


@one_call
def matrix_norm(
    input: Tensor,
    ord: Any = "fro",
    dim: Any = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Tensor:
    """The norm of matrices in the two dimensions ``dim``: 'fro', 'nuc', 1, -1, 2, -2, inf, -inf.

    >>> import minigrad as mg
    >>> mg.linalg.matrix_norm(mg.tensor([[1.0, 2.0], [3.0, 4.0]]), ord=1)
    tensor(6.)
    """
    array = prepared(input, dtype, "linalg.matrix_norm")
    refuse.matrix_norm(array, ord, dim)
    both = tuple(one_dim(d, array.ndim) for d in dim)
    refuse.matrix_dims(dim, both)
    if dtype is not None:
        input = input.to(dtype)
    if ord == "fro":
        return vector_norm(input, 2, both, keepdim)
    if ord in ("nuc", 2, -2):
        order = [d for d in range(array.ndim) if d not in both] + list(both)
        values = svdvals(input.permute(order))
        y = values.sum(-1) if ord == "nuc" else values.amax(-1) if ord == 2 else values.amin(-1)
        return y.reshape([1 if i in both else n for i, n in enumerate(array.shape)]) if (
            keepdim
        ) else y
    summed, over = both if abs(ord) == 1 else both[::-1]
    sums = vector_norm(input, 1, summed, keepdim)
    over -= not keepdim and over > summed
    return sums.amax(over, keepdim) if ord > 0 else sums.amin(over, keepdim)


@one_call
@takes_out
def norm(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    r"""The p-norm, $\|x\|_p = (\sum_i |x_i|^p)^{1/p}$: with p = 2 the length of a vector.

    Args:
        input: a tensor of float or complex numbers (any, if ``dtype`` is given).
        p: a number, inf or -inf (the largest or smallest size); 'fro' (default) means 2; 'nuc' is
            the sum of a matrix's singular values.
        dim: the dimension or dimensions of one vector ('nuc': of one matrix); None (default) means
            all ('nuc': the last two).
        keepdim: keep them with length 1 (default: False).
        dtype: computed in this dtype, if given.

    Returns:
        A new tensor of real numbers.

    Raises:
        RuntimeError: for whole numbers, another name than 'fro' and 'nuc', or if there are no
            elements for a p below 0 or inf.

    >>> import minigrad as mg
    >>> mg.tensor([[3.0, 4.0], [0.0, 5.0]]).norm(dim=1)
    tensor([5., 5.])

    Source: PyTorch's documentation of ``torch.norm``.
    """
    if p is None or isinstance(p, str) and p == "fro":
        p = 2
    if type(p) not in (int, float, str) or dim is not None or keepdim:
        over = (dim,) if isinstance(dim, int) else dim
        need_fit("linalg_vector_norm", input, 2 if isinstance(p, str) else p, over, keepdim)
    refuse.norm(p)
    if isinstance(p, str):
        return matrix_norm(input, p, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(input, p, dim, keepdim, dtype=dtype)


def linalg_norm(
    input: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """A vector or matrix norm, by the number of dimensions (``torch.linalg.norm``).

    >>> import minigrad as mg
    >>> mg.linalg.norm(mg.tensor([3.0, 4.0]))
    tensor(5.)
    """
    refuse.linalg_norm(input, ord, dim)
    if ord is None:
        return vector_norm(input, 2, dim, keepdim, dtype=dtype)
    two = isinstance(dim, (tuple, list)) and len(dim) == 2
    if isinstance(ord, str) or two or (dim is None and input._data.ndim == 2):
        return matrix_norm(input, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(input, ord, dim, keepdim, dtype=dtype)


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of ``input - other``.

    >>> import minigrad as mg
    >>> mg.dist(mg.tensor([1.0, 1.0]), mg.tensor([4.0, 5.0]))
    tensor(5.)
    """
    d = dtypes.result_np([t._data for t in (input, other)])
    if "b" in (input._data.dtype.kind, other._data.dtype.kind):
        input - other  # refuses
    if d.kind not in "fc":
        refuse.dist(d)
    return broadcasting(Dist, (input, other), {"p": p})


@one_call
def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: Any = None) -> Tensor:
    """The p-norm distances between all rows: (..., n, d) and (..., m, d) give (..., n, m).

    >>> import minigrad as mg
    >>> mg.cdist(mg.tensor([[0.0, 0.0]]), mg.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    refuse.cdist(x1, x2, p)
    if not x1._data.size or not x2._data.size:
        p = 2.0  # of nothing every norm is 0
    return called(vector_norm(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, -1), "CdistBackward0")


@one_call
def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Shorten every slice along ``dim`` whose ``p``-norm is above ``maxnorm`` to that.

    >>> import minigrad as mg
    >>> mg.renorm(mg.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    d = one_dim(dim, input.ndim)
    refuse.renorm(input, p, maxnorm)
    others = tuple(i for i in range(input.ndim) if i != d)
    size = vector_norm(input, p, others, keepdim=True)
    y = input * where(size > maxnorm, maxnorm / (size + 1e-7), 1.0)
    return called(y, "RenormBackward0")


@one_call
def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The distances of all pairs of rows, each pair once.

    >>> import minigrad as mg
    >>> mg.pdist(mg.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    refuse.pdist(input, p)
    i, j = np.triu_indices(input.shape[0], 1)
    return called(vector_norm(input[make(i)] - input[make(j)], p, -1), "PdistBackward0")
