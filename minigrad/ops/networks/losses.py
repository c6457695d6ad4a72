r"""Loss functions of two tensors: how far a prediction is from its target, as one number.

Every loss has ``reduction``: 'mean' (the default), 'sum', or 'none' for one number an element.
Losses for classes are in ``class_losses.py``, those made of other operations in
``composed_losses.py``.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ...refusals.of_the_core import one_shape
from ...refusals.reasons import losses as refuse
from .. import capturing
from ..calls import one_call
from ..elementwise.arithmetic import convert
from ..shaping.shape import expand


def reduced(loss: Any, reduction: str) -> Any:
    """An array of losses made to the result: itself, its mean or its sum."""
    if reduction == "none":
        return loss
    total = np.add.reduce(loss, axis=None)
    with np.errstate(all="ignore"):
        return total if reduction == "sum" else total / loss.dtype.type(loss.size)


def shared(g: Any, reduction: str, size: int) -> Any:
    """The gradient of each element's loss, given the result's."""
    return g / size if reduction == "mean" else g


def mean_of(loss: Tensor, reduction: str) -> Tensor:
    """A tensor of losses made to the result (for losses composed of other operations)."""
    refuse.unknown_reduction(reduction)
    if reduction == "none":
        return loss
    return loss.mean() if reduction == "mean" else loss.sum()


def size_of(x: Any, xp: Any) -> int:
    return max(xp.numpy(x).size, 1)


class MseLoss(Op):
    formula = r"y = \tfrac1n \textstyle\sum_i (x_i - t_i)^2"
    layout = "elementwise"

    def forward(x, target, *, reduction):
        d = x - target
        return reduced(d * d, reduction)

    def vjp(g, needs, x, target, reduction, xp):
        r"\bar x_i = \tfrac2n (x_i - t_i)\, \bar y,\quad \bar t = -\bar x"
        gx = (x - target) * (shared(g, reduction, size_of(x, xp)) * 2)
        return gx, -gx if needs[1] else None


class SmoothL1Loss(Op):
    formula = r"d = |x - t|,\ y = \tfrac{d^2}{2 \beta} \text{ where } d < \beta,\ d - \tfrac\beta2 \text{ elsewhere}"  # noqa: E501
    layout = "elementwise"

    def forward(x, target, *, reduction, beta):
        d = np.abs(x - target)
        half, width = d.dtype.type(0.5), d.dtype.type(beta)
        with np.errstate(all="ignore"):
            return reduced(np.where(d < beta, half * d * d / width, d - half * width), reduction)

    def vjp(g, needs, x, target, reduction, beta, xp):
        r"\bar x = \bar y \odot \min(\max((x - t) / \beta, -1), 1) / n"
        d = x - target
        slope = xp.where(xp.abs(d) >= beta, xp.sgn(d), d / beta if beta else d)
        gx = slope * shared(g, reduction, size_of(x, xp))
        return gx, -gx if needs[1] else None


class HuberLoss(Op):
    formula = r"d = |x - t|,\ y = \tfrac12 d^2 \text{ where } d \le \delta,\ \delta (d - \tfrac\delta2) \text{ elsewhere}"  # noqa: E501
    layout = "elementwise"

    def forward(x, target, *, reduction, delta):
        d = np.abs(x - target)
        half, width = d.dtype.type(0.5), d.dtype.type(delta)
        return reduced(np.where(d <= width, half * d * d, width * (d - half * width)), reduction)

    def vjp(g, needs, x, target, reduction, delta, xp):
        r"\bar x = \bar y \odot \min(\max(x - t, -\delta), \delta) / n"
        d = x - target
        slope = xp.where(xp.abs(d) > delta, xp.sgn(d) * delta, d)
        gx = slope * shared(g, reduction, size_of(x, xp))
        return gx, -gx if needs[1] else None


class BinaryCrossEntropy(Op):
    """Logarithms are cut off at -100, as in PyTorch, so that a probability 0 costs 100, not inf."""

    formula = r"y = -\tfrac1n \textstyle\sum_i w_i \left(t_i \ln x_i + (1 - t_i) \ln(1 - x_i)\right)"  # noqa: E501
    layout = "elementwise"

    def forward(x, target, *, weight, reduction):
        with np.errstate(divide="ignore"):
            log_x, log_rest = np.maximum(np.log(x), -100), np.maximum(np.log1p(-x), -100)
        loss = (target - 1) * log_rest - target * log_x
        return reduced(loss if weight is None else loss * weight, reduction)

    def vjp(g, needs, x, target, weight, reduction, xp):
        r"\bar x_i = \bar y\, \tfrac{w_i}{n} \frac{x_i - t_i}{x_i (1 - x_i)}"
        g = shared(g, reduction, size_of(x, xp))
        if weight is not None:
            g = g * xp.constant(weight)
        spread = x * (1 - x)
        safe = xp.where(spread < 1e-12, spread * 0 + 1e-12, spread)
        gx = g * (x - target) / safe if needs[0] else None
        gt = g * (xp.log(1 - x) - xp.log(x)) if needs[1] else None
        return gx, gt


class BinaryCrossEntropyWithLogits(Op):
    formula = r"y = \tfrac1n \textstyle\sum_i w_i \left((1 - t_i) x_i + (1 + (p_i - 1) t_i) \ln(1 + e^{-x_i})\right)"  # noqa: E501
    layout = "elementwise"

    def forward(x, target, *, weight, pos_weight, reduction):
        soft = np.logaddexp(0, -x)  # = -ln sigmoid(x)
        if pos_weight is not None:
            soft = soft * ((pos_weight - 1) * target + 1)
        loss = (1 - target) * x + soft
        return reduced(loss if weight is None else loss * weight, reduction)

    def vjp(g, needs, x, target, weight, pos_weight, reduction, xp):
        r"\bar x_i = \bar y\, \tfrac{w_i}{n} (\sigma(x_i) - t_i)"
        g = shared(g, reduction, size_of(x, xp))
        if weight is not None:
            g = g * xp.constant(weight)
        p = None if pos_weight is None else xp.constant(pos_weight)
        gx = gt = None
        if needs[0]:
            if p is None:
                gx = g * (xp.sigmoid(x) - target)
            else:
                gx = g * ((1 - target) - ((p - 1) * target + 1) * xp.sigmoid(-x))
        if needs[1]:
            gt = g * -x if p is None else g * ((p - 1) * xp.softplus(-x) - x)
        return gx, gt


class SoftMarginLoss(Op):
    formula = r"y = \tfrac1n \textstyle\sum_i \ln(1 + e^{-t_i x_i})"
    layout = "elementwise"

    def forward(x, target, *, reduction):
        if x.dtype.kind == "c":
            return reduced(np.log1p(np.exp(-target * x)), reduction)
        return reduced(np.logaddexp(0, -target * x), reduction)

    def vjp_x(g, x, target, reduction, xp):
        r"\bar x_i = -\tfrac1n \bar y\, t_i\, \sigma(-t_i x_i)"
        return shared(g, reduction, size_of(x, xp)) * -target * xp.sigmoid(-target * x)


# --- the functions -------------------------------------------------------------------------------


def old_reduction(reduction: str, size_average: Any, reduce: Any) -> str:
    """PyTorch's deprecated way to say the reduction."""
    if size_average is None and reduce is None:
        refuse.unknown_reduction(reduction)
        return reduction
    average = True if size_average is None else size_average
    several = True if reduce is None else reduce
    said = "mean" if average and several else "sum" if several else "none"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{said}' instead.",
        stacklevel=4,
    )
    return said


def common_shape(input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Both tensors in one shape. A warning where broadcasting was probably not meant."""
    if input._data.shape == target._data.shape:
        return input, target
    warnings.warn(
        f"Using a target size ({target.shape}) that is different to the input size "
        f"({input.shape}). This will likely lead to incorrect results due to broadcasting. Please "
        "ensure they have the same size.",
        stacklevel=5,
    )
    shape = one_shape(input._data, target._data)
    return tuple(t if t._data.shape == shape else expand(t, shape) for t in (input, target))  # type: ignore[return-value]


def pair(name: str, input: Any, target: Any) -> tuple[Tensor, Tensor]:
    """The checked tensors of an elementwise loss, in one shape and dtype."""
    input, target = common_shape(input, target)
    if name == "l1_loss":  # a difference and abs, which take more dtypes
        return input, target
    if input._data.dtype != target._data.dtype:
        wide = np.result_type(input._data.dtype, target._data.dtype)
        if input._data.dtype.kind == "f" and target._data.dtype.kind in "iub":
            wide = input._data.dtype
        if target._data.dtype.kind == "f" and input._data.dtype.kind in "iub":
            wide = target._data.dtype
        input, target = (t if t._data.dtype == wide else convert(t, wide) for t in (input, target))
    if input._data.dtype.kind != "f":
        kernel = name.removesuffix("_loss") + "_cpu"
        raise NotImplementedError(
            f'"{kernel}" not implemented for \'{kind_name(input._data)}\': a loss needs '
            "floating-point tensors; convert with .float()"
        )
    return input, target


def mse_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean", weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The squared error, by default its mean ``sum((input - target) ** 2) / n``.

    Args:
        input: the predictions, a floating-point tensor of any shape.
        target: the wanted numbers in the same shape (others broadcast, with a warning).
        size_average, reduce: PyTorch's old words for ``reduction``; leave them out.
        reduction: "mean" (the default), "sum", or "none" for one number an element.
        weight: how much each element counts; "mean" then divides by the sum of the weights.

    Returns:
        A tensor without dimensions, or with those of ``input`` for "none".

    Raises:
        NotImplementedError: both tensors hold whole or complex numbers.
        ValueError: another word as ``reduction``.
        RuntimeError: the shapes do not broadcast.

    >>> import minigrad as mg
    >>> mg.nn.functional.mse_loss(mg.tensor([1.0, 2.0]), mg.tensor([0.0, 0.0]))
    tensor(2.5000)

    Source: PyTorch's documentation of ``torch.nn.functional.mse_loss``.
    """
    how = old_reduction(reduction, size_average, reduce)
    x, t = pair("mse_loss", input, target)
    if weight is None:
        return apply(MseLoss, (x, t), {"reduction": how})
    loss = (x - t) ** 2 * weight
    return loss.sum() / weight.sum() if how == "mean" else mean_of(loss, how)


@one_call
def l1_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean", weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The absolute error, by default its mean ``sum(|input - target|) / n``.

    Args:
        input: the predictions, a tensor of any shape.
        target: the wanted numbers in the same shape (others broadcast, with a warning).
        size_average, reduce: PyTorch's old words for ``reduction``; leave them out.
        reduction: "mean" (the default), "sum", or "none" for one number an element.
        weight: how much each element counts; "mean" then divides by the sum of the weights.

    Returns:
        A tensor without dimensions, or with those of ``input`` for "none".

    Raises:
        ValueError: another word as ``reduction``.
        RuntimeError: the shapes do not broadcast.

    >>> import minigrad as mg
    >>> mg.nn.functional.l1_loss(mg.tensor([1.0, -2.0]), mg.tensor([0.0, 0.0]))
    tensor(1.5000)

    Source: PyTorch's documentation of ``torch.nn.functional.l1_loss``.
    """
    how = old_reduction(reduction, size_average, reduce)
    x, t = pair("l1_loss", input, target)
    if weight is None:
        return mean_of(abs(x - t), how)
    loss = abs(x - t) * weight
    return loss.sum() / weight.sum() if how == "mean" else mean_of(loss, how)


def smooth_l1_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean", beta: float = 1.0,
) -> Tensor:  # fmt: skip
    """A parabola for errors below ``beta``, the absolute error above (Girshick 2015)."""
    how = old_reduction(reduction, size_average, reduce)
    x, t = pair("smooth_l1_loss", input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return mean_of(abs(x - t), how)
    return apply(SmoothL1Loss, (x, t), {"reduction": how, "beta": beta})


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """``delta`` times the smooth L1 loss (Huber 1964)."""
    refuse.unknown_reduction(reduction)
    if target._data.dtype != input._data.dtype and input._data.dtype.kind != "c":
        if "iufc".find(target._data.dtype.kind) > max("iuf".find(input._data.dtype.kind), 1):
            raise refuse.cast_error(kind_name(target._data), input)
        target = convert(target, input._data.dtype)
    x, t = pair("huber_loss", input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is None:
        return apply(HuberLoss, (x, t), {"reduction": reduction, "delta": delta})
    loss = apply(HuberLoss, (x, t), {"reduction": "none", "delta": delta}) * weight
    return mean_of(loss, reduction)


def plain(weight: Tensor | None, x: Tensor) -> Any:
    """A weight's numbers in the loss's shape and dtype (weights get no gradient here)."""
    if weight is None:
        return None
    refuse.weight(weight, x)
    return np.broadcast_to(weight._data.astype(x._data.dtype, copy=False), x._data.shape)


@one_call
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The cross entropy ``-(t * log(x) + (1 - t) * log(1 - x))`` of probabilities x and targets t.

    Prefer :func:`binary_cross_entropy_with_logits`, which does not lose digits.

    Args:
        input: probabilities from 0 to 1, a floating-point tensor of any shape.
        target: what they should be, from 0 to 1, in the same shape and dtype.
        weight: how much each element counts; broadcast to the shape of ``input``.
        size_average, reduce: PyTorch's old words for ``reduction``; leave them out.
        reduction: "mean" (the default), "sum", or "none" for one number an element.

    Returns:
        A tensor without dimensions, or with those of ``input`` for "none". A logarithm is at least
        -100, so that the loss stays finite.

    Raises:
        ValueError: the shapes differ, or another word as ``reduction``.
        RuntimeError: a number outside 0 to 1, two dtypes, or a weight that does not broadcast.

    >>> import minigrad as mg
    >>> mg.nn.functional.binary_cross_entropy(mg.tensor([0.5]), mg.tensor([1.0]))
    tensor(0.6931)

    Source: PyTorch's documentation of ``torch.nn.functional.binary_cross_entropy``.
    """
    how = old_reduction(reduction, size_average, reduce)
    capturing.checks(refuse.binary_cross_entropy, input, target)
    params = {"weight": plain(weight, input), "reduction": how}
    return apply(BinaryCrossEntropy, (input, target), params)


@one_call
def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean", pos_weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The cross entropy of ``sigmoid(input)`` and targets in [0, 1], without overflow.

    Args:
        input: scores (logits), a floating-point tensor of any shape.
        target: what their sigmoids should be, floating-point numbers in the same shape.
        weight: how much each element counts; broadcast to the shape of ``input``.
        size_average, reduce: PyTorch's old words for ``reduction``; leave them out.
        reduction: "mean" (the default), "sum", or "none" for one number an element.
        pos_weight: how much more a positive target counts; broadcast to the shape of ``input``.

    Returns:
        A tensor without dimensions, or with those of ``input`` for "none".

    Raises:
        ValueError: the shapes differ, or another word as ``reduction``.
        RuntimeError: targets that are bool or whole numbers, or weights that do not broadcast.
        NotImplementedError: scores that are no floating-point numbers.

    >>> import minigrad as mg
    >>> F = mg.nn.functional
    >>> F.binary_cross_entropy_with_logits(mg.tensor([0.0]), mg.tensor([1.0]))
    tensor(0.6931)

    Source: PyTorch's documentation of ``torch.nn.functional.binary_cross_entropy_with_logits``.
    """
    how = old_reduction(reduction, size_average, reduce)
    refuse.binary_cross_entropy_with_logits(input, target, weight, pos_weight)
    x, t = pair("binary_cross_entropy_with_logits", input, target)
    params = {
        "weight": plain(weight, x), "pos_weight": plain(pos_weight, x), "reduction": how,
    }  # fmt: skip
    loss = apply(BinaryCrossEntropyWithLogits, (x, t), params)
    d = target._data.dtype  # PyTorch's result has it, as it starts with 1 - target
    return loss if loss._data.dtype == d else convert(loss, d)


def soft_margin_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """``log(1 + exp(-target * input))`` for targets 1 and -1."""
    how = old_reduction(reduction, size_average, reduce)
    refuse.larger_target(input, target)
    shape = input._data.shape
    x, t = input, target if target._data.shape == shape else expand(target, shape)
    refuse.soft_margin_loss(x, t)
    t = t if t._data.dtype == x._data.dtype else convert(t, x._data.dtype)
    return apply(SoftMarginLoss, (x, t), {"reduction": how})
