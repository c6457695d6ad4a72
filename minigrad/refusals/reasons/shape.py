"""Shapes and orders that the elements of a tensor do not fit."""

from __future__ import annotations

import math
from typing import Any, NoReturn

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES, kind_name
from ...faithful.strides import address, memory_of, strides_of


def fill_in(shape: tuple[int, ...], size: int) -> None:
    """Say why ``size`` elements have no such shape."""
    if shape.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred: -1 may stand once in a shape")
    for n in shape:
        if n < -1:
            raise RuntimeError(
                f"invalid shape dimension {n} at index {shape.index(n)} of shape {list(shape)}: "
                "lengths are 0 or more, or one -1"
            )
    known = math.prod(n for n in shape if n != -1)
    if -1 in shape and known == 0:
        raise RuntimeError(
            f"cannot reshape tensor of {size} elements into shape {list(shape)} because the "
            "unspecified dimension size -1 can be any value and is ambiguous: give all lengths"
        )
    if (-1 in shape and size % known) or (-1 not in shape and known != size):
        raise RuntimeError(
            f"shape '{list(shape)}' is invalid for input of size {size}: the lengths must "
            f"multiply to {size}"
        )


def view() -> NoReturn:
    """The numbers are in memory in the order that the shape needs."""
    raise RuntimeError(
        "view size is not compatible with input tensor's size and stride (at least one "
        "dimension spans across two contiguous subspaces). Use .reshape(...) instead. The "
        "numbers are not in memory in the order that the new shape needs."
    )


def reread(x: Any, dtype: Any) -> None:
    """Numbers of another size are read along the last dimension, without a rest."""
    what = f"to view {kind_name(x)} as {KIND_NAMES[dtype.name]} (different element sizes)"
    strides = strides_of(x)
    if not strides:
        raise RuntimeError(f"self.dim() cannot be 0 {what}: bytes are counted along a dimension")
    if strides[-1] != 1:
        raise RuntimeError(f"self.stride(-1) must be 1 {what}, but got {strides[-1]}: the bytes of "
                           "a number lie side by side")  # fmt: skip
    ratio = dtype.itemsize // x.itemsize
    start = address(x) - address(memory_of(x))
    counts = {"size(-1)": x.shape[-1], "storage_offset()": start // x.itemsize if x.size else 0}
    counts |= {f"stride({d})": stride for d, stride in enumerate(strides[:-1])}
    for name, count in counts.items():
        if ratio and count % ratio:
            raise RuntimeError(
                f"self.{name} must be divisible by {ratio} {what}, but got {count}: one number is "
                f"made of {ratio}"
            )


def flatten() -> NoReturn:
    """The first of the joined dimensions is not after the last."""
    raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")


def no_sizes() -> NoReturn:
    """There are lengths to lay out."""
    raise RuntimeError("unflatten: sizes must be non-empty: name the new lengths")


def unflatten(sizes: Any, d: int, n: int) -> NoReturn:
    """The same elements are laid out anew."""
    raise RuntimeError(
        f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {d} "
        f"({n}) in the input tensor: the same elements are laid out anew"
    )


def permute(n: int, wanted: Any) -> NoReturn:
    """Each dimension has a place."""
    raise RuntimeError(
        "permute(sparse_coo): number of dimensions in the tensor input does not match the "
        f"length of the desired ordering of dimensions i.e. input.dim() = {n} is not equal to "
        f"len(dims) = {len(wanted)}"
    )


def duplicate() -> NoReturn:
    """Each dimension has one place."""
    raise RuntimeError("permute(): duplicate dims are not allowed. Every dimension has one place.")


def t(input: Tensor) -> NoReturn:
    """Only a matrix has two dimensions to exchange."""
    raise RuntimeError(
        f"t() expects a tensor with <= 2 dimensions, but self is {input._data.ndim}D: name "
        "the two dimensions, x.transpose(d0, d1)"
    )


def movedim(source: Any, destination: Any) -> None:
    """Each dimension goes to one place."""
    if len(source) != len(destination):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({source} dims) should contain "
            f"the same number of dims as destination ({destination} dims): each goes to one place"
        )


def repeated(src: list[int], dst: list[int]) -> None:
    """Each dimension goes to one place."""
    for name, given in (("source", src), ("destination", dst)):
        if len(set(given)) < len(given):
            raise RuntimeError(
                f"movedim: repeated dim in `{name}` ({given}): each dimension goes to one place"
            )


def dropped(input: Tensor, target: list[int]) -> NoReturn:
    """New dimensions come in front, none is dropped."""
    have = list(input._data.shape)
    raise RuntimeError(
        f"expand(torch.{input.type_name()}{{{have}}}, size={target}): the number of sizes "
        f"provided ({len(target)}) must be greater or equal to the number of dimensions in the "
        f"tensor ({len(have)})"
        ": new dimensions come in front, none is dropped"
    )


def not_there(n: int, i: int) -> NoReturn:
    """-1 keeps a length that is there."""
    raise RuntimeError(
        f"The expanded size of the tensor ({n}) isn't allowed in a leading, "
        f"non-existing dimension {i}: -1 keeps a length that is there"
    )


def expand(n: int, old: int, i: int, target: Any, have: Any) -> NoReturn:
    """Only a dimension of length 1 can be repeated."""
    raise RuntimeError(
        f"The expanded size of the tensor ({n}) must match the existing size ({old}) at "
        f"non-singleton dimension {i}.  Target sizes: {target}.  Tensor sizes: "
        f"{list(have)}. Only a dimension of length 1 can be repeated."
    )


def sum_to_size(target: Any, have: Any) -> NoReturn:
    """Broadcasting from that size would give the tensor's."""
    raise RuntimeError(
        f"size {{{list(target)}}} is not expandable to size {{{list(have)}}}."
        " It sums over what broadcasting from that size would repeat."
    )
