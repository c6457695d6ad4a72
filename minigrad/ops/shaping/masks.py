"""Reading and writing the elements where a bool tensor, the mask, is true."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...faithful.strides import address
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import masks as refuse
from ..calls import one_call
from .scatter import FillAt, WriteAt
from .shape import expand, flatten
from .slices import IndexSelect, zero_dim_value


class MaskedFill(FillAt):
    formula = r"y_i = c \text{ where } m_i,\ x_i \text{ elsewhere}"


class MaskedFillTensor(WriteAt):
    formula = r"y_i = c \text{ where } m_i,\ x_i \text{ elsewhere}"
    title = "MaskedFillBackward1"


class MaskedSelect(IndexSelect):
    formula = r"y = (x_i : m_i)"


class MaskedScatter(WriteAt):
    formula = r"y = x,\quad (y_i : m_i) = s"


def spread_mask(input: Tensor, mask: Tensor) -> tuple[Tensor, Any]:
    """``input`` and the mask, broadcast to one shape."""
    try:
        shape = np.broadcast_shapes(input._data.shape, mask._data.shape)
    except ValueError:
        raise broadcast_error(mask._data, input._data) from None
    wide = input if input._data.shape == shape else expand(input, shape)
    return wide, np.broadcast_to(mask._data, shape)


def masked_fill_own(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """``masked_fill`` for ``masked_fill_``, which looks at the mask's dtype first."""
    if isinstance(mask, Tensor):
        refuse.mask("masked_fill_", mask)
    return masked_fill(input, mask, value)


def masked_scatter_own(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """``masked_scatter`` for ``masked_scatter_``, whose mask must fit the tensor as it is."""
    if isinstance(mask, Tensor):
        expand(mask, input._data.shape)
    x, numbers = input._data, source._data
    plain = x.flags.c_contiguous and numbers.flags.c_contiguous and x.dtype == numbers.dtype
    if plain and x.size and numbers.size and np.may_share_memory(x, numbers):
        source = make(as_written(x, spread_mask(input, mask)[1], numbers))
    return masked_scatter(input, mask, source)


def as_written(x: Any, where: Any, source: Any) -> Any:
    """``source`` as it is read one number after the other, while ``x``, whose memory it shares, is
    being written."""
    ahead = (address(source) - address(x)) // x.itemsize
    read = source.reshape(-1).copy()
    written: dict[int, Any] = {}  # what is new in x, by its place
    for k, place in enumerate(np.flatnonzero(where)[: read.size].tolist()):
        read[k] = written[place] = written.get(ahead + k, read[k])
    return read


@one_call
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """``value`` where ``mask`` is true, ``input`` elsewhere.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, -1.0]).masked_fill(mg.tensor([False, True]), 0)
    tensor([1., 0.])
    """
    wide, where = spread_mask(input, mask)
    refuse.mask("masked_fill_", mask)
    if isinstance(value, Tensor):
        value = zero_dim_value("masked_fill", input, value)
        return apply(MaskedFillTensor, (wide, value), {"index": (where,)})
    value = dtypes.room(value, input._data.dtype)
    return apply(MaskedFill, (wide,), {"index": (where,), "value": value})


@one_call
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where ``mask`` is true, in one dimension."""
    refuse.masked_select(mask)
    wide, where = spread_mask(input, mask)
    return apply(MaskedSelect, (wide,), {"index": (where,)})


@one_call
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """``input`` with the elements of ``source``, one after the other, where ``mask`` is true."""
    wide, where = spread_mask(input, mask)
    refuse.mask("masked_scatter_", mask)
    refuse.masked_scatter(input, source, where)
    n = int(where.sum())
    return apply(MaskedScatter, (wide, flatten(source)[:n]), {"index": (where,)})
