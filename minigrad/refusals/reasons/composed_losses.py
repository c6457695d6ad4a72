"""Which tensors have no loss and no distance."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ..arguments import need_ints
from ..of_the_core import one_shape
from ..words import only_real
from .losses import cast_error, unknown_reduction


def kl_div(input: Tensor, target: Tensor) -> None:
    """What has no logarithm of probabilities: whole and complex numbers."""
    for kinds, word in (("iub", "Integral"), ("c", "Complex")):
        if input._data.dtype.kind in kinds or target._data.dtype.kind in kinds:
            raise RuntimeError(f"kl_div: {word} inputs not supported. Convert with .float() first")


def cosine_similarity(x1: Tensor, x2: Tensor, d: Any, eps: float) -> None:
    """Shapes that do not go together, and whole numbers (d: the common dtype)."""
    one_shape(x1._data, x2._data)
    if eps < 0:
        raise RuntimeError(f"eps must be non-negative, got: {eps}")
    if d.kind != "f":
        raise RuntimeError(
            "expected common dtype to be floating point, yet common dtype is "
            f"{KIND_NAMES.get(d.name, d.name)}: convert with .float()"
        )


def normalize(input: Tensor, dim: Any) -> None:
    """A tensor without a norm, and a dimension that is no number."""
    if input._data.dtype.kind not in "fc":
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{input.dtype.name.replace('int64', 'Long')}: convert with .float()"
        )
    if dim is not None:
        need_ints("linalg_vector_norm", "dim", [dim] if isinstance(dim, int) else dim, 3)


def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor) -> None:
    """Tensors that are no pairs of vectors and one number for each pair."""
    if target._data.ndim > 1:
        raise RuntimeError(
            "0D or 1D target tensor expected, multi-target not supported: one number a pair"
        )
    dim = target._data.ndim
    if not input1._data.ndim == input2._data.ndim == dim + 1:
        raise RuntimeError(
            f"{dim}D target tensor expects {dim + 1}D input tensors, but found inputs with sizes "
            f"{list(input1.shape)} and {list(input2.shape)}."
        )


def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor) -> None:
    """Tensors of different dimensions."""
    if not input1._data.ndim == input2._data.ndim == target._data.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.shape}, input2: {input2.shape}, target: {target.shape} "
        )


def triplets(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float
) -> None:
    """A margin that is no distance, and tensors of different dimensions."""
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    n = [t._data.ndim for t in (anchor, positive, negative)]
    if not n[0] == n[1] == n[2]:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {n[0]}D, positive {n[1]}D, and negative {n[2]}D inputs"
        )


def variance(var: Any) -> None:
    """What is no variance: a whole number, a complex or a negative one."""
    if isinstance(var, int):
        raise TypeError(
            f"any() received an invalid combination of arguments - got ({type(var).__name__}): var "
            "must be a tensor or a float, such as 1.0"
        )
    only_real("lt_cpu", var)
    if (var._data < 0).any() if isinstance(var, Tensor) else var < 0:
        raise ValueError("var has negative entry/entries")


def gaussian_nll_loss(var: Tensor, eps: Any, reduction: str) -> None:
    """No smallest variance, and variances that are whole numbers."""
    unknown_reduction(reduction, "is not valid")
    if eps is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None: give eps")
    if var._data.dtype.kind not in "fc":
        raise cast_error("Float", var)
