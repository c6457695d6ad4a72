"""What several families of operations need: checks of operands, and results with names.

Nothing here computes; it decides dtypes and words errors as PyTorch does.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections import namedtuple
from typing import Any

import numpy as np

from ..core.broadcast_error import broadcast_error
from ..core.modes import grad_mode
from ..core.op import Op, apply
from ..core.source_lines import internal
from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.dtype_names import KIND_NAMES as KIND_NAMES
from ..faithful.dtype_names import cpp_name as cpp_name
from ..faithful.dtype_names import kind_name as kind_name

TENSOR_OR_NUMBER = (Tensor, bool, int, float, complex, np.generic)


def numpy_names(function: Any) -> Any:
    """Let ``function`` take NumPy's names too: ``axis`` for dim, ``keepdims`` for keepdim.

    And let it refuse a list of numbers, which NumPy's functions would take.
    """
    of_a_tensor = function.__code__.co_varnames[0] == "input"

    @functools.wraps(function)
    def renamed(*args: Any, **kwargs: Any) -> Any:
        if of_a_tensor and args and args[0].__class__ is not Tensor:  # a subclass is fine too
            need_tensor(function.__name__.removesuffix("_of"), args[0])
        if kwargs:
            if "keepdims" in kwargs:
                kwargs["keepdim"] = kwargs.pop("keepdims")
            if "axis" in kwargs:
                kwargs["dim"] = kwargs.pop("axis")
        return function(*args, **kwargs)

    renamed.plain = function  # type: ignore[attr-defined]
    return renamed


def warn(message: str) -> None:
    """A UserWarning that points at the user's line, however many functions lie between."""
    frame: Any = sys._getframe()
    level = 1
    while frame.f_back is not None and internal[frame.f_globals.get("__name__", "")]:
        frame = frame.f_back
        level += 1
    warnings.warn(message, stacklevel=level)


def not_a_tensor(function: str, value: Any, name: str = "input", position: int = 1) -> TypeError:
    """PyTorch's error for an argument that must be a tensor."""
    kind = type(value).__name__
    return TypeError(
        f"{function}(): argument '{name}' (position {position}) must be Tensor, not "
        f"{'numpy.' * isinstance(value, np.ndarray)}{kind}: wrap it first, mg.tensor(...)"
    )


def not_an_element(value: Any, i: int, argument: int = 0) -> TypeError:
    """PyTorch's error for what is no tensor in a list of tensors."""
    return TypeError(
        f"expected Tensor as element {i} in argument {argument}, but got {type(value).__name__}: "
        "wrap it first, mg.tensor(...)"
    )


def need_tensor(function: str, value: Any, name: str = "input", position: int = 1) -> Tensor:
    """Refuse (TypeError) what is not a tensor."""
    if not isinstance(value, Tensor):
        raise not_a_tensor(function, value, name, position)
    return value


def need_tensor_or_none(function: str, value: Any, name: str, position: int) -> None:
    """Refuse (TypeError) what is neither a tensor nor None."""
    if value is not None:
        need_tensor(function, value, name, position)


def need_tensor_or_number(
    function: str, value: Any, name: str = "other", position: int = 2
) -> None:
    """Refuse (TypeError) what is neither a tensor nor a number."""
    if not isinstance(value, TENSOR_OR_NUMBER):
        need_tensor(function, value, name, position)


def understood(function: str, result: Any, *operands: Any) -> Any:
    """``result``, or TypeError if an operation on ``operands`` was ``NotImplemented``.

    An operator (``x + y``) leaves what it has no meaning for to Python; a function must refuse it.
    """
    if result is not NotImplemented:
        return result
    names = ("input", "exponent" if function == "pow" else "other")
    for position, (name, value) in enumerate(zip(names, operands), start=1):
        need_tensor_or_number(function, value, name, position)
    raise TypeError(f"{function}(): one of the arguments must be Tensor: wrap it, mg.tensor(...)")


def need_dimensions(x: Tensor, dim: int, advice: str) -> None:
    """Refuse (IndexError) a tensor without dimensions where its length along ``dim`` is needed."""
    if x._data.ndim == 0:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions: {advice}")


def not_implemented(name: str, x: Any, advice: str) -> NotImplementedError:
    """PyTorch's error for a dtype that an operation has no meaning for."""
    return NotImplementedError(f"\"{name}\" not implemented for '{kind_name(x)}': {advice}")


def need_kind(name: str, x: Any, kinds: str, long: bool = False) -> None:
    """Refuse arrays of another kind ("f" float, "i" whole numbers ...) in PyTorch's words."""
    if x.dtype.kind not in kinds and not (long and x.dtype == np.int64):
        raise not_implemented(name, x, "convert with .float() first")


def only_real(
    name: str, *values: Any, bools: bool = True, error: Any = NotImplementedError, words: str = ""
) -> None:
    """Refuse complex numbers (and if not ``bools``, operands that are all bool) as PyTorch does."""
    kinds = [v._data.dtype.kind if isinstance(v, Tensor) else np.asarray(v).dtype.kind
             for v in values if v is not None]  # fmt: skip
    if "c" in kinds:
        which = next(v for v, kind in zip(values, kinds) if kind == "c")
        advice = "complex numbers have no order and no sign; use .real, .imag or .abs()"
    elif not bools and set(kinds) == {"b"}:
        which, advice = values[0], "True and False are no quantities here; convert with .long()"
    else:
        return
    if words:
        raise error(f"{words}: {advice}")
    x = which._data if isinstance(which, Tensor) else np.asarray(which, np.complex64)
    raise error(f"\"{name}\" not implemented for '{kind_name(x)}': {advice}")


def no_complex_gradient(name: str, *tensors: Tensor) -> None:
    """Refuse (RuntimeError) to record what PyTorch does not differentiate for complex numbers."""
    if grad_mode.enabled and any(t.requires_grad for t in tensors):
        raise RuntimeError(
            f"{name} does not support automatic differentiation for outputs with complex dtype. "
            "Compute it in no_grad(), or from the real and imaginary parts."
        )


def check_float(name: str, *tensors: Tensor) -> None:
    """Refuse integer and bool tensors where PyTorch does."""
    for t in tensors:
        if t._data.dtype.kind not in "fc":
            advice = "the result is rarely a whole number; convert with .float() first"
            raise not_implemented(name, t._data, advice)


def as_array(value: Any, dtype: Any = None) -> Any:
    """``np.asarray``, but a batch of arrays (func.batch.BatchedNumbers) stays one."""
    if hasattr(value, "carrying"):
        return value if dtype is None else value.astype(dtype, copy=False)
    return np.asarray(value, dtype)


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


def overload(
    a: Any, b: Any, tensors: int = 0, number_a: int = 1, number_b: int = 2
) -> dict[str, int]:
    """The parameter that says which operand was a number: PyTorch numbers its nodes by it."""
    if not isinstance(a, Tensor):
        return {"overload": number_a}
    return {"overload": tensors if isinstance(b, Tensor) else number_b}


def result_type(name: str, fields: str) -> Any:
    """A tuple with names that prints as PyTorch's ``torch.return_types.<name>``.

    >>> pair = result_type("pair", "values indices")
    >>> pair(1, 2)
    torch.return_types.pair(
    values=1,
    indices=2)
    """
    result: Any = namedtuple(name, fields)

    def show(self: Any) -> str:
        shown = ",\n".join(f"{k}={v!r}" for k, v in self._asdict().items())
        return f"torch.return_types.{name}(\n{shown})"

    result.__repr__ = show  # type: ignore[method-assign]
    return result
