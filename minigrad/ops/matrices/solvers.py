r"""Inverses, linear systems, determinants, and Cholesky factors.

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

from ...core.broadcast_error import broadcast_error
from ...core.formulas import arrays, register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ..elementwise.arithmetic import convert
from ..operands import KIND_NAMES, kind_name, need_tensor, result_type
from ..reducing.scans import others


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


class LinalgDet(Op):
    formula = r"y = \det A"

    def forward(a):
        return np.linalg.det(a)

    def vjp_a(g, a, y, xp):
        r"\bar y\, \mathrm{adj}(A)^H = \bar y\, y^* A^{-H}"
        if xp.first_order:
            return g[..., None, None] * adjoint(adjugate(a), xp)
        return (g * xp.conj(y)).unsqueeze(-1).unsqueeze(-1) * adjoint(xp.linalg_inv(a), xp)


def adjugate(a: Any) -> Any:
    """``det(A) inv(A)``, also where A has no inverse: by singular values."""
    u, s, vh = np.linalg.svd(a)
    rest = others(s, s.ndim - 1, arrays)
    scale = np.linalg.det(u) * np.linalg.det(vh)
    middle = adjoint(vh, arrays) * rest[..., None, :]
    return (middle @ adjoint(u, arrays)) * scale[..., None, None]


class LinalgSlogdet(Op):
    formula = r"(s, l) = (\det A / |\det A|, \ln |\det A|)"
    multi_output = True

    def forward(a):
        return tuple(np.linalg.slogdet(a))

    def vjp(g, needs, a, y, xp):
        r"(\bar l - i\, \mathrm{Im}(\bar s^* s))\, A^{-H}"
        scale = g[1]
        if g[0] is not None and xp.np_dtype(a).kind == "c":
            turn = xp.imag(xp.conj(g[0]) * y[0]) * -1j
            scale = turn if scale is None else scale + turn
        if scale is None:
            return (a * 0,)
        inverse = adjoint(xp.linalg_inv(a), xp)
        return (xp.unsqueeze(xp.unsqueeze(scale, dim=-1), dim=-1) * inverse,)


class LinalgCholeskyEx(Op):
    formula = r"A = L L^H"

    def forward(a, *, upper, name):
        lower = a.swapaxes(-2, -1).conj() if upper else a
        try:
            y = np.linalg.cholesky(lower)
        except np.linalg.LinAlgError:
            raise not_positive(name, lower) from None
        return y.swapaxes(-2, -1).conj() if upper else y

    def vjp_a(g, y, upper, xp):
        r"""\tfrac12 (S + S^H),\ S = L^{-H} \Phi(L^H \bar L) L^{-1},
        \ \Phi = \mathrm{tril} \text{ with half the diagonal}"""
        if upper:
            g, y = adjoint(g, xp), adjoint(y, xp)
        n = xp.shape_of(y)[-1]
        half = np.tri(n) - 0.5 * np.eye(n)
        phi = (adjoint(y, xp) @ g) * ones_of(half, y, xp)
        inverse = xp.linalg_inv(y)
        s = adjoint(inverse, xp) @ phi @ inverse
        return (s + adjoint(s, xp)) / 2

    @classmethod
    def node_name(cls, node: Any) -> str:
        return "CholeskyBackward0" if node.params["name"] == "cholesky" else cls.__name__ + (
            "Backward0"
        )


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


def not_positive(name: str, a: Any) -> LinAlgError:
    """PyTorch's error for a matrix without Cholesky factor."""
    for i in np.ndindex(a.shape[:-2]):
        for k in range(1, a.shape[-1] + 1):
            if not np.linalg.eigvalsh(a[i][:k, :k])[0] > 0:
                where = f"(Batch element {i[0] if len(i) == 1 else i}): " if i else ""
                return LinAlgError(
                    f"{name}: {where}The factorization could not be completed because the input "
                    f"is not positive-definite (the leading minor of order {k} is not "
                    "positive-definite)."
                )
    return LinAlgError(f"{name}: the factorization could not be completed")


def matrices(name: str, A: Any, square: bool = True, spoken: str = "") -> Any:
    """The array of a tensor that must hold (square) matrices of float numbers."""
    x = need_tensor((spoken or name).replace(".", "_"), A, "A")._data
    if x.ndim < 2:
        raise RuntimeError(
            f"{name}: The input tensor A must have at least 2 dimensions. It has {x.ndim}."
        )
    if square and x.shape[-1] != x.shape[-2]:
        raise RuntimeError(
            f"{name}: A must be batches of square matrices, but they are {x.shape[-2]} by "
            f"{x.shape[-1]} matrices: only those can be multiplied with themselves"
        )
    if x.dtype.kind not in "fc":
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got "
            f"{KIND_NAMES[x.dtype.name]}: convert it with .float() first"
        )
    if x.dtype == np.float16:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got Half; use .float()")
    return x


# --- the functions -------------------------------------------------------------------------------


def inv(A: Tensor) -> Tensor:
    """The inverse of square matrices. Raises LinAlgError if there is none.

    >>> import minigrad as mg
    >>> mg.linalg.inv(mg.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    matrices("linalg.inv", A)
    return apply(LinalgInvEx, (A,))


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The X with ``A X = B`` (``X A = B`` if not left), without computing an inverse.

    A: (..., n, n). B: (..., n, k), or vectors (..., n) if it has A's shape without the last
    dimension. Raises LinAlgError if A is singular.

    >>> import minigrad as mg
    >>> mg.linalg.solve(mg.tensor([[2.0, 0.0], [0.0, 4.0]]), mg.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    need_tensor("linalg_solve", B, "B", 2)
    a, b = matrices("linalg.solve", A), B._data
    if a.dtype != b.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
            f"{KIND_NAMES[a.dtype.name]} and B of type {KIND_NAMES[b.dtype.name]} instead"
        )
    if b.ndim == 0:
        raise RuntimeError("linalg.solve: The input tensor B must have at least 2 dimensions.")
    vector = b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])
    if vector and not left:
        raise RuntimeError(
            "linalg.solve: Incompatible shapes of A and B for the equation XA = B "
            f"({a.shape[-2]}x{a.shape[-1]} and {b.shape[-1]}x1)"
            if b.ndim == 1 else
            "linalg.solve: Vector broadcasting of the left hand side is not supported for "
            "left=False."
        )  # fmt: skip
    rows = b.shape[-1 if vector or not left else -2]
    if rows != a.shape[-1]:
        shape = f"{b.shape[-1]}x1" if vector else f"{b.shape[-2]}x{b.shape[-1]}"
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation "
            f"{'AX' if left else 'XA'} = B ({a.shape[-2]}x{a.shape[-1]} and {shape})"
            ": B has one row for each row of A"
        )
    batches = a.shape[:-2], b.shape[: -1 if vector else -2]
    try:
        np.broadcast_shapes(*batches)
    except ValueError:
        raise broadcast_error(np.empty(batches[1]), np.empty(batches[0])) from None
    if not left:
        return solve(A.transpose(-2, -1), B.transpose(-2, -1)).transpose(-2, -1)
    return apply(LinalgSolveEx, (A, B), {"vector": vector})


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
    need_tensor("linalg_solve_triangular", A)
    need_tensor("linalg_solve_triangular", B, "B", 2)
    a = matrices("linalg.solve_triangular", A)
    if B._data.dtype != a.dtype:
        B = convert(B, a.dtype)  # as PyTorch: the result has A's dtype
    if B._data.ndim < 2:
        raise RuntimeError(
            "linalg.solve_triangular: The input tensor B must have at least 2 dimensions."
        )
    b = matrices("linalg.solve_triangular", B, square=False)
    if b.shape[-2 if left else -1] != a.shape[-1]:
        raise RuntimeError(
            "linalg.solve_triangular: Incompatible shapes of A and B for the equation "
            f"{'AX' if left else 'XA'} = B ({a.shape[-2]}x{a.shape[-1]} and "
            f"{b.shape[-2]}x{b.shape[-1]})"
        )
    params = {"upper": upper, "left": left, "unitriangular": unitriangular}
    return apply(LinalgSolveTriangular, (A, B), params)


def det(A: Tensor) -> Tensor:
    """The determinant of square matrices.

    >>> import minigrad as mg
    >>> mg.det(mg.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(-2.)
    """
    matrices("linalg.det", A)
    return apply(LinalgDet, (A,))


def old_det(input: Tensor) -> Tensor:
    """``mg.linalg.det`` under PyTorch's older name, ``torch.det``."""
    need_tensor("det", input)
    return det(input)


LinalgSlogdetResult = result_type("linalg_slogdet", "sign logabsdet")
SlogdetResult = result_type("slogdet", "sign logabsdet")


def linalg_slogdet(A: Tensor) -> Any:
    """The sign of the determinant and the logarithm of its size, which does not overflow.

    >>> import minigrad as mg
    >>> mg.linalg.slogdet(mg.tensor([[1.0, 0.0], [0.0, -1.0]])).sign
    tensor(-1.)
    """
    matrices("linalg.slogdet", A)
    return LinalgSlogdetResult(*apply(LinalgSlogdet, (A,)))


def slogdet(input: Tensor) -> Any:
    """``mg.linalg.slogdet`` under PyTorch's older name."""
    need_tensor("slogdet", input)
    return SlogdetResult(*linalg_slogdet(input))


def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant; nan if that is negative.

    >>> import minigrad as mg
    >>> mg.logdet(mg.tensor([[2.0, 0.0], [0.0, 0.5]]))
    tensor(0.)
    """
    need_tensor("logdet", input)
    from ..elementwise.comparisons import where

    matrices("logdet", input)
    sign, logabs = apply(LinalgSlogdet, (input,))
    return where(make(sign._data == -1), math.nan, logabs)


def cholesky(input: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangular L (upper: its adjoint) with ``A = L L^H``, A positive-definite.

    Only A's lower (upper) triangle is looked at. Raises LinAlgError if there is no L.

    >>> import minigrad as mg
    >>> mg.linalg.cholesky(mg.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    need_tensor("linalg_cholesky", input)
    matrices("linalg.cholesky", input)
    return apply(LinalgCholeskyEx, (input,), {"upper": upper, "name": "linalg.cholesky"})


def old_cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """``mg.linalg.cholesky`` under PyTorch's older name, ``torch.cholesky``."""
    if not need_tensor("cholesky", input)._data.size:
        return input.clone()  # of nothing PyTorch asks no shape
    matrices("cholesky", input)
    return apply(LinalgCholeskyEx, (input,), {"upper": upper, "name": "cholesky"})


def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The X with ``A X = B``, given A's Cholesky factor ``L``: two triangular solves."""
    need_tensor("cholesky_solve", B)
    need_tensor("cholesky_solve", L, "input2", 2)
    for name, t in (("b", B), ("u", L)):
        if t.ndim < 2:
            raise RuntimeError(
                f"{name} should have at least 2 dimensions, but has {t.ndim} dimensions instead"
            )
    if B._data.dtype != L._data.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {kind_name(B._data)} "
            f"and A of type {kind_name(L._data)} instead. Convert one with .to()."
        )
    n, m = L.shape[-2:]
    if n != m:
        raise RuntimeError(
            f"A must be batches of square matrices, but they are {n} by {m} matrices"
            ": only those have such a factor"
        )
    if B.shape[-2] != n:
        raise RuntimeError(
            f"Incompatible matrix sizes for cholesky_solve: each A matrix is {n} by {n} but each b "
            f"matrix is {B.shape[-2]} by {B.shape[-1]}: A X = B needs as many rows in both"
        )
    lower = L.transpose(-2, -1).conj() if upper else L
    y = solve_triangular(lower, B, upper=False)
    return solve_triangular(lower.transpose(-2, -1).conj(), y, upper=True)


def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of A, given A's Cholesky factor ``L``."""
    need_tensor("cholesky_inverse", L)
    matrices("cholesky_inverse", L)
    eye = np.broadcast_to(np.eye(L.shape[-1], dtype=L._data.dtype), L.shape)
    return cholesky_solve(make(eye.copy()), L, upper)


register("linalg_inv", LinalgInvEx, inv)
register("linalg_solve", LinalgSolveEx,
         lambda a, b, vector: apply(LinalgSolveEx, (a, b), {"vector": vector}))  # fmt: skip
register("solve_triangular", LinalgSolveTriangular, solve_triangular)
