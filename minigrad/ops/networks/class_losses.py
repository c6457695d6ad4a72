r"""Losses for classes: negative log-likelihood, cross entropy built on it, and margins.

``cross_entropy`` is ``nll_loss(log_softmax(x))``, and that is what the graph shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import class_losses as refuse
from .. import capturing
from ..called import called
from ..calls import one_call
from ..elementwise.limits import clamp
from ..operands import as_array
from ..reducing.softmax import log_softmax
from .losses import old_reduction


class NllLoss(Op):
    """``index`` says where each target's log-probability stands; classes are dimension ``dim``."""

    formula = r"y = -\tfrac{1}{\sum_i w_{t_i}} \textstyle\sum_i w_{t_i}\, x_{i, t_i}"

    def forward(x, *, index, weights, shape, reduction):
        loss = (-x[index] * weights).reshape(shape)
        if not np.logical_and.reduce(weights):  # what does not count is 0, even if x is infinite
            loss.reshape(-1)[weights == 0] = 0
        if reduction == "none":
            return loss
        total = np.add.reduce(loss, axis=None)
        if reduction == "sum":
            return total
        counted = np.add.reduce(weights)
        if isinstance(counted, np.generic) and counted >= 1:  # nothing to warn of
            return total / counted
        with np.errstate(all="ignore"):
            return total / counted

    def vjp_x(g, x_shape, index, weights, shape, reduction, xp):
        r"\bar x_{i, t_i} = -\tfrac{w_{t_i}}{\sum_j w_{t_j}}\, \bar y,\ 0 \text{ elsewhere}"
        if reduction == "none":
            share = xp.reshape(g, shape=weights.shape) * xp.constant(-weights)
        else:
            total = weights.sum() if reduction == "mean" else 1
            safe = total if total != 0 else 1  # nothing counts: the loss is nan, the gradient 0
            share = g * xp.constant(-weights / safe)
        return xp.index_put_zeros(share, shape=x_shape, index=index, add=False)

    @classmethod
    def node_name(cls, node: Any) -> str:
        flat = len(node.params["index"]) <= 2
        return "NllLossBackward0" if flat else "NllLoss2DBackward0"


class MultiMarginLoss(Op):
    formula = r"y = \tfrac1n \textstyle\sum_i \tfrac1C \sum_{j \ne t_i} w_{t_i} \max(0, m - x_{i,t_i} + x_{ij})^p"  # noqa: E501

    def forward(x, *, target, p, margin, weight, reduction):
        excess = np.maximum(margin_excess(x, target, margin), 0) ** p * weight
        rows = excess.sum(axis=1) / x.dtype.type(x.shape[1])
        if reduction == "none":
            return rows
        return rows.sum() if reduction == "sum" else rows.mean()

    def vjp_x(g, x, target, p, margin, weight, reduction, xp):
        r"p \max(0, m - x_{i,t_i} + x_{ij})^{p-1} \text{ at } j,\ \text{minus their sum at } t_i"
        n, classes = xp.shape_of(x)
        rows = np.arange(n)
        own = xp.unsqueeze(x[(rows, target)], dim=1)
        others = np.ones((n, classes), xp.numpy(x).dtype)
        others[rows, target] = 0
        excess = x - own + margin
        slope = (excess > 0) * xp.constant(others * weight / classes)
        if p == 2:
            slope = slope * excess * 2
        g = xp.unsqueeze(g, dim=1) if reduction == "none" else g
        each = slope * (g / n if reduction == "mean" else g)
        back = xp.sum(each, dim=(1,))
        return each - xp.index_put_zeros(
            back, shape=(n, classes), index=(rows, target), add=False
        )


def margin_excess(x: Any, target: Any, margin: float) -> Any:
    """How far each class's score is above the right one's less the margin; -inf for itself."""
    rows = np.arange(len(x))
    excess = x - x[rows, target][:, None] + x.dtype.type(margin)
    excess[rows, target] = -np.inf
    return excess


# --- the functions -------------------------------------------------------------------------------


@one_call
def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    ignore_index: int = -100, reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The negative log-probability ``-input[i, target[i]]`` of the target classes, averaged.

    Args:
        input: log-probabilities (floating-point; see log_softmax), (N, C), (C,) or (N, C, d1, ...).
        target: class numbers from 0 to C - 1, int64 or uint8, (N,), () or (N, d1, ...).
        weight: (C,), how much a class counts; "mean" divides by the sum of the targets' weights.
        ignore_index: a target that does not count (default -100).
        size_average, reduce: PyTorch's old words for ``reduction``; leave them out.
        reduction: "mean" (the default), "sum", or "none" for one number an element.

    Returns:
        A tensor without dimensions, or with those of ``target`` for "none".

    Raises:
        ValueError: not as many targets as rows of scores, or another word as ``reduction``.
        IndexError: a target that is none of the C classes.
        RuntimeError: other shapes or dtypes that do not fit.
        NotImplementedError: ``input`` is not floating-point.

    >>> import minigrad as mg
    >>> mg.nn.functional.nll_loss(mg.tensor([[-0.1, -2.0]]), mg.tensor([0]))
    tensor(0.1000)

    Source: PyTorch's documentation of ``torch.nn.functional.nll_loss``.
    """
    how = old_reduction(reduction, size_average, reduce)
    return loss_of(input, target, weight, ignore_index, how)


def loss_of(input: Tensor, target: Tensor, weight: Any, ignore_index: int, how: str) -> Tensor:
    """``nll_loss``, also as the second half of ``cross_entropy``."""
    x, t = input._data, target._data
    refuse.nll_loss(x, t, weight)
    classes = x.shape[0 if x.ndim == 1 else 1]
    class_weight = None if weight is None else weight._data
    *index, weights = capturing.again(target_places, t, x, classes, class_weight, ignore_index)
    params = {"index": tuple(index), "weights": weights, "shape": t.shape, "reduction": how}
    loss = apply(NllLoss, (input,), params)
    # PyTorch has kernels for (N, C) and images, and brings other shapes into one of these and back.
    reshaped = how == "none" and x.ndim not in (1, 2, 4)
    return called(loss, "ViewBackward0" if reshaped else None)


def target_places(
    t: Any, x: Any, classes: int, weight: Any, ignore_index: int
) -> tuple[Any, ...]:  # fmt: skip
    """Where each target's number stands in x (an index), and last how much it counts."""
    flat = t.reshape(-1).astype(np.int64)
    if t.ndim == 1 < x.ndim and weight is None and flat.size and (
        0 <= np.minimum.reduce(flat) and np.maximum.reduce(flat) < classes
        and not 0 <= ignore_index < classes
    ):  # the usual case: every target counts, and as 1
        return np.arange(t.size), flat, np.ones(t.size, x.dtype)
    counts = flat != ignore_index
    outside = flat[counts & ((flat < 0) | (flat >= classes))]
    if outside.size:
        raise IndexError(
            f"Target {int(outside[0])} is out of bounds. With {classes} classes the targets are 0 "
            f"to {classes - 1}."
        )
    safe = np.where(counts, flat, 0)
    of_class = np.ones(classes, x.dtype) if weight is None else weight.astype(x.dtype)
    weights = np.where(counts, of_class[safe], 0).astype(x.dtype)
    if x.ndim == 1:
        return safe, weights
    if t.ndim == 1:
        return np.arange(t.size), safe, weights
    others = [i.reshape(-1) for i in np.indices(t.shape)]
    return others[0], safe, *others[1:], weights


@one_call
def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    ignore_index: int = -100, reduce: Any = None, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:  # fmt: skip
    """The cross entropy of scores and targets: ``nll_loss(log_softmax(input, 1), target)``.

    Args:
        input: scores (logits), floating-point, (N, C), (C,) or (N, C, d1, ...).
        target: class numbers (int64) in that shape without C, or probabilities in that shape.
        weight: (C,), how much each class counts.
        ignore_index: a class number that does not count (default -100).
        size_average, reduce: PyTorch's old words for ``reduction``; leave them out.
        reduction: "mean" (the default), "sum", or "none" for one number an element.
        label_smoothing: how much of the target, 0 to 1, is spread evenly over all classes (Szegedy
            et al. 2016; default 0).

    Returns:
        A tensor without dimensions, or one number for each target for "none".

    Raises:
        ValueError: not as many targets as rows of scores, or another word as ``reduction``.
        IndexError: a target that is none of the C classes.
        RuntimeError: other shapes or dtypes that do not fit, or ``label_smoothing`` above 1.

    >>> import minigrad as mg
    >>> mg.nn.functional.cross_entropy(mg.tensor([[2.0, 0.0]]), mg.tensor([0]))
    tensor(0.1269)

    Source: PyTorch's documentation of ``torch.nn.functional.cross_entropy``.
    """
    how = old_reduction(reduction, size_average, reduce)
    if not label_smoothing <= 1.0:
        raise RuntimeError(
            f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}"
        )
    x, t = input._data, target._data
    if x.shape == t.shape:
        refuse.probability_targets(t, ignore_index)
        return probability_targets(input, target, weight, how, label_smoothing)
    if x.ndim >= 2 and t.ndim >= 1 and t.dtype.kind == "f" and x.ndim == t.ndim:
        refuse.targets(x, t)
    log_p = log_softmax(input, 0 if x.ndim == 1 else 1)
    if label_smoothing <= 0:  # as PyTorch, which takes a negative one for none
        return loss_of(log_p, target, weight, ignore_index, how)
    return smoothed(log_p, target, weight, ignore_index, how, label_smoothing)


def class_shaped(weight: Tensor, ndim: int) -> Tensor:
    """A weight for each class, lined up with dimension 1 (0 if there is only one)."""
    return weight if ndim == 1 else weight.reshape(1, -1, *[1] * (ndim - 2))


def probability_targets(
    input: Tensor, target: Tensor, weight: Tensor | None, how: str, smoothing: float
) -> Tensor:
    ndim = input._data.ndim
    dim = 0 if ndim == 1 else 1
    log_p = log_softmax(input, dim)
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / input._data.shape[dim]
    loss = log_p * target
    if weight is not None:
        loss = loss * class_shaped(weight, ndim)
    if how == "none":
        return -loss.sum(dim)
    if how == "sum":
        return -loss.sum()
    places = input._data.size // max(input._data.shape[dim], 1)
    return called(-loss.sum() / max(places, 1), "DivBackward1")


def weight_of_all(ignored: Any, target: Any, weights: Any, dtype: Any) -> Any:
    """The sum of the targets' weights, without those that are ignored."""
    if weights is None:
        return as_array((~ignored).sum(), dtype)
    return as_array(weights[np.where(ignored, 0, target)][~ignored].sum(), dtype)


def smoothed(
    log_p: Tensor, target: Tensor, weight: Tensor | None, ignore: int, how: str, smoothing: float
) -> Tensor:
    """(1 - e) times the loss of the targets, e times the mean loss of all classes."""
    ndim = log_p._data.ndim
    dim = 0 if ndim == 1 else 1
    classes = log_p._data.shape[dim]
    nll = nll_loss(log_p, target, weight, None, ignore, None, how)
    spread = -(log_p if weight is None else log_p * class_shaped(weight, ndim)).sum(dim)
    ignored = as_array(capturing.again(np.equal, target._data, ignore))
    if ignored.any() or capturing.is_captured():
        spread = spread.masked_fill(make(ignored), 0.0)
    if how == "mean":
        weights = None if weight is None else weight._data
        count = capturing.again(weight_of_all, ignored, target._data, weights, spread._data.dtype)
        spread = spread.sum() / make(count)
    elif how == "sum":
        spread = spread.sum()
    return nll * (1 - smoothing) + spread * (smoothing / classes)


@one_call
def multi_margin_loss(
    input: Tensor, target: Tensor, p: int = 1, margin: float = 1.0, weight: Tensor | None = None,
    size_average: Any = None, reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The hinge loss for classes: every wrong class within ``margin`` of the right one counts."""
    how = old_reduction(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    refuse.margin_scores(input)
    rows = input if input._data.ndim == 2 else input.reshape(1, -1)
    t = np.atleast_1d(target._data)
    refuse.multi_margin_loss(input, rows._data, target, t, weight)
    of_class = np.ones(rows._data.shape[1]) if weight is None else weight._data
    params = {
        "target": t, "p": p, "margin": margin, "reduction": how,
        "weight": of_class[t][:, None].astype(rows._data.dtype),
    }  # fmt: skip
    loss = apply(MultiMarginLoss, (rows,), params)
    return loss[0] if how == "none" and target._data.ndim == 0 else loss


def multilabel_targets(target: Any) -> Any:
    """How often every class stands before the first -1 of its row."""
    known = np.cumprod(target >= 0, axis=-1).astype(bool)
    times = np.zeros(target.shape, int)
    rows = np.broadcast_to(np.arange(len(target))[:, None], target.shape)
    np.add.at(times, (rows[known], target[known]), 1)
    return times


@one_call
def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """How far each wanted class is from leading every other one by 1, averaged over the classes.

    target: class numbers, ended by the first -1. input, target: (C,) or (N, C).

    >>> import minigrad as mg
    >>> x, t = mg.tensor([0.1, 0.2, 0.4, 0.8]), mg.tensor([3, 0, -1, 1])
    >>> mg.nn.functional.multilabel_margin_loss(x, t)
    tensor(0.8500)
    """
    reduction = old_reduction(reduction, size_average, reduce)
    refuse.margin_scores(input)
    refuse.multilabel_margin_loss(input, target)
    of_one = input.ndim == 0  # a single class, which no other can come near
    x, target = (t.reshape(1) if of_one else t for t in (input, target))
    x = x if input.ndim > 1 else x.unsqueeze(0)
    title = "MultilabelMarginLossBackward0"
    times = multilabel_targets(target._data if target.ndim > 1 else target._data.reshape(1, -1))
    pairs = make((times[:, :, None] * (times[:, None, :] == 0)).astype(x._data.dtype))
    margins = clamp(1 - (x.unsqueeze(2) - x.unsqueeze(1)), min=0.0) * pairs
    loss = margins.sum((1, 2)) / x.shape[1]
    if reduction == "mean":
        return called(loss.mean(), title)
    if reduction == "sum":
        return called(loss.sum(), title)
    return called(loss if input.ndim > 1 else loss.squeeze(0), title)
