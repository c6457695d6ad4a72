"""Pixels and channels moved: channels to pixels and back, channels mixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor


class Shuffle(Op):
    """Reshape, permute, reshape: ``split`` is the shape in between, ``order`` its new order."""

    formula = r"y = x \text{ with its elements in other places}"

    def forward(x, *, split, order, shape, name):
        return x.reshape(split).transpose(order).reshape(shape)

    def vjp_x(g, x_shape, split, order, xp):
        r"\bar y \text{ with its elements back in place}"
        moved = xp.reshape(g, shape=tuple(split[i] for i in order))
        back = xp.permute(moved, dims=tuple(int(i) for i in np.argsort(order)))
        return xp.reshape(back, shape=x_shape)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """(*, C r r, H, W) to (*, C, H r, W r): channels become pixels (Shi et al. 2016)."""
    r = upscale_factor
    lead, channels, h, w = image_shape("pixel_shuffle", input)
    if r <= 0:
        raise RuntimeError(f"pixel_shuffle expects a positive upscale_factor, but got {r}")
    if r * r >= 2**63:
        raise ValueError(
            "upscale factor is too large, (upscale_factor)^2 overflowed: upscale_factor="
            f"{upscale_factor}"
        )
    if channels % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square "
            f"of upscale_factor, but input.size(-3)={channels} is not divisible by {r * r}"
        )
    n = len(lead)
    params = {
        "split": (*lead, channels // (r * r), r, r, h, w),
        "order": (*range(n), n, n + 3, n + 1, n + 4, n + 2),
        "shape": (*lead, channels // (r * r), h * r, w * r), "name": "PixelShuffleBackward0",
    }  # fmt: skip
    return apply(Shuffle, (input,), params)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """(*, C, H r, W r) to (*, C r r, H, W): the reverse of pixel_shuffle."""
    r = downscale_factor
    lead, channels, h, w = image_shape("pixel_unshuffle", input)
    if r <= 0:
        raise RuntimeError(f"pixel_unshuffle expects a positive downscale_factor, but got {r}")
    for name, size, d in (("height", h, -2), ("width", w, -1)):
        if size % r:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
                f"input.size({d})={size} is not divisible by {r}"
            )
    n = len(lead)
    params = {
        "split": (*lead, channels, h // r, r, w // r, r),
        "order": (*range(n), n, n + 2, n + 4, n + 1, n + 3),
        "shape": (*lead, channels * r * r, h // r, w // r), "name": "PixelUnshuffleBackward0",
    }  # fmt: skip
    return apply(Shuffle, (input,), params)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """Channels dealt out anew among groups (Zhang et al. 2017)."""
    if input._data.ndim <= 2:
        raise RuntimeError(
            "channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(input.shape)}"
        )
    if input.ndim <= 2:
        raise RuntimeError(
            "channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(input.shape)}"
        )
    if groups <= 0:
        raise RuntimeError(
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        )
    n, channels, *rest = input._data.shape
    if groups <= 0:
        raise RuntimeError(
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        )
    if channels % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {channels} channels and {groups} "
            "groups."
        )
    params = {
        "split": (n, groups, channels // groups, *rest),
        "order": (0, 2, 1, *range(3, 3 + len(rest))),
        "shape": input._data.shape, "name": "ChannelShuffleBackward0",
    }  # fmt: skip
    return apply(Shuffle, (input,), params)


def image_shape(name: str, input: Tensor) -> tuple[Any, int, int, int]:
    if input._data.ndim < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with "
            f"{input._data.ndim} dimension(s)"
        )
    *lead, channels, h, w = input._data.shape
    return tuple(lead), channels, h, w
