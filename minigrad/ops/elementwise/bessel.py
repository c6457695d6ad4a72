r"""Modified Bessel functions, and functions of the normal distribution that are exact far out.

``i0`` and ``i1`` are computed from their integral, $I_n(x) = \frac1\pi \int_0^\pi e^{x \cos t}
\cos(nt)\, dt$, by the trapezoidal rule, which for a periodic function gains digits exponentially
fast; for large x by the asymptotic series (Abramowitz and Stegun 1964, 9.6.19 and 9.7.1).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.broadcast_error import broadcast_error
from ...core.formulas import register
from ...core.op import Op
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ..operands import need_tensor, not_implemented, only_real, unary
from .error_and_gamma import TAIL_BOTTOM, TAIL_TOP, erfc_array, erfinv_array, polynomial, zeta_array

ANGLES = (np.arange(64) + 0.5) * (math.pi / 64)


def scaled_bessel(n: int, x: Any) -> Any:
    """``exp(-|x|) * I_n(x)`` for n = 0 or 1, in float64."""
    wide = np.asarray(x, np.float64)
    size = np.abs(wide)
    near = np.minimum(size, 30.0)[..., None]
    integral = (np.exp(near * (np.cos(ANGLES) - 1)) * np.cos(n * ANGLES)).mean(-1)
    far = np.maximum(size, 30.0)
    term = total = np.ones_like(far)
    for k in range(1, 20):
        term = term * -(4 * n * n - (2 * k - 1) ** 2) / (k * 8 * far)
        total = total + term
    y = np.where(size <= 30, integral, total / np.sqrt(2 * math.pi * far))
    return np.where(np.isnan(wide), wide, y * (np.sign(wide) if n else 1.0))


def bessel(n: int, x: Any) -> Any:
    with np.errstate(all="ignore"):
        return (np.exp(np.abs(np.asarray(x, np.float64))) * scaled_bessel(n, x)).astype(x.dtype)


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


class I0(Op):
    formula = r"y = I_0(x)"

    def forward(x):
        return bessel(0, x)

    def vjp_x(g, x, xp):
        r"\bar y \odot I_1(x)"
        return g * xp.bessel_i1(x)


class SpecialI1(Op):
    formula = r"y = I_1(x)"

    def forward(x):
        return bessel(1, x)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (I_0(x) - I_1(x) / x),\ \bar y / 2 \text{ at } 0"
        zero = x == 0
        slope = xp.bessel_i0(x) - y / xp.where(zero, x + 1, x)
        return g * xp.where(zero, x + 0.5, slope)


class SpecialI0E(Op):
    formula = r"y = e^{-|x|} I_0(x)"
    title = "SpecialI0EBackward0"

    def forward(x):
        return scaled_bessel(0, x).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (e^{-|x|} I_1(x) - \mathrm{sgn}(x)\, y)"
        return g * (xp.bessel_i1e(x) - xp.sgn(x) * y)


class SpecialI1E(Op):
    formula = r"y = e^{-|x|} I_1(x)"
    title = "SpecialI1EBackward0"

    def forward(x):
        return scaled_bessel(1, x).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (e^{-|x|} I_0(x) - y\, (\mathrm{sgn}(x) + 1/x)),\ \bar y / 2 \text{ at } 0"
        zero = x == 0
        slope = xp.bessel_i0e(x) - y * (xp.sgn(x) + xp.where(zero, x, 1 / xp.where(zero, x + 1, x)))
        return g * xp.where(zero, x + 0.5, slope)


class SpecialErfcx(Op):
    formula = r"y = e^{x^2} \mathrm{erfc}(x)"

    def forward(x):
        return erfcx_array(x)

    def vjp_x(g, x, y):
        r"\bar y \odot (2 x y - 2 / \sqrt\pi)"
        return g * (2 * x * y - 2 / math.sqrt(math.pi))


class SpecialLogNdtr(Op):
    formula = r"y = \ln \Phi(x)"

    def forward(x):
        return log_ndtr_array(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \sqrt{2/\pi}\, / \, \mathrm{erfcx}(-x / \sqrt 2)"
        return xp.div(g * math.sqrt(2 / math.pi), xp.erfcx(x * -math.sqrt(0.5)))


class SpecialNdtri(Op):
    formula = r"y = \Phi^{-1}(x)"

    def forward(x):
        return ndtri_array(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot \sqrt{2\pi}\, e^{y^2 / 2}"
        return g * (math.sqrt(2 * math.pi) * xp.exp(y * y * 0.5))


def i0(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    >>> import minigrad as mg
    >>> mg.i0(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    only_real("i0_vml_cpu", need_tensor("i0", input))
    return unary(I0, input)


def i1(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 1.

    >>> import minigrad as mg
    >>> mg.special.i1(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    need_tensor("special_i1", input)
    only_real("i1_cpu", input)
    return unary(SpecialI1, input)


def i0e(input: Tensor) -> Tensor:
    """``exp(-abs(input)) * i0(input)``, which does not overflow.

    >>> import minigrad as mg
    >>> mg.special.i0e(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 0.4658])
    """
    need_tensor("special_i0e", input)
    only_real("i0e_cpu", input)
    return unary(SpecialI0E, input)


def i1e(input: Tensor) -> Tensor:
    """``exp(-abs(input)) * i1(input)``, which does not overflow.

    >>> import minigrad as mg
    >>> mg.special.i1e(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2079])
    """
    need_tensor("special_i1e", input)
    only_real("i1e_cpu", input)
    return unary(SpecialI1E, input)


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
    need_tensor("special_erfcx", input)
    only_single("erfcx_cpu", input)
    return unary(SpecialErfcx, input)


def log_ndtr(input: Tensor) -> Tensor:
    """The logarithm of the area under the standard normal curve up to ``input``.

    >>> import minigrad as mg
    >>> mg.special.log_ndtr(mg.tensor([0.0, -10.0]))
    tensor([ -0.6931, -53.2313])
    """
    need_tensor("special_log_ndtr", input)
    only_single("log_ndtr_cpu", input)
    return unary(SpecialLogNdtr, input)


def ndtri(input: Tensor) -> Tensor:
    """The number with the area ``input`` under the standard normal curve to its left.

    >>> import minigrad as mg
    >>> mg.special.ndtri(mg.tensor([0.5, 0.975]))
    tensor([0.0000, 1.9600])
    """
    need_tensor("special_ndtri", input)
    only_single("ndtri_cpu", input)
    return unary(SpecialNdtri, input)


def zeta(input: Any, other: Any) -> Tensor:
    """Hurwitz's zeta function: the sum of ``(other + k) ** -input`` over k = 0, 1, 2 ...

    Has no gradient here (PyTorch's has one of ``other`` only).

    >>> import minigrad as mg
    >>> mg.special.zeta(mg.tensor(2.0), 1.0)
    tensor(1.6449)
    """
    only_real("zeta_cpu", input, other)
    s, q = (v._data if isinstance(v, Tensor) else v for v in (input, other))
    d = dtypes.result_np((s, q))
    d = d if d.kind == "f" else dtypes.default_np()
    wide_s, wide_q = np.asarray(s, np.float64), np.asarray(q, np.float64)
    try:
        wide_s, wide_q = np.broadcast_arrays(wide_s, wide_q)
    except ValueError:
        raise broadcast_error(wide_s, wide_q) from None
    y = np.where(wide_s > 1, zeta_array(np.where(wide_s > 1, wide_s, 2.0), wide_q),
                 np.where(wide_s == 1, np.inf, np.nan))  # fmt: skip
    return make(np.asarray(y.astype(d)))


register(
    bessel_i0=(I0, i0), bessel_i1=(SpecialI1, i1), bessel_i0e=(SpecialI0E, i0e),
    bessel_i1e=(SpecialI1E, i1e), erfcx=(SpecialErfcx, erfcx),
)  # fmt: skip
