"""Which channels cannot be moved."""

from __future__ import annotations

from ...core.tensor import Tensor


def pixel_shuffle(channels: int, r: int) -> None:
    """A factor that is none, or channels that are not r * r times as many."""
    if r <= 0:
        raise RuntimeError(f"pixel_shuffle expects a positive upscale_factor, but got {r}")
    if r * r >= 2**63:
        raise ValueError(
            "upscale factor is too large, (upscale_factor)^2 overflowed: upscale_factor="
            f"{r}"
        )
    if channels % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square "
            f"of upscale_factor, but input.size(-3)={channels} is not divisible by {r * r}"
        )


def pixel_unshuffle(h: int, w: int, r: int) -> None:
    """A factor that is none, or images that it does not divide."""
    if r <= 0:
        raise RuntimeError(f"pixel_unshuffle expects a positive downscale_factor, but got {r}")
    for name, size, d in (("height", h, -2), ("width", w, -1)):
        if size % r:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
                f"input.size({d})={size} is not divisible by {r}"
            )


def channel_shuffle(input: Tensor, groups: int) -> None:
    """Channels that cannot be dealt out to so many groups."""
    if input._data.ndim <= 2:
        raise RuntimeError(
            "channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(input.shape)}"
        )
    if groups <= 0:
        raise RuntimeError(
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        )
    channels = input._data.shape[1]
    if channels % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {channels} channels and {groups} "
            "groups."
        )


def image(name: str, input: Tensor) -> None:
    """What has no channels, rows and columns."""
    if input._data.ndim < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with "
            f"{input._data.ndim} dimension(s)"
        )
