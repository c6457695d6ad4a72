"""Pieces that a tensor does not have."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ..arguments import need_fit


def narrow(length: int, x: Any) -> None:
    """What can be cut has a dimension, and a piece no negative length."""
    if x.ndim == 0:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError(
            "narrow(): length must be non-negative. It counts the elements that are kept."
        )


def narrow_range(start: Any, length: int, n: int) -> None:
    """The piece begins and ends in the dimension, which has length n."""
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


def select(x: Any) -> None:
    """A single number has no slices."""
    if x.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")


def select_index(x: Any, d: int, index: int) -> None:
    """The slice is there."""
    if not -x.shape[d] <= index < x.shape[d]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(x.shape)} at "
            f"dimension {d}: it counts from 0, or from -1 backwards"
        )


def unbind(dim: int) -> NoReturn:
    """A single number has no slices."""
    raise IndexError(
        f"Dimension specified as {dim} but tensor has no dimensions: a 0-d tensor has no slices"
    )


def split(input: Any, split_size: Any, dim: int) -> None:
    """``split_size`` is a length or a list of them, and the tensor has a dimension."""
    if type(split_size) is not int or type(dim) is not int:
        if isinstance(input, str):
            raise TypeError("must be str or None, not int: split takes a tensor here")
        need_fit("split" if isinstance(split_size, int) else "split_with_sizes",
                 input, split_size, dim)  # fmt: skip
    if not input._data.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor: one number has no parts")


def chunk(input: Tensor, chunks: int) -> None:
    """The number of pieces is above 0, and the tensor has a dimension."""
    if not input._data.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor: one number has no parts")
    if chunks <= 0:
        raise RuntimeError(
            f"chunk expects `chunks` to be greater than 0, got: {chunks}: it counts the pieces"
        )


def tensor_split(x: Any) -> None:
    """The tensor has a dimension."""
    if x.ndim == 0:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )


def sections(given: Any) -> NoReturn:
    """There is at least one piece."""
    raise RuntimeError(
        f"number of sections must be larger than 0, got {given}: it counts the pieces"
    )


def split_evenly(name: str, given: Any, dim: int, n: Any) -> None:
    """All pieces are of one length."""
    if isinstance(given, int) and (given <= 0 or n % given):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension "
            f"{n} is not divisible by the split_size {given}!"
            " See tensor_split, which allows unequal pieces."
        )


def at_least(name: str, input: Tensor, ndim: int) -> None:
    """The tensor has so many dimensions."""
    if input._data.ndim < ndim:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {ndim} dimension, but got a tensor with "
            f"{input._data.ndim} dimensions!"
        )


def split_lengths(sizes: list[Any], n: int, d: int) -> None:
    """The lengths make up the dimension, which has length n."""
    if any(length < 0 for length in sizes):
        raise RuntimeError(
            "split_with_sizes expects split_sizes have only non-negative entries, but got "
            f"split_sizes={sizes}: they are lengths"
        )
    if math.fsum(sizes) != n:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size "
            f"at dimension {d}), but got split_sizes={sizes}: the pieces are the whole"
        )


def split_size(split_size: int, n: int) -> None:
    """A length of pieces that come to an end."""
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


def cuts(given: Tensor) -> None:
    """A tensor of places where to cut is a vector of int64."""
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
