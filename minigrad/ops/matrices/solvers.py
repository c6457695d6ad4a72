r"""Inverses and linear systems.

Every formula here comes from differentiating an equation: $A Y = I$ gives $dA\, Y + A\, dY = 0$,
so $dY = -A^{-1}\, dA\, A^{-1}$ and $\bar A = -Y^H \bar Y Y^H$. All work on batches of matrices, in
the last two dimensions. $A^H$ is the conjugate transpose.

Source: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import solvers as refuse
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.arithmetic import convert


class LinAlgError(RuntimeError):
    """A matrix for which the computation has no answer (singular, not positive-definite)."""


def adjoint(x: Any, xp: Any) -> Any:
    """The conjugate transpose of matrices."""
    return xp.transpose(xp.conj(x), dim0=-2, dim1=-1)


def ones_of(mask: Any, x: Any, xp: Any) -> Any:
    """A 0-1 matrix in the dtype of ``x``, to multiply with."""
    return xp.constant(mask.astype(xp.np_dtype(x)))


class LinalgInvEx(Op):
    formula = r"Y = A^{-1}"

    def forward(a):
        try:
            return np.linalg.inv(a)
        except np.linalg.LinAlgError:
            raise singular("linalg.inv", a) from None

    def vjp_a(g, y, xp):
        r"-Y^H \bar Y Y^H"
        return -(adjoint(y, xp) @ g @ adjoint(y, xp))


class LinalgSolveEx(Op):
    formula = r"X = A^{-1} B"

    def forward(a, b, *, vector):
        b = b[..., None] if vector else b
        b = np.broadcast_to(b, np.broadcast_shapes(a.shape[:-2], b.shape[:-2]) + b.shape[-2:])
        try:
            x = np.linalg.solve(a, b)
        except np.linalg.LinAlgError:
            raise LinAlgError(
                "torch.linalg.solve: The solver failed because the input matrix is singular: "
                "there is no solution, or more than one; lstsq finds the best approximation"
            ) from None
        return x[..., 0] if vector else x

    def vjp_a(g, a, y, vector, xp):
        r"-\bar B X^H"
        g = xp.linalg_solve(adjoint(a, xp), g, vector=vector)
        if vector:
            return -(xp.unsqueeze(g, dim=-1) * xp.conj(xp.unsqueeze(y, dim=-2)))
        return -(g @ adjoint(y, xp))

    def vjp_b(g, a, vector, xp):
        r"A^{-H} \bar X"
        return xp.linalg_solve(adjoint(a, xp), g, vector=vector)


class LinalgSolveTriangular(Op):
    formula = r"X = T^{-1} B"

    def forward(a, b, *, upper, left, unitriangular):
        t = np.triu(a) if upper else np.tril(a)
        if unitriangular:
            i = np.arange(a.shape[-1])
            t[..., i, i] = 1
        with np.errstate(all="ignore"):
            if left:
                return substitute(t, b, upper)
            x = substitute(t.swapaxes(-2, -1), b.swapaxes(-2, -1), not upper)
            return x.swapaxes(-2, -1)

    def vjp_a(g, a, y, upper, left, unitriangular, xp):
        r"-\bar B X^H \text{ in the triangle (} -X^H \bar B \text{ from the right)}"
        g = xp.solve_triangular(adjoint(a, xp), g, upper=not upper, left=left,
                                unitriangular=unitriangular)  # fmt: skip
        full = g @ adjoint(y, xp) if left else adjoint(y, xp) @ g
        n = xp.shape_of(a)[-1]
        ones = np.ones((n, n))
        k = 1 if unitriangular else 0
        return -full * ones_of(np.triu(ones, k) if upper else np.tril(ones, -k), full, xp)

    def vjp_b(g, a, upper, left, unitriangular, xp):
        r"T^{-H} \bar X"
        return xp.solve_triangular(adjoint(a, xp), g, upper=not upper, left=left,
                                   unitriangular=unitriangular)  # fmt: skip


def substitute(t: Any, b: Any, upper: bool) -> Any:
    """Solve a triangular system row by row, from the row with one unknown on."""
    n = t.shape[-1]
    batch = np.broadcast_shapes(t.shape[:-2], b.shape[:-2])
    x = np.array(np.broadcast_to(b, batch + b.shape[-2:]), np.result_type(t, b))
    for i in range(n - 1, -1, -1) if upper else range(n):
        known = slice(i + 1, n) if upper else slice(0, i)
        x[..., i, :] -= (t[..., i : i + 1, known] @ x[..., known, :])[..., 0, :]
        x[..., i, :] /= t[..., i, i, None]
    return x


# --- errors --------------------------------------------------------------------------------------


def singular(name: str, a: Any) -> LinAlgError:
    """PyTorch's error for a matrix without inverse."""
    for i in np.ndindex(a.shape[:-2]):
        rank = int(np.linalg.matrix_rank(a[i]))
        if rank < a.shape[-1]:
            where = f"(Batch element {i[0] if len(i) == 1 else i}): " if i else ""
            return LinAlgError(
                f"{name}: {where}The diagonal element {rank + 1} is zero, the inversion could not "
                "be completed because the input matrix is singular. Its rows depend on each other."
            )
    return LinAlgError(f"{name}: the inversion could not be completed")


# --- the functions -------------------------------------------------------------------------------


@one_call
def inv(A: Tensor) -> Tensor:
    """The inverse of square matrices. Raises LinAlgError if there is none.

    >>> import minigrad as mg
    >>> mg.linalg.inv(mg.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    refuse.matrices("linalg.inv", A)
    return apply(LinalgInvEx, (A,))


@one_call
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The X with ``A X = B`` (``X A = B`` if not left), without computing an inverse.

    A: (..., n, n). B: (..., n, k), or vectors (..., n) if it has A's shape without the last
    dimension. Raises LinAlgError if A is singular.

    >>> import minigrad as mg
    >>> mg.linalg.solve(mg.tensor([[2.0, 0.0], [0.0, 4.0]]), mg.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    refuse.matrices("linalg.solve", A)
    a, b = A._data, B._data
    refuse.solve(a, b)
    vector = b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])
    refuse.solve_shapes(a, b, vector, left)
    if not left:
        y = solve(A.transpose(-2, -1), B.transpose(-2, -1)).transpose(-2, -1)
        return called(y, "LinalgSolveExBackward0")
    return apply(LinalgSolveEx, (A, B), {"vector": vector})


@one_call
def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """The X with ``A X = B`` for a triangular A; the other triangle is not looked at.

    left=False: ``X A = B``. unitriangular: take the diagonal as ones.

    >>> import minigrad as mg
    >>> A = mg.tensor([[2.0, 0.0], [1.0, 1.0]])
    >>> mg.linalg.solve_triangular(A, mg.tensor([[2.0], [3.0]]), upper=False)
    tensor([[1.],
            [2.]])
    """
    refuse.matrices("linalg.solve_triangular", A)
    if B._data.dtype != A._data.dtype:
        B = convert(B, A._data.dtype)  # as PyTorch: the result has A's dtype
    refuse.solve_triangular(A, B, left)
    params = {"upper": upper, "left": left, "unitriangular": unitriangular}
    return apply(LinalgSolveTriangular, (A, B), params)


@one_call
def tensorinv(input: Tensor, ind: int = 2) -> Tensor:
    """The inverse of ``tensordot(A, ., dims=ind)``.

    >>> import minigrad as mg
    >>> mg.linalg.tensorinv(mg.eye(4).reshape(2, 2, 4)).shape
    torch.Size([4, 2, 2])
    """
    refuse.tensorinv(input, ind)
    shape = input._data.shape
    n = math.prod(shape[:ind])
    y = inv(input.reshape(n, n)).reshape(*shape[ind:], *shape[:ind])
    return called(y, "ReshapeAliasBackward0")


@one_call
def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """The X with ``tensordot(A, X, dims=X.ndim) = B``."""
    if dims is not None:
        dims = [one_dim(d, A.ndim) for d in dims]
        others = [d for d in range(A.ndim) if d not in [i % A.ndim for i in dims]]
        A = A.permute(*others, *[i % A.ndim for i in dims])
    shape = A._data.shape[B.ndim :]
    n = B._data.size
    refuse.tensorsolve(shape, n)
    return solve(A.reshape(n, n), B.flatten()).reshape(*shape)


register(
    linalg_inv=(LinalgInvEx, inv),
    linalg_solve=(
        LinalgSolveEx, lambda a, b, vector: apply(LinalgSolveEx, (a, b), {"vector": vector})
    ),
    solve_triangular=(LinalgSolveTriangular, solve_triangular),
)
