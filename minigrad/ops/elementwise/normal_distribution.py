r"""The normal distribution, exact far out: areas under its curve, their logarithms and inverse.

Far from 0 an area is too near 0 or 1 for the difference to be a floating-point number; scaled by
$e^{x^2}$ (``erfcx``) or as a logarithm it stays exact.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op
from ...core.tensor import Tensor
from ...faithful import dtypes
from ...refusals.words import not_implemented, only_real
from ..called import called
from ..calls import one_call
from ..operands import unary
from .error_and_gamma import TAIL_BOTTOM, TAIL_TOP, erfc, erfc_array, erfinv_array, polynomial


def erfcx_array(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        far = np.maximum(wide, 4)
        s = 1 / (far * far)
        tail = (1 / math.sqrt(math.pi) - s * polynomial(TAIL_TOP, s) / polynomial(TAIL_BOTTOM, s))
        near = np.minimum(wide, 4)
        y = np.where(wide >= 4, tail / far, np.exp(near * near) * erfc_array(near))
        return np.where(np.isnan(wide), wide, y).astype(x.dtype)


def log_ndtr_array(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        left = np.log(erfcx_array(-np.minimum(wide, -1) / math.sqrt(2)) / 2) - wide * wide / 2
        right = np.log1p(-erfc_array(np.maximum(wide, -1) / math.sqrt(2)) / 2)
        return np.where(wide < -1, left, right).astype(x.dtype)


def ndtri_array(p: Any) -> Any:
    wide = np.asarray(p, np.float64)
    with np.errstate(all="ignore"):
        y = math.sqrt(2) * erfinv_array(2 * wide - 1)
        low = np.minimum(wide, 1 - wide)  # Newton's method in a tail, where 2 p - 1 lost digits
        z = np.where(np.isfinite(y), -np.abs(y), -10.0)
        for _ in range(4):
            area = erfc_array(-z / math.sqrt(2)) / 2
            z = z - (area - low) / (np.exp(-z * z / 2) / math.sqrt(2 * math.pi))
        tail = (low > 0) & (low < 1e-3)
        return np.where(tail, np.copysign(z, wide - 0.5), y).astype(p.dtype)


# --- the operations ----------------------------------------------------------------------------


class SpecialErfcx(Op):
    formula = r"y = e^{x^2} \mathrm{erfc}(x)"
    layout = "elementwise"

    def forward(x):
        return erfcx_array(x)

    def vjp_x(g, x, y):
        r"\bar y \odot (2 x y - 2 / \sqrt\pi)"
        return g * (2 * x * y - 2 / math.sqrt(math.pi))


class SpecialLogNdtr(Op):
    formula = r"y = \ln \Phi(x)"
    layout = "elementwise"

    def forward(x):
        return log_ndtr_array(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \sqrt{2/\pi}\, / \, \mathrm{erfcx}(-x / \sqrt 2)"
        return xp.div(g * math.sqrt(2 / math.pi), xp.erfcx(x * -math.sqrt(0.5)))


class SpecialNdtri(Op):
    formula = r"y = \Phi^{-1}(x)"
    layout = "elementwise"

    def forward(x):
        return ndtri_array(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot \sqrt{2\pi}\, e^{y^2 / 2}"
        return g * (math.sqrt(2 * math.pi) * xp.exp(y * y * 0.5))


# --- the functions -----------------------------------------------------------------------------


def only_single(name: str, input: Tensor) -> None:
    """Refuse complex numbers, and float16, which has too few digits for these functions."""
    only_real(name, input)
    if input._data.dtype == np.float16:
        raise not_implemented(name, input._data, "convert with .float() first")


def erfcx(input: Tensor) -> Tensor:
    """``exp(input ** 2) * erfc(input)``, which does not underflow.

    >>> import minigrad as mg
    >>> mg.special.erfcx(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 0.4276])
    """
    only_single("erfcx_cpu", input)
    return unary(SpecialErfcx, input)


@one_call
def ndtr(input: Tensor) -> Tensor:
    """The area under the standard normal curve up to ``input``.

    >>> import minigrad as mg
    >>> mg.special.ndtr(mg.tensor([0.0, 1.96]))
    tensor([0.5000, 0.9750])
    """
    if input._data.dtype.kind == "c":
        raise not_implemented("erf_vml_cpu", input._data, "probabilities are real")
    x = input if input._data.dtype.kind == "f" else input.to(dtypes.get_default_dtype())
    return called(erfc(x * -math.sqrt(0.5)) * 0.5, "MulBackward1")


def log_ndtr(input: Tensor) -> Tensor:
    """The logarithm of the area under the standard normal curve up to ``input``.

    >>> import minigrad as mg
    >>> mg.special.log_ndtr(mg.tensor([0.0, -10.0]))
    tensor([ -0.6931, -53.2313])
    """
    only_single("log_ndtr_cpu", input)
    return unary(SpecialLogNdtr, input)


def ndtri(input: Tensor) -> Tensor:
    """The number with the area ``input`` under the standard normal curve to its left.

    >>> import minigrad as mg
    >>> mg.special.ndtri(mg.tensor([0.5, 0.975]))
    tensor([0.0000, 1.9600])
    """
    only_single("ndtri_cpu", input)
    return unary(SpecialNdtri, input)


register(erfcx=(SpecialErfcx, erfcx))
