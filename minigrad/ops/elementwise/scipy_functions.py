r"""Special functions whose numbers are SciPy's: Bessel functions, Airy's, the incomplete gamma.

SciPy is asked for when one of them is first called. As in PyTorch only the incomplete gamma
functions have a gradient, with respect to their upper (lower) limit.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.op import apply
from ...core.tensor import Tensor
from ..operands import as_float, broadcasting, float_dtype
from .bessel import bessel

# PyTorch's name: SciPy's (None: computed without it), and what it is.
NAMES: dict[str, tuple[str | None, str]] = {
    "airy_ai": ("airy", "Airy's function Ai"),
    "bessel_j0": ("j0", "The Bessel function of the first kind, of order 0"),
    "bessel_j1": ("j1", "The Bessel function of the first kind, of order 1"),
    "bessel_y0": ("y0", "The Bessel function of the second kind, of order 0"),
    "bessel_y1": ("y1", "The Bessel function of the second kind, of order 1"),
    "modified_bessel_i0": (None, "``i0``, without a gradient"),
    "modified_bessel_i1": (None, "``i1``, without a gradient"),
    "modified_bessel_k0": ("k0", "The modified Bessel function of the second kind, of order 0"),
    "modified_bessel_k1": ("k1", "The modified Bessel function of the second kind, of order 1"),
    "scaled_modified_bessel_k0": ("k0e", "``exp(input) * modified_bessel_k0(input)``"),
    "scaled_modified_bessel_k1": ("k1e", "``exp(input) * modified_bessel_k1(input)``"),
    "spherical_bessel_j0": (None, "``sin(input) / input``"),
}


def scipy_special(name: str) -> Any:
    """``scipy.special``, or the error that says how to get it."""
    try:
        return importlib.import_module("scipy.special")
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            f"{name}() is computed by SciPy, which is not installed: pip install scipy"
        ) from None


class SpecialFunction(Elementwise):
    formula = r"y = f(x)"
    differentiable = False

    def forward(x, *, name):
        if name == "spherical_bessel_j0":
            return np.sinc(x / np.pi).astype(x.dtype)
        if name.startswith("modified_bessel_i"):
            return bessel(int(name[-1]), x)
        y = getattr(scipy_special(name), str(NAMES[name][0]))(x)
        return np.asarray(y[0] if name == "airy_ai" else y).astype(x.dtype)


class Igamma(Elementwise):
    formula = r"y = \frac{1}{\Gamma(a)} \int_0^x t^{a - 1} e^{-t}\, dt"
    broadcasts = True
    upper = False

    def forward(a, x):
        return np.asarray(scipy_special("igamma").gammainc(a, x))

    def vjp_x(g, a, x, xp):
        r"\bar y\, x^{a - 1} e^{-x} / \Gamma(a)"
        return g * xp.exp((a - 1) * xp.log(x) - x - xp.lgamma(a))


class Igammac(Igamma):
    formula = r"y = \frac{1}{\Gamma(a)} \int_x^\infty t^{a - 1} e^{-t}\, dt"

    def forward(a, x):
        return np.asarray(scipy_special("igammac").gammaincc(a, x))

    def vjp_x(g, a, x, xp):
        r"-\bar y\, x^{a - 1} e^{-x} / \Gamma(a)"
        return -Igamma.vjp_x(g, a, x, xp)


def igamma(input: Tensor, other: Tensor) -> Tensor:
    """The lower incomplete gamma function of ``input`` up to ``other``, as a part of the whole.

    Needs SciPy.
    """
    result: Tensor = broadcasting(Igamma, (input, other), {}, float_dtype)
    return result


def igammac(input: Tensor, other: Tensor) -> Tensor:
    """The upper incomplete gamma function, ``1 - igamma(input, other)``. Needs SciPy."""
    result: Tensor = broadcasting(Igammac, (input, other), {}, float_dtype)
    return result


def special_function(name: str) -> Any:
    scipys, what = NAMES[name]

    def function(input: Tensor) -> Tensor:
        result: Tensor = apply(SpecialFunction, (input,), {"name": name}, [as_float(input._data)])
        return result

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{what}.{' Needs SciPy.' if scipys else ''}"
    return function


FUNCTIONS = {name: special_function(name) for name in NAMES}  # in ``special`` by these names
