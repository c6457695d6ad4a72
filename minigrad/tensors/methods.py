"""The tensor's methods: which function of ``ops/`` each method is.

``x.exp()`` is ``mg.exp(x)``, ``x += y`` is ``x.add_(y)``. The tables below are the whole rule; a
method has its function's docstring and signature.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.gradients import tensor_backward
from ..core.elementwise import plain_binary
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.device import Device, only_cpu
from ..ops.elementwise import arithmetic as elementwise
from ..ops.elementwise import comparisons, exponentials, limits, rounding, signs, trigonometry
from ..ops.making import creation
from ..ops.matrices import matmul as linalg
from ..ops.networks import activations
from ..ops.reducing import reductions
from ..ops.shaping import cutting, indexing, shape
from ..ops.writing import inplace

# Functions whose first argument is a tensor, as methods of the same name.
FUNCTIONS: dict[Any, str] = {
    elementwise: "add sub mul div pow floor_divide remainder square neg conj clone",
    signs: "abs sgn",
    exponentials: "exp log sqrt",
    trigonometry: "sin cos tanh",
    activations: "sigmoid",
    limits: "relu clamp",
    rounding: "floor",
    comparisons: "maximum minimum eq ne lt le gt ge",
    reductions: "sum mean var std max min amax amin argmax argmin any all",
    linalg: "mm mv dot bmm matmul",
    cutting: "unbind split chunk",
    shape: """
        reshape view view_as reshape_as flatten permute transpose t movedim expand expand_as
        broadcast_to sum_to_size squeeze unsqueeze contiguous
    """,
}
ALIASES = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div",
    "negative": "neg", "absolute": "abs", "sign": "sgn", "clip": "clamp", "swapaxes": "transpose",
    "swapdims": "transpose", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt",
    "greater_equal": "ge", "moveaxis": "movedim",
}  # fmt: skip
INPLACE: dict[Any, str] = {
    elementwise: "pow floor_divide remainder neg",
    exponentials: "exp log sqrt",
    trigonometry: "sin cos tanh",
    activations: "sigmoid",
    limits: "relu clamp",
    rounding: "floor",
}


def add_methods(table: dict[Any, str]) -> None:
    """Hang every function named in ``table`` onto Tensor."""
    for module, names in table.items():
        for name in names.split():
            setattr(Tensor, name, getattr(module, name))


add_methods(FUNCTIONS)
for _alias, _name in ALIASES.items():
    setattr(Tensor, _alias, getattr(Tensor, _name))

# In-place methods.
Tensor.add_ = inplace.fast_inplace(elementwise.Add, elementwise.add, "add_")  # type: ignore
Tensor.sub_ = inplace.fast_inplace(elementwise.Sub, elementwise.sub, "sub_")  # type: ignore
Tensor.mul_ = inplace.fast_inplace(elementwise.Mul, elementwise.mul, "mul_")  # type: ignore
Tensor.div_ = inplace.fast_inplace(elementwise.Div, elementwise.div, "div_")  # type: ignore
for _module, _names in INPLACE.items():
    for _name in _names.split():
        setattr(Tensor, _name + "_", inplace.in_place_of(getattr(_module, _name), _name + "_"))
Tensor.abs_ = inplace.in_place_of(signs.abs_, "abs_")
Tensor.clip_ = Tensor.clamp_
Tensor.fill_ = inplace.fill_  # type: ignore[method-assign]
Tensor.zero_ = inplace.zero_  # type: ignore[method-assign]
Tensor.copy_ = inplace.copy_  # type: ignore[method-assign]

# Operators. What they have no meaning for (`x + "a"`) is NotImplemented, so that Python asks the
# other operand; the functions refuse it.


def operator(function: Any) -> Any:
    """``function`` of a tensor and another operand as an operator."""

    def method(self: Tensor, other: Any) -> Any:
        if isinstance(other, (Tensor, bool, int, float, complex, np.generic)):
            return function(self, other)
        return NotImplemented

    return method


Tensor.__add__ = elementwise.Add.run_fast  # type: ignore[method-assign]
Tensor.__radd__ = elementwise.Add.run_fast  # type: ignore
Tensor.__sub__ = elementwise.Sub.run_fast  # type: ignore[method-assign]
Tensor.__rsub__ = lambda self, other: plain_binary(elementwise.Sub, other, self)  # type: ignore
Tensor.__mul__ = elementwise.Mul.run_fast  # type: ignore[method-assign]
Tensor.__rmul__ = elementwise.Mul.run_fast  # type: ignore
Tensor.__truediv__ = elementwise.Div.run_fast  # type: ignore[method-assign]
Tensor.__rtruediv__ = lambda self, other: plain_binary(elementwise.Div, other, self)  # type: ignore
Tensor.__floordiv__ = operator(elementwise.floor_divide)  # type: ignore[method-assign]
Tensor.__rfloordiv__ = operator(lambda self, other: elementwise.floor_divide(other, self))
Tensor.__mod__ = operator(elementwise.remainder)  # type: ignore[method-assign]
Tensor.__rmod__ = operator(lambda self, other: elementwise.remainder(other, self))
Tensor.__pow__ = operator(elementwise.pow)  # type: ignore[method-assign]
Tensor.__rpow__ = operator(lambda self, other: elementwise.pow(other, self))  # type: ignore
Tensor.__matmul__ = lambda self, other: (  # type: ignore
    linalg.matmul(self, other)
    if isinstance(self, Tensor) and isinstance(other, Tensor)
    else NotImplemented
)
Tensor.__neg__ = elementwise.neg  # type: ignore[method-assign]
Tensor.__abs__ = signs.abs  # type: ignore[method-assign]
Tensor.__eq__ = lambda self, other: comparisons.compare(np.equal, self, other)  # type: ignore
Tensor.__ne__ = lambda self, other: comparisons.compare(np.not_equal, self, other)  # type: ignore
Tensor.__lt__ = lambda self, other: comparisons.compare(np.less, self, other)  # type: ignore[method-assign]
Tensor.__le__ = lambda self, other: comparisons.compare(np.less_equal, self, other)  # type: ignore[method-assign]
Tensor.__gt__ = lambda self, other: comparisons.compare(np.greater, self, other)  # type: ignore[method-assign]
Tensor.__ge__ = lambda self, other: comparisons.compare(np.greater_equal, self, other)  # type: ignore[method-assign]
for _symbol, _op, _name in (
    ("iadd", elementwise.Add, "add"), ("isub", elementwise.Sub, "sub"),
    ("imul", elementwise.Mul, "mul"), ("itruediv", elementwise.Div, "div"),
):  # fmt: skip
    _method = inplace.fast_inplace(_op, getattr(elementwise, _name), _name + "_", operator=True)
    setattr(Tensor, f"__{_symbol}__", _method)
Tensor.__ipow__ = Tensor.pow_
Tensor.__ifloordiv__ = Tensor.floor_divide_
Tensor.__imod__ = Tensor.remainder_
Tensor.__getitem__ = indexing.getitem  # type: ignore[method-assign]
Tensor.__setitem__ = inplace.setitem  # type: ignore[method-assign]
Tensor.T = property(lambda self: shape.permute(self, tuple(range(self._data.ndim))[::-1]))
Tensor.mT = property(lambda self: shape.transpose(self, -2, -1))
Tensor.backward = tensor_backward


def invert(self: Tensor) -> Tensor:
    """``~x`` of a bool or integer tensor."""
    if self.dtype.category > 1:
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors: this "
            f"one is {self.dtype}"
        )
    from ..core.tensor import make

    return make(np.invert(self._data))


Tensor.__invert__ = invert  # type: ignore[method-assign]


def to(self: Tensor, *args: Any, dtype: Any = None, copy: bool = False, **ignored: Any) -> Tensor:
    """The tensor in another dtype (or like another tensor); itself if nothing changes.

    >>> import minigrad as mg
    >>> mg.tensor([1, 2]).to(mg.float64)
    tensor([1., 2.], dtype=torch.float64)
    """
    device = ignored.get("device")
    for i, a in enumerate(args):
        if isinstance(a, (tuple, list)) or (type(a) is int and not i) or (type(a) is str and i):
            raise not_a_place(a)
        if isinstance(a, Tensor):
            dtype = a.dtype
        elif isinstance(a, (dtypes.dtype, type, np.dtype)):
            dtype = a
        elif isinstance(a, (str, Device)):
            device = a
    if device is not None:
        only_cpu(device)
    if dtype is None or dtypes.to_numpy(dtype) == self._data.dtype:
        return self.clone() if copy else self
    return elementwise.convert(self, dtype)


def not_a_place(value: Any) -> Exception:
    """PyTorch's error for ``x.to(3)`` (a GPU's number) and ``x.to((2, 3))``."""
    if not isinstance(value, int):
        return TypeError(
            "to() received an invalid combination of arguments - got "
            f"({type(value).__name__}), but expected a dtype, a device or a tensor"
        )
    if value < 0:
        return RuntimeError(f"Device index must not be negative: {value}")
    return RuntimeError(
        "Cannot access accelerator device when none is available: a number alone names a GPU; "
        "minigrad computes on the CPU only"
    )


Tensor.to = to
for _method, _dtype in {
    "float": dtypes.float32, "double": dtypes.float64, "half": dtypes.float16,
    "int": dtypes.int32, "long": dtypes.int64, "short": dtypes.int16, "char": dtypes.int8,
    "byte": dtypes.uint8, "bool": dtypes.bool_, "cfloat": dtypes.complex64,
    "cdouble": dtypes.complex128,
}.items():  # fmt: skip
    setattr(Tensor, _method, lambda self, _d=_dtype: to(self, _d))


def type_(self: Tensor, dtype: Any = None) -> Any:
    """The type's name, or with an argument the tensor in that dtype."""
    return f"torch.{self.type_name()}" if dtype is None else to(self, dtype)


Tensor.type = type_
Tensor.type_as = lambda self, other: to(self, other.dtype)
Tensor.cpu = lambda self: self


def new_maker(function: Any) -> Any:
    def method(self: Tensor, *size: Any, dtype: Any = None, **kwargs: Any) -> Tensor:
        return function(*size, dtype=self.dtype if dtype is None else dtype, **kwargs)

    method.__doc__ = f"``{function.__name__}`` in this tensor's dtype."
    return method


for _name in ("tensor", "ones", "empty", "full"):
    setattr(Tensor, "new_" + _name, new_maker(getattr(creation, _name)))
Tensor.new_zeros = new_maker(creation.empty)  # which is made of zeros here
