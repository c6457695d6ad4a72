"""Cutting tensors to pieces: split, chunk, unbind, narrow, select, tensor_split ...

Pieces are views: they share the memory of what they are cut from.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful.strides import contiguous_format
from ...refusals.reasons import cutting as refuse
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from .indexing import getitem
from .joining import filled

# --- the operations ----------------------------------------------------------------------------


class Unbind(Op):
    formula = r"y_i = x_i"
    linear = True
    view = True
    multi_output = True

    def forward(x, *, dim):
        return tuple(np.moveaxis(x, dim, 0)[i, ...] for i in range(x.shape[dim]))

    def vjp(g, needs, dim, node, xp):
        r"\bar x = (\bar y_1, \bar y_2, \ldots)"
        return (xp.stack([filled(node, i, gi, xp) for i, gi in enumerate(g)], dim=dim),)


class Split(Op):
    formula = r"(y_1, y_2, \ldots) = x"
    linear = True
    view = True
    multi_output = True

    def forward(x, *, sizes, dim):
        return tuple(np.split(x, np.cumsum(sizes)[:-1], axis=dim))

    def vjp(g, needs, dim, node, xp):
        r"\bar x = (\bar y_1, \bar y_2, \ldots)"
        return (xp.cat([filled(node, i, gi, xp) for i, gi in enumerate(g)], dim=dim),)


class SplitWithSizes(Split):
    """PyTorch's name for a split into pieces of given lengths."""


# --- one piece ---------------------------------------------------------------------------------


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """``length`` slices along ``dim`` from ``start`` on; a view.

    >>> import minigrad as mg
    >>> mg.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])
    """
    x = input._data
    refuse.narrow(length, x)
    d = one_dim(dim, x.ndim)
    n = x.shape[d]
    refuse.narrow_range(start, length, n)
    begin = int(start)
    begin = begin + n if begin < 0 else begin
    return piece(input, d, begin, begin + length)


def piece(input: Tensor, dim: int, start: int, stop: int) -> Tensor:
    return getitem(input, (slice(None),) * dim + (slice(start, stop),))


@one_call
def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """``narrow`` with memory of its own."""
    part = narrow(input, dim, start, length)
    return called(part.clone(memory_format=contiguous_format), "NarrowCopyBackward0")


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice number ``index`` along ``dim``, without that dimension; a view."""
    x = input._data
    refuse.select(x)
    d = one_dim(dim, x.ndim)
    refuse.select_index(x, d, index)
    return getitem(input, (slice(None),) * d + (int(index),))


# --- all pieces --------------------------------------------------------------------------------


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along ``dim``, as a tuple of views."""
    if input._data.ndim == 0:
        one_dim(dim, 0)
        refuse.unbind(dim)
    return apply(Unbind, (input,), {"dim": one_dim(dim, input._data.ndim)})


def split(
    input: Any, split_size: Any = None, dim: int = 0, *, split_size_or_sections: Any = None
) -> tuple[Tensor, ...]:
    """The tensor cut along ``dim`` into pieces of a given length, or of given lengths.

    Args:
        input: a tensor of any dtype with at least one dimension.
        split_size: the length of the pieces (the last may be shorter), or a list of lengths.
        dim: along which dimension (default: 0).
        split_size_or_sections: the name that ``torch.split`` has for ``split_size``.

    Returns:
        A tuple of views.

    Raises:
        RuntimeError: for a tensor without dimensions, a length below 0, or lengths that do not add
            up to that of the dimension.
        TypeError: for what is no length.
        IndexError: if the dimension is not there.

    >>> import minigrad as mg
    >>> mg.split(mg.arange(5), 2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    >>> mg.split(mg.arange(5), [1, 4])
    (tensor([0]), tensor([1, 2, 3, 4]))

    Source: PyTorch's documentation of ``torch.split``.
    """
    if split_size_or_sections is not None:  # what torch.split calls it
        split_size = split_size_or_sections
    if isinstance(split_size, Tensor) and not split_size.ndim:
        split_size = split_size.item()
    refuse.split(input, split_size, dim)
    d = one_dim(dim, input._data.ndim)
    n = input._data.shape[d]
    if isinstance(split_size, (tuple, list)):
        sizes = list(split_size)
        refuse.split_lengths(sizes, n, d)
    else:
        refuse.split_size(split_size, n)
        step = split_size or 1
        sizes = [min(step, n - i) for i in range(0, n, step)] or [0]
    op = SplitWithSizes if isinstance(split_size, (tuple, list)) else Split
    return apply(op, (input,), {"sizes": tuple(sizes), "dim": d})


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """``split`` with a list of lengths."""
    return split(input, list(split_sizes), dim)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """The tensor cut along ``dim`` into (at most) a given number of pieces.

    Args:
        input: a tensor of any dtype with at least one dimension.
        chunks: how many. All have the same length, rounded up, but the last, which may be shorter;
            so there can be fewer of them.
        dim: along which dimension (default: 0).

    Returns:
        A tuple of views.

    Raises:
        RuntimeError: for a tensor without dimensions, or if ``chunks`` is not above 0.
        IndexError: if the dimension is not there.

    >>> import minigrad as mg
    >>> mg.chunk(mg.arange(5), 2)
    (tensor([0, 1, 2]), tensor([3, 4]))

    Source: PyTorch's documentation of ``torch.chunk``.
    """
    refuse.chunk(input, chunks)
    n = input._data.shape[one_dim(dim, input._data.ndim)]
    return split(input, -(-n // chunks) or 1, dim)


@one_call
def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along ``dim``: so many of (nearly) equal length, or cut before the given indices.

    >>> import minigrad as mg
    >>> mg.tensor_split(mg.arange(5), 2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    x = input._data
    refuse.tensor_split(x)
    d = one_dim(dim, x.ndim)
    n = x.shape[d]
    given = indices_or_sections
    if isinstance(given, Tensor):
        refuse.cuts(given)
        given = given.tolist()
    if isinstance(given, (tuple, list)):
        cuts = [0, *given, n]
    else:
        if given <= 0:
            refuse.sections(given)
        longer = n % given  # so many pieces get one element more
        cuts = [i * (n // given) + min(i, longer) for i in range(given + 1)]
    return tuple(
        piece(input, d, start, stop) for start, stop in itertools.pairwise(cuts)
    )


def split_evenly(name: str, input: Tensor, given: Any, dim: int) -> tuple[Tensor, ...]:
    n = input._data.shape[dim]
    refuse.split_evenly(name, given, dim, n)
    return tensor_split(input, given, dim)


@one_call
def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces side by side: along dimension 1 (0 for a vector)."""
    refuse.at_least("hsplit", input, 1)
    return split_evenly("hsplit", input, indices_or_sections, min(1, input._data.ndim - 1))


@one_call
def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces one above the other: along dimension 0."""
    refuse.at_least("vsplit", input, 2)
    return split_evenly("vsplit", input, indices_or_sections, 0)


@one_call
def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces one behind the other: along dimension 2."""
    refuse.at_least("dsplit", input, 3)
    return split_evenly("dsplit", input, indices_or_sections, 2)
