"""Strides that lead out of a tensor's memory."""

from __future__ import annotations

from typing import Any


def as_strided(
    x: Any, size: tuple[int, ...], stride: tuple[int, ...], storage_offset: int | None
) -> None:
    """The view stays in the memory of a contiguous tensor."""
    if len(size) != len(stride):
        raise RuntimeError(
            f"mismatch in length of strides and shape: {len(stride)} strides and {len(size)} "
            "lengths; each dimension needs one of both"
        )
    if not x.flags.c_contiguous:
        raise RuntimeError(
            "as_strided here needs a contiguous tensor, whose memory holds its elements in order "
            "and nothing else: call .contiguous() first"
        )
    offset = storage_offset or 0
    last = offset + sum((n - 1) * s for n, s in zip(size, stride, strict=True))
    if min(stride, default=0) < 0:
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, got strides: "
            f"{list(stride)}: use flip to go backwards"
        )
    if 0 not in size and last >= x.size:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and "
            f"itemsize {x.itemsize} requiring a storage size of {(last + 1) * x.itemsize} are out "
            f"of bounds for storage of size {x.nbytes}: it would read outside the tensor's memory"
        )
