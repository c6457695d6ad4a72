"""Pixels and channels moved: channels to pixels and back, channels mixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import shuffles as refuse


class Shuffle(Op):
    """Reshape, permute, reshape: ``split`` is the shape in between, ``order`` its new order."""

    formula = r"y = x \text{ with its elements in other places}"
    layout = "channels last"

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
    refuse.pixel_shuffle(channels, r)
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
    refuse.pixel_unshuffle(h, w, r)
    n = len(lead)
    params = {
        "split": (*lead, channels, h // r, r, w // r, r),
        "order": (*range(n), n, n + 2, n + 4, n + 1, n + 3),
        "shape": (*lead, channels * r * r, h // r, w // r), "name": "PixelUnshuffleBackward0",
    }  # fmt: skip
    return apply(Shuffle, (input,), params)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """Channels dealt out anew among groups (Zhang et al. 2017)."""
    refuse.channel_shuffle(input, groups)
    n, channels, *rest = input._data.shape
    params = {
        "split": (n, groups, channels // groups, *rest),
        "order": (0, 2, 1, *range(3, 3 + len(rest))),
        "shape": input._data.shape, "name": "ChannelShuffleBackward0",
    }  # fmt: skip
    return apply(Shuffle, (input,), params)


def image_shape(name: str, input: Tensor) -> tuple[Any, int, int, int]:
    refuse.image(name, input)
    *lead, channels, h, w = input._data.shape
    return tuple(lead), channels, h, w
