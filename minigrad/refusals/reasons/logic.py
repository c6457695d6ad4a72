"""Questions that have no answer, and numbers that are not made of bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ..of_the_core import broadcast_error
from ..words import not_implemented


def isclose(input: Tensor, other: Tensor, rtol: float, atol: float) -> None:
    if input._data.dtype != other._data.dtype:
        raise RuntimeError(
            f"{input.type_name()[:-6]} did not match {other.type_name()[:-6]}: isclose compares "
            "tensors of one dtype; convert one of them with .to()"
        )
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value < 0:
            raise RuntimeError(
                f"{name} must be greater than or equal to zero, but got {value:g}"
                ": it says how far apart numbers may be"
            )


def isin(*values: Any) -> None:
    for v in values:
        if isinstance(v, bool) or (isinstance(v, Tensor) and v._data.dtype.kind in "bc"):
            raise RuntimeError(
                f"Unsupported input type encountered for isin(): {type(v).__name__}; it compares "
                "numbers that have an order"
            )


def together(a: Any, b: Any) -> None:
    """Arrays that do not broadcast."""
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise broadcast_error(a, b) from None


def bits(name: str, *arrays: Any) -> None:
    """Two arrays that do not broadcast, or that are not of whole numbers or bools."""
    together(*arrays)
    for x in arrays:
        if x.dtype.kind not in "iub":
            advice = "only bool and integer tensors are made of bits; compare first, (a > 0)"
            raise not_implemented(f"{name}_cpu", x, advice)


def heaviside(input: Tensor, values: Tensor) -> None:
    if "c" in input._data.dtype.kind + values._data.dtype.kind:
        raise RuntimeError(
            "heaviside is not yet implemented for complex tensors. They have no order, so no step."
        )
    if input._data.dtype != values._data.dtype:
        raise RuntimeError(
            "heaviside is not yet implemented for tensors with different dtypes: convert one of "
            "them with .to()"
        )
    together(input._data, values._data)
