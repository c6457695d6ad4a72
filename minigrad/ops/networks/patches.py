"""Patches of images side by side as columns (unfold), and put back (fold)."""

from __future__ import annotations

import math
from typing import Any

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.words import need_kind
from ..dimensions import dim_error
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


register(im2col=(Im2Col, im2col), col2im=(Col2Im, col2im))
