"""How samples become a batch: numbers and tensors are stacked, containers item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful import dtypes
from ...ops.making.creation import as_tensor, tensor
from ...ops.shaping.joining import stack


def default_collate(batch: Any) -> Any:
    """Samples to one batch.

    Tensors, arrays and numbers become a tensor with one row a sample (Python floats in float64);
    of tuples, lists, named tuples and dicts each item becomes a batch; strings stay a list.

    >>> import minigrad as mg
    >>> mg.utils.data.default_collate([("a", 1, mg.ones(2)), ("b", 2, mg.zeros(2))])
    [('a', 'b'), tensor([1, 2]), tensor([[1., 1.],
            [0., 0.]])]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(list(batch), 0)
    if isinstance(first, np.ndarray):
        refuse_unknown(first.dtype, first.dtype.kind not in "biufc")
        return stack([as_tensor(a) for a in batch], 0)
    if isinstance(first, np.generic) and first.dtype.kind in "biufc":
        return as_tensor(np.asarray(batch))
    if isinstance(first, float):
        return tensor(list(batch), dtype=dtypes.float64)
    if isinstance(first, int):
        return tensor(list(batch))
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, Mapping):
        return like(first, {key: default_collate([d[key] for d in batch]) for key in first})
    if isinstance(first, tuple) and hasattr(first, "_fields"):  # a named tuple
        return type(first)(*(default_collate(items) for items in zip(*batch)))
    refuse_unknown(type(first), not isinstance(first, Sequence))
    if any(len(sample) != len(first) for sample in batch):
        raise RuntimeError(
            "each element in list of batch should be of equal size: the samples have "
            f"{sorted({len(sample) for sample in batch})} items"
        )
    items = [default_collate(items) for items in zip(*batch)]
    return items if isinstance(first, tuple) else like(first, items)


def default_convert(data: Any) -> Any:
    """What loaders do without batches: arrays become tensors, also inside containers."""
    if isinstance(data, np.ndarray):
        return as_tensor(data) if data.dtype.kind in "biufc" else data
    if isinstance(data, np.generic) and data.dtype.kind in "biufc":
        return as_tensor(np.asarray(data))
    if isinstance(data, Tensor) or isinstance(data, (str, bytes)):
        return data
    if isinstance(data, Mapping):
        return like(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(default_convert(item) for item in data))
    if isinstance(data, Sequence):
        items = [default_convert(item) for item in data]
        return items if isinstance(data, tuple) else like(data, items)
    return data


def like(container: Any, items: Any) -> Any:
    """``items`` (a list or dict) in the container's own type, if that can be made from them."""
    if type(container) in (list, dict):
        return items
    try:
        return type(container)(items)
    except TypeError:
        return items


def refuse_unknown(kind: Any, unknown: bool) -> None:
    if unknown:
        raise TypeError(
            "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
            f"found {kind}. Give the loader a collate_fn of your own for other samples."
        )
