"""Matrices that have no inverse, and linear systems whose parts do not go together."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ..of_the_core import broadcast_error


def matrices(name: str, A: Any, square: bool = True, spoken: str = "") -> None:
    """Refuse what holds no (square) matrices of float numbers."""
    x = A._data
    if x.ndim < 2:
        raise RuntimeError(
            f"{name}: The input tensor A must have at least 2 dimensions. It has {x.ndim}."
        )
    if square and x.shape[-1] != x.shape[-2]:
        raise RuntimeError(
            f"{name}: A must be batches of square matrices, but they are {x.shape[-2]} by "
            f"{x.shape[-1]} matrices: only those can be multiplied with themselves"
        )
    if x.dtype.kind not in "fc":
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got "
            f"{KIND_NAMES[x.dtype.name]}: convert it with .float() first"
        )
    if x.dtype == np.float16:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got Half; use .float()")


def solve(a: Any, b: Any) -> None:
    """Both sides of ``A X = B`` have one dtype, and B is no single number."""
    if a.dtype != b.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
            f"{KIND_NAMES[a.dtype.name]} and B of type {KIND_NAMES[b.dtype.name]} instead"
        )
    if b.ndim == 0:
        raise RuntimeError("linalg.solve: The input tensor B must have at least 2 dimensions.")


def solve_shapes(a: Any, b: Any, vector: bool, left: bool) -> None:
    """Shapes for which ``A X = B`` (``X A = B`` if not left) has no meaning."""
    if vector and not left:
        raise RuntimeError(
            "linalg.solve: Incompatible shapes of A and B for the equation XA = B "
            f"({a.shape[-2]}x{a.shape[-1]} and {b.shape[-1]}x1)"
            if b.ndim == 1 else
            "linalg.solve: Vector broadcasting of the left hand side is not supported for "
            "left=False."
        )  # fmt: skip
    rows = b.shape[-1 if vector or not left else -2]
    if rows != a.shape[-1]:
        shape = f"{b.shape[-1]}x1" if vector else f"{b.shape[-2]}x{b.shape[-1]}"
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation "
            f"{'AX' if left else 'XA'} = B ({a.shape[-2]}x{a.shape[-1]} and {shape})"
            ": B has one row for each row of A"
        )
    batches = a.shape[:-2], b.shape[: -1 if vector else -2]
    try:
        np.broadcast_shapes(*batches)
    except ValueError:
        raise broadcast_error(np.empty(batches[1]), np.empty(batches[0])) from None


def solve_triangular(A: Tensor, B: Tensor, left: bool) -> None:
    """Right-hand sides that do not fit a triangular system."""
    a = A._data
    if B._data.ndim < 2:
        raise RuntimeError(
            "linalg.solve_triangular: The input tensor B must have at least 2 dimensions."
        )
    matrices("linalg.solve_triangular", B, square=False)
    b = B._data
    if b.shape[-2 if left else -1] != a.shape[-1]:
        raise RuntimeError(
            "linalg.solve_triangular: Incompatible shapes of A and B for the equation "
            f"{'AX' if left else 'XA'} = B ({a.shape[-2]}x{a.shape[-1]} and "
            f"{b.shape[-2]}x{b.shape[-1]})"
        )


def tensorinv(input: Tensor, ind: int) -> None:
    """``ind`` divides the dimensions in two halves of as many elements."""
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    shape = input._data.shape
    if ind > len(shape):
        raise RuntimeError(
            f"ArrayRef: invalid slice, N = {ind}; size = {len(shape)}: ind counts the first "
            "dimensions of A"
        )
    n, rest = math.prod(shape[:ind]), math.prod(shape[ind:])
    if n != rest:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {rest} != {n}"
        )


def tensorsolve(shape: Any, n: Any) -> None:
    """A has as many elements to be solved for as B has."""
    if math.prod(shape) != n:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {math.prod(shape)} != {n}"
        )
