"""NumPy calls of the first operations, faster and with the same bits. (May be skipped at first.)"""

from __future__ import annotations

from typing import Any

import numpy as np

BITS = {np.dtype(np.float32): np.dtype(np.int32), np.dtype(np.float64): np.dtype(np.int64)}


def or_zero(condition: Any, a: Any) -> Any:
    """``np.where(condition, a, 0.0)`` in a third of the time, with the same bits.

    The bits of each number, read as an integer, times 1 or 0. (A product of the numbers would make
    nan of inf * 0.)
    """
    bits = BITS.get(a.dtype)
    if bits is None or condition.dtype.kind != "b":
        return np.where(condition, a, 0.0)
    return np.multiply(a.view(bits), condition).view(a.dtype)


def broadcast(x: Any, shape: Any) -> Any:
    """``np.broadcast_to``, several times faster: a view with stride 0 where x is repeated."""
    x = np.asarray(x)
    if x.ndim == 0:
        y = np.ndarray(shape, x.dtype, x, 0, (0,) * len(shape))
        y.flags.writeable = False
        return y
    extra = len(shape) - x.ndim
    strides = (0,) * extra + tuple(
        0 if n == 1 and m != 1 else s
        for n, m, s in zip(x.shape, shape[extra:], x.strides, strict=True)
    )
    for n, m in zip(x.shape, shape[extra:], strict=True):
        if n != m and n != 1:
            raise ValueError("not broadcastable")
    return strided_view(x, shape, strides)


def strided_view(x: Any, shape: Any, strides: Any) -> Any:
    """``np.lib.stride_tricks.as_strided``, read-only, and several times faster where it can be."""
    if not x.flags.c_contiguous:
        return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)
    y = np.ndarray(shape, x.dtype, x, 0, strides)
    y.flags.writeable = False
    return y
