r"""LU factors, and solving with them.

$A = P L U$ with partial pivoting. The permutation does not change for small changes of $A$, so
with $B = P^T A$ the gradient is that of $B = L U$ for square $B$; the rest of a tall or wide
matrix follows by solving with $L$ or $U$.

Source: M. Giles (2008), as in ``solvers.py``; de Hoog, Anderssen, Lukas, "Differentiation of matrix
functionals using triangular factorization" (2011).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import lu as refuse
from ..called import called
from ..calls import one_call
from ..return_types import return_type
from ..shaping.joining import cat
from .solvers import adjoint, ones_of, solve_triangular


def pivoted(a: Any, pivot: bool = True) -> tuple[Any, Any, int]:
    """One matrix as L and U packed together, the row exchanges, and the first zero pivot (or 0)."""
    a = a.copy()
    n = min(a.shape)
    exchanged = np.arange(n)
    info = 0
    for k in range(n):
        p = k + int(np.argmax(np.abs(a[k:, k]))) if pivot else k
        exchanged[k] = p
        if p != k:
            a[[k, p]] = a[[p, k]]
        if a[k, k] == 0:
            info = info or k + 1
            continue
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return a, exchanged, info


def order_of(exchanged: Any, m: int) -> Any:
    """Row exchanges as an order of the rows."""
    order = np.arange(m)
    for k, p in enumerate(exchanged):
        order[[k, p]] = order[[p, k]]
    return order


class LinalgLu(Op):
    formula = r"B = L U"
    multi_output = True

    def forward(b):
        packed = np.empty_like(b)
        for i in np.ndindex(b.shape[:-2]):
            packed[i] = pivoted(b[i], pivot=False)[0]
        eye = np.eye(b.shape[-1], dtype=b.dtype)
        return np.tril(packed, -1) + eye, np.triu(packed)

    def vjp(g, needs, y, xp):
        r"""L^{-H} \left(\mathrm{tril}_{-1}(L^H \bar L) + \mathrm{triu}(\bar U U^H)\right) U^{-H}"""
        lower, upper = y
        n = xp.shape_of(lower)[-1]
        ones = np.ones((n, n))
        middle = None
        if g[0] is not None:
            middle = (adjoint(lower, xp) @ g[0]) * ones_of(np.tril(ones, -1), lower, xp)
        if g[1] is not None:
            part = (g[1] @ adjoint(upper, xp)) * ones_of(np.triu(ones), lower, xp)
            middle = part if middle is None else middle + part
        return (adjoint(xp.linalg_inv(lower), xp) @ middle @ adjoint(xp.linalg_inv(upper), xp),)


LuFactorResult = return_type("linalg_lu_factor", "LU pivots")
LuResult = return_type("linalg_lu", "P L U")


def factors(A: Tensor, pivot: bool, name: str = "linalg.lu") -> tuple[Any, Tensor, Tensor]:
    """The row exchanges (an array), L and U as differentiable tensors."""
    refuse.factors(A, name)
    a = A._data
    m, n = a.shape[-2:]
    k = min(m, n)
    exchanged = np.empty((*a.shape[:-2], k), np.int64)
    order = np.empty((*a.shape[:-2], m), np.int64)
    for i in np.ndindex(a.shape[:-2]):
        exchanged[i] = pivoted(a[i], pivot)[1]
        order[i] = order_of(exchanged[i], m)
    b = A.take_along_dim(make(order[..., None]), -2)
    lower, upper = apply(LinalgLu, (b[..., :k, :k],))
    if m > n:
        below = solve_triangular(upper, b[..., k:, :], upper=True, left=False)
        lower = cat([lower, below], -2)
    if n > m:
        right = solve_triangular(lower, b[..., :, k:], upper=False, unitriangular=True)
        upper = cat([upper, right], -1)
    return exchanged, lower, upper


def lu(A: Tensor, *, pivot: bool = True) -> Any:
    """Matrices P (a permutation), L (lower triangular, ones on its diagonal), U with ``A = P L U``.

    >>> import minigrad as mg
    >>> P, L, U = mg.linalg.lu(mg.tensor([[1.0, 2.0], [2.0, 2.0]]))
    >>> L
    tensor([[1.0000, 0.0000],
            [0.5000, 1.0000]])
    """
    exchanged, lower, upper = factors(A, pivot)
    m = A.shape[-2]
    p = np.zeros((*A.shape[:-2], m, m), A._data.dtype)
    for i in np.ndindex(*A.shape[:-2]):
        p[i][order_of(exchanged[i], m), np.arange(m)] = 1
    if not pivot:
        p = np.zeros(0, A._data.dtype)
    return LuResult(make(p), lower, upper)


@one_call
def lu_factor(A: Tensor, *, pivot: bool = True) -> Any:
    """L and U packed into one matrix, and the row exchanges (counted from 1), for ``lu_solve``.

    >>> import minigrad as mg
    >>> mg.linalg.lu_factor(mg.tensor([[1.0, 2.0], [2.0, 2.0]])).pivots
    tensor([2, 2], dtype=torch.int32)
    """
    exchanged, lower, upper = factors(A, pivot, "torch.lu_factor")
    m, n = A.shape[-2:]
    zeros = np.diagonal(upper._data, 0, -2, -1) == 0
    refuse.zero_pivot(zeros)
    below = lower.tril(-1)
    if m > n:
        packed = cat([below[..., :n, :] + upper, below[..., n:, :]], -2)
    elif n > m:
        packed = cat([below + upper[..., :m], upper[..., m:]], -1)
    else:
        packed = below + upper
    called(packed, "LinalgLuFactorExBackward0")
    return LuFactorResult(packed, make((exchanged + 1).astype(np.int32)))


@one_call
def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False
) -> Tensor:
    """The X with ``A X = B`` (``X A = B`` if not left), given the LU factors of A.

    adjoint: with A's conjugate transpose in A's place.
    """
    refuse.lu_solve(LU, pivots, B, left)
    if not left:  # X A = B says A^H X^H = B^H
        x = lu_solve(LU, pivots, B.mH, adjoint=not adjoint).mH
        return called(x, "LinalgLuSolveBackward0")
    m = LU.shape[-1]
    order = np.empty((*LU.shape[:-2], m), np.int64)
    for i in np.ndindex(*LU.shape[:-2]):
        order[i] = order_of(pivots._data[i] - 1, m)
    batch = np.broadcast_shapes(LU.shape[:-2], B.shape[:-2])
    order, B = np.broadcast_to(order, (*batch, m)), B.expand(*batch, *B.shape[-2:])
    if adjoint:  # A = P L U, so A^H = U^H L^H P^H
        y = solve_triangular(LU.mH, B, upper=False)
        x = solve_triangular(LU.mH, y, upper=True, unitriangular=True)
        x = x.take_along_dim(make(np.argsort(order, -1)[..., None]), -2)
        return called(x, "LinalgLuSolveBackward0")
    b = B.take_along_dim(make(order[..., None]), -2)
    y = solve_triangular(LU, b, upper=False, unitriangular=True)
    return called(solve_triangular(LU, y, upper=True), "LinalgLuSolveBackward0")


def old_lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """``mg.lu_solve``: as ``mg.linalg.lu_solve``, with the right-hand side first.

    >>> import minigrad as mg
    >>> LU, pivots = mg.linalg.lu_factor(mg.tensor([[2.0, 0.0], [0.0, 4.0]]))
    >>> mg.lu_solve(mg.tensor([[2.0], [2.0]]), LU, pivots)
    tensor([[1.0000],
            [0.5000]])
    """
    return lu_solve(LU_data, LU_pivots, b)
