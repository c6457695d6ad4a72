"""Tensors without a norm, and norms that do not exist."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES
from ..arguments import need_fit
from ..words import not_implemented
from .products import scalar_types


def whole_numbers(name: str, x: Any) -> NoReturn:
    """Whole numbers have no norm, which is rarely one."""
    raise RuntimeError(
        f"{name}: Expected a floating point or complex tensor as input. Got "
        f"{KIND_NAMES[x.dtype.name]}: convert it with .float() first"
    )


def vector_norm(ord: float, array: Any) -> None:
    """The largest of no numbers is unknown."""
    if array.size == 0 and ord in (math.inf, -math.inf) or array.size == 0 and ord < 0:
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {ord} norm on an empty tensor because the "
            "operation does not have an identity"
        )


def matrix_norm(array: Any, ord: Any, dim: Any) -> None:
    """Norms of matrices, in two dimensions that are there."""
    if array.ndim < 2:
        raise RuntimeError(
            f"linalg.matrix_norm: The input tensor A must have at least 2 dimensions. Got "
            f"{array.ndim}: use vector_norm"
        )
    if ord not in (1, -1, 2, -2, math.inf, -math.inf, "fro", "nuc"):
        raise RuntimeError(
            f"linalg.matrix_norm: Order {ord:g} not supported. Choose 'fro', 'nuc', 1, -1, 2, -2, "
            "inf or -inf."
            if not isinstance(ord, str) else
            f"linalg.matrix_norm: Order {ord} not supported. Choose 'fro' or 'nuc'."
        )  # fmt: skip
    if not isinstance(dim, (tuple, list)) or len(dim) != 2:
        raise RuntimeError(
            f"linalg.matrix_norm: dim must be a 2-tuple. Got "
            f"{dim if not isinstance(dim, (tuple, list)) else ', '.join(map(str, dim))}"
        )


def matrix_dims(dim: Any, both: Any) -> None:
    """The two dimensions of a matrix are different ones."""
    if both[0] == both[1]:
        raise RuntimeError(
            f"linalg.matrix_norm: dims must be different. Got {', '.join(map(str, dim))}"
        )


def norm(p: Any) -> None:
    """Norms with a name are norms of matrices."""
    if isinstance(p, str) and p != "nuc":
        raise RuntimeError(f"linalg.matrix_norm: Order {p} not supported. Choose 'fro' or 'nuc'.")


def linalg_norm(input: Tensor, ord: Any, dim: Any) -> None:
    """A norm of one or two dimensions, which must be named if there are more."""
    if isinstance(dim, (tuple, list)) and len(dim) not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}"
        )
    if ord is None or dim is not None:
        return
    if isinstance(ord, str) and input.ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
            f"{input.ndim}D. Say over which dimensions with dim."
        )
    if not isinstance(ord, str) and input._data.ndim > 2:
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
            f"{input._data.ndim}D."
        )


def dist(d: Any) -> NoReturn:
    """A distance is rarely a whole number."""
    raise RuntimeError(
        "norm(): input dtype should be either floating point or complex. Got "
        f"{KIND_NAMES[d.name]} instead. Convert with .float() first."
    )


def cdist(x1: Tensor, x2: Tensor, p: float) -> None:
    """Rows of float numbers, in both of one length and dtype."""
    need_fit("cdist", x1, x2, p)
    a, b = x1._data, x2._data
    if a.ndim < 2 or b.ndim < 2:
        which, n = ("X1", a.ndim) if a.ndim < 2 else ("X2", b.ndim)
        raise RuntimeError(
            f"cdist only supports at least 2D tensors, {which} got: {n}D: rows are points"
        )
    for which, x in (("X1", a), ("X2", b)):
        if x.dtype.kind != "f":
            raise RuntimeError(
                f"cdist only supports floating-point dtypes, {which} got: "
                f"{KIND_NAMES[x.dtype.name]}; use .float()"
            )
    if a.dtype == np.float16:
        raise not_implemented("cdist", a, "use .float()")
    scalar_types(a, b)
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values: p is the power in the norm")
    if a.shape[-1] != b.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {a.shape[-1]} X2: {b.shape[-1]}"
            ": a point has as many coordinates in both"
        )


def renorm(input: Tensor, p: float, maxnorm: float) -> None:
    """A power above 0, a norm that there is, and slices to shorten."""
    if p <= 0:
        raise RuntimeError(
            "renorm: non-positive-norm not supported: p is the power in the norm, above 0"
        )
    if maxnorm < 0:
        raise RuntimeError(
            f"renorm: expected maxnorm to be >= 0 but got {maxnorm}: no norm is below 0"
        )
    if input.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
            ": it shortens slices"
        )


def pdist(input: Tensor, p: float) -> None:
    """A matrix of float numbers, whose rows are points, and a norm that there is."""
    if input.ndim != 2:
        raise RuntimeError(
            f"pdist only supports 2D tensors, got: {input.ndim}D: the rows are the points"
        )
    if input._data.dtype.kind != "f":
        raise RuntimeError("pdist only supports floating-point dtypes: use .float()")
    if input._data.dtype == np.float16:
        raise not_implemented("pdist", input._data, "use .float()")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values: p is the norm of distances")
