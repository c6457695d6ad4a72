"""Shapes that do not broadcast, and what is no vector to make a grid of."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name


def broadcast_shapes(shapes: Any) -> None:
    """Shapes are lengths, of 0 or more."""
    for s in shapes:
        if not isinstance(s, (int, tuple, list, str, type(None))):
            raise RuntimeError(
                "Input shapes should be of type ints, a tuple of ints, or a list of ints, got "
                f"{type(s).__name__}"
            )
    sizes = [(s,) if isinstance(s, int) else tuple(s) for s in shapes if s is not None]
    for s in sizes:
        for n in s:
            if n < 0:
                raise ValueError(
                    f"Attempting to broadcast a dimension with negative length {n}: a length is "
                    "0 or more"
                )


def mismatch(size: Any, d: int, i: int, result: Any) -> NoReturn:
    """Lengths are equal, or one of them is 1."""
    raise RuntimeError(
        f"Attempting to broadcast a dimension of length {size[d]} at {d}! Mismatching "
        f"argument at index {i} had {size}; but expected shape should be broadcastable "
        f"to {result}: lengths must be equal or one of them 1"
    )


def meshgrid(indexing: str, given: Any) -> None:
    """A grid is made of vectors of one dtype."""
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList: a grid needs a vector")
    if any(t._data.dtype != given[0]._data.dtype for t in given):
        raise RuntimeError(
            "meshgrid expects all tensors to have the same dtype. Convert with .to() first."
        )
    for t in given:
        if t._data.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: a tensor of "
                f"shape {list(t.shape)}"
            )
    if indexing not in ("ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: ' + str(indexing)
        )


def vectors_only(tensors: Any) -> None:
    """Refuse what is no vector."""
    for t in tensors:
        if t._data.ndim != 1:
            raise RuntimeError(
                f"Expect a 1D vector, but got shape {list(t.shape)}"
                ": it takes the elements of vectors"
            )


def combinations(r: int) -> None:
    """So many elements are drawn together."""
    if r < 0:
        raise RuntimeError(
            f"Expect a non-negative number, but got {r}: so many elements are drawn together"
        )


def vander(x: Tensor, N: int | None) -> None:
    """Each element of a vector gives one row of powers."""
    if x._data.ndim != 1:
        raise RuntimeError(
            "x must be a one-dimensional tensor. Each element gives one row of powers."
        )
    n = x._data.size if N is None else N
    if n < 0:
        raise RuntimeError("N must be non-negative. It counts the columns.")


def linalg_vander(x: Tensor) -> None:
    """Numbers with powers of their own dtype."""
    if x._data.dtype in (np.bool_, np.float16):
        raise RuntimeError(
            "linalg.vander supports floating point, complex, and integer tensors, but got "
            f"{kind_name(x._data)}: convert with .float()"
        )


def no_powers() -> NoReturn:
    """There is at least one column."""
    raise RuntimeError("N must be greater than 1.")


def triangle(row: int, col: int) -> None:
    """Rows and columns are lengths."""
    for what, n in (("row", row), ("col", col)):
        if n < 0:
            raise RuntimeError(f"{what} must be non-negative, got{n}: it is a length")
