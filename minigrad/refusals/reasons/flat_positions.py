"""Positions in a flattened tensor that are not there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name


def read_flat(name: str, input: Tensor, index: Tensor) -> None:
    """Positions are int64, and in the tensor."""
    k = index._data
    if k.dtype != np.int64:
        raise RuntimeError(
            f"{name}(): Expected a long tensor for index, but got {kind_name(index._data)}: "
            "convert it with .long()"
        )
    n = input._data.size
    if not n and k.size:
        raise IndexError(
            "take(): tried to take from an empty tensor: it has no elements" if name == "take" else
            "put_(): Tried to put elements into an empty tensor: it has no places"
        )
    bad = k[(k < -n) | (k >= n)]
    if bad.size:
        raise IndexError(
            f"out of range: tried to access index {int(bad.flat[0])} on a tensor of {n} elements."
            " Take and put count through all elements, from 0."
        )


def put(input: Tensor, index: Tensor, source: Tensor) -> None:
    """There is one number of the tensor's dtype for each position."""
    if source._data.dtype != input._data.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{kind_name(input._data)} and source.dtype = {kind_name(source._data)}"
        )
    if source._data.size != index._data.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source._data.size}, index.numel() = {index._data.size}"
        )


def unravel_index(indices: Tensor, shape: Any) -> None:
    """Whole numbers, and the shape of a tensor that has elements."""
    k = indices._data
    if k.dtype.kind not in "iu":
        raise TypeError(
            f"expected 'indices' to be integer dtype, but got torch.{k.dtype.name}: indices count"
        )
    if not isinstance(shape, (int, tuple, list, str)):
        raise TypeError(
            f"expected 'shape' to be int or sequence of ints, but got {type(shape)}: the lengths "
            "of the tensor that the indices are of"
        )
    sizes = (int(shape),) if isinstance(shape, int) else tuple(shape)
    if not all(isinstance(n, (int, np.integer)) for n in sizes):
        raise TypeError(
            f"expected 'shape' sequence to only contain ints, but got {sizes}: lengths are whole"
        )
    if any(n < 0 for n in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}: they are lengths")
    size = int(np.prod(sizes, dtype=np.int64))
    if size == 0:
        raise RuntimeError("ZeroDivisionError: a tensor with a length of 0 has no elements")
