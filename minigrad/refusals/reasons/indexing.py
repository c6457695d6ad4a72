"""Indices that name no elements of a tensor, and values that do not fit there."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ...faithful.package_name import package


def index_dtype(part: Tensor) -> NoReturn:
    """Index tensors count, or say True or False."""
    raise IndexError(
        "tensors used as indices must be long, int, byte or bool tensors: this one is "
        f"{part.dtype}; convert it with .long()"
    )


def numbers(part: Any) -> NoReturn:
    """Numbers in a list count, or say True or False."""
    raise IndexError(
        "tensors used as indices must be long, int, byte or bool tensors: got numbers "
        f"of dtype {part.dtype}"
    )


def mask(mask: Any, x: Any, used: int) -> None:
    """A mask has one True or False for each element."""
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


def places(index: Any, x: Any, used: int) -> None:
    """The places are there."""
    if used >= x.ndim or not index.size:
        return
    n = x.shape[used]
    bad = index[(index < -n) | (index >= n)]
    if bad.size:
        raise IndexError(
            f"index {int(bad.flat[0])} is out of bounds for dimension {used} with size {n}: valid "
            f"are {-n} to {n - 1}"
        )


def slice_ends(part: slice) -> None:
    """Ends are whole numbers, and the step is above 0."""
    for end in (part.start, part.stop, part.step):
        if end is not None and not hasattr(end, "__index__"):
            raise TypeError(
                "slice indices must be integers or None or have an __index__ method: got a "
                f"{type(end).__name__}"
            )
    if part.step is not None and int(part.step) == 0:
        raise ValueError("slice step cannot be zero: it would never end")
    if part.step is not None and int(part.step) < 0:
        raise ValueError(
            "step must be greater than zero: PyTorch has no backward slices; use "
            f"{package()}.flip(x, [dim])"
        )


def slice_of_number() -> NoReturn:
    """A single number has no slices."""
    raise IndexError("slice() cannot be applied to a 0-dim tensor. It is a single number: x.item()")


def index_of_number() -> NoReturn:
    """A single number has no elements."""
    raise IndexError(
        "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
        "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
    )


def place(part: int, x: Any, used: int) -> NoReturn:
    """The place is there."""
    raise IndexError(
        f"index {part} is out of bounds for dimension {used} with size "
        f"{x.shape[used]}: valid are {-x.shape[used]} to {x.shape[used] - 1}"
    )


def no_index(part: Any) -> NoReturn:
    """A place is counted by whole numbers from 0."""
    if isinstance(part, str):
        raise TypeError(
            f"new(): invalid data type '{type(part).__name__}': a tensor has no names, only "
            "numbers count along its dimensions"
        )
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
        f"are valid indices (got {type(part).__name__})"
        ": a place is counted by whole numbers from 0"
    )


def too_many(x: Any, used: int) -> NoReturn:
    """An index names as many dimensions as there are."""
    raise IndexError(
        f"too many indices for tensor of dimension {x.ndim}: the index names {used} dimensions"
    )


def second_ellipsis(ndim: int) -> NoReturn:
    """After the second ... no dimension is left."""
    raise IndexError(
        f"index 0 is out of bounds for dimension {ndim} with size 0: after the second ... no "
        "dimension is left"
    )


def mismatched(parts: Any) -> IndexError:
    """The error for index tensors that do not go together."""
    lists = [p for p in parts if isinstance(p, np.ndarray)]
    each = [k for p in lists for k in (p.nonzero() if p.dtype.kind == "b" else (p,))]
    shapes = [list(k.shape) for k in each]
    return IndexError(
        "shape mismatch: indexing tensors could not be broadcast together with shapes "
        f"{', '.join(map(str, shapes))}: they name places in pairs"
    )


def value(value: Any, input: Tensor) -> NoReturn:
    """A number, an array or a tensor can be assigned."""
    raise TypeError(f"can't assign a {type(value).__name__} to a {input.dtype} tensor")


def put_dtypes(input: Tensor, values: Tensor) -> None:
    """Both have one dtype."""
    if values._data.dtype != input._data.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{KIND_NAMES[input._data.dtype.name]} for the destination and "
            f"{KIND_NAMES[values._data.dtype.name]} for the source."
        )


def value_shape(shape: Any, target: Any, parts: Any) -> NoReturn:
    """One number, or as many as the index names."""
    if not any(isinstance(part, np.ndarray) for part in parts):
        raise not_expandable(shape, target)
    raise RuntimeError(
        f"shape mismatch: value tensor of shape {list(shape)} cannot be broadcast to indexing "
        f"result of shape {list(target)}: give one number, or as many as the index names"
    )


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
