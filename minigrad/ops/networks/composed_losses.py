"""Losses written with other operations, and distances. The graph shows what they are made of."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.of_the_core import one_shape
from ...refusals.reasons import composed_losses as refuse
from ...refusals.reasons.losses import unknown_reduction
from ...refusals.words import need_dimensions
from .. import capturing
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.arithmetic import convert
from ..elementwise.comparisons import minimum, where
from ..elementwise.exponentials import exp, log, sqrt, xlogy
from ..elementwise.limits import clamp
from ..matrices.norms import norm as norm_of
from ..options import takes_out
from ..shaping.shape import expand
from .activations import logsigmoid
from .losses import mean_of, old_reduction


@one_call
def kl_div(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean", log_target: bool = False,
) -> Tensor:  # fmt: skip
    """The Kullback-Leibler divergence of a target distribution from log-probabilities ``input``.

    'batchmean' divides by the batch size: the divergence as defined; 'mean' by all elements.

    >>> import minigrad as mg
    >>> p = mg.tensor([[0.5, 0.5]])
    >>> mg.nn.functional.kl_div(mg.tensor([[0.9, 0.1]]).log(), p, reduction="batchmean")
    tensor(0.5108)
    """
    refuse.kl_div(input, target)
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.'mean' will be changed to behave the same as 'batchmean' in the next "
            "major release.",
            stacklevel=3,
        )
    how = "sum" if reduction == "batchmean" else old_reduction(reduction, size_average, reduce)
    if log_target:
        loss = exp(target) * (target - input)
    else:
        loss = xlogy(target, target) - target * input
    if reduction == "batchmean" and input._data.ndim:
        return loss.sum() / input._data.shape[0]
    return mean_of(loss, how)


@one_call
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along ``dim``; lengths are at least ``eps``.

    >>> import minigrad as mg
    >>> mg.cosine_similarity(mg.tensor([[1.0, 0.0]]), mg.tensor([[1.0, 1.0]]))
    tensor([0.7071])
    """
    d = dtypes.result_np((x1._data, x2._data))
    refuse.cosine_similarity(x1, x2, d, eps)
    x1, x2 = (convert(x, d) if x._data.dtype.kind in "iub" else x for x in (x1, x2))
    if x1._data.shape != x2._data.shape:  # the vectors are those after broadcasting
        shape = np.broadcast_shapes(x1._data.shape, x2._data.shape)
        x1, x2 = (x if x._data.shape == shape else expand(x, shape) for x in (x1, x2))
    a = x1 / clamp(length(x1, dim), min=eps)
    b = x2 / clamp(length(x2, dim), min=eps)
    return (a * b).sum(dim)


def length(x: Tensor, dim: Any, keepdim: bool = True) -> Tensor:
    """The Euclidean length along ``dim``; its gradient at 0 is 0."""
    if x._data.dtype == np.float16:  # squares are added up in float32
        return convert(norm(convert(x, dtypes.float32), 2.0, dim, keepdim), dtypes.float16)
    return norm(x, 2.0, dim, keepdim)


@one_call
def norm(x: Tensor, p: float, dim: Any, keepdim: bool) -> Tensor:
    """The p-norm along ``dim``, with gradient 0 (not nan) where it is 0."""
    x = abs(x) if x._data.dtype.kind == "c" else x
    if p == 2:
        squares = (x * x).sum(dim, keepdim)
    elif p == 1:
        return abs(x).sum(dim, keepdim)
    elif p == math.inf:
        return abs(x).amax(dim, keepdim)
    else:
        squares = (abs(x) ** p).sum(dim, keepdim)
    zero = make(np.asarray(capturing.again(np.equal, squares._data, 0)))
    if not zero._data.any() and not capturing.is_captured():
        return sqrt(squares) if p == 2 else squares ** (1 / p)
    safe = squares.masked_fill(zero, 1.0)
    root = sqrt(safe) if p == 2 else safe ** (1 / p)
    return root.masked_fill(zero, 0.0)


@one_call
def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """The p-norm of ``x1 - x2 + eps`` along the last dimension."""
    one_shape(x1._data, x2._data)
    return called(norm(x1 - x2 + eps, p, -1, keepdim), "NormBackward1")


@one_call
@takes_out
def normalize(input: Tensor, p: Any = 2.0, dim: Any = 1, eps: float = 1e-12) -> Tensor:
    """``input`` divided by its p-norm along ``dim`` (at least ``eps``).

    >>> import minigrad as mg
    >>> mg.nn.functional.normalize(mg.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    refuse.normalize(input, dim)
    if isinstance(dim, int):
        dim = one_dim(dim, input._data.ndim)
    if isinstance(p, str):
        size = norm_of(input, p, dim, True)
    elif dim is None or p == 0:
        size = norm_of(input, p, dim, True)
    else:
        size = norm(input, 2 if p is None else p, dim, True)
    return input / clamp(size, min=eps).expand_as(input)


@one_call
def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """1 - cos for pairs with target 1; what exceeds ``margin`` of cos for those with -1."""
    how = old_reduction(reduction, size_average, reduce)
    refuse.cosine_embedding_loss(input1, input2, target)
    tiny = 1e-12  # as PyTorch: added to the squared lengths
    dim = target._data.ndim
    product = (input1 * input2).sum(dim)
    cos = product / sqrt(((input1 * input1).sum(dim) + tiny) * ((input2 * input2).sum(dim) + tiny))
    zeros = make(cos._data * 0)
    one_shape(target._data, cos._data)
    alike = make(np.asarray(capturing.again(np.equal, target._data, 1)))
    different = make(np.asarray(capturing.again(np.equal, target._data, -1)))
    loss = where(alike, 1 - cos, zeros) + where(different, clamp(cos - float(margin), min=0), zeros)
    return mean_of(loss, how)


@one_call
def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """``max(0, -target * (input1 - input2) + margin)``: which of two should rank higher."""
    how = old_reduction(reduction, size_average, reduce)
    refuse.margin_ranking_loss(input1, input2, target)
    return mean_of(clamp(-target * (input1 - input2) + margin, min=0), how)


@one_call
def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The distance ``input`` for target 1, ``max(0, margin - input)`` for target -1."""
    how = old_reduction(reduction, size_average, reduce)
    one_shape(target._data, input._data)
    if input._data.dtype.kind in "iub":  # PyTorch takes the margin as a number of this kind
        far = clamp(make(np.full_like(input._data, margin)) - input, min=0)
    else:
        far = clamp(float(margin) - input, min=0)
    zeros = make(input._data * 0)
    not_alike, not_different = make(target._data != 1), make(target._data != -1)
    return mean_of(where(not_alike, far, zeros) + where(not_different, input, zeros), how)


@one_call
def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0, p: float = 2,
    eps: float = 1e-6, swap: bool = False, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` (Schroff et al. 2015)."""
    how = old_reduction(reduction, size_average, reduce)
    refuse.triplets(anchor, positive, negative, margin)
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    excess = called(clamp(margin + near - far, min=0), "ClampMinBackward0")
    return mean_of(excess, how)


@one_call
def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, *, distance_function: Any = None,
    margin: float = 1.0, swap: bool = False, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """``triplet_margin_loss`` with a distance of your own (default: pairwise_distance)."""
    unknown_reduction(reduction)
    refuse.triplets(anchor, positive, negative, margin)
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    loss = clamp(margin + near - far, min=0.0)
    if reduction == "mean":
        return loss.mean()
    return loss.sum() if reduction == "sum" else loss


@one_call
def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: bool = True, full: bool = False,
    size_average: Any = None, eps: float = 1e-8, reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The negative log-likelihood of counts under a Poisson distribution of rate exp(input)."""
    how = old_reduction(reduction, size_average, reduce)
    loss = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:  # Stirling's approximation of log(target!)
        safe = clamp(target, min=1)
        stirling = target * log(safe) - target + 0.5 * log(2 * math.pi * safe)
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return mean_of(loss, how)


def lift(var: Any, eps: Any) -> Any:
    """What is missing to ``eps``."""
    return (var < eps) * (eps - var)


@one_call
def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Any, full: bool = False, eps: Any = 1e-6,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The negative log-likelihood under normal distributions of mean ``input`` and variance."""
    capturing.checks(refuse.variance, var)
    if not isinstance(var, Tensor):
        var = make(input._data * 0 + var)
    if var._data.shape != input._data.shape:
        if input._data.shape[:-1] == var._data.shape:
            var = var.unsqueeze(-1)
        elif not (input._data.ndim == var._data.ndim and var._data.shape[-1] == 1):
            raise ValueError("var is of incorrect size")
    refuse.gaussian_nll_loss(var, eps, reduction)
    eps = eps._data if isinstance(eps, Tensor) else eps
    limit = make(capturing.again(lift, var._data, eps))  # no gradient through the limit
    var = var + limit.to(var.dtype)
    loss = 0.5 * (log(var) + (input - target) ** 2 / var)
    return mean_of(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction)


@one_call
def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The mean binary cross entropy of all classes, each of which may hold or not."""
    if size_average is None and reduce is None:
        unknown_reduction(reduction, "is not valid")
    how = old_reduction(reduction, size_average, reduce)
    if isinstance(input, Tensor):
        need_dimensions(input, -1, "the last dimension holds the classes")
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    dim = input._data.ndim - 1
    return mean_of(loss.sum(dim) / input._data.shape[dim], how)
