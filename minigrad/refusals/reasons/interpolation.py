"""Which images have no other size."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ..arguments import is_float, is_int
from ..words import not_implemented

SMOOTH = ("bilinear", "bicubic", "lanczos")  # modes that can average
LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3}
MODES = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"


def interpolate(
    mode: str, m: int, size: Any, align_corners: Any, recompute_scale_factor: Any, antialias: bool
) -> None:
    """Options that do not go together."""
    if recompute_scale_factor and size is not None:
        raise ValueError(
            "recompute_scale_factor is not meaningful with an explicit size: leave it out"
        )
    if antialias and (mode not in SMOOTH or m != 2):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires "
            "a 4-D tensor as input: leave antialias=True out here"
        )
    known_mode(mode, m)
    if mode == "lanczos" and align_corners:
        raise ValueError("Lanczos mode does not support align_corners=True: leave it out")
    if mode == "lanczos" and not antialias:
        raise ValueError("Lanczos mode requires antialias=True: add it")
    if mode not in ("area", "nearest", "nearest-exact"):
        if not isinstance(align_corners, (bool, type(None))):
            raise no_such_upsampling(mode, m, antialias, "align_corners must be True or False")


def image(input: Tensor, sizes: Any, mode: str, antialias: bool) -> None:
    """Images without pixels or channels, and dtypes."""
    spatial = input._data.shape[2:]
    m = len(spatial)
    if min((*sizes, *spatial)) <= 0:
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input {spatial} output "
            f"{sizes}"
        )
    if input._data.shape[1] == 0:
        raise RuntimeError(
            f"Non-empty {m + 2}D data tensor expected but got a tensor with sizes "
            f"{list(input._data.shape)}: it has no channel"
        )
    dtype(input, mode, m, antialias)


def dtype(input: Tensor, mode: str, m: int, antialias: bool) -> None:
    """Refuse what PyTorch's kernels do not take: they have names of their own."""
    x = input._data
    if m == 2 and x.dtype == np.uint8:
        return
    if antialias:
        kernel, good = "compute_index_ranges_weights", x.dtype in (np.float32, np.float64)
    elif mode.startswith("nearest"):
        kernel = "upsample_nearest2d_channels_last" if m == 2 else "compute_indices_weights_nearest"
        good = x.dtype.kind == "f" or x.dtype == np.uint8
    else:
        kernel = f"compute_indices_weights_{'cubic' if mode == 'bicubic' else 'linear'}"
        kernel = "upsample_bilinear2d_channels_last" if mode == "bilinear" else kernel
        good = x.dtype.kind == "f"
    if not good:
        raise not_implemented(kernel, x, "convert with .float() first")


def corners(mode: str, align_corners: bool | None) -> None:
    """``align_corners`` where nothing is interpolated."""
    if mode in ("nearest", "area", "nearest-exact") and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear "
            "| bicubic | trilinear"
        )


def known_mode(mode: str, m: int) -> None:
    """A mode that is unknown, or not for so many dimensions."""
    if isinstance(mode, str) and m in (1, 2, 3) and LINEAR.get(mode, m) != m:
        raise NotImplementedError(
            f"Got {m + 2}D input, but {mode} mode needs {LINEAR[mode] + 2}D input: batch, channels "
            "and the spatial dimensions"
        )
    known = (*LINEAR, "nearest", "nearest-exact", "area", *["bicubic", "lanczos"] * (m == 2))
    if m not in (1, 2, 3) or not isinstance(mode, str) or mode not in known:
        raise NotImplementedError(
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {m + 2}D) for the "
            f"modes: {MODES} (got {mode})"
        )


def no_such_upsampling(mode: str, m: int, smoothly: bool, advice: str) -> TypeError:
    """PyTorch's error for an upsampling that it has no function for."""
    stem = "nearest" if mode == "area" else mode.replace("-", "_")
    return TypeError(
        f"upsample_{stem}{m}d{'_aa' * bool(smoothly)}() received an invalid combination of "
        f"arguments: {advice}"
    )


def size_or_factor(size: Any, scale_factor: Any) -> None:
    """Both a size and a factor, or none of them."""
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is None and scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")


def target(
    many: Any, size: Any, scale_factor: Any, spatial: Any, mode: str, antialias: bool
) -> None:
    """Not one number for each dimension, or numbers of another kind."""
    m = len(spatial)
    given = scale_factor if size is None else size
    if len(many) != m:
        what = "output" if size is not None else "scale_factor"
        shown = "output size of" if size is not None else "scale_factor of shape"
        raise ValueError(
            f"Input and {what} must have the same number of spatial dimensions, but got input with "
            f"spatial dimensions of {list(spatial)} and {shown} {given}. Please provide input "
            "tensor in (N, C, d1, d2, ...,dK) format and one number for each of d1 ... dK."
        )
    if size is not None:
        if isinstance(size, (tuple, list)) and not all(map(is_int, many)):
            raise TypeError(
                "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, "
                f"int, int], but got size with types {[type(n) for n in many]}"
            )
        if not all(map(is_int, many)):
            raise no_such_upsampling(
                mode, m, antialias, "size must be a whole number, or one per dimension"
            )
    elif not all(map(is_float, many)):
        raise no_such_upsampling(
            mode, m, antialias, "scale_factor must be a number, or one per dimension"
        )
