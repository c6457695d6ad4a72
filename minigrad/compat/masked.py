"""``mg.masked``: PyTorch's ``torch.masked``, reductions of the elements where ``mask`` is True.

What is masked out gets the number that changes nothing (0 in a sum), or the result is counted.

>>> import minigrad as mg
>>> mg.masked.mean(mg.tensor([1.0, 2.0, 9.0]), mask=mg.tensor([True, True, False]))
tensor(1.5000)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.dimensions import dims as _dims
from ..ops.elementwise import comparisons, exponentials
from ..ops.matrices.norms import vector_norm
from ..ops.reducing import reductions, scans, sorting
from ..ops.reducing import softmax as of_softmax

__all__ = [
    "amax", "amin", "argmax", "argmin", "cumprod", "cumsum", "log_softmax", "logaddexp",
    "logsumexp", "mean", "median", "norm", "normalize", "prod", "softmax", "softmin", "std", "sum",
    "var",
]  # fmt: skip


def kept(input: Tensor, mask: Tensor | None, value: Any) -> Tensor:
    """``input`` with ``value`` where it is masked out."""
    if mask is None:
        return input
    if mask.ndim > input.ndim:
        raise IndexError(
            "_input_mask expected broadcastable mask (got mask dimensionality higher than of the "
            "input)"
        )
    where_true = make(np.broadcast_to(mask._data.astype(bool), input.shape))
    kind = input._data.dtype.kind
    if kind in "iu" and abs(value) == math.inf:
        limits = np.iinfo(input._data.dtype)
        value = limits.max if value > 0 else limits.min
    number = make(np.asarray(value, input._data.dtype))
    return comparisons.where(where_true, input, number)


def all_dims(input: Tensor, dim: Any) -> tuple[int, ...]:
    return _dims(dim, input.ndim) or tuple(range(input.ndim))


def whole(input: Tensor, dtype: Any) -> Any:
    """The dtype of a sum: small whole numbers are added up in int64."""
    small = input._data.dtype.kind in "bui" and dtype is None
    return dtypes.int64 if small else dtype or input.dtype


def sum(
    input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The sum of what is not masked out."""
    x = kept(input, mask, 0)
    return reductions.sum(x, all_dims(x, dim), bool(keepdim), dtype=whole(input, dtype))


def prod(
    input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The product of what is not masked out."""
    x = kept(input, mask, 1).to(whole(input, dtype))
    for d in sorted(all_dims(input, dim), reverse=True):
        x = scans.prod(x, d, bool(keepdim))
    return x


def extremum(name: str, value: float) -> Any:
    def function(
        input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None,
        mask: Any = None,
    ) -> Tensor:  # fmt: skip
        x = kept(input, mask, value)
        if name.startswith("arg"):
            found: Tensor = getattr(reductions, name)(x, dim, bool(keepdim))
            return found.to(dtype or input.dtype)  # as PyTorch: a number of its own dtype
        found = getattr(reductions, name)(x, all_dims(x, dim), bool(keepdim))
        return found.to(dtype or input.dtype)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"``{name}`` of what is not masked out."
    return function


amax, amin = extremum("amax", -math.inf), extremum("amin", math.inf)
argmax, argmin = extremum("argmax", -math.inf), extremum("argmin", math.inf)


def running(name: str, value: int) -> Any:
    def function(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
        x = kept(input, mask, value)
        found: Tensor = getattr(scans, name)(x, dim, dtype=dtype or input.dtype)
        return found

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"``{name}`` that leaves out what is masked out."
    return function


cumsum, cumprod = running("cumsum", 0), running("cumprod", 1)


def count(input: Tensor, dim: Any, keepdim: bool, mask: Any) -> Tensor:
    """How many elements are not masked out."""
    ones = kept(make(np.ones(input.shape, np.int64)), mask, 0)
    return reductions.sum(ones, all_dims(input, dim), keepdim)


def mean(
    input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The mean of what is not masked out; nan if that is nothing."""
    dtype = dtype or input.dtype
    total = sum(input, dim, keepdim=keepdim, dtype=dtype, mask=mask)
    return (total / count(input, dim, bool(keepdim), mask)).to(dtype)


def median(
    input: Tensor, dim: int = -1, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The median of what is not masked out, which may not be nan."""
    x = input if input.is_floating_point() else input.to(dtypes.float32)
    if np.isnan(x._data).any():
        raise ValueError("masked median expects no fully masked out rows if dtype is not floating")
    found: Tensor = sorting.nanmedian(kept(x, mask, math.nan), dim, bool(keepdim)).values
    return found.to(dtype or input.dtype)


def norm(
    input: Tensor, ord: Any = 2.0, dim: Any = None, *, keepdim: bool = False, dtype: Any = None,
    mask: Any = None,
) -> Tensor:  # fmt: skip
    """The norm of the vector of what is not masked out."""
    x = kept(input, mask, math.inf if ord == -math.inf else 0)
    return vector_norm(x, ord, all_dims(x, dim), bool(keepdim), dtype=dtype)


def var(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, *,
    correction: float | None = None, keepdim: bool = False, dtype: Any = None, mask: Any = None,
) -> Tensor:  # fmt: skip
    """The variance of what is not masked out."""
    less = float(correction) if correction is not None else float(unbiased is not False)
    centre = sum(input, dim, keepdim=True, mask=mask) / count(input, dim, True, mask)
    x = input - centre
    total = sum(x * x.conj(), dim, keepdim=keepdim, mask=mask)
    n = count(input, dim, bool(keepdim), mask)._data.astype(total._data.real.dtype)
    return (total / make(np.maximum(n - less, 0))).to(dtype or total.dtype)


def std(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, **named: Any
) -> Tensor:
    """The standard deviation of what is not masked out."""
    return exponentials.sqrt(var(input, dim, unbiased, **named))


def softmax(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """``softmax`` in which what is masked out has no part."""
    return of_softmax.softmax_of(kept(input, mask, -math.inf), dim, dtype or input.dtype)


def log_softmax(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """``log_softmax`` in which what is masked out has no part."""
    return of_softmax.log_softmax_of(kept(input, mask, -math.inf), dim, dtype or input.dtype)


def softmin(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """``softmax`` of what is not masked out, negated."""
    return of_softmax.softmax_of(-kept(input, mask, math.inf), dim, dtype or input.dtype)


def normalize(
    input: Tensor, ord: float, dim: int, *, eps: float = 1e-12, dtype: Any = None, mask: Any = None
) -> Tensor:
    """What is not masked out, divided by its norm."""
    size = norm(input, ord, dim, keepdim=True, dtype=dtype, mask=mask)
    return kept(input, mask, 0) / comparisons.maximum(size, make(np.asarray(eps, size._data.dtype)))


def logsumexp(
    input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """``logsumexp`` of what is not masked out."""
    x = kept(input, mask, -math.inf)
    return scans.logsumexp(x, all_dims(x, dim), bool(keepdim)).to(dtype or input.dtype)


def logaddexp(
    input: Tensor, other: Tensor, *, dtype: Any = None, input_mask: Any = None,
    other_mask: Any = None,
) -> Tensor:  # fmt: skip
    """``logaddexp`` of what is not masked out."""
    a, b = kept(input, input_mask, -math.inf), kept(other, other_mask, -math.inf)
    return exponentials.logaddexp(a, b).to(dtype or input.dtype)


_name_publicly(globals())
