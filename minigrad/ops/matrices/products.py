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
from ...faithful.dtype_names import KIND_NAMES, cpp_name, kind_name
from ...refusals.arguments import need_fit
from ...refusals.words import not_an_element, not_implemented
from ..dimensions import one_dim
from ..elementwise.arithmetic import mul
from ..operands import broadcasting
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


def vector(function: str, name: str, t: Tensor) -> Any:
    if t._data.ndim != 1:
        raise RuntimeError(
            f"{function}: Expected 1-D argument {name}, but got {t._data.ndim}-D: flatten it first"
        )
    return t._data


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an element of ``input`` and an element of ``vec2``: a matrix.

    >>> import minigrad as mg
    >>> mg.outer(mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    vector("outer", "self", input)
    vector("outer", "vec2", vec2)
    return mul(input.unsqueeze(1), vec2)


def inner(input: Tensor, other: Tensor) -> Tensor:
    """Sums of products over the last dimension of both (of numbers: the product).

    >>> import minigrad as mg
    >>> mg.inner(mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor(11.)
    """
    a, b = input._data, other._data
    if a.ndim == 0 or b.ndim == 0:
        return mul(input, other)
    if a.shape[-1] != b.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(a.shape)} and {list(b.shape)}: elements are multiplied in pairs"
        )
    return tensordot(input, other, ([-1], [-1]))


def vdot(input: Tensor, other: Tensor) -> Tensor:
    """``dot`` with the first vector conjugated."""
    return dot(input.conj(), other)


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Inner products along ``dim``, the first tensor conjugated (``torch.linalg.vecdot``)."""
    if x._data.dtype.kind not in "fc":
        raise RuntimeError(
            "linalg.vecdot: Expected a floating point or complex tensor as input. Got "
            f"{kind_name(x._data)}: convert with .float() first"
        )
    if x._data.dtype != y._data.dtype:
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
            f"{kind_name(x._data)} and y of type {kind_name(y._data)} instead"
        )
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
            raise RuntimeError("no dimension of size 3 in input: cross takes vectors of space")
        dim = threes[0]
    return linalg_cross(input, other, dim=dim)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """Vector products along ``dim`` (``torch.linalg.cross``)."""
    a, b = input._data, other._data
    if a.ndim != b.ndim:
        raise RuntimeError(
            "linalg.cross: inputs must have the same number of dimensions."
            " Vectors are multiplied in pairs."
        )
    d = one_dim(dim, a.ndim)
    if a.shape[d] != 3 or b.shape[d] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {a.shape[d]} and "
            f"{b.shape[d]}: they are vectors of space"
        )
    if a.dtype.kind == "b":
        raise not_implemented("cross", a, "True and False are no quantities here; use .long()")
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"expected scalar type {KIND_NAMES[a.dtype.name]} but found "
            f"{KIND_NAMES[b.dtype.name]}: convert one with .to()"
        )
    return broadcasting(LinalgCross, (input, other), {"dim": d})


def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix.

    >>> import minigrad as mg
    >>> mg.trace(mg.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    x = input._data
    if x.ndim != 2:
        raise RuntimeError(
            f"trace: expected a matrix, but got tensor with dim {x.ndim}"
            ": it adds up the diagonal of one matrix"
        )
    if x.dtype.kind == "b":
        raise not_implemented("trace", x, "True and False are no quantities here; use .long()")
    return apply(Trace, (input,), arrays=[x.astype(np.int64) if x.dtype.kind in "iub" else x])


# --- products of tensors -------------------------------------------------------------------------


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
    if not isinstance(dims, (int, tuple, list)) or isinstance(dims, (tuple, list)) and (
        len(dims) != 2
    ):
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] "
            f"containing two lists, but got dims={dims}: say how many dimensions, or which of both"
        )
    if not isinstance(dims, int):
        need_fit("tensordot", a, b, *dims)
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(
                f"tensordot expects dims >= 0, but got dims={dims}: it counts dimensions"
            )
        if dims > min(n, m):
            raise RuntimeError(
                f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}"
                ": there are not so many dimensions"
            )
        dims = (list(range(n - dims, n)), list(range(dims)))
    if a._data.dtype != b._data.dtype:
        raise RuntimeError(
            f"both inputs should have same dtype: they are {a.dtype} and {b.dtype}; convert one "
            "with .to()"
        )
    over_a, over_b = ([one_dim(d, k) for d in given] for given, k in zip(dims, (n, m), strict=True))
    if len(over_a) != len(over_b):
        raise RuntimeError("both dimension lists should have same length")
    for i, j in zip(over_a, over_b, strict=True):
        if a._data.shape[i] != b._data.shape[j]:
            raise RuntimeError(
                "contracted dimensions need to match, but first has size "
                f"{a._data.shape[i]} in dim {i} and second has size {b._data.shape[j]} in dim {j}"
                ": elements are multiplied in pairs along them"
            )
    keep_a = [i for i in range(n) if i not in over_a]
    keep_b = [j for j in range(m) if j not in over_b]
    shape = [a._data.shape[i] for i in keep_a] + [b._data.shape[j] for j in keep_b]
    size = math.prod(a._data.shape[i] for i in over_a)
    rows = math.prod(a._data.shape[i] for i in keep_a)
    columns = math.prod(b._data.shape[j] for j in keep_b)
    left = a.permute(keep_a + over_a).reshape(rows, size)
    right = b.permute(over_b + keep_b).reshape(size, columns)
    return left.mm(right).reshape(shape)


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
    return product.reshape([i * j for i, j in zip(left, right, strict=True)])


def multi_dot(tensors: Any) -> Tensor:
    """The product of a chain of matrices, in the order that needs the fewest multiplications.

    The first and the last may be vectors.

    >>> import minigrad as mg
    >>> mg.linalg.multi_dot([mg.ones(2, 3), mg.ones(3, 4), mg.ones(4)])
    tensor([12., 12.])
    """
    chain = list(tensors)
    if len(chain) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(chain)}")
    for i, t in enumerate(chain):
        if not isinstance(t, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(t).__name__}: wrap "
                "it first, mg.tensor(...)"
            )
        end = i in (0, len(chain) - 1)
        if t._data.ndim not in ((1, 2) if end else (2,)):
            which = "the first tensor" if i == 0 else "the last tensor" if end else f"tensor {i}"
            raise RuntimeError(
                f"multi_dot(): {which} must be {'1D or 2D' if end else '2D'} but got "
                f"{t._data.ndim}D"
            )
    for i, t in enumerate(chain):
        if t._data.dtype != chain[0]._data.dtype:
            raise RuntimeError(
                "multi_dot(): all tensors must have be the same dtype but tensor 0 is "
                f"{cpp_name(chain[0]._data)} and tensor {i} {cpp_name(t._data)}: convert one with "
                ".to()"
            )
    first, last = chain[0]._data.ndim == 1, chain[-1]._data.ndim == 1
    chain[0] = chain[0].unsqueeze(0) if first else chain[0]
    chain[-1] = chain[-1].unsqueeze(1) if last else chain[-1]
    for i in range(len(chain) - 1):
        a, b = chain[i]._data.shape, chain[i + 1]._data.shape
        if a[1] != b[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {i} and {i + 1} with shapes {list(a)} and {list(b)} cannot "
                "be multiplied"
            )
    product = multiply_chain(chain)
    product = product.squeeze(0) if first else product
    return product.squeeze(-1) if last else product


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


def chain_matmul(*matrices: Tensor) -> Tensor:
    """``mg.linalg.multi_dot`` under PyTorch's older name."""
    for i, t in enumerate(matrices):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i)
        if t.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {t.ndim}, expected 2 instead: only matrices")
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)


register(cross=(LinalgCross, lambda a, b, dim: apply(LinalgCross, (a, b), {"dim": dim})))
