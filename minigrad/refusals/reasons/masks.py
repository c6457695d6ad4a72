"""What is no mask, or has not one number for each True in it."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import cpp_name, kind_name


def mask(name: str, mask: Tensor) -> None:
    """A mask is made of True and False."""
    if mask._data.dtype.kind != "b":
        raise RuntimeError(
            f"{name} only supports boolean masks, but got mask with dtype {cpp_name(mask._data)}: "
            "write a comparison, x > 0"
        )


def masked_select(mask: Tensor) -> None:
    """A mask is made of True and False."""
    if mask._data.dtype.kind != "b":
        raise RuntimeError(
            f"masked_select: expected BoolTensor for mask: this one is {mask.dtype}; write a "
            "comparison, x > 0"
        )


def masked_scatter(input: Tensor, source: Tensor, where: Any) -> None:
    """Every True takes the next number of the source."""
    if source._data.dtype != input._data.dtype:
        raise RuntimeError(
            f"masked_scatter: expected self and source to have same dtypes but got"
            f"{kind_name(input._data)} and {kind_name(source._data)}: convert one with .to()"
        )
    n = int(where.sum())
    if source._data.size < n:
        raise RuntimeError(
            f"Number of elements of source < number of ones in mask: {source._data.size} < {n}"
            ": every True takes the next number of the source"
        )
