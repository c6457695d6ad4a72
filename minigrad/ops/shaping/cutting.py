"""Cutting tensors to pieces: split, chunk, unbind, narrow, select, tensor_split ...

Pieces are views: they share the memory of what they are cut from.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ...refusals.arguments import need_fit
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


def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """``narrow`` with memory of its own."""
    return narrow(input, dim, start, length).clone()


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice number ``index`` along ``dim``, without that dimension; a view."""
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


# --- all pieces --------------------------------------------------------------------------------


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along ``dim``, as a tuple of views."""
    if input._data.ndim == 0:
        one_dim(dim, 0)
        raise IndexError(
            f"Dimension specified as {dim} but tensor has no dimensions: a 0-d tensor has no slices"
        )
    return apply(Unbind, (input,), {"dim": one_dim(dim, input._data.ndim)})


def split(
    input: Any, split_size: Any = None, dim: int = 0, *, split_size_or_sections: Any = None
) -> tuple[Tensor, ...]:
    """Pieces of length ``split_size`` (the last may be shorter), or of the lengths in a list."""
    if split_size_or_sections is not None:  # what torch.split calls it
        split_size = split_size_or_sections
    if isinstance(split_size, Tensor) and not split_size.ndim:
        split_size = split_size.item()
    if type(split_size) is not int or type(dim) is not int:
        if isinstance(input, str):
            raise TypeError("must be str or None, not int: split takes a tensor here")
        need_fit("split" if isinstance(split_size, int) else "split_with_sizes",
                 input, split_size, dim)  # fmt: skip
    if not input._data.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor: one number has no parts")
    need_a_dimension("split", input)
    d = one_dim(dim, input._data.ndim)
    n = input._data.shape[d]
    if isinstance(split_size, (tuple, list)):
        sizes = list(split_size)
        if any(n < 0 for n in sizes):
            raise RuntimeError(
                "split_with_sizes expects split_sizes have only non-negative entries, but got "
                f"split_sizes={sizes}: they are lengths"
            )
        if math.fsum(sizes) != n:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size "
                f"at dimension {d}), but got split_sizes={sizes}: the pieces are the whole"
            )
    else:
        if split_size < 0:
            raise RuntimeError(
                f"split expects split_size be non-negative, but got split_size={split_size}"
                ": it is a length"
            )
        if split_size == 0 and n:
            raise RuntimeError(
                f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}"
                ": pieces without elements would never end"
            )
        step = split_size or 1
        sizes = [min(step, n - i) for i in range(0, n, step)] or [0]
    op = SplitWithSizes if isinstance(split_size, (tuple, list)) else Split
    return apply(op, (input,), {"sizes": tuple(sizes), "dim": d})


def need_a_dimension(name: str, input: Tensor) -> None:
    if input._data.ndim == 0:
        raise RuntimeError(
            f"{name} expects at least a 1-dimensional tensor: this one is a single number"
        )


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """``split`` with a list of lengths."""
    return split(input, list(split_sizes), dim)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most ``chunks`` pieces of equal length (the last may be shorter)."""
    if not input._data.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor: one number has no parts")
    if chunks <= 0:
        raise RuntimeError(
            f"chunk expects `chunks` to be greater than 0, got: {chunks}: it counts the pieces"
        )
    need_a_dimension("chunk", input)
    n = input._data.shape[one_dim(dim, input._data.ndim)]
    return split(input, -(-n // chunks) or 1, dim)


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
    at_least("hsplit", input, 1)
    return split_evenly("hsplit", input, indices_or_sections, min(1, input._data.ndim - 1))


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces one above the other: along dimension 0."""
    at_least("vsplit", input, 2)
    return split_evenly("vsplit", input, indices_or_sections, 0)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Pieces one behind the other: along dimension 2."""
    at_least("dsplit", input, 3)
    return split_evenly("dsplit", input, indices_or_sections, 2)
