"""Calculus on samples: differences, slopes, and areas below a curve.

All are combinations of other operations, so they need no gradient of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import calculus as refuse
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from ..shaping.joining import cat
from .scans import cumsum

# --- differences and slopes --------------------------------------------------------------------


def part(dim: int, start: int | None, stop: int | None) -> Any:
    """The index of a slice along ``dim``."""
    return (slice(None),) * dim + (slice(start, stop),)


@one_call
def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None,
    append: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Differences of neighbours along ``dim``, ``n`` times over.

    >>> import minigrad as mg
    >>> mg.diff(mg.tensor([1, 4, 9, 16]))
    tensor([3, 5, 7])
    """
    refuse.diff(input, n)
    d = one_dim(dim, input._data.ndim)
    if not n:
        return input.clone()
    for more in (prepend, append):
        refuse.added(input, more, d)
    if prepend is not None or append is not None:
        input = cat([t for t in (prepend, input, append) if t is not None], d)
    for _ in range(min(n, input._data.shape[d])):
        later, earlier = input[part(d, 1, None)], input[part(d, None, -1)]
        is_bool = input._data.dtype.kind == "b"
        input = make(later._data ^ earlier._data) if is_bool else later - earlier
    return input


def slopes(x: Tensor, d: int, steps: Any, edge_order: int, even: bool) -> Tensor:
    """Slopes along dimension ``d``; ``steps``: the distances of neighbours."""

    def places(start: int, stop: int | None) -> Tensor:
        return x[part(d, start, stop)]

    def factors(values: Any) -> Tensor:
        shape = [1] * x.ndim
        shape[d] = -1
        return make(np.asarray(values, x._data.dtype).reshape(shape))

    a, b = steps[:-1], steps[1:]
    if even:  # the middle's factor is 0, which would make inf to NaN
        middle = (places(2, None) - places(0, -2)) * factors(1 / (a + b))
    else:
        middle = (places(0, -2) * factors(-b / (a * (a + b)))
                  + places(1, -1) * factors((b - a) / (a * b))
                  + places(2, None) * factors(a / (b * (a + b))))  # fmt: skip
    if edge_order == 1:
        first = (places(1, 2) - places(0, 1)) * factors(1 / steps[:1])
        last = (places(-1, None) - places(-2, -1)) * factors(1 / steps[-1:])
    else:
        a, b = steps[:1], steps[1:2]
        first = (places(0, 1) * factors(-(2 * a + b) / (a * (a + b)))
                 + places(1, 2) * factors((a + b) / (a * b))
                 + places(2, 3) * factors(-a / (b * (a + b))))  # fmt: skip
        a, b = steps[-2:-1], steps[-1:]
        last = (places(-3, -2) * factors(b / (a * (a + b)))
                + places(-2, -1) * factors(-(a + b) / (a * b))
                + places(-1, None) * factors((2 * b + a) / (b * (a + b))))  # fmt: skip
    return cat([first, middle, last], d)


@one_call
def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """Estimates the slope of samples along each dimension by differences of second order.

    spacing: the distance of neighbours, one for each dimension, or the places themselves as 1-d
    tensors. edge_order: 1 or 2, the order at both ends.

    >>> import minigrad as mg
    >>> mg.gradient(mg.tensor([0.0, 1.0, 4.0, 9.0]))
    (tensor([1., 2., 4., 5.]),)
    """
    refuse.gradient(input, edge_order)
    if input._data.dtype.kind == "i":
        input = input.to(dtypes.get_default_dtype())
    if dim is None:
        places = list(range(input.ndim))
    else:
        wanted = dim if isinstance(dim, (tuple, list)) else [dim]
        places = [one_dim(d, input.ndim) for d in wanted]
    spacing = 1 if spacing is None else spacing
    spaced = spacing if isinstance(spacing, (tuple, list)) else [spacing] * len(places)
    refuse.spacing(input, spaced, places)
    found = []
    for d, step in zip(places, spaced, strict=True):
        n = input.shape[d]
        refuse.too_few(n, d, edge_order)
        if isinstance(step, Tensor):
            steps = np.diff(step._data.astype(np.float64))
        else:
            steps = np.full(n - 1, float(step))
        found.append(slopes(input, d, steps, edge_order, not isinstance(step, Tensor)))
    return tuple(found)


# --- areas -------------------------------------------------------------------------------------


@one_call
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: int = -1) -> Tensor:
    """The integral of samples ``y`` by the trapezoidal rule, at places ``x`` or ``dx`` apart.

    >>> import minigrad as mg
    >>> mg.trapezoid(mg.tensor([1.0, 2.0, 3.0]))
    tensor(4.)
    """
    d = one_dim(dim, y._data.ndim)
    refuse.trapezoid("trapezoid", y, x, d, refuse.no_samples(dim if x is None else 0))
    if not y._data.shape[d]:
        return y.sum(d)
    if x is None:
        ends = y[part(d, 0, 1)] + y[part(d, -1, None)]
        inside = y.sum(d) - ends.sum(d) * 0.5
        return called(inside * (1 if dx is None else dx), "MulBackward1")
    return called((panels(y, x, d)).sum(d) / 2.0, "DivBackward1")


def panels(y: Tensor, x: Tensor, d: int) -> Tensor:
    """Twice the areas between neighbouring samples."""
    if 1 < x.ndim < y.ndim:  # the dimensions are those of y
        x = x.reshape((1,) * (y.ndim - x.ndim) + x._data.shape)
    if not x.ndim:
        raise broadcast_error(np.empty(0), y._data[part(d, 1, None)])
    if x._data.ndim == 1 and y._data.ndim > 1:
        steps = diff(x).reshape([-1 if i == d else 1 for i in range(y._data.ndim)])
    else:
        steps = diff(x, dim=d)
    return steps * (y[part(d, 1, None)] + y[part(d, None, -1)])


@one_call
def cumulative_trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: int = -1
) -> Tensor:
    """The integral up to each sample by the trapezoidal rule.

    >>> import minigrad as mg
    >>> mg.cumulative_trapezoid(mg.tensor([1.0, 2.0, 3.0]))
    tensor([1.5000, 4.0000])
    """
    d = one_dim(dim, y._data.ndim)
    refuse.trapezoid("cumulative_trapezoid", y, x, d, refuse.no_slices())
    if x is not None:
        return called(cumsum(panels(y, x, d), d) / 2.0, "DivBackward1")
    areas = y[part(d, 1, None)] + y[part(d, None, -1)]
    return cumsum(areas * ((1 if dx is None else dx) / 2), d)
