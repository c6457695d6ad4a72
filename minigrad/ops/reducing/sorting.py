r"""Order: sort, topk, medians, modes, quantiles, unique elements.

Sorting only moves numbers, so its gradient moves them back: the order found in the forward pass is
kept, and $\bar x_{\pi(k)} = \bar y_k$. The order itself has no gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful.strides import in_layout
from ...refusals.ended_history import without_gradient
from ...refusals.reasons import sorting as refuse
from ...refusals.reasons.dimensions import nothing_along
from ...refusals.words import not_implemented, only_real
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.blends import lerp
from ..missing import found
from ..return_types import return_type
from ..shaping.shape import movedim
from .reductions import Extremum

Sort = return_type("sort", "values indices")
Topk = return_type("topk", "values indices")
Kthvalue = return_type("kthvalue", "values indices")
Median = return_type("median", "values indices")
Nanmedian = return_type("nanmedian", "values indices")
Mode = return_type("mode", "values indices")


class MedianAll(Op):
    formula = r"y = \text{the middle one of the sorted } x_i"

    def forward(x, *, name):
        values = np.sort(x[~np.isnan(x)] if name == "nanmedian" else x, axis=None)
        if values.size == 0:
            return np.asarray(np.nan, x.dtype)
        last = values[-1]  # nan if there is one
        return np.asarray(last if last != last else values[(values.size - 1) // 2])

    def vjp_x(g, x, y, xp):
        r"\bar y \text{ shared by the elements equal to } y"
        hit = (x == y) | ((x != x) & (y != y))
        return xp.where(hit, g, 0.0) / hit.sum()

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"{node.params['name'].capitalize()}Backward0"


class Sorted(Extremum):
    formula = r"y = x_{\pi}"
    layout = "like"


def picked(input: Tensor, dim: int, index: Any, keepdim: bool, name: str) -> tuple[Any, Any]:
    """The elements of ``input`` at ``index`` along ``dim``, and the index as a tensor."""
    params = {"dim": dim, "keepdim": keepdim, "index": index, "name": name}
    op = Sorted if name.startswith("Sort") else Extremum
    values = apply(op, (input,), params)
    index = in_layout(op.layout, (input._data,), index)
    where = make(index if keepdim or index.ndim == 0 else index.squeeze(dim))
    return values, without_gradient(where, f"{name.split('Backward')[0].lower()}'s indices", input)


def order(x: Any, dim: int, descending: bool) -> Any:
    """The positions in sorted order; equal elements keep theirs. nan counts as largest."""
    if x.ndim == 0:
        return np.zeros((), np.int64)
    if not descending:
        return np.argsort(x, axis=dim, kind="stable")
    backwards = np.argsort(np.flip(x, dim), axis=dim, kind="stable")
    return x.shape[dim] - 1 - np.flip(backwards, dim)


def sort(
    input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool | None = None
) -> Any:
    """Sorted values along ``dim`` and where they came from. Always stable.

    >>> import minigrad as mg
    >>> mg.sort(mg.tensor([3.0, 1.0, 2.0]))
    torch.return_types.sort(
    values=tensor([1., 2., 3.]),
    indices=tensor([1, 2, 0]))
    """
    x = input._data
    refuse.sort(input)
    d = one_dim(dim, x.ndim)
    name = "SortBackward0" if stable is None else "SortBackward1"
    return Sort(*picked(input, d, order(x, d, descending), True, name))


def argsort(
    input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool = False
) -> Tensor:
    """The positions that would sort ``input`` along ``dim``.

    >>> import minigrad as mg
    >>> mg.argsort(mg.tensor([3.0, 1.0, 2.0]))
    tensor([1, 2, 0])
    """
    refuse.sort(input)
    x = input._data
    found = make(in_layout("like", (x,), order(x, one_dim(dim, x.ndim), descending)))
    return without_gradient(found, "argsort", input)


def msort(input: Tensor) -> Tensor:
    """``sort(input, dim=0).values``."""
    return sort(input, 0).values


def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """The ``k`` largest (or smallest) elements along ``dim``, in order, and where they are.

    >>> import minigrad as mg
    >>> mg.topk(mg.tensor([3.0, 1.0, 2.0]), 2).values
    tensor([3., 2.])
    """
    x = input._data
    d = one_dim(dim, x.ndim)
    refuse.topk(x, k, d)
    index = order(x, d, largest)
    index = index[(slice(None),) * d + (slice(0, k),)] if x.ndim else index
    return Topk(*picked(input, d, index, True, "TopkBackward0"))


def ranked(input: Tensor, dim: int, keepdim: bool, k: Any, name: str) -> tuple[Any, Any]:
    """The elements of rank ``k`` (an array: one for each row) and the first place they stand."""
    x = input._data
    if x.ndim == 0:
        return picked(input, 0, np.zeros((), np.int64), True, name)
    at = np.take_along_axis(np.sort(x, axis=dim), np.expand_dims(k, dim), axis=dim)
    index = np.argmax((x == at) | ((x != x) & (at != at)), axis=dim)
    return picked(input, dim, np.expand_dims(index, dim), keepdim, name)


def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """The ``k``-th smallest element along ``dim`` (counted from 1) and where it is.

    >>> import minigrad as mg
    >>> mg.kthvalue(mg.tensor([3.0, 1.0, 2.0]), 2).values
    tensor(2.)
    """
    x = input._data
    d = one_dim(dim, x.ndim)
    refuse.kthvalue(input, k, d)
    rank = np.full(np.delete(x.shape, d) if x.ndim else (), k - 1)
    return Kthvalue(*ranked(input, d, keepdim, rank, "KthvalueBackward0"))


def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element (of an even number the lower one); with ``dim`` a pair with positions.

    A nan makes the median nan; see ``nanmedian``.

    >>> import minigrad as mg
    >>> mg.median(mg.tensor([5.0, 1.0, 2.0, 9.0]))
    tensor(2.)
    """
    only_real("median_cpu" if dim is None else "median_out", input, bools=False)
    return middle(input, dim, keepdim, "median", Median)


def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median of the elements that are not nan."""
    only_real("median_out", input, bools=False)
    return middle(input, dim, keepdim, "nanmedian", Nanmedian)


def middle(input: Tensor, dim: Any, keepdim: bool, name: str, result: Any) -> Any:
    x = input._data
    if dim is None:
        return apply(MedianAll, (input,), {"name": name})
    d = one_dim(dim, x.ndim)
    nothing_along(name, x, d)
    missing = np.isnan(x).sum(axis=d) if x.ndim else 0
    n = x.shape[d] if x.ndim else 1
    if name == "median":
        k = np.where(missing > 0, n - 1, (n - 1) // 2)  # nan is sorted to the end
    else:
        k = np.maximum(n - missing - 1, 0) // 2
    return result(*ranked(input, d, keepdim, k, f"{name.capitalize()}Backward1"))


def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> Any:
    """The most frequent element along ``dim`` (of several the smallest) and its last position.

    >>> import minigrad as mg
    >>> mg.mode(mg.tensor([2, 1, 2, 3])).values
    tensor(2)
    """
    x = input._data
    d = one_dim(dim, x.ndim)
    nothing_along("mode", x, d)
    only_real("mode_cpu", input)
    if x.ndim == 0:
        return Mode(*picked(input, 0, np.zeros((), np.int64), True, "ModeBackward0"))
    rows = np.moveaxis(x, d, -1)
    index = np.zeros(rows.shape[:-1], np.int64)
    for i in np.ndindex(index.shape):
        values, counts = np.unique(rows[i], return_counts=True)
        index[i] = np.flatnonzero(rows[i] == values[counts.argmax()])[-1]
    return Mode(*picked(input, d, np.expand_dims(index, d), keepdim, "ModeBackward0"))


# --- quantiles -----------------------------------------------------------------------------------


@one_call
def quantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:  # fmt: skip
    """The value below which the part ``q`` (a number or 1-D tensor in [0, 1]) of ``input`` lies.

    interpolation between two elements: 'linear', 'lower', 'higher', 'midpoint' or 'nearest'.

    >>> import minigrad as mg
    >>> mg.quantile(mg.tensor([1.0, 2.0, 3.0, 4.0]), 0.5)
    tensor(2.5000)
    """
    return quantiles("quantile", input, q, dim, keepdim, interpolation)


@one_call
def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:  # fmt: skip
    """``quantile`` of the elements that are not nan."""
    return quantiles("nanquantile", input, q, dim, keepdim, interpolation)


@one_call
def quantiles(name: str, input: Tensor, q: Any, dim: Any, keepdim: bool, how: str) -> Tensor:
    x = input._data
    given = np.asarray(q._data if isinstance(q, Tensor) else q)
    refuse.quantile(x, given, q, how)
    d = one_dim(0 if dim is None else dim, x.ndim)
    rows = input.reshape(-1) if dim is None or x.ndim == 0 else movedim(input, d, -1)
    ordered = sort(rows, -1).values
    missing = np.isnan(ordered._data).sum(axis=-1, keepdims=True)
    last = ordered._data.shape[-1] - 1
    parts = given.reshape(-1).astype(x.dtype)
    if name == "quantile":  # nan is sorted to the end: a row with one answers nan
        rank = np.where(missing > 0, last, parts * last)
    else:
        rank = parts * np.maximum(last - missing, 0)
    if how in ("lower", "higher", "nearest"):
        rounded: Any = {"lower": np.floor, "higher": np.ceil, "nearest": np.round}[how]
        rank = rounded(rank)
    below, above = np.floor(rank), np.ceil(rank)
    weight = np.full_like(rank, 0.5) if how == "midpoint" else rank - below
    low, high = (ordered.gather(-1, make(r.astype(np.int64))) for r in (below, above))
    weights = make(weight.astype(x.dtype))
    if isinstance(q, Tensor) and q.requires_grad and how != "midpoint":
        steps = np.where(missing > 0, 0, last) if name == "quantile" else last - missing
        moving = how == "linear"  # else the rank is a whole number, whose slope is 0
        slope, rest = moving * steps, weight - moving * parts * steps
        weights = q.reshape(-1) * make(slope.astype(x.dtype)) + make(rest.astype(x.dtype))
    y = movedim(lerp(low, high, weights), -1, 0)
    if keepdim:
        shape = [1 if dim is None or i == d else n for i, n in enumerate(x.shape)]
        y = y.reshape(parts.size, *shape)
    return called(y.squeeze(0) if given.ndim == 0 else y, "SqueezeBackward4")


# --- sets and search: no gradient ----------------------------------------------------------------


def unique(
    input: Tensor, sorted: bool = True, return_inverse: bool = False,
    return_counts: bool = False, dim: int | None = None,
) -> Any:  # fmt: skip
    """The different elements (or slices along ``dim``), sorted; on request where and how often.

    >>> import minigrad as mg
    >>> mg.unique(mg.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    only_real("unique", input)
    x = input._data
    axis = None if dim is None else one_dim(dim, x.ndim)
    values, inverse, counts = np.unique(
        x, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    y = found(values, (input,), "_unique2" if dim is None else "unique_dim",
              "Unique2Backward0" if dim is None else "UniqueDimBackward0")  # fmt: skip
    return chosen(y, inverse.reshape(x.shape) if dim is None else inverse.reshape(-1),
                  counts, return_inverse, return_counts)  # fmt: skip


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """``input`` without elements (or slices along ``dim``) that equal the one before them.

    >>> import minigrad as mg
    >>> mg.unique_consecutive(mg.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    if input._data.dtype.kind == "c":
        raise not_implemented("unique", input._data, "take .abs(), or .real and .imag apart")
    x = input._data.reshape(-1) if dim is None else input._data
    d = one_dim(0 if dim is None else dim, x.ndim)
    other = tuple(i for i in range(x.ndim) if i != d)
    new = np.ones(x.shape[d], bool)
    if x.shape[d]:
        new[1:] = (np.diff(x, axis=d) != 0).any(axis=other) if x.dtype.kind != "b" else (
            x[(slice(None),) * d + (slice(1, None),)] != x[(slice(None),) * d + (slice(-1),)]
        ).any(axis=other)
    inverse = np.cumsum(new) - 1
    counts = np.diff(np.append(np.flatnonzero(new), x.shape[d]))
    shaped = inverse.reshape(input._data.shape) if dim is None else inverse
    y = found(np.compress(new, x, axis=d), (input,), "unique_consecutive",
              "UniqueConsecutiveBackward0")  # fmt: skip
    return chosen(y, shaped, counts, return_inverse, return_counts)


def chosen(values: Any, inverse: Any, counts: Any, with_inverse: bool, with_counts: bool) -> Any:
    """One tensor, or a tuple with those asked for."""
    asked = [values]
    asked += [make(inverse.astype(np.int64))] if with_inverse else []
    asked += [make(counts.astype(np.int64))] if with_counts else []
    return tuple(asked) if len(asked) > 1 else asked[0]
