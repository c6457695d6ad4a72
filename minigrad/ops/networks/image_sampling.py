"""Reading images at places between their pixels: spatial transformers (Jaderberg et al. 2015)."""

from __future__ import annotations

import itertools
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
    to that of the last). mode: 'bilinear', 'nearest' or 'bicubic' (images only). padding_mode, for
    places outside: 'zeros', 'border' or 'reflection'. Differentiable in both inputs. Volumes
    (N, C, D, H, W) are read at places (x, y, z).

    >>> import minigrad as mg
    >>> x = mg.tensor([[[[0.0, 1.0]]]])
    >>> mg.nn.functional.grid_sample(x, mg.zeros(1, 1, 1, 2), align_corners=False)
    tensor([[[[0.5000]]]])
    """
    refuse.grid_sample(input, grid, mode, padding_mode)
    sizes = input.shape[2:]
    images = np.arange(len(input)).reshape(-1, *[1] * len(sizes))
    pixels = input.movedim(1, -1)
    outside = "zeros" if mode == "bicubic" else padding_mode  # which asks it of each of 16 pixels
    places = [to_pixels(grid[..., -1 - d], n, outside, bool(align_corners))
              for d, n in enumerate(sizes)]  # fmt: skip

    def read(at: Any) -> Tensor:
        """The pixels at these rows, columns (arrays), 0 where there are none; (N, H', W', C)."""
        inside = np.all([(k >= 0) & (k < n) for k, n in zip(at, sizes, strict=True)], axis=0)
        clipped = [make(np.clip(k, 0, n - 1)) for k, n in zip(at, sizes, strict=True)]
        found = pixels[(make(images + 0 * at[0]), *clipped)]
        return where(make(inside[..., None]), found, 0.0)

    def edge(k: Any, n: int) -> Any:
        """Which row (column) is read for row ``k``, of ``n``."""
        if mode != "bicubic" or padding_mode == "zeros":
            return k
        ends = (0.0, n - 1.0) if align_corners else (-0.5, n - 0.5)
        place = within(make(k.astype(np.float64)), *ends, n, padding_mode)
        return np.rint(place._data).astype(np.int64)

    if mode == "nearest":
        total = read([np.rint(v._data).astype(np.int64) for v in places])
    else:
        total = make(np.zeros((), input._data.dtype))
        first = [np.floor(v._data).astype(np.int64) for v in places]
        behind = [v - make(k.astype(v._data.dtype)) for v, k in zip(places, first, strict=True)]
        weights = [cubic(t) if mode == "bicubic" else [1 - t, t] for t in behind]
        start = -1 if mode == "bicubic" else 0
        for steps in itertools.product(range(len(weights[0])), repeat=len(sizes)):
            at = [edge(k + s + start, n) for k, s, n in zip(first, steps, sizes, strict=True)]
            part = read(at)
            for w, s in zip(weights, steps, strict=True):
                part = part * w[s].unsqueeze(-1)
            total = total + part
    return called(total.movedim(-1, 1), f"GridSampler{len(sizes)}DBackward0")


def to_pixels(place: Tensor, count: int, padding_mode: str, align_corners: bool) -> Tensor:
    """Places from -1 to 1 as positions counted in pixels."""
    if align_corners:
        at = (place + 1) * ((count - 1) / 2)
        low, high = 0.0, count - 1.0
    else:
        at = ((place + 1) * count - 1) / 2
        low, high = -0.5, count - 0.5
    return within(at, low, high, count, padding_mode)


def within(at: Tensor, low: float, high: float, count: int, padding_mode: str) -> Tensor:
    """Positions brought inside, as ``padding_mode`` says; mirrored at ``low`` and ``high``."""
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




def cubic(t: Tensor) -> list[Tensor]:
    """The weights of four pixels in a row, for a place ``t`` behind the second (Keys 1981)."""
    a = -0.75  # as PyTorch

    def near(d: Tensor) -> Tensor:
        return ((a + 2) * d - (a + 3)) * d * d + 1

    def far(d: Tensor) -> Tensor:
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    return [far(t + 1), near(t), near(1 - t), far(2 - t)]
