"""Arguments that name dimensions or lengths: ``dim=-1``, ``dim=(0, 1)``, ``view(2, 3)``."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ..refusals.reasons import dimensions as refuse
from ..refusals.reasons.dimensions import dim_error


def one_dim(dim: Any, ndim: int) -> int:
    """``dim`` counted from the front. Raises IndexError in PyTorch's words."""
    if isinstance(dim, bool) or not isinstance(dim, (int, np.integer)):
        refuse.not_of_kind("dim", "int", dim)
    n = builtins.max(ndim, 1)
    if not -n <= dim < n:
        raise dim_error(int(dim), ndim)
    return int(dim) % n


def dims(dim: Any, ndim: int) -> tuple[int, ...] | None:
    """``dim`` as a tuple counted from the front; None (also for an empty tuple) means all."""
    if dim is None or (isinstance(dim, (tuple, list)) and not dim):
        return None
    many = dim if isinstance(dim, (tuple, list)) else (dim,)
    result = tuple(one_dim(d, ndim) for d in many)
    if len(set(result)) < len(result):
        refuse.dims(result)
    return result if ndim else None


def truly(keepdim: Any) -> bool:
    """``keepdim`` if it is True or False."""
    if not isinstance(keepdim, (bool, np.bool_)):
        refuse.not_of_kind("keepdim", "bool", keepdim)
    return bool(keepdim)


def shape_arg(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """``f(2, 3)``, ``f((2, 3))`` and ``f(torch.Size([2, 3]))`` all mean the shape (2, 3)."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    refuse.shape_arg(shape)
    return tuple(n.__index__() for n in shape)
