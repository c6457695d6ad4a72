"""Sorting numbers into bins: between which edges each lies, and how many lie in each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful.dtype_names import KIND_NAMES
from ...refusals.words import not_implemented, only_real
from ..return_types import return_type


def searchsorted(
    sorted_sequence: Tensor, input: Any, *, out_int32: bool = False, right: bool = False,
    side: str | None = None, sorter: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Where to insert ``input`` into a sorted last dimension so that it stays sorted.

    right=False: before equal elements; right=True (or side='right'): behind them.

    >>> import minigrad as mg
    >>> mg.searchsorted(mg.tensor([1, 3, 5]), mg.tensor([3, 4]))
    tensor([1, 2])
    """
    where: Any = side if side is not None else "right" if right else "left"
    if where not in ("left", "right"):
        raise RuntimeError(
            "torch.searchsorted(): side can only be 'left' or 'right' but got " + where
        )
    rows = sorted_sequence._data
    if sorter is not None:
        rows = np.take_along_axis(rows, sorter._data, axis=-1)
    only_real("searchsorted_out_cpu", input)
    values = np.asarray(input._data if isinstance(input, Tensor) else input)
    out = np.int32 if out_int32 else np.int64
    if not rows.ndim:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 "
            "dimension: they are sorted in a row"
        )
    if rows.ndim == 1:
        return make(np.asarray(np.searchsorted(rows, values, side=where), out))
    if values.shape[:-1] != rows.shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
            "dimensions of boundaries tensor and input value tensor must match, but we got "
            f"boundaries tensor {list(rows.shape)} and input value tensor {list(values.shape)}"
            ": each row of numbers is sought in one row of boundaries"
        )
    found = np.empty(values.shape, out)
    for i in np.ndindex(rows.shape[:-1]):
        found[i] = np.searchsorted(rows[i], values[i], side=where)
    return make(found)


def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """The number of the bucket, between sorted ``boundaries``, that each element falls into.

    >>> import minigrad as mg
    >>> mg.bucketize(mg.tensor([3, 6, 9]), mg.tensor([1, 3, 5, 7, 9]))
    tensor([1, 3, 4])
    """
    if boundaries._data.ndim != 1:
        raise RuntimeError(
            f"boundaries tensor must be 1 dimension, but got dim("
            f"{boundaries._data.ndim}): they are sorted in one row"
        )
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of the numbers 0, 1, 2 ... occurs (or the sum of its ``weights``).

    >>> import minigrad as mg
    >>> mg.bincount(mg.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    x = input._data
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
    return make(binned(x, None if weights is None else weights._data, minlength))


def binned(x: Any, weights: Any, minlength: int) -> Any:
    y = np.bincount(x, weights, minlength)
    return y.astype(np.float32) if weights is not None and weights.dtype == np.float32 else y


def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements fall into each of ``bins`` equal intervals from ``min`` to ``max``.

    min = max: the range of the elements. Elements outside are not counted.

    >>> import minigrad as mg
    >>> mg.histc(mg.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])
    """
    x = input._data
    if x.dtype.kind != "f":
        step = "linspace_cpu" if x.dtype.kind == "b" else "histogram_cpu"
        step = "aminmax_cpu" if x.dtype.kind == "c" and min == max else step
        raise NotImplementedError(
            f"\"{step}\" not implemented for '{KIND_NAMES[x.dtype.name]}': convert the "
            "tensor with .float() first"
        )
    if bins <= 0:
        raise RuntimeError(
            f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0"
            ": it counts the intervals"
        )
    if min > max:
        raise RuntimeError(
            "torch.histc: max must be larger than min: they are the ends of the range"
        )
    low, high = float(min), float(max)
    if low == high and x.size:
        low, high = float(x.min()), float(x.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"range of [{low}, {high}] is not finite")
    if low == high:
        low, high = low - 1, high + 1
    return make(np.histogram(x, bins, (low, high))[0].astype(x.dtype))


HistogramResult = return_type("histogram", "hist bin_edges")


def histogram(
    input: Tensor, bins: Any, *, range: Any = None, weight: Tensor | None = None,
    density: bool = False,
) -> Any:  # fmt: skip
    """How many elements lie in each bin, and the edges of the bins.

    >>> import minigrad as mg
    >>> mg.histogram(mg.tensor([0.0, 1.0, 1.0]), 2).hist
    tensor([1., 2.])
    """
    x = input._data
    if x.dtype not in (np.float32, np.float64):
        raise not_implemented("histogramdd", x, "convert with .float() first")
    edges = bins._data if isinstance(bins, Tensor) else bins
    if isinstance(edges, int) and edges <= 0:
        raise RuntimeError(
            f"torch.histogram(): bins must be > 0, but got {edges} for dimension 0"
            ": it counts the intervals"
        )
    if isinstance(bins, Tensor) and edges.dtype != x.dtype:
        raise RuntimeError(
            "torch.histogramdd: input tensor and bins tensors should have the same dtype, but got "
            f"input with dtype {x.dtype.name} and bins for dimension 0 with dtype "
            f"{edges.dtype.name}"
        )
    if isinstance(bins, Tensor) and bins.ndim != 1:
        raise RuntimeError(
            f"torch.histogramdd: bins tensor should have one dimension, but got {bins.ndim} "
            "dimensions in the bins tensor for dimension 0"
        )
    w = None if weight is None else weight._data.ravel()
    hist, found = np.histogram(x.ravel(), edges, range, density, w)
    return HistogramResult(make(hist.astype(x.dtype)), make(np.asarray(found).astype(x.dtype)))
