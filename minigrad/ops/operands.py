"""What several families of operations need: operands in one dtype, and results with names."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np

from ..core.op import Op, apply
from ..core.source_lines import internal
from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.strides import in_layout
from ..refusals.of_the_core import broadcast_error
from ..refusals.words import not_a_tensor


def warn(message: str) -> None:
    """A UserWarning that points at the user's line, however many functions lie between."""
    frame: Any = sys._getframe()
    level = 1
    while frame.f_back is not None and internal[frame.f_globals.get("__name__", "")]:
        frame = frame.f_back
        level += 1
    warnings.warn(message, stacklevel=level)


def as_array(value: Any, dtype: Any = None) -> Any:
    """``np.asarray``, but a batch of arrays (func.batch.BatchedNumbers) stays one."""
    if hasattr(value, "carrying"):
        return value if dtype is None else value.astype(dtype, copy=False)
    return np.asarray(value, dtype)


def as_inputs(arrays: Any, y: Any) -> Any:
    """The result of an elementwise operation, in memory as its inputs are."""
    y = as_array(y)
    if type(y) is not np.ndarray or arrays[0].flags.c_contiguous and y.flags.c_contiguous:
        return y
    return in_layout("elementwise", arrays, y)


def float_dtype(d: Any) -> Any:
    """The dtype of a result that is rarely whole: the default float dtype for integers."""
    return d if d.kind in "fc" else dtypes.default_np()


def as_float(x: Any) -> Any:
    """The array, integers as the default float dtype."""
    return x if x.dtype.kind in "fc" else x.astype(dtypes.default_np())


def promoted(values: Any, result_dtype: Any = None) -> tuple[list[Tensor], list[Any]]:
    """Tensors and numbers as tensors, and their arrays in the one dtype they promote to."""
    raw = [v._data if isinstance(v, Tensor) else v for v in values]
    d = dtypes.result_np(raw)
    if result_dtype is not None:
        d = result_dtype(d)
    arrays = [as_array(r).astype(d, copy=False) for r in raw]
    tensors = [v if isinstance(v, Tensor) else make(a)
               for v, a in zip(values, arrays, strict=True)]  # fmt: skip
    return tensors, arrays


def broadcasting(op: type[Op], values: Any, params: Any, result_dtype: Any = None) -> Any:
    """Run ``op`` on tensors and numbers that are promoted and broadcast together."""
    tensors, arrays = promoted(values, result_dtype)
    try:
        np.broadcast_shapes(*[a.shape for a in arrays])
    except ValueError:
        for a in arrays:
            for b in arrays:
                try:
                    np.broadcast_shapes(a.shape, b.shape)
                except ValueError:
                    raise broadcast_error(a, b) from None
    return apply(op, tuple(tensors), params, arrays)


def unary(op: type[Op], x: Any, needs_float: bool = True) -> Tensor:
    """Run a one-input operation; integers become the default float dtype where that is needed."""
    if not isinstance(x, Tensor):
        raise not_a_tensor(op.__name__.lower(), x)
    if needs_float and x._data.dtype.kind in "iub":
        return apply(op, (x,), arrays=[x._data.astype(dtypes.default_np())])
    return apply(op, (x,))


def overload(
    a: Any, b: Any, tensors: int = 0, number_a: int = 1, number_b: int = 2
) -> dict[str, int]:
    """The parameter that says which operand was a number: PyTorch numbers its nodes by it."""
    if not isinstance(a, Tensor):
        return {"overload": number_a}
    return {"overload": tensors if isinstance(b, Tensor) else number_b}
