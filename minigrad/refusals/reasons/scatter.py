"""Index tensors that name places which are not there."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name


def index(name: str, x: Any, k: Any, d: int, index: Tensor) -> None:
    """An index is made of whole numbers and has the tensor's dimensions."""
    if k.dtype not in (np.int64, np.int32):
        who = "gather" if name == "gather" else "scatter"
        raise RuntimeError(
            f"{who}(): Expected dtype int32/int64 for index: this one is {index.dtype}, convert "
            "it with .long()"
        )
    who = "input" if name == "gather" else "self"
    if k.ndim != x.ndim:
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as {who} tensor: {k.ndim} and "
            f"{x.ndim}; it says for every element of the result where to look along dim {d}"
        )


def outside(bad: Any, x: Any, d: int) -> NoReturn:
    """Places count from 0 and are in the tensor."""
    raise RuntimeError(
        f"index {int(bad.flat[0])} is out of bounds for dimension {d} with size {x.shape[d]}"
        ": an index counts from 0, and never from the end here"
    )


def source_ndim(k: Any, src: Any, d: int) -> NoReturn:
    """Source and index have as many dimensions."""
    raise RuntimeError(
        f"Index tensor must have the same number of dimensions as src tensor: {k.ndim} and "
        f"{src.ndim}; it says for every element of src where it goes along dim {d}"
    )


def gather(k: Any, x: Any, d: int, too_long: list[int]) -> NoReturn:
    """The index has the shape of the result."""
    raise RuntimeError(
        f"Size does not match at dimension {too_long[0]} expected index {list(k.shape)} to be "
        f"no larger than self {list(x.shape)} apart from dimension {d}"
        ": the index has the shape of the result"
    )


def scatter(x: Any, d: int, k: Any, src: Any, too_long: list[int]) -> None:
    """Each place of the index is a place in the tensor and in the source."""
    larger = src is not None and (
        src.ndim != k.ndim or any(n > m for n, m in zip(k.shape, src.shape, strict=True))
    )
    if too_long or larger:
        also = "" if src is None else f" and to be no larger size than src {list(src.shape)}"
        raise RuntimeError(
            f"Expected index {list(k.shape)} to be no larger than self {list(x.shape)} apart from "
            f"dimension {d}{also}: each place of the index is a place there"
        )


def source_dtype(input: Tensor, src: Any) -> None:
    """The source has the tensor's dtype."""
    if src._data.dtype != input._data.dtype:
        raise RuntimeError(
            f"scatter(): Expected self.dtype to be equal to src.dtype: they are {input.dtype} and "
            f"{src.dtype}; convert one with .to()"
        )


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None) -> None:
    """The index names int64 places for each slice."""
    if dim is not None and input._data.ndim != indices._data.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, "
            f"but got {input._data.ndim} dimensions for input, and {indices._data.ndim} dimensions "
            "for indices: the index names a place for each slice"
        )
    if indices._data.dtype != np.int64 and dim is not None:
        raise RuntimeError(
            "torch.take_along_dim(): dtype of indices should be Long but got "
            f"{kind_name(indices._data)}: they are places; convert with .long()"
        )


def scatter_reduction() -> NoReturn:
    """Two operations combine with what is there."""
    raise RuntimeError(
        "reduce argument must be either add or multiply."
        " Those two combine with what is there."
    )


def scatter_reduce(reduce: str) -> NoReturn:
    """Five ways make one number of several."""
    raise RuntimeError(
        f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        ": those are the ways to make one number of several"
    )
