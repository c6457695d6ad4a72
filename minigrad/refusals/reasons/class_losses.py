"""Which scores, targets and weights have no loss for classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES, kind_name
from ..words import not_implemented, only_real


def nll_loss(x: Any, t: Any, weight: Tensor | None) -> None:
    """Scores and targets (arrays) that do not match, and dtypes that no loss takes."""
    if x.ndim == 0:
        raise ValueError(
            f"Expected 1 or more dimensions (got {x.ndim}): one score for each class is needed"
        )
    targets(x, t)
    if x.dtype.kind != "f":
        kernel = "nll_loss2d_forward_out_frame" if x.ndim > 2 else "nll_loss_out_frame"
        raise not_implemented(kernel, x, "log-probabilities are real; convert with .float()")
    if weight is not None:
        class_weight(weight, x.shape[0 if x.ndim == 1 else 1], x.dtype)


def targets(x: Any, t: Any) -> None:
    """The shapes and dtype of class targets, in PyTorch's order and words."""
    if x.ndim >= 2 and x.shape[0] != (batch := t.shape[0] if t.ndim else 0):
        raise ValueError(
            f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({batch})."
            " There is one row of scores for each target."
        )
    if x.ndim <= 2 and t.ndim > 1:
        raise RuntimeError(
            "0D or 1D target tensor expected, multi-target not supported: targets are class "
            "numbers, not one-hot rows; use target.argmax(1)"
        )
    if x.ndim == 1 and t.ndim == 1 and t.shape != (1,):
        raise ValueError(
            f"For 1D input, 1D target must have size 1, but got target size: {t.shape[0]}: one "
            "row of scores has one class"
        )
    want = () if x.ndim == 1 else (x.shape[0], *x.shape[2:])
    if t.shape != want and not (x.ndim == 1 and t.shape == (1,)):
        raise RuntimeError(
            f"Expected target size {list(want)}, got {list(t.shape)}: one class number for each "
            "place that has scores"
        )
    if t.dtype not in (np.int64, np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {kind_name(t)}: class numbers "
            "are whole; convert with .long()"
        )


def class_weight(weight: Tensor, classes: int, kind: Any) -> None:
    """A weight that has not one number of the input's dtype for each class."""
    if weight._data.dtype != kind:
        raise RuntimeError(
            f"expected scalar type {KIND_NAMES[kind.name]} but found "
            f"{KIND_NAMES[weight._data.dtype.name]}: input and weight must have one dtype"
        )
    if weight.requires_grad:
        raise RuntimeError(
            "The function 'nll_loss_forward' is not differentiable with respect to argument "
            "'weight'. This input cannot have requires_grad True."
        )
    if weight._data.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but "
            f"got weight tensor of shape: {list(weight.shape)}"
        )


def probability_targets(t: Any, ignore_index: int) -> None:
    """Targets in the shape of the scores that are no probabilities."""
    if t.dtype.kind != "f":
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{kind_name(t)}: a target in the input's shape holds probabilities"
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")


def margin_scores(input: Tensor) -> None:
    """Scores that are no row or rows of at least one class."""
    if input._data.ndim > 2 or 0 in input._data.shape[-1:]:
        raise RuntimeError(
            "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
            f"{list(input.shape)}"
        )


def multi_margin_loss(
    input: Tensor, x: Any, target: Tensor, t: Any, weight: Tensor | None
) -> None:
    """Targets, weights and dtypes that do not fit the rows ``x`` and their classes ``t``."""
    if t.shape != (x.shape[0],):
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
            f"samples (batch size). Expected target size {[x.shape[0]]}, but got "
            f"{list(target.shape)}. Input has shape {list(input.shape)}."
        )
    if weight is not None and weight._data.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    if weight is not None and weight._data.size != x.shape[1]:
        raise RuntimeError(
            f"inconsistent weight size, expected {x.shape[1]} but got "
            f"{list(weight.shape)}"
        )
    if x.dtype not in (np.float32, np.float64):
        raise not_implemented("multi_margin_loss_cpu_kernel", x, "convert with .float() first")
    given_weight = None if weight is None else weight._data
    for given, needed in ((t, np.dtype(np.int64)), (given_weight, x.dtype)):
        if given is not None and given.dtype != needed:
            raise RuntimeError(
                f"expected scalar type {KIND_NAMES[needed.name]} but found {kind_name(given)}: "
                "targets are class numbers (.long()), weights of the input's dtype"
            )


def multilabel_margin_loss(input: Tensor, target: Tensor) -> None:
    """Targets that are no class numbers for these scores."""
    if input._data.shape != target._data.shape:
        raise RuntimeError(
            f"inconsistent target size: {list(target.shape)} for input of size: {list(input.shape)}"
        )
    only_real("min_all", target)
    classes = input.shape[-1] if input.ndim else 1
    if target._data.size and not -1 <= target._data.min() <= target._data.max() < classes:
        raise RuntimeError(
            f"argument #2 'target' is out of range: there are classes 0 to {classes - 1}, "
            "and -1 ends a list of them"
        )
    if input._data.dtype not in (np.float32, np.float64):
        kernel = "multilabel_margin_loss_forward_out_frame"
        raise not_implemented(kernel, input._data, "convert with .float() first")
    if target._data.dtype != np.int64:
        raise RuntimeError(
            f"expected scalar type Long but found {kind_name(target._data)}: targets are class "
            "numbers; convert with .long()"
        )
