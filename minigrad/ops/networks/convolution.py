r"""Convolution in any number of dimensions, and its transpose.

A convolution is one sum of products of three kinds of numbers, input $x$, kernel $w$ and output
gradient $\bar y$. Fixing two of them gives three functions, and each one's gradients are the other
two:

* ``Convolution``: from x and w to y,
* ``ConvInput``: from y and w back to x (this is the transposed convolution),
* ``ConvWeight``: from y and x to w.

All three lay out the windows of x as the columns of a matrix ("im2col", Chellapilla et al. 2006)
and then do one matrix product. Shapes: x (N, C, *spatial), w (O, C / groups, *kernel).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import convolution as refuse
from ..calls import one_call
from .padding import pad
from .windows import add_windows, out_sizes, padded, per_dimension, windows


def columns(
    x: Any, kernel: Any, out: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    """The first ``out`` windows of x as matrices: (N, groups, C / groups * kernel, windows)."""
    cut = windows(padded(x, padding), kernel, stride, dilation)
    cut = cut[(..., *(slice(n) for n in out))]
    return cut.reshape(x.shape[0], groups, x.shape[1] // groups * math.prod(kernel), -1)


def convolve(x: Any, w: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """The convolution of arrays: kernels (as rows) times windows (as columns)."""
    kernel = w.shape[2:]
    out = out_sizes(x.shape[2:], kernel, stride, padding, dilation)
    if x.shape[0] == 0:
        return np.zeros((0, w.shape[0], *out), x.dtype)
    cols = columns(x, kernel, out, stride, padding, dilation, groups)
    rows = w.reshape(groups, w.shape[0] // groups, -1)
    return np.matmul(rows, cols).reshape(x.shape[0], w.shape[0], *out)


def first(y: Any, shape: Any, xp: Any) -> Any:
    """Without the windows that only a transposed convolution's output_padding makes room for."""
    return y if xp.shape_of(y) == tuple(shape) else y[tuple(slice(n) for n in shape)]


class Convolution(Op):
    formula = r"y_{o,i} = \textstyle\sum_{c,k} w_{o,c,k}\, x_{c,\, s i + d k - p}"
    bilinear = True
    layout = "channels last"

    def forward(x, w, *, stride, padding, dilation, groups):
        return convolve(x, w, stride, padding, dilation, groups)

    def vjp_x(g, x_shape, w, stride, padding, dilation, groups, xp):
        r"\bar x_{c,j} = \textstyle\sum_{s i + d k - p = j} w_{o,c,k}\, \bar y_{o,i}"
        return xp.conv_input(
            g, w, shape=x_shape, stride=stride, padding=padding, dilation=dilation, groups=groups
        )

    def vjp_w(g, x, w_shape, stride, padding, dilation, groups, xp):
        r"\bar w_{o,c,k} = \textstyle\sum_i \bar y_{o,i}\, x_{c,\, s i + d k - p}"
        return xp.conv_weight(
            g, x, shape=w_shape, stride=stride, padding=padding, dilation=dilation, groups=groups
        )


class ConvolutionBias(Convolution):
    formula = r"y_{o,i} = b_o + \textstyle\sum_{c,k} w_{o,c,k}\, x_{c,\, s i + d k - p}"
    title = "ConvolutionBackward0"
    bilinear = False

    def forward(x, w, b, *, stride, padding, dilation, groups):
        y = convolve(x, w, stride, padding, dilation, groups)
        y += b.reshape(-1, *[1] * (x.ndim - 2))
        return y

    def vjp_b(g, xp):
        r"\bar b_o = \textstyle\sum_i \bar y_{o,i}"
        images = xp.sum(g, dim=0)  # first along the memory, which is faster
        return xp.sum(images, dim=tuple(range(1, len(xp.shape_of(images)))))


class ConvInput(Op):
    """The transpose: every output spreads its kernel over the input. ``shape`` is the input's."""

    formula = r"y_{c,j} = \textstyle\sum_{s i + d k - p = j} w_{o,c,k}\, x_{o,i}"
    title = "ConvolutionBackward0"
    layout = "channels last"

    def forward(x, w, *, shape, stride, padding, dilation, groups):
        n, o = x.shape[:2]
        kernel, out = w.shape[2:], x.shape[2:]
        if n == 0:
            return np.zeros(shape, x.dtype)
        rows = w.reshape(groups, o // groups, -1).swapaxes(1, 2)
        cols = np.matmul(rows, x.reshape(n, groups, o // groups, -1))
        cols = cols.reshape(n, shape[1], *kernel, *out)
        return add_windows(cols, shape, stride, padding, dilation)

    def vjp_x(g, x_shape, w, stride, padding, dilation, groups, xp):
        r"\bar x = w * \bar y"
        y = xp.convolution(
            g, w, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        return first(y, x_shape, xp)

    def vjp_w(g, x, w_shape, stride, padding, dilation, groups, xp):
        r"\bar w_{o,c,k} = \textstyle\sum_i x_{o,i}\, \bar y_{c,\, s i + d k - p}"
        return xp.conv_weight(
            x, g, shape=w_shape, stride=stride, padding=padding, dilation=dilation, groups=groups
        )


class ConvInputBias(ConvInput):
    formula = r"y_{c,j} = b_c + \textstyle\sum_{s i + d k - p = j} w_{o,c,k}\, x_{o,i}"

    def forward(x, w, b, *, shape, stride, padding, dilation, groups):
        y = ConvInput.forward(x, w, shape=shape, stride=stride, padding=padding,
                              dilation=dilation, groups=groups)  # fmt: skip
        y += b.reshape(-1, *[1] * (x.ndim - 2))
        return y

    vjp_b = ConvolutionBias.vjp_b


class ConvWeight(Op):
    formula = r"y_{o,c,k} = \textstyle\sum_i g_{o,i}\, x_{c,\, s i + d k - p}"
    title = "ConvolutionBackward0"

    def forward(g, x, *, shape, stride, padding, dilation, groups):
        n, o = g.shape[:2]
        if n == 0:
            return np.zeros(shape, x.dtype)
        cols = columns(x, shape[2:], g.shape[2:], stride, padding, dilation, groups)
        rows = g.reshape(n, groups, o // groups, -1)
        return np.matmul(rows, cols.swapaxes(2, 3)).sum(axis=0).reshape(shape)

    def vjp_g(gw, g_shape, x, stride, padding, dilation, groups, xp):
        r"\bar g = \bar y * x"
        y = xp.convolution(
            x, gw, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        return first(y, g_shape, xp)

    def vjp_x(gw, g, x_shape, stride, padding, dilation, groups, xp):
        r"\bar x_{c,j} = \textstyle\sum_{s i + d k - p = j} \bar y_{o,c,k}\, g_{o,i}"
        return xp.conv_input(
            g, gw, shape=x_shape, stride=stride, padding=padding, dilation=dilation, groups=groups
        )


def convolution(input: Tensor, weight: Tensor, **params: Any) -> Tensor:
    return apply(Convolution, (input, weight), params)


def conv_input(input: Tensor, weight: Tensor, **params: Any) -> Tensor:
    return apply(ConvInput, (input, weight), params)


def conv_weight(g: Tensor, input: Tensor, **params: Any) -> Tensor:
    return apply(ConvWeight, (g, input), params)


# --- the functions -------------------------------------------------------------------------------


def conv(
    m: int, input: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any,
    dilation: Any, groups: int,
) -> Tensor:  # fmt: skip
    """A convolution in ``m`` dimensions."""
    refuse.operands(f"conv{m}d", input, weight, bias, m)
    stride = per_dimension(stride, m, "stride")
    dilation = per_dimension(dilation, m, "dilation")
    if isinstance(padding, str):
        input, padding = by_name(input, weight, padding, stride, dilation)
    padding = per_dimension(padding, m, "padding")
    refuse.settings(stride, padding, dilation)
    if input._data.ndim == m + 1:
        batch = input.unsqueeze(0)
        return conv(m, batch, weight, bias, stride, padding, dilation, groups).squeeze(0)
    x, w = input._data, weight._data
    refuse.channels(x, w, bias, groups, False)
    refuse.large_kernel(x, w, padding, dilation)
    refuse.dtypes(f"conv{m}d", input, weight, bias, m)
    params = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if bias is None:
        return apply(Convolution, (input, weight), params)
    return apply(ConvolutionBias, (input, weight, bias), params)


def by_name(
    input: Tensor, weight: Tensor, name: str, stride: Any, dilation: Any
) -> tuple[Tensor, Any]:
    """padding='valid' is none; 'same' keeps the size, one more at the end where it is uneven."""
    if name == "valid":
        return input, 0
    if name != "same":
        raise RuntimeError(f"Invalid padding string: '{name}'")
    if any(s != 1 for s in stride):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    total = [d * (k - 1) for k, d in zip(weight._data.shape[2:], dilation, strict=True)]
    if any(t % 2 for t in total):
        extra = [n for t in reversed(total) for n in (0, t % 2)]
        input = pad(input, tuple(extra))
    return input, tuple(t // 2 for t in total)


@one_call
def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    dilation: Any = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """Kernels slid along sequences: input (N, C, L), weight (O, C / groups, K) to (N, O, L').

    padding: a number of zeros at both ends, 'same' or 'valid'.

    >>> import minigrad as mg
    >>> x, w = mg.tensor([[[1.0, 2.0, 4.0]]]), mg.tensor([[[-1.0, 1.0]]])
    >>> mg.nn.functional.conv1d(x, w)
    tensor([[[1., 2.]]])
    """
    return conv(1, input, weight, bias, stride, padding, dilation, groups)


@one_call
def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    dilation: Any = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """Kernels slid over images: ``y[o, i, j] = b[o] + sum(w[o] * window(i, j))`` for every place.

    Args:
        input: images (N, C, H, W), or one image (C, H, W).
        weight: kernels (O, C / groups, kH, kW), in the dtype of ``input``.
        bias: (O,), or None (the default) for none.
        stride: how far a kernel moves; one number, or one for each dimension (default 1).
        padding: so many zeros at both ends (default 0), "same" (keeps the size) or "valid" (none).
        dilation: the distance of a kernel's elements (default 1).
        groups: channels are split into so many groups that do not see each other (default 1).

    Returns:
        A new tensor (N, O, H', W'), ``H' = (H + 2 padding - dilation (kH - 1) - 1) // stride + 1``.

    Raises:
        RuntimeError: dimensions, channels, groups, sizes or dtypes that do not fit.

    >>> import minigrad as mg
    >>> mg.nn.functional.conv2d(mg.ones(1, 1, 3, 3), mg.ones(1, 1, 2, 2)).shape
    torch.Size([1, 1, 2, 2])

    Source: PyTorch's documentation of ``torch.nn.functional.conv2d``; Dumoulin and Visin (2016), A
    guide to convolution arithmetic for deep learning.
    """
    return conv(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    dilation: Any = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """Kernels slid through volumes: input (N, C, D, H, W), weight (O, C / groups, kD, kH, kW)."""
    return conv(3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose(
    m: int, input: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any,
    output_padding: Any, groups: int, dilation: Any,
) -> Tensor:  # fmt: skip
    """A transposed convolution in ``m`` dimensions."""
    refuse.operands(f"conv_transpose{m}d", input, weight, bias, m)
    stride = per_dimension(stride, m, "stride")
    padding = per_dimension(padding, m, "padding")
    dilation = per_dimension(dilation, m, "dilation")
    extra = per_dimension(output_padding, m, "output_padding")
    refuse.settings(stride, padding, dilation)
    if input._data.ndim == m + 1:
        batch = input.unsqueeze(0)
        return conv_transpose(
            m, batch, weight, bias, stride, padding, extra, groups, dilation
        ).squeeze(0)
    x, w = input._data, weight._data
    refuse.channels(x, w, bias, groups, True)
    refuse.dtypes(f"conv_transpose{m}d", input, weight, bias, m)
    refuse.output_padding(x, extra, stride, dilation, m)
    spatial = tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + e + 1
        for n, s, p, d, k, e in zip(x.shape[2:], stride, padding, dilation, w.shape[2:], extra,
                                    strict=True)
    )  # fmt: skip
    refuse.too_small(x, spatial)
    params = {
        "shape": (x.shape[0], w.shape[1] * groups, *spatial), "stride": stride, "padding": padding,
        "dilation": dilation, "groups": groups,
    }  # fmt: skip
    if bias is None:
        return apply(ConvInput, (input, weight), params)
    return apply(ConvInputBias, (input, weight, bias), params)


def conv_transpose1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    output_padding: Any = 0, groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    """The transpose of conv1d: input (N, O, L), weight (O, C / groups, K)."""
    return conv_transpose(
        1, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    output_padding: Any = 0, groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    """The transpose of conv2d, which makes images larger: weight (O, C / groups, kH, kW).

    >>> import minigrad as mg
    >>> mg.nn.functional.conv_transpose2d(mg.ones(1, 1, 1, 1), mg.ones(1, 1, 2, 2), stride=2)
    tensor([[[[1., 1.],
              [1., 1.]]]])
    """
    return conv_transpose(
        2, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    output_padding: Any = 0, groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    """The transpose of conv3d."""
    return conv_transpose(
        3, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


register(
    convolution=(Convolution, convolution), conv_input=(ConvInput, conv_input),
    conv_weight=(ConvWeight, conv_weight),
)  # fmt: skip
