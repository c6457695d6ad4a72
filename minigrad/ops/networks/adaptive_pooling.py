"""Adaptive pooling: windows such that the result has a wanted size, whatever the input's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.op import apply
from ...core.tensor import Tensor, make
from ...refusals.arguments import need_ints
from ...refusals.reasons import adaptive_pooling as refuse
from ...refusals.words import need_kind
from ..calls import one_call
from .pooling import MaxPool, as_images
from .resampling import Mixing, resample


def bins(old: int, new: int) -> list[tuple[int, int]]:
    """Where the ``new`` windows over ``old`` places start and end; neighbours may overlap."""
    return [(i * old // new, -(-(i + 1) * old // new)) for i in range(new)]


def averaging(old: int, new: int) -> Any:
    """The matrix of an adaptive average pooling."""
    starts, ends = np.array(bins(old, new), int).reshape(-1, 2).T
    sizes = ends - starts
    rows = np.repeat(np.arange(new), sizes)
    columns = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[rows]
    return Mixing((new, old), rows, columns, 1 / sizes[rows])


def target_sizes(name: str, output_size: Any, shape: Any, m: int) -> tuple[int, ...]:
    """One length for each dimension; None leaves it as it is."""
    if m > 1 and not isinstance(output_size, int):
        if len(output_size) >= len(shape):
            raise ValueError(
                f"Input dimension should be at least {len(output_size) + 1}: output_size has "
                f"{len(output_size)} lengths, the input {len(shape)} dimensions"
            )
        output_size = tuple(
            n if g is None else g for g, n in zip(output_size, shape[-len(output_size) :])
        )
    need_ints(name, "output_size", output_size, 2)
    many = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,)
    if len(many) != 1 and m == 1:
        raise RuntimeError(f"{name}() argument 'output_size' should contain one int "
                           f"(got {len(many)})")  # fmt: skip
    if many is not output_size:
        many *= m
    refuse.target_sizes(name, many, shape, m)
    return many


def adaptive_avg_pool(m: int, input: Tensor, output_size: Any) -> Tensor:
    name = f"adaptive_avg_pool{m}d"
    sizes = target_sizes(name, output_size, input._data.shape, m)
    if m == 1:
        return as_images(lambda x: adaptive_avg_pool(2, x, (1, *sizes)), input)
    if m == 2 and sizes == (1, 1) and input._data.shape[-2] != 1:
        return input.mean((-1, -2), keepdim=True)  # as PyTorch
    need_kind("adaptive_avg_pool2d" if m == 2 else "adaptive_avg_pool3d_cpu", input._data, "f")
    matrices = tuple(averaging(n, k) for n, k in zip(input._data.shape[-m:], sizes, strict=True))
    return resample(input, matrices, f"AdaptiveAvgPool{m}DBackward0")


@one_call
def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """Averages of ``output_size`` windows of (nearly) equal length, over (N, C, L)."""
    return adaptive_avg_pool(1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """Averages of windows such that the images come out in ``output_size``.

    >>> import minigrad as mg
    >>> mg.nn.functional.adaptive_avg_pool2d(mg.arange(9.0).reshape(1, 3, 3), 1)
    tensor([[[4.]]])
    """
    return adaptive_avg_pool(2, input, output_size)


@one_call
def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """Averages of windows such that the volumes (N, C, D, H, W) come out in ``output_size``."""
    return adaptive_avg_pool(3, input, output_size)


def adaptive_max_pool(m: int, input: Tensor, output_size: Any, return_indices: bool) -> Any:
    name = f"adaptive_max_pool{m}d"
    x = input._data
    spatial, lead = x.shape[-m:], x.shape[:-m]
    sizes = target_sizes(name, output_size, x.shape, m)
    if m == 1:
        return as_images(
            lambda image: adaptive_max_pool(2, image, (1, *sizes), return_indices), input
        )
    need_kind("adaptive_max_pool2d" if m == 2 else "adaptive_max_pool3d_cpu", x, "f")
    index = np.zeros(lead + sizes, np.int64)
    cuts = [bins(n, k) for n, k in zip(spatial, sizes, strict=True)]
    for place in np.ndindex(sizes):
        box = [cuts[d][i] for d, i in enumerate(place)]
        cut: Any = (..., *(slice(a, b) for a, b in box))
        part = x[cut]
        flat = part.reshape(*lead, math.prod(part.shape[-m:]))
        found = np.unravel_index(flat.argmax(-1), part.shape[-m:])
        at = tuple(f + a for f, (a, _) in zip(found, box, strict=True))
        index[(..., *place)] = np.ravel_multi_index(at, spatial)
    params = {"index": index, "shape": spatial, "name": f"AdaptiveMaxPool{m}DBackward0"}
    values = apply(MaxPool, (input,), params)
    return (values, make(index)) if return_indices else values


@one_call
def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest number of each of ``output_size`` windows, over (N, C, L)."""
    return adaptive_max_pool(1, input, output_size, return_indices)


@one_call
def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest numbers of windows such that the images come out in ``output_size``."""
    return adaptive_max_pool(2, input, output_size, return_indices)


@one_call
def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest numbers of windows such that the volumes come out in ``output_size``."""
    return adaptive_max_pool(3, input, output_size, return_indices)


@one_call
def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Any:
    """``adaptive_max_pool1d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return adaptive_max_pool1d(input, output_size, True)


@one_call
def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Any:
    """``adaptive_max_pool2d`` and where the numbers stood (whatever ``return_indices`` says)."""
    return adaptive_max_pool2d(input, output_size, True)
