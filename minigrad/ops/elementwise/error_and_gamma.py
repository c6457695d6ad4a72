r"""Special functions: the error function, the gamma function's logarithm, and their derivatives.

NumPy has none of them. ``erf`` and ``erfc`` are computed by W. J. Cody's rational approximations
(Mathematics of Computation 23, 1969; relative error about 1e-16 in float64), for float32 ``erf``
by one rational function fitted to erf(x) / x (relative error 2e-8), ``erfinv`` by the
polynomial of M. Giles (GPU Computing Gems, 2011) made exact by two of Halley's steps, ``lgamma``
by Python's ``math.lgamma``, ``digamma`` and ``polygamma`` by recurrence and the Euler-Maclaurin
series (Abramowitz and Stegun 1964, 6.3.18 and 23.2).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.formulas import register
from ...core.op import apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import error_and_gamma as refuse
from ...refusals.words import only_real
from ..operands import as_float, unary

# Cody's coefficients: numerators and denominators, highest power first except as noted in `ratio`.
ERF_TOP = (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2,
           3.77485237685302021e2, 3.20937758913846947e3)  # fmt: skip
ERF_BOTTOM = (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
              2.84423683343917062e3)  # fmt: skip
MIDDLE_TOP = (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0,
              6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
              1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3)  # fmt: skip
MIDDLE_BOTTOM = (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
                 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
                 3.43936767414372164e3, 1.23033935480374942e3)  # fmt: skip
TAIL_TOP = (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
            1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4)  # fmt: skip
TAIL_BOTTOM = (1.0, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1,
               6.05183413124413191e-2, 2.33520497626869185e-3)  # fmt: skip
SINGLE_TOP = (2.04193695e-06, 2.84788789e-04, 3.77911381e-03, 5.27887228e-02, 1.90773526e-01,
              1.12837915e00)  # fmt: skip
SINGLE_BOTTOM = (3.80026854e-05, 1.16507647e-03, 1.49964499e-02, 1.14253083e-01, 5.02401358e-01,
                 1.0)  # fmt: skip
GILES_CENTRE = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                -0.00125372503, -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip
GILES_TAIL = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
              -0.0076224613, 0.00943887047, 1.00167406, 2.83297682)  # fmt: skip
BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)

# --- on arrays -----------------------------------------------------------------------------------


def polynomial(coefficients: Any, x: Any) -> Any:
    """Horner's rule, highest power first."""
    y = coefficients[0] * x + coefficients[1]
    for c in coefficients[2:]:
        y *= x
        y += c
    return y


def erf_small(x: Any) -> Any:
    """erf for |x| <= 0.46875."""
    return x * polynomial(ERF_TOP, x * x) / polynomial(ERF_BOTTOM, x * x)


def erfc_positive(x: Any) -> Any:
    """erfc for x >= 0.46875."""
    middle = polynomial(MIDDLE_TOP, x) / polynomial(MIDDLE_BOTTOM, x)
    far = np.maximum(x, 4)
    s = 1 / (far * far)
    tail = (1 / math.sqrt(math.pi) - s * polynomial(TAIL_TOP, s) / polynomial(TAIL_BOTTOM, s)) / far
    # exp(-x^2) with x^2 split in two, so that rounding x * x costs nothing.
    head = np.trunc(np.minimum(x, 1e3) * 16) / 16
    gauss = np.exp(-head * head) * np.exp(-(x - head) * (x + head))
    return gauss * np.where(x <= 4, middle, tail)


BLOCK = 8192  # numbers: what a formula of many steps makes of them stays in the processor's cache


def in_blocks(formula: Any, x: Any) -> Any:
    """``formula(x)``, an elementwise one of many steps, on one block after the other."""
    if x.size <= BLOCK:
        return formula(x)
    flat, y = x.reshape(-1), np.empty(x.size, x.dtype)
    for start in range(0, x.size, BLOCK):
        y[start : start + BLOCK] = formula(flat[start : start + BLOCK])
    return y.reshape(x.shape)


def erf_array(x: Any) -> Any:
    x = np.asarray(x)
    return in_blocks(erf_single if x.dtype == np.float32 else erf_double, x)


def erf_single(x: Any) -> Any:
    """erf of float32 numbers; from 3.92 on it is 1 to all their digits."""
    inside = np.clip(x, -3.92, 3.92)
    t = inside * inside
    y = inside * polynomial(SINGLE_TOP, t) / polynomial(SINGLE_BOTTOM, t)
    return np.where(np.abs(inside) == np.float32(3.92), np.sign(x), y)


def erf_double(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        size = np.abs(wide)
        near = size <= 0.46875
        big = np.where(np.isinf(size), 30, np.where(near, 1, size))
        y = np.where(near, erf_small(np.where(near, wide, 0)),
                     np.copysign(1 - erfc_positive(big), wide))  # fmt: skip
        return np.where(np.isnan(wide), wide, y).astype(x.dtype)


def erfc_array(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        size = np.abs(wide)
        near = size <= 0.46875
        y = erfc_positive(np.where(np.isinf(size), 30, np.where(near, 1, size)))
        y = np.where(wide < 0, 2 - y, y)
        y = np.where(near, 1 - erf_small(np.where(near, wide, 0)), y)
        return np.where(np.isnan(wide), wide, y).astype(x.dtype)


def erfinv_array(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        size = np.abs(wide)
        inside = np.where(size < 1, size, 0)
        w = -np.log((1 - inside) * (1 + inside))
        far = np.sqrt(np.maximum(w, 5)) - 3
        y = inside * np.where(w < 5, polynomial(GILES_CENTRE, w - 2.5), polynomial(GILES_TAIL, far))
        for _ in range(2):
            # Halley's method on erf(y) - x, from the side where no digits cancel.
            error = np.where(inside < 0.5, erf_array(y) - inside, (1 - inside) - erfc_array(y))
            step = error / (2 / math.sqrt(math.pi) * np.exp(-y * y))
            y = y - step / (1 + y * step)
        y = np.copysign(np.where(size == 1, np.inf, np.where(size > 1, np.nan, y)), wide)
        return np.where(np.isnan(wide), wide, y).astype(x.dtype)


_lgamma = np.frompyfunc(math.lgamma, 1, 1)


def lgamma_array(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    pole = ((wide <= 0) & (wide == np.floor(wide))) | (np.abs(wide) > 2.5e305)
    y = np.asarray(_lgamma(np.where(pole, 1.0, wide)), np.float64)
    with np.errstate(all="ignore"):
        return np.where(pole, np.inf, y).astype(x.dtype)


def digamma_array(x: Any) -> Any:
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        # psi(x) = psi(1 - x) - pi / tan(pi x) turns negative x into positive.
        y = np.where(wide < 0, 1 - wide, wide)
        total = np.where(wide < 0, -math.pi / np.tan(math.pi * (wide - np.round(wide))), 0.0)
        for _ in range(10):  # psi(y) = psi(y + 1) - 1 / y
            small = y < 10
            total = np.where(small, total - 1 / y, total)
            y = np.where(small, y + 1, y)
        s = 1 / (y * y)
        series = s * polynomial([b / (2 * k) for k, b in enumerate(BERNOULLI, 1)][::-1], s)
        total = total + np.log(y) - 0.5 / y - series
        pole = (wide < 0) & (wide == np.floor(wide))
        total = np.where(wide == 0, np.copysign(np.inf, -wide), np.where(pole, np.nan, total))
        return total.astype(x.dtype)


def zeta_array(s: Any, x: Any) -> Any:
    """Hurwitz's zeta function, the sum of (x + k)^-s over k >= 0, for s > 1."""
    wide = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        y = wide.copy()
        total = np.zeros_like(wide)
        while (small := (y < 12) & (y > -1e4)).any():  # not from -inf
            total = np.where(small, total + y**-s, total)
            y = np.where(small, y + 1, y)
        total = total + y ** (1.0 - s) / (s - 1) + 0.5 * y**-s
        factor = s * 1.0
        for k, b in enumerate(BERNOULLI, 1):
            total = total + b / math.factorial(2 * k) * factor * y ** (1.0 - s - 2 * k)
            factor = factor * (s + 2 * k - 1) * (s + 2 * k)
        return np.where((wide <= 0) & (wide == np.floor(wide)), np.inf, total)


def polygamma_array(x: Any, *, n: int) -> Any:
    if n == 0:
        return digamma_array(x)
    return ((-1.0) ** (n + 1) * math.factorial(n) * zeta_array(n + 1, x)).astype(x.dtype)


# --- the operations ------------------------------------------------------------------------------


class Erf(Elementwise):
    formula = r"y = \frac{2}{\sqrt\pi} \int_0^x e^{-t^2} dt"

    def forward(x):
        return erf_array(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \frac{2}{\sqrt\pi} e^{-x^2}"
        return g * (2 / math.sqrt(math.pi) * xp.exp(-(x * x)))


class Erfc(Elementwise):
    formula = r"y = 1 - \mathrm{erf}(x)"

    def forward(x):
        return erfc_array(x)

    def vjp_x(g, x, xp):
        r"-\bar y \odot \frac{2}{\sqrt\pi} e^{-x^2}"
        return g * (-2 / math.sqrt(math.pi) * xp.exp(-(x * x)))


class Erfinv(Elementwise):
    formula = r"y \text{ with } \mathrm{erf}(y) = x"

    def forward(x):
        return erfinv_array(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot \frac{\sqrt\pi}{2} e^{y^2}"
        return g * (math.sqrt(math.pi) / 2 * xp.exp(y * y))


class Lgamma(Elementwise):
    formula = r"y = \ln |\Gamma(x)|"

    def forward(x):
        return lgamma_array(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \psi(x)"
        return g * xp.digamma(x)


class Digamma(Elementwise):
    formula = r"y = \psi(x) = \Gamma'(x) / \Gamma(x)"

    def forward(x):
        return digamma_array(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \psi'(x)"
        return g * xp.polygamma(x, n=1)


class Polygamma(Elementwise):
    formula = r"y = \psi^{(n)}(x)"

    def forward(x, *, n):
        return polygamma_array(x, n=n)

    def vjp_x(g, x, n, xp):
        r"\bar y \odot \psi^{(n+1)}(x)"
        return g * xp.polygamma(x, n=n + 1)


class Mvlgamma(Elementwise):
    formula = r"y = \tfrac{p(p-1)}{4} \ln\pi + \sum_{j=0}^{p-1} \ln\Gamma(x - \tfrac j2)"

    def forward(x, *, p):
        total = sum(lgamma_array(x - j / 2) for j in range(p))
        return (total + p * (p - 1) / 4 * math.log(math.pi)).astype(x.dtype)

    def vjp_x(g, x, p, xp):
        r"\bar y \odot \sum_j \psi(x - \tfrac j2)"
        total = xp.digamma(x)
        for j in range(1, p):
            total = total + xp.digamma(x - j / 2)
        return g * total


# --- the functions -------------------------------------------------------------------------------


def erf(input: Tensor) -> Tensor:
    """The error function: how likely a normal variable is within ``input * sqrt(2)`` sigmas.

    >>> import minigrad as mg
    >>> mg.erf(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8427])
    """
    only_real("erf_vml_cpu", input)
    return unary(Erf, input)


def erfc(input: Tensor) -> Tensor:
    """``1 - erf(input)``, accurate where that is tiny.

    >>> import minigrad as mg
    >>> mg.erfc(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 0.1573])
    """
    only_real("erfc_vml_cpu", input)
    return unary(Erfc, input)


def erfinv(input: Tensor) -> Tensor:
    """The number whose ``erf`` is ``input``: infinite at -1 and 1, nan outside.

    >>> import minigrad as mg
    >>> mg.erfinv(mg.tensor([0.0, 0.5]))
    tensor([0.0000, 0.4769])
    """
    only_real("erfinv_vml_cpu", input)
    return unary(Erfinv, input)


def lgamma(input: Tensor) -> Tensor:
    """``log(abs(gamma(input)))``; for whole n, ``lgamma(n + 1)`` is ``log(n!)``.

    >>> import minigrad as mg
    >>> mg.lgamma(mg.tensor([1.0, 4.0]))
    tensor([0.0000, 1.7918])
    """
    only_real("lgamma_vml_cpu", input)
    return unary(Lgamma, input)


def digamma(input: Tensor) -> Tensor:
    """The derivative of ``lgamma``; -inf at 0.

    >>> import minigrad as mg
    >>> mg.digamma(mg.tensor([1.0, 2.0]))
    tensor([-0.5772,  0.4228])
    """
    only_real("digamma", input)
    return unary(Digamma, input)


def polygamma(n: Any, input: Any) -> Tensor:
    """The ``n``-th derivative of ``digamma``. As a method: ``x.polygamma(n)``.

    >>> import minigrad as mg
    >>> mg.polygamma(1, mg.tensor([1.0]))
    tensor([1.6449])
    """
    if isinstance(n, Tensor):  # the method's order of arguments
        n, input = input, n
    refuse.polygamma(n, input)
    return apply(Polygamma, (input,), {"n": n}, [as_float(input._data)])


def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The multivariate log-gamma function of dimension ``p``; ``input`` above (p - 1) / 2.

    >>> import minigrad as mg
    >>> mg.mvlgamma(mg.tensor([2.0]), 2)
    tensor([0.4516])
    """
    refuse.mvlgamma(input, p)
    return apply(Mvlgamma, (input,), {"p": p}, [as_float(input._data)])


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
    erf=(Erf, erf), erfc=(Erfc, erfc), digamma=(Digamma, digamma),
    polygamma=(Polygamma, lambda x, n: polygamma(n, x)),
)  # fmt: skip
