r"""A tensor plus a product: ``addmm`` and its relatives, $\beta X + \alpha A B$.

PyTorch has one operation for each, as the sum costs nothing beside the product.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import product_sums as refuse
from ..calls import one_call
from ..dimensions import one_dim


class Addmm(Op):
    formula = r"Y = \beta M + \alpha A B"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, b), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y B^\top"
        return xp.mm(g, xp.t(xp.conj(b))) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha A^\top \bar Y"
        return xp.mm(xp.t(xp.conj(a)), g) * alpha


class Addmv(Op):
    formula = r"y = \beta m + \alpha A x"

    def forward(m, a, x, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, x), alpha)

    def vjp_m(g, beta):
        r"\beta \bar y"
        return g * beta

    def vjp_a(g, x, alpha, xp):
        r"\alpha \bar y\, x^\top"
        return xp.unsqueeze(g, dim=-1) * xp.conj(x) * alpha

    def vjp_x(g, a, alpha, xp):
        r"\alpha A^\top \bar y"
        return xp.mv(xp.t(xp.conj(a)), g) * alpha


class Addr(Op):
    formula = r"Y = \beta M + \alpha\, a b^\top"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.outer(a, b), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y b"
        return xp.mv(g, xp.conj(b)) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha \bar Y^\top a"
        return xp.mv(xp.t(g), xp.conj(a)) * alpha


class Baddbmm(Op):
    formula = r"Y_k = \beta M_k + \alpha A_k B_k"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, b), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y_k B_k^\top"
        return xp.bmm(g, xp.transpose(xp.conj(b), dim0=-2, dim1=-1)) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha A_k^\top \bar Y_k"
        return xp.bmm(xp.transpose(xp.conj(a), dim0=-2, dim1=-1), g) * alpha


class Addbmm(Op):
    formula = r"Y = \beta M + \alpha \sum_k A_k B_k"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, b).sum(axis=0, dtype=a.dtype), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y B_k^\top"
        return xp.matmul(g, xp.transpose(xp.conj(b), dim0=-2, dim1=-1)) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha A_k^\top \bar Y"
        return xp.matmul(xp.transpose(xp.conj(a), dim0=-2, dim1=-1), g) * alpha


def scaled(x: Any, factor: Any) -> Any:
    """``factor * x`` in the dtype of ``x``."""
    return x if factor == 1 else x * np.asarray(factor, x.dtype)


@one_call
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * mat1 @ mat2``; ``input`` broadcasts. One step of a linear layer.

    >>> import minigrad as mg
    >>> mg.addmm(mg.tensor([1.0, 2.0]), mg.ones(2, 3), mg.ones(3, 2))
    tensor([[4., 5.],
            [4., 5.]])
    """
    refuse.addmm(input, mat1, mat2)
    return apply(Addmm, (input, mat1, mat2), {"beta": beta, "alpha": alpha})


def addmm_own(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``addmm`` for ``addmm_``, where nothing broadcasts."""
    refuse.addmm_own(input, mat1, mat2)
    return addmm(input, mat1, mat2, beta=beta, alpha=alpha)


def addr_own(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``addr`` for ``addr_``, where nothing broadcasts."""
    refuse.addr_own(input, vec1, vec2)
    return addr(input, vec1, vec2, beta=beta, alpha=alpha)


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * mat @ vec``.

    >>> import minigrad as mg
    >>> mg.addmv(mg.tensor([1.0, 2.0]), mg.ones(2, 3), mg.ones(3))
    tensor([4., 5.])
    """
    refuse.addmv(input, mat, vec)
    return apply(Addmv, (input, mat, vec), {"beta": beta, "alpha": alpha})


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``.

    >>> import minigrad as mg
    >>> mg.addr(mg.zeros(2, 2), mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    refuse.addr(input, vec1, vec2)
    return apply(Addr, (input, vec1, vec2), {"beta": beta, "alpha": alpha})


def length_of(t: Tensor, d: int) -> int:
    """The length of dimension ``d``; IndexError if there is none."""
    if not t.ndim:
        raise IndexError(
            f"Dimension specified as {d} but tensor has no dimensions: batches of matrices have 3"
        )
    return int(t._data.shape[one_dim(d, t.ndim)])


def batches(input: Tensor, batch1: Tensor, batch2: Tensor, summed: bool = False) -> None:
    """Check two batches of matrices, and a tensor that is added to their product (or its sum)."""
    first = () if summed else (length_of(batch1, 0),)
    refuse.fits(input, (*first, length_of(batch1, 1), length_of(batch2, 2)))
    refuse.batches(input, batch1, batch2, summed)


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2)``."""
    batches(input, batch1, batch2)
    return apply(Baddbmm, (input, batch1, batch2), {"beta": beta, "alpha": alpha})


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2).sum(0)``."""
    batches(input, batch1, batch2, summed=True)
    return apply(Addbmm, (input, batch1, batch2), {"beta": beta, "alpha": alpha})
