"""Embeddings: rows of a table read at whole numbers (embedding, embedding_bag), and one_hot."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.reasons import embedding as refuse
from ...refusals.words import need_dimensions
from .. import capturing
from ..called import called
from ..calls import one_call
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


@one_call
def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Tensor:  # fmt: skip
    """The rows of ``weight`` that ``input`` names.

    Args:
        input: row numbers, int64 or int32, of any shape.
        weight: the table (rows, columns).
        padding_idx: a row that gets no gradient, or None (the default).
        max_norm: rows that are longer than this are first shortened, in place; None for never.
        norm_type: which norm measures them (default 2).
        scale_grad_by_freq: divide a row's gradient by how often it was used (default False).
        sparse: PyTorch's word for sparse gradients; here they are never sparse.

    Returns:
        A new tensor (*input.shape, columns) in the dtype of ``weight``.

    Raises:
        IndexError: a row that the table does not have.
        RuntimeError: ``weight`` has not two dimensions, or ``input`` another dtype.
        AssertionError: ``padding_idx`` is not in the table.

    >>> import minigrad as mg
    >>> mg.nn.functional.embedding(mg.tensor([2, 0]), mg.tensor([[1.0], [2.0], [3.0]]))
    tensor([[3.],
            [1.]])

    Source: PyTorch's documentation of ``torch.nn.functional.embedding``.
    """
    if padding_idx is not None:
        need_dimensions(weight, 0, "the weight has a row for each index")
    rows = weight._data.shape[0] if weight._data.ndim else 0
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding_idx %= rows
    refuse.indices("embedding", input, weight)
    k = input._data
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
    refuse.renorm(max_norm, norm_type)
    used = np.unique(k)
    lengths = np.linalg.norm(weight._data[used], norm_type, axis=1, keepdims=True)
    factor = np.where(lengths > max_norm, max_norm / (lengths + 1e-7), 1)
    weight._data[used] *= factor.astype(weight._data.dtype)
    bump(weight)


@one_call
def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: float | None = None,
    norm_type: float = 2, scale_grad_by_freq: bool = False, mode: str = "mean",
    sparse: bool = False, per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False, padding_idx: int | None = None,
) -> Tensor:  # fmt: skip
    """The sum, mean or max of the rows named in each bag.

    input: (bags, n) index rows, or one vector cut into bags before each of ``offsets``.
    """
    refuse.embedding_bag(input, weight, mode, per_sample_weights)
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
    refuse.weighted_bags(weight, mode, per_sample_weights)
    if offsets is not None and offsets._data.dtype != input._data.dtype:
        common = dtypes.result_np((input._data, offsets._data))  # PyTorch takes both as one dtype
        input, starts = make(input._data.astype(common)), starts.astype(common)
        refuse.indices("embedding_bag", input, weight)
        starts = starts.astype(np.int64)
    rows = weight._data.shape[0]
    refuse.padding_row(padding_idx, rows)
    refuse.bag_indices(input, weight, mode == "max" or padding_idx is not None)
    k = input._data.reshape(-1)
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
        return called(zeros.index_add(0, make(bag[keep]), picked), "EmbeddingBagBackward0")
    scale = np.ones(k.size)
    if mode == "mean":
        scale = 1 / np.maximum(np.bincount(bag[keep], minlength=bags), 1)[bag]
    params = {"index": k[keep], "bag": bag[keep], "scale": scale[keep][:, None], "bags": bags}
    return apply(EmbeddingBag, (weight,), params)


def bag_starts(input: Tensor, offsets: Any, include_last: bool) -> Any:
    """Where each bag starts, checked."""
    refuse.bag_starts(input, offsets)
    starts = offsets._data
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
    refuse.one_hot(k, num_classes)
    classes = num_classes if num_classes != -1 else int(k.max()) + 1
    if k.size and k.max() >= classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    if num_classes == -1:
        capturing.reads("one_hot without num_classes")
    return make(capturing.again(one_hot_rows, k, classes))


def one_hot_rows(k: Any, classes: int) -> Any:
    return (k[..., None] == np.arange(classes)).astype(np.int64)
