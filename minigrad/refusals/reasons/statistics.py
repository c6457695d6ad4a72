"""Statistics of what they are not made for."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES


def nansum(x: Any) -> None:
    if x.dtype.kind == "c":
        raise RuntimeError(
            "nansum on CPU does not support complex inputs: add the parts, .real and .imag"
        )


def nanmean(x: Any) -> None:
    if x.dtype.kind not in "fc":
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            f"{KIND_NAMES[x.dtype.name]}"
        )


def aminmax(x: Any, d: tuple[int] | None) -> None:
    if (x.size == 0) if d is None else (x.shape[d[0]] == 0):
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity. There is no smallest of no numbers."
        )


def rows_of_variables(name: str, input: Tensor) -> None:
    """cov and corrcoef take one row or a matrix."""
    if input._data.ndim > 2:
        raise RuntimeError(
            f"{name}(): expected input to have two or fewer dimensions but got an input with "
            f"{input._data.ndim} dimensions: rows are variables, columns observations"
        )


def cov(input: Tensor) -> None:
    rows_of_variables("cov", input)
    if input._data.dtype.kind == "b":
        raise RuntimeError("cov(): bool dtype is not supported for input: use .float()")
