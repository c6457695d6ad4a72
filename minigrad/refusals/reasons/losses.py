"""Which predictions, targets and weights have no loss."""

from __future__ import annotations

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..checks import REDUCTIONS
from ..of_the_core import one_shape
from ..words import no_complex_gradient, not_implemented


def unknown_reduction(reduction: str, words: str = "is not a valid value for reduction") -> None:
    """A word that is none of the three."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} {words}: use one of {REDUCTIONS}")


def binary_cross_entropy(input: Tensor, target: Tensor) -> None:
    """Two shapes or dtypes, and what is no probability."""
    if target._data.shape != input._data.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if target._data.dtype != input._data.dtype:
        found, wanted = kind_name(target._data), kind_name(input._data)
        raise RuntimeError(f"Found dtype {found} but expected {wanted}")
    for name, t in (("input", input), ("target", target)):
        if ((t._data < 0) | (t._data > 1)).any():
            raise RuntimeError(
                f"all elements of {name} should be between 0 and 1: they are probabilities; put a "
                "sigmoid in front, or use binary_cross_entropy_with_logits"
            )


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None
) -> None:
    """Two shapes, and dtypes that are no quantities."""
    if target._data.shape != input._data.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    if input._data.dtype.kind != "f":
        raise not_implemented("log_sigmoid_cpu", input._data, "scores are real; use .float()")
    if target._data.dtype.kind in "iu":
        raise cast_error(kind_name(input._data), target)
    for t, several in ((target, "two bool tensors"), (pos_weight, "a bool tensor")):
        if t is not None and t._data.dtype.kind == "b":
            raise RuntimeError(
                f"Subtraction, the `-` operator, with {several} is not supported: targets and "
                "weights are quantities here; convert with .float()"
            )
    if target._data.dtype.kind == "c":
        raise cast_error(kind_name(target._data), input)
    if weight is not None:
        one_shape(input._data, weight._data)
    if pos_weight is not None:
        one_shape(pos_weight._data, input._data)


def larger_target(input: Tensor, target: Tensor) -> None:
    """A target that does not go into the input's shape."""
    shape = one_shape(input._data, target._data)
    if shape != input._data.shape:
        raise RuntimeError(
            f"output with shape {list(input.shape)} doesn't match the broadcast shape {list(shape)}"
            ": a target has the input's shape"
        )


def soft_margin_loss(x: Tensor, t: Tensor) -> None:
    """Scores that are whole numbers, and gradients of complex ones."""
    kind = x._data.dtype.kind
    if kind == "b":
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported: scores are numbers; "
            "convert with .float()"
        )
    if kind in "iu" or t._data.dtype.kind == "c" != kind:
        raise cast_error("Float" if kind in "iu" else kind_name(t._data), x)
    if kind == "c":
        no_complex_gradient("soft_margin_loss", x, t)


def weight(weight: Tensor, x: Tensor) -> None:
    """A weight that cannot be broadcast to a loss in the shape and dtype of ``x``."""
    if weight._data.dtype.kind == "c" != x._data.dtype.kind:
        raise cast_error(kind_name(weight._data), x)
    shape = x._data.shape
    given = weight._data.shape
    for d in range(1, len(given) + 1):
        n = shape[-d] if d <= len(shape) else 1
        if given[-d] not in (1, n):
            raise RuntimeError(
                f"Attempting to broadcast a dimension of length {given[-d]} at -{d}! Mismatching "
                f"argument at index 1 had {weight.shape}; but expected shape should be "
                f"broadcastable to {list(shape)}"
            )
    if len(given) > len(shape):
        raise RuntimeError(
            f"output with shape {list(shape)} doesn't match the broadcast shape {list(given)}: the "
            "weight has more dimensions than the input"
        )


def cast_error(kind: str, result: Tensor) -> RuntimeError:
    """PyTorch's error for numbers that a result of another dtype cannot hold."""
    return RuntimeError(
        f"result type {kind} can't be cast to the desired output type {kind_name(result._data)}: "
        "give both as floating-point numbers, with .float()"
    )
