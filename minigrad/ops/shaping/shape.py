r"""Operations that move numbers without changing them: reshape, transpose, expand, squeeze ...

Most results are *views*: they share the input's memory, as in PyTorch. The gradient of moving
numbers is moving them back: every vjp here is the opposite move.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.first_ops import Expand, Reshape, Transpose
from ...core.formula_ops import SumToSize, T
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...faithful.strides import (
    as_numbers,
    contiguous_format,
    has_format,
    preserve_format,
    strides_of,
)
from ...refusals.reasons import shape as refuse
from ..called import called
from ..calls import one_call
from ..dimensions import dims, one_dim, shape_arg


class Permute(Op):
    formula = r"y = x \text{ with its dimensions in another order}"
    linear = True
    view = True

    def forward(x, *, dims):
        return x.transpose(dims)

    def vjp_x(g, dims, xp):
        r"\bar y \text{ with its dimensions back in order}"
        return xp.permute(g, dims=tuple(int(i) for i in np.argsort(dims)))


class Squeeze(Op):
    formula = r"y = x \text{ without dimensions of length 1}"
    linear = True
    view = True

    def forward(x, *, dim, name="SqueezeBackward1"):
        return x.squeeze(tuple(dim))

    def vjp_x(g, x_shape, xp):
        r"\bar y \text{ in the shape of } x"
        return xp.reshape(g, shape=x_shape)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params.get("name", "SqueezeBackward1")


class Unsqueeze(Op):
    formula = r"y = x \text{ with a new dimension of length 1}"
    linear = True
    view = True

    def forward(x, *, dim):
        return x[(slice(None),) * (dim % (x.ndim + 1)) + (None,)]

    def vjp_x(g, x_shape, xp):
        r"\bar y \text{ in the shape of } x"
        return xp.reshape(g, shape=x_shape)


# --- the functions -------------------------------------------------------------------------------


def fill_in(shape: tuple[int, ...], size: int) -> tuple[int, ...]:
    """Replace a -1 in ``shape`` by what ``size`` elements need. RuntimeError if they don't fit."""
    known = math.prod(n for n in shape if n != -1)
    if -1 in shape:
        fits = shape.count(-1) == 1 and min(shape) == -1 and known != 0 and size % known == 0
    else:
        fits = known == size and min(shape, default=0) >= 0
    if not fits:
        refuse.fill_in(shape, size)
    return tuple(size // known if n == -1 else n for n in shape)


def reshape(input: Tensor, *shape: Any, **named: Any) -> Tensor:
    """The same elements, in the same order along the rows, in another shape.

    Args:
        input: a tensor of any shape and dtype.
        shape: the lengths, ``reshape(2, 3)`` or ``reshape((2, 3))``. One may be -1: it is worked
            out from the number of elements.

    Returns:
        A tensor of that shape, a view if the elements lie in memory as it needs them, else a copy.

    Raises:
        RuntimeError: if the lengths do not multiply to the number of elements, or -1 is ambiguous.

    >>> import minigrad as mg
    >>> mg.arange(6).reshape(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])

    Source: PyTorch's documentation of ``torch.reshape``.
    """
    target = fill_in(shape_arg((named["shape"],) if named else shape), input._data.size)
    if not input._data.size or np.may_share_memory(input._data.reshape(target), input._data):
        return apply(Reshape, (input,), {"shape": target})
    return apply(Reshape, (input,), {"shape": target, "name": "UnsafeViewBackward0"})


def view(input: Tensor, *shape: Any, size: Any = None, dtype: Any = None) -> Tensor:
    """The same elements in another shape, always in the same memory; see ``reshape``.

    Args:
        input: a tensor of any shape and dtype.
        shape: the lengths, one of them perhaps -1, as for ``reshape``. Or a dtype: the bytes are
            read as numbers of that dtype.

    Returns:
        A view of that shape, what is written into it is written into ``input``.

    Raises:
        RuntimeError: if the lengths do not fit, or the numbers would have to be copied.

    >>> import minigrad as mg
    >>> x = mg.zeros(4)
    >>> x.view(2, 2)[0, 1] = 1.0
    >>> x
    tensor([0., 1., 0., 0.])

    Source: PyTorch's documentation of ``Tensor.view``.
    """
    shape = shape or (size if dtype is None else dtype,)
    if len(shape) == 1 and isinstance(shape[0], dtypes.dtype):
        return reread(input, shape[0].np)
    target = fill_in(shape_arg(shape), input._data.size)
    if input._data.size and not np.may_share_memory(input._data.reshape(target), input._data):
        refuse.view()
    return apply(Reshape, (input,), {"shape": target})


def reread(input: Tensor, dtype: Any) -> Tensor:
    """The same memory read as numbers of another dtype; the last dimension fits their size."""
    x = input._data
    size, new = x.itemsize, dtype.itemsize
    shape, strides = list(x.shape), strides_of(x)
    if size != new:
        refuse.reread(x, dtype)
        shape[-1] = shape[-1] * size // new
        strides = (*[s * size // new for s in strides[:-1]], 1)
    y = make(as_numbers(x, dtype, shape, strides))
    y._owner = input if input._owner is None else input._owner
    return y


@one_call
def view_copy(input: Tensor, *shape: Any, size: Any = None, dtype: Any = None) -> Tensor:
    """``view`` with memory of its own.

    >>> import minigrad as mg
    >>> mg.view_copy(mg.tensor([1, 2]), (2, 1))
    tensor([[1],
            [2]])
    """
    seen = view(input, *shape, size=size, dtype=dtype)
    return called(seen.clone(memory_format=contiguous_format), "ViewCopyBackward0")


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.view(other.shape)``."""
    return view(input, other.shape)


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.reshape(other.shape)``."""
    return reshape(input, other.shape)


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Several neighbouring dimensions joined into one.

    Args:
        input: a tensor of any shape and dtype.
        start_dim: the first of them (default: 0).
        end_dim: the last of them (default: -1).

    Returns:
        ``input`` itself if that is one dimension, a view if possible, else a copy. A tensor without
        dimensions becomes a vector of one element.

    Raises:
        RuntimeError: if ``start_dim`` comes after ``end_dim``.
        IndexError: if a dimension is not there.

    >>> import minigrad as mg
    >>> mg.flatten(mg.zeros(2, 3, 4), start_dim=1).shape
    torch.Size([2, 12])

    Source: PyTorch's documentation of ``torch.flatten``.
    """
    n = input._data.ndim
    start, end = one_dim(start_dim, n), one_dim(end_dim, n)
    if n == 0:
        return reshape(input, 1)
    if start > end:
        refuse.flatten()
    if start == end:
        return input
    s = input._data.shape
    return reshape(input, (*s[:start], math.prod(s[start : end + 1]), *s[end + 1 :]))


def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension ``dim`` laid out as several, of lengths ``sizes`` (one may be -1); a view."""
    d = one_dim(dim, input._data.ndim)
    if not sizes:
        refuse.no_sizes()
    sizes = tuple(sizes)
    n = input._data.shape[d]
    known = math.prod(s for s in sizes if s != -1)
    if (-1 not in sizes and known != n) or (-1 in sizes and (known == 0 or n % known)):
        refuse.unflatten(sizes, d, n)
    sizes = tuple(n // known if s == -1 else s for s in sizes)
    shape = input._data.shape
    return reshape(input, shape[:d] + sizes + shape[d + 1 :])


def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension; a view if they are in order in memory."""
    return reshape(contiguous(input), -1 if input._data.size else 0)


def permute(input: Tensor, *order: Any, **named: Any) -> Tensor:
    """The dimensions in another order.

    Args:
        input: a tensor of any shape and dtype.
        order: all its dimensions, ``permute(2, 0, 1)`` or ``permute((2, 0, 1))``: which of them
            comes first, which second ...

    Returns:
        A view.

    Raises:
        RuntimeError: if a dimension is missing or named twice.
        IndexError: if a dimension is not there.

    >>> import minigrad as mg
    >>> mg.zeros(2, 3, 4).permute(2, 0, 1).shape
    torch.Size([4, 2, 3])

    Source: PyTorch's documentation of ``torch.permute``.
    """
    wanted = shape_arg((named["dims"],) if named else order)
    n = input._data.ndim
    if len(wanted) != n:
        refuse.permute(n, wanted)
    order = tuple(one_dim(d, n) for d in wanted)
    if len(set(order)) != n:
        refuse.duplicate()
    return apply(Permute, (input,), {"dims": order})


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dimensions exchanged: $y_{ij} = x_{ji}$.

    Args:
        input: a tensor of any shape and dtype.
        dim0: one dimension, counted from 0, or from -1 backwards.
        dim1: the other.

    Returns:
        A view.

    Raises:
        IndexError: if a dimension is not there.

    >>> import minigrad as mg
    >>> mg.zeros(2, 3, 4).transpose(0, -1).shape
    torch.Size([4, 3, 2])

    Source: PyTorch's documentation of ``torch.transpose``.
    """
    n = input._data.ndim
    return apply(Transpose, (input,), {"dim0": one_dim(dim0, n), "dim1": one_dim(dim1, n)})


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix, $y_{ij} = x_{ji}$; a vector stays as it is.

    Args:
        input: a tensor of at most 2 dimensions, of any dtype.

    Returns:
        A view.

    Raises:
        RuntimeError: for more than 2 dimensions.

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2, 3]]).t()
    tensor([[1],
            [2],
            [3]])

    Source: PyTorch's documentation of ``torch.t``.
    """
    if input._data.ndim > 2:
        refuse.t(input)
    return apply(T, (input,))


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Move dimensions to other places, the rest stays in order; a view."""
    n = input._data.ndim
    source = list(source) if isinstance(source, (tuple, list)) else [source]
    destination = list(destination) if isinstance(destination, (tuple, list)) else [destination]
    refuse.movedim(source, destination)
    src, dst = ([one_dim(d, n) for d in given] for given in (source, destination))
    refuse.repeated(src, dst)
    if not n:
        return view(input, ())
    order = [d for d in range(n) if d not in src]
    for to, frm in sorted(zip(dst, src, strict=True)):
        order.insert(to, frm)
    return permute(input, order)


def expand(input: Tensor, *sizes: Any, size: Any = None, shape: Any = None) -> Tensor:
    """Repeat along dimensions of length 1, without copying: all repeats are the same memory.

    Args:
        input: a tensor of any shape and dtype.
        sizes, size, shape: the new lengths, ``expand(2, 3)`` or ``expand((2, 3))``, or by one of
            these names. -1 keeps a length; new dimensions come in front.

    Returns:
        A view of that shape.

    Raises:
        RuntimeError: if a length that is not 1 would change, or there are fewer sizes than
            dimensions.

    >>> import minigrad as mg
    >>> mg.tensor([[1.0], [2.0]]).expand(2, 3)
    tensor([[1., 1., 1.],
            [2., 2., 2.]])

    Source: PyTorch's documentation of ``Tensor.expand``.
    """
    named = size if shape is None else shape
    target = list(shape_arg(sizes if named is None else (named,)))
    have = input._data.shape
    extra = len(target) - len(have)
    if extra < 0:
        refuse.dropped(input, target)
    for i, n in enumerate(target):
        old = have[i - extra] if i >= extra else None
        if n == -1:
            if old is None:
                refuse.not_there(n, i)
            target[i] = old
        elif old is not None and old not in (1, n):
            refuse.expand(n, old, i, target, have)
    return apply(Expand, (input,), {"shape": tuple(target)})


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.expand(other.shape)``."""
    return expand(input, other.shape)


def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """``input.expand(size)``."""
    return expand(input, size)


def sum_to_size(input: Tensor, *size: Any, **named: Any) -> Tensor:
    """Sum over the dimensions that broadcasting to ``input``'s shape from ``size`` would repeat."""
    target = shape_arg((named["size"],) if named else size)
    have = input._data.shape
    extra = len(have) - len(target)
    fits = extra >= 0 and all(
        n in (1, m) for n, m in zip(target, have[extra:], strict=True)
    )
    if not fits:
        refuse.sum_to_size(target, have)
    if target == have:
        return input
    # PyTorch drops leading dimensions of length 1 with a view.
    own = "ViewBackward0" if extra else None
    return called(apply(SumToSize, (input,), {"size": target}), own)


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Dimensions of length 1 dropped.

    Args:
        input: a tensor of any shape and dtype.
        dim: a dimension or several; those of another length than 1 stay. None (default) means all.

    Returns:
        A view.

    Raises:
        IndexError: if a dimension is not there.
        RuntimeError: if one is named twice.

    >>> import minigrad as mg
    >>> x = mg.zeros(1, 3, 1)
    >>> x.squeeze().shape, x.squeeze(0).shape
    (torch.Size([3]), torch.Size([3, 1]))

    Source: PyTorch's documentation of ``torch.squeeze``.
    """
    shape = input._data.shape
    wanted = range(len(shape)) if dim is None else dims(dim, len(shape)) or ()
    drop = tuple(d for d in wanted if shape[d] == 1)
    params: dict[str, Any] = {"dim": drop}
    if dim is None:
        params["name"] = "SqueezeBackward0"
    elif isinstance(dim, (tuple, list)):
        params["name"] = "SqueezeBackward2"
    return apply(Squeeze, (input,), params)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A new dimension of length 1.

    Args:
        input: a tensor of any shape and dtype.
        dim: where it stands in the result, counted from 0, or from -1 backwards.

    Returns:
        A view with one dimension more.

    Raises:
        IndexError: if the result has no such dimension.

    >>> import minigrad as mg
    >>> mg.tensor([1, 2]).unsqueeze(1)
    tensor([[1],
            [2]])

    Source: PyTorch's documentation of ``torch.unsqueeze``.
    """
    n = input._data.ndim + 1
    return apply(Unsqueeze, (input,), {"dim": one_dim(dim, n)})


def to_number(y: Tensor, shape: Any = ()) -> Tensor:
    """The 0-d result of an operation on 0-d tensors that was done in one dimension.

    shape: that of the result, if not all of the tensors have 0 dimensions.
    """
    y = reshape(y, shape)
    y._view = y._owner = None  # what it is a view of nobody else has
    return y


def contiguous(input: Tensor, memory_format: Any = contiguous_format) -> Tensor:
    """The tensor itself, or a copy if its numbers are not in memory in order."""
    if memory_format is preserve_format:
        raise RuntimeError(
            "preserve memory format is unsupported by the contiguous operator: name the order"
        )
    if has_format(input._data, memory_format):
        return input
    return input.clone(memory_format=memory_format)


register(
    reshape=(Reshape, reshape), permute=(Permute, permute), t=(T, t),
    transpose=(Transpose, transpose), expand=(Expand, expand), sum_to_size=(SumToSize, sum_to_size),
    squeeze=(Squeeze, squeeze), unsqueeze=(Unsqueeze, unsqueeze),
)  # fmt: skip
