"""Sorting numbers into bins: between which edges each lies, and how many lie in each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...refusals.reasons import bins as refuse
from ...refusals.words import only_real
from ..missing import found
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
    refuse.side(where)
    rows = sorted_sequence._data
    if sorter is not None:
        rows = np.take_along_axis(rows, sorter._data, axis=-1)
    only_real("searchsorted_out_cpu", input)
    values = np.asarray(input._data if isinstance(input, Tensor) else input)
    out = np.int32 if out_int32 else np.int64
    refuse.searchsorted(rows, values)
    if rows.ndim == 1:
        return make(np.asarray(places(rows, values, where), out))
    at = np.empty(values.shape, out)
    for i in np.ndindex(rows.shape[:-1]):
        at[i] = places(rows[i], values[i], where)
    return make(at)


def places(row: Any, values: Any, side: Any) -> Any:
    """``np.searchsorted``, but NaN, which is below nothing, is looked for to the very end."""
    found = np.searchsorted(row, values, side=side)
    return np.where(np.isnan(values), row.size, found) if values.dtype.kind == "f" else found


def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """The number of the bucket, between sorted ``boundaries``, that each element falls into.

    >>> import minigrad as mg
    >>> mg.bucketize(mg.tensor([3, 6, 9]), mg.tensor([1, 3, 5, 7, 9]))
    tensor([1, 3, 4])
    """
    refuse.bucketize(boundaries)
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of the numbers 0, 1, 2 ... occurs (or the sum of its ``weights``).

    >>> import minigrad as mg
    >>> mg.bincount(mg.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    x = input._data
    refuse.bincount(x, weights, minlength)
    if weights is None:
        return make(binned(x, None, minlength))
    return found(binned(x, weights._data, minlength), (weights,), "bincount")


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
    refuse.histc(x, bins, min, max)
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
    input: Tensor, bins: Any = 100, *, range: Any = None, weight: Tensor | None = None,
    density: bool = False,
) -> Any:  # fmt: skip
    """How many elements lie in each bin, and the edges of the bins.

    >>> import minigrad as mg
    >>> mg.histogram(mg.tensor([0.0, 1.0, 1.0]), 2).hist
    tensor([1., 2.])
    """
    x = input._data
    refuse.histogram(x, bins)
    edges = bins._data if isinstance(bins, Tensor) else bins
    w = None if weight is None else weight._data.ravel()
    hist, ends = np.histogram(x.ravel(), edges, range, density, w)
    counted = found(hist.astype(x.dtype), (input,), "histogram")
    return HistogramResult(counted, make(np.asarray(ends).astype(x.dtype)))
