"""Which windows no image has."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from .dimensions import dim_error


def windows(kernel: Any, stride: Any, padding: Any, dilation: Any) -> None:
    """Windows of no size, that do not move, or that lie in the padding."""
    if 0 in stride:
        raise RuntimeError("stride should not be zero: the windows have to move on")
    for p, k, d in zip(padding, kernel, dilation, strict=True):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > int((d * (k - 1) + 1) / 2):
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but got "
                f"pad={p}, kernel_size={k} and dilation={d}"
            )
    settings = {"kernel size": ("k", kernel), "stride": ("d", stride),
                "dilation": ("dilation", dilation)}  # fmt: skip
    for what, (letter, numbers) in settings.items():
        if min(numbers) <= 0:
            axes = "THW"[-len(numbers) :]
            got = " ".join(f"{letter}{axis}: {n}" for axis, n in zip(axes, numbers))
            raise RuntimeError(f"{what} should be greater than zero, but got {got}")


def no_window(name: str, shape: Any, sizes: Any) -> None:
    """Images (of this shape: channels, lengths) that are smaller than one window."""
    if name == "max_pool1d":
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {sizes[-1]}")
    given = "x".join(str(n) for n in shape)
    made = "x".join(str(n) for n in (shape[0], *(max(n, 0) for n in sizes)))
    raise RuntimeError(
        f"Given input size: ({given}). Calculated output size: ({made}). Output size is too "
        "small"
    )


def rank(name: str, input: Tensor, m: int) -> None:
    """What is not channels and ``m`` spatial dimensions, with or without a batch."""
    shape = input._data.shape
    ndim = len(shape)
    fits = ndim in (m + 1, m + 2)
    if fits and 0 not in shape[-m - 1 :]:
        return
    if name == "avg_pool1d" and not fits:
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {ndim}-dimensional tensor for argument #1 'self' "
            "(while checking arguments for avg_pool1d): batch (may be missing), channels, length"
        )
    if name == "avg_pool2d" and ndim == 0:
        raise IndexError("Dimension specified as -3 but tensor has no dimensions")
    if name == "avg_pool2d" and ndim < 3:
        raise dim_error(-3, ndim)
    if name == "avg_pool1d" or (m == 2 and (fits or name == "avg_pool2d")):
        seen = shape if m == 2 else (*shape[:-1], 1, shape[-1])
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{list(seen)}"
        )
    if fits and m == 3:
        title = name if name == "avg_pool3d" else "max_pool3d_with_indices_out_cpu_template"
        raise RuntimeError(
            f"{title}(): Expected input's non-batch dimensions to have positive length, but input "
            f"has a shape of {list(shape)} and non-batch dimension {shape[-4:].index(0)} has "
            "length zero!"
        )
    if m == 1:
        raise RuntimeError(
            f"{name}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got:{list(input.shape)}"
        )
    raise RuntimeError(
        f"non-empty {m + 1}D or {m + 2}D (batch mode) tensor expected for input, but got one of "
        f"shape {list(input.shape)}: {name} needs channels and {m} spatial dimensions"
    )


def setting(name: str, m: int, what: str, many: Any) -> None:
    """A number of numbers that is neither 1 nor ``m``, and numbers that are too large."""
    if len(many) not in (1, m):
        raise RuntimeError(wrong_length(name, m, what, len(many)))
    if max(many) > 2**31 - 1 and name != "max_pool1d":
        raise RuntimeError(
            f"value cannot be converted to type int without overflow: {what} is larger than any "
            "window"
        )


def wrong_length(name: str, m: int, what: str, n: int) -> str:
    """PyTorch's words for a number of numbers that is neither 1 nor ``m``."""
    if name == "avg_pool1d":
        return f"avg_pool1d() argument '{what}' should contain one int (got {n})"
    if name == "max_pool1d":
        first = "None, an int, " if what == "stride" else "an int, "
        comma = "," if what in ("stride", "padding") else ""
        return (f"max_pool1d() {what} must be {first}list of ints{comma} or tuple of ints of size "
                f"1 but got size {n}")  # fmt: skip
    must = "must be" if name == "avg_pool3d" else "must either be"
    must = "must be either" if what == "dilation" else must
    omitted = "omitted, " if what == "stride" else ""
    number = ("two", "three")[m - 2]
    return f"{name}: {what} {must} {omitted}a single int, or a tuple of {number} ints"


def row(kernel: int, stride: int, padding: int, dilation: int) -> None:
    """``max_pool1d`` has words of its own for settings that cannot be."""
    for what, n in (("kernel_size", kernel), ("stride", stride), ("dilation", dilation)):
        if n <= 0:
            raise RuntimeError(f"max_pool1d() {what} must be greater than zero, but got {n}")
    if padding < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {padding}")
    if padding > kernel // 2:
        raise RuntimeError(
            "max_pool1d() padding should be at most half of kernel size, but got "
            f"padding={padding} and kernel_size={kernel}"
        )
