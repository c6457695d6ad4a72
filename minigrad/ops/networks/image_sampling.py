"""Reading images at places between their pixels: spatial transformers (Jaderberg et al. 2015)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful.dtype_names import kind_name
from ...refusals.words import need_dimensions, need_kind
from ..elementwise.comparisons import where
from ..elementwise.limits import clamp


def affine_grid(theta: Tensor, size: Any, align_corners: bool | None = None) -> Tensor:
    """The places (x, y), from -1 to 1, that the affine maps ``theta`` (N, 2, 3) send pixels to.

    size: (N, C, H, W) of the images to be made. The result (N, H, W, 2) is for ``grid_sample``.

    >>> import minigrad as mg
    >>> theta = mg.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
    >>> mg.nn.functional.affine_grid(theta, (1, 1, 1, 2), align_corners=False)
    tensor([[[[-0.5000,  0.0000],
              [ 0.5000,  0.0000]]]])
    """
    if not theta.is_floating_point():
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    if len(size) not in (4, 5):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, "
            f"respectively. Got size {size}."
        )
    if len(size) == 5:
        raise NotImplementedError("affine_grid here makes grids for images only: size (N, C, H, W)")
    if theta.ndim != 3 or tuple(theta.shape[1:]) != (2, 3):
        raise ValueError(
            f"Expected a batch of 2D affine matrices of shape Nx2x3 for size {list(size)}. Got "
            f"{theta.shape}."
        )
    if min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    n, _, h, w = size
    if theta.shape[0] != n:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{n}, 3] but got: "
            f"[{theta.shape[0]}, 3]. There is one map for each of {n} images."
        )
    d = theta._data.dtype

    def places(count: int) -> Any:
        ends = np.linspace(-1, 1, count) if count > 1 else np.zeros(1)
        return ends if align_corners else ends * (count - 1) / count

    y, x = np.meshgrid(places(h), places(w), indexing="ij")
    base = np.stack([x, y, np.ones_like(x)], -1).reshape(1, h * w, 3).astype(d)
    return (make(base) @ theta.transpose(1, 2)).reshape(n, h, w, 2)


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
    if mode not in ("bilinear", "nearest"):
        raise ValueError(
            "nn.functional.grid_sample(): expected mode to be 'bilinear' or 'nearest', but got: "
            f"'{mode}'"
        )
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or "
            f"'reflection', but got: '{padding_mode}'"
        )
    for t, what in ((input, "images"), (grid, "a grid of places")):
        need_dimensions(t, 0, f"{what} for each of a batch")
    if grid.shape[0] != input.shape[0]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with "
            f"sizes {list(input.shape)} and grid with sizes {list(grid.shape)}"
        )
    if grid.shape[-1] != input.ndim - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {input.ndim - 2} in last dimension, but "
            f"got grid with sizes {list(grid.shape)}"
        )
    if (input.ndim, grid.ndim) != (4, 4) and not input.ndim == grid.ndim == 5:
        raise RuntimeError(
            f"grid_sampler(): expected {4 if input.ndim == 4 else 5}D input and grid with same "
            f"number of dimensions, but got input with sizes {list(input.shape)} and grid with "
            f"sizes {list(grid.shape)}"
        )
    if input.ndim != 4:
        raise RuntimeError(
            "grid_sampler(): expected images (N, C, H, W) and a grid (N, H', W', 2) for as many, "
            f"but got input with sizes {list(input.shape)} and grid with sizes {list(grid.shape)}"
        )
    n, _, h, w = input.shape
    if 0 in (h, w):
        raise RuntimeError(
            "grid_sampler(): expected input to have non-empty spatial dimensions, but input has "
            f"sizes {list(input.shape)} with dimension {2 if h == 0 else 3} being empty"
        )
    need_kind("grid_sampler_2d_cpu_kernel_impl", input._data, "f")
    if grid._data.dtype != input._data.dtype:
        raise RuntimeError(
            f"expected scalar type {kind_name(input._data)} but found {kind_name(grid._data)}: "
            "input and grid must have one dtype"
        )
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
        return read(i, j).permute(0, 3, 1, 2)
    i, j = (np.floor(v._data).astype(np.int64) for v in (y, x))
    down = (y - make(i.astype(y._data.dtype))).unsqueeze(-1)
    right = (x - make(j.astype(x._data.dtype))).unsqueeze(-1)
    total = (
        read(i, j) * ((1 - down) * (1 - right)) + read(i, j + 1) * ((1 - down) * right)
        + read(i + 1, j) * (down * (1 - right)) + read(i + 1, j + 1) * (down * right)
    )  # fmt: skip
    return total.permute(0, 3, 1, 2)


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


