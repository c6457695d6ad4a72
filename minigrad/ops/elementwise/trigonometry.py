r"""Angles: sine, cosine, tangent, their inverses, and the hyperbolic functions.

As in ``core/first_ops.py``, $\bar x_i = \bar y_i f'(x_i)$.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.elementwise import Elementwise, Elementwise2, binary
from ...core.first_ops import Tanh
from ...core.formulas import register
from ...core.tensor import Tensor
from ...refusals.words import not_implemented, only_real
from ..operands import float_dtype, unary


class Sin(Elementwise):
    formula = r"y = \sin x"
    ufunc = np.sin

    def forward(x):
        with np.errstate(invalid="ignore"):
            return np.sin(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \cos x"
        return g * xp.conj(xp.cos(x))


class Cos(Elementwise):
    formula = r"y = \cos x"
    ufunc = np.cos

    def forward(x):
        with np.errstate(invalid="ignore"):
            return np.cos(x)

    def vjp_x(g, x, xp):
        r"-\bar y \odot \sin x"
        return g * -xp.conj(xp.sin(x))


class Tan(Elementwise):
    formula = r"y = \tan x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.tan(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot (1 + y^2)"
        return g * xp.conj(1 + y * y)


class Asin(Elementwise):
    formula = r"y = \arcsin x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.arcsin(x)

    def vjp_x(g, x, xp):
        r"\bar y / \sqrt{1 - x^2}"
        return g * xp.conj(xp.rsqrt(1 - x * x))


class Acos(Elementwise):
    formula = r"y = \arccos x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.arccos(x)

    def vjp_x(g, x, xp):
        r"-\bar y / \sqrt{1 - x^2}"
        return g * -xp.conj(xp.rsqrt(1 - x * x))


class Atan(Elementwise):
    formula = r"y = \arctan x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.arctan(x)

    def vjp_x(g, x, xp):
        r"\bar y / (1 + x^2)"
        return xp.div(g, xp.conj(1 + x * x))


class Sinh(Elementwise):
    formula = r"y = \sinh x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.sinh(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \cosh x"
        return g * xp.conj(xp.cosh(x))


class Cosh(Elementwise):
    formula = r"y = \cosh x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.cosh(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \sinh x"
        return g * xp.conj(xp.sinh(x))


class Asinh(Elementwise):
    formula = r"y = \mathrm{arsinh}\, x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.arcsinh(x)

    def vjp_x(g, x, xp):
        r"\bar y / \sqrt{x^2 + 1}"
        return g * xp.conj(xp.rsqrt(x * x + 1))


class Acosh(Elementwise):
    formula = r"y = \mathrm{arcosh}\, x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.arccosh(x)

    def vjp_x(g, x, xp):
        r"\bar y / (\sqrt{x - 1} \sqrt{x + 1})"
        return g * xp.conj(xp.rsqrt(x - 1) * xp.rsqrt(x + 1))


class Atanh(Elementwise):
    formula = r"y = \mathrm{artanh}\, x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.arctanh(x)

    def vjp_x(g, x, xp):
        r"\bar y / (1 - x^2)"
        return xp.div(g, xp.conj(1 - x * x))


class Atan2(Elementwise2):
    formula = r"y = \text{the angle of the point } (b, a)"
    kinds = "f"

    def forward(a, b):
        return np.arctan2(a, b)

    def vjp_a(g, a, b, xp):
        r"\bar y \odot b / (a^2 + b^2)"
        return g * over_square(b, a, b, xp)

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot a / (a^2 + b^2)"
        return g * -over_square(a, a, b, xp)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return float_dtype(d)


def over_square(top: Any, a: Any, b: Any, xp: Any) -> Any:
    """``top / (a^2 + b^2)``, and 0 at the origin, where every direction is as good."""
    square = a * a + b * b
    return xp.where(square == 0, square * 0, xp.div(top, xp.where(square == 0, square + 1, square)))


class Hypot(Elementwise2):
    formula = r"y = \sqrt{a^2 + b^2}"

    def forward(a, b):
        if a.dtype.kind != "f":
            raise not_implemented("hypot_cpu", a, "lengths are real; convert with .float() first")
        return np.hypot(a, b)

    def vjp_a(g, a, y, xp):
        r"\bar y \odot a / y"
        return g * xp.div(a, y)

    def vjp_b(g, b, y, xp):
        r"\bar y \odot b / y"
        return g * xp.div(b, y)


class Deg2Rad(Elementwise):
    formula = r"y = \frac{\pi}{180} x"

    def forward(x):
        return np.multiply(x, np.asarray(math.pi / 180, x.dtype))

    def vjp_x(g):
        r"\frac{\pi}{180} \bar y"
        return g * (math.pi / 180)


class Rad2Deg(Elementwise):
    formula = r"y = \frac{180}{\pi} x"

    def forward(x):
        return np.multiply(x, np.asarray(180 / math.pi, x.dtype))

    def vjp_x(g):
        r"\frac{180}{\pi} \bar y"
        return g * (180 / math.pi)


class Sinc(Elementwise):
    formula = r"y = \frac{\sin \pi x}{\pi x},\ 1 \text{ at } 0"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.where(x == 0, 1, np.sin(np.pi * x) / (np.pi * x)).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"\bar y \odot (\cos \pi x - y) / x"
        small = xp.abs(x) < 0.5
        safe = xp.where(small, x * 0 + 1, x)
        near = sinc_slope(xp.where(small, x, x * 0))
        return g * xp.conj(xp.where(small, near, xp.div(xp.cos(math.pi * x) - y, safe)))


def sinc_slope(x: Any) -> Any:
    """The derivative of sinc by its series, for small x, where the difference would cancel."""
    terms = [(-1) ** k * 2 * k / math.factorial(2 * k + 1) * math.pi ** (2 * k)
             for k in range(1, 13)]  # fmt: skip
    total = x * 0
    for c in reversed(terms):
        total = total * (x * x) + c
    return total * x


# --- the functions -------------------------------------------------------------------------------


def sin(input: Tensor) -> Tensor:
    """The sine of angles in radians.

    The angle is in radians; the derivative is the cosine.

    Args:
        input: a tensor of any shape; bools and whole numbers count as the default float dtype.

    Returns:
        A new tensor of the same shape, float (or complex, if ``input`` is).

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.sin(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8415])

    Source: PyTorch's documentation of ``torch.sin``.
    """
    return unary(Sin, input)


def cos(input: Tensor) -> Tensor:
    """The cosine of angles in radians.

    The angle is in radians; the derivative is minus the sine.

    Args:
        input: a tensor of any shape; bools and whole numbers count as the default float dtype.

    Returns:
        A new tensor of the same shape, float (or complex, if ``input`` is).

    Raises:
        TypeError: if ``input`` is no tensor.



    Source: PyTorch's documentation of ``torch.cos``.
    """
    return unary(Cos, input)


def tan(input: Tensor) -> Tensor:
    """The tangent of angles in radians; integers give the default float dtype.

    >>> import minigrad as mg
    >>> mg.tan(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5574])
    """
    return unary(Tan, input)


def asin(input: Tensor) -> Tensor:
    """The angle in radians whose sine is ``input``; nan outside [-1, 1].

    >>> import minigrad as mg
    >>> mg.asin(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5708])
    """
    return unary(Asin, input)


def acos(input: Tensor) -> Tensor:
    """The angle in radians whose cosine is ``input``; nan outside [-1, 1].

    >>> import minigrad as mg
    >>> mg.acos(mg.tensor([1.0, 0.0]))
    tensor([0.0000, 1.5708])
    """
    return unary(Acos, input)


def atan(input: Tensor) -> Tensor:
    """The angle in radians, between -pi/2 and pi/2, whose tangent is ``input``.

    >>> import minigrad as mg
    >>> mg.atan(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7854])
    """
    return unary(Atan, input)


def sinh(input: Tensor) -> Tensor:
    """The hyperbolic sine, ``(exp(x) - exp(-x)) / 2``.

    >>> import minigrad as mg
    >>> mg.sinh(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 1.1752])
    """
    return unary(Sinh, input)


def cosh(input: Tensor) -> Tensor:
    """The hyperbolic cosine, ``(exp(x) + exp(-x)) / 2``: the shape of a hanging chain.

    >>> import minigrad as mg
    >>> mg.cosh(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 1.5431])
    """
    return unary(Cosh, input)


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, between -1 and 1.

    The derivative is ``1 - tanh(input) ** 2``.

    Args:
        input: a tensor of any shape; bools and whole numbers count as the default float dtype.

    Returns:
        A new tensor of the same shape, float (or complex, if ``input`` is). Real results lie in
        [-1, 1].

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.tanh(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])

    Source: PyTorch's documentation of ``torch.tanh``.
    """
    return unary(Tanh, input)


def asinh(input: Tensor) -> Tensor:
    """The number whose hyperbolic sine is ``input``.

    >>> import minigrad as mg
    >>> mg.asinh(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8814])
    """
    return unary(Asinh, input)


def acosh(input: Tensor) -> Tensor:
    """The number from 0 up whose hyperbolic cosine is ``input``; nan below 1.

    >>> import minigrad as mg
    >>> mg.acosh(mg.tensor([1.0, 2.0]))
    tensor([0.0000, 1.3170])
    """
    return unary(Acosh, input)


def atanh(input: Tensor) -> Tensor:
    """The number whose hyperbolic tangent is ``input``; infinite at -1 and 1, nan outside.

    >>> import minigrad as mg
    >>> mg.atanh(mg.tensor([0.0, 0.5]))
    tensor([0.0000, 0.5493])
    """
    return unary(Atanh, input)


def atan2(input: Tensor, other: Tensor) -> Tensor:
    """The angle, between -pi and pi, of the point with y = ``input`` and x = ``other``.

    >>> import minigrad as mg
    >>> mg.atan2(mg.tensor([1.0, 1.0]), mg.tensor([1.0, -1.0]))
    tensor([0.7854, 2.3562])
    """
    only_real("atan2_cpu", input, other)
    return binary(Atan2, input, other)


def hypot(input: Tensor, other: Tensor) -> Tensor:
    """The hypotenuse ``sqrt(input^2 + other^2)``, without overflow. Float tensors only.

    >>> import minigrad as mg
    >>> mg.hypot(mg.tensor([3.0]), mg.tensor([4.0]))
    tensor([5.])
    """
    return binary(Hypot, input, other)


def deg2rad(input: Tensor) -> Tensor:
    """Degrees to radians.

    >>> import minigrad as mg
    >>> mg.deg2rad(mg.tensor([180.0]))
    tensor([3.1416])
    """
    words = "deg2rad is not supported for complex tensors."
    only_real("deg2rad", input, error=RuntimeError, words=words)
    return unary(Deg2Rad, input)


def rad2deg(input: Tensor) -> Tensor:
    """Radians to degrees.

    >>> import minigrad as mg
    >>> mg.rad2deg(mg.tensor([0.5]))
    tensor([28.6479])
    """
    words = "rad2deg is not supported for complex tensors."
    only_real("rad2deg", input, error=RuntimeError, words=words)
    return unary(Rad2Deg, input)


def sinc(input: Tensor) -> Tensor:
    """``sin(pi x) / (pi x)``, 1 at 0 (the normalised sinc of signal processing).

    >>> import minigrad as mg
    >>> mg.sinc(mg.tensor([0.0, 0.5]))
    tensor([1.0000, 0.6366])
    """
    return unary(Sinc, input)


register(
    sin=(Sin, sin), cos=(Cos, cos), sinh=(Sinh, sinh), cosh=(Cosh, cosh), tanh=(Tanh, tanh),
)  # fmt: skip
