"""Embeddings: rows of a table read at whole numbers (embedding, embedding_bag), and one_hot."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...faithful.dtype_names import kind_name
from ...refusals.arguments import is_float, type_name
from ...refusals.words import need_dimensions
from .. import capturing
from ..writing.inplace import bump


class Embedding(Op):
    formula = r"y_i = w_{k_i}"

    def forward(w, *, index, padding_idx, scale):
        return w[index]

    def vjp_w(g, w_shape, index, padding_idx, scale, xp):
        r"\bar w_{k_i} \mathrel{+}= \bar y_i"
        if padding_idx is not None:
            g = xp.fill_at(g, index=(index == padding_idx,), value=0)
        if scale is not None:
            g = g * xp.constant(scale)
        return xp.index_put_zeros(g, shape=w_shape, index=(index,), add=True)


class EmbeddingBag(Op):
    """bag: for every index the bag it is in; scale: how much it counts there."""

    formula = r"y_b = \textstyle\sum_{i \in b} s_i\, w_{k_i}"

    def forward(w, *, index, bag, scale, bags):
        y = np.zeros((bags, w.shape[1]), w.dtype)
        np.add.at(y, bag, w[index] * scale.astype(w.dtype))
        return y

    def vjp_w(g, w_shape, index, bag, scale, xp):
        r"\bar w_{k_i} \mathrel{+}= s_i\, \bar y_{b(i)}"
        each = g[(bag,)] * xp.constant(scale.astype(xp.numpy(g).dtype))
        return xp.index_put_zeros(each, shape=w_shape, index=(index,), add=True)


class EmbeddingBagMax(Op):
    """index: where each result stands in w; empty: the bags with nothing in them, which give 0."""

    formula = r"y_b = \max_{i \in b} w_{k_i}"
    title = "EmbeddingBagBackward0"

    def forward(w, *, index, empty):
        y = w[index]
        y[empty] = 0
        return y

    def vjp_w(g, w_shape, index, empty, xp):
        r"\bar y_b \text{ at the largest, } 0 \text{ elsewhere}"
        g = xp.fill_at(g, index=(empty,), value=0)
        return xp.index_put_zeros(g, shape=w_shape, index=index, add=True)


def read_indices(name: str, index: Tensor, weight: Tensor) -> Any:
    """Checked row numbers of an embedding's table."""
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
    return k


def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Tensor:  # fmt: skip
    """The rows of ``weight`` that ``input`` names: shape (*input.shape, columns).

    padding_idx: a row that gets no gradient. max_norm: rows that are longer are first shortened, in
    place. scale_grad_by_freq: divide a row's gradient by how often it was used.

    >>> import minigrad as mg
    >>> mg.nn.functional.embedding(mg.tensor([2, 0]), mg.tensor([[1.0], [2.0], [3.0]]))
    tensor([[3.],
            [1.]])
    """
    if padding_idx is not None:
        need_dimensions(weight, 0, "the weight has a row for each index")
    rows = weight._data.shape[0] if weight._data.ndim else 0
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding_idx %= rows
    k = read_indices("embedding", input, weight)
    if max_norm is not None:
        shorten_rows(weight, k, max_norm, norm_type)
    scale = None
    if scale_grad_by_freq and k.size:
        scale = (1 / np.bincount(k.reshape(-1), minlength=rows)[k])[..., None]
        scale = scale.astype(weight._data.dtype)
    params = {"index": k, "padding_idx": padding_idx, "scale": scale}
    return apply(Embedding, (weight,), params)


def shorten_rows(weight: Tensor, k: Any, max_norm: float, norm_type: float) -> None:
    """Scale the rows that will be used down to length ``max_norm``, in place."""
    for what, number, at in (("max_norm", max_norm, 3), ("norm_type", norm_type, 4)):
        if not is_float(number):
            raise TypeError(
                f"embedding_renorm_(): argument '{what}' (position {at}) must be float, not "
                f"{type_name(number)}: give one number, such as 1.0"
            )
    used = np.unique(k)
    lengths = np.linalg.norm(weight._data[used], norm_type, axis=1, keepdims=True)
    factor = np.where(lengths > max_norm, max_norm / (lengths + 1e-7), 1)
    weight._data[used] *= factor.astype(weight._data.dtype)
    bump(weight)


def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: float | None = None,
    norm_type: float = 2, scale_grad_by_freq: bool = False, mode: str = "mean",
    sparse: bool = False, per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False, padding_idx: int | None = None,
) -> Tensor:  # fmt: skip
    """The sum, mean or max of the rows named in each bag.

    input: (bags, n) index rows, or one vector cut into bags before each of ``offsets``.
    """
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
    if input._data.ndim == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch "
                f"of fixed length sequences. However, found offsets of type {type(offsets)}"
            )
        n, length = input._data.shape
        starts = np.arange(n) * length
    else:
        starts = bag_starts(input, offsets, include_last_offset)
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
            f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub."
        )
    check_bag_dtypes(weight, per_sample_weights)
    if offsets is not None and offsets._data.dtype != input._data.dtype:
        common = dtypes.result_np((input._data, offsets._data))  # PyTorch takes both as one dtype
        input, starts = make(input._data.astype(common)), starts.astype(common)
        read_indices("embedding_bag", input, weight)
        starts = starts.astype(np.int64)
    rows = weight._data.shape[0]
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, {-rows} through {rows - 1}, but "
            f"got {padding_idx}"
        )
    k = bag_indices(input, weight, mode == "max" or padding_idx is not None)
    if max_norm is not None:
        shorten_rows(weight, k, max_norm, norm_type)
    bags = len(starts)
    bag = np.searchsorted(starts, np.arange(k.size), side="right") - 1
    if padding_idx is not None:
        keep = k != padding_idx % weight._data.shape[0]
    else:
        keep = np.ones(k.size, bool)
    if mode == "max":
        return bag_max(weight, k[keep], bag[keep], bags)
    if per_sample_weights is not None:
        picked = weight[k[keep]] * per_sample_weights.reshape(-1)[keep].unsqueeze(-1)
        zeros = make(np.zeros((bags, weight._data.shape[1]), weight._data.dtype))
        return zeros.index_add(0, make(bag[keep]), picked)
    scale = np.ones(k.size)
    if mode == "mean":
        scale = 1 / np.maximum(np.bincount(bag[keep], minlength=bags), 1)[bag]
    params = {"index": k[keep], "bag": bag[keep], "scale": scale[keep][:, None], "bags": bags}
    return apply(EmbeddingBag, (weight,), params)


def check_bag_dtypes(weight: Tensor, per_sample_weights: Tensor | None) -> None:
    def name(t: Tensor) -> str:
        return f"CPU{kind_name(t._data)}Type" if t.is_complex() else f"torch.{t.type_name()}"

    words = ""
    if weight._data.dtype.kind != "f":
        words = (
            "one of the following scalar types: Half, BFloat16, Float, Double; but got "
            f"{name(weight)} instead"
        )
    elif per_sample_weights is not None and per_sample_weights._data.dtype != weight._data.dtype:
        words = (
            "the same type as tensor for argument #1 'per_sample_weights'; but type "
            f"{name(weight)} does not equal {name(per_sample_weights)}"
        )
    if words:
        raise RuntimeError(
            f"Expected tensor for argument #1 'weight' to have {words} (while checking arguments "
            "for embedding_bag)"
        )


def bag_indices(input: Tensor, weight: Tensor, one_by_one: bool) -> Any:
    """The row numbers, checked; PyTorch has two ways to compute, with words of their own."""
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
    return read_indices("embedding_bag", input, weight).reshape(-1)


def bag_starts(input: Tensor, offsets: Tensor | None, include_last: bool) -> Any:
    """Where each bag starts, checked."""
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
    return starts[:-1] if include_last else starts


def bag_max(weight: Tensor, k: Any, bag: Any, bags: int) -> Tensor:
    """The largest number of each column among a bag's rows; 0 for an empty bag."""
    columns = weight._data.shape[1]
    rows = np.zeros((bags, columns), np.int64)
    empty = np.ones(bags, bool)
    for b in range(bags):
        mine = k[bag == b]
        if mine.size:
            rows[b] = mine[weight._data[mine].argmax(axis=0)]
            empty[b] = False
    params = {"index": (rows, np.arange(columns)), "empty": empty}
    return apply(EmbeddingBagMax, (weight,), params)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Class numbers as rows of 0 with a single 1: shape (*tensor.shape, classes), int64.

    >>> import minigrad as mg
    >>> mg.nn.functional.one_hot(mg.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    k = tensor._data
    if k.dtype != np.int64:
        raise RuntimeError(
            "one_hot is only applicable to index tensor of type LongTensor. Convert it with .long()"
        )
    if k.size == 0 and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if k.size and k.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    classes = num_classes if num_classes != -1 else int(k.max()) + 1
    if k.size and k.max() >= classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    if num_classes == -1:
        capturing.reads("one_hot without num_classes")
    return make(capturing.again(one_hot_rows, k, classes))


def one_hot_rows(k: Any, classes: int) -> Any:
    return (k[..., None] == np.arange(classes)).astype(np.int64)
