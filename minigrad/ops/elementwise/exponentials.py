r"""Exponentials, logarithms, roots, and powers beyond ``pow``.

``log1p``, ``expm1`` and ``logaddexp`` exist because floating-point numbers are finite: computed by
their definitions they would round or overflow where the true result is an ordinary number.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.elementwise import Elementwise, Elementwise2, binary, plain_binary
from ...core.first_ops import Exp, Log
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.words import check_float, not_implemented, only_real
from ..called import called
from ..operands import as_float, broadcasting, float_dtype, overload, unary
from ..return_types import return_type
from .arithmetic import pow


class Exp2(Elementwise):
    formula = r"y = 2^x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.exp2(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot y \ln 2"
        return g * xp.conj(y * math.log(2))


class Expm1(Elementwise):
    formula = r"y = e^x - 1"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.expm1(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot (y + 1)"
        return g * xp.conj(y + 1)


class Log2(Elementwise):
    formula = r"y = \log_2 x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.log2(x)

    def vjp_x(g, x, xp):
        r"\bar y / (x \ln 2)"
        return xp.div(g, xp.conj(x * math.log(2)))


class Log10(Elementwise):
    formula = r"y = \log_{10} x"

    def forward(x):
        with np.errstate(all="ignore"):
            # NumPy's float32 log10(1000) is not 3; by way of float64 it is, as in PyTorch.
            wide = x.astype(np.float64) if x.dtype == np.float32 else x
            return np.log10(wide).astype(x.dtype)

    def vjp_x(g, x, xp):
        r"\bar y / (x \ln 10)"
        return xp.div(g, xp.conj(x * math.log(10)))


class Log1p(Elementwise):
    formula = r"y = \ln(1 + x)"
    title = "Log1PBackward0"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.log1p(x)

    def vjp_x(g, x, xp):
        r"\bar y / (1 + x)"
        return xp.div(g, xp.conj(x + 1))


class Sqrt(Elementwise):
    formula = r"y = \sqrt x"
    ufunc = np.sqrt

    def forward(x):
        with np.errstate(all="ignore"):
            return np.sqrt(x)

    def vjp_x(g, y, xp):
        r"\bar y / (2 y)"
        return xp.div(g, 2 * xp.conj(y))


class Rsqrt(Elementwise):
    formula = r"y = 1 / \sqrt x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.reciprocal(np.sqrt(x))

    def vjp_x(g, y, xp):
        r"-\tfrac12 \bar y \odot y^3"
        return g * (-0.5 * xp.conj(y * y * y))


class Reciprocal(Elementwise):
    formula = r"y = 1 / x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.reciprocal(x)

    def vjp_x(g, y, xp):
        r"-\bar y \odot y^2"
        return -g * xp.conj(y * y)


class Logaddexp(Elementwise2):
    formula = r"y = \ln(e^a + e^b)"

    def forward(a, b):
        with np.errstate(all="ignore"):
            if a.dtype.kind == "c":
                top = np.maximum(a.real, b.real)
                return top + np.log(np.exp(a - top) + np.exp(b - top))
            return np.logaddexp(a, b)

    def vjp_a(g, a, y, xp):
        r"\bar y \odot e^{a - y}"
        return g * xp.conj(share_of(a, y, xp))

    def vjp_b(g, b, y, xp):
        r"\bar y \odot e^{b - y}"
        return g * xp.conj(share_of(b, y, xp))


class Logaddexp2(Elementwise2):
    formula = r"y = \log_2(2^a + 2^b)"

    def forward(a, b):
        with np.errstate(all="ignore"):
            return np.logaddexp2(a, b)

    def vjp_a(g, a, y, xp):
        r"\bar y \odot 2^{a - y}"
        return g * share_of(a * math.log(2), y * math.log(2), xp)

    def vjp_b(g, b, y, xp):
        r"\bar y \odot 2^{b - y}"
        return g * share_of(b * math.log(2), y * math.log(2), xp)


def share_of(part: Any, whole: Any, xp: Any) -> Any:
    """``exp(part - whole)``; equal infinities count as equal, not as inf - inf = nan."""
    return xp.exp(xp.where(part == whole, part * 0, part - whole))


class Xlogy(Op):
    formula = r"y = a \ln b,\ 0 \text{ where } a = 0"
    broadcasts = True
    layout = "elementwise"

    def forward(a, b, *, overload=0):
        with np.errstate(all="ignore"):
            return np.where((a == 0) & ~np.isnan(b), 0, a * np.log(b)).astype(a.dtype)

    def vjp_a(g, a, b, xp):
        r"\bar y \odot \ln b"
        nothing = (a == 0) & (b <= 0)
        return g * xp.where(nothing, b * 0, xp.log(xp.where(nothing, b * 0 + 1, b)))

    def vjp_b(g, a, b, xp):
        r"\bar y \odot a / b"
        return g * xp.div(a, b)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"XlogyBackward{node.params['overload']}"


class Xlog1py(Elementwise2):
    formula = r"y = a \ln(1 + b),\ 0 \text{ where } a = 0"
    title = "SpecialXlog1PyBackward0"
    kinds = "f"

    def forward(a, b):
        with np.errstate(all="ignore"):
            return np.where((a == 0) & ~np.isnan(b), 0, a * np.log1p(b)).astype(a.dtype)

    def vjp_a(g, a, b, xp):
        r"\bar y \odot \ln(1 + b)"
        nothing = (a == 0) & (b <= -1)
        return g * xp.where(nothing, b * 0, xp.log1p(xp.where(nothing, b * 0, b)))

    def vjp_b(g, a, b, xp):
        r"\bar y \odot a / (1 + b)"
        return g * xp.div(a, b + 1)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return float_dtype(d)


class Logit(Elementwise):
    formula = r"y = \ln \frac{x}{1 - x}"

    def forward(x, *, eps=None):
        with np.errstate(all="ignore"):
            if eps is not None:
                x = np.clip(x, np.asarray(eps, x.dtype), np.asarray(1 - eps, x.dtype))
            return np.log(x / (1 - x))

    def vjp_x(g, x, eps, xp):
        r"\bar y / (x (1 - x))"
        if eps is None:
            outside = (x < 0) | (x > 1)
            return xp.where(outside, x * 0 + math.nan, xp.div(g, x * (1 - x)))
        inside = (x >= eps) & (x <= 1 - eps)
        return xp.where(inside, xp.div(g, xp.where(inside, x * (1 - x), x * 0 + 1)), 0.0)


class Entr(Elementwise):
    formula = r"y = -x \ln x,\ 0 \text{ at } 0"
    title = "SpecialEntrBackward0"

    def forward(x):
        with np.errstate(all="ignore"):
            y = np.where(x > 0, -x * np.log(x), np.where(x == 0, 0, -np.inf))
            return np.where(np.isnan(x), x, y).astype(x.dtype)

    def vjp_x(g, x, xp):
        r"-\bar y \odot (1 + \ln x)"
        return g * (-1 - xp.log(x))


class Ldexp(Elementwise2):
    formula = r"y = a\, 2^b"
    kinds = "fc"

    def forward(a, b):
        with np.errstate(all="ignore"):
            return a * np.exp2(b)

    def vjp_a(g, b, xp):
        r"\bar y \odot 2^b"
        return g * xp.exp2(b)

    def vjp_b(g, y):
        r"\bar y \odot y \ln 2"
        return g * y * math.log(2)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return float_dtype(d)


# --- the functions -------------------------------------------------------------------------------


def exp(input: Tensor) -> Tensor:
    """``e ** input``.

    It is its own derivative: the gradient is the result times the gradient that comes in.

    Args:
        input: a tensor of any shape; bools and whole numbers count as the default float dtype.

    Returns:
        A new tensor of the same shape, float (or complex, if ``input`` is).

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.exp(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])

    Source: PyTorch's documentation of ``torch.exp``.
    """
    return unary(Exp, input)


FrexpResult = return_type("frexp", "mantissa exponent")


def exp2(input: Tensor) -> Tensor:
    """``2 ** input``.

    >>> import minigrad as mg
    >>> mg.exp2(mg.tensor([0.0, 3.0]))
    tensor([1., 8.])
    """
    return unary(Exp2, input)


def expm1(input: Tensor) -> Tensor:
    """``exp(input) - 1``, accurate for small ``input`` too.

    >>> import minigrad as mg
    >>> mg.expm1(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 1.7183])
    """
    return unary(Expm1, input)


def log(input: Tensor) -> Tensor:
    """The natural logarithm; -inf at 0 and nan below.

    The derivative is ``1 / input``.

    Args:
        input: a tensor of any shape; bools and whole numbers count as the default float dtype.

    Returns:
        A new tensor of the same shape, float (or complex, if ``input`` is).

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.log(mg.tensor([1.0, 0.0]))
    tensor([0., -inf])

    Source: PyTorch's documentation of ``torch.log``.
    """
    return unary(Log, input)


def log2(input: Tensor) -> Tensor:
    """The logarithm to base 2: how many bits.

    >>> import minigrad as mg
    >>> mg.log2(mg.tensor([1.0, 8.0]))
    tensor([0., 3.])
    """
    return unary(Log2, input)


def log10(input: Tensor) -> Tensor:
    """The logarithm to base 10.

    >>> import minigrad as mg
    >>> mg.log10(mg.tensor([1.0, 1000.0]))
    tensor([0., 3.])
    """
    return unary(Log10, input)


def log1p(input: Tensor) -> Tensor:
    """``log(1 + input)``, accurate for small ``input`` too.

    >>> import minigrad as mg
    >>> mg.log1p(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.6931])
    """
    return unary(Log1p, input)


def sqrt(input: Tensor) -> Tensor:
    """The square root; nan below 0, and an infinite gradient at 0.

    The derivative is ``1 / (2 * sqrt(input))``.

    Args:
        input: a tensor of any shape; bools and whole numbers count as the default float dtype.

    Returns:
        A new tensor of the same shape, float (or complex, if ``input`` is).

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.sqrt(mg.tensor([4.0, 9.0]))
    tensor([2., 3.])

    Source: PyTorch's documentation of ``torch.sqrt``.
    """
    return unary(Sqrt, input)


def rsqrt(input: Tensor) -> Tensor:
    """``1 / sqrt(input)``.

    >>> import minigrad as mg
    >>> mg.rsqrt(mg.tensor([1.0, 4.0]))
    tensor([1.0000, 0.5000])
    """
    return unary(Rsqrt, input)


def reciprocal(input: Tensor) -> Tensor:
    """``1 / input``.

    >>> import minigrad as mg
    >>> mg.reciprocal(mg.tensor([1.0, 4.0]))
    tensor([1.0000, 0.2500])
    """
    return unary(Reciprocal, input)


def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """``log(exp(input) + exp(other))`` without overflow: adds probabilities kept as logarithms.

    >>> import minigrad as mg
    >>> mg.logaddexp(mg.tensor([1000.0]), mg.tensor([1000.0]))
    tensor([1000.6932])
    """
    if other._data.dtype.kind not in "fc":
        check_float("logaddexp_cpu", input)
    return binary(Logaddexp, input, other)


def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """``log2(2 ** input + 2 ** other)`` without overflow.

    >>> import minigrad as mg
    >>> mg.logaddexp2(mg.tensor([3.0]), mg.tensor([3.0]))
    tensor([4.])
    """
    only_real("logaddexp2_cpu", input, other)
    if other._data.dtype.kind not in "fc":
        check_float("logaddexp2_cpu", input)
    return binary(Logaddexp2, input, other)


def xlogy(input: Any, other: Any) -> Tensor:
    """``input * log(other)``, and 0 where ``input`` is 0: the terms of an entropy.

    >>> import minigrad as mg
    >>> mg.xlogy(mg.tensor([0.0, 2.0]), mg.tensor([0.0, 3.0]))
    tensor([0.0000, 2.1972])
    """
    only_real("xlogy_cpu", input, other)
    return broadcasting(Xlogy, (input, other), overload(input, other), float_dtype)


def xlog1py(input: Any, other: Any) -> Tensor:
    """``input * log1p(other)``, and 0 where ``input`` is 0.

    >>> import minigrad as mg
    >>> mg.special.xlog1py(mg.tensor([2.0]), mg.tensor([1.0]))
    tensor([1.3863])
    """
    only_real("xlog1py_cpu", input, other)
    return plain_binary(Xlog1py, input, other)


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """``log(x / (1 - x))``, the inverse of ``sigmoid``; ``eps`` first limits x to [eps, 1 - eps].

    >>> import minigrad as mg
    >>> mg.logit(mg.tensor([0.5, 0.75]))
    tensor([0.0000, 1.0986])
    """
    only_real("logit_cpu", input)
    return apply(Logit, (input,), {"eps": eps}, [as_float(input._data)])


def entr(input: Tensor) -> Tensor:
    """The terms ``-x log(x)`` of an entropy: 0 at 0, -inf below.

    >>> import minigrad as mg
    >>> mg.special.entr(mg.tensor([0.0, 0.5]))
    tensor([0.0000, 0.3466])
    """
    only_real("entr_cpu", input)
    return unary(Entr, input)


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """``input * 2 ** other``.

    >>> import minigrad as mg
    >>> mg.ldexp(mg.tensor([1.0]), mg.tensor([3]))
    tensor([8.])
    """
    if other._data.dtype.kind == "b" and input._data.dtype.kind == "f":
        raise not_implemented("ldexp_cpu_exp", other._data, "an exponent is a whole number")
    return plain_binary(Ldexp, input, other)


def frexp(input: Tensor) -> Any:
    """``mantissa`` (in [0.5, 1)) and whole ``exponent`` with ``input = mantissa * 2**exponent``.

    >>> import minigrad as mg
    >>> mg.frexp(mg.tensor([8.0])).mantissa
    tensor([0.5000])
    """
    x = input._data
    if x.dtype.kind != "f":
        raise RuntimeError("torch.frexp() only supports floating-point dtypes: convert first")
    exponent = np.asarray(np.frexp(x)[1], np.int32)
    mantissa = input * make(np.asarray(np.exp2(-exponent.astype(x.dtype))))
    return FrexpResult(called(mantissa, "FrexpBackward0"), make(exponent))


def float_power(input: Any, exponent: Any) -> Tensor:
    """``input ** exponent`` computed in float64 (complex128 for complex numbers).

    >>> import minigrad as mg
    >>> mg.float_power(mg.tensor([2]), 0.5)
    tensor([1.4142], dtype=torch.float64)
    """
    def wide(v: Any) -> Any:
        if isinstance(v, Tensor):
            return v.to(dtypes.complex128 if v.dtype.is_complex else dtypes.float64)
        return v

    if not isinstance(input, Tensor):
        input = make(np.asarray(input, np.complex128 if isinstance(input, complex) else np.float64))
    return pow(wide(input), wide(exponent))


register(
    exp=(Exp, exp), log=(Log, log), sqrt=(Sqrt, sqrt), exp2=(Exp2, exp2), log1p=(Log1p, log1p),
    rsqrt=(Rsqrt, rsqrt),
)  # fmt: skip
