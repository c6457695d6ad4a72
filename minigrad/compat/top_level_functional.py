"""``torch.batch_norm`` and others whose arguments differ from those in ``torch.nn.functional``.

They are what the functions of nn.functional call in PyTorch: with another order of arguments, and
reductions as numbers (0 none, 1 mean, 2 sum). In a program the others are the ones to use.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..ops.dimensions import one_dim
from ..ops.networks import adaptive_pooling, losses, normalisation, padding, pooling
from ..ops.networks import composed_losses as more_losses
from ..ops.networks import embedding as embeddings
from ..ops.networks.activations import logsigmoid
from ..refusals.checks import REDUCTIONS
from ..refusals.reasons import top_level_functional as refuse
from ..refusals.reasons.normalisation import mixed_dtypes as refuse_mixed_dtypes
from ..refusals.words import need_kind

__all__ = [
    "adaptive_avg_pool1d", "adaptive_max_pool1d", "alpha_dropout", "avg_pool1d", "batch_norm",
    "binary_cross_entropy_with_logits", "constant_pad_nd", "cosine_embedding_loss", "dropout",
    "embedding", "embedding_bag", "feature_alpha_dropout", "group_norm", "hinge_embedding_loss",
    "instance_norm", "kl_div", "layer_norm", "margin_ranking_loss", "poisson_nll_loss",
    "triplet_margin_loss",
]  # fmt: skip


def reduction_of(number: int) -> str:
    if not 0 <= number < 3:
        raise RuntimeError(f"{number} is no reduction: 0 none, 1 mean, 2 sum")
    return REDUCTIONS[number]


def need_channels(input: Tensor) -> None:
    """IndexError if there is no dimension 1, as PyTorch, which asks for the channels first."""
    if not input.ndim:
        raise IndexError(
            "Dimension specified as 0 but tensor has no dimensions: samples and channels are needed"
        )
    one_dim(1, input.ndim)


def constant_pad_nd(input: Tensor, pad: Any, value: float = 0) -> Tensor:
    """:func:`minigrad.nn.functional.pad` with numbers of one value."""
    return padding.pad(input, pad, "constant", value)


def batch_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None,
    running_var: Tensor | None, training: bool, momentum: float, eps: float, cudnn_enabled: bool,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.batch_norm` in the order of ``torch.batch_norm``."""
    if not input._data.size:
        return input.clone()  # of no numbers PyTorch asks nothing more
    refuse.batch_norm(input, weight, bias, running_mean, running_var)
    return normalisation.batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )


def instance_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None,
    running_var: Tensor | None, use_input_stats: bool, momentum: float, eps: float,
    cudnn_enabled: bool,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.instance_norm` in the order of ``torch.instance_norm``."""
    need_channels(input)
    rows, channels = input.shape[:2]
    need_kind("batch_norm", input._data, "f")
    if use_input_stats and input._data.size == rows * channels and running_mean is None:
        flat = input * 0.0  # one number is its own mean
        flat = flat if weight is None else flat * weight.reshape(-1, *[1] * (input.ndim - 2))
        return flat if bias is None else flat + bias.reshape(-1, *[1] * (input.ndim - 2))
    for name, t in (("running_mean", running_mean), ("running_var", running_var)):
        if t is not None and t._data.size != channels:
            raise RuntimeError(
                f"{name} should contain {rows * channels} elements not {rows * t._data.size}: one "
                "a channel, for every sample"
            )
    return normalisation.instance_norm(
        input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps
    )


def layer_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5, cudnn_enable: bool = True,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.layer_norm`."""
    if weight is not None and weight._data.dtype != input._data.dtype:
        refuse_mixed_dtypes(input, weight, bias)
    return normalisation.layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5, cudnn_enabled: bool = True,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.group_norm`."""
    need_channels(input)
    if num_groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    return normalisation.group_norm(input, num_groups, weight, bias, eps)


def embedding(
    weight: Tensor, indices: Tensor, padding_idx: int = -1, scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.embedding`, the table of vectors first.

    >>> import minigrad as mg
    >>> mg.embedding(mg.tensor([[1.0], [2.0]]), mg.tensor([1, 0, 1]))
    tensor([[2.],
            [1.],
            [2.]])
    """
    if weight.ndim != 2:
        raise RuntimeError(f"'weight' must be 2-D: rows to choose from, not {weight.ndim}-D")
    row = None if padding_idx < 0 else padding_idx
    return embeddings.embedding(indices, weight, row, scale_grad_by_freq=scale_grad_by_freq)


def embedding_bag(
    weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad_by_freq: bool = False,
    mode: int = 0, sparse: bool = False, per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False, padding_idx: int | None = None,
) -> tuple[Tensor, ...]:  # fmt: skip
    """:func:`minigrad.nn.functional.embedding_bag` (mode 0 sum, 1 mean, 2 max), and how it was cut.

    Returns the bags, the bag of every index, how many each has, and which rows were the largest;
    the last three as PyTorch on a CPU gives them (for a sum it does not work them out).
    """
    refuse.embedding_bag(weight, indices, offsets)
    indices = indices.reshape(-1)
    bags = embeddings.embedding_bag(
        indices, weight, offsets, mode=("sum", "mean", "max")[mode],
        scale_grad_by_freq=scale_grad_by_freq, per_sample_weights=per_sample_weights,
        include_last_offset=include_last_offset, padding_idx=padding_idx,
    )  # fmt: skip
    n = bags.shape[0]
    starts = offsets._data[:n]
    sizes = np.diff(np.append(starts, indices._data.size))
    if mode == 0:
        nothing = make(np.zeros(n, np.int64))
        wide = weight._data.dtype == np.float64  # for these PyTorch has no faster way
        places = np.repeat(np.arange(n), sizes if wide else 0)
        return bags, make(places), nothing, nothing.clone()
    largest = sizes
    if mode == 2:
        largest = np.zeros(bags.shape, np.int64)
        for bag, (start, size) in enumerate(zip(starts, sizes, strict=True)):
            rows = indices._data[start : start + size]
            if size:
                largest[bag] = rows[weight._data[rows].argmax(axis=0)]
    return bags, make(np.repeat(np.arange(n), sizes)), make(sizes), make(largest)


def avg_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.avg_pool1d`."""
    refuse.rows("avg_pool1d", input)
    return pooling.avg_pool1d(
        input, kernel_size, stride or None, padding, ceil_mode, count_include_pad
    )


def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """:func:`minigrad.nn.functional.adaptive_avg_pool1d`."""
    refuse.rows("adaptive_avg_pool1d", input)
    return adaptive_pooling.adaptive_avg_pool1d(input, output_size)


def adaptive_max_pool1d(input: Tensor, output_size: Any) -> Any:
    """:func:`minigrad.nn.functional.adaptive_max_pool1d`, with the places of the largest."""
    refuse.rows("adaptive_max_pool1d", input)
    return adaptive_pooling.adaptive_max_pool1d(input, output_size, return_indices=True)


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """:func:`minigrad.nn.functional.dropout`, without defaults."""
    return drop("dropout", input, p, train)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """:func:`minigrad.nn.functional.alpha_dropout`, without defaults."""
    return drop("alpha_dropout", input, p, train)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """:func:`minigrad.nn.functional.feature_alpha_dropout`, without defaults."""
    if train and input.ndim < 2 and input._data.size:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return drop("feature_alpha_dropout", input, p, train)


def drop(name: str, input: Tensor, p: float, train: bool) -> Tensor:
    from ..nn import functional

    if not 0 <= p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p}")
    dropped: Tensor = getattr(functional, name)(input, p, train)
    return dropped


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None,
    reduction: int = 0,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.binary_cross_entropy_with_logits`."""
    how = reduction_of(reduction)
    if input._data.shape == target._data.shape and (
        input._data.dtype == target._data.dtype == np.float32
    ):
        return losses.binary_cross_entropy_with_logits(
            input, target, weight, reduction=how, pos_weight=pos_weight
        )
    likely = logsigmoid(input)
    if target._data.dtype.kind == "b":
        target - target  # refuses
    loss = (1 - target).mul_(input)
    if pos_weight is None:
        loss = loss.sub_(likely)
    else:
        loss = loss.sub_(((pos_weight - 1).mul(target) + 1) * likely)
    return losses.mean_of(loss if weight is None else loss.mul_(weight), how)


def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """:func:`minigrad.nn.functional.cosine_embedding_loss`."""
    if target.ndim == 1 and (input1.ndim != 2 or input2.ndim != 2):
        raise RuntimeError(
            "1D target tensor expects 2D input tensors, but found inputs with sizes "
            f"{list(input1.shape)} and {list(input2.shape)}."
        )
    how = reduction_of(reduction)
    return more_losses.cosine_embedding_loss(input1, input2, target, margin, reduction=how)


def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 0
) -> Tensor:
    """:func:`minigrad.nn.functional.hinge_embedding_loss`."""
    how = reduction_of(reduction)
    if input._data.dtype.kind == "b":
        input - input  # refuses
    return more_losses.hinge_embedding_loss(input, target, margin, reduction=how)


def kl_div(
    input: Tensor, target: Tensor, reduction: int = 0, *, log_target: bool = False
) -> Tensor:
    """:func:`minigrad.nn.functional.kl_div`."""
    kinds = input._data.dtype.kind + target._data.dtype.kind
    if "c" in kinds:
        raise RuntimeError("kl_div: Complex inputs not supported: probabilities are real")
    if "f" not in input._data.dtype.kind or "f" not in target._data.dtype.kind:
        raise RuntimeError("kl_div: Integral inputs not supported: probabilities are fractions")
    how = reduction_of(reduction)
    return more_losses.kl_div(input, target, reduction=how, log_target=log_target)


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """:func:`minigrad.nn.functional.margin_ranking_loss`."""
    loss = (-target * (input1 - input2) + margin).clamp(min=0)  # of any shapes that broadcast
    return losses.mean_of(loss, reduction_of(reduction))


def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int
) -> Tensor:
    """:func:`minigrad.nn.functional.poisson_nll_loss`."""
    return more_losses.poisson_nll_loss(
        input, target, log_input, full, eps=eps, reduction=reduction_of(reduction)
    )


def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0, p: float = 2.0,
    eps: float = 1e-6, swap: bool = False, reduction: int = 0,
) -> Tensor:  # fmt: skip
    """:func:`minigrad.nn.functional.triplet_margin_loss`."""
    return more_losses.triplet_margin_loss(
        anchor, positive, negative, margin, p, eps, swap, reduction=reduction_of(reduction)
    )
