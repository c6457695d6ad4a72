r"""Modified Bessel functions.

``i0`` and ``i1`` are computed from their integral, $I_n(x) = \frac1\pi \int_0^\pi e^{x \cos t}
\cos(nt)\, dt$, by the trapezoidal rule, which for a periodic function gains digits exponentially
fast; for large x by the asymptotic series (Abramowitz and Stegun 1964, 9.6.19 and 9.7.1).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op
from ...core.tensor import Tensor
from ...refusals.words import only_real
from ..operands import unary

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


class I0(Op):
    formula = r"y = I_0(x)"
    layout = "elementwise"

    def forward(x):
        return bessel(0, x)

    def vjp_x(g, x, xp):
        r"\bar y \odot I_1(x)"
        return g * xp.bessel_i1(x)


class SpecialI1(Op):
    formula = r"y = I_1(x)"
    layout = "elementwise"

    def forward(x):
        return bessel(1, x)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (I_0(x) - I_1(x) / x),\ \bar y / 2 \text{ at } 0"
        zero = x == 0
        slope = xp.bessel_i0(x) - y / xp.where(zero, x + 1, x)
        return g * xp.where(zero, x + 0.5, slope)


class SpecialI0E(Op):
    formula = r"y = e^{-|x|} I_0(x)"
    layout = "elementwise"

    def forward(x):
        return scaled_bessel(0, x).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (e^{-|x|} I_1(x) - \mathrm{sgn}(x)\, y)"
        return g * (xp.bessel_i1e(x) - xp.sgn(x) * y)


class SpecialI1E(Op):
    formula = r"y = e^{-|x|} I_1(x)"
    layout = "elementwise"

    def forward(x):
        return scaled_bessel(1, x).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (e^{-|x|} I_0(x) - y\, (\mathrm{sgn}(x) + 1/x)),\ \bar y / 2 \text{ at } 0"
        zero = x == 0
        slope = xp.bessel_i0e(x) - y * (xp.sgn(x) + xp.where(zero, x, 1 / xp.where(zero, x + 1, x)))
        return g * xp.where(zero, x + 0.5, slope)


def i0(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    >>> import minigrad as mg
    >>> mg.i0(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    only_real("i0_vml_cpu", input)
    return unary(I0, input)


def i1(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 1.

    >>> import minigrad as mg
    >>> mg.special.i1(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    only_real("i1_cpu", input)
    return unary(SpecialI1, input)


def i0e(input: Tensor) -> Tensor:
    """``exp(-abs(input)) * i0(input)``, which does not overflow.

    >>> import minigrad as mg
    >>> mg.special.i0e(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 0.4658])
    """
    only_real("i0e_cpu", input)
    return unary(SpecialI0E, input)


def i1e(input: Tensor) -> Tensor:
    """``exp(-abs(input)) * i1(input)``, which does not overflow.

    >>> import minigrad as mg
    >>> mg.special.i1e(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2079])
    """
    only_real("i1e_cpu", input)
    return unary(SpecialI1E, input)


register(
    bessel_i0=(I0, i0), bessel_i1=(SpecialI1, i1), bessel_i0e=(SpecialI0E, i0e),
    bessel_i1e=(SpecialI1E, i1e),
)  # fmt: skip
