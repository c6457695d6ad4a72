r"""Pooling: the largest number, the average, or the norm of each window.

Max pooling notes where the largest number stood; its gradient goes there and nowhere else. Average
pooling is linear, so its gradient is its transpose: each output's gradient spread over its window.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import pooling as refuse
from ...refusals.words import need_kind, not_implemented
from .. import capturing
from ..calls import one_call
from ..elementwise.limits import relu
from ..elementwise.signs import abs, sgn
from .windows import add_windows, inside, padded, per_dimension, places


class MaxPool(Op):
    """``index``: for every output the position of its number in the flattened image.

    disjoint: windows do not overlap, so that no number is the largest of two of them.
    """

    formula = r"y_i = \max_{k} x_{s i + d k - p}"
    layout = "channels last"

    def forward(x, *, index, shape, name, disjoint=False):
        return x.reshape(-1).take(positions(index, shape))

    def vjp_x(g, x_shape, index, shape, disjoint, xp):
        r"\bar x_j = \textstyle\sum \bar y_i \text{ over the windows } i \text{ with } x_j = y_i"
        where = (positions(index, shape),)
        sums = xp.index_put_zeros(g, shape=(math.prod(x_shape),), index=where, add=not disjoint)
        return xp.reshape(sums, shape=x_shape)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


def positions(index: Any, shape: Any) -> Any:
    """Positions in each image (of ``shape``) as positions in all the numbers."""
    images = math.prod(index.shape[: -len(shape)])
    starts = np.arange(0, images * math.prod(shape), math.prod(shape) or 1)[:images]
    return index + starts.reshape(*index.shape[: -len(shape)], *[1] * len(shape))


class AvgPool2D(Op):
    """``divisor``: by what each window's sum is divided, an array over the outputs."""

    formula = r"y_i = \tfrac{1}{n_i} \textstyle\sum_k x_{s i + k - p}"
    layout = "channels last"

    def forward(x, *, kernel, stride, padding, divisor):
        m, out = len(kernel), divisor.shape
        wide = reach(x.reshape(-1, 1, *x.shape[-m:]), kernel, stride, padding, out)
        total = sum(wide[at] for _, at in places(kernel, out, stride, (1,) * m))
        mean = (total / divisor.astype(x.dtype)).astype(x.dtype, copy=False)  # whole numbers stay
        return mean.reshape(*x.shape[:-m], *out)

    def vjp_x(g, x_shape, kernel, stride, padding, divisor, xp):
        r"\bar x_j = \textstyle\sum_{i \text{ with } j \text{ in its window}} \bar y_i / n_i"
        return xp.avg_unpool(
            g, shape=x_shape, kernel=kernel, stride=stride, padding=padding, divisor=divisor
        )

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"AvgPool{len(node.params['kernel'])}DBackward0"


class AvgUnpool(Op):
    formula = r"y_j = \textstyle\sum_{i \text{ with } j \text{ in its window}} x_i / n_i"

    def forward(x, *, shape, kernel, stride, padding, divisor):
        m, out = len(kernel), divisor.shape
        images = math.prod(shape[:-m])
        share = (x / divisor.astype(x.dtype)).reshape(images, 1, *[1] * m, *out)
        cols = np.broadcast_to(share, (images, 1, *kernel, *out))
        more = overhang(shape[-m:], kernel, stride, padding, out)
        wide = tuple(n + e for n, e in zip(shape[-m:], more, strict=True))
        y = add_windows(cols, (images, 1, *wide), stride, padding, (1,) * m)
        return y[inside(shape[-m:], (0,) * m)].reshape(shape)

    def vjp_x(g, kernel, stride, padding, divisor, xp):
        r"\text{the average pooling of } \bar y"
        return xp.avg_pool(g, kernel=kernel, stride=stride, padding=padding, divisor=divisor)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"AvgPool{len(node.params['kernel'])}DBackwardBackward0"


def overhang(spatial: Any, kernel: Any, stride: Any, padding: Any, out: Any) -> tuple[int, ...]:
    """How far the last windows reach beyond the padded image (only with ceil_mode)."""
    return tuple(
        max((o - 1) * s + k - n - 2 * p, 0)
        for n, k, s, p, o in zip(spatial, kernel, stride, padding, out, strict=True)
    )


def reach(x: Any, kernel: Any, stride: Any, padding: Any, out: Any, value: Any = 0) -> Any:
    """x padded as far as its windows reach."""
    more = overhang(x.shape[2:], kernel, stride, padding, out)
    wide = padded(x, padding, value)
    if any(more):
        ends = [(0, 0), (0, 0), *((0, e) for e in more)]
        wide = np.pad(wide, ends, constant_values=value)
    return wide


def find_largest(
    x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, out: Any
) -> Any:
    """For every window the position of its largest number (a nan counts as largest)."""
    whole = tuple(n * k for n, k in zip(out, kernel, strict=True))
    if kernel == stride and not any(padding) and set(dilation) == {1} and x.shape[2:] == whole:
        return largest_of_blocks(x, kernel, out)
    spread = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    wide = reach(x, spread, stride, padding, out, lowest)
    numbers = np.full(wide.shape[2:], -1)
    numbers[tuple(slice(p, p + n) for p, n in zip(padding, x.shape[2:], strict=True))] = np.arange(
        math.prod(x.shape[2:])
    ).reshape(x.shape[2:])
    best = np.full((*x.shape[:2], *out), lowest, x.dtype)
    index = np.full(best.shape, -1)
    for _, at in places(kernel, out, stride, dilation):
        here, number = wide[at], numbers[at[2:]]
        better = ((here > best) | (here != here) | (index < 0)) & (number >= 0)
        best = np.where(better, here, best)
        index = np.where(better, number, index)
    return index


def largest_of_blocks(x: Any, kernel: Any, out: Any) -> Any:
    """The same for windows side by side, each of them a block.

    The blocks' first numbers are laid out as one row, their second numbers as the next; comparing
    whole rows is several times faster than to look into each block.
    """
    m = len(kernel)
    sides = [n for pair in zip(out, kernel) for n in pair]  # out, kernel, out, kernel ...
    order = (*range(2, 1 + 2 * m, 2), 0, *range(1, 1 + 2 * m, 2))  # kernel ..., images, out ...
    rows = x.reshape(-1, *sides).transpose(order).reshape(math.prod(kernel), -1)
    best = rows[0]
    place = np.zeros(best.shape, np.uint8 if len(rows) < 256 else np.int64)  # in the block
    for i, here in enumerate(rows[1:], 1):
        np.maximum(place, np.multiply(here > best, i, dtype=place.dtype), out=place)
        best = np.maximum(best, here)
    if x.dtype.kind == "f" and best.size and np.isnan(best.max()):
        for i, here in enumerate(rows):
            place[here != here] = i
    inside, corner = block_positions(x.shape[2:], kernel, out)
    index = inside.take(place.reshape(-1, len(corner)))
    index += corner
    return index.reshape(*x.shape[:2], *out)


@functools.lru_cache(maxsize=64)
def block_positions(spatial: Any, kernel: Any, out: Any) -> tuple[Any, Any]:
    """How far each place of a block is from its first number; where each block's first one is."""
    numbers = np.arange(math.prod(spatial)).reshape(spatial)
    inside = numbers[tuple(slice(k) for k in kernel)].reshape(-1)
    corner = numbers[tuple(slice(None, None, k) for k in kernel)].reshape(-1)
    return inside, corner


def pooled_sizes(
    name: str, shape: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool
) -> tuple[int, ...]:
    """The number of windows along each dimension of an input of this shape, checked."""
    spatial, channels = shape[-len(kernel) :], shape[-1 - len(kernel)]
    if any(padding) or min(*kernel, *stride, *dilation) < 1:
        refuse.windows(kernel, stride, padding, dilation)
    sizes = []
    for n, k, s, p, d in zip(spatial, kernel, stride, padding, dilation, strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        count = (-(-room // s) if ceil_mode else room // s) + 1
        if ceil_mode and (count - 1) * s >= n + p:
            count -= 1  # no window may start outside the image
        sizes.append(count)
    if min(sizes) < 1:
        refuse.no_window(name, (channels, *spatial), sizes)
    return tuple(sizes)


def as_images(function: Any, input: Tensor) -> Any:
    """Run a function of images on sequences, seen as images of one row (as PyTorch does)."""
    out = function(input.unsqueeze(-2))
    return tuple(t.squeeze(-2) for t in out) if isinstance(out, tuple) else out.squeeze(-2)


# --- the functions -------------------------------------------------------------------------------


def max_pool(
    name: str, input: Tensor, kernel: Any, stride: Any, padding: Any, dilation: Any,
    ceil_mode: bool,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The largest numbers and where they stood."""
    m = len(kernel)
    x = input._data.reshape(-1, 1, *input._data.shape[-m:])
    out = pooled_sizes(name, input._data.shape, kernel, stride, padding, dilation, ceil_mode)
    need_kind(f"max_pool{m}d", input._data, "fiu")
    index = capturing.again(find_largest, x, kernel, stride, padding, dilation, out)
    index = index.reshape(*input._data.shape[:-m], *out)
    params = {
        "index": index, "shape": input._data.shape[-m:],
        "name": f"MaxPool{m}DWithIndicesBackward0",
        "disjoint": all(k <= s for k, s in zip(kernel, stride)) and set(dilation) == {1},
    }  # fmt: skip
    return apply(MaxPool, (input,), params), make(index)


def read_windows(
    name: str, m: int, kernel: Any, stride: Any, padding: Any, dilation: Any = 1
) -> Any:
    """The four arguments, one number for each dimension; stride is the kernel unless given."""
    kernel = setting(name, m, "kernel_size", kernel)
    stride = setting(name, m, "stride", kernel if stride is None or stride == () else stride)
    padding = setting(name, m, "padding", padding)
    return kernel, stride, padding, setting(name, m, "dilation", dilation)


def setting(name: str, m: int, what: str, value: Any) -> tuple[int, ...]:
    """One argument of a pooling as a tuple with one number for each dimension."""
    many = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(many) not in (1, m) or max(many) > 2**31 - 1:
        refuse.setting(name, m, what, many)
    return many if len(many) == m else many * m


@one_call
def max_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """The largest number of each window of sequences (N, C, L)."""
    refuse.rank("max_pool1d", input, 1)
    k, s, p, d = read_windows("max_pool1d", 1, kernel_size, stride, padding, dilation)
    if not return_indices:
        refuse.row(k[0], s[0], p[0], d[0])
        need_kind("max_pool1d_impl", input._data, "f")
    rows = ((1, *k), (1, *s), (0, *p), (1, *d))
    both = as_images(lambda x: max_pool("max_pool1d", x, *rows, ceil_mode), input)
    return both if return_indices else both[0]


@one_call
def max_pool2d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """The largest number of each window of images; its gradient goes to where that number stood.

    Args:
        input: images (N, C, H, W), or one image (C, H, W), of real numbers.
        kernel_size: the window's size; one number or one for each of the two dimensions.
        stride: how far the window moves (default: its size).
        padding: so many places at both ends that never are the largest (default 0, at most half a
            window).
        dilation: the distance of a window's elements (default 1).
        ceil_mode: windows may reach beyond the end (default False).
        return_indices: return also where the numbers stood (default False).

    Returns:
        A new tensor (N, C, H', W'); with ``return_indices`` also an int64 tensor of that shape, the
        positions in each flattened image.

    Raises:
        RuntimeError: no image, no window that fits, or settings that make no window.
        NotImplementedError: complex or bool numbers.

    >>> import minigrad as mg
    >>> mg.nn.functional.max_pool2d(mg.arange(4.0).reshape(1, 1, 2, 2), 2)
    tensor([[[[3.]]]])

    Source: PyTorch's documentation of ``torch.nn.functional.max_pool2d``.
    """
    refuse.rank("max_pool2d", input, 2)
    k, s, p, d = read_windows("max_pool2d", 2, kernel_size, stride, padding, dilation)
    both = max_pool("max_pool2d", input, k, s, p, d, ceil_mode)
    return both if return_indices else both[0]


@one_call
def max_pool3d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    """The largest number of each window of volumes (N, C, D, H, W)."""
    refuse.rank("max_pool3d", input, 3)
    k, s, p, d = read_windows("max_pool3d", 3, kernel_size, stride, padding, dilation)
    both = max_pool("max_pool3d", input, k, s, p, d, ceil_mode)
    return both if return_indices else both[0]


def divisors(
    spatial: Any, kernel: Any, stride: Any, padding: Any, out: Any, with_padding: bool,
    override: int | None,
) -> Any:  # fmt: skip
    """How many numbers each window counts: all in the (padded) image, or ``override``."""
    if override is not None:
        if override == 0:
            raise RuntimeError("divisor must be not zero")
        return np.full(out, float(override))
    result = np.ones(())
    for n, k, s, p, o in zip(spatial, kernel, stride, padding, out, strict=True):
        start = np.arange(o) * s - p
        end = np.minimum(start + k, n + p)
        if not with_padding:
            start, end = np.maximum(start, 0), np.minimum(end, n)
        result = result[..., None] * (end - start)
    return result


def avg_pool(
    input: Tensor, kernel: Any, stride: Any, padding: Any, ceil_mode: bool, with_padding: bool,
    override: int | None = None,
) -> Tensor:  # fmt: skip
    m = len(kernel)
    spatial = input._data.shape[-m:]
    ones = (1,) * m
    shape = input._data.shape
    out = pooled_sizes("avg_pool", shape, kernel, stride, padding, ones, ceil_mode)
    need_kind("avg_pool2d" if m == 2 else "avg_pool3d_out_frame", input._data, "f", long=True)
    if m == 3 and input._data.dtype == np.float16:
        raise not_implemented("avg_pool3d_out_frame", input._data, "convert with .float() first")
    counts = divisors(spatial, kernel, stride, padding, out, with_padding, override)
    params = {"kernel": kernel, "stride": stride, "padding": padding, "divisor": counts}
    return apply(AvgPool2D, (input,), params)


@one_call
def avg_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:  # fmt: skip
    """The average of each window of sequences (N, C, L)."""
    refuse.rank("avg_pool1d", input, 1)
    k, s, p, _ = read_windows("avg_pool1d", 1, kernel_size, stride, padding)
    rows = ((1, *k), (1, *s), (0, *p))
    return as_images(lambda x: avg_pool(x, *rows, ceil_mode, count_include_pad), input)


@one_call
def avg_pool2d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Tensor:  # fmt: skip
    """The average of each window of images (N, C, H, W).

    >>> import minigrad as mg
    >>> mg.nn.functional.avg_pool2d(mg.arange(4.0).reshape(1, 1, 2, 2), 2)
    tensor([[[[1.5000]]]])
    """
    refuse.rank("avg_pool2d", input, 2)
    k, s, p, _ = read_windows("avg_pool2d", 2, kernel_size, stride, padding)
    return avg_pool(input, k, s, p, ceil_mode, count_include_pad, divisor_override)


@one_call
def avg_pool3d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Tensor:  # fmt: skip
    """The average of each window of volumes (N, C, D, H, W)."""
    refuse.rank("avg_pool3d", input, 3)
    k, s, p, _ = read_windows("avg_pool3d", 3, kernel_size, stride, padding)
    return avg_pool(input, k, s, p, ceil_mode, count_include_pad, divisor_override)


def lp(input: Tensor, norm_type: float, averaged: Tensor, places: int) -> Tensor:
    """The p-th root of sums of p-th powers, from their averages over ``places`` places."""
    return (sgn(averaged) * relu(abs(averaged))).mul(places).pow(1.0 / norm_type)


@one_call
def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: int, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of sequences."""
    mean = avg_pool1d(input.pow(norm_type), kernel_size, stride, 0, ceil_mode)
    return lp(input, norm_type, mean, kernel_size)


@one_call
def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of images."""
    kernel = per_dimension(kernel_size, 2, "kernel_size", "pooling")
    mean = avg_pool2d(input.pow(norm_type), kernel, stride, 0, ceil_mode)
    return lp(input, norm_type, mean, math.prod(kernel))


@one_call
def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of volumes."""
    kernel = per_dimension(kernel_size, 3, "kernel_size", "pooling")
    mean = avg_pool3d(input.pow(norm_type), kernel, stride, 0, ceil_mode)
    return lp(input, norm_type, mean, math.prod(kernel))


def avg_pool_op(input: Tensor, **params: Any) -> Tensor:
    return apply(AvgPool2D, (input,), params)


def avg_unpool(input: Tensor, **params: Any) -> Tensor:
    return apply(AvgUnpool, (input,), params)


register(avg_pool=(AvgPool2D, avg_pool_op), avg_unpool=(AvgUnpool, avg_unpool))
