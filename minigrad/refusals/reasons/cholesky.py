"""Right-hand sides that do not fit a Cholesky factor."""

from __future__ import annotations

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name


def cholesky_solve(B: Tensor, L: Tensor) -> None:
    """Say why ``A X = B`` has no meaning, L being A's factor."""
    for name, t in (("b", B), ("u", L)):
        if t.ndim < 2:
            raise RuntimeError(
                f"{name} should have at least 2 dimensions, but has {t.ndim} dimensions instead"
            )
    if B._data.dtype != L._data.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {kind_name(B._data)} "
            f"and A of type {kind_name(L._data)} instead. Convert one with .to()."
        )
    n, m = L.shape[-2:]
    if n != m:
        raise RuntimeError(
            f"A must be batches of square matrices, but they are {n} by {m} matrices"
            ": only those have such a factor"
        )
    if B.shape[-2] != n:
        raise RuntimeError(
            f"Incompatible matrix sizes for cholesky_solve: each A matrix is {n} by {n} but each b "
            f"matrix is {B.shape[-2]} by {B.shape[-1]}: A X = B needs as many rows in both"
        )
