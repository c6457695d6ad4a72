r"""Rounding: to the next whole number, or to so many places.

A rounded number stands still while its input moves, so the gradients are 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.formula_ops import zeros
from ...core.formulas import register
from ...core.op import apply
from ...core.tensor import Tensor
from ...refusals.reasons import rounding as refuse
from ...refusals.words import not_implemented


class Floor(Elementwise):
    formula = r"y = \lfloor x \rfloor"

    def forward(x):
        return x.copy() if x.dtype.kind in "iu" else np.floor(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Ceil(Elementwise):
    formula = r"y = \lceil x \rceil"

    def forward(x):
        return x.copy() if x.dtype.kind in "iu" else np.ceil(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Trunc(Elementwise):
    formula = r"y = x \text{ without its fraction}"

    def forward(x):
        return x.copy() if x.dtype.kind in "iu" else np.trunc(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Round(Elementwise):
    formula = r"y = \text{the nearest whole number to } x"

    def forward(x, *, decimals=0):
        if decimals and x.dtype == np.float16:  # 0.85 * 10 would be rounded before it is rounded
            return np.round(x.astype(np.float32), decimals).astype(x.dtype)
        with np.errstate(all="ignore"):
            return x.copy() if x.dtype.kind in "iu" else np.round(x, decimals)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return "RoundBackward1" if "decimals" in node.params else "RoundBackward0"


class Frac(Elementwise):
    formula = r"y = x - \mathrm{trunc}(x)"

    def forward(x):
        return x - np.trunc(x)

    def vjp_x(g):
        r"\bar y"
        return g


# --- the functions -------------------------------------------------------------------------------


def floor(input: Tensor) -> Tensor:
    """Round down to a whole number; the gradient is 0."""
    if isinstance(input, Tensor) and input._data.dtype.kind in "bc":
        refuse.floor(input)
    return apply(Floor, (input,))


def ceil(input: Tensor) -> Tensor:
    """Round up to a whole number; the gradient is 0.

    >>> import minigrad as mg
    >>> mg.ceil(mg.tensor([-1.5, 1.5]))
    tensor([-1.,  2.])
    """
    refuse.towards("ceil", input)
    return apply(Ceil, (input,))


def trunc(input: Tensor) -> Tensor:
    """Round towards 0; the gradient is 0.

    >>> import minigrad as mg
    >>> mg.trunc(mg.tensor([-1.5, 1.5]))
    tensor([-1.,  1.])
    """
    refuse.towards("trunc", input)
    return apply(Trunc, (input,))


fix = trunc


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Round to the nearest number with ``decimals`` decimals, halves to the even one.

    Args:
        input: a real tensor of any shape.
        decimals: how many places to keep, a whole number (default 0).

    Returns:
        A new tensor of the same shape and dtype, with the gradient 0.

    Raises:
        NotImplementedError: for bool and complex tensors, and for whole numbers with
            ``decimals``.

    >>> import minigrad as mg
    >>> mg.round(mg.tensor([0.5, 1.5, 2.4]))
    tensor([0., 2., 2.])

    Source: PyTorch's documentation of ``torch.round``.
    """
    refuse.round(input, decimals)
    return apply(Round, (input,), {"decimals": decimals} if decimals else {})


def frac(input: Tensor) -> Tensor:
    """The part behind the decimal point, with the sign of ``input``. Float tensors only.

    >>> import minigrad as mg
    >>> mg.frac(mg.tensor([-1.5, 2.25]))
    tensor([-0.5000,  0.2500])
    """
    x = input._data
    if x.dtype.kind != "f":
        raise not_implemented("frac_cpu", x, "whole numbers have no fraction")
    return apply(Frac, (input,))


register(floor=(Floor, floor))
