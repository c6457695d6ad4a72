"""Results that do not fit into the tensor they are to be written into."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful import dtypes
from ...faithful.dtype_names import KIND_NAMES, kind_name


def shape(x: Tensor, shape: tuple[int, ...], why: str) -> None:
    if shape != x._data.shape:
        raise RuntimeError(
            f"output with shape {list(x.shape)} doesn't match the broadcast shape "
            f"{list(shape)}: {why} cannot make its tensor larger"
        )


def dtype(x: Tensor, d: Any) -> None:
    """Numbers of dtype ``d``, if ``x`` has no room for such numbers."""
    if dtypes.category(d) > dtypes.category(x._data.dtype):
        raise RuntimeError(
            f"result type {KIND_NAMES.get(d.name, d.name)} can't be cast to the desired output "
            f"type {kind_name(x._data)}: the tensor is {x.dtype} and cannot hold the result; "
            "write x = x + ... instead"
        )


def fill(value: Tensor) -> None:
    if value._data.ndim:
        raise RuntimeError(
            "fill_ only supports 0-dimension value tensor but got tensor with "
            f"{value._data.ndim} dimensions: give one number, or use copy_"
        )
