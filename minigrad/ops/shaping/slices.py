"""Reading and writing whole slices: index_select, index_add, index_put, select_scatter ..."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful import dtypes
from ...refusals.reasons import slices as refuse
from ...refusals.reasons.cutting import select_index
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.arithmetic import convert
from .indexing import IndexPut, fills_mask, getitem, index_value, read_index
from .joining import atleast_1d
from .scatter import UFUNCS, AddAt, FillAt, ScatterReduce, WriteAt
from .shape import reshape, to_number

# --- the operations ----------------------------------------------------------------------------


class IndexSelect(Op):
    formula = r"y_i = x_{k_i}"
    linear = True

    def forward(x, *, index):
        return x[index]

    def vjp_x(g, x_shape, index, xp):
        r"\bar x_{k_i} \mathrel{+}= \bar y_i"
        return xp.index_put_zeros(g, shape=x_shape, index=index, add=True)


class IndexAdd(AddAt):
    formula = r"y = x,\quad y_{k_i} \mathrel{+}= s_i"


class IndexCopy(WriteAt):
    formula = r"y = x,\quad y_{k_i} = s_i"


class IndexFill(FillAt):
    formula = r"y = x,\quad y_{k_i} = c"
    layout = "like"


class IndexFillTensor(WriteAt):
    formula = r"y = x,\quad y_{k_i} = c"
    title = "IndexFillBackward1"
    layout = "like"


class IndexReduce(ScatterReduce):
    formula = r"y_p = \mathrm{reduce}\{x_p,\ s_i : k_i = p\}"


class IndexPutAdd(AddAt):
    formula = r"y = x,\quad y[k] \mathrel{+}= s"
    title = "IndexPutBackward0"
    layout = "like"


class SelectScatter(WriteAt):
    formula = r"y = x,\quad y_k = s"


class SliceScatter(WriteAt):
    formula = r"y = x,\quad y_{a:b} = s"


# --- slices along a dimension --------------------------------------------------------------------


def read_slices(
    name: str, input: Tensor, dim: int, index: Tensor, error: Any = IndexError, prefix: str = "",
    wraps: bool = False,
) -> tuple[int, tuple[Any, ...], int]:
    """The checked dimension, NumPy index and number of the slices."""
    d = one_dim(dim, input._data.ndim)
    refuse.index(name, index, d)
    n = input._data.shape[d] if input._data.ndim else 1
    k = np.atleast_1d(index._data)
    if wraps:  # only index_fill counts from the end too
        k = np.where((k < 0) & (k >= -n), k + n, k)
    bad = k[(k < 0) | (k >= n)]
    refuse.outside(bad, name, d, n, error, prefix)
    return d, (slice(None),) * d + (k,), k.size


@one_call
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along ``dim`` that the int64 vector ``index`` names (a copy).

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).index_select(1, mg.tensor([1, 1]))
    tensor([[2, 2],
            [4, 4]])
    """
    d, places, _ = read_slices("index_select", input, dim, index)
    if input._data.ndim == 0:
        return to_number(index_select(atleast_1d(input), 0, index))
    return apply(IndexSelect, (input,), {"index": places})


def check_slices(name: str, input: Tensor, d: int, index: Tensor, source: Tensor) -> None:
    """Refuse a source that has not one slice, as large as those of input, for each index."""
    shape = source._data.shape
    length = shape[one_dim(d, len(shape))] if shape else 1
    refuse.slices(name, input, d, index, source, length)


@one_call
def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1
) -> Tensor:
    """``input`` with the slices of ``source`` (times alpha) added to the slices ``index`` names.

    >>> import minigrad as mg
    >>> mg.zeros(3).index_add(0, mg.tensor([0, 0, 2]), mg.ones(3))
    tensor([2., 0., 1.])
    """
    refuse.same_type("index_add", input, source)
    d = one_dim(dim, input.ndim)
    refuse.index("index_add", index, d)
    check_slices("index_add", input, d, index, source)
    if input._data.ndim == 0:
        y = index_add(atleast_1d(input), 0, index, atleast_1d(source), alpha=alpha)
        return to_number(y)
    _, places, _ = read_slices("index_add", input, dim, index, RuntimeError)
    return apply(IndexAdd, (input, source if alpha == 1 else source * alpha), {"index": places})


@one_call
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """``input`` with the slices that ``index`` names replaced by those of ``source``."""
    refuse.index_copy(input, index, source)
    d = one_dim(dim, input._data.ndim)
    refuse.copied_slices(input, source, d)
    if input._data.ndim == 0:
        return to_number(index_copy(atleast_1d(input), 0, index, atleast_1d(source)))
    d, places, n = read_slices("index_copy", input, dim, index, IndexError, "index_copy_(): ")
    refuse.copied_number(source, d, n)
    return apply(IndexCopy, (input, source), {"index": places})


def zero_dim_value(name: str, input: Tensor, value: Tensor) -> Tensor:
    if value._data.ndim:
        refuse.value(name, value)
    return value if value._data.dtype == input._data.dtype else convert(value, input.dtype)


@one_call
def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """``input`` with the slices that ``index`` names filled with ``value``."""
    if input._data.ndim == 0:
        return to_number(index_fill(atleast_1d(input), 0, index, value))
    _, places, _ = read_slices("index_fill", input, dim, index, wraps=True)
    if isinstance(value, Tensor):
        value = zero_dim_value("index_fill", input, value)
        places = (*places[:-1], np.unique(places[-1]))  # named twice, filled once
        return apply(IndexFillTensor, (input, value), {"index": places})
    dtype = input._data.dtype
    if isinstance(value, complex) and dtype.kind != "c":
        refuse.complex_value()
    return apply(IndexFill, (input,), {"index": places, "value": dtypes.room(value, dtype)})


@one_call
def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *,
    include_self: bool = True,
) -> Tensor:  # fmt: skip
    """As ``index_add``, with another reduction: prod, mean, amax or amin."""
    refuse.same_type("index_reduce", input, source)
    if reduce not in UFUNCS or reduce == "sum":
        refuse.index_reduce(reduce)
    d = one_dim(dim, input.ndim)
    refuse.index("index_reduce", index, d)
    check_slices("index_reduce", input, d, index, source)
    if not input.ndim:
        given = (atleast_1d(input), 0, index, atleast_1d(source))
        return to_number(index_reduce(*given, reduce, include_self=include_self))
    _, places, _ = read_slices("index_reduce", input, dim, index, RuntimeError)
    params = {"index": places, "reduce": reduce, "include_self": include_self}
    return apply(IndexReduce, (input, source), params)


@one_call
def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """``input`` with ``values`` written (or added) at ``input[indices]``.

    >>> import minigrad as mg
    >>> mg.zeros(3).index_put((mg.tensor([1, 1]),), mg.ones(2), accumulate=True)
    tensor([0., 2., 0.])
    """
    refuse.index_put(input, indices)
    # A single place is a list of one here; only a single True or False has to be cut for.
    lists = tuple([t if t._data.dtype.kind == "b" else atleast_1d(t) for t in indices])
    places, _, cut = read_index(lists, input._data)
    if cut:
        return reshape(put_at(getitem(input, cut), places, values, accumulate), input.shape)
    return put_at(input, places, values, accumulate)


def put_at(input: Tensor, places: Any, values: Tensor, accumulate: bool) -> Tensor:
    source = index_value(input, places, values, accumulate or not fills_mask(places, values))
    return apply(IndexPutAdd if accumulate else IndexPut, (input, source), {"index": places})


# --- a slice replaced ----------------------------------------------------------------------------


def replace(op: type[Op], input: Tensor, src: Tensor, index: Any) -> Tensor:
    want, have = input._data[index].shape, src._data.shape
    if want != have:
        refuse.replace(want, have)
    return apply(op, (input, src), {"index": index})


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """``input`` with the slice number ``index`` along ``dim`` replaced by ``src``."""
    d = one_dim(dim, input._data.ndim)
    if not input.ndim:
        refuse.no_slices("select")
    select_index(input._data, d, index)
    return replace(SelectScatter, input, src, (slice(None),) * d + (index,))


def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None,
    step: int = 1,
) -> Tensor:  # fmt: skip
    """``input`` with the slices ``start:end:step`` along ``dim`` replaced by ``src``."""
    d = one_dim(dim, input._data.ndim)
    if not input.ndim:
        refuse.no_slices("slice")
    return replace(SliceScatter, input, src, (slice(None),) * d + (slice(start, end, step),))
