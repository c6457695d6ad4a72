"""Samples that need a varying number of random numbers: gamma, Poisson, binomial.

Each takes one element's parameters and draws from the stream until a candidate is accepted, in the
order in which PyTorch draws on the CPU, so that the same seed gives the same samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from . import draws

# log k! minus Stirling's formula, for k = 0 ... 9.
STIRLING_TAIL = (
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
    0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
    0.00925546218271273, 0.00833056343336287,
)  # fmt: skip


class Numbers:
    """The two kinds of numbers that the methods below ask for, from one stream."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def even(self) -> float:
        return float(self.stream.rand((), np.dtype(np.float64)))

    def normal(self) -> float:
        return float(self.stream.normal(0.0, 1.0, (), np.dtype(np.float64)))


def gamma(numbers: Numbers, alpha: float) -> float:
    """Marsaglia and Tsang 2000; below 1 by way of alpha + 1."""
    scale = 1.0
    if alpha == 0:
        return 0.0
    if alpha < 1:
        scale = (1 - numbers.even()) ** (1 / alpha)
        alpha += 1
    d = alpha - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        x = numbers.normal()
        if 1 + c * x <= 0:
            continue
        v = (1 + c * x) ** 3
        u = 1 - numbers.even()
        if u < 1 - 0.0331 * x**4 or math.log(u) < 0.5 * x * x + d * (1 - v + math.log(v)):
            return scale * d * v


def poisson(numbers: Numbers, rate: float) -> float:
    """Below 10: multiply until under exp(-rate) (Knuth). Else Hoermann's PTRS 1993."""
    if rate == 0:
        return 0.0
    if rate < 10:
        k, product, least = 0, numbers.even(), math.exp(-rate)
        while product > least:
            product *= numbers.even()
            k += 1
        return float(k)
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    while True:
        u, v = numbers.even() - 0.5, numbers.even()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + rate + 0.43) if us > 0 else -1
        if us >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
            return float(k)
        if k < 0 or v <= 0 or (us < 0.013 and v > us):
            continue
        accept = math.log(v) + math.log(1.1239 + 1.1328 / (b - 3.4)) - math.log(a / us**2 + b)
        if accept <= -rate + k * math.log(rate) - math.lgamma(k + 1):
            return float(k)


def binomial(numbers: Numbers, n: float, p: float) -> float:
    """Few successes: add up the waiting times. Many: Hoermann's BTRS 1993."""
    if n <= 0 or p <= 0:
        return 0.0
    if p >= 1:
        return n
    if p > 0.5:
        return n - binomial(numbers, n, 1 - p)
    if n * p >= 10:
        return many_successes(numbers, n, p)
    k, waited = 0, 0.0
    while True:
        u = numbers.even()
        waited += math.ceil(math.log(u) / math.log1p(-p)) if u > 0 else n + 1
        if waited > n:
            return float(k)
        k += 1


def many_successes(numbers: Numbers, n: float, p: float) -> float:
    deviation = math.sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    r = p / (1 - p)
    alpha = (2.83 + 5.1 / b) * deviation
    m = math.floor((n + 1) * p)
    while True:
        u, v = numbers.even() - 0.5, numbers.even()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + n * p + 0.5) if us > 0 else -1
        if us >= 0.07 and v <= 0.92 - 4.2 / b:
            return float(k)
        if not 0 <= k <= n or v <= 0:
            continue
        most = (
            (m + 0.5) * math.log((m + 1) / (r * (n - m + 1)))
            + (n + 1) * math.log((n - m + 1) / (n - k + 1))
            + (k + 0.5) * math.log(r * (n - k + 1) / (k + 1))
            + tail(m) + tail(n - m) - tail(k) - tail(n - k)
        )  # fmt: skip
        if math.log(v * alpha / (a / us**2 + b)) <= most:
            return float(k)


def tail(k: float) -> float:
    """What Stirling's formula lacks of log k!."""
    if k <= 9:
        return STIRLING_TAIL[int(k)]
    square = (k + 1) ** 2
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)


def drawn(method: Callable[..., float], *parameters: Tensor) -> Tensor:
    """A sample of ``method`` for each element of the parameters, which have one shape."""
    numbers = Numbers(draws.stream_of(None))
    arrays = [p._data for p in parameters]
    rows = zip(*(a.astype(np.float64).ravel().tolist() for a in arrays))
    samples = np.array([method(numbers, *row) for row in rows], np.float64)
    return make(samples.reshape(arrays[0].shape).astype(arrays[0].dtype))
