r"""Normalisation: shift and scale groups of numbers to mean 0 and variance 1.

All are the same formula, $\hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}$ followed by
$y = w \hat x + b$; they differ in which numbers share a mean $\mu$ and a variance $\sigma^2$:
those of one sample (layer norm), of one channel over the batch (batch norm), of one channel of one
sample (instance norm), of a group of channels of one sample (group norm). So all share one vjp.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import normalisation as refuse
from ...refusals.words import need_kind
from .. import capturing
from ..calls import one_call
from ..elementwise.arithmetic import convert
from ..elementwise.exponentials import sqrt
from ..shaping.rearrange import unfold
from ..shaping.shape import reshape
from ..writing.inplace import bump
from .padding import pad

SHARED_VJP = r"""
\bar x = \tfrac{1}{\sqrt{\sigma^2 + \epsilon}} \left(u - \mathrm{mean}(u) -
\hat x\,\mathrm{mean}(u \hat x)\right),\ u = w \bar y;\quad
\bar w = \textstyle\sum \bar y \hat x,\quad \bar b = \sum \bar y
"""


def statistics(x: Any, dim: Any, eps: float) -> tuple[Any, Any]:
    """x less its mean over ``dim``, and 1 / its standard deviation."""
    n = x.dtype.type(max(math.prod(x.shape[d] for d in dim), 1))
    centred = x - np.add.reduce(x, axis=dim, keepdims=True) / n
    var = np.add.reduce(centred * centred, axis=dim, keepdims=True) / n
    return centred, 1 / np.sqrt(var + x.dtype.type(eps))


def standardise(x: Any, dim: Any, eps: float, xp: Any) -> tuple[Any, Any]:
    """The same in a formula: the standardised x, and 1 / its standard deviation."""
    if xp.first_order:
        centred, scale = statistics(x, dim, eps)
        return centred * scale, scale
    centred = x - xp.mean(x, dim=dim, keepdim=True)
    scale = 1 / xp.sqrt(xp.mean(centred * centred, dim=dim, keepdim=True) + eps)
    return centred * scale, scale


def standardise_vjp(u: Any, x_hat: Any, scale: Any, dim: Any, xp: Any) -> Any:
    """The gradient of x, given the gradient ``u`` of the standardised x."""
    mean_u = xp.mean(u, dim=dim, keepdim=True)
    mean_ux = xp.mean(u * x_hat, dim=dim, keepdim=True)
    return scale * (u - mean_u - x_hat * mean_ux)


class NativeLayerNorm(Op):
    formula = r"y = w \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + b"

    def forward(x, w, b, *, dim, eps):
        centred, scale = statistics(x, dim, eps)
        return centred * scale * w + b

    def vjp(g, needs, x, w, dim, eps, xp):
        x_hat, scale = standardise(x, dim, eps, xp)
        gx = standardise_vjp(g * w, x_hat, scale, dim, xp) if needs[0] else None
        return gx, g * x_hat if needs[1] else None, g if needs[2] else None

    vjp.__doc__ = SHARED_VJP


class NativeBatchNorm(NativeLayerNorm):
    """Per channel (dimension 1); ``w`` and ``b`` are shaped to broadcast against x."""

    formula = r"y = w \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + b"
    layout = "channels last"


class NativeGroupNorm(Op):
    """x in the shape (N, groups, channels of a group, rest)."""

    formula = r"y = w \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + b"
    layout = "channels last"

    def forward(x, w, b, *, groups, eps):
        split = x.reshape(x.shape[0], groups, math.prod(x.shape[1:]) // groups)
        centred, scale = statistics(split, (2,), eps)
        return (centred * scale).reshape(x.shape) * w + b

    def vjp(g, needs, x, w, groups, eps, xp):
        shape = xp.shape_of(x)
        split = (shape[0], groups, math.prod(shape[1:]) // groups)
        x_hat, scale = standardise(xp.reshape(x, shape=split), (2,), eps, xp)
        gx = gw = None
        if needs[0]:
            u = xp.reshape(g * w, shape=split)
            gx = xp.reshape(standardise_vjp(u, x_hat, scale, (2,), xp), shape=shape)
        if needs[1]:
            gw = g * xp.reshape(x_hat, shape=shape)
        return gx, gw, g if needs[2] else None

    vjp.__doc__ = SHARED_VJP


class FixedBatchNorm(Op):
    """Batch norm in evaluation: mean and variance are given numbers."""

    formula = r"y = w \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + b"
    title = "NativeBatchNormBackward0"
    layout = "channels last"

    def forward(x, w, b, *, mean, scale):
        return (x - mean) * (scale * w) + b

    def vjp_x(g, w, scale, xp):
        r"\bar y \odot w / \sqrt{\sigma^2 + \epsilon}"
        return g * (xp.constant(scale) * w)

    def vjp_w(g, x, mean, scale, xp):
        r"\textstyle\sum \bar y \odot \hat x"
        return g * ((x - xp.constant(mean)) * xp.constant(scale))

    def vjp_b(g):
        r"\textstyle\sum \bar y"
        return g


# --- the functions -------------------------------------------------------------------------------


def or_constant(t: Tensor | None, value: float, shape: Any, dtype: Any) -> Tensor:
    """A weight or bias in the given shape; left out, a constant without gradient."""
    if t is None:
        return make(np.full((1,) * len(shape), value, dtype))
    return t if t._data.shape == tuple(shape) else reshape(t, shape)


def normalised(op: type[Op], input: Tensor, w: Tensor, b: Tensor, params: Any) -> Tensor:
    """``op`` of the input; with float32 parameters a float16 input is computed in float32."""
    d = input._data.dtype
    if w._data.dtype == d == b._data.dtype:
        return apply(op, (input, w, b), params)
    wide = np.result_type(w._data, b._data)
    return convert(apply(op, (convert(input, wide), w, b), params), d)


def layer_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each sample to mean 0 and variance 1: ``(x - mean) / sqrt(var + eps) * weight + bias``.

    Args:
        input: a floating-point tensor (*, *normalized_shape).
        normalized_shape: the lengths of the last dimensions, over which mean and variance are
            taken; one number for one dimension.
        weight, bias: in that shape, or None (the default) for 1 and 0.
        eps: added to the variance (default 1e-5).

    Returns:
        A new tensor in the shape and dtype of ``input``.

    Raises:
        RuntimeError: shapes or dtypes that do not fit.
        NotImplementedError: ``input`` is not floating-point.

    >>> import minigrad as mg
    >>> mg.nn.functional.layer_norm(mg.tensor([[1.0, 3.0]]), (2,))
    tensor([[-1.0000,  1.0000]])

    Source: Ba, Kiros, Hinton (2016), Layer Normalization.
    """
    shape = lengths(normalized_shape)
    fits = shape and input._data.shape[-len(shape) :] == shape
    if not fits or any(t is not None and t._data.shape != shape for t in (weight, bias)):
        refuse.layer_norm(input, shape, weight, bias)
    dim = tuple(range(input.ndim - len(shape), input.ndim))
    d = input._data.dtype
    w, b = or_constant(weight, 1, shape, d), or_constant(bias, 0, shape, d)
    if w._data.dtype == d == b._data.dtype and d.kind == "f":
        return apply(NativeLayerNorm, (input, w, b), {"dim": dim, "eps": eps})
    refuse.mixed_dtypes(input, weight, bias)
    need_kind("LayerNormKernelImpl", input._data, "f")
    return normalised(NativeLayerNorm, input, w, b, {"dim": dim, "eps": eps})


def lengths(normalized_shape: Any) -> tuple[int, ...]:
    """The lengths of the dimensions that are normalised, as a tuple."""
    return (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)


@one_call
def rms_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Each sample divided by the root mean square of its last dimensions (Zhang, Sennrich 2019)."""
    refuse.rms_norm(input, normalized_shape, weight)
    shape = lengths(normalized_shape)
    refuse.normalized(input, shape, weight, "weight", "*")
    dim = tuple(range(input.ndim - len(shape), input.ndim))
    need_kind("rms_norm", input._data, "fc")
    small = float(np.finfo(input._data.dtype).eps) if eps is None else eps
    y = input * (1 / sqrt((input * input).mean(dim, True) + small))
    y = y if weight is None else y * weight
    return y if y._data.dtype == input._data.dtype else convert(y, input._data.dtype)


@one_call
def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None = None, bias: Tensor | None = None, training: bool = False,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each channel to mean 0 and variance 1: ``(x - mean) / sqrt(var + eps) * weight + bias``.

    Args:
        input: a floating-point tensor (N, C, *).
        running_mean, running_var: (C,), used if not ``training``; None only if ``training``.
        weight, bias: (C,), or None (the default) for 1 and 0.
        training: take mean and variance of this batch, and move ``running_mean`` and
            ``running_var`` towards them in place, the variance unbiased (default False).
        momentum: how far they move, 0 to 1 (default 0.1).
        eps: added to the variance (default 1e-5).

    Returns:
        A new tensor in the shape and dtype of ``input``.

    Raises:
        ValueError: one number a channel while training, or ``eps`` too small.
        RuntimeError: not one number for each channel, two dtypes, or nothing to use.

    >>> import minigrad as mg
    >>> mg.nn.functional.batch_norm(mg.tensor([[1.0], [3.0]]), None, None, training=True)
    tensor([[-1.0000],
            [ 1.0000]])

    Source: Ioffe and Szegedy (2015), Batch Normalization.
    """
    if eps < 0 or training and eps == 0:
        must = "positive during training" if training else "non-negative"
        raise ValueError(f"batch_norm eps must be {must}, but got {eps}")
    return normalise(input, running_mean, running_var, weight, bias, training, momentum, eps)


def normalise(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None,
    bias: Tensor | None, training: bool, momentum: float, eps: float,
) -> Tensor:  # fmt: skip
    x = input._data
    if x.ndim == 1 and not x.size:
        return input.clone()  # of no numbers PyTorch asks nothing more
    channels = x.shape[1] if x.ndim > 1 else 0
    refuse.channels(input, running_mean, running_var, weight, bias, training)
    shape = (1, channels) + (1,) * (x.ndim - 2)
    refuse.mixed_dtypes(input, weight, bias, running_mean, running_var)
    w, b = or_constant(weight, 1, shape, x.dtype), or_constant(bias, 0, shape, x.dtype)
    if not training:
        assert running_mean is not None and running_var is not None
        mean = running_mean._data.reshape(shape)
        var = running_var._data.reshape(shape)
        scale = 1 / np.sqrt(var + var.dtype.type(eps))
        return normalised(FixedBatchNorm, input, w, b, {"mean": mean, "scale": scale})
    refuse.shared_average(x, running_mean, running_var)
    dim = tuple(d for d in range(x.ndim) if d != 1)
    y = normalised(NativeBatchNorm, input, w, b, {"dim": dim, "eps": eps})
    follow(running_mean, running_var, x, dim, momentum)
    return y


@capturing.replayed
def follow(mean: Tensor | None, var: Tensor | None, x: Any, dim: Any, momentum: float) -> None:
    """Move the running averages towards the mean and variance of ``x``."""
    move_towards(mean, x.mean(axis=dim), momentum)
    if var is not None:
        move_towards(var, x.var(axis=dim, ddof=1), momentum)


def move_towards(running: Tensor | None, now: Any, momentum: float) -> None:
    """A running average: ``(1 - momentum) * running + momentum * now``, in place."""
    if running is not None:
        running._data[...] = (1 - momentum) * running._data + momentum * now
        bump(running)


@one_call
def instance_norm(
    input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None,
    weight: Tensor | None = None, bias: Tensor | None = None, use_input_stats: bool = True,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each channel of each sample to mean 0 and variance 1 (Ulyanov et al. 2016)."""
    shape = input._data.shape
    if not use_input_stats:
        return normalise(input, running_mean, running_var, weight, bias, False, momentum, eps)
    refuse.instances(input, running_mean, running_var)
    need_kind("batch_norm", input._data, "f")
    refuse.mixed_dtypes(input, weight, bias, running_var)
    n, channels = shape[:2]
    if not input._data.size:
        return input.clone()
    # Samples become channels: then it is a batch norm of a batch of one.
    flat = reshape(input, 1, n * channels, *shape[2:])
    w, b = (None if t is None else t.repeat(n) for t in (weight, bias))
    y = normalise(flat, None, None, w, b, True, momentum, eps)
    split = input._data.reshape(n, channels, -1)
    move_towards(running_mean, split.mean(axis=2).mean(axis=0), momentum)
    if running_var is not None:
        move_towards(running_var, split.var(axis=2, ddof=1).mean(axis=0), momentum)
    return reshape(y, shape)


@one_call
def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each group of channels of each sample to mean 0 and variance 1 (Wu, He 2018)."""
    x = input._data
    refuse.group_norm(x, num_groups, weight, bias)
    shape = (1, x.shape[1]) + (1,) * (x.ndim - 2)
    w, b = or_constant(weight, 1, shape, x.dtype), or_constant(bias, 0, shape, x.dtype)
    refuse.mixed_dtypes(input, weight, bias)
    need_kind("GroupNormKernelImpl", x, "f")
    return normalised(NativeGroupNorm, input, w, b, {"groups": num_groups, "eps": eps})


@one_call
def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """Divide by a power of ``size`` neighbouring channels' squares (Krizhevsky et al. 2012)."""
    n = input._data.ndim
    refuse.local_response_norm(n, size)
    whole = input._data.dtype == np.int64
    need_kind("avg_pool2d" if n == 3 else "avg_pool3d_out_frame", input._data, "f", long=True)
    squares = input * input
    before = (0, 0) * (n - 2) + (size // 2, (size - 1) // 2)
    windows = unfold(pad(squares, before), 1, size, 1)
    total = windows.sum(-1) // size if whole else windows.mean(-1)
    return input / (total * alpha + k) ** beta
