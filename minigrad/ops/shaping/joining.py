r"""Joining tensors and taking them apart: cat, stack, split, chunk, unbind.

The gradient of joining is taking apart, and the other way round.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful import dtypes
from ...refusals.arguments import need_fit
from ..operands import need_tensor, numpy_names
from ..reducing.reductions import one_dim


class Cat(Op):
    formula = r"y = (x_1, x_2, \ldots) \text{ one after the other}"

    def forward(*tensors, dim):
        return np.concatenate(tensors, axis=dim)

    def vjp(g, needs, dim, shapes, xp):
        r"\bar x_k = \text{ the part of } \bar y \text{ that came from } x_k"
        grads = []
        start = 0
        for need, shape in zip(needs, shapes, strict=True):
            length = shape[dim] if shape != (0,) else 0
            part = (slice(None),) * dim + (slice(start, start + length),)
            grads.append(g[part] if need else None)
            start += length
        return tuple(grads)


class Stack(Op):
    formula = r"y_k = x_k"

    def forward(*tensors, dim):
        return np.stack(tensors, axis=dim)

    def vjp(g, needs, dim):
        r"\bar x_k = \bar y_k"
        at = (slice(None),) * dim
        return tuple(g[(*at, k)] if need else None for k, need in enumerate(needs))


class Unbind(Op):
    formula = r"y_i = x_i"
    view = True
    multi_output = True

    def forward(x, *, dim):
        return tuple(np.moveaxis(x, dim, 0)[i, ...] for i in range(x.shape[dim]))

    def vjp(g, needs, dim, node, xp):
        r"\bar x = (\bar y_1, \bar y_2, \ldots)"
        return (xp.stack([filled(node, i, gi, xp) for i, gi in enumerate(g)], dim=dim),)


class Split(Op):
    formula = r"(y_1, y_2, \ldots) = x"
    view = True
    multi_output = True

    def forward(x, *, sizes, dim):
        return tuple(np.split(x, np.cumsum(sizes)[:-1], axis=dim))

    def vjp(g, needs, dim, node, xp):
        r"\bar x = (\bar y_1, \bar y_2, \ldots)"
        return (xp.cat([filled(node, i, gi, xp) for i, gi in enumerate(g)], dim=dim),)


class SplitWithSizes(Split):
    forward = Split.forward
    vjp = Split.vjp


def filled(node: Any, i: int, g: Any, xp: Any) -> Any:
    """The gradient of output ``i``, zeros if none has come."""
    return xp.constant(np.zeros(node.shape[i], node.dtype[i])) if g is None else g


# --- the functions -------------------------------------------------------------------------------


def common(tensors: Any, name: str) -> tuple[list[Tensor], list[Any]]:
    """The tensors of a cat or stack and their arrays in one dtype."""
    if isinstance(tensors, Tensor):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"
        )
    given = list(tensors)
    for i, x in enumerate(given):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(x).__name__}"
            )
    if not given:
        if name == "cat":
            raise ValueError("torch.cat(): expected a non-empty list of Tensors: nothing to join")
        raise RuntimeError(f"{name} expects a non-empty TensorList: there is nothing to join")
    d = dtypes.result_np([x._data for x in given])
    return given, [x._data.astype(d, copy=False) for x in given]


@numpy_names
def cat(tensors: Any, dim: int = 0) -> Tensor:
    """Join tensors along an existing dimension; their other lengths must be equal.

    >>> import minigrad as mg
    >>> mg.cat([mg.ones(2), mg.zeros(1)])
    tensor([1., 1., 0.])
    """
    given, arrays = common(tensors, "cat")
    shown = [a for a in arrays if a.shape != (0,)] or arrays[:1]
    d = one_dim(dim, shown[0].ndim)
    for i, a in enumerate(arrays):
        if a.ndim == 0:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {i}) cannot be concatenated: use stack"
            )
        if a.shape == (0,):
            continue
        if a.ndim != shown[0].ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {shown[0].ndim} and {a.ndim}"
                ": see stack, which makes a new dimension"
            )
        for k, (n, m) in enumerate(zip(shown[0].shape, a.shape, strict=True)):
            if k != d and n != m:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {d}. Expected size {n} but "
                    f"got size {m} for tensor number {i} in the list."
                    " Only along the joined dimension may they differ."
                )
    if len(shown) < len(arrays):  # PyTorch lets an empty 1-D tensor stand anywhere
        filler = shown[0].shape[:d] + (0,) + shown[0].shape[d + 1 :]
        arrays = [a.reshape(filler) if a.shape == (0,) else a for a in arrays]
    return apply(Cat, tuple(given), {"dim": d}, arrays)


@numpy_names
def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new dimension.

    >>> import minigrad as mg
    >>> mg.stack([mg.ones(2), mg.zeros(2)])
    tensor([[1., 1.],
            [0., 0.]])
    """
    given, arrays = common(tensors, "stack")
    d = one_dim(dim, given[0]._data.ndim + 1)
    for i, x in enumerate(given):
        if x._data.shape != given[0]._data.shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(given[0].shape)} at "
                f"entry 0 and {list(x.shape)} at entry {i}"
                ": see cat, which joins along a dimension that is there"
            )
    return apply(Stack, tuple(given), {"dim": d}, arrays)


def stack_arrays(tensors: Any, dim: int = 0) -> Any:
    return np.stack(tensors, axis=dim)


@numpy_names
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along ``dim``, as a tuple of views."""
    if input._data.ndim == 0:
        one_dim(dim, 0)
        raise IndexError(
            f"Dimension specified as {dim} but tensor has no dimensions: a 0-d tensor has no slices"
        )
    return apply(Unbind, (input,), {"dim": one_dim(dim, input._data.ndim)})


def split(
    input: Any, split_size: Any = None, dim: int = 0, *, split_size_or_sections: Any = None
) -> tuple[Tensor, ...]:
    """Pieces of length ``split_size`` (the last may be shorter), or of the lengths in a list."""
    if split_size_or_sections is not None:  # what torch.split calls it
        split_size = split_size_or_sections
    if isinstance(split_size, Tensor) and not split_size.ndim:
        split_size = split_size.item()
    if type(split_size) is not int or type(dim) is not int:
        if isinstance(input, str):
            raise TypeError("must be str or None, not int: split takes a tensor here")
        need_tensor("split", input)
        need_fit("split" if isinstance(split_size, int) else "split_with_sizes",
                 input, split_size, dim)  # fmt: skip
    if not input._data.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor: one number has no parts")
    need_a_dimension("split", input)
    d = one_dim(dim, input._data.ndim)
    n = input._data.shape[d]
    if isinstance(split_size, (tuple, list)):
        sizes = list(split_size)
        if any(n < 0 for n in sizes):
            raise RuntimeError(
                "split_with_sizes expects split_sizes have only non-negative entries, but got "
                f"split_sizes={sizes}: they are lengths"
            )
        if math.fsum(sizes) != n:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size "
                f"at dimension {d}), but got split_sizes={sizes}: the pieces are the whole"
            )
    else:
        if split_size < 0:
            raise RuntimeError(
                f"split expects split_size be non-negative, but got split_size={split_size}"
                ": it is a length"
            )
        if split_size == 0 and n:
            raise RuntimeError(
                f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}"
                ": pieces without elements would never end"
            )
        step = split_size or 1
        sizes = [min(step, n - i) for i in range(0, n, step)] or [0]
    op = SplitWithSizes if isinstance(split_size, (tuple, list)) else Split
    return apply(op, (input,), {"sizes": tuple(sizes), "dim": d})


@numpy_names
def need_a_dimension(name: str, input: Tensor) -> None:
    if input._data.ndim == 0:
        raise RuntimeError(
            f"{name} expects at least a 1-dimensional tensor: this one is a single number"
        )


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most ``chunks`` pieces of equal length (the last may be shorter)."""
    if not input._data.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor: one number has no parts")
    if chunks <= 0:
        raise RuntimeError(
            f"chunk expects `chunks` to be greater than 0, got: {chunks}: it counts the pieces"
        )
    need_a_dimension("chunk", input)
    n = input._data.shape[one_dim(dim, input._data.ndim)]
    return split(input, -(-n // chunks) or 1, dim)


register("stack", stack_arrays, stack)
register("cat", lambda tensors, dim=0: np.concatenate(tensors, axis=dim), cat)
