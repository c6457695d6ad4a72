"""Elements by their flat position, counted along the rows: take, put, nonzero, unravel_index."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import apply
from ...core.tensor import Tensor, make
from ...refusals.reasons import flat_positions as refuse
from ..calls import one_call
from .joining import atleast_1d
from .scatter import AddAt, Gather, WriteAt
from .shape import reshape, to_number

# --- the operations ----------------------------------------------------------------------------


class Take(Gather):
    formula = r"y_i = x_{k_i} \text{ of the flattened } x"


class Put(WriteAt):
    formula = r"y = x,\quad y_{k_i} = s_i \text{ in the flattened } y"
    layout = "like"


class PutAdd(AddAt):
    formula = r"y = x,\quad y_{k_i} \mathrel{+}= s_i \text{ in the flattened } y"
    title = "PutBackward0"
    layout = "like"


# --- the functions -----------------------------------------------------------------------------


def read_flat(name: str, input: Tensor, index: Tensor) -> Any:
    """Positions in the flattened tensor as a NumPy index of ``input``."""
    refuse.read_flat(name, input, index)
    k, n = index._data, input._data.size
    return np.unravel_index(np.where(k < 0, k + n, k), input._data.shape)


@one_call
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements at positions ``index`` of the flattened tensor, in the shape of ``index``.

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).take(mg.tensor([0, 3]))
    tensor([1, 4])
    """
    input = atleast_1d(input)
    return apply(Take, (input,), {"index": read_flat("take", input, index)})


@one_call
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """``input`` with ``source`` written (or added) at positions of the flattened tensor."""
    if input._data.ndim == 0:
        return to_number(put(atleast_1d(input), index, source, accumulate))
    places = read_flat("put_", input, index)
    refuse.put(input, index, source)
    shaped = reshape(source, index._data.shape)
    return apply(PutAdd if accumulate else Put, (input, shaped), {"index": places})


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not 0, in the order of the elements.

    Args:
        input: a tensor of any shape and dtype.
        as_tuple: give one vector for each dimension, which index ``input`` (default: False).

    Returns:
        A new int64 tensor of shape (count, ndim), one row for each element; or a tuple of ndim
        vectors of length count. No gradient flows through it.

    >>> import minigrad as mg
    >>> mg.nonzero(mg.tensor([0, 5, 6]))
    tensor([[1],
            [2]])
    >>> mg.nonzero(mg.tensor([[0, 5], [6, 0]]), as_tuple=True)
    (tensor([0, 1]), tensor([1, 0]))

    Source: PyTorch's documentation of ``torch.nonzero``.
    """
    found = np.nonzero(np.atleast_1d(input._data))
    if as_tuple:
        return tuple(make(i) for i in found)
    rows = np.stack(found).T  # as PyTorch: each dimension's indices side by side
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
    refuse.unravel_index(indices, shape)
    sizes = (int(shape),) if isinstance(shape, int) else tuple(shape)
    k = indices._data % int(np.prod(sizes, dtype=np.int64))
    return tuple(make(np.asarray(i, np.int64)) for i in np.unravel_index(k, sizes))
