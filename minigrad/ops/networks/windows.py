"""Windows that slide over the spatial dimensions of an array: the core of convolution and pooling.

Arrays are (N, C, *spatial) with any number of spatial dimensions. ``windows`` cuts without
copying, by strides; ``add_windows`` is its transpose. Everything here works on NumPy arrays.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ...core.fast_kernels import strided_view

Sizes = tuple[int, ...]


def out_sizes(
    spatial: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes
) -> Sizes:
    """How many windows fit along each dimension."""
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(spatial, kernel, stride, padding, dilation, strict=True)
    )


def padded(x: Any, padding: Sizes, value: Any = 0) -> Any:
    """``x`` with ``padding`` more elements at both ends of each spatial dimension."""
    if not any(padding):
        return x
    shape = x.shape[:2] + tuple(n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True))
    y = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    y[inside(x.shape[2:], padding)] = x
    return y


def inside(spatial: Sizes, padding: Sizes) -> tuple[slice, ...]:
    """Where the array itself is in the padded one."""
    return (slice(None), slice(None)) + tuple(
        slice(p, p + n) for n, p in zip(spatial, padding, strict=True)
    )


def windows(x: Any, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """A view of all windows: shape (N, C, *kernel, *out)."""
    m = len(kernel)
    out = out_sizes(x.shape[2:], kernel, stride, (0,) * m, dilation)
    steps = x.strides[2:]
    strides = x.strides[:2] + tuple(s * d for s, d in zip(steps, dilation, strict=True)) + tuple(
        s * n for s, n in zip(steps, stride, strict=True)
    )
    return strided_view(x, x.shape[:2] + kernel + out, strides)


def places(kernel: Sizes, out: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """For each place in the kernel: the place, and the slices of x that it meets in all windows."""
    for place in itertools.product(*(range(k) for k in kernel)):
        yield place, (slice(None), slice(None)) + tuple(
            slice(i * d, i * d + (n - 1) * s + 1, s)
            for i, d, n, s in zip(place, dilation, out, stride, strict=True)
        )


def add_windows(cols: Any, shape: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Any:
    """An array of ``shape`` where every window (N, C, *kernel, *out) is added where it was cut."""
    m = len(shape) - 2
    kernel, out = cols.shape[2 : 2 + m], cols.shape[2 + m :]
    spatial = shape[2:]
    y = np.zeros(shape[:2] + tuple(n + 2 * p for n, p in zip(spatial, padding, strict=True)),
                 cols.dtype)  # fmt: skip
    for place, part in places(kernel, out, stride, dilation):
        y[part] += cols[(slice(None), slice(None), *place)]
    return y[inside(spatial, padding)] if any(padding) else y


def per_dimension(value: Any, m: int, name: str, what: str = "convolution") -> Sizes:
    """A number or a sequence as a tuple with one number for each spatial dimension."""
    many = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if many and many[0].__class__ is bool:
        raise TypeError(f"{name} must be a whole number, not bool")
    if len(many) == 1:
        return many * m
    if len(many) != m:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {m} values to match the "
            f"{what} dimensions, but got {name}={list(many)}"
        )
    return many
