"""Sums, products, quotients and powers that have no meaning."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ..words import understood


def sub(a: Any, b: Any) -> None:
    """Bools have no difference: PyTorch's words for two of them, or for one."""
    bools = sum(isinstance(v, bool) or getattr(v, "dtype", None) == np.bool_ for v in (a, b))
    if bools == 2:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
            "`^` or `logical_xor()` operator instead."
        )
    if bools:
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
            "trying to invert a mask, use the `~` or `logical_not()` operator instead."
        )


def alpha(alpha: Any, input: Any, other: Any) -> None:
    """``alpha`` must be a number of the operands' own kind."""
    kinds = {v._data.dtype.kind for v in (input, other) if isinstance(v, Tensor)}
    if isinstance(alpha, bool) and kinds != {"b"}:
        raise RuntimeError("Boolean alpha only supported for Boolean results: give a number")
    if isinstance(alpha, float) and kinds <= set("iub"):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
            " It would give fractions."
        )


def rounding_mode(mode: Any) -> NoReturn:
    raise RuntimeError(
        f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{mode}': "
        "those are the ways to round"
    )


def division_by_zero(a: Any, b: Any, what: str = "division") -> None:
    """Whole numbers have no infinity to answer with."""
    if a.dtype.kind in "iu" and (b == 0).any():
        raise RuntimeError(f"ZeroDivisionError: integer {what} by zero")


def negative_powers() -> NoReturn:
    raise RuntimeError(
        "Integers to negative integer powers are not allowed: the result would not be an "
        "integer; make the base a float tensor first, for example with .float()"
    )


def pow(input: Any, exponent: Any) -> NoReturn:
    """``input ** exponent`` with an exponent that is neither a tensor nor a number."""
    if not isinstance(input, Tensor):
        raise TypeError("pow() of two numbers: write input ** exponent")
    understood("pow", NotImplemented, input, exponent)
    raise AssertionError  # understood() refuses


def neg() -> NoReturn:
    raise RuntimeError(
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
        "invert a mask, use the `~` or `logical_not()` operator instead."
    )
