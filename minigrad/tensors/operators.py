"""Python's operators: ``x + y`` is ``mg.add(x, y)``, ``x += y`` is ``x.add_(y)``.

What an operator has no meaning for (``x + "a"``) is NotImplemented, so that Python asks the other
operand; the functions refuse it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..ops.elementwise import arithmetic, comparisons, logic, signs
from ..ops.matrices.matmul import matmul
from ..ops.shaping import indexing, rearrange
from ..ops.writing import inplace


def operator(function: Any) -> Any:
    """``function`` of a tensor and another operand as an operator."""

    def method(self: Tensor, other: Any) -> Any:
        if isinstance(other, (Tensor, bool, int, float, complex, np.generic)):
            return function(self, other)
        return NotImplemented

    return method


def invert(self: Tensor) -> Tensor:
    """``~x`` of a bool or integer tensor."""
    if self.dtype.category > 1:
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors: this "
            f"one is {self.dtype}"
        )
    return make(np.invert(self._data))


Tensor.__add__ = arithmetic.Add.run_fast
Tensor.__radd__ = arithmetic.Add.run_fast
Tensor.__sub__ = arithmetic.Sub.run_fast
Tensor.__rsub__ = lambda self, other: arithmetic.SubFromNumber.run_fast(other, self)
Tensor.__mul__ = arithmetic.Mul.run_fast
Tensor.__rmul__ = arithmetic.Mul.run_fast
Tensor.__truediv__ = arithmetic.Div.run_fast
Tensor.__rtruediv__ = lambda self, other: arithmetic.DivOfNumber.run_fast(other, self)
Tensor.__floordiv__ = operator(arithmetic.floor_divide)
Tensor.__rfloordiv__ = operator(lambda self, other: arithmetic.floor_divide(other, self))
Tensor.__mod__ = operator(arithmetic.remainder)
Tensor.__rmod__ = operator(lambda self, other: arithmetic.remainder(other, self))
Tensor.__pow__ = operator(arithmetic.pow)
Tensor.__rpow__ = operator(lambda self, other: arithmetic.pow(other, self))
Tensor.__matmul__ = lambda self, other: (
    matmul(self, other)
    if isinstance(self, Tensor) and isinstance(other, Tensor)
    else NotImplemented
)
Tensor.__rmatmul__ = lambda self, other: Tensor.__matmul__(other, self)
Tensor.__rdiv__ = Tensor.__rtruediv__  # Python 2's name, which PyTorch still has
Tensor.__neg__ = arithmetic.neg
Tensor.__abs__ = signs.abs
Tensor.__eq__ = lambda self, other: comparisons.compare(np.equal, self, other)
Tensor.__ne__ = lambda self, other: comparisons.compare(np.not_equal, self, other)
Tensor.__lt__ = lambda self, other: comparisons.compare(np.less, self, other)
Tensor.__le__ = lambda self, other: comparisons.compare(np.less_equal, self, other)
Tensor.__gt__ = lambda self, other: comparisons.compare(np.greater, self, other)
Tensor.__ge__ = lambda self, other: comparisons.compare(np.greater_equal, self, other)
Tensor.__pos__ = signs.positive  # type: ignore[operator]
Tensor.__invert__ = invert
Tensor.__and__ = Tensor.__rand__ = logic.bitwise_and
Tensor.__or__ = Tensor.__ror__ = logic.bitwise_or
Tensor.__xor__ = Tensor.__rxor__ = logic.bitwise_xor
Tensor.__lshift__ = logic.bitwise_left_shift  # type: ignore[operator]
Tensor.__rshift__ = logic.bitwise_right_shift  # type: ignore[operator]
Tensor.__rlshift__ = lambda self, other: logic.bitwise_left_shift(other, self)
Tensor.__rrshift__ = lambda self, other: logic.bitwise_right_shift(other, self)
Tensor.__getitem__ = indexing.getitem
Tensor.__setitem__ = inplace.setitem
Tensor.__reversed__ = lambda self: rearrange.flip(self, (0,)) if self.ndim else self

# Those that write in place are methods of in_place.py, or have the operator's way of refusing.
for _symbol, _op, _name in (
    ("iadd", arithmetic.Add, "add"), ("isub", arithmetic.Sub, "sub"),
    ("imul", arithmetic.Mul, "mul"), ("itruediv", arithmetic.Div, "div"),
):  # fmt: skip
    _function = getattr(arithmetic, _name)
    setattr(Tensor, f"__{_symbol}__", inplace.fast_inplace(_op, _function, f"{_name}_", True))
Tensor.__ipow__ = Tensor.pow_
Tensor.__ifloordiv__ = Tensor.floor_divide_
Tensor.__imod__ = Tensor.remainder_
for _name, _method in {
    "__iand__": "bitwise_and_", "__ior__": "bitwise_or_", "__ixor__": "bitwise_xor_",
    "__ilshift__": "bitwise_left_shift_", "__irshift__": "bitwise_right_shift_",
}.items():  # fmt: skip
    setattr(Tensor, _name, getattr(Tensor, _method))
