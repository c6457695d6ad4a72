r"""LU factors, and the linear-algebra functions that report instead of raising, or reshape.

$A = P L U$ with partial pivoting. The permutation does not change for small changes of $A$, so
with $B = P^T A$ the gradient is that of $B = L U$ for square $B$; the rest of a tall or wide
matrix follows by solving with $L$ or $U$.

Source: M. Giles (2008), as in ``solvers.py``; de Hoog, Anderssen, Lukas, "Differentiation of matrix
functionals using triangular factorization" (2011).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ..operands import kind_name, need_dimensions, need_tensor, not_implemented, result_type
from ..reducing.reductions import one_dim
from ..shaping.joining import cat
from .matmul import matmul
from .solvers import LinAlgError, adjoint, cholesky, inv, matrices, ones_of, solve, solve_triangular


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


LuFactorResult = result_type("linalg_lu_factor", "LU pivots")
LuResult = result_type("linalg_lu", "P L U")
InvExResult = result_type("linalg_inv_ex", "inverse info")
CholeskyExResult = result_type("linalg_cholesky_ex", "L info")
SolveExResult = result_type("linalg_solve_ex", "result info")


def factors(A: Tensor, pivot: bool, name: str = "linalg.lu") -> tuple[Any, Tensor, Tensor]:
    """The row exchanges (an array), L and U as differentiable tensors."""
    if A._data.ndim < 2:
        raise RuntimeError(
            f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(A.shape)} instead"
        )
    if A._data.dtype.kind not in "fc":
        raise not_implemented("lu_cpu", A._data, "convert with .float() first")
    a = matrices("linalg.lu", A, square=False)
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


def lu_factor(A: Tensor, *, pivot: bool = True) -> Any:
    """L and U packed into one matrix, and the row exchanges (counted from 1), for ``lu_solve``.

    >>> import minigrad as mg
    >>> mg.linalg.lu_factor(mg.tensor([[1.0, 2.0], [2.0, 2.0]])).pivots
    tensor([2, 2], dtype=torch.int32)
    """
    need_tensor("linalg_lu_factor", A, "A")
    exchanged, lower, upper = factors(A, pivot, "torch.lu_factor")
    m, n = A.shape[-2:]
    zeros = np.diagonal(upper._data, 0, -2, -1) == 0
    if zeros.any():
        at = int(np.argwhere(zeros)[0][-1]) + 1
        raise RuntimeError(
            f"torch.linalg.lu_factor: U[{at},{at}] is zero and using it on lu_solve would result "
            "in a division by zero. To have the factors all the same, use linalg.lu"
        )
    below = lower.tril(-1)
    if m > n:
        packed = cat([below[..., :n, :] + upper, below[..., n:, :]], -2)
    elif n > m:
        packed = cat([below + upper[..., :m], upper[..., m:]], -1)
    else:
        packed = below + upper
    return LuFactorResult(packed, make((exchanged + 1).astype(np.int32)))


def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False
) -> Tensor:
    """The X with ``A X = B`` (``X A = B`` if not left), given the LU factors of A.

    adjoint: with A's conjugate transpose in A's place.
    """
    need_tensor("linalg_lu_solve", LU, "LU")
    need_tensor("linalg_lu_solve", pivots, "pivots", 2)
    need_tensor("linalg_lu_solve", B, "B", 3)
    check_factors(LU, pivots, B, left)
    if not left:  # X A = B says A^H X^H = B^H
        return lu_solve(LU, pivots, B.mH, adjoint=not adjoint).mH
    m = LU.shape[-1]
    order = np.empty((*LU.shape[:-2], m), np.int64)
    for i in np.ndindex(*LU.shape[:-2]):
        order[i] = order_of(pivots._data[i] - 1, m)
    batch = np.broadcast_shapes(LU.shape[:-2], B.shape[:-2])
    order, B = np.broadcast_to(order, (*batch, m)), B.expand(*batch, *B.shape[-2:])
    if adjoint:  # A = P L U, so A^H = U^H L^H P^H
        y = solve_triangular(LU.mH, B, upper=False)
        x = solve_triangular(LU.mH, y, upper=True, unitriangular=True)
        return x.take_along_dim(make(np.argsort(order, -1)[..., None]), -2)
    b = B.take_along_dim(make(order[..., None]), -2)
    y = solve_triangular(LU, b, upper=False, unitriangular=True)
    return solve_triangular(LU, y, upper=True)


def check_factors(LU: Tensor, pivots: Tensor, B: Tensor, left: bool) -> None:
    """Refuse what cannot be the factors of a square matrix, or a right-hand side for it."""
    matrices("torch.linalg.lu_solve", LU)
    n = LU.shape[-1]
    if pivots._data.dtype.kind not in "iu":
        raise RuntimeError(
            "linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32: give those of "
            "lu_factor"
        )
    need_dimensions(pivots, -1, "pivots has a number for each row")
    if pivots.shape[-1] != n:
        raise RuntimeError(
            "linalg.lu_solve: Number of pivots per batch should be same as the dimension of the "
            f"matrix, {n}: give those of lu_factor"
        )
    if pivots.shape != LU.shape[:-1]:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got "
            f"pivots with shape {list(pivots.shape)} instead"
        )
    if B._data.ndim < 2:
        raise RuntimeError(
            "linalg.lu_solve: The input tensor B must have at least 2 dimensions: make it a "
            "column with .unsqueeze(-1)"
        )
    if B._data.dtype != LU._data.dtype:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type "
            f"{kind_name(LU._data)} and B of type {kind_name(B._data)} instead"
        )
    if B.shape[-2 if left else -1] != n:
        raise RuntimeError(
            f"linalg.lu_solve: Incompatible shapes of A and B for the equation "
            f"{'AX = B' if left else 'XA = B'} ({n}x{n} and {B.shape[-2]}x{B.shape[-1]})"
        )


def old_lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """``mg.lu_solve``: as ``mg.linalg.lu_solve``, with the right-hand side first.

    >>> import minigrad as mg
    >>> LU, pivots = mg.linalg.lu_factor(mg.tensor([[2.0, 0.0], [0.0, 4.0]]))
    >>> mg.lu_solve(mg.tensor([[2.0], [2.0]]), LU, pivots)
    tensor([[1.0000],
            [0.5000]])
    """
    need_tensor("lu_solve", b)
    need_tensor("lu_solve", LU_data, "LU_data", 2)
    need_tensor("lu_solve", LU_pivots, "LU_pivots", 3)
    return lu_solve(LU_data, LU_pivots, b)


def reported(function: Any, A: Tensor, result: Any, check: bool) -> Any:
    """Run ``function``; a LinAlgError becomes nan and an ``info`` that is not 0."""
    info = np.zeros(A._data.shape[:-2], np.int32)
    try:
        return result(function(), make(info))
    except LinAlgError:
        if check:
            raise
    broken = np.full(A._data.shape, math.nan, A._data.dtype)
    for i in np.ndindex(A._data.shape[:-2]):
        info[i] = pivoted(A._data[i])[2] or 1
    return result(make(broken), make(info))


def inv_ex(A: Tensor, *, check_errors: bool = False) -> Any:
    """The inverse, and ``info``: 0, or where a matrix was singular the number of the zero pivot."""
    need_tensor("linalg_inv_ex", A, "A")
    return reported(lambda: inv(A), A, InvExResult, check_errors)


def cholesky_ex(input: Tensor, *, upper: bool = False, check_errors: bool = False) -> Any:
    """The Cholesky factor, and ``info``: 0 where there is one."""
    need_tensor("linalg_cholesky_ex", input)
    return reported(lambda: cholesky(input, upper=upper), input, CholeskyExResult, check_errors)


def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> Any:
    """The solution of ``A X = B``, and ``info``: 0 where there is one."""
    need_tensor("linalg_solve_ex", A, "A")
    need_tensor("linalg_solve_ex", B, "B", 2)
    return reported(lambda: solve(A, B, left=left), A, SolveExResult, check_errors)


def tensorinv(input: Tensor, ind: int = 2) -> Tensor:
    """The inverse of ``tensordot(A, ., dims=ind)``.

    >>> import minigrad as mg
    >>> mg.linalg.tensorinv(mg.eye(4).reshape(2, 2, 4)).shape
    torch.Size([4, 2, 2])
    """
    need_tensor("linalg_tensorinv", input)
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    shape = input._data.shape
    if ind > len(shape):
        raise RuntimeError(
            f"ArrayRef: invalid slice, N = {ind}; size = {len(shape)}: ind counts the first "
            "dimensions of A"
        )
    n, rest = math.prod(shape[:ind]), math.prod(shape[ind:])
    if n != rest:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {rest} != {n}"
        )
    return inv(input.reshape(n, n)).reshape(*shape[ind:], *shape[:ind])


def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """The X with ``tensordot(A, X, dims=X.ndim) = B``."""
    need_tensor("linalg_tensorsolve", A)
    need_tensor("linalg_tensorsolve", B, "other", 2)
    if dims is not None:
        dims = [one_dim(d, A.ndim) for d in dims]
        others = [d for d in range(A.ndim) if d not in [i % A.ndim for i in dims]]
        A = A.permute(*others, *[i % A.ndim for i in dims])
    shape = A._data.shape[B.ndim :]
    n = B._data.size
    if math.prod(shape) != n:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {math.prod(shape)} != {n}"
        )
    return solve(A.reshape(n, n), B.flatten()).reshape(*shape)


def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first columns of a product of reflections ``I - tau v v^H``; v: the columns of A.

    >>> import minigrad as mg
    >>> mg.linalg.householder_product(mg.zeros(2, 1), mg.tensor([2.0]))
    tensor([[-1.],
            [ 0.]])
    """
    need_tensor("linalg_householder_product", A)
    need_tensor("linalg_householder_product", tau, "tau", 2)
    if A._data.ndim < 2:
        raise RuntimeError(
            "torch.linalg.householder_product: input must have at least 2 dimensions."
        )
    m, n = A._data.shape[-2:]
    need_dimensions(tau, -1, "tau has a number for each column")
    for name, small, of in (("input.shape[-2]", m < n, "input.shape[-1]"),
                            ("input.shape[-1]", n < tau.shape[-1], "tau.shape[-1]")):  # fmt: skip
        if small:
            raise RuntimeError(
                f"torch.linalg.householder_product: {name} must be greater than or equal to {of}: "
                "a column holds one reflection"
            )
    if tau._data.ndim != A._data.ndim - 1:
        raise RuntimeError(
            "torch.linalg.householder_product: Expected tau to have one dimension less than input, "
            f"but got tau.ndim equal to {tau._data.ndim} and input.ndim is equal to {A._data.ndim}"
        )
    if tau._data.dtype != A._data.dtype:
        raise RuntimeError(
            f"torch.linalg.householder_product: tau dtype {kind_name(tau._data)} does not match "
            f"input dtype {kind_name(A._data)}: convert with .to()"
        )
    matrices("linalg.householder_product", A, square=False)
    eye = np.eye(m, dtype=A._data.dtype)
    product = make(np.broadcast_to(eye, (*A._data.shape[:-2], m, m)).copy())
    reflectors = A.tril(-1) + make(np.eye(m, n, dtype=A._data.dtype))
    for i in range(tau.shape[-1]):
        v = reflectors[..., :, i : i + 1]
        size = tau[..., i, None, None]
        product = product - size * matmul(matmul(product, v), v.transpose(-2, -1).conj())
    return product[..., :n]
