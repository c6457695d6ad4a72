"""Vectors and tensors that have no product of the kind that is asked for."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES, cpp_name, kind_name
from ..arguments import need_fit
from ..words import not_an_element, not_implemented


def vector(function: str, name: str, t: Tensor) -> Any:
    """Refuse what is no vector."""
    if t._data.ndim != 1:
        raise RuntimeError(
            f"{function}: Expected 1-D argument {name}, but got {t._data.ndim}-D: flatten it first"
        )
    return t._data


def inner(a: Any, b: Any) -> None:
    """The last dimensions have one length."""
    if a.shape[-1] != b.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(a.shape)} and {list(b.shape)}: elements are multiplied in pairs"
        )


def vecdot(x: Tensor, y: Tensor) -> None:
    """Inner products of float vectors of one dtype."""
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


def no_three() -> NoReturn:
    """No dimension is that of vectors of space."""
    raise RuntimeError("no dimension of size 3 in input: cross takes vectors of space")


def same_ndim(a: Any, b: Any) -> None:
    """Both hold as many vectors."""
    if a.ndim != b.ndim:
        raise RuntimeError(
            "linalg.cross: inputs must have the same number of dimensions."
            " Vectors are multiplied in pairs."
        )


def linalg_cross(a: Any, b: Any, dim: int, d: int) -> None:
    """Vectors of space have three numbers, of one dtype in both."""
    if a.shape[d] != 3 or b.shape[d] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {a.shape[d]} and "
            f"{b.shape[d]}: they are vectors of space"
        )
    if a.dtype.kind == "b":
        raise not_implemented("cross", a, "True and False are no quantities here; use .long()")
    scalar_types(a, b)


def scalar_types(a: Any, b: Any) -> None:
    """Two arrays of one dtype."""
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"expected scalar type {KIND_NAMES[a.dtype.name]} but found "
            f"{KIND_NAMES[b.dtype.name]}: convert one with .to()"
        )


def trace(input: Tensor) -> None:
    """Only a matrix of numbers has a trace."""
    x = input._data
    if x.ndim != 2:
        raise RuntimeError(
            f"trace: expected a matrix, but got tensor with dim {x.ndim}"
            ": it adds up the diagonal of one matrix"
        )
    if x.dtype.kind == "b":
        raise not_implemented("trace", x, "True and False are no quantities here; use .long()")


def tensordot(a: Tensor, b: Tensor, dims: Any) -> None:
    """``dims`` counts dimensions, or is two lists of them; the tensors have one dtype."""
    n, m = a._data.ndim, b._data.ndim
    if not isinstance(dims, (int, tuple, list)) or isinstance(dims, (tuple, list)) and (
        len(dims) != 2
    ):
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] "
            f"containing two lists, but got dims={dims}: say how many dimensions, or which of both"
        )
    if not isinstance(dims, int):
        need_fit("tensordot", a, b, *dims)
    else:
        if dims < 0:
            raise RuntimeError(
                f"tensordot expects dims >= 0, but got dims={dims}: it counts dimensions"
            )
        if dims > min(n, m):
            raise RuntimeError(
                f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}"
                ": there are not so many dimensions"
            )
    if a._data.dtype != b._data.dtype:
        raise RuntimeError(
            f"both inputs should have same dtype: they are {a.dtype} and {b.dtype}; convert one "
            "with .to()"
        )


def contracted(a: Tensor, b: Tensor, over_a: list[int], over_b: list[int]) -> None:
    """Dimensions that go together have one length."""
    if len(over_a) != len(over_b):
        raise RuntimeError("both dimension lists should have same length")
    for i, j in zip(over_a, over_b, strict=True):
        if a._data.shape[i] != b._data.shape[j]:
            raise RuntimeError(
                "contracted dimensions need to match, but first has size "
                f"{a._data.shape[i]} in dim {i} and second has size {b._data.shape[j]} in dim {j}"
                ": elements are multiplied in pairs along them"
            )


def multi_dot(chain: Any) -> None:
    """A chain has matrices of one dtype; its ends may be vectors."""
    if len(chain) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(chain)}")
    for i, t in enumerate(chain):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i)
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


def neighbours(chain: list[Tensor]) -> None:
    """Neighbours in a chain of matrices go together."""
    for i in range(len(chain) - 1):
        a, b = chain[i]._data.shape, chain[i + 1]._data.shape
        if a[1] != b[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {i} and {i + 1} with shapes {list(a)} and {list(b)} cannot "
                "be multiplied"
            )


def chain_matmul(matrices: Any) -> None:
    """Only matrices."""
    for i, t in enumerate(matrices):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i)
        if t.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {t.ndim}, expected 2 instead: only matrices")
