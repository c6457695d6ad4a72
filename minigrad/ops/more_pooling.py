"""Pooling that is made of other operations: undoing max pooling, and powers instead of averages."""

from __future__ import annotations

import math
from typing import Any

from ..tensor import Tensor
from .creation import zeros
from .elementary import abs, relu, sgn
from .operands import need_tensor
from .pooling import avg_pool1d, avg_pool2d, avg_pool3d, max_pool1d, max_pool2d, max_pool3d
from .resampling import (
    adaptive_avg_pool,
    adaptive_max_pool,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
)
from .windows import per_dimension


def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """Averages of windows such that the volumes (N, C, D, H, W) come out in ``output_size``."""
    return adaptive_avg_pool(3, input, output_size)


def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest numbers of windows such that the volumes come out in ``output_size``."""
    return adaptive_max_pool(3, input, output_size, return_indices)


def max_pool1d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """``max_pool1d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


def max_pool2d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """``max_pool2d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


def max_pool3d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """``max_pool3d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Any:
    """``adaptive_max_pool1d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return adaptive_max_pool1d(input, output_size, True)


def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Any:
    """``adaptive_max_pool2d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return adaptive_max_pool2d(input, output_size, True)


# --- the other way round -------------------------------------------------------------------------


def max_unpool(
    m: int, input: Tensor, indices: Tensor, kernel_size: Any, stride: Any, padding: Any,
    output_size: Any,
) -> Tensor:  # fmt: skip
    need_tensor(f"max_unpool{m}d", input)
    need_tensor(f"max_unpool{m}d", indices, "indices", 2)
    kernel = per_dimension(kernel_size, m, "kernel_size", "pooling")
    steps = per_dimension(kernel if stride is None else stride, m, "stride", "pooling")
    pads = per_dimension(padding, m, "padding", "pooling")
    lead = input.shape[:-m]
    if indices._data.shape != input._data.shape:
        raise RuntimeError(
            "Expected shape of indices to be same as that of the input tensor "
            f"({list(input.shape)}) but got indices tensor with shape: {list(indices.shape)}"
        )
    if output_size is None:
        spatial = tuple(
            (n - 1) * s - 2 * p + k
            for n, k, s, p in zip(input.shape[-m:], kernel, steps, pads, strict=True)
        )
    else:
        spatial = tuple(output_size)[-m:]
    room = math.prod(spatial)
    if indices.numel() and not 0 <= int(indices._data.min()) <= int(indices._data.max()) < room:
        raise RuntimeError(
            f"Found an invalid max index: {int(indices._data.max())} (output volumes are of size "
            f"{'x'.join(map(str, spatial))}"
        )
    flat = zeros(*lead, room, dtype=input.dtype)
    placed = flat.scatter(-1, indices.flatten(-m), input.flatten(-m))
    return placed.reshape(*lead, *spatial)


def max_unpool1d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
    output_size: Any = None,
) -> Tensor:  # fmt: skip
    """Puts the numbers of a max pooling back where ``indices`` say they stood; zeros elsewhere."""
    return max_unpool(1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
    output_size: Any = None,
) -> Tensor:  # fmt: skip
    """Puts the numbers of a max pooling back where ``indices`` say they stood; zeros elsewhere.

    >>> import minigrad as mg
    >>> import minigrad.nn.functional as F
    >>> x = mg.arange(4.0).reshape(1, 1, 2, 2)
    >>> F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2)
    tensor([[[[0., 0.],
              [0., 3.]]]])
    """
    return max_unpool(2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
    output_size: Any = None,
) -> Tensor:  # fmt: skip
    """Puts the numbers of a max pooling back where ``indices`` say they stood; zeros elsewhere."""
    return max_unpool(3, input, indices, kernel_size, stride, padding, output_size)


def lp(input: Tensor, norm_type: float, averaged: Tensor, places: int) -> Tensor:
    """The p-th root of sums of p-th powers, from their averages over ``places`` places."""
    return (sgn(averaged) * relu(abs(averaged))).mul(places).pow(1.0 / norm_type)


def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: int, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of sequences."""
    mean = avg_pool1d(input.pow(norm_type), kernel_size, stride, 0, ceil_mode)
    return lp(input, norm_type, mean, kernel_size)


def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of images."""
    kernel = per_dimension(kernel_size, 2, "kernel_size", "pooling")
    mean = avg_pool2d(input.pow(norm_type), kernel, stride, 0, ceil_mode)
    return lp(input, norm_type, mean, math.prod(kernel))


def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of volumes."""
    kernel = per_dimension(kernel_size, 3, "kernel_size", "pooling")
    mean = avg_pool3d(input.pow(norm_type), kernel, stride, 0, ceil_mode)
    return lp(input, norm_type, mean, math.prod(kernel))
