"""Reading and writing whole slices: index_select, index_add, index_put, select_scatter ..."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful import dtypes
from ...faithful.dtype_names import KIND_NAMES, kind_name
from ...refusals.words import not_an_element
from ..dimensions import one_dim
from ..elementwise.arithmetic import convert
from .indexing import IndexPut, index_value
from .joining import atleast_1d
from .scatter import UFUNCS, AddAt, FillAt, ScatterReduce, WriteAt
from .shape import reshape

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


class IndexFillTensor(WriteAt):
    formula = r"y = x,\quad y_{k_i} = c"
    title = "IndexFillBackward1"


class IndexReduce(ScatterReduce):
    formula = r"y_p = \mathrm{reduce}\{x_p,\ s_i : k_i = p\}"


class IndexPutAdd(AddAt):
    formula = r"y = x,\quad y[k] \mathrel{+}= s"
    title = "IndexPutBackward0"


class SelectScatter(WriteAt):
    formula = r"y = x,\quad y_k = s"


class SliceScatter(WriteAt):
    formula = r"y = x,\quad y_{a:b} = s"


# --- slices along a dimension --------------------------------------------------------------------


def read_slices(
    name: str, input: Tensor, dim: int, index: Tensor, error: Any = IndexError, prefix: str = ""
) -> tuple[int, tuple[Any, ...], int]:
    """The checked dimension, NumPy index and number of the slices."""
    d = one_dim(dim, input._data.ndim)
    check_index(name, index, d)
    n = input._data.shape[d] if input._data.ndim else 1
    k = np.atleast_1d(index._data)
    bad = k[(k < 0) | (k >= n)]
    if bad.size:
        where = (
            f"{int(bad[0])} is out of bounds for dimension {d} with size {n}: an index counts from "
            "0, and never from the end here"
        )
        raise error(
            f"index out of range in self: index {where}" if name == "index_select"
            else f"{prefix}index {where}"
        )
    return d, (slice(None),) * d + (k,), k.size


def check_index(name: str, index: Tensor, d: int) -> None:
    """Refuse an index that is no vector of whole numbers."""
    k = index._data
    if name == "index_fill" and k.dtype not in (np.int64, np.int32):
        raise wrong_index_dtype(name, index)
    if k.ndim > 1 and name == "index_fill":
        raise RuntimeError("Index has to be a vector/scalar: it names slices along one dimension")
    if k.ndim > 1:
        words = f"Index is supposed to be a vector, but got dim: {k.ndim}"
        if name == "index_copy":
            words = f"Index should have dimension 1 or 0 (got {k.ndim})"
        who = f"{name}_" if name != "index_select" else name
        if name == "index_select":
            words = "Index is supposed to be a vector"
        raise IndexError(
            f"{who}(): {words}: it names slices along dimension {d}; see gather for an index with "
            "a place for every element"
        )
    if k.dtype not in (np.int64, np.int32):
        raise wrong_index_dtype(name, index)


def wrong_index_dtype(name: str, index: Tensor) -> Exception:
    """Each of these functions of PyTorch has its own words for it."""
    kind = KIND_NAMES[index._data.dtype.name]
    if name == "index_select":
        return RuntimeError(
            f"index_select(): Expected dtype int32 or int64 for index: this one is {index.dtype}, "
            "convert it with .long()"
        )
    if name == "index_fill":
        return IndexError("index_fill_(): Expected dtype int64 for index.")
    if name == "index_copy":
        return RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {kind}")
    return RuntimeError(
        f"{name}_(): Expected dtype int32/int64 for index but got: {kind}; convert it with .long()"
    )


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along ``dim`` that the int64 vector ``index`` names (a copy).

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).index_select(1, mg.tensor([1, 1]))
    tensor([[2, 2],
            [4, 4]])
    """
    d, places, _ = read_slices("index_select", input, dim, index)
    if input._data.ndim == 0:
        return reshape(index_select(atleast_1d(input), 0, index), ())
    return apply(IndexSelect, (input,), {"index": places})


def same_type(name: str, input: Tensor, source: Tensor) -> None:
    if input._data.dtype != source._data.dtype:
        raise RuntimeError(
            f"{name}_(): self ({kind_name(input._data)}) and source ({kind_name(source._data)}) "
            "must have the same scalar type: convert one with .to()"
        )


def check_slices(name: str, input: Tensor, d: int, index: Tensor, source: Tensor) -> None:
    """Refuse a source that has not one slice, as large as those of input, for each index."""
    x, s, n = input._data.shape, source._data.shape, index._data.size
    if not s and n != 1:
        raise IndexError(
            f"Dimension specified as {d} but tensor has no dimensions: the source needs one slice "
            "for each index"
        )
    if s and s[one_dim(d, len(s))] != n:
        raise RuntimeError(
            f"{name}_(): Number of indices ({n}) should be equal to source.size(dim): ({s[d]}), "
            f"for dim: {d}: one slice for each index"
        )
    if len(x) != len(s) or x[:d] + x[d + 1 :] != s[:d] + s[d + 1 :]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(x)} source.shape = {list(s)}"
            ": the slices are laid out alike in both"
        )


def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1
) -> Tensor:
    """``input`` with the slices of ``source`` (times alpha) added to the slices ``index`` names.

    >>> import minigrad as mg
    >>> mg.zeros(3).index_add(0, mg.tensor([0, 0, 2]), mg.ones(3))
    tensor([2., 0., 1.])
    """
    same_type("index_add", input, source)
    d = one_dim(dim, input.ndim)
    check_index("index_add", index, d)
    check_slices("index_add", input, d, index, source)
    if input._data.ndim == 0:
        y = index_add(atleast_1d(input), 0, index, atleast_1d(source), alpha=alpha)
        return reshape(y, ())
    _, places, _ = read_slices("index_add", input, dim, index, RuntimeError)
    return apply(IndexAdd, (input, source if alpha == 1 else source * alpha), {"index": places})


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """``input`` with the slices that ``index`` names replaced by those of ``source``."""
    if source._data.dtype != input._data.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{kind_name(input._data)} and (source) {kind_name(source._data)}: convert one "
            "with .to()"
        )
    n, m = input._data.ndim, source._data.ndim
    if not m and index._data.size != 1:
        raise IndexError(
            "index_copy_(): When source is scalar, index should have one element (got "
            f"{index._data.size}): one slice for each index"
        )
    if n != m and n and m:
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({m}), destination dimensionality ({n})"
            ": slices of both are laid out alike"
        )
    d = one_dim(dim, n)
    x, s = [t._data.shape[:d] + t._data.shape[d + 1 :] for t in (input, source)]
    if x != s:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
            f"slice shape: {' '.join(map(str, x))} at dimension {d} and source slice shape: "
            f"{' '.join(map(str, s))} at dimension 0. The slices are laid out alike in both."
        )
    if input._data.ndim == 0:
        return reshape(index_copy(atleast_1d(input), 0, index, atleast_1d(source)), ())
    d, places, n = read_slices("index_copy", input, dim, index, IndexError, "index_copy_(): ")
    if source._data.ndim and source._data.shape[d : d + 1] != (n,):
        raise IndexError(
            f"index_copy_(): Number of indices ({n}) should be equal to source.size(dim) "
            f"({source._data.shape[d]}): one slice for each index"
        )
    return apply(IndexCopy, (input, source), {"index": places})


def zero_dim_value(name: str, input: Tensor, value: Tensor) -> Tensor:
    if value._data.ndim:
        raise RuntimeError(
            f"{name}_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{value._data.ndim} dimension(s). Give one number."
        )
    return value if value._data.dtype == input._data.dtype else convert(value, input.dtype)


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """``input`` with the slices that ``index`` names filled with ``value``."""
    if input._data.ndim == 0:
        return reshape(index_fill(atleast_1d(input), 0, index, value), ())
    _, places, _ = read_slices("index_fill", input, dim, index)
    if isinstance(value, Tensor):
        value = zero_dim_value("index_fill", input, value)
        places = (*places[:-1], np.unique(places[-1]))  # named twice, filled once
        return apply(IndexFillTensor, (input, value), {"index": places})
    d = input._data.dtype
    if isinstance(value, complex) and d.kind != "c":
        raise RuntimeError(
            "index_fill_(): Converting complex Scalar to non-complex type is not supported"
        )
    return apply(IndexFill, (input,), {"index": places, "value": dtypes.room(value, d)})


def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *,
    include_self: bool = True,
) -> Tensor:  # fmt: skip
    """As ``index_add``, with another reduction: prod, mean, amax or amin."""
    same_type("index_reduce", input, source)
    if reduce not in UFUNCS or reduce == "sum":
        raise RuntimeError(
            f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got "
            f"{reduce}. Those are the ways to make one number of several."
        )
    d = one_dim(dim, input.ndim)
    check_index("index_reduce", index, d)
    check_slices("index_reduce", input, d, index, source)
    if not input.ndim:
        given = (atleast_1d(input), 0, index, atleast_1d(source))
        return reshape(index_reduce(*given, reduce, include_self=include_self), ())
    _, places, _ = read_slices("index_reduce", input, dim, index, RuntimeError)
    params = {"index": places, "reduce": reduce, "include_self": include_self}
    return apply(IndexReduce, (input, source), params)


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """``input`` with ``values`` written (or added) at ``input[indices]``.

    >>> import minigrad as mg
    >>> mg.zeros(3).index_put((mg.tensor([1, 1]),), mg.ones(2), accumulate=True)
    tensor([0., 2., 0.])
    """
    for i, t in enumerate(indices):
        if t is not None and not isinstance(t, Tensor):
            raise not_an_element(t, i, 1)
    if len(indices) > input._data.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {input._data.ndim} (got {len(indices)})"
            ": one index tensor a dimension at most"
        )
    places, source = index_value(input, tuple(indices), values)
    if values._data.dtype != input._data.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{KIND_NAMES[input._data.dtype.name]} for the destination and "
            f"{KIND_NAMES[values._data.dtype.name]} for the source."
        )
    return apply(IndexPutAdd if accumulate else IndexPut, (input, source), {"index": places})


# --- a slice replaced ----------------------------------------------------------------------------


def replace(op: type[Op], input: Tensor, src: Tensor, index: Any) -> Tensor:
    want, have = input._data[index].shape, src._data.shape
    if want != have:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(have)}, "
            f"slice size = {list(want)}: one number for each place"
        )
    return apply(op, (input, src), {"index": index})


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """``input`` with the slice number ``index`` along ``dim`` replaced by ``src``."""
    d = one_dim(dim, input._data.ndim)
    if not input.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor. It has no slices.")
    n = input._data.shape[d]
    if not -n <= index < n:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(input.shape)} at "
            f"dimension {d}: it counts from 0, or from -1 backwards"
        )
    return replace(SelectScatter, input, src, (slice(None),) * d + (index,))


def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None,
    step: int = 1,
) -> Tensor:  # fmt: skip
    """``input`` with the slices ``start:end:step`` along ``dim`` replaced by ``src``."""
    d = one_dim(dim, input._data.ndim)
    if not input.ndim:
        raise IndexError("slice() cannot be applied to a 0-dim tensor. It has no slices.")
    return replace(SliceScatter, input, src, (slice(None),) * d + (slice(start, end, step),))
