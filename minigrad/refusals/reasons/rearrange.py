"""Orders, turns, repeats and windows that a tensor does not have."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.tensor import Tensor
from ..words import not_implemented


def fliplr(input: Tensor) -> None:
    """There are columns to exchange."""
    if input._data.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.: fliplr exchanges columns, use flip(x, [0])")


def flipud(input: Tensor) -> None:
    """There are rows to exchange."""
    if input._data.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.: a 0-d tensor has no order to reverse")


def shifts(n: int, m: int) -> NoReturn:
    """There is one shift for each dimension."""
    raise RuntimeError(
        f"shifts and dimensions must align. shifts: {n}, dims:{m}: give one shift for "
        "each dimension"
    )


def roll(along: Any) -> NoReturn:
    """One number cannot be moved."""
    raise IndexError(
        f"Dimension specified as {along[0]} but tensor has no dimensions: one number cannot be "
        "moved"
    )


def rot90(dims: Any, n: int) -> None:
    """Two dimensions span the plane that is turned."""
    if len(dims) != 2:
        raise RuntimeError(
            f"expected total rotation dims == 2, but got dims = {len(dims)}: two dimensions span "
            "the plane that is turned"
        )
    if n < 2:
        raise RuntimeError(
            f"expected total dims >= 2, but got total dims = {n}: a plane has two dimensions"
        )


def rot90_plane(dims: Any, d0: Any, d1: Any) -> None:
    """Two different dimensions span the plane that is turned."""
    if d0 == d1:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}"
            ": two dimensions span the plane that is turned"
        )


def repeat(times: tuple[int, ...], have: tuple[int, ...]) -> None:
    """There is a number of repeats for each dimension."""
    if len(times) < len(have):
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            f"tensor: give {len(have)} numbers, 1 where nothing is repeated"
        )
    lengths = (1,) * (len(times) - len(have)) + have
    if any(r < 0 for r in times):
        shape = [r * n for r, n in zip(times, lengths, strict=True)]
        bad = next(r * n for r, n in zip(times, lengths, strict=True) if r < 0)
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {bad}: {shape}: it counts how often"
        )


def repeat_interleave(input: Any, counts: Any, d: int) -> None:
    """The counts (an array) are whole numbers, one for each slice or one for all."""
    if counts.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor: one count for each slice")
    if counts.dtype.kind in "iu" and (counts < 0).any():
        raise RuntimeError(
            f"Repeats must be non-negative, got {counts.min()}: they count how often"
        )
    n = input._data.shape[d]
    if counts.ndim and counts.size not in (1, n):
        raise RuntimeError(
            f"repeats must have the same size as input along dim, but got repeats.size(0) = "
            f"{counts.size} and input.size({d}) = {n}: one count for each element, or one for all"
        )
    if counts.dtype.kind not in "iu":
        raise not_implemented("repeat_interleave_cpu", counts, "repeats count: use .long()")


def unfold(d: int, n: int, size: int, step: int) -> None:
    """The window is not longer than the dimension, which has length n, and moves on."""
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0: it is a length")
    if size > n:
        raise RuntimeError(
            f"maximum size for tensor at dimension {d} is {n} but size is {size}: the window is "
            "longer than the tensor"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0: the window has to move on")
