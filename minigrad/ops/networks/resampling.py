r"""Changing the size of images: adaptive pooling, interpolation, patches, pixel shuffles.

Along one dimension, averaging and interpolating are matrices: row i of $A$ says how much of each
old place goes into new place i. In two dimensions $Y = A_1 X A_2^\top$, and the gradient uses the
transposed matrices, $\bar X = A_1^\top \bar Y A_2$.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.arguments import need_ints
from ..operands import need_kind, need_tensor
from ..reducing.reductions import dim_error
from .pooling import MaxPool, as_images
from .windows import add_windows, out_sizes, padded, windows


class Mixing:
    """A matrix (new length, old length) of which only the entries that are not 0 are kept.

    They are few: two a row for linear interpolation. A full matrix would grow with the square of
    the length.
    """

    def __init__(self, shape: tuple[int, int], rows: Any, columns: Any, weights: Any) -> None:
        order = np.argsort(rows, kind="stable")
        self.shape = shape
        self.rows, self.columns, self.weights = rows[order], columns[order], weights[order]
        self.present, self.starts = np.unique(self.rows, return_index=True)

    @property
    def T(self) -> Mixing:
        """The transposed matrix."""
        return Mixing(self.shape[::-1], self.columns, self.rows, self.weights)

    def mix(self, x: Any) -> Any:
        """``x @ A.T``: the matrix applied along the last dimension."""
        if hasattr(x, "carrying") or not self.rows.size:  # inside vmap, or nothing to mix
            full = np.zeros(self.shape, x.dtype)
            np.add.at(full, (self.rows, self.columns), self.weights)
            return x @ full.T
        y = np.zeros((*x.shape[:-1], self.shape[0]), x.dtype)
        shares = x[..., self.columns] * self.weights.astype(x.dtype)
        y[..., self.present] = np.add.reduceat(shares, self.starts, axis=-1)
        return y


class Resample(Op):
    """``matrices``: a Mixing for each of the last dimensions."""

    formula = r"Y = A_1 X A_2^\top"

    def forward(x, *, matrices, name):
        first = x.ndim - len(matrices)
        if x.dtype == np.uint8:  # pictures: rounded after each dimension, the last one first
            for d, matrix in reversed(list(enumerate(matrices, first))):
                mixed = matrix.mix(np.moveaxis(x, d, -1).astype(np.float64))
                x = np.clip(np.floor(np.moveaxis(mixed, -1, d) + 0.5), 0, 255).astype(np.uint8)
            return np.ascontiguousarray(x)
        for d, matrix in enumerate(matrices, first):
            x = np.moveaxis(matrix.mix(np.moveaxis(x, d, -1)), -1, d)
        return np.ascontiguousarray(x)

    def vjp_x(g, matrices, name, xp):
        r"\bar X = A_1^\top \bar Y A_2"
        return xp.resample(g, matrices=tuple(m.T for m in matrices), name=name)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


class Im2Col(Op):
    formula = r"y = \text{ the windows of } x \text{ as columns}"

    def forward(x, *, kernel, stride, padding, dilation):
        cut = windows(padded(x, padding), kernel, stride, dilation)
        places = math.prod(out_sizes(x.shape[2:], kernel, stride, padding, dilation))
        return cut.reshape(x.shape[0], x.shape[1] * math.prod(kernel), places)

    def vjp_x(g, x_shape, kernel, stride, padding, dilation, xp):
        r"\text{the columns of } \bar y \text{ added where they were cut}"
        return xp.col2im(g, size=x_shape[2:], kernel=kernel, stride=stride, padding=padding,
                         dilation=dilation)  # fmt: skip


class Col2Im(Op):
    formula = r"y = \text{ the columns of } x \text{ added as windows}"

    def forward(x, *, size, kernel, stride, padding, dilation):
        n, rows = x.shape[:2]
        channels = rows // math.prod(kernel)
        out = out_sizes(size, kernel, stride, padding, dilation)
        cols = x.reshape(n, channels, *kernel, *out)
        return add_windows(cols, (n, channels, *size), stride, padding, dilation)

    def vjp_x(g, kernel, stride, padding, dilation, xp):
        r"\text{the windows of } \bar y"
        return xp.im2col(g, kernel=kernel, stride=stride, padding=padding, dilation=dilation)


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


def resample(input: Tensor, matrices: Any, name: str) -> Tensor:
    return apply(Resample, (input,), {"matrices": matrices, "name": name})


def im2col(input: Tensor, **params: Any) -> Tensor:
    return apply(Im2Col, (input,), params)


def col2im(input: Tensor, **params: Any) -> Tensor:
    return apply(Col2Im, (input,), params)


# --- adaptive pooling ----------------------------------------------------------------------------


def bins(old: int, new: int) -> list[tuple[int, int]]:
    """Where the ``new`` windows over ``old`` places start and end; neighbours may overlap."""
    return [(i * old // new, -(-(i + 1) * old // new)) for i in range(new)]


def averaging(old: int, new: int) -> Any:
    """The matrix of an adaptive average pooling."""
    starts, ends = np.array(bins(old, new), int).reshape(-1, 2).T
    sizes = ends - starts
    rows = np.repeat(np.arange(new), sizes)
    columns = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[rows]
    return Mixing((new, old), rows, columns, 1 / sizes[rows])


def target_sizes(name: str, output_size: Any, shape: Any, m: int) -> tuple[int, ...]:
    """One length for each dimension; None leaves it as it is."""
    if m > 1 and not isinstance(output_size, int):
        if len(output_size) >= len(shape):
            raise ValueError(
                f"Input dimension should be at least {len(output_size) + 1}: output_size has "
                f"{len(output_size)} lengths, the input {len(shape)} dimensions"
            )
        output_size = tuple(
            n if g is None else g for g, n in zip(output_size, shape[-len(output_size) :])
        )
    need_ints(name, "output_size", output_size, 2)
    many = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,)
    if len(many) != 1 and m == 1:
        raise RuntimeError(f"{name}() argument 'output_size' should contain one int "
                           f"(got {len(many)})")  # fmt: skip
    if many is not output_size:
        many *= m
    average = name.startswith("adaptive_avg")
    if len(many) != m:
        said = ":" if average else "(): internal error:"
        size = "output_size" if average else "output_size.size()"
        raise RuntimeError(f"{name}{said} {size} must be {m}: one length for each dimension")
    early = m == 1 or not average
    if early:
        check_adaptive(name, shape, m)
    if min(many) < 0 and average:
        spread = ", ".join(str(n) for n in ((1, *many) if m == 1 else many))
        raise RuntimeError(
            f"adaptive_avg_pool{max(m, 2)}d: elements of output_size must be greater than or equal "
            f"to 0 but received {{{spread}}}"
        )
    if min(many) < 0:
        whole = [*shape[:-m], *([1] if m == 1 else []), *many]
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {min(many)}: {whole}: a length is "
            "never negative"
        )
    if not early:
        check_adaptive(name, shape, m)
    if math.prod(many) > 2**40:
        raise MemoryError(f"output_size={list(many)} has too many windows")
    return many


def check_adaptive(name: str, shape: tuple[int, ...], m: int) -> None:
    if len(shape) not in (m + 1, m + 2) and m == 1:
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor for argument #1 "
            f"'self' (while checking arguments for {name}): batch (may be missing), channel, length"
        )
    if len(shape) not in (m + 1, m + 2):
        colon = ":" * name.startswith("adaptive_max")
        raise RuntimeError(
            f"{name}(): Expected {m + 1}D or {m + 2}D tensor, but got{colon} {list(shape)}"
        )
    if name == "adaptive_avg_pool1d":  # an image of one row
        name, shape = "adaptive_avg_pool2d", (*shape[:-1], 1, shape[-1])
    for d in range(len(shape) - 2 if name == "adaptive_avg_pool2d" else 1, len(shape)):
        if shape[d] == 0:
            raise RuntimeError(
                f"{name}(): Expected input to have non-zero size for non-batch dimensions, but "
                f"input has sizes {list(shape)} with dimension {d} being empty"
            )


def adaptive_avg_pool(m: int, input: Tensor, output_size: Any) -> Tensor:
    name = f"adaptive_avg_pool{m}d"
    need_tensor(name, input)
    sizes = target_sizes(name, output_size, input._data.shape, m)
    if m == 1:
        return as_images(lambda x: adaptive_avg_pool(2, x, (1, *sizes)), input)
    if m == 2 and sizes == (1, 1) and input._data.shape[-2] != 1:
        return input.mean((-1, -2), keepdim=True)  # as PyTorch
    need_kind("adaptive_avg_pool2d" if m == 2 else "adaptive_avg_pool3d_cpu", input._data, "f")
    matrices = tuple(averaging(n, k) for n, k in zip(input._data.shape[-m:], sizes, strict=True))
    return resample(input, matrices, f"AdaptiveAvgPool{m}DBackward0")


def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """Averages of ``output_size`` windows of (nearly) equal length, over (N, C, L)."""
    return adaptive_avg_pool(1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """Averages of windows such that the images come out in ``output_size``.

    >>> import minigrad as mg
    >>> mg.nn.functional.adaptive_avg_pool2d(mg.arange(9.0).reshape(1, 3, 3), 1)
    tensor([[[4.]]])
    """
    return adaptive_avg_pool(2, input, output_size)


def adaptive_max_pool(m: int, input: Tensor, output_size: Any, return_indices: bool) -> Any:
    name = f"adaptive_max_pool{m}d"
    x = need_tensor(name, input)._data
    spatial, lead = x.shape[-m:], x.shape[:-m]
    sizes = target_sizes(name, output_size, x.shape, m)
    if m == 1:
        return as_images(
            lambda image: adaptive_max_pool(2, image, (1, *sizes), return_indices), input
        )
    need_kind("adaptive_max_pool2d" if m == 2 else "adaptive_max_pool3d_cpu", x, "f")
    index = np.zeros(lead + sizes, np.int64)
    cuts = [bins(n, k) for n, k in zip(spatial, sizes, strict=True)]
    for place in np.ndindex(sizes):
        box = [cuts[d][i] for d, i in enumerate(place)]
        cut: Any = (..., *(slice(a, b) for a, b in box))
        part = x[cut]
        flat = part.reshape(*lead, math.prod(part.shape[-m:]))
        found = np.unravel_index(flat.argmax(-1), part.shape[-m:])
        at = tuple(f + a for f, (a, _) in zip(found, box, strict=True))
        index[(..., *place)] = np.ravel_multi_index(at, spatial)
    params = {"index": index, "shape": spatial, "name": f"AdaptiveMaxPool{m}DBackward0"}
    values = apply(MaxPool, (input,), params)
    return (values, make(index)) if return_indices else values


def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest number of each of ``output_size`` windows, over (N, C, L)."""
    return adaptive_max_pool(1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest numbers of windows such that the images come out in ``output_size``."""
    return adaptive_max_pool(2, input, output_size, return_indices)


# --- patches -------------------------------------------------------------------------------------


def unfold(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """The windows of images (N, C, H, W) as columns: (N, C * kernel, windows).

    >>> import minigrad as mg
    >>> mg.nn.functional.unfold(mg.arange(4.0).reshape(1, 1, 2, 2), (1, 2))
    tensor([[[0., 2.],
             [1., 3.]]])
    """
    need_tensor("unfold", input)
    shape = input._data.shape
    if len(shape) < 3:
        if not shape:
            raise IndexError("Dimension specified as 1 but tensor has no dimensions")
        raise dim_error(len(shape), len(shape))
    if len(shape) > 4 or 0 in shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(shape)}"
        )
    if len(shape) == 3:
        return columns(input.unsqueeze(0), kernel_size, dilation, padding, stride).squeeze(0)
    return columns(input, kernel_size, dilation, padding, stride)


def sliding(given: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """The settings of windows over images, two numbers each."""
    names = {"size": "output_size", "kernel": "kernel_size"}
    params = {}
    for key, value in given.items():
        params[key] = (value, value) if isinstance(value, int) else tuple(value)
        if len(params[key]) != 2:
            raise RuntimeError(
                f"It is expected {names.get(key, key)} equals to 2, but got size "
                f"{len(params[key])}: give one number for the height and one for the width"
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
    return params


def columns(x: Tensor, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Tensor:
    given = {"kernel": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    params = sliding(given)
    spatial = x._data.shape[2:]
    out = out_sizes(spatial, **params)
    if min(out) < 1:
        raise RuntimeError(
            f"Given input with spatial size {spatial}, kernel_size={params['kernel']}, dilation="
            f"{params['dilation']}, padding={params['padding']}, calculated shape of the array of "
            f"sliding blocks as {out}, but its components must be at least one."
        )
    need_kind("im2col_out_cpu", x._data, "fbc")
    return im2col(x, **params)


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
    stride: Any = 1,
) -> Tensor:  # fmt: skip
    """The transpose of unfold: columns added as windows of images of size ``output_size``."""
    need_tensor("fold", input)
    given = {"size": output_size, "kernel": kernel_size, "stride": stride, "padding": padding,
             "dilation": dilation}  # fmt: skip
    params = sliding(given)
    x = input._data
    if x.ndim not in (2, 3) or 0 in x.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {list(x.shape)}"
        )
    if x.ndim == 2:
        return fold(
            input.unsqueeze(0), output_size, kernel_size, dilation, padding, stride
        ).squeeze(0)
    k = params["kernel"]
    if x.shape[1] % math.prod(k):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input.size(1)={x.shape[1]} and kernel_size={k}."
        )
    sizes = {key: v for key, v in params.items() if key != "size"}
    out = out_sizes(params["size"], **sizes)
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
    need_kind("col2im_out_cpu", x, "fbc")
    return col2im(input, **params)


# --- pixel shuffles ------------------------------------------------------------------------------


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """(*, C r r, H, W) to (*, C, H r, W r): channels become pixels (Shi et al. 2016)."""
    need_tensor("pixel_shuffle", input)
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
    need_tensor("pixel_unshuffle", input)
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
    need_tensor("channel_shuffle", input)
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


for _name, _op, _function in [
    ("resample", Resample, resample), ("im2col", Im2Col, im2col), ("col2im", Col2Im, col2im),
]:  # fmt: skip
    register(_name, _op, _function)
