"""Which numbers cannot be put back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..arguments import need_ints
from ..words import need_kind


def max_unpool(
    m: int, input: Tensor, indices: Tensor, steps: Any, pads: Any, spatial: Any
) -> None:
    """Settings that are no numbers, and indices that are not those of the input."""
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
    if indices._data.shape != input._data.shape:
        raise RuntimeError(
            "Expected shape of indices to be same as that of the input tensor "
            f"({list(input.shape)}) but got indices tensor with shape: {list(indices.shape)}"
        )
    need_kind(name, input._data, "f")


def places(indices: Any, spatial: Any) -> None:
    """More places than fit, and indices outside them."""
    room = math.prod(spatial)
    if room > 2**40:
        raise MemoryError(f"an output of {' x '.join(map(str, spatial))} numbers")
    low, high = (int(indices.min()), int(indices.max())) if indices.size else (0, 0)
    if room and not 0 <= low <= high < room:
        raise RuntimeError(
            f"Found an invalid max index: {high} (output volumes are of size "
            f"{'x'.join(map(str, spatial))}"
        )


def negative_lengths(sizes: Any) -> None:
    """Lengths below 0."""
    for d, n in enumerate(sizes):
        if n < 0:
            raise ValueError(
                "max_unpooling: output_size must contain non-negative spatial dimensions, but got "
                f"output_size[{d}]={n}"
            )


def output_size(output_size: Any, usual: Any, steps: Any) -> None:
    """Lengths that no max pooling with these steps makes as small as the input is."""
    m = len(usual)
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
