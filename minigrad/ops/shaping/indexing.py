r"""``x[index]`` and ``x[index] = value``: basic, advanced and boolean indexing.

Slices and integers give views; lists, index tensors and masks copy. The gradient of taking
elements is putting the gradient back where they were taken from, and adding where one element was
taken several times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.reasons import indexing as refuse
from ..calls import one_call
from ..operands import as_array


class Slice(Op):
    formula = r"y = x[\mathrm{index}]"
    linear = True
    view = True

    def forward(x, *, index):
        y = x[index]
        # With every dimension indexed, NumPy gives a number; with "..." a view of 0 dimensions.
        return y if isinstance(y, np.ndarray) else x[(*index, ...)]

    def vjp_x(g, x_shape, index, xp):
        r"\bar x[\mathrm{index}] = \bar y,\ 0 \text{ elsewhere}"
        return xp.index_put_zeros(g, shape=x_shape, index=index, add=False)

    @classmethod
    def node_name(cls, node: Any) -> str:
        """PyTorch's name: by the last step that makes the view."""
        index = node.params["index"]
        names = {int: "SelectBackward0", slice: "SliceBackward0", type(None): "UnsqueezeBackward0"}
        for part in reversed(index):
            if part is Ellipsis or (isinstance(part, slice) and part == slice(None)):
                continue
            return names.get(type(part), "SelectBackward0")
        return "AliasBackward0"


class Index(Op):
    formula = r"y = x[\mathrm{index}]"
    linear = True

    def forward(x, *, index):
        return x[index]

    def vjp_x(g, x_shape, index, xp):
        r"\bar x[\mathrm{index}] \mathrel{+}= \bar y,\ 0 \text{ elsewhere}"
        return xp.index_put_zeros(g, shape=x_shape, index=index, add=True)


class IndexPutZeros(Op):
    """Zeros with ``g`` at ``index``: what indexing does, backwards."""

    formula = r"y[\mathrm{index}] \mathrel{+}= x"
    linear = True
    title = "IndexPutBackward0"

    def forward(x, *, shape, index, add):
        y = np.zeros(shape, x.dtype)
        if add:
            np.add.at(y, index, x)
        else:
            y[index] = x
        return y

    def vjp_x(g, index):
        r"\bar y[\mathrm{index}]"
        return g[index]


class IndexPut(Op):
    """``x`` with ``v`` written at ``index``."""

    formula = r"y = x \text{ with } y[\mathrm{index}] = v"
    linear = True
    title = "IndexPutBackward0"
    layout = "like"

    def forward(x, v, *, index):
        y = x.copy()
        y[index] = v
        return y

    def vjp_x(g, index, v_shape, xp):
        r"\bar y \text{ with } 0 \text{ at the index}"
        return g * xp.constant(hole(xp.shape_of(g), index, xp.numpy(g).dtype))

    def vjp_v(g, index, v_shape, xp):
        r"\bar y[\mathrm{index}]"
        return xp.sum_to_size(g[index], size=v_shape) if v_shape else g[index].sum()

    @classmethod
    def node_name(cls, node: Any) -> str:
        """PyTorch writes into the view that a basic index makes, and calls that CopySlices."""
        basic = not any(isinstance(part, np.ndarray) for part in node.params["index"])
        return "torch::autograd::CopySlices" if basic else cls.title


def hole(shape: Any, index: Any, dtype: Any) -> Any:
    """Ones with zeros at ``index``."""
    mask = np.ones(shape, dtype)
    mask[index] = 0
    return mask


# --- the functions -------------------------------------------------------------------------------


def read_index(index: Any, x: Any) -> tuple[tuple[Any, ...], bool]:
    """The user's index as NumPy needs it, and whether it makes a view (basic indexing)."""
    parts = index if isinstance(index, tuple) else (index,)
    made: list[Any] = []
    basic = True
    used = 0
    for part in parts:
        if isinstance(part, Tensor):
            kind = part._data.dtype.kind
            if kind not in "iub":
                refuse.index_dtype(part)
            if kind in "iu" and part._data.ndim == 0 and not hasattr(part._data, "carrying"):
                made.append(int(part._data))
                used += 1
                continue
            part = part._data if kind != "u" or part._data.dtype != np.uint8 else (
                part._data.astype(bool)
            )
        given = part
        if isinstance(part, (list, np.ndarray, range)) or hasattr(part, "carrying"):
            part = as_array(part if not isinstance(part, list) else
                              [p._data if isinstance(p, Tensor) else p for p in part])  # fmt: skip
            if part.dtype.kind == "f" and (part.size == 0 or isinstance(given, list)):
                part = part.astype(np.int64)  # as PyTorch, which cuts off what is after the point
            if part.dtype.kind not in "iub":
                refuse.numbers(part)
            basic = False
            if part.dtype.kind == "b":
                refuse.mask(part, x, used)
                used += part.ndim
            else:
                refuse.places(part, x, used)
                used += 1
        elif isinstance(part, (bool, np.bool_)):
            basic = False
            part = np.asarray(part)
        elif part is None:
            pass
        elif part is Ellipsis:
            rest = sum_dims(parts[len(made) + 1 :])
            used = max(x.ndim - rest, used)
        elif isinstance(part, slice):
            refuse.slice_ends(part)
            ends = (part.start, part.stop, part.step)
            if x.ndim == 0 and not isinstance(index, tuple):
                refuse.slice_of_number()
            part = slice(*(None if v is None else int(v) for v in ends))
            used += 1
        elif hasattr(part, "__index__"):
            part = part.__index__()
            if x.ndim == 0 and not isinstance(index, tuple):
                refuse.index_of_number()
            if used < x.ndim and not -x.shape[used] <= part < x.shape[used]:
                refuse.place(part, x, used)
            used += 1
        else:
            refuse.no_index(part)
        made.append(part)
    if used > x.ndim:
        refuse.too_many(x, used)
    return tuple(made), basic


def sum_dims(parts: Any) -> int:
    """How many dimensions the parts of an index after ``...`` use up."""
    n = 0
    for p in parts:
        array = p._data if isinstance(p, Tensor) else p
        if isinstance(array, np.ndarray) and array.dtype.kind == "b":
            n += array.ndim
        elif p is not None and p is not Ellipsis:
            n += 1
    return n


def getitem(input: Tensor, index: Any) -> Tensor:
    """``input[index]``: a view for integers, slices, ``...`` and None, else a copy.

    >>> import minigrad as mg
    >>> x = mg.arange(6).reshape(2, 3)
    >>> x[1, :2], x[x > 3]
    (tensor([3, 4]), tensor([4, 5]))
    """
    parts, basic = read_index(index, input._data)
    try:
        return apply(Slice, (input,), {"index": parts}) if basic else picked(input, index, parts)
    except IndexError:
        if sum(p is Ellipsis for p in parts) > 1:
            return getitem(input, one_ellipsis(parts, input._data.ndim))
        raise refuse.mismatched(parts) from None


@one_call(name="index")
def picked(input: Tensor, index: Any, parts: Any) -> Tensor:
    """``input[index]`` with tensors or masks in the index."""
    result: Tensor = apply(Index, (input,), {"index": parts})
    return result


def one_ellipsis(parts: Any, ndim: int) -> tuple[Any, ...]:
    """The index without the second ``...``, which PyTorch allows where nothing follows it."""
    first = next(i for i, p in enumerate(parts) if p is Ellipsis)
    kept = [p for i, p in enumerate(parts) if p is not Ellipsis or i == first]
    second = next(i for i, p in enumerate(parts) if p is Ellipsis and i > first)
    if any(p is not None and p is not Ellipsis for p in parts[second:]):
        refuse.second_ellipsis(ndim)
    return tuple(kept)


def index_put_zeros(input: Tensor, shape: Any, index: Any, add: bool) -> Tensor:
    return apply(IndexPutZeros, (input,), {"shape": shape, "index": index, "add": add})


def index_value(input: Tensor, index: Any, value: Any) -> tuple[Any, Tensor]:
    """The checked index and value of ``input[index] = value``."""
    parts, _ = read_index(index, input._data)
    d = input._data.dtype
    if not isinstance(value, Tensor):
        if not isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
            refuse.value(value, input)
        if isinstance(value, (int, float, complex)):
            value = np.asarray(value if d.kind == "f" and d.itemsize == 2 else
                               dtypes.room(value, d))  # fmt: skip
        value = make(np.asarray(value).astype(d))
    try:
        target = input._data[parts].shape
    except IndexError:
        if sum(p is Ellipsis for p in parts) > 1:
            return index_value(input, one_ellipsis(parts, input._data.ndim), value)
        raise refuse.mismatched(parts) from None
    shape = value._data.shape
    while len(shape) > len(target) and shape[0] == 1:  # PyTorch drops leading ones
        value = value.squeeze(0)
        shape = value._data.shape
    extra = len(target) - len(shape)
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, target[extra:], strict=True)):
        refuse.value_shape(shape, target, parts)
    if dtypes.category(value._data.dtype) == 3 and dtypes.category(d) < 3:
        refuse.complex_value(input)
    return parts, value


register(
    index_put_zeros=(IndexPutZeros, index_put_zeros),
    shape_of=(lambda x: x.shape, lambda t: t._data.shape),
)
