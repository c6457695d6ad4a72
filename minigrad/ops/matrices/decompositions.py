r"""Decompositions of matrices: QR, singular values, eigenvalues.

Their gradients divide by differences of singular values or eigenvalues: where two coincide, the
vectors that belong to them are not determined, and the gradient through them is infinite or nan,
in PyTorch as here. Gradients through the values alone are always good.

Source of the formulas: M. Giles, "Collected matrix derivative results" (2008); J. Townsend,
"Differentiating the Singular Value Decomposition" (2016); for QR, Walter and Lehmann (2012).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import decompositions as refuse
from ...refusals.reasons.solvers import matrices
from ..called import called
from ..calls import one_call
from ..return_types import return_type
from .matmul import matmul
from .solvers import adjoint, ones_of


def columns(x: Any) -> Any:
    """A vector that scales the columns of a matrix."""
    return x[..., None, :]


def rows(x: Any) -> Any:
    """A vector that scales the rows of a matrix."""
    return x[..., :, None]


def differences(x: Any, xp: Any) -> Any:
    """``x_j - x_i`` off the diagonal, 1 on it, to divide by."""
    n = xp.shape_of(x)[-1]
    eye = ones_of(np.eye(n), x, xp)
    return columns(x) - rows(x) + eye


class LinalgQr(Op):
    formula = r"A = Q R"
    multi_output = True

    def forward(a, *, mode):
        if mode == "r":
            return np.zeros(0, a.dtype), np.linalg.qr(a, mode="r")
        return tuple(np.linalg.qr(a, mode=mode))

    def vjp(g, needs, y, mode, xp):
        r"(\bar Q + Q\, \mathrm{sym}(\mathrm{triu}(\bar R R^H - Q^H \bar Q))) R^{-H}"
        if mode == "r":
            refuse.gradient_without_q()
        q, r = y
        m, n = xp.shape_of(q)[-2], xp.shape_of(r)[-1]
        if mode == "complete" and m > n:
            refuse.gradient_of_complete()
        gq = q * 0 if g[0] is None else g[0]
        gr = r * 0 if g[1] is None else g[1]
        if m >= n:
            return (qr_square(gq, gr, q, r, xp),)
        # A wide A = [A1 A2] has R = [R1 R2], where Q R1 = A1 decides Q, and R2 = Q^H A2.
        r1, r2, gr1, gr2 = r[..., :m], r[..., m:], gr[..., :m], gr[..., m:]
        g1 = qr_square(gq + q @ (r2 @ adjoint(gr2, xp)), gr1, q, r1, xp)
        return (xp.cat([g1, q @ gr2], dim=-1),)


def qr_square(gq: Any, gr: Any, q: Any, r: Any, xp: Any) -> Any:
    """QR's vjp where R is square."""
    n = xp.shape_of(r)[-1]
    inner = gr @ adjoint(r, xp) - adjoint(q, xp) @ gq
    upper = inner * ones_of(np.triu(np.ones((n, n))) - 0.5 * np.eye(n), inner, xp)
    z = gq + q @ (upper + adjoint(upper, xp))
    return adjoint(xp.linalg_solve(r, adjoint(z, xp), vector=False), xp)


class LinalgSvd(Op):
    formula = r"A = U\, \mathrm{diag}(s)\, V^H"
    multi_output = True

    def forward(a, *, full_matrices):
        return tuple(np.linalg.svd(a, full_matrices=full_matrices))

    def vjp(g, needs, y, xp):
        r"""U (\tfrac{\mathrm{skew}(U^H \bar U)}{E} S + S \tfrac{\mathrm{skew}(V^H \bar V)}{E}
        + \mathrm{diag}(\bar s)) V^H + \ldots,\ E_{ij} = s_j^2 - s_i^2"""
        s = y[1]
        k = xp.shape_of(s)[-1]
        u, vh = y[0][..., :k], y[2][..., :k, :]  # what full_matrices adds has no gradient
        total = (u * columns(s * 0 if g[1] is None else g[1])) @ vh
        eye, off = ones_of(np.eye(k), s, xp), ones_of(1 - np.eye(k), s, xp)
        e = differences(s * s, xp)
        if g[0] is not None:
            gu = g[0][..., :k]
            inner = adjoint(u, xp) @ gu
            middle = (inner - adjoint(inner, xp)) * off / e * columns(s)
            if xp.np_dtype(u).kind == "c":  # the phases of U and V turn together
                middle = middle + xp.imag(inner) * eye / columns(s) * 1j
            total = total + u @ middle @ vh
            if xp.shape_of(u)[-2] > k:
                total = total + (gu - u @ inner) / columns(s) @ vh
        if g[2] is not None:
            gvh = g[2][..., :k, :]
            inner = vh @ adjoint(gvh, xp)
            total = total + u @ (rows(s) * ((inner - adjoint(inner, xp)) * off / e)) @ vh
            if xp.shape_of(vh)[-1] > k:
                total = total + u @ ((gvh - adjoint(inner, xp) @ vh) / rows(s))
        return (total,)


class LinalgEigh(Op):
    formula = r"A = V\, \mathrm{diag}(\lambda)\, V^H"
    multi_output = True

    def forward(a, *, uplo):
        return tuple(np.linalg.eigh(a, UPLO=uplo))

    def vjp(g, needs, y, xp):
        r"""V (\mathrm{diag}(\bar\lambda) + \tfrac12 (V^H \bar V - \bar V^H V) / E) V^H,
        \ E_{ij} = \lambda_j - \lambda_i"""
        values, v = y
        vh = adjoint(v, xp)
        if g[1] is None:
            return ((v * columns(g[0])) @ vh,)
        n = xp.shape_of(values)[-1]
        off = ones_of(1 - np.eye(n), values, xp)
        turned = vh @ g[1]
        turned = (turned - adjoint(turned, xp)) / 2  # so that the gradient is symmetric, as A is
        middle = turned / differences(values, xp) * off
        if g[0] is not None:
            middle = middle + ones_of(np.eye(n), values, xp) * columns(g[0])
        return (v @ middle @ vh,)


class LinalgEig(Op):
    formula = r"A V = V\, \mathrm{diag}(\lambda)"
    multi_output = True

    def forward(a):
        values, vectors = np.linalg.eig(a)
        d = np.complex64 if a.dtype in (np.float32, np.complex64) else np.complex128
        return values.astype(d), vectors.astype(d)

    def vjp(g, needs, y, xp):
        r"""V^{-H} (\mathrm{diag}(\bar\lambda) + (V^H \bar V
        - V^H V\, \mathrm{diag}(\mathrm{Re}\, V^H \bar V)) / E^*) V^H"""
        values, v = y
        vh = adjoint(v, xp)
        n = xp.shape_of(values)[-1]
        eye = ones_of(np.eye(n), values, xp)
        middle = eye * columns(values * 0 if g[0] is None else g[0])
        if g[1] is not None:
            inner = vh @ g[1]
            lengths = xp.real(xp.sum(inner * eye, dim=(-1,)))
            change = inner - (vh @ v) * columns(lengths)
            middle = middle + change / xp.conj(differences(values, xp)) * (1 - eye)
        return (xp.linalg_solve(vh, middle @ vh, vector=False),)


# --- the functions -------------------------------------------------------------------------------

QrResult = return_type("linalg_qr", "Q R")
OldQrResult = return_type("qr", "Q R")
SvdResult = return_type("linalg_svd", "U S Vh")
OldSvdResult = return_type("svd", "U S V")
EighResult = return_type("linalg_eigh", "eigenvalues eigenvectors")
EigResult = return_type("linalg_eig", "eigenvalues eigenvectors")


@one_call
def qr(A: Tensor, mode: str = "reduced") -> Any:
    """A as an orthogonal (unitary) Q times an upper triangular R.

    mode: 'reduced' (..., m, k) and (..., k, n) with k = min(m, n); 'complete' a square Q; 'r'
    only R, without gradient.

    >>> import minigrad as mg
    >>> mg.linalg.qr(mg.tensor([[3.0], [4.0]])).R
    tensor([[-5.]])
    """
    refuse.qr(A, mode)
    return QrResult(*apply(LinalgQr, (A,), {"mode": mode}))


def old_qr(input: Tensor, some: bool = True) -> Any:
    """``mg.linalg.qr`` under PyTorch's older name, ``torch.qr``."""
    refuse.old_qr(input)
    return OldQrResult(*qr(input, "reduced" if some else "complete"))


@one_call
def svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> Any:
    """Singular value decomposition: ``A = U diag(S) Vh``, S from the largest down.

    full_matrices=False leaves out the columns of U and rows of Vh that meet no singular value.

    >>> import minigrad as mg
    >>> mg.linalg.svd(mg.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    matrices("linalg.svd", A, square=False)
    refuse.no_driver(driver)
    return SvdResult(*apply(LinalgSvd, (A,), {"full_matrices": full_matrices}))


def old_svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> Any:
    """PyTorch's older ``torch.svd``: U, S and V (not its adjoint Vh)."""
    refuse.old_svd(input)
    u, s, vh = svd(input, not some)
    if not compute_uv:
        m, n = input.shape[-2:]
        u, v = (input.new_zeros(*input.shape[:-2], k, k) for k in (m, n))
        return OldSvdResult(u, s, v)
    return OldSvdResult(u, s, vh.transpose(-2, -1).conj())


@one_call
def svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """The singular values, from the largest down.

    >>> import minigrad as mg
    >>> mg.linalg.svdvals(mg.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor([4., 3.])
    """
    matrices("linalg.svd", A, square=False)
    refuse.no_driver(driver)
    return apply(LinalgSvd, (A,), {"full_matrices": False})[1]


@one_call
def eigh(input: Tensor, UPLO: str = "L") -> Any:
    """Eigenvalues (rising) and eigenvectors (columns) of symmetric or Hermitian matrices.

    Only the lower (UPLO='L') or upper ('U') triangle is looked at.

    >>> import minigrad as mg
    >>> mg.linalg.eigh(mg.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    refuse.eigh(input, UPLO)
    return EighResult(*apply(LinalgEigh, (input,), {"uplo": UPLO.upper()}))


@one_call
def eigvalsh(input: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of symmetric or Hermitian matrices, rising."""
    return eigh(input, UPLO).eigenvalues


@one_call
def eig(input: Tensor) -> Any:
    """Eigenvalues and eigenvectors (columns of length 1) of square matrices; always complex.

    >>> import minigrad as mg
    >>> mg.linalg.eig(mg.tensor([[0.0, -1.0], [1.0, 0.0]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """
    refuse.eig(input)
    return EigResult(*apply(LinalgEig, (input,)))


@one_call
def eigvals(input: Tensor) -> Tensor:
    """The eigenvalues of square matrices; always complex."""
    refuse.no_whole_numbers(input)
    matrices("linalg.eigvals", input)
    return apply(LinalgEig, (input,))[0]


@one_call
def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first columns of a product of reflections ``I - tau v v^H``; v: the columns of A.

    >>> import minigrad as mg
    >>> mg.linalg.householder_product(mg.zeros(2, 1), mg.tensor([2.0]))
    tensor([[-1.],
            [ 0.]])
    """
    refuse.householder_product(A, tau)
    m, n = A._data.shape[-2:]
    eye = np.eye(m, dtype=A._data.dtype)
    product = make(np.broadcast_to(eye, (*A._data.shape[:-2], m, m)).copy())
    reflectors = A.tril(-1) + make(np.eye(m, n, dtype=A._data.dtype))
    if not tau.shape[-1]:  # no reflection: it depends on A, with the gradient 0
        return called(A.masked_fill(make(np.ones(A.shape, bool)), 0.0) + make(np.eye(m, n)).to(
            A.dtype), "LinalgHouseholderProductBackward0")  # fmt: skip
    for i in range(tau.shape[-1]):
        v = reflectors[..., :, i : i + 1]
        size = tau[..., i, None, None]
        product = product - size * matmul(matmul(product, v), v.transpose(-2, -1).conj())
    return called(product[..., :n], "LinalgHouseholderProductBackward0")
