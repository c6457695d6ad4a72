"""Tensors without a diagonal or triangle."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.tensor import Tensor
from ..words import not_an_element


def diagonal_dims(dim1: int, dim2: int, d1: int, d2: int) -> None:
    """A matrix has two dimensions."""
    if d1 == d2:
        raise RuntimeError(
            f"diagonal dimensions cannot be identical {dim1}, {dim2}: a matrix has two dimensions"
        )


def diag(n: int) -> NoReturn:
    """Only a vector or a matrix."""
    raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {n}D: see diagonal()")


def fill_diagonal(input: Tensor) -> None:
    """The diagonal goes from corner to corner."""
    if input.ndim < 2:
        raise RuntimeError("dimensions must larger than 1: a diagonal needs rows and columns")
    if input.ndim > 2 and len(set(input.shape)) > 1:
        raise RuntimeError(
            "all dimensions of input must be of equal length"
            ": the diagonal goes from corner to corner"
        )


def triangle(name: str, input: Tensor) -> None:
    """A triangle is one of a matrix."""
    if input._data.ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions: a matrix")


def block_diag(tensors: Any) -> None:
    """The diagonal is made of matrices."""
    for i, t in enumerate(tensors):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i)
        if t._data.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{i} has {t._data.ndim} dimensions: the diagonal is made of matrices"
            )
