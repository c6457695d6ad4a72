"""What has no LU factors, and what cannot be factors."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..words import need_dimensions, not_implemented
from .solvers import matrices


def factors(A: Tensor, name: str) -> None:
    """Refuse what holds no matrices of float numbers."""
    if A._data.ndim < 2:
        raise RuntimeError(
            f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(A.shape)} instead"
        )
    if A._data.dtype.kind not in "fc":
        raise not_implemented("lu_cpu", A._data, "convert with .float() first")
    matrices("linalg.lu", A, square=False)


def zero_pivot(zeros: Any) -> None:
    """With a zero on U's diagonal no system can be solved."""
    if zeros.any():
        at = int(np.argwhere(zeros)[0][-1]) + 1
        raise RuntimeError(
            f"torch.linalg.lu_factor: U[{at},{at}] is zero and using it on lu_solve would result "
            "in a division by zero. To have the factors all the same, use linalg.lu"
        )


def lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, left: bool) -> None:
    """Refuse what cannot be the factors of a square matrix, or a right-hand side for it."""
    matrices("torch.linalg.lu_solve", LU)
    n = LU.shape[-1]
    if pivots._data.dtype.kind not in "iu":
        raise RuntimeError(
            "linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32: give those of "
            "lu_factor"
        )
    need_dimensions(pivots, -1, "pivots has a number for each row")
    if pivots.shape[-1] != n:
        raise RuntimeError(
            "linalg.lu_solve: Number of pivots per batch should be same as the dimension of the "
            f"matrix, {n}: give those of lu_factor"
        )
    if pivots.shape != LU.shape[:-1]:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got "
            f"pivots with shape {list(pivots.shape)} instead"
        )
    if B._data.ndim < 2:
        raise RuntimeError(
            "linalg.lu_solve: The input tensor B must have at least 2 dimensions: make it a "
            "column with .unsqueeze(-1)"
        )
    if B._data.dtype != LU._data.dtype:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type "
            f"{kind_name(LU._data)} and B of type {kind_name(B._data)} instead"
        )
    if B.shape[-2 if left else -1] != n:
        raise RuntimeError(
            f"linalg.lu_solve: Incompatible shapes of A and B for the equation "
            f"{'AX = B' if left else 'XA = B'} ({n}x{n} and {B.shape[-2]}x{B.shape[-1]})"
        )
