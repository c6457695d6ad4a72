"""Tensors to which a product cannot be added."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from .matmul import batch_sizes, mat_shapes
from .products import vector


def matrix(name: str, t: Tensor) -> Any:
    """The array of what must be a matrix."""
    if t._data.ndim != 2:
        raise RuntimeError(
            f"{name} must be a matrix, got {t._data.ndim}-D tensor: a matrix has rows and columns"
        )
    return t._data


def one_dtype(input: Tensor, a: Tensor, b: Tensor) -> None:
    """Refuse a sum and a product of several dtypes."""
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


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor) -> None:
    """Say why ``input + mat1 @ mat2`` has no meaning."""
    a, b = matrix("mat1", mat1), matrix("mat2", mat2)
    one_dtype(input, mat1, mat2)
    if a.shape[1] != b.shape[0]:
        raise mat_shapes(mat1, mat2)
    fits(input, (a.shape[0], b.shape[1]))


def addmm_own(input: Tensor, mat1: Tensor, mat2: Tensor) -> None:
    """In place nothing broadcasts: the product has the tensor's shape."""
    if isinstance(mat1, Tensor) and isinstance(mat2, Tensor) and mat1.ndim == mat2.ndim == 2:
        size = [mat1._data.shape[0], mat2._data.shape[1]]
        fit = mat1._data.shape[1] == mat2._data.shape[0] and mat1._data.dtype == mat2._data.dtype
        if fit and list(input.shape) != size:
            raise RuntimeError(
                f"Bad in-place call: input tensor size {list(input.shape)} and output tensor size "
                f"{size} should match: the product is written into the tensor"
            )


def addr_own(input: Tensor, vec1: Tensor, vec2: Tensor) -> None:
    """In place nothing broadcasts: the product has the tensor's shape."""
    if isinstance(vec1, Tensor) and isinstance(vec2, Tensor) and vec1.ndim == vec2.ndim == 1:
        n, m = vec1._data.size, vec2._data.size
        if input._data.shape != (n, m):
            raise RuntimeError(
                f"size mismatch, input: {list(input.shape)}, v1: [{n}], v2: [{m}]: all products of "
                "their elements are written into the tensor"
            )


def addmv(input: Tensor, mat: Tensor, vec: Tensor) -> None:
    """Say why ``input + mat @ vec`` has no meaning."""
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


def addr(input: Tensor, vec1: Tensor, vec2: Tensor) -> None:
    """Say why ``input + outer(vec1, vec2)`` has no meaning."""
    a, b = vector("addr", "vec1", vec1), vector("addr", "vec2", vec2)
    fits(input, (a.size, b.size))
    one_dtype(input, vec1, vec2)


def batches(input: Tensor, batch1: Tensor, batch2: Tensor, summed: bool) -> None:
    """Say why two batches of matrices have no product (or sum of products) to add."""
    a, b = batch1._data, batch2._data
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
    batch_sizes(a, b)
    one_dtype(input, batch1, batch2)
