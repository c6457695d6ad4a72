"""Which maps and places do not read an image."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..words import need_dimensions, need_kind


def affine_grid(theta: Tensor, size: Any) -> None:
    """Maps that are not real 2 x 3 matrices, and sizes that are none of images."""
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
    if theta.shape[0] != size[0]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{size[0]}, 3] but "
            f"got: [{theta.shape[0]}, 3]. There is one map for each of {size[0]} images."
        )


def grid_sample(input: Tensor, grid: Tensor, mode: str, padding_mode: str) -> None:
    """Unknown modes, images and places that do not match, and dtypes."""
    if mode not in ("bilinear", "nearest", "bicubic"):
        raise ValueError(
            "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', "
            f"but got: '{mode}'"
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
    if input.ndim == 5 and mode == "bicubic":
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input: images")
    sizes = tuple(input.shape[2:])
    if 0 in sizes:
        raise RuntimeError(
            "grid_sampler(): expected input to have non-empty spatial dimensions, but input has "
            f"sizes {list(input.shape)} with dimension {2 + sizes.index(0)} being empty"
        )
    need_kind("grid_sampler_2d_cpu_kernel_impl", input._data, "f")
    if grid._data.dtype != input._data.dtype:
        raise RuntimeError(
            f"expected scalar type {kind_name(input._data)} but found {kind_name(grid._data)}: "
            "input and grid must have one dtype"
        )
