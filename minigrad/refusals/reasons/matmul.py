"""Vectors and matrices that have no product."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES, cpp_name, kind_name
from ..of_the_core import broadcast_error
from ..words import not_implemented, only_real


def same_dtype(a: Tensor, b: Tensor) -> None:
    if a._data.dtype != b._data.dtype:
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {factor_name(a)} != "
            f"{factor_name(b)}: matrix products do not promote; convert one with .to({a.dtype})"
        )


def factor_name(t: Tensor) -> str:
    """The C++ name of a dtype as the messages about products have it."""
    return cpp_name(t._data).replace("long int", "long long")


def shape_text(t: Tensor) -> str:
    return "x".join(str(n) for n in t._data.shape)


def mm(input: Tensor, mat2: Tensor) -> None:
    """Say why two tensors have no matrix product."""
    a, b = input._data, mat2._data
    if a.ndim != 2:
        raise RuntimeError(f"self must be a matrix: mm takes 2-D tensors, this one is {a.ndim}-D")
    if b.ndim != 2:
        raise RuntimeError(f"mat2 must be a matrix: mm takes 2-D tensors, this one is {b.ndim}-D")
    if a.shape[1] != b.shape[0]:
        raise mat_shapes(input, mat2)
    same_dtype(input, mat2)


def mat_shapes(a: Tensor, b: Tensor) -> RuntimeError:
    return RuntimeError(
        f"mat1 and mat2 shapes cannot be multiplied ({shape_text(a)} and {shape_text(b)}): the "
        "columns of the first matrix must be as many as the rows of the second; perhaps one of "
        "them has to be transposed with .t()"
    )


def mv(input: Tensor, vec: Tensor) -> None:
    """Say why a matrix and a vector have no product."""
    if input._data.ndim != 2 or vec._data.ndim != 1:
        if not input.ndim:
            raise IndexError("Dimension specified as 0 but tensor has no dimensions: mv takes a "
                             "matrix")  # fmt: skip
        raise RuntimeError(
            f"vector + matrix @ vector expected, got 1, {input._data.ndim}, {vec._data.ndim}: mv "
            "takes a 2-D and a 1-D tensor"
        )
    if input._data.shape[1] != vec._data.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({input._data.shape[0]}), mat ({shape_text(input)}), vec "
            f"({vec._data.shape[0]}): the matrix needs as many columns as the vector has elements"
        )
    if input._data.dtype != vec._data.dtype:
        a, b = KIND_NAMES[input._data.dtype.name], KIND_NAMES[vec._data.dtype.name]
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {b}, {a}, and {b}: matrix "
            f"products do not promote; convert one with .to({input.dtype})"
        )


def dot(input: Tensor, tensor: Tensor) -> None:
    """Say why two vectors have no dot product."""
    a, b = input._data, tensor._data
    if a.ndim != 1 or b.ndim != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors: for matrices use @"
        )
    if a.shape != b.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{a.shape[0]}] and src [{b.shape[0]}] to "
            "have the same number of elements, but got "
            f"{a.shape[0]} and {b.shape[0]} elements respectively"
            ": a dot product pairs the elements"
        )
    if a.dtype != b.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{kind_name(input._data)} and {kind_name(tensor._data)}: convert one with "
            ".to()"
        )
    if a.dtype.kind == "b":
        only_real("dot", input, bools=False)


def bmm(input: Tensor, mat2: Tensor) -> None:
    """Say why two batches of matrices have no products."""
    a, b = input._data, mat2._data
    if a.ndim != 3 or b.ndim != 3:
        raise RuntimeError(
            f"batch{1 if a.ndim != 3 else 2} must be a 3D tensor: bmm takes 3-D tensors, got "
            f"{a.ndim}-D and {b.ndim}-D"
        )
    batch_sizes(a, b)
    if a.dtype != b.dtype:
        raise batch_dtypes(input, mat2)


def batch_sizes(a: Any, b: Any) -> None:
    """Two batches of as many matrices, which have products."""
    if a.shape[0] != b.shape[0] or a.shape[2] != b.shape[1]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{a.shape[0]}, "
            f"{a.shape[2]}] but got: [{b.shape[0]}, {b.shape[1]}]."
            " As many matrices in both, and the columns of the first are the rows of the second."
        )


def batch_dtypes(a: Tensor, b: Tensor) -> Exception:
    advice = f"matrix products do not promote; convert one with .to({a.dtype})"
    if a._data.dtype.kind == "b":
        return not_implemented("bmm", a._data, advice)
    return RuntimeError(
        f"expected scalar type {kind_name(a._data)} but found {kind_name(b._data)}: {advice}"
    )


def matmul(n: int, m: int) -> NoReturn:
    """A single number is no factor of a matrix product."""
    raise RuntimeError(
        "both arguments to matmul need to be at least 1D, but they are "
        f"{n}D and {m}D: use * for a product with a single number"
    )


def lengths(input: Tensor, other: Tensor, a: Tensor, b: Tensor) -> RuntimeError:
    """The error for batches of matrices of wrong lengths, in the words of how PyTorch computes."""
    x, y = a._data, b._data
    if other._data.ndim == 1:
        rows = math.prod(x.shape[:-1])
        return RuntimeError(
            f"size mismatch, got input ({rows}), mat ({rows}x{x.shape[-1]}), vec ({y.shape[0]}): "
            "the matrices need as many columns as the vector has elements"
        )
    if other._data.ndim == 2:  # all matrices of the batch as one tall one
        return mat_shapes(a.reshape(-1, x.shape[-1]), b)
    try:
        batch = math.prod(np.broadcast_shapes(x.shape[:-2], y.shape[:-2]))
    except ValueError:
        return broadcast_error(np.empty(x.shape[:-2], bool), np.empty(y.shape[:-2], bool))
    return RuntimeError(
        f"Expected size for first two dimensions of batch2 tensor to be: [{batch}, "
        f"{x.shape[-1]}] but got: [{batch}, {y.shape[-2]}]. The first matrices need as many "
        "columns as the second have rows."
    )


def batched(input: Tensor, other: Tensor, a: Tensor, b: Tensor) -> None:
    """Say why batches of matrices, here with their two last dimensions, have no products."""
    if a._data.shape[-1] != b._data.shape[-2]:
        raise lengths(input, other, a, b)
    if a._data.dtype != b._data.dtype:
        if b._data.ndim == 2:
            same_dtype(a, b)
        raise batch_dtypes(a, b)
