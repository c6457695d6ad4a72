"""Fourier transforms of what has no such transform."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name


def numbers(name: str, input: Tensor, real: bool) -> None:
    kind = kind_name(input._data)
    if real and input._data.dtype.kind == "c":
        raise RuntimeError(
            f"{name} expects a real input tensor, but got {kind}: use {name.replace('r', '')} for "
            "complex numbers"
        )
    if kind == "Half":
        raise RuntimeError(f"Unsupported dtype {kind}: convert with .float() first")


def no_dimensions(name: str, input: Tensor, dim: Any) -> None:
    if not input.ndim and dim is not None and len(dim) == 1:
        raise IndexError(
            f"Dimension specified as {dim[0]} but tensor has no dimensions: {name} needs a row of "
            "numbers"
        )


def sizes(s: Any, along: Any, input: Tensor) -> None:
    if s is None:
        return
    if len(s) > input.ndim:
        raise RuntimeError(
            f"Got shape with {len(s)} values but input tensor only has {input.ndim} dimensions."
        )
    if len(s) != len(along):
        raise RuntimeError(
            "When given, dim and shape arguments must have the same length: one size a dimension"
        )
    for n in s:
        if n != -1:
            too_short(n)


def too_short(n: int) -> None:
    if n < 1:
        raise RuntimeError(f"Invalid number of data points ({n}) specified: at least 1 is needed")


def norm(word: Any) -> None:
    if word not in (None, "backward", "forward", "ortho"):
        raise RuntimeError(
            f'Invalid normalization mode: "{word}": give "backward", "forward" or "ortho"'
        )
