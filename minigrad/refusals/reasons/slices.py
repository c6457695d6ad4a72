"""Index vectors that name slices which are not there, and slices that do not fit."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES, kind_name
from ..words import not_an_element


def outside(bad: Any, name: str, d: int, n: int, error: Any, prefix: str) -> None:
    """An index counts from 0, and never from the end."""
    if bad.size:
        where = (
            f"{int(bad[0])} is out of bounds for dimension {d} with size {n}: an index counts from "
            "0, and never from the end here"
        )
        raise error(
            f"index out of range in self: index {where}" if name == "index_select"
            else f"{prefix}index {where}"
        )


def index(name: str, index: Tensor, d: int) -> None:
    """Refuse an index that is no vector of whole numbers."""
    k = index._data
    if name == "index_fill" and k.dtype not in (np.int64, np.int32):
        raise wrong_index_dtype(name, index)
    if k.ndim > 1 and name == "index_fill":
        raise RuntimeError("Index has to be a vector/scalar: it names slices along one dimension")
    if k.ndim > 1:
        words = f"Index is supposed to be a vector, but got dim: {k.ndim}"
        if name == "index_copy":
            words = f"Index should have dimension 1 or 0 (got {k.ndim})"
        who = f"{name}_" if name != "index_select" else name
        if name == "index_select":
            words = "Index is supposed to be a vector"
        raise IndexError(
            f"{who}(): {words}: it names slices along dimension {d}; see gather for an index with "
            "a place for every element"
        )
    if k.dtype not in (np.int64, np.int32):
        raise wrong_index_dtype(name, index)


def wrong_index_dtype(name: str, index: Tensor) -> Exception:
    """Each of these functions of PyTorch has its own words for it."""
    kind = KIND_NAMES[index._data.dtype.name]
    if name == "index_select":
        return RuntimeError(
            f"index_select(): Expected dtype int32 or int64 for index: this one is {index.dtype}, "
            "convert it with .long()"
        )
    if name == "index_fill":
        return IndexError("index_fill_(): Expected dtype int64 for index.")
    if name == "index_copy":
        return RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {kind}")
    return RuntimeError(
        f"{name}_(): Expected dtype int32/int64 for index but got: {kind}; convert it with .long()"
    )


def same_type(name: str, input: Tensor, source: Tensor) -> None:
    """Both have one dtype."""
    if input._data.dtype != source._data.dtype:
        raise RuntimeError(
            f"{name}_(): self ({kind_name(input._data)}) and source ({kind_name(source._data)}) "
            "must have the same scalar type: convert one with .to()"
        )


def slices(name: str, input: Tensor, d: int, index: Tensor, source: Tensor, length: int) -> None:
    """The source has one slice, as large as those of input, for each index.

    length: that of the source along its dimension ``d``.
    """
    x, s, n = input._data.shape, source._data.shape, index._data.size
    if not s and n != 1:
        raise IndexError(
            f"Dimension specified as {d} but tensor has no dimensions: the source needs one slice "
            "for each index"
        )
    if s and length != n:
        raise RuntimeError(
            f"{name}_(): Number of indices ({n}) should be equal to source.size(dim): ({s[d]}), "
            f"for dim: {d}: one slice for each index"
        )
    if len(x) != len(s) or x[:d] + x[d + 1 :] != s[:d] + s[d + 1 :]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(x)} source.shape = {list(s)}"
            ": the slices are laid out alike in both"
        )


def index_copy(input: Tensor, index: Tensor, source: Tensor) -> None:
    """One dtype in both, and as many dimensions."""
    if source._data.dtype != input._data.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{kind_name(input._data)} and (source) {kind_name(source._data)}: convert one "
            "with .to()"
        )
    n, m = input._data.ndim, source._data.ndim
    if not m and index._data.size != 1:
        raise IndexError(
            "index_copy_(): When source is scalar, index should have one element (got "
            f"{index._data.size}): one slice for each index"
        )
    if n != m and n and m:
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({m}), destination dimensionality ({n})"
            ": slices of both are laid out alike"
        )


def copied_slices(input: Tensor, source: Tensor, d: int) -> None:
    """Slices of both are laid out alike."""
    x, s = [t._data.shape[:d] + t._data.shape[d + 1 :] for t in (input, source)]
    if x != s:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
            f"slice shape: {' '.join(map(str, x))} at dimension {d} and source slice shape: "
            f"{' '.join(map(str, s))} at dimension 0. The slices are laid out alike in both."
        )


def copied_number(source: Tensor, d: int, n: int) -> None:
    """There is one slice for each of the n indices."""
    if source._data.ndim and source._data.shape[d : d + 1] != (n,):
        raise IndexError(
            f"index_copy_(): Number of indices ({n}) should be equal to source.size(dim) "
            f"({source._data.shape[d]}): one slice for each index"
        )


def value(name: str, value: Tensor) -> NoReturn:
    """The value is one number."""
    raise RuntimeError(
        f"{name}_ only supports a 0-dimensional value tensor, but got tensor with "
        f"{value._data.ndim} dimension(s). Give one number."
    )


def complex_value() -> NoReturn:
    """A real tensor has no room for a complex number."""
    raise RuntimeError(
        "index_fill_(): Converting complex Scalar to non-complex type is not supported"
    )


def index_reduce(reduce: str) -> NoReturn:
    """Four ways make one number of several."""
    raise RuntimeError(
        f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got "
        f"{reduce}. Those are the ways to make one number of several."
    )


def index_put(input: Tensor, indices: Any) -> None:
    """There is an index tensor for each dimension at most."""
    for i, t in enumerate(indices):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i, 1)
    if len(indices) > input._data.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {input._data.ndim} (got {len(indices)})"
            ": one index tensor a dimension at most"
        )


def replace(want: Any, have: Any) -> NoReturn:
    """There is one number for each place."""
    raise RuntimeError(
        f"expected src to have a size equal to the slice of self. src size = {list(have)}, "
        f"slice size = {list(want)}: one number for each place"
    )


def no_slices(name: str) -> NoReturn:
    """A single number has no slices."""
    raise IndexError(f"{name}() cannot be applied to a 0-dim tensor. It has no slices.")
