"""How numbers lie in memory: strides, memory formats, and what those of a result follow.

The stride of a dimension says how many numbers of memory lie between neighbours along it. Whether
a tensor is transposed in memory changes no number of a result, but it decides the result's strides,
and these the order in which random numbers fill it. Three rules of PyTorch's cover nearly all
operations, and an operation names its own (``Op.layout``):

``elementwise``
    The result lies as the inputs do: as the first of them that tells two dimensions apart.
``like``
    It lies as the first input, if that fills its memory without gaps; else in the same order.
``own``
    The operation's forward has seen to it.
``channels last``
    It is channels-last, as images of some libraries, if the first input is; else row by row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Strides = tuple[int, ...]


class Layout:
    """How numbers are arranged: ``strided`` all are here; a memory format is an order by name."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def order(self) -> Strides:
        """The dimensions of a memory format, slowest first; () for row by row."""
        return {"channels_last": (0, 2, 3, 1), "channels_last_3d": (0, 2, 3, 4, 1)}.get(
            self.name, ()
        )

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickle by name: a layout is one of minigrad's constants


Layout.__name__ = Layout.__qualname__ = "layout"  # in public, as in PyTorch
contiguous_format, preserve_format, channels_last, channels_last_3d = (
    Layout(name)
    for name in ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
)


def contiguous(shape: Any) -> Strides:
    """Row by row: the last dimension's neighbours lie side by side."""
    return in_order(shape, range(len(shape)))


def in_order(shape: Any, order: Any) -> Strides:
    """Strides without gaps, for dimensions in this order, the slowest first."""
    strides = [1] * len(shape)
    step = 1
    for d in reversed(order):
        strides[d] = step
        step *= max(shape[d], 1)
    return tuple(strides)


def strides_of(array: Any) -> Strides:
    """The strides as PyTorch counts them.

    In elements; and NumPy says 0 where no step is ever taken: in an empty array, and for the
    dimension of length 1 that ``x[None]`` makes.
    """
    size, shape = array.itemsize, array.shape
    strides = [s // size for s in array.strides]
    if 0 in shape and not any(strides):
        return contiguous(shape)
    if 0 in strides:
        for d in range(len(shape) - 1, -1, -1):
            if strides[d] == 0 and shape[d] == 1:
                strides[d] = shape[d + 1] * strides[d + 1] if d + 1 < len(shape) else 1
    return tuple(strides)


def is_dense(shape: Any, strides: Any) -> bool:
    """Whether every place of the memory is that of one element: no gaps, nothing shared."""
    step = 1
    for stride, n in sorted((s, n) for s, n in zip(strides, shape, strict=True) if n > 1):
        if stride != step:
            return False
        step *= n
    return True


def overlaps(array: Any) -> bool:
    """Whether two elements are one and the same place of the memory (as far as strides say)."""
    reach = 0  # of the dimensions with smaller steps, together
    for stride, n in sorted((s, n) for s, n in zip(array.strides, array.shape, strict=True)):
        if n > 1 and stride <= reach:
            return array.size > 0
        reach += stride * (n - 1)
    return False


def followed(shape: Any, arrays: Any) -> Strides:
    """The strides of a result of this shape whose dimensions are ordered as those of ``arrays``."""
    return in_order(shape, order_of(shape, arrays))


def order_of(shape: Any, arrays: Any) -> list[int]:
    """The dimensions of a result, slowest first, as operations go through their inputs' memory.

    The first array that steps differently along two dimensions says which is the slower one.
    """
    n = len(shape)
    steps = []
    for a in arrays:
        extra = n - a.ndim
        own = strides_of(a)
        steps.append([0] * extra + [
            0 if m == 1 != shape[extra + d] else own[d] for d, m in enumerate(a.shape)
        ])  # fmt: skip
    order = list(range(n - 1, -1, -1))  # fastest first; sorted by insertion, as ties depend on it
    for i in range(1, n):
        at = i
        for j in range(i - 1, -1, -1):
            which = slower(order[j], order[at], shape, steps)
            if which > 0:
                order[j], order[at] = order[at], order[j]
                at = j
            elif which < 0:
                break
    return order[::-1]


def slower(d: int, e: int, shape: Any, steps: Any) -> int:
    """1 if dimension ``d`` is slower than ``e``, -1 if faster, 0 if nobody says so."""
    for own in steps:
        if own[d] and own[e]:
            if own[d] != own[e]:
                return 1 if own[d] > own[e] else -1
            if shape[d] > shape[e]:
                return 1
    return 0


def format_strides(shape: Any, form: Layout) -> Strides:
    """The strides of a tensor of this shape in a memory format."""
    if form.order and len(shape) != len(form.order):
        raise RuntimeError(
            f"required rank {len(form.order)} tensor to use {form.name} format: the channels of "
            f"a batch of images are its dimension 1, and the shape is {list(shape)}"
        )
    return in_order(shape, form.order or range(len(shape)))


def is_channels_last(array: Any) -> bool:
    """Whether the array lies like channels-last images (as far as its strides can say)."""
    if array.ndim not in (4, 5):
        return False
    shape, strides = array.shape, strides_of(array)
    least = 0
    if strides[1] == 0:
        return False
    for d in (1, *range(array.ndim - 1, 1, -1), 0):
        if shape[d] == 0 or strides[d] < least or (d == 0 and least == strides[1]):
            return False
        least = strides[d] * max(shape[d], 1)
    return True


def suggested(array: Any) -> Layout:
    """The memory format that an operation on images gives its result."""
    if not is_channels_last(array):
        return contiguous_format
    return channels_last if array.ndim == 4 else channels_last_3d


def has_format(array: Any, form: Layout) -> bool:
    """Whether the array lies in a memory format (steps along one element do not matter)."""
    if not form.order or array.ndim != len(form.order):
        return bool(array.flags.c_contiguous) and not form.order
    return bool(array.transpose(form.order).flags.c_contiguous)


def like(array: Any, form: Layout | None = None) -> Strides:
    """The strides of a new tensor like ``array``, in a memory format (None: keep the order)."""
    if form is not None and form is not preserve_format:
        return format_strides(array.shape, form)
    strides = strides_of(array)
    return strides if is_dense(array.shape, strides) else followed(array.shape, [array])


def empty(shape: Any, dtype: Any, strides: Strides | None = None) -> Any:
    """New memory for an array with these strides, which have no gaps (None: row by row)."""
    if strides is None or strides == contiguous(shape) or 0 in shape:
        return np.empty(shape, dtype)
    memory = np.empty(math.prod(shape), dtype)
    return np.ndarray(shape, dtype, memory, 0, [s * memory.itemsize for s in strides])


def memory_of(array: Any) -> Any:
    """All the memory that the array is a part of, as one row."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array.ravel(order="K")


def address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def as_numbers(array: Any, dtype: Any, shape: Any, strides: Any) -> Any:
    """A view of the array's memory from its first element on, with these strides (in elements)."""
    memory = memory_of(array)
    start = address(array) - address(memory)
    if not array.size:
        memory, start = np.empty(0, dtype), 0
    return np.ndarray(shape, dtype, memory, start, [s * dtype.itemsize for s in strides])


def copied(array: Any, dtype: Any, strides: Strides) -> Any:
    y = empty(array.shape, dtype, strides)
    np.copyto(y, array, casting="unsafe")
    return y


def in_rows(array: Any) -> Any:
    """The array, or a copy if it does not lie row by row."""
    return in_layout("contiguous", (array,), array) if type(array) is np.ndarray else array


# --- the result of an operation ------------------------------------------------------------------


def elementwise(arrays: Any, shape: Any) -> Strides:
    if all([a.shape == shape for a in arrays]):
        strides = strides_of(arrays[0])
        same = all([strides_of(a) == strides for a in arrays])
        if same and is_dense(shape, strides):
            return strides
    return followed(shape, arrays)


def laid_out(op: Any, inputs: Any, y: Any) -> Any:
    """The result of ``op`` on tensors, with the strides that it has in PyTorch."""
    if op.view:
        return y
    arrays = [t._data for t in inputs]  # not what they were converted to
    if op.multi_output:
        return [in_layout(op.layout, arrays, np.asarray(r)) for r in y]
    return in_layout(op.layout, arrays, y)


def in_layout(layout: str, arrays: Any, y: Any) -> Any:
    if y.ndim < 2 or not y.size or layout == "own":
        return y
    if layout == "contiguous":
        strides = contiguous(y.shape)
    elif layout == "elementwise":
        if all([a.strides == y.strides or not a.ndim for a in arrays]) and arrays[0].ndim:
            return y
        strides = elementwise(arrays, y.shape)
    elif layout == "like":
        strides = like(arrays[0])
    else:
        form = suggested(arrays[0])
        strides = format_strides(y.shape, form if y.ndim == arrays[0].ndim else contiguous_format)
    if strides_of(y) == strides:
        return y
    return copied(y, y.dtype, strides)
