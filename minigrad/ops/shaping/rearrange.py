r"""Operations that put the numbers in another order or repeat them: flip, roll, repeat, windows.

As in ``shape.py``, every vjp is the opposite move: flipping is undone by flipping again, repeating
by summing the copies.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import strides
from ...faithful.strides import contiguous_format, in_rows
from ...refusals.reasons import rearrange as refuse
from ..calls import one_call
from ..dimensions import dims, one_dim, shape_arg
from .shape import expand, flatten, unsqueeze
from .slices import index_select


class Flip(Op):
    formula = r"y_i = x_{n - 1 - i}"
    linear = True
    layout = "like"

    def forward(x, *, dims):
        return np.flip(x, dims).copy()

    def vjp_x(g, dims, xp):
        r"\bar x_i = \bar y_{n - 1 - i}"
        return xp.flip(g, dims=dims)


class Roll(Op):
    formula = r"y_{i + s \bmod n} = x_i"
    linear = True
    layout = "channels last"

    def forward(x, *, shifts, dims):
        return np.roll(x, shifts, dims)

    def vjp_x(g, shifts, dims, xp):
        r"\bar x_i = \bar y_{i + s \bmod n}"
        back = tuple(-s for s in shifts) if isinstance(shifts, tuple) else -shifts
        return xp.roll(g, shifts=back, dims=dims)


class Rot90(Op):
    formula = r"y = x \text{ turned by } k \text{ quarter turns}"
    linear = True
    layout = "own"

    def forward(x, *, k, dims):
        k %= 4
        if k == 0:
            return in_rows(x.copy())
        flipped = np.flip(x, (None, dims[1], dims, dims[0])[k])
        y = strides.copied(flipped, x.dtype, strides.like(x))
        return y if k == 2 else y.swapaxes(*dims)

    def vjp_x(g, k, dims, xp):
        r"\bar y \text{ turned back}"
        return xp.rot90(g, k=-k, dims=dims)


class Repeat(Op):
    formula = r"y = (x, x, \ldots)"
    linear = True

    def forward(x, *, repeats):
        return np.tile(x, repeats)

    def vjp_x(g, x_shape, repeats, xp):
        r"\text{the sum of the copies' gradients}"
        lengths = (1,) * (len(repeats) - len(x_shape)) + x_shape
        pairs = tuple(n for pair in zip(repeats, lengths, strict=True) for n in pair)
        if not pairs:
            return g
        copies = xp.reshape(g, shape=pairs)
        summed = xp.sum(copies, dim=tuple(range(0, len(pairs), 2)))
        return xp.reshape(summed, shape=x_shape)


class Unfold(Op):
    """Windows that slide along one dimension, laid out in a new last dimension."""

    formula = r"y_{i,k} = x_{i \cdot \mathrm{step} + k}"
    linear = True
    view = True

    def forward(x, *, dimension, size, step):
        return sliding(x, dimension, size, step)

    def vjp_x(g, x_shape, dimension, size, step, xp):
        r"\bar x_j = \textstyle\sum_{i \cdot \mathrm{step} + k = j} \bar y_{i,k}"
        return xp.add_windows(g, shape=x_shape, dimension=dimension, size=size, step=step)


class AddWindows(Op):
    """The transpose of Unfold: every window is added where it was cut out."""

    formula = r"y_j = \textstyle\sum_{i \cdot \mathrm{step} + k = j} x_{i,k}"
    linear = True
    title = "UnfoldBackwardBackward0"

    def forward(x, *, shape, dimension, size, step):
        y = np.zeros(shape, x.dtype)
        if not shape:
            return x.reshape(())
        n = x.shape[dimension]
        for k in range(size):
            part = (slice(None),) * dimension + (slice(k, k + (n - 1) * step + 1, step),)
            y[part] += x[..., k]
        return y

    def vjp_x(g, dimension, size, step, xp):
        r"\text{the windows of } \bar y"
        return xp.windows(g, dimension=dimension, size=size, step=step)


def sliding(x: Any, dimension: int, size: int, step: int) -> Any:
    """The windows of ``x`` as a view; read-only if they overlap."""
    if x.ndim == 0:
        return x.reshape(1)[:size]
    n = (x.shape[dimension] - size) // step + 1
    steps = list(strides.strides_of(x))
    along = steps[dimension]
    steps[dimension] = along * step
    shape = (*x.shape[:dimension], n, *x.shape[dimension + 1 :], size)
    windows = strides.as_numbers(x, x.dtype, shape, (*steps, along))
    if step < size:  # an element is in two windows
        windows.flags.writeable = False
    return windows


# --- the functions -------------------------------------------------------------------------------


def flip(input: Tensor, *dims_: Any, **named: Any) -> Tensor:
    """The elements in reverse order along some dimensions: $y_i = x_{n-1-i}$.

    Args:
        input: a tensor of any shape and dtype.
        dims: the dimensions, ``flip(x, 0, 1)`` or ``flip(x, [0, 1])``.

    Returns:
        A copy (PyTorch's tensors have no negative strides).

    Raises:
        IndexError: if a dimension is not there.
        RuntimeError: if one is named twice.

    >>> import minigrad as mg
    >>> mg.flip(mg.tensor([[1, 2], [3, 4]]), [0])
    tensor([[3, 4],
            [1, 2]])

    Source: PyTorch's documentation of ``torch.flip``.
    """
    wanted = shape_arg((named["dims"],) if named else dims_)
    n = input._data.ndim
    return apply(Flip, (input,), {"dims": dims(wanted, n) or () if wanted else ()})


def fliplr(input: Tensor) -> Tensor:
    """Left and right exchanged: ``flip`` along dimension 1."""
    refuse.fliplr(input)
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """Up and down exchanged: ``flip`` along dimension 0."""
    refuse.flipud(input)
    return flip(input, 0)


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Shift the elements along ``dims``; what falls off comes back at the other end.

    >>> import minigrad as mg
    >>> mg.roll(mg.tensor([1, 2, 3]), 1)
    tensor([3, 1, 2])
    """
    if (dims is None or dims == ()) and isinstance(shifts, (tuple, list)) and len(shifts) != 1:
        refuse.shifts(len(shifts), 0)
    if dims is None or dims == ():
        return apply(Roll, (input,), {"shifts": shifts, "dims": None})
    by = tuple(shifts) if isinstance(shifts, (tuple, list)) else (shifts,)
    along = tuple(dims) if isinstance(dims, (tuple, list)) else (dims,)
    if len(by) != len(along):
        refuse.shifts(len(by), len(along))
    if not input._data.size:  # of no elements PyTorch asks no dimension
        return apply(Roll, (input,), {"shifts": 0, "dims": None})
    if not input._data.ndim:
        refuse.roll(along)
    along = tuple(one_dim(d, input._data.ndim) for d in along)
    return apply(Roll, (input,), {"shifts": by, "dims": along})


def rot90(input: Tensor, k: int = 1, dims: Any = (0, 1)) -> Tensor:
    """Turn the plane of two dimensions by ``k`` quarter turns, from the first to the second."""
    n = input._data.ndim
    refuse.rot90(dims, n)
    d0, d1 = (one_dim(d, n) for d in dims)
    refuse.rot90_plane(dims, d0, d1)
    return apply(Rot90, (input,), {"k": k, "dims": (d0, d1)})


def repeat(input: Tensor, *repeats: Any, **named: Any) -> Tensor:
    """The whole tensor repeated so many times along each dimension (a copy).

    >>> import minigrad as mg
    >>> mg.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    times = shape_arg((named["repeats"],) if named else repeats)
    have = input._data.shape
    refuse.repeat(times, have)
    return apply(Repeat, (input,), {"repeats": times})


def tile(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Like ``repeat``, but dimensions that are not mentioned (the first ones) stay as they are."""
    times = shape_arg((named["dims"],) if named else dims)
    return repeat(input, (1,) * (input._data.ndim - len(times)) + times)


@one_call
def repeat_interleave(
    input: Tensor, repeats: Any, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each element (or slice along ``dim``) repeated: a number of times, or its own number.

    >>> import minigrad as mg
    >>> mg.repeat_interleave(mg.tensor([1, 2]), 2)
    tensor([1, 1, 2, 2])
    """
    if dim is None:
        input, dim = flatten(input), 0
    d = one_dim(dim, input._data.ndim)
    counts = repeats._data if isinstance(repeats, Tensor) else np.asarray(repeats)
    refuse.repeat_interleave(input, counts, d)
    n = input._data.shape[d]
    if counts.ndim:
        return index_select(input, d, make(np.repeat(np.arange(n), counts)))
    wide = list(input._data.shape)
    wide.insert(d + 1, int(counts))
    copied = expand(unsqueeze(input, d + 1), wide).clone(memory_format=contiguous_format)
    return flatten(copied, d, d + 1)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows of ``size`` elements, one every ``step``, in a new last dimension; a view.

    >>> import minigrad as mg
    >>> mg.arange(5).unfold(0, 3, 2)
    tensor([[0, 1, 2],
            [2, 3, 4]])
    """
    x = input._data
    d = one_dim(dimension, x.ndim)
    n = x.shape[d] if x.ndim else 1
    refuse.unfold(d, n, size, step)
    return apply(Unfold, (input,), {"dimension": d, "size": size, "step": step})


def add_windows(input: Tensor, shape: Any, dimension: int, size: int, step: int) -> Tensor:
    params = {"shape": shape, "dimension": dimension, "size": size, "step": step}
    return apply(AddWindows, (input,), params)


register(
    flip=(Flip, flip), roll=(Roll, roll), rot90=(Rot90, rot90), windows=(Unfold, unfold),
    add_windows=(AddWindows, add_windows), repeat=(Repeat, repeat),
)  # fmt: skip
