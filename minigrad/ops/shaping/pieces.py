"""Cutting tensors to pieces and putting pieces together: split, stack, narrow, meshgrid ...

Nearly everything here is written with the operations of ``shape.py`` and with indexing, as in
PyTorch, so the graph shows those: ``hstack`` records a ``CatBackward0``.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.slots import slots
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ..operands import KIND_NAMES, need_tensor, not_an_element, numpy_names
from ..reducing.reductions import one_dim
from .indexing import getitem
from .joining import cat
from .shape import reshape, unsqueeze, view


class AsStrided(Op):
    """A view with any strides over the (contiguous) memory of a tensor."""

    formula = r"y_{ij\ldots} = x_{o + i s_0 + j s_1 + \ldots}"
    view = True

    def forward(x, *, size, stride, offset):
        flat = x.reshape(-1)[offset:]
        return np.lib.stride_tricks.as_strided(flat, size, [s * x.itemsize for s in stride])

    def vjp_x(g, x_shape, size, stride, offset, xp):
        r"\text{each } \bar y \text{ added to the element it was read from}"
        places = np.arange(math.prod(x_shape)).reshape(x_shape)
        places = AsStrided.forward(places, size=size, stride=stride, offset=offset)
        flat = (math.prod(x_shape),)
        sums = xp.index_put_zeros(g, shape=flat, index=(places,), add=True)
        return xp.reshape(sums, shape=x_shape)


def cut_again(base: Tensor, view: Tensor) -> Tensor | None:
    """``view`` cut out of its base anew, after the base was written to: as PyTorch does it, by
    where it lies in the base's memory. None if that cannot be said (see core/views.py)."""
    carried = None if base.extra is None else base.extra.carried
    if carried is not None or not base._data.flags.c_contiguous:
        return None
    size = base._data.itemsize
    offset = (view.data_ptr() - base.data_ptr()) // size
    stride = tuple([s // size for s in view._data.strides])
    where = {"size": view._data.shape, "offset": offset, "stride": stride}
    return apply(AsStrided, (base,), where, plain=True)


slots.cut_again = cut_again


class BlockDiag(Op):
    formula = r"Y = \mathrm{diag}(X_1, X_2, \ldots)"

    def forward(*tensors):
        y = np.zeros(np.sum([x.shape for x in tensors], axis=0), tensors[0].dtype)
        for x, part in zip(tensors, blocks([x.shape for x in tensors]), strict=True):
            y[part] = x
        return y

    def vjp(g, needs, shapes):
        r"\bar X_k = \text{ the block of } \bar Y \text{ where } X_k \text{ stands}"
        parts = blocks(shapes)
        return tuple(g[part] if need else None for need, part in zip(needs, parts, strict=True))


def blocks(shapes: Any) -> list[tuple[slice, slice]]:
    """Where matrices of these shapes stand in their block-diagonal matrix."""
    parts = []
    i = j = 0
    for n, m in shapes:
        parts.append((slice(i, i + n), slice(j, j + m)))
        i, j = i + n, j + m
    return parts


# --- one piece -----------------------------------------------------------------------------------


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """``length`` slices along ``dim`` from ``start`` on; a view.

    >>> import minigrad as mg
    >>> mg.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])
    """
    need_tensor("narrow", input)
    x = input._data
    if x.ndim == 0:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError(
            "narrow(): length must be non-negative. It counts the elements that are kept."
        )
    d = one_dim(dim, x.ndim)
    n = x.shape[d]
    if isinstance(start, Tensor) and (start.ndim or start._data.dtype.kind not in "iu"):
        raise RuntimeError("start must be an 0-dim integral Tensor. It counts from 0.")
    begin = int(start)
    if not -n <= begin <= n:
        raise IndexError(
            f"start out of range (expected to be in range of [{-n}, {n}], but got {begin})"
            ": it counts from 0, or from -1 backwards"
        )
    begin = begin + n if begin < 0 else begin
    if begin + length > n:
        raise RuntimeError(
            f"start ({begin}) + length ({length}) exceeds dimension size ({n}): the piece would "
            "end outside the tensor"
        )
    return piece(input, d, begin, begin + length)


def piece(input: Tensor, dim: int, start: int, stop: int) -> Tensor:
    return getitem(input, (slice(None),) * dim + (slice(start, stop),))


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice number ``index`` along ``dim``, without that dimension; a view."""
    need_tensor("select", input)
    x = input._data
    if x.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    d = one_dim(dim, x.ndim)
    if not -x.shape[d] <= index < x.shape[d]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(x.shape)} at "
            f"dimension {d}: it counts from 0, or from -1 backwards"
        )
    return getitem(input, (slice(None),) * d + (int(index),))


def as_strided(
    input: Tensor, size: Any, stride: Any, storage_offset: int | None = None
) -> Tensor:
    """A view with the given strides (in elements) over the memory of a contiguous tensor.

    >>> import minigrad as mg
    >>> mg.arange(4).as_strided((2, 2), (1, 2))
    tensor([[0, 2],
            [1, 3]])
    """
    need_tensor("as_strided", input)
    x = input._data
    size, stride = tuple(size), tuple(stride)
    if len(size) != len(stride):
        raise RuntimeError(
            f"mismatch in length of strides and shape: {len(stride)} strides and {len(size)} "
            "lengths; each dimension needs one of both"
        )
    if not x.flags.c_contiguous:
        raise RuntimeError(
            "as_strided here needs a contiguous tensor, whose memory holds its elements in order "
            "and nothing else: call .contiguous() first"
        )
    offset = storage_offset or 0
    last = offset + sum((n - 1) * s for n, s in zip(size, stride, strict=True))
    if min(stride, default=0) < 0:
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, got strides: "
            f"{list(stride)}: use flip to go backwards"
        )
    if 0 not in size and last >= x.size:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and "
            f"itemsize {x.itemsize} requiring a storage size of {(last + 1) * x.itemsize} are out "
            f"of bounds for storage of size {x.nbytes}: it would read outside the tensor's memory"
        )
    return apply(AsStrided, (input,), {"size": size, "stride": stride, "offset": offset})


def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension ``dim`` laid out as several, of lengths ``sizes`` (one may be -1); a view."""
    need_tensor("unflatten", input)
    d = one_dim(dim, input._data.ndim)
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty: name the new lengths")
    sizes = tuple(sizes)
    n = input._data.shape[d]
    known = math.prod(s for s in sizes if s != -1)
    if (-1 not in sizes and known != n) or (-1 in sizes and (known == 0 or n % known)):
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {d} "
            f"({n}) in the input tensor: the same elements are laid out anew"
        )
    sizes = tuple(n // known if s == -1 else s for s in sizes)
    shape = input._data.shape
    return reshape(input, shape[:d] + sizes + shape[d + 1 :])


def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension; a view if they are in order in memory."""
    need_tensor("ravel", input)
    return reshape(input, -1) if input._data.size else reshape(input, 0)


# --- many pieces ---------------------------------------------------------------------------------


@numpy_names
def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along ``dim``: so many of (nearly) equal length, or cut before the given indices.

    >>> import minigrad as mg
    >>> mg.tensor_split(mg.arange(5), 2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    x = input._data
    if x.ndim == 0:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    d = one_dim(dim, x.ndim)
    n = x.shape[d]
    given = indices_or_sections
    if isinstance(given, Tensor):
        if given._data.dtype != np.int64:
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
                f"{KIND_NAMES[given._data.dtype.name]}: convert it with .long()"
            )
        if given.ndim > 1:
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
                f"one-dimensional tensor, but got a tensor with {given.ndim} dims"
            )
        given = given.tolist()
    if isinstance(given, (tuple, list)):
        cuts = [0, *given, n]
    else:
        if given <= 0:
            raise RuntimeError(
                f"number of sections must be larger than 0, got {given}: it counts the pieces"
            )
        longer = n % given  # so many pieces get one element more
        cuts = [i * (n // given) + min(i, longer) for i in range(given + 1)]
    return tuple(
        piece(input, d, start, stop) for start, stop in itertools.pairwise(cuts)
    )


def split_evenly(name: str, input: Tensor, given: Any, dim: int) -> tuple[Tensor, ...]:
    n = input._data.shape[dim]
    if isinstance(given, int) and (given <= 0 or n % given):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension "
            f"{n} is not divisible by the split_size {given}!"
            " See tensor_split, which allows unequal pieces."
        )
    return tensor_split(input, given, dim)


def at_least(name: str, input: Tensor, ndim: int) -> None:
    if input._data.ndim < ndim:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {ndim} dimension, but got a tensor with "
            f"{input._data.ndim} dimensions!"
        )


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces side by side: along dimension 1 (0 for a vector)."""
    need_tensor("hsplit", input)
    at_least("hsplit", input, 1)
    return split_evenly("hsplit", input, indices_or_sections, min(1, input._data.ndim - 1))


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces one above the other: along dimension 0."""
    need_tensor("vsplit", input)
    at_least("vsplit", input, 2)
    return split_evenly("vsplit", input, indices_or_sections, 0)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces one behind the other: along dimension 2."""
    need_tensor("dsplit", input)
    at_least("dsplit", input, 3)
    return split_evenly("dsplit", input, indices_or_sections, 2)


# --- put together --------------------------------------------------------------------------------


def several(tensors: Any, name: str) -> tuple[Tensor, ...]:
    """``f(a, b)`` and ``f([a, b])`` mean the same."""
    in_a_list = len(tensors) == 1 and isinstance(tensors[0], (tuple, list))
    if in_a_list:
        tensors = tuple(tensors[0])
    for i, t in enumerate(tensors):
        if isinstance(t, Tensor):
            continue
        if name.startswith("atleast") and not in_a_list:
            raise TypeError(
                f"{name}() received an invalid combination of arguments - got "
                f"({type(t).__name__}), but expected tensors: wrap the numbers with mg.tensor(...)"
            )
        raise not_an_element(t, i)
    return tensors


def each(function: Any, tensors: Any, name: str) -> Any:
    """A function of one tensor for one or several of them."""
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return function(tensors[0])
    return tuple(function(t) for t in several(tensors, name))


def atleast_1d(*tensors: Any) -> Any:
    """Tensors with at least one dimension (0-d ones become vectors of one element)."""
    return each(lambda t: view(t, 1) if t._data.ndim == 0 else t, tensors, "atleast_1d")


def atleast_2d(*tensors: Any) -> Any:
    """Tensors with at least two dimensions; a vector becomes one row."""

    def widen(t: Tensor) -> Tensor:
        if t._data.ndim == 0:
            return view(t, 1, 1)
        return unsqueeze(t, 0) if t._data.ndim == 1 else t

    return each(widen, tensors, "atleast_2d")


def atleast_3d(*tensors: Any) -> Any:
    """Tensors with at least three dimensions; new ones come last (around a vector)."""

    def widen(t: Tensor) -> Tensor:
        if t._data.ndim == 0:
            return view(t, 1, 1, 1)
        if t._data.ndim == 1:
            return unsqueeze(unsqueeze(t, 0), -1)
        return unsqueeze(t, -1) if t._data.ndim == 2 else t

    return each(widen, tensors, "atleast_3d")


def not_empty(name: str, tensors: Any) -> list[Tensor]:
    given = list(tensors)
    if not given:
        raise RuntimeError(f"{name} expects a non-empty TensorList: there is nothing to join")
    return given


def hstack(tensors: Any) -> Tensor:
    """Join side by side: along dimension 1 (vectors along 0).

    >>> import minigrad as mg
    >>> mg.hstack([mg.tensor([1]), mg.tensor([2, 3])])
    tensor([1, 2, 3])
    """
    given = [atleast_1d(t) for t in not_empty("hstack", tensors)]
    return cat(given, 0 if given[0]._data.ndim == 1 else 1)


def vstack(tensors: Any) -> Tensor:
    """Join one above the other: along dimension 0, vectors as rows."""
    return cat([atleast_2d(t) for t in not_empty("vstack", tensors)], 0)


def dstack(tensors: Any) -> Tensor:
    """Join one behind the other: along dimension 2."""
    return cat([atleast_3d(t) for t in not_empty("dstack", tensors)], 2)


def column_stack(tensors: Any) -> Tensor:
    """Join as columns: vectors become columns, matrices are joined side by side."""
    given = not_empty("column_stack", tensors)
    for t in given:
        need_tensor("column_stack", t, "tensors")
    columns = [reshape(t, t._data.size, 1) if t._data.ndim <= 1 else t for t in given]
    return cat(columns, 1)


def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with the given matrices (vectors count as rows) along its diagonal.

    >>> import minigrad as mg
    >>> mg.block_diag(mg.tensor([[1]]), mg.tensor([[2, 3]]))
    tensor([[1, 0, 0],
            [0, 2, 3]])
    """
    for i, t in enumerate(tensors):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i)
        if t._data.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{i} has {t._data.ndim} dimensions: the diagonal is made of matrices"
            )
    if not tensors:
        return make(np.zeros((1, 0), dtypes.default_np()))
    matrices = tuple(atleast_2d(t) for t in tensors)
    d = dtypes.result_np([t._data for t in matrices])
    arrays = [t._data.astype(d, copy=False) for t in matrices]
    return apply(BlockDiag, matrices, arrays=arrays)


# --- questions -----------------------------------------------------------------------------------


def numel(input: Tensor) -> int:
    """The number of elements."""
    need_tensor("numel", input)
    return input._data.size


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor."""
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is a floating-point one."""
    need_tensor("is_floating_point", input)
    return input.is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is a complex one."""
    need_tensor("is_complex", input)
    return input.is_complex()
