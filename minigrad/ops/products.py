r"""Products of vectors, matrices and tensors beyond ``matmul``.

Where PyTorch has one operation (``addmm``, ``cross``, ``trace``) there is one here; the others are
built from multiplications, reshapes and matrix products, which the graph then shows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from .arguments import need_fit
from .base import Op, apply, register
from .elementwise import mul
from .linalg import dot, mat_shapes
from .operands import (
    KIND_NAMES,
    broadcasting,
    cpp_name,
    kind_name,
    need_dimensions,
    need_tensor,
    need_tensor_or_none,
    not_an_element,
    not_implemented,
)
from .reductions import dim_error, one_dim


class Addmm(Op):
    formula = r"Y = \beta M + \alpha A B"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, b), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y B^\top"
        return xp.mm(g, xp.t(xp.conj(b))) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha A^\top \bar Y"
        return xp.mm(xp.t(xp.conj(a)), g) * alpha


class Addmv(Op):
    formula = r"y = \beta m + \alpha A x"

    def forward(m, a, x, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, x), alpha)

    def vjp_m(g, beta):
        r"\beta \bar y"
        return g * beta

    def vjp_a(g, x, alpha, xp):
        r"\alpha \bar y\, x^\top"
        return xp.unsqueeze(g, dim=-1) * xp.conj(x) * alpha

    def vjp_x(g, a, alpha, xp):
        r"\alpha A^\top \bar y"
        return xp.mv(xp.t(xp.conj(a)), g) * alpha


class Addr(Op):
    formula = r"Y = \beta M + \alpha\, a b^\top"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.outer(a, b), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y b"
        return xp.mv(g, xp.conj(b)) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha \bar Y^\top a"
        return xp.mv(xp.t(g), xp.conj(a)) * alpha


class Baddbmm(Op):
    formula = r"Y_k = \beta M_k + \alpha A_k B_k"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, b), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y_k B_k^\top"
        return xp.bmm(g, xp.transpose(xp.conj(b), dim0=-2, dim1=-1)) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha A_k^\top \bar Y_k"
        return xp.bmm(xp.transpose(xp.conj(a), dim0=-2, dim1=-1), g) * alpha


class Addbmm(Op):
    formula = r"Y = \beta M + \alpha \sum_k A_k B_k"

    def forward(m, a, b, *, beta, alpha):
        return scaled(m, beta) + scaled(np.matmul(a, b).sum(axis=0, dtype=a.dtype), alpha)

    def vjp_m(g, beta):
        r"\beta \bar Y"
        return g * beta

    def vjp_a(g, b, alpha, xp):
        r"\alpha \bar Y B_k^\top"
        return xp.matmul(g, xp.transpose(xp.conj(b), dim0=-2, dim1=-1)) * alpha

    def vjp_b(g, a, alpha, xp):
        r"\alpha A_k^\top \bar Y"
        return xp.matmul(xp.transpose(xp.conj(a), dim0=-2, dim1=-1), g) * alpha


def scaled(x: Any, factor: Any) -> Any:
    """``factor * x`` in the dtype of ``x``."""
    return x if factor == 1 else x * np.asarray(factor, x.dtype)


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

    def forward(x):
        return np.trace(x)

    def vjp_x(g, x_shape, xp):
        r"\bar y\, I"
        return g * xp.constant(np.eye(*x_shape, dtype=xp.np_dtype(g)))


# --- sums of a tensor and a product --------------------------------------------------------------


def matrix(name: str, t: Tensor) -> Any:
    if t._data.ndim != 2:
        raise RuntimeError(
            f"{name} must be a matrix, got {t._data.ndim}-D tensor: a matrix has rows and columns"
        )
    return t._data


def one_dtype(input: Tensor, a: Tensor, b: Tensor) -> None:
    for names, x, y in (("self and mat2", input, b), ("mat1 and mat2", a, b)):
        if x._data.dtype != y._data.dtype:
            have, got = KIND_NAMES[x._data.dtype.name], KIND_NAMES[y._data.dtype.name]
            raise RuntimeError(
                f"{names} must have the same dtype, but got {have} and {got}: matrix products do "
                "not promote; convert one with .to()"
            )


def fits(input: Tensor, target: tuple[int, ...]) -> None:
    """Refuse an ``input`` that does not broadcast to the product's shape."""
    have = input._data.shape
    extra = len(target) - len(have)
    if extra < 0:
        raise RuntimeError(
            f"expand(torch.{input.type_name()}{{{list(have)}}}, size={list(target)}): the number "
            f"of sizes provided ({len(target)}) must be greater or equal to the number of "
            f"dimensions in the tensor ({len(have)}): it is added to the product"
        )
    for i in range(len(target) - 1, -1, -1):
        if i >= extra and have[i - extra] not in (1, target[i]):
            raise RuntimeError(
                f"The expanded size of the tensor ({target[i]}) must match the existing size "
                f"({have[i - extra]}) at non-singleton dimension {i}.  Target sizes: "
                f"{list(target)}.  Tensor sizes: {list(have)}"
                ": only a dimension of length 1 can be repeated"
            )


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * mat1 @ mat2``; ``input`` broadcasts. One step of a linear layer.

    >>> import minigrad as mg
    >>> mg.addmm(mg.tensor([1.0, 2.0]), mg.ones(2, 3), mg.ones(3, 2))
    tensor([[4., 5.],
            [4., 5.]])
    """
    need_tensor("addmm", input)
    need_tensor("addmm", mat1, "mat1", 2)
    need_tensor("addmm", mat2, "mat2", 3)
    a, b = matrix("mat1", mat1), matrix("mat2", mat2)
    one_dtype(input, mat1, mat2)
    if a.shape[1] != b.shape[0]:
        raise mat_shapes(mat1, mat2)
    fits(input, (a.shape[0], b.shape[1]))
    return apply(Addmm, (input, mat1, mat2), {"beta": beta, "alpha": alpha})


def addmm_own(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``addmm`` for ``addmm_``, where nothing broadcasts."""
    if isinstance(mat1, Tensor) and isinstance(mat2, Tensor) and mat1.ndim == mat2.ndim == 2:
        size = [mat1._data.shape[0], mat2._data.shape[1]]
        fit = mat1._data.shape[1] == mat2._data.shape[0] and mat1._data.dtype == mat2._data.dtype
        if fit and list(input.shape) != size:
            raise RuntimeError(
                f"Bad in-place call: input tensor size {list(input.shape)} and output tensor size "
                f"{size} should match: the product is written into the tensor"
            )
    return addmm(input, mat1, mat2, beta=beta, alpha=alpha)


def addr_own(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``addr`` for ``addr_``, where nothing broadcasts."""
    if isinstance(vec1, Tensor) and isinstance(vec2, Tensor) and vec1.ndim == vec2.ndim == 1:
        n, m = vec1._data.size, vec2._data.size
        if input._data.shape != (n, m):
            raise RuntimeError(
                f"size mismatch, input: {list(input.shape)}, v1: [{n}], v2: [{m}]: all products of "
                "their elements are written into the tensor"
            )
    return addr(input, vec1, vec2, beta=beta, alpha=alpha)


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * mat @ vec``.

    >>> import minigrad as mg
    >>> mg.addmv(mg.tensor([1.0, 2.0]), mg.ones(2, 3), mg.ones(3))
    tensor([4., 5.])
    """
    need_tensor("addmv", input)
    need_tensor("addmv", mat, "mat", 2)
    need_tensor("addmv", vec, "vec", 3)
    a, x = mat._data, vec._data
    if a.ndim == 2 and x.ndim == 1 and input._data.shape not in ((), (1,), a.shape[:1]):
        raise RuntimeError(
            f"size mismatch, got input ({input._data.shape[0]}), mat ({a.shape[0]}x{a.shape[1]}), "
            f"vec ({x.shape[0]}): the first tensor needs one number for each row"
            if input._data.ndim == 1 else
            f"vector + matrix @ vector expected, got {input._data.ndim}, {a.ndim}, {x.ndim}"
        )  # fmt: skip
    if a.ndim != 2 or x.ndim != 1 or input._data.ndim > 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got {input._data.ndim}, {a.ndim}, {x.ndim}"
            ": it takes a 2-D and a 1-D tensor"
        )
    if a.shape[1] != x.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({a.shape[0]}), mat ({a.shape[0]}x{a.shape[1]}), vec "
            f"({x.shape[0]}): the matrix needs as many columns as the vector has elements"
        )
    if {a.dtype, x.dtype} != {input._data.dtype}:
        kinds = [KIND_NAMES[y.dtype.name] for y in (input._data, a, x)]
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {kinds[0]}, {kinds[1]}, and "
            f"{kinds[2]}: matrix products do not promote; convert with .to()"
        )
    fits(input, (a.shape[0],))
    return apply(Addmv, (input, mat, vec), {"beta": beta, "alpha": alpha})


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``.

    >>> import minigrad as mg
    >>> mg.addr(mg.zeros(2, 2), mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    need_tensor("addr", input)
    need_tensor("addr", vec1, "vec1", 2)
    need_tensor("addr", vec2, "vec2", 3)
    a, b = vector("addr", "vec1", vec1), vector("addr", "vec2", vec2)
    fits(input, (a.size, b.size))
    one_dtype(input, vec1, vec2)
    return apply(Addr, (input, vec1, vec2), {"beta": beta, "alpha": alpha})


def length_of(t: Tensor, d: int) -> int:
    """The length of dimension ``d``; IndexError if there is none."""
    if not t.ndim:
        raise IndexError(
            f"Dimension specified as {d} but tensor has no dimensions: batches of matrices have 3"
        )
    return int(t._data.shape[one_dim(d, t.ndim)])


def batches(input: Tensor, batch1: Tensor, batch2: Tensor, summed: bool = False) -> None:
    """Check two batches of matrices, and a tensor that is added to their product (or its sum)."""
    a, b = batch1._data, batch2._data
    first = () if summed else (length_of(batch1, 0),)
    fits(input, (*first, length_of(batch1, 1), length_of(batch2, 2)))
    for name, x in (("batch1", a), ("batch2", b)):
        if x.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor: it has {x.ndim} dimensions")
    rule = "As many matrices in both, and the columns of the first are the rows of the second."
    if summed and a.shape[0] != b.shape[0]:
        raise RuntimeError(
            "batch1 and batch2 must have same number of batches, got "
            f"{a.shape[0]} and {b.shape[0]}. {rule}"
        )
    if summed and a.shape[2] != b.shape[1]:
        raise RuntimeError(
            f"Incompatible matrix sizes for bmm ({a.shape[1]}x{a.shape[2]} and "
            f"{b.shape[1]}x{b.shape[2]}). {rule}"
        )
    if a.shape[0] != b.shape[0] or a.shape[2] != b.shape[1]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{a.shape[0]}, "
            f"{a.shape[2]}] but got: [{b.shape[0]}, {b.shape[1]}]. {rule}"
        )
    one_dtype(input, batch1, batch2)


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2)``."""
    need_tensor("baddbmm", input)
    need_tensor("baddbmm", batch1, "batch1", 2)
    need_tensor("baddbmm", batch2, "batch2", 3)
    batches(input, batch1, batch2)
    return apply(Baddbmm, (input, batch1, batch2), {"beta": beta, "alpha": alpha})


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2).sum(0)``."""
    need_tensor("addbmm", input)
    need_tensor("addbmm", batch1, "batch1", 2)
    need_tensor("addbmm", batch2, "batch2", 3)
    batches(input, batch1, batch2, summed=True)
    return apply(Addbmm, (input, batch1, batch2), {"beta": beta, "alpha": alpha})


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
    need_tensor("outer", input)
    need_tensor("outer", vec2, "vec2", 2)
    vector("outer", "self", input)
    vector("outer", "vec2", vec2)
    return mul(input.unsqueeze(1), vec2)


def inner(input: Tensor, other: Tensor) -> Tensor:
    """Sums of products over the last dimension of both (of numbers: the product).

    >>> import minigrad as mg
    >>> mg.inner(mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0]))
    tensor(11.)
    """
    need_tensor("inner", input)
    need_tensor("inner", other, "other", 2)
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
    need_tensor("vdot", input)
    need_tensor("vdot", other, "other", 2)
    return dot(input.conj(), other)


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Inner products along ``dim``, the first tensor conjugated (``torch.linalg.vecdot``)."""
    need_tensor("linalg_vecdot", x, "x")
    need_tensor("linalg_vecdot", y, "y", 2)
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
    need_tensor("cross", input)
    need_tensor("cross", other, "other", 2)
    if dim is None:
        threes = [i for i, n in enumerate(input._data.shape) if n == 3]
        if not threes:
            raise RuntimeError("no dimension of size 3 in input: cross takes vectors of space")
        dim = threes[0]
    return linalg_cross(input, other, dim=dim)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """Vector products along ``dim`` (``torch.linalg.cross``)."""
    need_tensor("linalg_cross", input)
    need_tensor("linalg_cross", other, "other", 2)
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
    need_tensor("trace", input)
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
    need_tensor("tensordot", a, "a")
    need_tensor("tensordot", b, "b", 2)
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
    need_tensor("kron", input)
    need_tensor("kron", other, "other", 2)
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


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The bilinear forms ``input1 W_k input2 + b_k`` for each matrix of ``weight`` (k, n, m).

    >>> import minigrad as mg
    >>> mg.bilinear(mg.ones(1, 2), mg.ones(1, 3), mg.ones(4, 2, 3))
    tensor([[6., 6., 6., 6.]])
    """
    need_tensor("bilinear", input1, "input1")
    need_tensor("bilinear", input2, "input2", 2)
    need_tensor("bilinear", weight, "weight", 3)
    need_tensor_or_none("bilinear", bias, "bias", 4)
    if input1._data.ndim != input2._data.ndim:
        raise RuntimeError(
            f"bilinear(): input dimensions do not match: got {input1._data.ndim} and "
            f"{input2._data.ndim}"
        )
    if input1._data.shape[:-1] != input2._data.shape[:-1]:
        pairs = zip(input1.shape[:-1], input2.shape[:-1])
        at, (a, b) = next(((i, p) for i, p in enumerate(pairs) if p[0] != p[1]), (0, (0, 0)))
        raise RuntimeError(
            f"bilinear(): input batch dimensions do not match at dim {at}: got {a} and {b}"
        )
    need_dimensions(weight, 1, "the weight has a matrix for each output")
    ndim = weight._data.ndim
    if ndim == 1 or ndim == 2 and weight.shape[1] == input1.shape[-1]:
        raise dim_error(ndim, ndim)
    k, n, m = (*weight._data.shape, 0)[:3]
    if bias is not None:
        need_dimensions(bias, 0, "the bias has a number for each output")
    sizes = [("input1", input1.shape[-1], n), ("input2", input2.shape[-1], m)]
    if bias is not None:
        sizes.append(("bias", bias.shape[0] if bias.ndim == 1 else -1, k))
    for name, got, needed in sizes:
        if got != needed:
            raise RuntimeError(
                f"bilinear(): {name} size does not match weight size: got {got} but expected "
                f"{needed}"
            )
    if ndim != 3:
        raise dim_error(2, ndim)
    parts = {"input1": input1, "input2": input2, "weight": weight, "bias": bias}
    given = {name: cpp_name(t._data) for name, t in parts.items() if t is not None}
    if len(set(given.values())) > 1:
        raise RuntimeError(
            "All tensors must have the same dtype, got "
            + ", ".join(f"{name}: {dtype}" for name, dtype in given.items())
            + ": convert with .to()"
        )
    left = tensordot(input1, weight, ([-1], [1]))  # (..., k, m)
    y = (left * input2.unsqueeze(-2)).sum(-1)
    return y if bias is None else y + bias


register("cross", LinalgCross, lambda a, b, dim: apply(LinalgCross, (a, b), {"dim": dim}))

