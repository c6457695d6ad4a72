"""``interpolate``: images in another size, by a matrix along each dimension (see resampling)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...refusals.reasons import interpolation as refuse
from ..operands import warn
from .adaptive_pooling import adaptive_avg_pool
from .resampling import Mixing, resample

NAMES = {"linear": "Linear", "bilinear": "Bilinear", "trilinear": "Trilinear",
         "bicubic": "Bicubic", "lanczos": "Lanczos", "nearest": "Nearest",
         "nearest-exact": "NearestExact"}  # fmt: skip


def nearest_matrix(old: int, new: int, scale: float, exact: bool) -> Any:
    """Each new place takes one old place."""
    half = np.float32(0.5 if exact else 0)
    source = np.floor((np.arange(new, dtype=np.float32) + half) * np.float32(scale))
    columns = np.minimum(source.astype(int), old - 1)
    return Mixing((new, old), np.arange(new), columns, np.ones(new))


def positions(old: int, new: int, scale: float, align_corners: bool) -> Any:
    """Where the centres of the new places lie among the old ones."""
    i = np.arange(new)
    if align_corners:
        return i * ((old - 1) / (new - 1) if new > 1 else 0.0)
    return (i + 0.5) * scale - 0.5


def linear_matrix(old: int, new: int, scale: float, align_corners: bool) -> Any:
    """Each new place mixes its two old neighbours."""
    where = np.maximum(positions(old, new, scale, align_corners), 0)
    left = np.minimum(where.astype(int), old - 1)
    right = np.minimum(left + 1, old - 1)
    share = np.minimum(where - left, 1)
    rows = np.tile(np.arange(new), 2)
    columns, weights = np.concatenate([left, right]), np.concatenate([1 - share, share])
    return Mixing((new, old), rows, columns, weights)


def cubic_matrix(old: int, new: int, scale: float, align_corners: bool) -> Any:
    """Each new place mixes four old neighbours by Keys' cubic (1981), a = -0.75."""
    where = positions(old, new, scale, align_corners)
    left = np.floor(where).astype(int)
    t = where - left
    a = -0.75

    def near(d: Any) -> Any:
        return ((a + 2) * d - (a + 3)) * d * d + 1

    def far(d: Any) -> Any:
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    columns = [np.clip(left + k, 0, old - 1) for k in (-1, 0, 1, 2)]
    weights = [far(t + 1), near(t), near(1 - t), far(2 - t)]
    rows = np.tile(np.arange(new), 4)
    return Mixing((new, old), rows, np.concatenate(columns), np.concatenate(weights))


def triangle(d: Any) -> Any:
    return np.maximum(1 - d, 0)


def keys_cubic(d: Any) -> Any:
    """Keys' cubic with a = -0.5, as Pillow has it."""
    near, far = (1.5 * d - 2.5) * d * d + 1, ((-0.5 * d + 2.5) * d - 4) * d + 2
    return np.where(d < 1, near, np.where(d < 2, far, 0))


def lanczos(d: Any) -> Any:
    return np.where(d < 3, np.sinc(d) * np.sinc(d / 3), 0)


FILTERS = {"bilinear": (triangle, 1), "bicubic": (keys_cubic, 2), "lanczos": (lanczos, 3)}


def smoothing_matrix(old: int, new: int, scale: float, align_corners: bool, mode: str) -> Any:
    """Each new place averages all the old ones that it covers, so that no detail is skipped."""
    weight, reach = FILTERS[mode]
    if align_corners:
        scale = (old - 1) / (new - 1) if new > 1 else 0.0
    wide = max(scale, 1.0)
    centre = scale * (np.arange(new) + 0.5)[:, None]
    first = np.maximum((centre - reach * wide + 0.5).astype(int), 0)
    last = np.minimum((centre + reach * wide + 0.5).astype(int), old)
    columns = first + np.arange(max(int((last - first).max()), 1))
    weights = np.where(columns < last, weight(np.abs(columns - centre + 0.5) / wide), 0.0)
    weights /= weights.sum(1, keepdims=True)
    rows = np.broadcast_to(np.arange(new)[:, None], columns.shape)
    keep = columns < last
    return Mixing((new, old), rows[keep], columns[keep], weights[keep])


def interpolate(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
    align_corners: bool | None = None, recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:  # fmt: skip
    """``input`` (N, C, *spatial) in another size: ``size``, or ``scale_factor`` times its own.

    mode: 'nearest', 'nearest-exact', 'linear' (3-D input), 'bilinear' or 'bicubic' (4-D),
    'trilinear' (5-D), 'area'. align_corners: the outermost places stay outermost.
    antialias: where the image shrinks, mix all that a new place covers ('bilinear', 'bicubic', and
    'lanczos', which always does).

    >>> import minigrad as mg
    >>> mg.nn.functional.interpolate(mg.tensor([[[1.0, 2.0]]]), scale_factor=2)
    tensor([[[1., 1., 2., 2.]]])
    """
    refuse.corners(mode, align_corners)
    spatial = input._data.shape[2:]
    m = input.dim() - 2
    sizes, factors = target(input, spatial, size, scale_factor, mode, antialias)
    refuse.interpolate(mode, m, size, align_corners, recompute_scale_factor, antialias)
    if mode == "area":
        return adaptive_avg_pool(m, input, sizes)
    refuse.image(input, sizes, mode, antialias)
    if recompute_scale_factor or factors is None:
        scales = [n / k for n, k in zip(spatial, sizes, strict=True)]
    else:
        scales = [1 / f for f in factors]
    corners = bool(align_corners)
    if antialias:
        matrices = tuple(smoothing_matrix(n, k, s, corners, mode)
                         for n, k, s in zip(spatial, sizes, scales, strict=True))  # fmt: skip
        return resample(input, matrices, f"Upsample{NAMES[mode]}2DAaBackward0")
    maker = cubic_matrix if mode == "bicubic" else linear_matrix
    matrices = tuple(
        nearest_matrix(n, k, s, mode == "nearest-exact") if mode.startswith("nearest")
        else maker(n, k, s, corners)
        for n, k, s in zip(spatial, sizes, scales, strict=True)
    )  # fmt: skip
    return resample(input, matrices, f"Upsample{NAMES[mode]}{m}DBackward0")


def target(
    input: Tensor, spatial: Any, size: Any, scale_factor: Any, mode: str, antialias: bool
) -> tuple[tuple[int, ...], Any]:
    """The new sizes, and the factors if those were given."""
    m = len(spatial)
    refuse.size_or_factor(size, scale_factor)
    given = size if size is not None else scale_factor
    many = tuple(given) if isinstance(given, (tuple, list)) else (given,) * m
    refuse.target(many, size, scale_factor, spatial, mode, antialias)
    if size is not None:
        return tuple(int(n) for n in many), None
    factors = [float(f) for f in many]
    if any(abs(n * f) >= 2**63 for n, f in zip(spatial, factors)):
        raise RuntimeError("value cannot be converted to type int64_t without overflow")
    return tuple(math.floor(n * f) for n, f in zip(spatial, factors, strict=True)), factors


def upsample(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:  # fmt: skip
    """The old name of ``interpolate``; warns that it is old, as in PyTorch."""
    warn("`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead.")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """The old name of ``interpolate`` to the nearest pixel; warns that it is old, as in PyTorch."""
    warn("`nn.functional.upsample_nearest` is deprecated. Use `nn.functional.interpolate` instead.")
    return interpolate(input, size, scale_factor, "nearest")


def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """The old name of bilinear ``interpolate``, corners on corners; warns, as in PyTorch."""
    warn(
        "`nn.functional.upsample_bilinear` is deprecated. Use `nn.functional.interpolate` instead."
    )
    return interpolate(input, size, scale_factor, "bilinear", align_corners=True)
