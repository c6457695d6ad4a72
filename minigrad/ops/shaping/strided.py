"""``as_strided``: views by strides, which say how far apart neighbours lie in memory."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.slots import slots
from ...core.tensor import Tensor
from ...faithful.strides import as_numbers, overlaps
from ...refusals.reasons import strided as refuse
from ...refusals.reasons.slices import replace
from ..called import called
from ..calls import one_call


class AsStrided(Op):
    """A view with any strides over the (contiguous) memory of a tensor."""

    formula = r"y_{ij\ldots} = x_{o + i s_0 + j s_1 + \ldots}"
    linear = True
    view = True

    def forward(x, *, size, stride, offset):
        y = as_numbers(x.reshape(-1)[offset:], x.dtype, size, stride)
        if overlaps(y):
            y.flags.writeable = False
        return y

    def vjp_x(g, x_shape, size, stride, offset, xp):
        r"\text{each } \bar y \text{ added to the element it was read from}"
        places = np.arange(math.prod(x_shape)).reshape(x_shape)
        places = AsStrided.forward(places, size=size, stride=stride, offset=offset)
        flat = (math.prod(x_shape),)
        sums = xp.index_put_zeros(g, shape=flat, index=(places,), add=True)
        return xp.reshape(sums, shape=x_shape)


class _Replaying(threading.local):
    """Whether this thread wants a view's history made anew by its steps, not by its place."""

    on = False


replaying = _Replaying()


def cut_again(base: Tensor, view: Tensor) -> Tensor | None:
    """``view`` cut out of its base anew, after the base was written to: as PyTorch does it, by
    where it lies in the base's memory. None if that cannot be said (see core/views.py)."""
    carried = None if base.extra is None else base.extra.carried
    if carried is not None or replaying.on or not base._data.flags.c_contiguous:
        return None
    size = base._data.itemsize
    offset = (view.data_ptr() - base.data_ptr()) // size
    stride = tuple([s // size for s in view._data.strides])
    where = {"size": view._data.shape, "offset": offset, "stride": stride}
    return apply(AsStrided, (base,), where, plain=True)


slots.cut_again = cut_again


def as_strided(
    input: Tensor, size: Any, stride: Any, storage_offset: int | None = None
) -> Tensor:
    """A view with the given strides (in elements) over the memory of a contiguous tensor.

    >>> import minigrad as mg
    >>> mg.arange(4).as_strided((2, 2), (1, 2))
    tensor([[0, 2],
            [1, 3]])
    """
    x = input._data
    size, stride = tuple(size), tuple(stride)
    refuse.as_strided(x, size, stride, storage_offset)
    offset = storage_offset or 0
    return apply(AsStrided, (input,), {"size": size, "stride": stride, "offset": offset})


@one_call
def as_strided_scatter(
    input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: int = 0
) -> Tensor:
    """A copy of ``input`` with ``src`` written where ``as_strided`` with these arguments looks.

    >>> import minigrad as mg
    >>> mg.as_strided_scatter(mg.zeros(2, 2), mg.ones(2), (2,), (3,))
    tensor([[1., 0.],
            [0., 1.]])
    """
    copied = input.clone()
    part = as_strided(copied, size, stride, storage_offset)
    if part.shape != src.shape:
        replace(part.shape, src.shape)
    part.copy_(src)
    return called(copied, "AsStridedScatterBackward0")
