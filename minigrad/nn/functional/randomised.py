"""Functions that draw random numbers (PyTorch's for the same seed), and attention, which may."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.op import apply
from ...core.tensor import Tensor, make
from ...faithful.dtype_names import kind_name
from ...ops import capturing
from ...ops.called import called
from ...ops.calls import one_call
from ...ops.networks.activations import Rrelu
from ...ops.operands import as_array, warn
from ...ops.reducing.softmax import softmax
from ...ops.writing.inplace import inplace as write_in_place
from ...random.draws import in_memory_order, stream_of
from ...refusals.reasons import randomised as refuse
from ...refusals.words import need_kind, not_implemented


def kept(shape: Any, dtype: Any, p: float) -> Any:
    """1 (with probability 1 - p) and 0, drawn from the default stream."""
    return as_array(stream_of(None).bernoulli(1 - p, shape, dtype))


def kept_like(x: Any, p: float) -> Any:
    """The same for the elements of ``x`` in the order in which they lie in memory, as PyTorch."""
    return in_memory_order(x, x.dtype, lambda shape, d: kept(shape, d, p))


def scaled_mask(shape: Any, x: Any, p: float) -> Tensor:
    """The mask of a dropout: 0, or 1 / (1 - p) so that the expected value stays the same."""
    return make(capturing.again(scaled_draw, shape, x, p))


def scaled_draw(shape: Any, x: Any, p: float) -> Any:
    drawn = kept_like(x, p) if shape is None else kept(shape, x.dtype, p)
    return drawn / np.asarray(1 - p, x.dtype)


def masked(
    name: str, input: Tensor, p: float, training: bool, inplace: bool, shape: Any
) -> Tensor:
    refuse.probability(p)
    if not training or p == 0 or input._data.size == 0:
        return input
    dtype = input._data.dtype
    refuse.dropped(input._data)
    mask = make(np.zeros((), dtype)) if p == 1 else scaled_mask(shape, input._data, p)
    if inplace:
        return write_in_place(lambda x: x * mask, input, (), {}, name + "_")
    return input * mask


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element set to 0 with probability ``p``, the others divided by 1 - p.

    So the expected value stays the same.

    Args:
        input: a floating-point tensor of any shape.
        p: the probability, 0 to 1 (default 0.5).
        training: False leaves ``input`` as it is (default True).
        inplace: write the result into ``input`` (default False).

    Returns:
        A new tensor in the shape and dtype of ``input``; ``input`` itself if nothing is dropped
        or if ``inplace``. What is dropped is what PyTorch drops for the same seed.

    Raises:
        ValueError: ``p`` is not between 0 and 1.
        RuntimeError: whole numbers are to be dropped.

    >>> import minigrad as mg
    >>> F = mg.nn.functional
    >>> F.dropout(mg.ones(3), p=0.5, training=False)
    tensor([1., 1., 1.])

    Source: Hinton et al. (2012), Improving neural networks by preventing co-adaptation of feature
    detectors.
    """
    return masked("dropout", input, p, training, inplace, None)


def feature_shape(input: Tensor, spatial: int) -> tuple[int, ...]:
    """One draw for each channel of each sample."""
    shape = input._data.shape
    lead = 1 if input._data.ndim == spatial + 1 else 2
    return (*shape[:lead], *[1] * (len(shape) - lead))


def unusual_rank(name: str, input: Tensor, spatial: int) -> None:
    """Warn, as PyTorch does, where there are not channels and ``spatial`` dimensions."""
    n = input.dim()
    if n not in (spatial + 1, spatial + 2):
        warn(
            f"{name}: Received a {n}-D input to {name}, which is deprecated and will result in an "
            "error in a future release. To retain the behavior and silence this warning, please "
            f"use dropout instead. {name} drops whole channels of {spatial + 1}D or {spatial + 2}D "
            "inputs."
        )


def channels(
    name: str, input: Tensor, p: float, training: bool, inplace: bool, spatial: int
) -> Tensor:
    refuse.probability(p)
    return masked(name, input, p, training, inplace, feature_shape(input, spatial))


def dropout1d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Whole channels of sequences set to 0."""
    refuse.probability(p)
    if input.dim() not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {input.dim()}D input: (N, C, L) "
            "or (C, L), whose channels are dropped whole"
        )
    return channels("dropout1d", input, p, training, inplace, 1)


def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Whole channels of images set to 0 (Tompson et al. 2015)."""
    refuse.probability(p)
    unusual_rank("dropout2d", input, 2)
    if input.dim() == 3:
        warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout "
            "behavior is desired - input is interpreted as shape (N, C, L), where C is the channel "
            "dim. Say dropout1d if that is meant."
        )
    refuse.features(input, p, training)
    lead = (*input._data.shape[:2], *[1] * (input._data.ndim - 2))
    return masked("dropout2d", input, p, training, inplace, lead)


def dropout3d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Whole channels of volumes set to 0."""
    refuse.probability(p)
    unusual_rank("dropout3d", input, 3)
    if input._data.ndim == 0:
        refuse.features(input, p, training)
    return channels("dropout3d", input, p, training, inplace, 3)


def alpha_mask(input: Tensor, p: float, training: bool, inplace: bool, shape: Any) -> Tensor:
    """Dropout to the value SELU has far below 0, then scaled back to mean 0 and variance 1."""
    refuse.probability(p)
    if not training or p == 0:
        return input
    if inplace:
        return write_in_place(
            lambda x: alpha_mask(x, p, training, False, shape), input, (), {}, "alpha_dropout_"
        )
    need_kind("bernoulli_scalar_cpu_", input._data, "fiub")
    if input._data.dtype.kind != "f":
        kind = "Long" if input._data.dtype.kind == "b" else kind_name(input._data)
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {kind}: convert with "
            ".float() first"
        )
    if p == 1:
        return input * 0.0
    alpha = 1.7580993408473766
    x = input._data
    keep = kept_like(x, p) if shape is None else kept(shape, x.dtype, p)
    scale = 1 / math.sqrt((alpha * alpha * p + 1) * (1 - p))
    shift = make(((keep - 1) * (alpha * scale) + alpha * scale * p).astype(input._data.dtype))
    return input * make((keep * scale).astype(input._data.dtype)) + shift


def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Dropout for networks with SELU (Klambauer et al. 2017)."""
    return alpha_mask(input, p, training, inplace, None)


def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """``alpha_dropout`` of whole channels."""
    refuse.probability(p)
    refuse.features(input, p, training)
    shape = (*input._data.shape[:2], *[1] * (input._data.ndim - 2))
    return alpha_mask(input, p, training, inplace, shape)


@one_call
def rrelu(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False,
    inplace: bool = False,
) -> Tensor:  # fmt: skip
    """Leaky relu with a slope drawn anew for each element; their mean when not training."""
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    x = input._data
    if training and x.dtype not in (np.float32, np.float64):
        raise not_implemented("rrelu_with_noise_out_cpu", x, "convert with .float() first")
    need_kind("leaky_relu_cpu", x, "f")
    slopes = np.ones(x.shape, x.dtype)
    below = x <= 0
    if training:
        # PyTorch draws with double precision, and only where a slope is needed.
        double = np.dtype(np.float64)
        slopes[below] = stream_of(None).uniform(lower, upper, (int(below.sum()),), double)
    else:
        slopes[~(x > 0)] = (lower + upper) / 2  # also of NaN
    own = "RreluWithNoiseBackward1" if inplace else None
    function = lambda t: called(apply(Rrelu, (t,), {"slopes": slopes}), own)
    return write_in_place(function, input, (), {}, "rrelu_") if inplace else function(input)


def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """A sample of the Gumbel-softmax distribution (Jang et al. 2016; Maddison et al. 2016).

    hard: a one-hot row, whose gradient is that of the soft sample ("straight through").
    """
    x = logits._data
    if x.dtype.kind != "f":
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {kind_name(logits._data)}"
        )
    draws = np.asarray(stream_of(None).exponential(1.0, x.shape, x.dtype))
    soft = softmax((logits + make(-np.log(draws))) / tau, dim)
    if not hard:
        return soft
    one_hot = np.zeros_like(x)
    np.put_along_axis(one_hot, soft._data.argmax(dim, keepdims=True), 1, dim)
    return make(one_hot) - soft.detach() + soft


@one_call
def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None,
    dropout_p: float = 0.0, is_causal: bool = False, scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:  # fmt: skip
    """``softmax(query @ key.T / sqrt(d) + mask) @ value`` (Vaswani et al. 2017).

    query: (*, L, d), key: (*, S, d), value: (*, S, dv). attn_mask: bool (True takes part) or
    numbers added to the scores, broadcast to (*, L, S). is_causal: each place sees itself and what
    is before it. The graph shows each step.

    >>> import minigrad as mg
    >>> q = k = mg.zeros(1, 2, 4)
    >>> F = mg.nn.functional
    >>> F.scaled_dot_product_attention(q, k, mg.tensor([[[1.0], [3.0]]]))
    tensor([[[2.],
             [2.]]])
    """
    refuse.attention(query, key, value, attn_mask, dropout_p, is_causal)
    length, depth = query._data.shape[-2:]
    if enable_gqa:
        times = query._data.shape[-3] // key._data.shape[-3]
        key, value = (t.repeat_interleave(times, -3) for t in (key, value))
    root = math.sqrt(1 / math.sqrt(max(depth, 1)) if scale is None else scale)
    scores = (query * root) @ (key * root).transpose(-2, -1)
    if is_causal:
        attn_mask = make(np.tril(np.ones((length, key._data.shape[-2]), bool)))
    if attn_mask is not None:
        if attn_mask._data.dtype.kind == "b":
            attn_mask = make(np.where(attn_mask._data, 0, -np.inf).astype(query._data.dtype))
        scores = scores + attn_mask
    weights = safe_softmax(scores)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p)
    y = weights @ value
    if query.ndim == 4 and not dropout_p:  # what PyTorch has one operation for
        return called(y, "ScaledDotProductFlashAttentionForCpuBackward0")
    return y


def safe_softmax(scores: Tensor) -> Tensor:
    """Softmax; a row that may see nothing (all -inf) gets weights 0, not nan."""
    blind = capturing.again(sees_nothing, scores._data)
    weights = softmax(scores, -1)
    if blind.any() or capturing.is_captured():
        weights = weights.masked_fill(make(blind), 0.0)
    return weights


def sees_nothing(scores: Any) -> Any:
    return np.all(scores == -np.inf, axis=-1, keepdims=True)
