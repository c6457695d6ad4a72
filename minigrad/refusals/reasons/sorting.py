"""What has no order, and ranks that nothing has."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ..words import only_real
from .dimensions import nothing_along


def sort(input: Tensor) -> None:
    if input._data.dtype.kind == "c":
        raise RuntimeError(" Sort does not support complex dtypes on CPU: they have no order")


def topk(x: Any, k: int, d: int) -> None:
    if x.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU: use .long()")
    if x.dtype.kind == "c":
        raise RuntimeError(" topk does not support complex dtypes on CPU: they have no order")
    n = x.shape[d] if x.ndim else 1
    if not 0 <= k <= n:
        raise RuntimeError(
            f"selected index k out of range: k = {k}, and dimension {d} has {n} elements"
        )


def kthvalue(input: Tensor, k: int, d: int) -> None:
    x = input._data
    only_real("kthvalue_cpu", input, bools=False)
    nothing_along("kthvalue", x, d)
    n = x.shape[d] if x.ndim else 1
    if not 1 <= k <= n:
        raise RuntimeError(
            f"kthvalue(): selected number k out of range for dimension {d}: k = {k} is not in "
            f"1 to {n}"
        )


def quantile(x: Any, given: Any, q: Any, how: str) -> None:
    """given: the array of ``q``."""
    if x.size == 0:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if x.dtype not in (np.float32, np.float64):
        raise RuntimeError(
            "quantile() input tensor must be either float or double dtype: convert it with "
            ".float()"
        )
    if given.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if isinstance(q, Tensor) and given.dtype != x.dtype:
        raise RuntimeError(
            "quantile() q tensor must be same dtype as the input tensor: convert it with .to()"
        )
    if ((given < 0) | (given > 1)).any():
        raise RuntimeError(
            f"quantile() q {'values ' if given.ndim else ''}must be in the range [0, 1]"
            + ("" if given.ndim else f" but got {given.item():g}")
        )
    if how not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise RuntimeError(
            f"quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {how}"
        )
