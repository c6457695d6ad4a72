"""Determinants of matrices, and their logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import arrays
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons.solvers import matrices
from ..calls import one_call
from ..elementwise.comparisons import where
from ..reducing.scans import others
from ..return_types import return_type
from .solvers import adjoint

# --- the operations ----------------------------------------------------------------------------


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


# --- the functions -----------------------------------------------------------------------------


@one_call
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
    return det(input)


LinalgSlogdetResult = return_type("linalg_slogdet", "sign logabsdet")
SlogdetResult = return_type("slogdet", "sign logabsdet")


def linalg_slogdet(A: Tensor) -> Any:
    """The sign of the determinant and the logarithm of its size, which does not overflow.

    >>> import minigrad as mg
    >>> mg.linalg.slogdet(mg.tensor([[1.0, 0.0], [0.0, -1.0]])).sign
    tensor(-1.)
    """
    matrices("linalg.slogdet", A)
    return LinalgSlogdetResult(*apply(LinalgSlogdet, (A,)))


@one_call
def slogdet(input: Tensor) -> Any:
    """``mg.linalg.slogdet`` under PyTorch's older name."""
    return SlogdetResult(*linalg_slogdet(input))


@one_call
def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant; nan if that is negative.

    >>> import minigrad as mg
    >>> mg.logdet(mg.tensor([[2.0, 0.0], [0.0, 0.5]]))
    tensor(0.)
    """
    matrices("logdet", input)
    sign, logabs = apply(LinalgSlogdet, (input,))
    return where(make(sign._data == -1), math.nan, logabs)
