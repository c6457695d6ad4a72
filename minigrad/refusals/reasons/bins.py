"""Bins that cannot be, and numbers that fall into none."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ..words import not_implemented


def side(side: Any) -> None:
    if side not in ("left", "right"):
        raise RuntimeError(
            "torch.searchsorted(): side can only be 'left' or 'right' but got " + side
        )


def searchsorted(rows: Any, values: Any) -> None:
    """Boundaries stand in one row, or in one row for each row of numbers."""
    if not rows.ndim:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 "
            "dimension: they are sorted in a row"
        )
    if rows.ndim > 1 and values.shape[:-1] != rows.shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
            "dimensions of boundaries tensor and input value tensor must match, but we got "
            f"boundaries tensor {list(rows.shape)} and input value tensor {list(values.shape)}"
            ": each row of numbers is sought in one row of boundaries"
        )


def bucketize(boundaries: Tensor) -> None:
    if boundaries._data.ndim != 1:
        raise RuntimeError(
            f"boundaries tensor must be 1 dimension, but got dim("
            f"{boundaries._data.ndim}): they are sorted in one row"
        )


def bincount(x: Any, weights: Tensor | None, minlength: int) -> None:
    """What is counted are whole numbers from 0 on, in one row."""
    if x.dtype.kind not in "iu":
        raise NotImplementedError(
            f"\"bincount_cpu\" not implemented for '{KIND_NAMES[x.dtype.name]}': it counts whole "
            "numbers"
        )
    if x.ndim != 1 or (x < 0).any():
        raise RuntimeError(
            "bincount only supports 1-d non-negative integral inputs."
            " It counts how often 0, 1, 2 ... occur."
        )
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if weights is not None and weights._data.shape != x.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")


def some_bins(bins: int) -> None:
    if bins <= 0:
        raise RuntimeError(
            f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0"
            ": it counts the intervals"
        )


def histc(x: Any, bins: int, min: float, max: float) -> None:
    if x.dtype.kind != "f":
        step = "linspace_cpu" if x.dtype.kind == "b" else "histogram_cpu"
        step = "aminmax_cpu" if x.dtype.kind == "c" and min == max else step
        raise NotImplementedError(
            f"\"{step}\" not implemented for '{KIND_NAMES[x.dtype.name]}': convert the "
            "tensor with .float() first"
        )
    some_bins(bins)
    if min > max:
        raise RuntimeError(
            "torch.histc: max must be larger than min: they are the ends of the range"
        )


def histogram(x: Any, bins: Any) -> None:
    """bins: their number, or a tensor with their edges in one row."""
    if x.dtype not in (np.float32, np.float64):
        raise not_implemented("histogramdd", x, "convert with .float() first")
    if isinstance(bins, int):
        some_bins(bins)
    if isinstance(bins, Tensor) and bins._data.dtype != x.dtype:
        raise RuntimeError(
            "torch.histogramdd: input tensor and bins tensors should have the same dtype, but got "
            f"input with dtype {x.dtype.name} and bins for dimension 0 with dtype "
            f"{bins._data.dtype.name}"
        )
    if isinstance(bins, Tensor) and bins.ndim != 1:
        raise RuntimeError(
            f"torch.histogramdd: bins tensor should have one dimension, but got {bins.ndim} "
            "dimensions in the bins tensor for dimension 0"
        )
