"""Elements by their flat position, counted along the rows: take, put, nonzero, unravel_index."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import apply
from ...core.tensor import Tensor, make
from ...faithful.dtype_names import kind_name
from .joining import atleast_1d
from .scatter import AddAt, Gather, WriteAt
from .shape import reshape

# --- the operations ----------------------------------------------------------------------------


class Take(Gather):
    formula = r"y_i = x_{k_i} \text{ of the flattened } x"


class Put(WriteAt):
    formula = r"y = x,\quad y_{k_i} = s_i \text{ in the flattened } y"


class PutAdd(AddAt):
    formula = r"y = x,\quad y_{k_i} \mathrel{+}= s_i \text{ in the flattened } y"
    title = "PutBackward0"


# --- the functions -----------------------------------------------------------------------------


def read_flat(name: str, input: Tensor, index: Tensor) -> Any:
    """Positions in the flattened tensor as a NumPy index of ``input``."""
    k = index._data
    if k.dtype != np.int64:
        raise RuntimeError(
            f"{name}(): Expected a long tensor for index, but got {kind_name(index._data)}: "
            "convert it with .long()"
        )
    n = input._data.size
    if not n and k.size:
        raise IndexError(
            "take(): tried to take from an empty tensor: it has no elements" if name == "take" else
            "put_(): Tried to put elements into an empty tensor: it has no places"
        )
    bad = k[(k < -n) | (k >= n)]
    if bad.size:
        raise IndexError(
            f"out of range: tried to access index {int(bad.flat[0])} on a tensor of {n} elements."
            " Take and put count through all elements, from 0."
        )
    return np.unravel_index(np.where(k < 0, k + n, k), input._data.shape)


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements at positions ``index`` of the flattened tensor, in the shape of ``index``.

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).take(mg.tensor([0, 3]))
    tensor([1, 4])
    """
    input = atleast_1d(input)
    return apply(Take, (input,), {"index": read_flat("take", input, index)})


def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """``input`` with ``source`` written (or added) at positions of the flattened tensor."""
    if input._data.ndim == 0:
        return reshape(put(atleast_1d(input), index, source, accumulate), ())
    places = read_flat("put_", input, index)
    if source._data.dtype != input._data.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{kind_name(input._data)} and source.dtype = {kind_name(source._data)}"
        )
    if source._data.size != index._data.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source._data.size}, index.numel() = {index._data.size}"
        )
    shaped = reshape(source, index._data.shape)
    return apply(PutAdd if accumulate else Put, (input, shaped), {"index": places})


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not 0: one row each, or a tuple of columns.

    >>> import minigrad as mg
    >>> mg.nonzero(mg.tensor([0, 5, 6]))
    tensor([[1],
            [2]])
    """
    found = np.nonzero(np.atleast_1d(input._data))
    if as_tuple:
        return tuple(make(i) for i in found)
    rows = np.stack(found, axis=1)
    return make(rows if input._data.ndim else rows[:, :0])


def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not 0, one row each."""
    return nonzero(input)


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """Flat indices as one index a dimension of ``shape``.

    >>> import minigrad as mg
    >>> mg.unravel_index(mg.tensor([4, 5]), (3, 2))
    (tensor([2, 2]), tensor([0, 1]))
    """
    k = indices._data
    if k.dtype.kind not in "iu":
        raise TypeError(
            f"expected 'indices' to be integer dtype, but got torch.{k.dtype.name}: indices count"
        )
    if not isinstance(shape, (int, tuple, list, str)):
        raise TypeError(
            f"expected 'shape' to be int or sequence of ints, but got {type(shape)}: the lengths "
            "of the tensor that the indices are of"
        )
    sizes = (int(shape),) if isinstance(shape, int) else tuple(shape)
    if not all(isinstance(n, (int, np.integer)) for n in sizes):
        raise TypeError(
            f"expected 'shape' sequence to only contain ints, but got {sizes}: lengths are whole"
        )
    if any(n < 0 for n in sizes):
        raise ValueError(
            f"'shape' cannot have negative values, but got {sizes}: they are lengths"
        )
    size = int(np.prod(sizes, dtype=np.int64))
    if size == 0:
        raise RuntimeError("ZeroDivisionError: a tensor with a length of 0 has no elements")
    return tuple(make(np.asarray(i, np.int64)) for i in np.unravel_index(k % size, sizes))
