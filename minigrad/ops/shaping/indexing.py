r"""``x[index]`` and ``x[index] = value``: basic, advanced and boolean indexing.

Slices and integers give views; lists, index tensors and masks copy. The gradient of taking
elements is putting the gradient back where they were taken from, and adding where one element was
taken several times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register, tensors
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.reasons import indexing as refuse
from ..calls import one_call
from ..operands import as_array, warn


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
        return xp.where(xp.constant(hole(xp.shape_of(g), index)), g, 0.0)

    def vjp_v(g, index, v_shape, xp):
        r"\bar y[\mathrm{index}]"
        return xp.sum_to_size(g[index], size=v_shape) if v_shape else g[index].sum()

    @classmethod
    def node_name(cls, node: Any) -> str:
        """PyTorch writes into the view that a basic index makes, and calls that CopySlices."""
        basic = not any(isinstance(part, np.ndarray) for part in node.params["index"])
        return "torch::autograd::CopySlices" if basic else cls.title


def hole(shape: Any, index: Any) -> Any:
    """True, but False at ``index``."""
    mask = np.ones(shape, bool)
    mask[index] = False
    return mask


# --- the functions -------------------------------------------------------------------------------


def read_index(index: Any, x: Any) -> tuple[tuple[Any, ...], bool, tuple[Any, ...]]:
    """The user's index as NumPy needs it, whether it makes a view (basic), and what is cut first.

    PyTorch reads integers, slices and None first; only then it picks places with the lists,
    tensors and masks. NumPy counts an integer beside a list as one more list, which can move the
    picked dimension to the front. So where both occur, the last part of the result is a basic
    index for a first step, and the first one picks places in what that gives.
    """
    given = index if isinstance(index, tuple) else as_tuple(index)
    parts: list[Any] = [p if isinstance(p, PLAIN) else places(p) for p in given]
    made: list[Any] = []
    lists = cut = False
    used = 0
    for i, part in enumerate(parts):
        if isinstance(part, (bool, np.bool_)):
            lists = cut = True
            part = bool(part)
        elif isinstance(part, slice):
            refuse.slice_ends(part)
            if x.ndim == 0 and not isinstance(index, tuple):
                refuse.slice_of_number()
            ends = (part.start, part.stop, part.step)
            part = slice(*(None if v is None else int(v) for v in ends))
            cut = cut or part != slice(None)
            used += 1
        elif part is None:
            cut = True
        elif part is Ellipsis:
            if any(p is Ellipsis for p in made):  # a second one stands for no dimension
                if sum_dims(parts[i + 1 :]):
                    refuse.second_ellipsis(x.ndim)
                continue
            used = max(x.ndim - sum_dims(parts[i + 1 :]), used)
        elif is_list(part):
            lists = True
            if part.dtype.kind == "b":
                refuse.mask(part, x, used)
                used += part.ndim
            else:
                refuse.places(part, x, used)
                used += 1
        elif hasattr(part, "__index__"):
            cut = True
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
    return in_two_steps(made) if lists and cut else (tuple(made), not lists, ())


def in_two_steps(parts: list[Any]) -> tuple[tuple[Any, ...], bool, tuple[Any, ...]]:
    """What ``read_index`` gives where lists stand beside parts that cut."""
    cut: list[Any] = []
    picks: list[Any] = []
    for part in parts:
        if isinstance(part, bool):  # a new dimension, and its one place or none
            cut.append(None)
            picks.append(np.zeros(int(part), np.int64))
        elif isinstance(part, int):
            cut.append(part)
        elif is_list(part):
            cut += [slice(None)] * (part.ndim if part.dtype.kind == "b" else 1)
            picks.append(part)
        else:
            cut.append(part)
            picks.append(Ellipsis if part is Ellipsis else slice(None))
    return tuple(picks), False, tuple(cut)


def as_tuple(index: Any) -> tuple[Any, ...]:
    """The parts of an index that is no tuple: a list with lists in it counts as one (a trap)."""
    if not isinstance(index, (list, range)) or len(index) >= 32:
        return (index,)
    for part in index:
        if part is None or part is Ellipsis or isinstance(part, NESTED):
            warn(
                "Using a non-tuple sequence for multidimensional indexing is deprecated: "
                "x[[a, b]] picks as x[a, b] does, one list for each dimension. Write x[a, b] if "
                "that is meant, else x[tensor([a, b])]."
            )
            return tuple(index)
    return (index,)


PLAIN = (int, slice, type(None), type(Ellipsis))
NESTED = (Tensor, list, tuple, range, str, slice, np.ndarray)


def is_list(part: Any) -> bool:
    """Whether a part of an index is an array of places or a mask."""
    return isinstance(part, np.ndarray) or hasattr(part, "carrying")


def places(part: Any) -> Any:
    """A tensor or list in an index as an array; one of 0 dimensions as an int or bool."""
    if isinstance(part, Tensor):
        k = part._data
        if k.dtype.kind not in "iub" or (k.ndim and k.dtype.name not in INDEX_DTYPES):
            refuse.index_dtype(part)
    elif isinstance(part, (list, tuple, range)) or is_list(part):
        k = as_array(numbers_in(part))
        if k.dtype.kind == "f" and (k.size == 0 or not is_list(part)):
            k = k.astype(np.int64)  # as PyTorch, which cuts off what is after the point
        if k.dtype.kind not in "iub":
            refuse.numbers(k)
    else:
        return part
    if k.dtype == np.uint8:
        warn("indexing with dtype torch.uint8 is now deprecated: as a mask, it is better a bool")
        k = k != 0
    if k.ndim or hasattr(k, "carrying"):
        return k
    return bool(k) if k.dtype.kind == "b" else int(k)


INDEX_DTYPES = ("int64", "int32", "uint8", "bool")


def numbers_in(part: Any) -> Any:
    """A list, however nested, with the numbers of the tensors in it."""
    if isinstance(part, (list, tuple)):
        return [numbers_in(p) for p in part]
    return part._data if isinstance(part, Tensor) else part


def sum_dims(parts: Any) -> int:
    """How many dimensions the parts of an index after ``...`` use up."""
    n = 0
    for p in parts:
        if is_list(p) and p.dtype.kind == "b":
            n += p.ndim
        elif p is not None and p is not Ellipsis and not isinstance(p, (bool, np.bool_)):
            n += 1
    return n


def getitem(input: Tensor, index: Any) -> Tensor:
    """``input[index]``: a view for integers, slices, ``...`` and None, else a copy.

    >>> import minigrad as mg
    >>> x = mg.arange(6).reshape(2, 3)
    >>> x[1, :2], x[x > 3]
    (tensor([3, 4]), tensor([4, 5]))
    """
    parts, basic, cut = read_index(index, input._data)
    if basic:
        return apply(Slice, (input,), {"index": parts})
    return picked(apply(Slice, (input,), {"index": cut}) if cut else input, index, parts)


@one_call(name="index")
def picked(input: Tensor, index: Any, parts: Any) -> Tensor:
    """``input[index]`` with tensors or masks in the index."""
    try:
        result: Tensor = apply(Index, (input,), {"index": parts})
    except IndexError:
        raise refuse.mismatched(parts) from None
    return result


def index_put_zeros(input: Tensor, shape: Any, index: Any, add: bool) -> Tensor:
    return apply(IndexPutZeros, (input,), {"shape": shape, "index": index, "add": add})


def fills_mask(parts: Any, value: Any) -> bool:
    """Whether ``x[parts] = value`` fills the places of one mask with one number.

    PyTorch runs ``masked_fill`` then: the number may have any dtype, and may be one of ``x``.
    """
    lists = [p for p in parts if is_list(p)]
    one_number = not isinstance(value, Tensor) or value._data.size == 1
    return one_number and len(lists) == 1 and lists[0].dtype.kind == "b"


def index_value(input: Tensor, parts: Any, value: Any, one_dtype: bool) -> Tensor:
    """The checked value of ``input[parts] = value``. one_dtype: both must have the same."""
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
        raise refuse.mismatched(parts) from None
    shape = value._data.shape
    while len(shape) > len(target) and shape[0] == 1:  # PyTorch drops leading ones
        value = value.squeeze(0)
        shape = value._data.shape
    extra = len(target) - len(shape)
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, target[extra:], strict=True)):
        refuse.value_shape(shape, target, parts)
    if one_dtype:
        refuse.put_dtypes(input, value)
    if dtypes.category(value._data.dtype) == 3 and dtypes.category(d) < 3:
        value = tensors.real(value) if d.kind != "b" else make(value._data != 0)
    return value


register(
    index_put_zeros=(IndexPutZeros, index_put_zeros),
    shape_of=(lambda x: x.shape, lambda t: t._data.shape),
)
