"""Reading images at places between their pixels: spatial transformers (Jaderberg et al. 2015)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...refusals.reasons import image_sampling as refuse
from ..called import called
from ..calls import one_call
from ..elementwise.comparisons import where
from ..elementwise.limits import clamp
from ..making.creation import linspace


@one_call
def affine_grid(theta: Tensor, size: Any, align_corners: bool | None = None) -> Tensor:
    """The places (x, y), from -1 to 1, that the affine maps ``theta`` (N, 2, 3) send pixels to.

    size: (N, C, H, W) of the images to be made. The result (N, H, W, 2) is for ``grid_sample``.

    >>> import minigrad as mg
    >>> theta = mg.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
    >>> mg.nn.functional.affine_grid(theta, (1, 1, 1, 2), align_corners=False)
    tensor([[[[-0.5000,  0.0000],
              [ 0.5000,  0.0000]]]])
    """
    refuse.affine_grid(theta, size)
    n, _, h, w = size
    d = theta._data.dtype

    def places(count: int) -> Any:
        # To the last bit as PyTorch's: at a pixel's middle the gradient jumps.
        ends = linspace(-1, 1, count, dtype=theta.dtype)._data if count > 1 else np.zeros(1, d)
        return ends if align_corners else ends * d.type(count - 1) / d.type(count)

    y, x = np.meshgrid(places(h), places(w), indexing="ij")
    base = np.stack([x, y, np.ones_like(x)], -1).reshape(1, h * w, 3).astype(d)
    grid = (make(base) @ theta.transpose(1, 2)).reshape(n, h, w, 2)
    return called(grid, "AffineGridGeneratorBackward0")


@one_call
def grid_sample(
    input: Tensor, grid: Tensor, mode: str = "bilinear", padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:  # fmt: skip
    """The images ``input`` (N, C, H, W) read at the places ``grid`` (N, H', W', 2).

    A place is (x, y), -1 to 1 from edge to edge (align_corners: from the middle of the first pixel
    to that of the last). mode: 'bilinear' or 'nearest'. padding_mode, for places outside:
    'zeros', 'border' or 'reflection'. Differentiable in both inputs.

    >>> import minigrad as mg
    >>> x = mg.tensor([[[[0.0, 1.0]]]])
    >>> mg.nn.functional.grid_sample(x, mg.zeros(1, 1, 1, 2), align_corners=False)
    tensor([[[[0.5000]]]])
    """
    refuse.grid_sample(input, grid, mode, padding_mode)
    n, _, h, w = input.shape
    x = to_pixels(grid[..., 0], w, padding_mode, bool(align_corners))
    y = to_pixels(grid[..., 1], h, padding_mode, bool(align_corners))
    images = np.arange(n).reshape(n, 1, 1)

    def read(i: Any, j: Any) -> Tensor:
        """The pixels of row i, column j (arrays), 0 where there are none; (N, H', W', C)."""
        inside = (i >= 0) & (i < h) & (j >= 0) & (j < w)
        index = (make(images + 0 * i), make(np.clip(i, 0, h - 1)), make(np.clip(j, 0, w - 1)))
        pixels = input.permute(0, 2, 3, 1)[index]
        return where(make(inside[..., None]), pixels, 0.0)

    if mode == "nearest":
        i, j = (np.rint(v._data).astype(np.int64) for v in (y, x))
        return called(read(i, j).permute(0, 3, 1, 2), "GridSampler2DBackward0")
    i, j = (np.floor(v._data).astype(np.int64) for v in (y, x))
    down = (y - make(i.astype(y._data.dtype))).unsqueeze(-1)
    right = (x - make(j.astype(x._data.dtype))).unsqueeze(-1)
    total = (
        read(i, j) * ((1 - down) * (1 - right)) + read(i, j + 1) * ((1 - down) * right)
        + read(i + 1, j) * (down * (1 - right)) + read(i + 1, j + 1) * (down * right)
    )  # fmt: skip
    return called(total.permute(0, 3, 1, 2), "GridSampler2DBackward0")


def to_pixels(place: Tensor, count: int, padding_mode: str, align_corners: bool) -> Tensor:
    """Places from -1 to 1 as positions counted in pixels."""
    if align_corners:
        at = (place + 1) * ((count - 1) / 2)
        low, high = 0.0, count - 1.0
    else:
        at = ((place + 1) * count - 1) / 2
        low, high = -0.5, count - 0.5
    if padding_mode == "reflection":
        if high == low:
            return at * 0
        away = (at - low).abs()
        period = high - low
        turns = make(np.floor(away._data / period))
        rest = away - turns * period
        at = where(make(turns._data % 2 == 0), rest + low, high - rest)
    if padding_mode in ("border", "reflection"):
        at = clamp(at, 0.0, count - 1.0)
    return at


