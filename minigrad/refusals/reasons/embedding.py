"""Which rows a table does not have."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ..arguments import is_float, type_name
from .convolution import full_name


def indices(name: str, index: Tensor, weight: Tensor) -> None:
    """Row numbers that are no whole numbers of rows."""
    if weight._data.ndim != 2:
        raise RuntimeError("'weight' must be 2-D: one row for each index")
    k = index._data
    if k.dtype not in (np.int64, np.int32):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got torch.{index.type_name()} instead (while checking arguments for "
            f"{name})"
        )
    if k.size and not (0 <= k.min() and k.max() < weight._data.shape[0]):
        raise IndexError(
            f"index out of range in self: indices go from {k.min()} to {k.max()}, the table has "
            f"{weight._data.shape[0]} rows"
        )


def renorm(max_norm: Any, norm_type: Any) -> None:
    """A length or a norm that is no number."""
    for what, number, at in (("max_norm", max_norm, 3), ("norm_type", norm_type, 4)):
        if not is_float(number):
            raise TypeError(
                f"embedding_renorm_(): argument '{what}' (position {at}) must be float, not "
                f"{type_name(number)}: give one number, such as 1.0"
            )


def embedding_bag(
    input: Tensor, weight: Tensor, mode: str, per_sample_weights: Tensor | None
) -> None:
    """Tensors with the wrong number of dimensions, and other words than three."""
    if per_sample_weights is not None and input.size() != per_sample_weights.size():
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then "
            f"it must have the same shape as the input ({input.shape})"
        )
    if weight.dim() != 2:
        raise ValueError(
            f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.dim()}"
        )
    if input.dim() not in (1, 2):
        raise ValueError(
            f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}"
        )
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")


def weighted_bags(weight: Tensor, mode: str, per_sample_weights: Tensor | None) -> None:
    """Weights where nothing is summed, and dtypes that do not match."""
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
            f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub."
        )
    bag_dtypes(weight, per_sample_weights)


def bag_dtypes(weight: Tensor, per_sample_weights: Tensor | None) -> None:
    """A table that is not real, and weights of another dtype."""
    words = ""
    if weight._data.dtype.kind != "f":
        words = (
            "one of the following scalar types: Half, BFloat16, Float, Double; but got "
            f"{full_name(weight)} instead"
        )
    elif per_sample_weights is not None and per_sample_weights._data.dtype != weight._data.dtype:
        words = (
            "the same type as tensor for argument #1 'per_sample_weights'; but type "
            f"{full_name(weight)} does not equal {full_name(per_sample_weights)}"
        )
    if words:
        raise RuntimeError(
            f"Expected tensor for argument #1 'weight' to have {words} (while checking arguments "
            "for embedding_bag)"
        )


def padding_row(padding_idx: int | None, rows: int) -> None:
    """A padding row that the table does not have."""
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, {-rows} through {rows - 1}, but "
            f"got {padding_idx}"
        )


def bag_indices(input: Tensor, weight: Tensor, one_by_one: bool) -> None:
    """Row numbers that the table does not have; PyTorch computes in two ways, with words of their
    own."""
    rows, k = weight._data.shape[0], input._data.reshape(-1)
    wrong = np.flatnonzero((k < 0) | (k >= rows)) if k.dtype.kind == "i" else np.array([])
    if len(wrong):
        at = int(wrong[0])
        raise RuntimeError(
            "embedding_bag: Expected idx >= 0 && idx < num_embeddings but found idx to be "
            f"{k[at]}: there are rows 0 to {rows - 1}"
            if one_by_one else
            f"Index {at} of input takes value {k[at]} which is not in the valid range [0, {rows})"
        )  # fmt: skip
    indices("embedding_bag", input, weight)


def bag_starts(input: Tensor, offsets: Any) -> None:
    """Offsets that are no row of beginnings of bags."""
    if not isinstance(offsets, Tensor):
        raise ValueError(f"offsets has to be a 1D Tensor but got {offsets}")
    starts = offsets._data
    if starts.ndim != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    if starts.size and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
            f"position 0. However, got {starts[0]}"
        )
    if starts.size and starts[-1] > input._data.size:
        raise RuntimeError(
            "offsets[-1] can not be greater than input's length: got offsets[-1] of "
            f"{starts[-1]} and {input._data.size} indices"
        )


def one_hot(k: Any, num_classes: int) -> None:
    """What are no class numbers."""
    if k.dtype != np.int64:
        raise RuntimeError(
            "one_hot is only applicable to index tensor of type LongTensor. Convert it with .long()"
        )
    if k.size == 0 and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if k.size and k.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
