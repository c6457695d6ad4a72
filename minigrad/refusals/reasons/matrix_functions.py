"""Tensors of which there are no pseudo-inverse, least squares, powers, rank or condition."""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from .solvers import matrices


def pinv(input: Tensor) -> None:
    """Refuse what holds no matrices of float numbers, in the words of this function."""
    d = input._data.dtype
    if input._data.ndim < 2 or d.kind not in "fc" or d.itemsize == 2:
        raise RuntimeError(
            f"linalg.pinv({input.type_name()[:-6]}{{{list(input.shape)}}}): expected a tensor with "
            "2 or more dimensions of float, double, cfloat or cdouble types"
            ": the last two dimensions are the rows and columns of matrices"
        )


def lstsq(A: Tensor, B: Tensor, driver: str | None) -> None:
    """Say why ``A X = B`` has no best approximation."""
    a, b = A._data, B._data
    if a.ndim < 2:
        raise RuntimeError("torch.linalg.lstsq: input must have at least 2 dimensions.")
    if b.ndim < 1:
        raise RuntimeError("torch.linalg.lstsq: other must have at least 1 dimension.")
    vector = b.ndim == a.ndim - 1
    if b.shape[-1 if vector else -2] != a.shape[-2]:
        raise RuntimeError(
            f"torch.linalg.lstsq: input.size(-2) should match other.size({-1 if vector else -2})"
        )
    if a.dtype != b.dtype:
        raise RuntimeError(
            "torch.linalg.lstsq: Expected input and other to have the same dtype, but got input's "
            f"dtype {KIND_NAMES[a.dtype.name]} and other's dtype {KIND_NAMES[b.dtype.name]}"
        )
    matrices("linalg.lstsq", A, square=False)
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError(
            "torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)"
        )


def matrix_power(n: int) -> None:
    """A power is a whole number."""
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(
            f"matrix_power(): argument 'n' (position 2) must be int, not {type(n).__name__}"
        )


def matrix_rank(input: Tensor) -> None:
    """Refuse what holds no matrices of float numbers."""
    x = input._data
    if x.ndim < 2:
        raise RuntimeError(
            "torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions."
        )
    matrices("linalg.matrix_rank", input, square=False)


def cond(input: Tensor, p: Any) -> None:
    """Refuse what holds no matrices, and norms that there are not."""
    if input._data.ndim < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if p not in (None, 1, -1, 2, -2, math.inf, -math.inf, "fro", "nuc"):
        raise RuntimeError(
            f"linalg.cond got an invalid norm type: {p}. Choose 'fro', 'nuc', 1, -1, 2, -2, inf or "
            "-inf"
        )
