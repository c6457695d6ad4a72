r"""Products of vectors, matrices and tensors beyond ``matmul``.

Where PyTorch has one operation (``addmm``, ``cross``, ``trace``) there is one here; the others are
built from multiplications, reshapes and matrix products, which the graph then shows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import products as refuse
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.arithmetic import mul
from ..operands import broadcasting
from ..options import takes_out
from .matmul import dot


class LinalgCross(Op):
    formula = r"y = a \times b"

    def forward(a, b, *, dim):
        a, b = (np.moveaxis(v, dim, 0) for v in np.broadcast_arrays(a, b))
        y = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        return np.stack(y, axis=dim)

    def vjp_a(g, b, dim, xp):
        r"b \times \bar y"
        return xp.cross(xp.conj(b), g, dim=dim)

    def vjp_b(g, a, dim, xp):
        r"\bar y \times a"
        return xp.cross(g, xp.conj(a), dim=dim)


class Trace(Op):
    formula = r"y = \sum_i X_{ii}"
    linear = True

    def forward(x):
        return np.trace(x)

    def vjp_x(g, x_shape, xp):
        r"\bar y\, I"
        return g * xp.constant(np.eye(*x_shape, dtype=xp.np_dtype(g)))


# --- products of vectors -------------------------------------------------------------------------


@one_call
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an element of ``input`` and one of ``vec2``: $Y_{ij} = a_i b_j$.

    Args:
        input: a vector, shape (n,).
        vec2: a vector, shape (m,).

    Returns:
        A new tensor of shape (n, m), in the dtype to which the two promote.

    Raises:
        RuntimeError: if one is no vector.

    >>> import minigrad as mg
    >>> mg.outer(mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])

    Source: PyTorch's documentation of ``torch.outer``.
    """
    refuse.vector("outer", "self", input)
    refuse.vector("outer", "vec2", vec2)
    return mul(input.unsqueeze(1), vec2)


@one_call
def inner(input: Tensor, other: Tensor) -> Tensor:
    """Sums of products over the last dimension of both (of numbers: the product).

    >>> import minigrad as mg
    >>> mg.inner(mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor(11.)
    """
    a, b = input._data, other._data
    if a.ndim == 0 or b.ndim == 0:
        return mul(input, other)
    refuse.inner(a, b)
    return tensordot(input, other, ([-1], [-1]))


@one_call
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """``dot`` with the first vector conjugated."""
    return called(dot(input.conj(), other), "VdotBackward0")


@one_call
def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Inner products along ``dim``, the first tensor conjugated (``torch.linalg.vecdot``)."""
    refuse.vecdot(x, y)
    return (x.conj() * y).sum(dim)


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """Vector products along ``dim``, which has length 3 (None: the first such dimension).

    >>> import minigrad as mg
    >>> mg.cross(mg.tensor([1.0, 0.0, 0.0]), mg.tensor([0.0, 1.0, 0.0]), dim=0)
    tensor([0., 0., 1.])
    """
    if dim is None:
        threes = [i for i, n in enumerate(input._data.shape) if n == 3]
        if not threes:
            refuse.no_three()
        dim = threes[0]
    return linalg_cross(input, other, dim=dim)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """Vector products along ``dim`` (``torch.linalg.cross``)."""
    a, b = input._data, other._data
    refuse.same_ndim(a, b)
    d = one_dim(dim, a.ndim)
    refuse.linalg_cross(a, b, dim, d)
    return broadcasting(LinalgCross, (input, other), {"dim": d})


def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix.

    >>> import minigrad as mg
    >>> mg.trace(mg.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    refuse.trace(input)
    x = input._data
    return apply(Trace, (input,), arrays=[x.astype(np.int64) if x.dtype.kind in "iub" else x])


# --- products of tensors -------------------------------------------------------------------------


@one_call
@takes_out
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """Sums of products over dimensions of both: the last ``dims`` of a and the first of b, or two
    lists of dimensions that go together.

    >>> import minigrad as mg
    >>> mg.tensordot(mg.ones(2, 3, 4), mg.ones(3, 4, 5)).shape
    torch.Size([2, 5])
    """
    n, m = a._data.ndim, b._data.ndim
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    refuse.tensordot(a, b, dims)
    if isinstance(dims, int):
        dims = (list(range(n - dims, n)), list(range(dims)))
    over_a, over_b = ([one_dim(d, k) for d in given] for given, k in zip(dims, (n, m), strict=True))
    for i, j in zip(over_a, over_b, strict=False):  # what has length 1 goes with every element
        if 1 in (a._data.shape[i], b._data.shape[j]) and a._data.shape[i] != b._data.shape[j]:
            a, b = (t.sum(d, keepdim=True) if t._data.shape[d] != 1 else t
                    for t, d in ((a, i), (b, j)))  # fmt: skip
    refuse.contracted(a, b, over_a, over_b)
    keep_a = [i for i in range(n) if i not in over_a]
    keep_b = [j for j in range(m) if j not in over_b]
    shape = [a._data.shape[i] for i in keep_a] + [b._data.shape[j] for j in keep_b]
    size = math.prod(a._data.shape[i] for i in over_a)
    rows = math.prod(a._data.shape[i] for i in keep_a)
    columns = math.prod(b._data.shape[j] for j in keep_b)
    left = a.permute(keep_a + over_a).reshape(rows, size)
    right = b.permute(over_b + keep_b).reshape(size, columns)
    return left.mm(right).reshape(shape)


@one_call
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: every element of ``input`` times the whole of ``other``.

    >>> import minigrad as mg
    >>> mg.kron(mg.tensor([1, 2]), mg.tensor([1, 10]))
    tensor([ 1, 10,  2, 20])
    """
    n = max(input._data.ndim, other._data.ndim)
    left = (1,) * (n - input._data.ndim) + input._data.shape
    right = (1,) * (n - other._data.ndim) + other._data.shape
    spread_left = input.reshape([k for pair in zip(left, (1,) * n, strict=True) for k in pair])
    spread_right = other.reshape([k for pair in zip((1,) * n, right, strict=True) for k in pair])
    product = mul(spread_left, spread_right)
    y = product.reshape([i * j for i, j in zip(left, right, strict=True)])
    return called(y, "UnsafeViewBackward0")


@one_call
def multi_dot(tensors: Any) -> Tensor:
    """The product of a chain of matrices, in the order that needs the fewest multiplications.

    The first and the last may be vectors.

    >>> import minigrad as mg
    >>> mg.linalg.multi_dot([mg.ones(2, 3), mg.ones(3, 4), mg.ones(4)])
    tensor([12., 12.])
    """
    chain = list(tensors)
    refuse.multi_dot(chain)
    first, last = chain[0]._data.ndim == 1, chain[-1]._data.ndim == 1
    chain[0] = chain[0].unsqueeze(0) if first else chain[0]
    chain[-1] = chain[-1].unsqueeze(1) if last else chain[-1]
    refuse.neighbours(chain)
    product = multiply_chain(chain)
    product = product.squeeze(0) if first else product
    return called(product.squeeze(-1) if last else product, "ViewBackward0")


def multiply_chain(chain: list[Tensor]) -> Tensor:
    """Multiply by the cheapest bracketing, found from short chains to long ones."""
    n = len(chain)
    sizes = [t._data.shape[0] for t in chain] + [chain[-1]._data.shape[1]]
    cost = {(i, i): 0 for i in range(n)}
    split: dict[tuple[int, int], int] = {}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            ways = [(cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                    for k in range(i, j)]  # fmt: skip
            cost[i, j], split[i, j] = min(ways)

    def product(i: int, j: int) -> Tensor:
        if i == j:
            return chain[i]
        return product(i, split[i, j]).mm(product(split[i, j] + 1, j))

    return product(0, n - 1)


@one_call
@takes_out
def chain_matmul(*matrices: Tensor) -> Tensor:
    """``mg.linalg.multi_dot`` under PyTorch's older name."""
    refuse.chain_matmul(matrices)
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)


register(cross=(LinalgCross, lambda a, b, dim: apply(LinalgCross, (a, b), {"dim": dim})))
