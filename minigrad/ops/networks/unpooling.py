"""Undoing max pooling: its indices, and the numbers put back where they stood."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ...refusals.arguments import need_ints
from ...refusals.words import need_kind
from ..making.creation import zeros
from .pooling import max_pool1d, max_pool2d, max_pool3d


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


# --- the other way round -------------------------------------------------------------------------


def max_unpool(
    m: int, input: Tensor, indices: Tensor, kernel_size: Any, stride: Any, padding: Any,
    output_size: Any,
) -> Tensor:  # fmt: skip
    kernel = each(kernel_size, m)
    steps = kernel if stride is None else each(stride, m)
    pads = each(padding, m)
    spatial = unpooled_sizes(input, kernel, steps, pads, output_size)
    name = f"max_unpool{max(m, 2)}d"
    need_ints(name, "output_size", spatial, 3, one_for_all=False)
    if m == 3:
        need_ints(name, "stride", steps, 4, one_for_all=False)
        need_ints(name, "padding", pads, 5, one_for_all=False)
        for what, numbers in (("output_size", spatial), ("stride", steps), ("padding", pads)):
            if len(numbers) != 3:
                raise RuntimeError(
                    f"There should be exactly three elements (depth, height, width) in {what}, but "
                    f"got {len(numbers)} elements."
                )
    if m == 3 and min(steps) <= 0:
        raise RuntimeError(
            f"strides should be greater than zero, but got stride: {list(steps)}"
        )
    if indices._data.dtype != np.int64:
        raise RuntimeError(
            f"elements in indices should be type int64 but got: {kind_name(indices._data)}: give "
            "those that max pooling returned"
        )
    if input._data.ndim not in (m + 1, m + 2):
        raise RuntimeError(
            f"Input to max_unpooling{max(m, 2)}d should be a {max(m, 2) + 1}d or {max(m, 2) + 2}d "
            f"Tensor, but got a tensor with {input.ndim + (m == 1)} dimensions."
        )
    lead = input.shape[:-m]
    if indices._data.shape != input._data.shape:
        raise RuntimeError(
            "Expected shape of indices to be same as that of the input tensor "
            f"({list(input.shape)}) but got indices tensor with shape: {list(indices.shape)}"
        )
    need_kind(name, input._data, "f")
    room = math.prod(spatial)
    if room > 2**40:
        raise MemoryError(f"an output of {' x '.join(map(str, spatial))} numbers")
    low, high = (int(indices._data.min()), int(indices._data.max())) if indices.numel() else (0, 0)
    if room and not 0 <= low <= high < room:
        raise RuntimeError(
            f"Found an invalid max index: {high} (output volumes are of size "
            f"{'x'.join(map(str, spatial))}"
        )
    if not room:
        return zeros(*lead, *spatial, dtype=input.dtype)
    flat = zeros(*lead, room, dtype=input.dtype)
    placed = flat.scatter(-1, indices.flatten(-m), input.flatten(-m))
    return placed.reshape(*lead, *spatial)


def each(value: Any, m: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, Iterable) else (value,) * m


def unpooled_sizes(
    input: Tensor, kernel: Any, steps: Any, pads: Any, output_size: Any
) -> tuple[int, ...]:
    """The lengths to fill: those that were pooled, or ``output_size`` if that is near them."""
    m = len(kernel)
    usual = [(input.shape[-m + d] - 1) * steps[d] + kernel[d] - 2 * pads[d] for d in range(m)]
    if output_size is None:
        sizes = usual
    else:
        if len(output_size) == m + 2:
            output_size = output_size[2:]
        if len(output_size) != m:
            raise ValueError(
                f"output_size should be a sequence containing {m} or {m + 2} elements, but it has "
                f"a length of '{len(output_size)}'"
            )
        for d, (n, step) in enumerate(zip(usual, steps)):
            if not n - step < output_size[d] < n + step:
                raise ValueError(
                    f'invalid output_size "{output_size}" (dim {d} must be between {n - step} and '
                    f"{n + step})"
                )
        sizes = output_size
    for d, n in enumerate(sizes):
        if n < 0:
            raise ValueError(
                "max_unpooling: output_size must contain non-negative spatial dimensions, but got "
                f"output_size[{d}]={n}"
            )
    return tuple(sizes)


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
