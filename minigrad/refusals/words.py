"""What the functions themselves refuse, in PyTorch's words: dtypes and shapes without a meaning.

Whether a tensor was given at all is asked at the public names (refusing.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.modes import grad_mode
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.dtype_names import kind_name
from ..faithful.package_name import package

TENSOR_OR_NUMBER = (Tensor, bool, int, float, complex, np.generic)


def not_a_tensor(function: str, value: Any, name: str = "input", position: int = 1) -> TypeError:
    """PyTorch's error for an argument that must be a tensor."""
    kind = type(value).__name__
    return TypeError(
        f"{function}(): argument '{name}' (position {position}) must be Tensor, not "
        f"{'numpy.' * isinstance(value, np.ndarray)}{kind}: wrap it first, {package()}.tensor(...)"
    )


def not_an_element(value: Any, i: int, argument: int = 0) -> TypeError:
    """PyTorch's error for what is no tensor in a list of tensors."""
    return TypeError(
        f"expected Tensor as element {i} in argument {argument}, but got {type(value).__name__}: "
        f"wrap it first, {package()}.tensor(...)"
    )


def need_tensor(function: str, value: Any, name: str = "input", position: int = 1) -> Tensor:
    """Refuse (TypeError) what is not a tensor."""
    if not isinstance(value, Tensor):
        raise not_a_tensor(function, value, name, position)
    return value


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
    raise TypeError(
        f"{function}(): one of the arguments must be Tensor: wrap it, {package()}.tensor(...)"
    )


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


def need_attribute(value: Any, attribute: str) -> None:
    """Refuse (AttributeError, as PyTorch's Python code) what is no tensor."""
    if not isinstance(value, Tensor):
        raise AttributeError(
            f"'{type(value).__name__}' object has no attribute '{attribute}': a tensor must stand "
            f"here; wrap it first, {package()}.tensor(...)"
        )


def check_differentiable(d: np.dtype[Any], which: str = "Only Tensors of floating point and "
                         "complex dtype") -> None:  # fmt: skip
    """Refuse ``requires_grad=True`` where no derivative exists. which: PyTorch's opening words."""
    if d.kind not in "fc":
        raise RuntimeError(
            f"{which} can require gradients: this one is "
            f"{dtypes.FROM_NUMPY[d]}, and whole numbers cannot change by a little; use 1.0 instead "
            "of 1, or convert with .float()"
        )
