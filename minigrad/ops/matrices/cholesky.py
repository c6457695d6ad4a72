r"""Cholesky factors: $A = L L^H$ of positive-definite matrices, and solving with them.

Source: M. Giles (2008), as in ``solvers.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import cholesky as refuse
from ...refusals.reasons.solvers import matrices
from ..calls import one_call
from .solvers import LinAlgError, adjoint, ones_of


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


@one_call
def cholesky(input: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangular L (upper: its adjoint) with ``A = L L^H``, A positive-definite.

    Only A's lower (upper) triangle is looked at. Raises LinAlgError if there is no L.

    >>> import minigrad as mg
    >>> mg.linalg.cholesky(mg.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    matrices("linalg.cholesky", input)
    return apply(LinalgCholeskyEx, (input,), {"upper": upper, "name": "linalg.cholesky"})


def old_cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """``mg.linalg.cholesky`` under PyTorch's older name, ``torch.cholesky``."""
    if not input._data.size:
        return input.clone()  # of nothing PyTorch asks no shape
    matrices("cholesky", input)
    return apply(LinalgCholeskyEx, (input,), {"upper": upper, "name": "cholesky"})


class CholeskySolve(Op):
    formula = r"X = (C C^H)^{-1} B"

    def forward(b, c, *, upper):
        return solve_both(c, b, upper)

    def vjp(g, needs, b, c, y, upper, xp):
        r"\bar B = (C C^H)^{-1} \bar X,\ \bar C = -(\bar B X^H + X \bar B^H) C"
        gb = xp.cholesky_solve(g, c, upper=upper)
        both = gb @ adjoint(y, xp)
        both = both + adjoint(both, xp)
        return gb, -(c @ both if upper else both @ c)


class CholeskyInverse(Op):
    formula = r"Y = (C C^H)^{-1}"

    def forward(c, *, upper):
        return solve_both(c, np.broadcast_to(np.eye(c.shape[-1], dtype=c.dtype), c.shape), upper)

    def vjp_c(g, c, y, upper, xp):
        r"-Y (\bar Y + \bar Y^H)\, Y C"
        both = y @ (g + adjoint(g, xp)) @ y
        return -(c @ both if upper else both @ c)


def solve_both(c: Any, b: Any, upper: bool) -> Any:
    """Two triangular systems, of which only one triangle of ``c`` is looked at."""
    lower = np.tril(c.swapaxes(-2, -1).conj() if upper else c)
    return np.linalg.solve(lower.swapaxes(-2, -1).conj(), np.linalg.solve(lower, b))


@one_call
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The X with ``A X = B``, given A's Cholesky factor ``L``: two triangular solves."""
    refuse.cholesky_solve(B, L)
    return apply(CholeskySolve, (B, L), {"upper": upper})


@one_call
def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of A, given A's Cholesky factor ``L``."""
    matrices("cholesky_inverse", L)
    return apply(CholeskyInverse, (L,), {"upper": upper})


register(cholesky_solve=(CholeskySolve, cholesky_solve))
