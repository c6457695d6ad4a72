r"""Matrix products.

For $Y = A B$ the gradients are $\bar A = \bar Y B^\top$ and $\bar B = A^\top \bar Y$: each has the
shape of its matrix, and that alone nearly determines the formulas.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.first_ops import Mm
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import matmul as refuse
from ..called import called
from ..calls import one_call


class Mv(Op):
    formula = r"y = A x"
    bilinear = True
    ufunc = np.matmul
    torch_names = {"self": "a", "vec": "x"}

    def forward(a, x):
        return np.matmul(a, x)

    def vjp_a(g, x, xp):
        r"\bar y\, x^\top"
        return xp.unsqueeze(g, dim=-1) * xp.conj(x)

    def vjp_x(g, a, xp):
        r"A^\top \bar y"
        return xp.mv(xp.t(xp.conj(a)), g)


class Dot(Op):
    formula = r"y = \sum_i a_i b_i"
    bilinear = True
    torch_names = {"self": "a", "tensor": "b"}

    def forward(a, b):
        return np.dot(a, b)

    def vjp_a(g, b, xp):
        r"\bar y\, b"
        return g * xp.conj(b)

    def vjp_b(g, a, xp):
        r"\bar y\, a"
        return g * xp.conj(a)


class Bmm(Op):
    formula = r"Y_k = A_k B_k"
    bilinear = True
    ufunc = np.matmul
    torch_names = {"self": "a", "mat2": "b"}

    def forward(a, b):
        return np.matmul(a, b)

    def vjp_a(g, b, xp):
        r"\bar Y_k B_k^\top"
        return xp.bmm(g, xp.transpose(xp.conj(b), dim0=-2, dim1=-1))

    def vjp_b(g, a, xp):
        r"A_k^\top \bar Y_k"
        return xp.bmm(xp.transpose(xp.conj(a), dim0=-2, dim1=-1), g)


# --- the functions -------------------------------------------------------------------------------


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    r"""The matrix product $Y_{ij} = \sum_k A_{ik} B_{kj}$. Nothing broadcasts (see ``matmul``).

    Args:
        input: a tensor of shape (n, k).
        mat2: a tensor of shape (k, m), of the same dtype.

    Returns:
        A new tensor of shape (n, m) and that dtype.

    Raises:
        RuntimeError: if one is no matrix, the lengths k differ, or the dtypes.

    >>> import minigrad as mg
    >>> mg.ones(2, 3).mm(mg.ones(3, 2))
    tensor([[3., 3.],
            [3., 3.]])

    Source: PyTorch's documentation of ``torch.mm``.
    """
    a, b = input._data, mat2._data
    if not (a.ndim == 2 == b.ndim and a.shape[1] == b.shape[0] and a.dtype == b.dtype):
        refuse.mm(input, mat2)
    return apply(Mm, (input, mat2))


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """Matrix (n, m) times vector (m,)."""
    refuse.mv(input, vec)
    return apply(Mv, (input, vec))


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    r"""The inner product of two vectors, $y = \sum_i a_i b_i$.

    Args:
        input: a vector, shape (n,), of numbers (not bool).
        tensor: a vector of the same length and dtype. Complex numbers are not conjugated: see
            ``vdot``.

    Returns:
        A new tensor of that dtype without dimensions.

    Raises:
        RuntimeError: if one is no vector, or the lengths or dtypes differ.
        NotImplementedError: for bool vectors.

    >>> import minigrad as mg
    >>> mg.dot(mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor(11.)

    Source: PyTorch's documentation of ``torch.dot``.
    """
    refuse.dot(input, tensor)
    return apply(Dot, (input, tensor))


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices, $Y_b = A_b B_b$. Nothing broadcasts: see ``matmul``.

    Args:
        input: a tensor of shape (b, n, k).
        mat2: a tensor of shape (b, k, m), of the same dtype.

    Returns:
        A new tensor of shape (b, n, m) and that dtype.

    Raises:
        RuntimeError: if one has not 3 dimensions, or the lengths b or k or the dtypes differ.

    >>> import minigrad as mg
    >>> mg.bmm(mg.ones(5, 2, 3), mg.ones(5, 3, 4)).shape
    torch.Size([5, 2, 4])

    Source: PyTorch's documentation of ``torch.bmm``.
    """
    a, b = input._data, mat2._data
    if not (
        a.ndim == 3 == b.ndim and a.shape[0] == b.shape[0] and a.shape[2] == b.shape[1]
        and a.dtype == b.dtype
    ):  # fmt: skip
        refuse.bmm(input, mat2)
    return apply(Bmm, (input, mat2))


def matmul(input: Any, other: Any) -> Tensor:
    """``input @ other``: vectors, matrices, and batches of matrices that broadcast.

    Two vectors give their ``dot``, two matrices ``mm``, a matrix and a vector ``mv``. A vector
    counts as a row on the left and as a column on the right; that dimension of length 1 is dropped.

    Args:
        input: a tensor of shape (k,) or (..., n, k).
        other: a tensor of shape (k,) or (..., k, m), of the same dtype.

    Returns:
        A new tensor of that dtype, (..., n, m), without n or m if a vector stood there.

    Raises:
        RuntimeError: for a tensor without dimensions, lengths that differ, batches that do not
            broadcast, two dtypes.

    >>> import minigrad as mg
    >>> (mg.ones(2, 3) @ mg.ones(3)).shape, (mg.ones(7, 1, 2, 3) @ mg.ones(5, 3, 4)).shape
    (torch.Size([2]), torch.Size([7, 5, 2, 4]))

    Source: PyTorch's documentation of ``torch.matmul``; Python's PEP 465.
    """
    n, m = input._data.ndim, other._data.ndim
    if n == 0 or m == 0:
        refuse.matmul(n, m)
    if n == 2 and m == 2:
        return mm(input, other)
    if n == 1 and m == 1:
        return dot(input, other)
    if n == 2 and m == 1:
        return mv(input, other)
    if n == 1 and m == 2:
        if input._data.shape[0] != other._data.shape[0]:
            raise refuse.mat_shapes(input.unsqueeze(0), other)
        return called(mm(input.unsqueeze(0), other).squeeze(0), "SqueezeBackward4")
    return batched(input, other)


@one_call(name="matmul")
def batched(input: Tensor, other: Tensor) -> Tensor:
    """matmul with batch dimensions: broadcast them, then one bmm."""
    a = input.unsqueeze(0) if input._data.ndim == 1 else input
    b = other.unsqueeze(1) if other._data.ndim == 1 else other
    refuse.batched(input, other, a, b)
    try:
        batch = np.broadcast_shapes(a._data.shape[:-2], b._data.shape[:-2])
    except ValueError:
        raise broadcast_error(
            np.empty(a._data.shape[:-2], bool), np.empty(b._data.shape[:-2], bool)
        ) from None
    n, k = a._data.shape[-2:]
    m = b._data.shape[-1]
    count = math.prod(batch)
    a = a.expand(*batch, n, k).reshape(count, n, k)
    b = b.expand(*batch, k, m).reshape(count, k, m)
    y = bmm(a, b).reshape(*batch, n, m)
    if input._data.ndim == 1:
        y = y.squeeze(-2)
    if other._data.ndim == 1:
        y = y.squeeze(-1)
    return called(y, "UnsafeViewBackward0")


register(
    mm=(Mm, mm), mv=(Mv, mv), dot=(Dot, dot), bmm=(Bmm, bmm), matmul=(np.matmul, matmul),
)  # fmt: skip
