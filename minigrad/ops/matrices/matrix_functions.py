r"""Functions of matrices: pseudo-inverse, least squares, exponential, powers, rank, condition.

All work on batches of matrices, in the last two dimensions. $A^H$ is the conjugate transpose.

Source of the formulas: Golub and Pereyra (1973) for the pseudo-inverse, N. Higham, "The scaling and
squaring method for the matrix exponential revisited" (2005).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import arrays, register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import matrix_functions as refuse
from ...refusals.reasons.solvers import matrices
from .. import capturing
from ..called import called
from ..calls import one_call
from ..return_types import return_type
from .decompositions import svdvals
from .norms import linalg_norm
from .solvers import LinAlgError, adjoint, inv


class LinalgPinv(Op):
    formula = r"P = A^+"

    def forward(a, *, rtol, atol, hermitian=False):
        if hermitian:  # of which the lower triangle is enough
            lower = np.tril(a, -1)
            diagonal = np.real(a) * np.eye(a.shape[-1], dtype=a.real.dtype)
            a = lower + adjoint(lower, arrays) + diagonal
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        keep = s > np.maximum(atol, rtol * s[..., :1])
        inverse = np.where(keep, 1 / np.where(keep, s, 1), 0).astype(s.dtype)
        return (adjoint(vh, arrays) * inverse[..., None, :]) @ adjoint(u, arrays)

    def vjp_a(g, a, y, xp):
        r"-P^H \bar P P^H + (I - A P) \bar P^H P P^H + P^H P \bar P^H (I - A P)"
        return pinv_gradient(g, a, y, xp)


def pinv_gradient(g: Any, a: Any, p: Any, xp: Any) -> Any:
    """The vjp of the pseudo-inverse ``p`` of ``a``; the last terms vanish for square matrices."""
    ph, gh = adjoint(p, xp), adjoint(g, xp)
    left = gh @ (p @ ph)
    right = (ph @ p) @ gh
    return -(ph @ g @ ph) + (left - a @ (p @ left)) + (right - (right @ p) @ a)


class LinalgLstsq(Op):
    formula = r"X = A^+ B,\ r = \sum |A X - B|^2"
    multi_output = True

    def forward(a, b, *, residuals):
        x = np.stack([np.linalg.lstsq(m, v, rcond=None)[0] for m, v in pairs(a, b)])
        x = x.reshape(a.shape[:-2] + x.shape[-2:]).astype(b.dtype)
        error = a @ x - b
        r = (np.abs(error) ** 2).sum(-2) if residuals else np.zeros(0, b.real.dtype)
        return x, r

    def vjp(g, needs, a, b, y, residuals, xp):
        r"\bar B = P^H \bar X,\ \bar A = \text{the gradient of } P = A^+ \text{ for } \bar X B^H"
        x = y[0]
        ga, gb = a * 0, b * 0
        if g[0] is not None:
            p = xp.linalg_pinv(a)
            ga = ga + pinv_gradient(g[0] @ adjoint(b, xp), a, p, xp)
            gb = gb + adjoint(p, xp) @ g[0]
        if g[1] is not None and residuals:
            error = (a @ x - b) * (2 * xp.unsqueeze(g[1], dim=-2))
            ga = ga + error @ adjoint(x, xp)
            gb = gb - error
        return ga, gb


def pairs(a: Any, b: Any) -> Any:
    """The matrices of two batches, one by one."""
    return zip(a.reshape(-1, *a.shape[-2:]), b.reshape(-1, *b.shape[-2:]), strict=True)


PADE = (64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000,
        10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1)


class LinalgMatrixExp(Op):
    formula = r"Y = e^A = \sum_k A^k / k!"

    def forward(a):
        wide = a.astype(np.complex128 if a.dtype.kind == "c" else np.float64)
        size = float(np.abs(wide).sum(-2).max(initial=0))
        if not math.isfinite(size):
            return a * np.nan
        # Scale until Pade's approximation of degree 13 is exact to rounding, then square back.
        squarings = max(0, math.ceil(math.log2(size / 5.4))) if size > 5.4 else 0
        b = wide / 2.0**squarings
        eye = np.eye(a.shape[-1])
        b2 = b @ b
        b4 = b2 @ b2
        b6 = b4 @ b2
        c = PADE
        odd = b @ (b6 @ (c[13] * b6 + c[11] * b4 + c[9] * b2)
                   + c[7] * b6 + c[5] * b4 + c[3] * b2 + c[1] * eye)  # fmt: skip
        even = (b6 @ (c[12] * b6 + c[10] * b4 + c[8] * b2)
                + c[6] * b6 + c[4] * b4 + c[2] * b2 + c[0] * eye)  # fmt: skip
        y = np.linalg.solve(even - odd, even + odd)
        for _ in range(squarings):
            y = y @ y
        return y.astype(a.dtype)

    def vjp_a(g, a, xp):
        r"\exp \begin{pmatrix} A^H & \bar Y \\ 0 & A^H \end{pmatrix}_{12}"
        ah = adjoint(a, xp)
        n = xp.shape_of(a)[-1]
        top = xp.cat([ah, g], dim=-1)
        bottom = xp.cat([ah * 0, ah], dim=-1)
        return xp.matrix_exp(xp.cat([top, bottom], dim=-2))[..., :n, n:]


# --- the functions -------------------------------------------------------------------------------


def tolerances(x: Any, atol: Any, rtol: Any) -> tuple[Any, Any]:
    """How small a singular value counts as 0: PyTorch's defaults for what is not given."""
    if rtol is None:
        rtol = 0.0 if atol is not None else max(x.shape[-2:]) * np.finfo(x.dtype).eps
    atol = 0.0 if atol is None else atol
    low, relative = (t._data[..., None] if isinstance(t, Tensor) else t for t in (atol, rtol))
    return low, relative


@one_call
def pinv(
    input: Tensor, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Tensor:
    """The Moore-Penrose pseudo-inverse; singular values up to max(atol, rtol * largest) count as 0.

    >>> import minigrad as mg
    >>> mg.linalg.pinv(mg.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    refuse.pinv(input)
    low, relative = tolerances(input._data, atol, rcond if rtol is None else rtol)
    return apply(LinalgPinv, (input,), {"rtol": relative, "atol": low, "hermitian": hermitian})


LstsqResult = return_type("linalg_lstsq", "solution residuals rank singular_values")


@one_call
def lstsq(A: Tensor, B: Tensor, rcond: Any = None, *, driver: str | None = None) -> Any:
    """The X for which ``A X`` is closest to ``B`` (least squares), columns of B one by one.

    driver: 'gelsy' (default), 'gels', 'gelsd' or 'gelss', which decide as in PyTorch what else is
    returned beside solution and rank: residuals (sums of squares, if A is tall and of full rank;
    not for 'gelsy') and singular_values ('gelsd' and 'gelss').

    >>> import minigrad as mg
    >>> A, B = mg.tensor([[1.0], [1.0]]), mg.tensor([[1.0], [3.0]])
    >>> mg.linalg.lstsq(A, B).solution
    tensor([[2.]])
    """
    refuse.lstsq(A, B, driver)
    a, b = A._data, B._data
    vector = b.ndim == a.ndim - 1
    capturing.reads("a rank")
    rank = np.linalg.matrix_rank(a)
    tall = a.shape[-2] > a.shape[-1] and bool(np.all(rank == a.shape[-1]))
    tall = tall and driver not in (None, "gelsy")
    x, r = apply(LinalgLstsq, (A, B.unsqueeze(-1) if vector else B), {"residuals": tall})
    if vector:
        x, r = x.squeeze(-1), r.squeeze(-1) if tall else r
    values = svdvals(A.detach()) if driver in ("gelsd", "gelss") else make(np.zeros(0, b.dtype))
    ranks = np.zeros(0, np.int64) if driver == "gels" else np.asarray(rank, np.int64)
    return LstsqResult(x, r, make(ranks), values)


@one_call
def matrix_exp(input: Tensor) -> Tensor:
    """The matrix exponential ``I + A + A A / 2 + ...``, which solves ``dY/dt = A Y``.

    >>> import minigrad as mg
    >>> mg.matrix_exp(mg.zeros(2, 2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    matrices("linalg.matrix_exp", input)
    return apply(LinalgMatrixExp, (input,))


@one_call
def matrix_power(input: Tensor, n: int) -> Tensor:
    """The matrix multiplied by itself, ``n`` times in all; negative n: powers of the inverse.

    >>> import minigrad as mg
    >>> mg.matrix_power(mg.tensor([[1.0, 1.0], [0.0, 1.0]]), 3)
    tensor([[1., 3.],
            [0., 1.]])
    """
    refuse.matrix_power(n)
    x = input._data
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        matrices("linalg.matrix_power", input.to(input.new_zeros(0).float().dtype))
    if n < 0:
        return matrix_power(inv(input), -n)
    if n == 0:
        eye = np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape)
        return input * 0 + make(eye.copy())
    if n == 1:
        return input.clone()
    square = input
    while n % 2 == 0:  # square and multiply: log2(n) steps
        square, n = square @ square, n // 2
    result = square
    while n > 1:
        square, n = square @ square, n // 2
        result = result @ square if n % 2 else result
    return result


def matrix_rank(
    input: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Tensor:
    """How many singular values are not (nearly) 0: the dimension of what A can reach.

    >>> import minigrad as mg
    >>> mg.linalg.matrix_rank(mg.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    refuse.matrix_rank(input)
    x = input._data
    low, relative = tolerances(x, tol if atol is None else atol, rtol)
    s = np.linalg.svd(x, compute_uv=False)
    return make(np.asarray((s > np.maximum(low, relative * s[..., :1])).sum(-1)))


@one_call
def cond(input: Tensor, p: Any = None) -> Tensor:
    """The condition number: by how much solving with A can magnify errors. inf if singular.

    >>> import minigrad as mg
    >>> mg.linalg.cond(mg.tensor([[4.0, 0.0], [0.0, 2.0]]))
    tensor(2.)
    """
    refuse.cond(input, p)
    if p in (None, 2, -2):
        s = svdvals(input)
        y = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
        return called(y, "SqueezeBackward1")
    matrices(f"linalg.cond(ord={p})", input)
    try:
        inverse = inv(input)
    except LinAlgError:
        return make(np.full(input.shape[:-2], np.inf, input._data.real.dtype))
    return linalg_norm(input, p, (-2, -1)) * linalg_norm(inverse, p, (-2, -1))


register(
    linalg_pinv=(lambda a: LinalgPinv.forward(
    a, rtol=max(a.shape[-2:]) * np.finfo(a.dtype).eps, atol=0.0), pinv),
    matrix_exp=(LinalgMatrixExp, matrix_exp),
)
