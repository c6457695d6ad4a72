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
from ...faithful.dtype_names import kind_name
from ...refusals.arguments import need_ints
from ...refusals.words import need_kind
from .. import capturing
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


class NativeGroupNorm(Op):
    """x in the shape (N, groups, channels of a group, rest)."""

    formula = r"y = w \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + b"

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


def check_mixed(input: Tensor, *parameters: Tensor | None) -> bool:
    """Whether a float16 input meets float32 parameters; other mixtures are refused, as in PyTorch.

    It compares the first parameter with the input, and the others with the first.
    """
    x, given = input._data, [p._data for p in parameters if p is not None]
    if not given or all(p.dtype == x.dtype for p in given):
        return False
    advice = "input, weights and running averages must have one dtype; convert with .to()"
    if given[0].dtype == x.dtype:
        other = next(p for p in given if p.dtype != x.dtype)
        raise RuntimeError(
            f"expected scalar type {kind_name(x)} but found {kind_name(other)}: {advice}"
        )
    if any(p.dtype != np.float32 for p in given):
        raise RuntimeError(
            f"mixed dtype (CPU): expect parameter to have scalar type of Float: {advice}"
        )
    if x.dtype != np.float16:
        raise RuntimeError(f"mixed dtype (CPU): all inputs must share same datatype. {advice}")
    return True


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
    """Each sample to mean 0 and variance 1 over its last dimensions (Ba et al. 2016).

    normalized_shape: the lengths of those dimensions, and the shape of weight and bias.

    >>> import minigrad as mg
    >>> mg.nn.functional.layer_norm(mg.tensor([[1.0, 3.0]]), (2,))
    tensor([[-1.0000,  1.0000]])
    """
    shape, dim = check_normalized("layer_norm", input, normalized_shape, weight, "weight", "*, ")
    check_normalized("layer_norm", input, normalized_shape, bias, "bias", "*, ")
    d = input._data.dtype
    w, b = or_constant(weight, 1, shape, d), or_constant(bias, 0, shape, d)
    if w._data.dtype == d == b._data.dtype and d.kind == "f":
        return apply(NativeLayerNorm, (input, w, b), {"dim": dim, "eps": eps})
    check_mixed(input, weight, bias)
    need_kind("LayerNormKernelImpl", input._data, "f")
    return normalised(NativeLayerNorm, input, w, b, {"dim": dim, "eps": eps})


def check_normalized(
    name: str, input: Tensor, normalized_shape: Any, weight: Tensor | None, what: str, star: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The normalised lengths and dimensions, checked against the input and a weight."""
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
            "one element, but got normalized_shape = []"
        )
    if weight is not None and tuple(weight.shape) != shape:
        raise RuntimeError(
            f"Expected {what} to be of same shape as normalized_shape, but got {what} of shape "
            f"{list(weight.shape)} and normalized_shape = {list(shape)}"
        )
    n = input._data.ndim
    if input._data.shape[max(n - len(shape), 0) :] != shape:
        lengths = ", ".join(str(s) for s in shape)
        raise RuntimeError(
            f"Given normalized_shape=[{lengths}], expected input with shape [{star}{lengths}], but "
            f"got input of size{list(input.shape)}: the last dimensions are normalised"
        )
    return shape, tuple(range(n - len(shape), n))


def rms_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Each sample divided by the root mean square of its last dimensions (Zhang, Sennrich 2019)."""
    fits = weight is None or isinstance(normalized_shape, (tuple, list)) and (
        tuple(weight.shape) == tuple(normalized_shape)
    )
    if fits and len(normalized_shape) > input._data.ndim:
        raise ValueError(
            f"Input tensor must have at least {len(normalized_shape)} dimensions, but got "
            f"{input._data.ndim}"
        )
    _, dim = check_normalized("rms_norm", input, normalized_shape, weight, "weight", "*")
    need_kind("rms_norm", input._data, "fc")
    small = float(np.finfo(input._data.dtype).eps) if eps is None else eps
    y = input * (1 / sqrt((input * input).mean(dim, True) + small))
    y = y if weight is None else y * weight
    return y if y._data.dtype == input._data.dtype else convert(y, input._data.dtype)


def channels_of(t: Tensor | None, name: str, channels: int) -> None:
    if t is not None and t._data.size != channels:
        raise RuntimeError(f"{name} should contain {channels} elements not {t._data.size}")


def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None = None, bias: Tensor | None = None, training: bool = False,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each channel (dimension 1) to mean 0 and variance 1 over the batch (Ioffe, Szegedy 2015).

    training=True takes mean and variance of this batch, and moves ``running_mean`` and
    ``running_var`` towards them in place (the variance unbiased); otherwise those two are used.
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
    need_kind("batch_norm", x, "f")
    if training and x.ndim > 1 and x.size == x.shape[1]:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {input.shape}: "
            "the variance of one number is 0"
        )
    channels = x.shape[1] if x.ndim > 1 else 0
    if training:
        both_or_none(running_mean, running_var)
    for t, name in ((running_mean, "running_mean"), (running_var, "running_var")):
        if t is None and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
        channels_of(t, name, channels)
        if t is not None and t._data.ndim != 1:
            raise RuntimeError(
                f"TensorAccessor expected 1 dims but tensor has {t._data.ndim}: {name} holds one "
                "number for each channel"
            )
    channels_of(weight, "weight", channels)
    channels_of(bias, "bias", channels)
    shape = (1, channels) + (1,) * (x.ndim - 2)
    check_mixed(input, weight, bias, running_mean, running_var)
    w, b = or_constant(weight, 1, shape, x.dtype), or_constant(bias, 0, shape, x.dtype)
    if not training:
        assert running_mean is not None and running_var is not None
        mean = running_mean._data.reshape(shape)
        var = running_var._data.reshape(shape)
        scale = 1 / np.sqrt(var + var.dtype.type(eps))
        return normalised(FixedBatchNorm, input, w, b, {"mean": mean, "scale": scale})
    followed = [t for t in (running_mean, running_var) if t is not None]
    if hasattr(x, "carrying") and not all(hasattr(t._data, "carrying") for t in followed):
        raise RuntimeError(
            "Batch norm got a batched tensor as input while the running_mean or running_var, which "
            "will be updated in place, were not batched. Inside vmap all examples would write to "
            "the same running mean: use eval(), or track_running_stats=False."
        )
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


def both_or_none(mean: Tensor | None, var: Tensor | None) -> None:
    if (mean is None) != (var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")


def instance_norm(
    input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None,
    weight: Tensor | None = None, bias: Tensor | None = None, use_input_stats: bool = True,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each channel of each sample to mean 0 and variance 1 (Ulyanov et al. 2016)."""
    shape = input._data.shape
    if use_input_stats and math.prod(shape[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 spatial element when training, got input size {input.shape}"
        )
    if use_input_stats:
        both_or_none(running_mean, running_var)
        for t, name in ((running_mean, "running_mean"), (running_var, "running_var")):
            if t is not None and t._data.ndim > 1:
                raise RuntimeError(
                    "Number of dimensions of repeat dims can not be smaller than number of "
                    f"dimensions of tensor: {name} holds one number for each channel"
                )
            if t is not None and t._data.size != shape[1]:
                raise RuntimeError(
                    f"{name} should contain {shape[0] * shape[1]} elements not "
                    f"{shape[0] * t._data.size}: one for each of {shape[1]} channels"
                )
    if not use_input_stats:
        return normalise(input, running_mean, running_var, weight, bias, False, momentum, eps)
    need_kind("batch_norm", input._data, "f")
    check_mixed(input, weight, bias, running_var)
    n, channels = shape[:2]
    # Samples become channels: then it is a batch norm of a batch of one.
    flat = reshape(input, 1, n * channels, *shape[2:])
    w, b = (None if t is None else t.repeat(n) for t in (weight, bias))
    y = normalise(flat, None, None, w, b, True, momentum, eps)
    split = input._data.reshape(n, channels, -1)
    move_towards(running_mean, split.mean(axis=2).mean(axis=0), momentum)
    if running_var is not None:
        move_towards(running_var, split.var(axis=2, ddof=1).mean(axis=0), momentum)
    return reshape(y, shape)


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each group of channels of each sample to mean 0 and variance 1 (Wu, He 2018)."""
    x = input._data
    if x.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {x.ndim}"
        )
    if num_groups < 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if x.shape[1] % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(x.shape)} and num_groups={num_groups}"
        )
    for t, name in ((weight, "weight"), (bias, "bias")):
        if t is not None and t._data.shape != (x.shape[1],):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {list(t.shape)} and input of shape {list(x.shape)}"
            )
    shape = (1, x.shape[1]) + (1,) * (x.ndim - 2)
    w, b = or_constant(weight, 1, shape, x.dtype), or_constant(bias, 0, shape, x.dtype)
    check_mixed(input, weight, bias)
    need_kind("GroupNormKernelImpl", x, "f")
    return normalised(NativeGroupNorm, input, w, b, {"groups": num_groups, "eps": eps})


def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """Divide by a power of ``size`` neighbouring channels' squares (Krizhevsky et al. 2012)."""
    n = input._data.ndim
    if n < 3:
        raise ValueError(
            "Expected 3D or higher dimensionality                          input (got "
            f"{n} dimensions)"
        )
    need_ints("pad", "pad", (0, 0, size // 2, (size - 1) // 2), 2, one_for_all=False)
    need_ints("avg_pool2d", "kernel_size", (size, 1), 2)
    if size <= 0:
        raise RuntimeError(f"kernel size should be greater than zero, but got kH: {size} kW: 1")
    whole = input._data.dtype == np.int64
    need_kind("avg_pool2d" if n == 3 else "avg_pool3d_out_frame", input._data, "f", long=True)
    squares = input * input
    before = (0, 0) * (n - 2) + (size // 2, (size - 1) // 2)
    windows = unfold(pad(squares, before), 1, size, 1)
    total = windows.sum(-1) // size if whole else windows.mean(-1)
    return input / (total * alpha + k) ** beta
