"""Which images have no patches, and which patches no image."""

from __future__ import annotations

import math
from typing import Any

from .dimensions import dim_error


def unfold(shape: Any) -> None:
    """What is no image, or has no pixels."""
    if len(shape) < 3:
        if not shape:
            raise IndexError("Dimension specified as 1 but tensor has no dimensions")
        raise dim_error(len(shape), len(shape))
    if len(shape) > 4 or 0 in shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(shape)}"
        )


def no_block(spatial: Any, out: Any, params: dict[str, Any]) -> None:
    """Images that are smaller than one window."""
    if min(out) < 1:
        raise RuntimeError(
            f"Given input with spatial size {spatial}, kernel_size={params['kernel']}, dilation="
            f"{params['dilation']}, padding={params['padding']}, calculated shape of the array of "
            f"sliding blocks as {out}, but its components must be at least one."
        )


def matrix(x: Any) -> None:
    """What is no matrix of columns."""
    if x.ndim not in (2, 3) or 0 in x.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {list(x.shape)}"
        )


def row_lengths(x: Any, k: Any) -> None:
    """Columns that are not as long as kernels."""
    if x.shape[1] % math.prod(k):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input.size(1)={x.shape[1]} and kernel_size={k}."
        )


def fold(x: Any, out: Any, params: dict[str, Any]) -> None:
    """A number of columns that is not the number of windows."""
    k = params["kernel"]
    if min(out) < 1 and x.shape[2] != math.prod(out):
        pass  # said below
    elif min(out) < 1:
        raise RuntimeError(
            f"Given output_size={params['size']}, kernel_size={k}, dilation={params['dilation']}, "
            f"padding={params['padding']}, stride={params['stride']}, calculated shape of the "
            f"array of sliding blocks as {out}, which is too small (non-positive)"
        )
    if x.shape[2] != math.prod(out):
        raise RuntimeError(
            f"Given output_size={params['size']}, kernel_size={k}, dilation={params['dilation']}, "
            f"padding={params['padding']}, stride={params['stride']}, expected size of input's "
            f"dimension 2 to match the calculated number of sliding blocks {out[0]} * {out[1]} = "
            f"{math.prod(out)}, but got input.size(2)={x.shape[2]}."
        )


def sliding(params: dict[str, Any]) -> None:
    """Settings that are not two numbers each, or no sizes of windows."""
    names = {"size": "output_size", "kernel": "kernel_size"}
    for key, value in params.items():
        if len(value) != 2:
            raise RuntimeError(
                f"It is expected {names.get(key, key)} equals to 2, but got size {len(value)}: "
                "give one number for the height and one for the width"
            )
    for key, what, word in (("kernel", "kernel size", "kernel"), ("dilation",) * 3,
                            ("padding", "padding", "pad"), ("stride",) * 3):  # fmt: skip
        least = 0 if key == "padding" else 1
        if min(params[key]) < least:
            must = "be greater than zero" if least else "be non-negative"
            h, w = params[key]
            raise RuntimeError(
                f"{what} should {must}, but got {word}_height: {h} {word}_width: {w}"
            )
