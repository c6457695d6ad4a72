"""Arguments that name dimensions or lengths: ``dim=-1``, ``dim=(0, 1)``, ``view(2, 3)``."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np


def dim_error(dim: int, ndim: int) -> IndexError:
    n = builtins.max(ndim, 1)
    return IndexError(
        f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim}): the "
        f"tensor has {ndim} dimension{'' if ndim == 1 else 's'}, counted from 0, or from -1 "
        "backwards"
    )


def one_dim(dim: Any, ndim: int) -> int:
    """``dim`` counted from the front. Raises IndexError in PyTorch's words."""
    if isinstance(dim, bool) or not isinstance(dim, (int, np.integer)):
        raise TypeError(f"argument 'dim' must be int, not {type(dim).__name__}")
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
        twice = next(d for d in result if result.count(d) > 1)
        raise RuntimeError(
            f"dim {twice} appears multiple times in the list of dims: name each dimension once"
        )
    return result if ndim else None


def truly(keepdim: Any) -> bool:
    """``keepdim`` if it is True or False."""
    if not isinstance(keepdim, (bool, np.bool_)):
        raise TypeError(f"argument 'keepdim' must be bool, not {type(keepdim).__name__}")
    return bool(keepdim)


def shape_arg(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """``f(2, 3)``, ``f((2, 3))`` and ``f(torch.Size([2, 3]))`` all mean the shape (2, 3)."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    for n in shape:
        if not hasattr(n, "__index__") or (n is shape[0] and isinstance(n, bool)):
            raise TypeError(
                f"argument 'shape' must be tuple of ints, but found element of type "
                f"{type(n).__name__}"
            )
    return tuple(n.__index__() for n in shape)
