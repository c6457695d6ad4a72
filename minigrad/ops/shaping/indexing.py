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
                raise IndexError(
                    "tensors used as indices must be long, int, byte or bool tensors: this one is "
                    f"{part.dtype}; convert it with .long()"
                )
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
                raise IndexError(
                    "tensors used as indices must be long, int, byte or bool tensors: got numbers "
                    f"of dtype {part.dtype}"
                )
            basic = False
            if part.dtype.kind == "b":
                check_mask(part, x, used)
                used += part.ndim
            else:
                check_range(part, x, used)
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
            check_ends(part)
            if part.step is not None and int(part.step) == 0:
                raise ValueError("slice step cannot be zero: it would never end")
            if part.step is not None and int(part.step) < 0:
                raise ValueError(
                    "step must be greater than zero: PyTorch has no backward slices; use "
                    "mg.flip(x, [dim])"
                )
            ends = (part.start, part.stop, part.step)
            if x.ndim == 0 and not isinstance(index, tuple):
                raise IndexError(
                    "slice() cannot be applied to a 0-dim tensor. It is a single number: x.item()"
                )
            part = slice(*(None if v is None else int(v) for v in ends))
            used += 1
        elif hasattr(part, "__index__"):
            part = part.__index__()
            if x.ndim == 0 and not isinstance(index, tuple):
                raise IndexError(
                    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                    "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
                )
            if used < x.ndim and not -x.shape[used] <= part < x.shape[used]:
                raise IndexError(
                    f"index {part} is out of bounds for dimension {used} with size "
                    f"{x.shape[used]}: valid are {-x.shape[used]} to {x.shape[used] - 1}"
                )
            used += 1
        elif isinstance(part, str):
            raise TypeError(
                f"new(): invalid data type '{type(part).__name__}': a tensor has no names, only "
                "numbers count along its dimensions"
            )
        else:
            raise IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
                f"are valid indices (got {type(part).__name__})"
                ": a place is counted by whole numbers from 0"
            )
        made.append(part)
    if used > x.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {x.ndim}: the index names {used} dimensions"
        )
    return tuple(made), basic


def check_ends(part: slice) -> None:
    for end in (part.start, part.stop, part.step):
        if end is not None and not hasattr(end, "__index__"):
            raise TypeError(
                "slice indices must be integers or None or have an __index__ method: got a "
                f"{type(end).__name__}"
            )


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


def check_mask(mask: Any, x: Any, used: int) -> None:
    if used + mask.ndim > x.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {x.ndim}: a mask of {mask.ndim} dimensions "
            "counts as that many"
        )
    for i, n in enumerate(mask.shape):
        if used + i >= x.ndim or n != x.shape[used + i]:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {i} does not match the shape "
                f"of the indexed tensor {list(x.shape)} at index {used + i}: a mask needs one True "
                "or False for each element"
            )


def check_range(index: Any, x: Any, used: int) -> None:
    if used >= x.ndim or not index.size:
        return
    n = x.shape[used]
    bad = index[(index < -n) | (index >= n)]
    if bad.size:
        raise IndexError(
            f"index {int(bad.flat[0])} is out of bounds for dimension {used} with size {n}: valid "
            f"are {-n} to {n - 1}"
        )


def getitem(input: Tensor, index: Any) -> Tensor:
    """``input[index]``: a view for integers, slices, ``...`` and None, else a copy.

    >>> import minigrad as mg
    >>> x = mg.arange(6).reshape(2, 3)
    >>> x[1, :2], x[x > 3]
    (tensor([3, 4]), tensor([4, 5]))
    """
    parts, basic = read_index(index, input._data)
    try:
        return apply(Slice if basic else Index, (input,), {"index": parts})
    except IndexError:
        if sum(p is Ellipsis for p in parts) > 1:
            return getitem(input, one_ellipsis(parts, input._data.ndim))
        raise mismatched(parts) from None


def one_ellipsis(parts: Any, ndim: int) -> tuple[Any, ...]:
    """The index without the second ``...``, which PyTorch allows where nothing follows it."""
    first = next(i for i, p in enumerate(parts) if p is Ellipsis)
    kept = [p for i, p in enumerate(parts) if p is not Ellipsis or i == first]
    second = next(i for i, p in enumerate(parts) if p is Ellipsis and i > first)
    if any(p is not None and p is not Ellipsis for p in parts[second:]):
        raise IndexError(
            f"index 0 is out of bounds for dimension {ndim} with size 0: after the second ... no "
            "dimension is left"
        )
    return tuple(kept)


def mismatched(parts: Any) -> IndexError:
    """The error for index tensors that do not go together."""
    shapes = [list(p.shape) for p in parts if isinstance(p, np.ndarray)]
    return IndexError(
        "shape mismatch: indexing tensors could not be broadcast together with shapes "
        f"{', '.join(map(str, shapes))}: they name places in pairs"
    )


def index_put_zeros(input: Tensor, shape: Any, index: Any, add: bool) -> Tensor:
    return apply(IndexPutZeros, (input,), {"shape": shape, "index": index, "add": add})


def index_value(input: Tensor, index: Any, value: Any) -> tuple[Any, Tensor]:
    """The checked index and value of ``input[index] = value``."""
    parts, _ = read_index(index, input._data)
    d = input._data.dtype
    if not isinstance(value, Tensor):
        if not isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
            raise TypeError(f"can't assign a {type(value).__name__} to a {input.dtype} tensor")
        if isinstance(value, (int, float, complex)):
            value = np.asarray(value if d.kind == "f" and d.itemsize == 2 else
                               dtypes.room(value, d))  # fmt: skip
        value = make(np.asarray(value).astype(d))
    try:
        target = input._data[parts].shape
    except IndexError:
        if sum(p is Ellipsis for p in parts) > 1:
            return index_value(input, one_ellipsis(parts, input._data.ndim), value)
        raise mismatched(parts) from None
    shape = value._data.shape
    while len(shape) > len(target) and shape[0] == 1:  # PyTorch drops leading ones
        value = value.squeeze(0)
        shape = value._data.shape
    extra = len(target) - len(shape)
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, target[extra:], strict=True)):
        if not any(isinstance(part, np.ndarray) for part in parts):
            raise not_expandable(shape, target)
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(shape)} cannot be broadcast to indexing "
            f"result of shape {list(target)}: give one number, or as many as the index names"
        )
    if dtypes.category(value._data.dtype) == 3 and dtypes.category(d) < 3:
        raise RuntimeError(f"value cannot be converted to type {input.dtype} without overflow")
    return parts, value


def not_expandable(shape: Any, target: Any) -> RuntimeError:
    """The error for a value that does not fit the part of a tensor that it is written to."""
    extra = len(target) - len(shape)
    for i in range(len(target) - 1, -1, -1):
        if extra >= 0 and i >= extra and shape[i - extra] not in (1, target[i]):
            return RuntimeError(
                f"The expanded size of the tensor ({target[i]}) must match the existing size "
                f"({shape[i - extra]}) at non-singleton dimension {i}.  Target sizes: "
                f"{list(target)}.  Tensor sizes: {list(shape)}"
            )
    return RuntimeError(
        f"expand(torch.FloatTensor{{{list(shape)}}}, size={list(target)}): the number of sizes "
        f"provided ({len(target)}) must be greater or equal to the "
        f"number of dimensions in the tensor ({len(shape)})"
    )


register(
    index_put_zeros=(IndexPutZeros, index_put_zeros),
    shape_of=(lambda x: x.shape, lambda t: t._data.shape),
)
