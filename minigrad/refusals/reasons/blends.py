"""Tensors that cannot be blended."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import cpp_name
from ..words import not_implemented


def lerp(input: Tensor, end: Tensor, weight: Any) -> None:
    """A line leads from float to float, by a weight of their dtype."""
    same_dtype(input, end, "end")
    if input._data.dtype.kind in "iub":
        advice = "a line between whole numbers has few of them; convert with .float()"
        raise not_implemented("lerp_kernel_scalar", input._data, advice)
    if isinstance(weight, Tensor):
        same_dtype(input, weight, "weight")


def same_dtype(input: Tensor, other: Tensor, name: str) -> None:
    if input._data.dtype != other._data.dtype:
        have, got = (cpp_name(t._data) for t in (input, other))
        raise RuntimeError(
            f"expected dtype {have} for `{name}` but got dtype {got}: convert one with .to()"
        )


def addcdiv(tensor1: Tensor, tensor2: Tensor) -> None:
    """The quotient of two tensors of whole numbers."""
    if tensor1._data.dtype.kind in "iub" and tensor2._data.dtype.kind in "iub":
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release "
            "addcdiv will perform a true division of tensor1 and tensor2. Convert one of them "
            "with .float() first."
        )
