r"""A tensor plus a product: ``addmm`` and its relatives, $\beta X + \alpha A B$.

PyTorch has one operation for each, as the sum costs nothing beside the product.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ..dimensions import one_dim
from .matmul import mat_shapes
from .products import vector


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
    batches(input, batch1, batch2)
    return apply(Baddbmm, (input, batch1, batch2), {"beta": beta, "alpha": alpha})


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2).sum(0)``."""
    batches(input, batch1, batch2, summed=True)
    return apply(Addbmm, (input, batch1, batch2), {"beta": beta, "alpha": alpha})
