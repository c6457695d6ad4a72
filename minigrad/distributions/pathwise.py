"""How a sample of a gamma or beta distribution moves when its parameter does.

A sample x is where the cumulative probability F(x; a) has some value u. If a changes and u does
not, then dx/da = -(dF/da) / (dF/dx): *implicit reparametrization* (Figurnov, Mohamed, Mnih 2018).
dF/dx is the density. dF/da is an integral of the density times d log density / da, from the
lower end to x or, with the sign changed, from x on; the shorter side is taken. The integral over a
tail like e^-v is computed with Gauss and Legendre's nodes, all samples at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.elementwise.error_and_gamma import digamma_array, lgamma_array

NODES = 100


def over_the_tail(integrand: Any, a: Any) -> Any:
    """The integral of ``integrand(v)`` from 0 to where nothing is left; v in the last dimension."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    length = (40 + 12 * np.sqrt(a))[..., None]
    with np.errstate(all="ignore"):
        values = integrand(length * (nodes + 1) / 2)
    return (values * weights).sum(-1) * length[..., 0] / 2


def gamma_by_shape(x: Any, a: Any) -> Any:
    """dx/da of samples x of Gamma(a, 1)."""
    x, a = x[..., None], a[..., None]
    psi = digamma_array(a)

    def below(v: Any) -> Any:  # t = x e^(-v/a)
        fall = -np.expm1(-v / a)
        return np.exp(x * fall - v) * (np.log(x) - v / a - psi)

    def above(v: Any) -> Any:  # t = x + v
        return np.exp((a - 1) * np.log1p(v / x) - v) * (np.log(x + v) - psi)

    low, high = over_the_tail(below, a[..., 0]), over_the_tail(above, a[..., 0])
    return np.where(x <= a, -x / a * low[..., None], high[..., None])[..., 0]


def gamma_cdf(x: Any, a: Any) -> Any:
    """The probability that a number from Gamma(a, 1) is at most x."""
    x, a = x[..., None], a[..., None]
    low = over_the_tail(lambda v: np.exp(-x * np.expm1(-v / a) - v), a[..., 0])
    high = over_the_tail(lambda v: np.exp((a - 1) * np.log1p(v / x) - v), a[..., 0])
    with np.errstate(all="ignore"):
        height = np.exp(a * np.log(x) - x - lgamma_array(a))[..., 0]
    x, a = x[..., 0], a[..., 0]
    return np.where(x <= 0, 0, np.where(x <= a, height / a * low, 1 - height / x * high))


def beta_by_first(x: Any, a: Any, b: Any) -> Any:
    """dx/da of samples x of Beta(a, b)."""
    x, a, b = x[..., None], a[..., None], b[..., None]
    y = 1 - x
    psi = digamma_array(a) - digamma_array(a + b)

    def below(v: Any) -> Any:  # t = x e^(-v/a)
        t = x * np.exp(-v / a)
        return np.exp((b - 1) * np.log((1 - t) / y) - v) * (np.log(x) - v / a - psi)

    def above(v: Any) -> Any:  # 1 - t = y e^(-v/b)
        rest = y * np.exp(-v / b)
        return np.exp((a - 1) * np.log((1 - rest) / x) - v) * (np.log1p(-rest) - psi)

    low, high = over_the_tail(below, a[..., 0]), over_the_tail(above, b[..., 0])
    first = x <= a / (a + b)
    return np.where(first, -x / a * low[..., None], y / b * high[..., None])[..., 0]
