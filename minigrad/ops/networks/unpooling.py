"""Undoing max pooling: its indices, and the numbers put back where they stood."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ...core.tensor import Tensor
from ...refusals.reasons import unpooling as refuse
from ..called import called
from ..calls import one_call
from ..making.creation import zeros
from .pooling import max_pool1d, max_pool2d, max_pool3d


@one_call
def max_pool1d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """``max_pool1d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


@one_call
def max_pool2d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """``max_pool2d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


@one_call
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
    refuse.max_unpool(m, input, indices, steps, pads, spatial)
    lead = input.shape[:-m]
    room = math.prod(spatial)
    refuse.places(indices._data, spatial)
    if not room:
        return zeros(*lead, *spatial, dtype=input.dtype)
    flat = zeros(*lead, room, dtype=input.dtype)
    placed = flat.scatter(-1, indices.flatten(-m), input.flatten(-m))
    name = "SqueezeBackward1" if m == 1 else f"MaxUnpool{m}DBackward0"
    return called(placed.reshape(*lead, *spatial), name)


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
        refuse.output_size(output_size, usual, steps)
        sizes = output_size
    refuse.negative_lengths(sizes)
    return tuple(sizes)


@one_call
def max_unpool1d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
    output_size: Any = None,
) -> Tensor:  # fmt: skip
    """Puts the numbers of a max pooling back where ``indices`` say they stood; zeros elsewhere."""
    return max_unpool(1, input, indices, kernel_size, stride, padding, output_size)


@one_call
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


@one_call
def max_unpool3d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
    output_size: Any = None,
) -> Tensor:  # fmt: skip
    """Puts the numbers of a max pooling back where ``indices`` say they stood; zeros elsewhere."""
    return max_unpool(3, input, indices, kernel_size, stride, padding, output_size)
