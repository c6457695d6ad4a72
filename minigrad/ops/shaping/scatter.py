r"""Reading and writing at index tensors along one dimension: gather, scatter and their relatives.

``gather`` reads $y_{ij} = x_{i\,k_{ij}}$ and ``scatter`` writes $y_{i\,k_{ij}} = s_{ij}$ (here for
dim=1): they are each other's gradients, except that a gradient is *added* where one place was read
several times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import scatter as refuse
from ..calls import one_call
from ..dimensions import one_dim
from ..making.creation import full
from .indexing import getitem
from .joining import atleast_1d
from .shape import expand, flatten, reshape, to_number

# --- three ways to write into a copy, shared by all operations that write at an index ------------


class FillAt(Op):
    formula = r"y = x,\quad y[k] = c"

    def forward(x, *, index, value):
        y = x.copy()
        y[index] = value
        return y

    def vjp_x(g, index, xp):
        r"\bar y \text{ with } 0 \text{ at } k"
        return xp.fill_at(g, index=index, value=0)


class WriteAt(Op):
    formula = r"y = x,\quad y[k] = s"
    linear = True

    def forward(x, source, *, index):
        y = x.copy()
        y[index] = source
        return y

    def vjp_x(g, index, xp):
        r"\bar y \text{ with } 0 \text{ at } k"
        return xp.fill_at(g, index=index, value=0)

    def vjp_source(g, index):
        r"\bar y[k]"
        return g[index]


class AddAt(Op):
    formula = r"y = x,\quad y[k] \mathrel{+}= s"
    linear = True

    def forward(x, source, *, index):
        y = x.copy()
        np.add.at(y, index, source)
        return y

    def vjp_x(g):
        r"\bar y"
        return g

    def vjp_source(g, index):
        r"\bar y[k]"
        return g[index]


class Gather(Op):
    formula = r"y_{ij} = x_{i\,k_{ij}}"
    linear = True

    def forward(x, *, index):
        return x[index]

    def vjp_x(g, x_shape, index, xp):
        r"\bar x_{i\,k_{ij}} \mathrel{+}= \bar y_{ij}"
        return xp.index_put_zeros(g, shape=x_shape, index=index, add=True)


class Scatter(WriteAt):
    formula = r"y = x,\quad y_{i\,k_{ij}} = s_{ij}"


class ScatterValue(FillAt):
    formula = r"y = x,\quad y_{i\,k_{ij}} = c"
    title = "ScatterBackward1"


class ScatterAdd(AddAt):
    formula = r"y = x,\quad y_{i\,k_{ij}} \mathrel{+}= s_{ij}"


class ScatterReduce(Op):
    """All source numbers that go to one place, and the number there, reduced to one."""

    formula = r"y_p = \mathrm{reduce}\{x_p,\ s_q : k_q = p\}"

    def forward(x, source, *, index, reduce, include_self):
        y = x.copy()
        if not include_self:  # start from the number that changes nothing
            y[index] = start_of(reduce, x.dtype)
        with np.errstate(all="ignore"):
            UFUNCS[reduce].at(y, index, source)
            if reduce == "mean":
                n = counts(x.shape, index, include_self, x.dtype)
                y = np.floor_divide(y, n) if x.dtype.kind in "iu" else y / n
        return y

    def vjp(g, needs, x, source, y, index, reduce, include_self, xp):
        r"""
        \text{sum: } \bar s_q = \bar y_{k_q},\quad \text{mean: } \bar y_{k_q} / n,\quad
        \text{prod: } \bar y_{k_q} y_{k_q} / s_q,\quad \text{amax: where } s_q = y_{k_q}
        """
        if reduce in ("amax", "amin"):
            gx, gs = extremum_vjp(g, x, source, y, index, xp)
        elif reduce == "prod":
            gx, gs = product_vjp(g, x, source, y, index, include_self, xp)
        elif reduce == "mean":
            shape = xp.shape_of(g)
            share = g / xp.constant(counts(shape, index, include_self, xp.numpy(g).dtype))
            gx, gs = share, share[index]
        else:
            gx, gs = g, g[index]
        return gx if include_self else xp.fill_at(gx, index=index, value=0), gs


UFUNCS = {
    "sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum,
}  # fmt: skip


def start_of(reduce: str, dtype: Any) -> Any:
    """The neutral element of a reduction."""
    if reduce in ("amax", "amin"):
        if dtype.kind == "f":
            return -np.inf if reduce == "amax" else np.inf
        limits = np.iinfo(dtype)
        return limits.min if reduce == "amax" else limits.max
    return 1 if reduce == "prod" else 0


def counts(shape: Any, index: Any, include_self: bool, dtype: Any) -> Any:
    """How many numbers were averaged in each place (1 where none was)."""
    n = np.ones(shape, dtype) if include_self else np.zeros(shape, dtype)
    np.add.at(n, index, 1)
    return np.maximum(n, 1)


def extremum_vjp(g: Any, x: Any, source: Any, y: Any, index: Any, xp: Any) -> tuple[Any, Any]:
    """The gradient goes to the largest (smallest) numbers, in equal shares."""
    from_x = xp.numpy(x) == xp.numpy(y)
    from_source = xp.numpy(source) == xp.numpy(y)[index]
    ties = from_x.astype(xp.numpy(g).dtype)
    np.add.at(ties, index, from_source)
    share = g / xp.constant(np.maximum(ties, 1))
    return share * xp.constant(from_x), share[index] * xp.constant(from_source)


def product_vjp(
    g: Any, x: Any, source: Any, y: Any, index: Any, include_self: bool, xp: Any
) -> tuple[Any, Any]:
    """The product of the other factors; zeros among the factors are taken out before dividing."""
    params = {"index": index, "reduce": "prod", "include_self": include_self}
    x1 = xp.where(x == 0, x * 0 + 1, x)
    gx = g * xp.scatter_reduce_at(x1, source, **params) / x1
    zero = xp.numpy(source) == 0
    zeros = np.zeros(xp.shape_of(x), np.int64)
    np.add.at(zeros, index, zero)
    alone = xp.constant(zero & (zeros[index] == 1))  # the only zero among its factors
    others = xp.scatter_reduce_at(x, xp.where(alone, source * 0 + 1, source), **params)
    safe = xp.where(xp.constant(zero), source * 0 + 1, source)
    gs = xp.where(alone, (g * others)[index], (g * y)[index] / safe)
    return gx, gs


def fill_at(input: Tensor, index: Any, value: Any) -> Tensor:
    return apply(FillAt, (input,), {"index": index, "value": value})


def scatter_reduce_at(
    input: Tensor, source: Tensor, index: Any, reduce: str, include_self: bool
) -> Tensor:
    params = {"index": index, "reduce": reduce, "include_self": include_self}
    return apply(ScatterReduce, (input, source), params)


def scalars(input: Any, index: Any) -> bool:
    """Whether a 0-d tensor (as PyTorch allows) has to be seen as a vector of one element."""
    both = isinstance(input, Tensor) and isinstance(index, Tensor)
    return both and 0 in (input._data.ndim, index._data.ndim) and (
        input._data.ndim <= 1 and index._data.ndim <= 1
    )


def of_nothing(input: Any, index: Any) -> bool:
    """Whether an index names no places at all: then PyTorch asks nothing of its shape."""
    both = isinstance(input, Tensor) and isinstance(index, Tensor)
    return both and not index._data.size and index._data.ndim != input._data.ndim


# --- checks --------------------------------------------------------------------------------------


def along(index: Any, dim: int) -> tuple[Any, ...]:
    """``index`` along ``dim`` as a NumPy index: every other dimension counts its own places."""
    grid = list(np.ogrid[tuple(slice(n) for n in index.shape)])
    grid[dim] = index
    return tuple(grid)


def read(
    name: str, input: Tensor, dim: int, index: Tensor, src: Any = None
) -> tuple[int, tuple[Any, ...]]:
    """The checked dimension and NumPy index of a gather or (with ``src``) scatter."""
    x, k = input._data, index._data
    d = one_dim(dim, x.ndim)
    if k.size == 0:
        k = k.astype(np.int64)  # of no places PyTorch asks no dtype
    refuse.index(name, x, k, d, index)
    check_sizes(name, x, d, k, src)
    bad = k[(k < 0) | (k >= x.shape[d])]
    if bad.size:
        refuse.outside(bad, x, d)
    return d, along(k, d)


def check_sizes(name: str, x: Any, d: int, k: Any, src: Any) -> None:
    """An index may be smaller than the tensor, not larger."""
    if k.size == 0:
        return
    if src is not None and src.ndim != k.ndim:
        if src.ndim == 1 and src.size:
            one_dim(d, src.ndim)
        refuse.source_ndim(k, src, d)
    too_long = [i for i in range(x.ndim) if i != d and k.shape[i] > x.shape[i]]
    if name == "gather" and too_long:
        refuse.gather(k, x, d, too_long)
    refuse.scatter(x, d, k, src, too_long)


def read_source(name: str, input: Tensor, dim: int, index: Tensor, src: Any) -> Any:
    """As :func:`read`, with the part of ``src`` that the index uses."""
    refuse.source_dtype(input, src)
    if of_nothing(input, index):
        one_dim(dim, input.ndim)
        empty = np.zeros(0, np.int64)
        return (empty,) * input.ndim, flatten(src)[:0]
    d, places = read(name, input, dim, index, src._data)
    shape = index._data.shape
    if src._data.shape != shape and index._data.ndim == src._data.ndim:
        src = getitem(src, tuple(slice(n) for n in shape))
    return places, src


# --- the functions -------------------------------------------------------------------------------


@one_call
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    r"""For every element of ``index`` the element of ``input`` at that place along ``dim``.

    For dim=1, $y_{ij} = x_{i\,k_{ij}}$: a row is looked up in its own row.

    Args:
        input: a tensor of any dtype.
        dim: along which dimension ``index`` counts.
        index: an int64 or int32 tensor with as many dimensions, not longer than ``input`` in the
            others. Places count from 0.
        sparse_grad: there for PyTorch's signature; gradients here are never sparse.

    Returns:
        A new tensor with the shape of ``index`` and the dtype of ``input``.

    Raises:
        RuntimeError: for another dtype or number of dimensions, an index that is too long, or a
            place outside ``input``.
        IndexError: if the dimension is not there.

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).gather(1, mg.tensor([[1], [0]]))
    tensor([[2],
            [3]])

    Source: PyTorch's documentation of ``torch.gather``.
    """
    if of_nothing(input, index):
        one_dim(dim, input.ndim)
        return reshape(flatten(input)[:0], index._data.shape)
    if scalars(input, index):
        y = gather(atleast_1d(input), dim, atleast_1d(index))
        return to_number(y, index._data.shape)
    _, places = read("gather", input, dim, index)
    return apply(Gather, (input,), {"index": places})


@one_call
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """``gather`` with broadcasting; without ``dim``, places in the flattened tensor.

    >>> import minigrad as mg
    >>> x = mg.tensor([[3, 1, 2]])
    >>> mg.take_along_dim(x, x.argmin(dim=1, keepdim=True), dim=1)
    tensor([[1]])
    """
    refuse.take_along_dim(input, indices, dim)
    if indices._data.size and indices._data.min() < 0:  # counted from the end
        n = input._data.size if dim is None else input._data.shape[one_dim(dim, input._data.ndim)]
        indices = make(np.where(indices._data < 0, indices._data + n, indices._data))
    if dim is None:
        return gather(flatten(input), 0, flatten(indices))
    d = one_dim(dim, input._data.ndim)
    others = [tuple(1 if i == d else n for i, n in enumerate(t._data.shape))
              for t in (input, indices)]  # fmt: skip
    try:
        shape = list(np.broadcast_shapes(*others))
    except ValueError:
        raise broadcast_error(*[np.empty(s, bool) for s in others]) from None
    wide, index_shape = shape[:], shape[:]
    wide[d], index_shape[d] = input._data.shape[d], indices._data.shape[d]
    return gather(expand(input, wide), d, expand(indices, index_shape))


@one_call
def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None,
    reduce: str | None = None,
) -> Tensor:  # fmt: skip
    """``input`` with ``src`` (a tensor or a number) written where ``index`` says along ``dim``.

    Where several elements go to one place, which one stays is not defined, as in PyTorch.
    reduce 'add' or 'multiply' combines with what is there.

    >>> import minigrad as mg
    >>> mg.zeros(2, 3).scatter(1, mg.tensor([[2], [0]]), 1.0)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])
    """
    src = value if src is None else src
    if scalars(input, index):
        flat = atleast_1d(src) if isinstance(src, Tensor) else src
        y = scatter(atleast_1d(input), dim, atleast_1d(index), flat, reduce=reduce)
        return to_number(y, input._data.shape)
    if reduce is not None:
        if reduce not in ("add", "multiply"):
            refuse.scatter_reduction()
        if not isinstance(src, Tensor):
            src = full(index._data.shape, src, dtype=input.dtype)
        kind = "sum" if reduce == "add" else "prod"
        return scatter_reduce(input, dim, index, src, kind)
    if isinstance(src, Tensor):
        places, src = read_source("scatter", input, dim, index, src)
        return apply(Scatter, (input, src), {"index": places})
    if of_nothing(input, index):
        one_dim(dim, input.ndim)
        return input.clone()
    _, places = read("scatter", input, dim, index)
    params = {"index": places, "value": dtypes.room(src, input._data.dtype)}
    return apply(ScatterValue, (input,), params)


@one_call
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """``input`` with ``src`` added where ``index`` says along ``dim``; the opposite of gather.

    >>> import minigrad as mg
    >>> mg.zeros(3).scatter_add(0, mg.tensor([0, 2, 2]), mg.ones(3))
    tensor([1., 0., 2.])
    """
    if scalars(input, index):
        y = scatter_add(atleast_1d(input), dim, atleast_1d(index), atleast_1d(src))
        return to_number(y, input._data.shape)
    places, src = read_source("scatter_add", input, dim, index, src)
    return apply(ScatterAdd, (input, src), {"index": places})


@one_call
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """All elements of ``src`` that go to one place reduced to one: a sum, prod, mean, amax, amin.

    include_self: the element of ``input`` there takes part too.

    >>> import minigrad as mg
    >>> i = mg.tensor([0, 0, 1])
    >>> mg.zeros(2).scatter_reduce(0, i, mg.tensor([1.0, 3.0, 5.0]), "mean", include_self=False)
    tensor([2., 5.])
    """
    if reduce not in UFUNCS:
        refuse.scatter_reduce(reduce)
    if scalars(input, index):
        given = (atleast_1d(input), dim, atleast_1d(index), atleast_1d(src))
        y = scatter_reduce(*given, reduce, include_self=include_self)
        return to_number(y, input._data.shape)
    places, src = read_source("scatter_reduce", input, dim, index, src)
    return scatter_reduce_at(input, src, places, reduce, include_self)


register(fill_at=(FillAt, fill_at), scatter_reduce_at=(ScatterReduce, scatter_reduce_at))
