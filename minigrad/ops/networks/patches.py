"""Patches of images side by side as columns (unfold), and put back (fold)."""

from __future__ import annotations

import math
from typing import Any

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import patches as refuse
from ...refusals.words import need_kind
from .windows import add_windows, out_sizes, padded, windows

# --- the operations ----------------------------------------------------------------------------


class Im2Col(Op):
    formula = r"y = \text{ the windows of } x \text{ as columns}"
    linear = True

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
    linear = True

    def forward(x, *, size, kernel, stride, padding, dilation):
        n, rows = x.shape[:2]
        channels = rows // math.prod(kernel)
        out = out_sizes(size, kernel, stride, padding, dilation)
        cols = x.reshape(n, channels, *kernel, *out)
        return add_windows(cols, (n, channels, *size), stride, padding, dilation)

    def vjp_x(g, kernel, stride, padding, dilation, xp):
        r"\text{the windows of } \bar y"
        return xp.im2col(g, kernel=kernel, stride=stride, padding=padding, dilation=dilation)


def im2col(input: Tensor, **params: Any) -> Tensor:
    return apply(Im2Col, (input,), params)


def col2im(input: Tensor, **params: Any) -> Tensor:
    return apply(Col2Im, (input,), params)


# --- the functions -----------------------------------------------------------------------------


def unfold(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """The windows of images (N, C, H, W) as columns: (N, C * kernel, windows).

    >>> import minigrad as mg
    >>> mg.nn.functional.unfold(mg.arange(4.0).reshape(1, 1, 2, 2), (1, 2))
    tensor([[[0., 2.],
             [1., 3.]]])
    """
    shape = input._data.shape
    refuse.unfold(shape)
    if len(shape) == 3:
        return columns(input.unsqueeze(0), kernel_size, dilation, padding, stride).squeeze(0)
    return columns(input, kernel_size, dilation, padding, stride)


def sliding(given: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """The settings of windows over images, two numbers each."""
    params = {}
    for key, value in given.items():
        params[key] = (value, value) if isinstance(value, int) else tuple(value)
    refuse.sliding(params)
    return params


def columns(x: Tensor, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Tensor:
    given = {"kernel": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    params = sliding(given)
    spatial = x._data.shape[2:]
    out = out_sizes(spatial, **params)
    refuse.no_block(spatial, out, params)
    need_kind("im2col_out_cpu", x._data, "fbc")
    return im2col(x, **params)


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
    stride: Any = 1,
) -> Tensor:  # fmt: skip
    """The transpose of unfold: columns added as windows of images of size ``output_size``."""
    given = {"size": output_size, "kernel": kernel_size, "stride": stride, "padding": padding,
             "dilation": dilation}  # fmt: skip
    params = sliding(given)
    x = input._data
    refuse.matrix(x)
    if x.ndim == 2:
        return fold(
            input.unsqueeze(0), output_size, kernel_size, dilation, padding, stride
        ).squeeze(0)
    k = params["kernel"]
    refuse.row_lengths(x, k)
    sizes = {key: v for key, v in params.items() if key != "size"}
    out = out_sizes(params["size"], **sizes)
    refuse.fold(x, out, params)
    need_kind("col2im_out_cpu", x, "fbc")
    return col2im(input, **params)


register(im2col=(Im2Col, im2col), col2im=(Col2Im, col2im))
