r"""Operations that work on each element by itself: arithmetic, powers, exponentials, limits.

Every operation here follows one pattern: if $y_i = f(x_i)$, then $\bar x_i = \bar y_i f'(x_i)$,
where $\bar x$ is short for the gradient of the loss with respect to $x$. Two-input operations
broadcast as NumPy does; the engine sums the gradient back to each input's shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..tensor import Tensor, make
from .base import Elementwise2, Op, apply, as_array, binary, mixed, register
from .operands import broadcasting, need_tensor, only_real

# --- arithmetic ------------------------------------------------------------------------------


class Add(Elementwise2):
    formula = r"y = a + b"
    ufunc = np.add
    kinds = "iufcb"

    def forward(a, b):
        return np.add(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g):
        r"\bar y"
        return g


class Sub(Elementwise2):
    formula = r"y = a - b"
    ufunc = np.subtract

    def forward(a, b):
        if a.dtype.kind == b.dtype.kind == "b":
            raise RuntimeError(
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
                "`^` or `logical_xor()` operator instead: True - True has no bool answer."
            )
        return np.subtract(a, b)

    @staticmethod
    def refuse(a, b):
        bools = sum(isinstance(v, bool) or getattr(v, "dtype", None) == np.bool_ for v in (a, b))
        if bools == 2:
            raise RuntimeError(
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
                "`^` or `logical_xor()` operator instead."
            )
        if bools:
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
                "trying to invert a mask, use the `~` or `logical_not()` operator instead."
            )

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g):
        r"-\bar y"
        return -g


class Mul(Elementwise2):
    formula = r"y = a \odot b"
    ufunc = np.multiply
    kinds = "iufb"

    def forward(a, b):
        return np.multiply(a, b)

    def vjp_a(g, b):
        r"\bar y \odot b"
        return g * b

    def vjp_b(g, a):
        r"\bar y \odot a"
        return g * a


class MulComplex(Elementwise2):
    formula = r"y = a \odot b"
    title = "MulBackward0"

    def forward(a, b):
        return np.multiply(a, b)

    def vjp_a(g, b, xp):
        r"\bar y \odot b^*"
        return g * xp.conj(b)

    def vjp_b(g, a, xp):
        r"\bar y \odot a^*"
        return g * xp.conj(a)


Mul.complex_twin = MulComplex  # complex numbers need the conjugate


class Div(Elementwise2):
    formula = r"y = a / b"
    ufunc = np.true_divide
    kinds = "f"

    def forward(a, b):
        with np.errstate(all="ignore"):
            return np.true_divide(a, b)

    def vjp_a(g, b, xp):
        r"\bar y / b"
        return g / xp.conj(b)

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot a / b^2"
        return -g * xp.conj((a / b) / b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return d if d.kind in "fc" else dtypes.default_np()


class Pow(Elementwise2):
    formula = r"y = a^b"
    title = "PowBackward1"

    def forward(a, b):
        if a.dtype.kind in "iu" and b.dtype.kind == "i" and (b < 0).any():
            raise RuntimeError(
                "Integers to negative integer powers are not allowed: the result would not be an "
                "integer; make the base a float tensor first, for example with .float()"
            )
        with np.errstate(all="ignore"):
            return np.power(a, b)

    def vjp_a(g, a, b, xp):
        r"\bar y \odot b\,a^{b-1}"
        return g * xp.conj(xp.where(b == 0, b * 0, b * a ** (b - 1)))

    def vjp_b(g, a, b, y, xp):
        r"\bar y \odot y \ln a"
        zero = (a == 0) & (xp.real(b) >= 0)
        return g * xp.conj(xp.where(zero, y * 0, y * xp.log(xp.where(zero, a * 0 + 1, a))))

class PowOfNumber(Pow):
    title = "PowBackward2"


class PowScalar(Op):
    formula = r"y = x^n"
    title = "PowBackward0"

    def forward(x, *, exponent):
        with np.errstate(all="ignore"):
            if exponent == 2:
                return np.multiply(x, x)
            return np.power(x, np.asarray(exponent, x.dtype) if x.dtype.kind == "f" else exponent)

    def vjp_x(g, x, exponent, xp):
        r"n\,x^{n-1} \odot \bar y"
        if exponent == 0:
            return zeros(g, xp)
        if exponent == 2:
            return g * xp.conj(2 * x)
        return g * xp.conj(exponent * xp.pow(x, exponent=exponent - 1))


class Neg(Op):
    formula = r"y = -x"

    def forward(x):
        return np.negative(x)

    def vjp_x(g):
        r"-\bar y"
        return -g


class Conj(Op):
    formula = r"y = x^*"
    title = "ConjBackward0"

    def forward(x):
        return np.conjugate(x) if x.dtype.kind == "c" else x

    def vjp_x(g, xp):
        r"\bar y^*"
        return xp.conj(g)


class Remainder(Elementwise2):
    formula = r"y = a - b \lfloor a/b \rfloor"
    title = "RemainderBackward1"

    def forward(a, b):
        with np.errstate(all="ignore"):
            if a.dtype.kind in "iu" and (b == 0).any():
                raise RuntimeError("ZeroDivisionError: integer remainder of a division by zero")
            return np.remainder(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot \lfloor a/b \rfloor"
        return -g * xp.floor(a / b)


class RemainderByNumber(Remainder):
    """PyTorch gives the remainder of a division by a number a node of its own."""

    title = "RemainderBackward0"


class DivRounded(Elementwise2):
    formula = r"y = a/b \text{ rounded down (or towards 0)}"
    title = "DivBackward2"

    def forward(a, b, *, mode):
        return floor_quotient(a, b) if mode == "floor" else truncated_quotient(a, b)

    def vjp_a(g, xp):
        r"0"
        return zeros(g, xp)

    def vjp_b(g, xp):
        r"0"
        return zeros(g, xp)


def floor_quotient(a: Any, b: Any) -> Any:
    if a.dtype.kind in "iu" and (b == 0).any():
        raise RuntimeError("ZeroDivisionError: integer division by zero")
    with np.errstate(all="ignore"):
        if a.dtype.kind == "f":
            return np.where(b == 0, a / b, np.floor_divide(a, b)).astype(a.dtype)
        return np.floor_divide(a, b)


def truncated_quotient(a: Any, b: Any) -> Any:
    if a.dtype.kind in "iu" and (b == 0).any():
        raise RuntimeError("ZeroDivisionError: integer division by zero")
    with np.errstate(all="ignore"):
        return np.trunc(a / b).astype(a.dtype)


class FloorDivide(Elementwise2):
    formula = r"y = \lfloor a/b \rfloor"
    title = "FloorDivideBackward0"
    differentiable = False

    def forward(a, b):
        return floor_quotient(a, b)


def ordered(name: str, d: Any) -> Any:
    """The dtype of a result that is one of two numbers: not complex."""
    if d.kind == "c":
        raise RuntimeError(
            f"{name} not implemented for complex tensors.: they have no order; compare .abs()"
        )
    return d


def zeros(g: Any, xp: Any) -> Any:
    """The gradient of what does not depend on its input (``g * 0`` is nan where g is infinite)."""
    return xp.where(xp.constant(np.zeros((), bool)), g, 0.0)


# --- functions of one input --------------------------------------------------------------------


class Abs(Op):
    formula = r"y = |x|"

    def forward(x):
        return np.abs(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \mathrm{sgn}(x)"
        return g * xp.sgn(x)


class Sgn(Op):
    formula = r"y = x / |x|,\ 0 \text{ at } 0"

    def forward(x):
        if x.dtype.kind != "c":
            return x.copy() if x.dtype.kind == "b" else np.sign(x)
        size = np.abs(x)
        return np.where(size == 0, 0, x / np.where(size == 0, 1, size)).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"(\bar y - \mathrm{Re}(\bar y^* y)\, y) / |x|,\ 0 \text{ for real numbers}"
        if xp.np_dtype(x).kind != "c":
            return zeros(g, xp)
        size = xp.abs(x)
        turn = g - xp.real(g * xp.conj(y)) * y
        return xp.where(size == 0, 0.0, turn / xp.where(size == 0, size + 1, size))


class Exp(Op):
    formula = r"y = e^x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.exp(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot y"
        return g * xp.conj(y)


class Log(Op):
    formula = r"y = \ln x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.log(x)

    def vjp_x(g, x, xp):
        r"\bar y / x"
        return xp.div(g, xp.conj(x))


class Sqrt(Op):
    formula = r"y = \sqrt x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.sqrt(x)

    def vjp_x(g, y, xp):
        r"\bar y / (2 y)"
        return xp.div(g, 2 * xp.conj(y))


class Tanh(Op):
    formula = r"y = \tanh x"

    def forward(x):
        return np.tanh(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot (1 - y^2)"
        return g * xp.conj(1 - y * y)


class Sigmoid(Op):
    formula = r"y = \frac{1}{1 + e^{-x}}"

    def forward(x):
        with np.errstate(over="ignore"):
            return np.reciprocal(1 + np.exp(-x))

    def vjp_x(g, y, xp):
        r"\bar y \odot y (1 - y)"
        return g * xp.conj((1 - y) * y)


class Sin(Op):
    formula = r"y = \sin x"

    def forward(x):
        with np.errstate(invalid="ignore"):
            return np.sin(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \cos x"
        return g * xp.conj(xp.cos(x))


class Cos(Op):
    formula = r"y = \cos x"

    def forward(x):
        with np.errstate(invalid="ignore"):
            return np.cos(x)

    def vjp_x(g, x, xp):
        r"-\bar y \odot \sin x"
        return g * -xp.conj(xp.sin(x))


class Relu(Op):
    formula = r"y = \max(x, 0)"

    def forward(x):
        return np.maximum(x, 0)

    def vjp_x(g, y, xp):
        r"\bar y \text{ where } y > 0,\ 0 \text{ elsewhere}"
        return xp.where(y > 0, g, 0.0)


class Clamp(Op):
    formula = r"y = \min(\max(x, \mathit{min}), \mathit{max})"
    title = "ClampBackward1"

    def forward(x, *, min=None, max=None):
        if min is not None:
            x = np.maximum(x, min)
        return x if max is None else np.minimum(x, max)

    def vjp_x(g, x, min, max, xp):
        r"\bar y \text{ where } \mathit{min} \le x \le \mathit{max},\ 0 \text{ elsewhere}"
        if max is None:
            return xp.where(x >= min, g, 0.0)
        inside = x <= max if min is None else (x >= min) & (x <= max)
        return xp.where(inside, g, 0.0)


class Floor(Op):
    formula = r"y = \lfloor x \rfloor"

    def forward(x):
        return x.copy() if x.dtype.kind in "iu" else np.floor(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


# --- choosing between two inputs ---------------------------------------------------------------


class Maximum(Elementwise2):
    formula = r"y = \max(a, b)"
    kinds = "iufb"

    def forward(a, b):
        return np.maximum(a, b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return ordered("maximum", d)

    def vjp_a(g, a, b, xp):
        r"\bar y \text{ where } a > b,\ \bar y / 2 \text{ where } a = b"
        return xp.where(a >= b, xp.where(a == b, g / 2, g), 0.0)

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b > a,\ \bar y / 2 \text{ where } a = b"
        return xp.where(b >= a, xp.where(a == b, g / 2, g), 0.0)


class Minimum(Elementwise2):
    formula = r"y = \min(a, b)"
    kinds = "iufb"

    def forward(a, b):
        return np.minimum(a, b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return ordered("minimum", d)

    def vjp_a(g, a, b, xp):
        r"\bar y \text{ where } a < b,\ \bar y / 2 \text{ where } a = b"
        return xp.where(a <= b, xp.where(a == b, g / 2, g), 0.0)

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b < a,\ \bar y / 2 \text{ where } a = b"
        return xp.where(b <= a, xp.where(a == b, g / 2, g), 0.0)


class Where(Op):
    formula = r"y_i = a_i \text{ if } c_i \text{ else } b_i"

    def forward(condition, a, b):
        if type(b) is float and b == 0 and condition.shape == a.shape:
            return or_zero(condition, a)
        return np.where(condition, a, b)

    def vjp_a(g, condition, xp):
        r"\bar y \text{ where } c"
        return xp.where(condition, g, 0.0)

    def vjp_b(g, condition, xp):
        r"\bar y \text{ where not } c"
        return xp.where(condition, 0.0, g)


BITS = {np.dtype(np.float32): np.dtype(np.int32), np.dtype(np.float64): np.dtype(np.int64)}


def or_zero(condition: Any, a: Any) -> Any:
    """``np.where(condition, a, 0.0)`` in a third of the time, with the same bits.

    The bits of each number, read as an integer, times 1 or 0. (A product of the numbers would make
    nan of inf * 0.)
    """
    bits = BITS.get(a.dtype)
    if bits is None or condition.dtype.kind != "b":
        return np.where(condition, a, 0.0)
    return np.multiply(a.view(bits), condition).view(a.dtype)


class Convert(Op):
    formula = r"y = x \text{ in another dtype}"
    title = "ToCopyBackward0"

    def forward(x, *, dtype):
        with np.errstate(all="ignore"):
            return x.astype(dtype)

    def vjp_x(g):
        r"\bar y"
        return g  # the engine converts it back


class Clone(Op):
    formula = r"y = x"

    def forward(x):
        return x.copy()

    def vjp_x(g):
        r"\bar y"
        return g


NUMBERS = (float, int, type(None))

# --- the functions ------------------------------------------------------------------------------


def unary(op: type[Op], x: Any, needs_float: bool = True) -> Tensor:
    """Run a one-input operation; integers become the default float dtype where that is needed."""
    if not isinstance(x, Tensor):
        name = op.__name__.lower()
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {type(x).__name__}: "
            f"wrap it first, mg.{name}(mg.tensor(...))"
        )
    if needs_float and x._data.dtype.kind in "iub":
        return apply(op, (x,), arrays=[x._data.astype(dtypes.default_np())])
    return apply(op, (x,))


def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """``input + alpha * other``, element by element, with broadcasting.

    >>> import minigrad as mg
    >>> mg.add(mg.tensor([1, 2]), mg.tensor([0.5, 0.5]))
    tensor([1.5000, 2.5000])
    """
    return binary(Add, input, other if alpha == 1 else other * alpha)


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """``input - alpha * other``, element by element, with broadcasting."""
    return binary(Sub, input, other if alpha == 1 else other * alpha)


def mul(input: Any, other: Any) -> Tensor:
    """``input * other``, element by element, with broadcasting.

    >>> import minigrad as mg
    >>> mg.mul(mg.ones(2, 1), mg.tensor([1.0, 2.0]))
    tensor([[1., 2.],
            [1., 2.]])
    """
    return binary(Mul, input, other)


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    """``input / other``, element by element; rounding_mode 'floor' or 'trunc' rounds the result.

    >>> import minigrad as mg
    >>> mg.div(mg.tensor([7, -7]), 2)
    tensor([ 3.5000, -3.5000])
    """
    if rounding_mode is None:
        return binary(Div, input, other)
    if rounding_mode in ("floor", "trunc"):
        only_real(f"div_{rounding_mode}_cpu", input, other, bools=False)
        return broadcasting(DivRounded, (input, other), {"mode": rounding_mode})
    raise RuntimeError(
        "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
        f"'{rounding_mode}'"
    )


def floor_divide(input: Any, other: Any) -> Tensor:
    """``input // other``: division rounded down. Has no gradient (it is flat)."""
    only_real("div_floor_cpu", input, other, bools=False)
    return mixed(FloorDivide, input, other)


def remainder(input: Any, other: Any) -> Tensor:
    """``input % other`` with the sign of ``other``, as Python's ``%``."""
    only_real("remainder_cpu", input, other, bools=False)
    both = isinstance(input, Tensor) and isinstance(other, Tensor)
    return mixed(Remainder if both else RemainderByNumber, input, other)


def pow(input: Any, exponent: Any) -> Tensor:
    """``input ** exponent``, element by element.

    >>> import minigrad as mg
    >>> mg.pow(mg.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    if isinstance(input, Tensor) and input._data.dtype.kind == "b":
        if type(exponent) is bool:
            return clone(input) if exponent else make(np.ones(input._data.shape, bool))
        if isinstance(exponent, Tensor) and exponent._data.dtype.kind == "b":
            only_real("pow", input, bools=False)
    if isinstance(exponent, Tensor) or not isinstance(input, Tensor):
        return mixed(Pow if isinstance(input, Tensor) else PowOfNumber, input, exponent)
    if not isinstance(exponent, (int, float, complex, np.number)):
        return NotImplemented
    x = input._data
    if x.dtype.kind != "f" or isinstance(exponent, complex):
        d = dtypes.result_np((x, exponent))
        if d.kind in "iub" and exponent < 0:  # type: ignore[operator]
            raise RuntimeError(
                "Integers to negative integer powers are not allowed: the result would not be an "
                "integer; make the base a float tensor first, for example with .float()"
            )
        return apply(PowScalar, (input,), {"exponent": exponent}, [x.astype(d, copy=False)])
    return apply(PowScalar, (input,), {"exponent": exponent})


def square(input: Tensor) -> Tensor:
    """``input ** 2``."""
    return pow(input, 2)


def neg(input: Tensor) -> Tensor:
    """``-input``."""
    if input._data.dtype.kind == "b":
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return apply(Neg, (input,))


def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor is returned as it is."""
    return apply(Conj, (input,)) if input._data.dtype.kind == "c" else input


def abs(input: Tensor) -> Tensor:
    """``|input|``; its gradient at 0 is 0."""
    if isinstance(input, Tensor) and input._data.dtype.kind == "b":
        only_real("abs_cpu", input, bools=False)
    return unary(Abs, input, needs_float=False)


def sgn(input: Tensor) -> Tensor:
    """-1, 0 or 1; for complex numbers the direction ``x / |x|``."""
    return apply(Sgn, (input,))


def exp(input: Tensor) -> Tensor:
    """``e ** input``.

    >>> import minigrad as mg
    >>> mg.exp(mg.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """
    return unary(Exp, input)


def log(input: Tensor) -> Tensor:
    """The natural logarithm; -inf at 0 and nan below."""
    return unary(Log, input)


def sqrt(input: Tensor) -> Tensor:
    """The square root; nan below 0, and an infinite gradient at 0."""
    return unary(Sqrt, input)


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, between -1 and 1."""
    return unary(Tanh, input)


def sigmoid(input: Tensor) -> Tensor:
    """The logistic function ``1 / (1 + exp(-input))``, between 0 and 1."""
    return unary(Sigmoid, input)


def sin(input: Tensor) -> Tensor:
    """The sine of angles in radians."""
    return unary(Sin, input)


def cos(input: Tensor) -> Tensor:
    """The cosine of angles in radians."""
    return unary(Cos, input)


def relu(input: Tensor) -> Tensor:
    """The rectifier: negative elements become 0, and pass no gradient.

    >>> import minigrad as mg
    >>> mg.relu(mg.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    if isinstance(input, Tensor) and input._data.dtype.kind in "bc":
        if input._data.dtype.kind == "b":
            raise RuntimeError("Boolean inputs not supported for relu: convert with .float()")
        only_real("relu", input, words="clamp is not supported for complex types")
    return unary(Relu, input, needs_float=False)


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Limit each element to ``[min, max]``; numbers or tensors, at least one of them.

    >>> import minigrad as mg
    >>> mg.tensor([-1.0, 0.5, 3.0]).clamp(min=0, max=1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if min is None and max is None:
        raise RuntimeError(
            "torch.clamp: At least one of 'min' or 'max' must not be None: clamp needs a limit"
        )
    only_real("clamp", input, min, max, words="clamp is not supported for complex types")
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        from .rounding import clamp_tensors

        return clamp_tensors(input, min, max)
    x = input._data
    d = dtypes.result_np([v for v in (x, min, max) if v is not None])
    if d.kind == "b":
        only_real("clamp_scalar_cpu", input, bools=False)
    params = {"min": min, "max": max}
    return apply(Clamp, (input,), params, None if d == x.dtype else [x.astype(d)])


def floor(input: Tensor) -> Tensor:
    """Round down to a whole number; the gradient is 0."""
    if isinstance(input, Tensor) and input._data.dtype.kind in "bc":
        only_real("floor_vml_cpu", input, bools=False)
    return apply(Floor, (input,))


def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two tensors, element by element; equal elements share the gradient."""
    need_tensor("maximum", other, "other", 2)
    return binary(Maximum, input, other)


def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two tensors, element by element; equal elements share the gradient."""
    need_tensor("minimum", other, "other", 2)
    return binary(Minimum, input, other)


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """``input`` where the bool ``condition`` holds, ``other`` elsewhere; all three broadcast.

    With the condition alone: the indices where it is true, one tensor a dimension.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, -2.0])
    >>> mg.where(x > 0, x, 0.0)
    tensor([1., 0.])
    """
    if input is None and other is None:
        return tuple(make(i) for i in np.nonzero(np.atleast_1d(condition._data)))
    if condition._data.dtype.kind != "b":
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{condition.dtype}: write a comparison such as x > 0"
        )
    values = [v._data if isinstance(v, Tensor) else v for v in (input, other)]
    d = dtypes.result_np(values)
    x, y = (as_array(v).astype(d, copy=False) for v in values)
    inputs = [v if isinstance(v, Tensor) else make(a)
              for v, a in ((input, x), (other, y))]  # fmt: skip
    return apply(Where, (condition, *inputs), arrays=[condition._data, x, y])


def convert(input: Tensor, dtype: Any) -> Tensor:
    """``input`` in another dtype (a copy), with a gradient between float dtypes."""
    return apply(Convert, (input,), {"dtype": dtypes.to_numpy(dtype)})


def clone(input: Tensor) -> Tensor:
    """A copy that is part of the graph: its gradient flows on to ``input``."""
    return apply(Clone, (input,))


# --- comparisons: True or False, without gradient ------------------------------------------------


ORDERS = {np.less: "lt", np.less_equal: "le", np.greater: "gt", np.greater_equal: "ge"}


ORDERS = {np.less: "lt", np.less_equal: "le", np.greater: "gt", np.greater_equal: "ge"}


def compare(ufunc: Any, a: Any, b: Any) -> Any:
    """A comparison or logical operation on tensors and numbers; the result has no gradient."""
    for v in (a, b):
        if not isinstance(v, (Tensor, bool, int, float, complex, np.generic)):
            return NotImplemented
    x, y = (v._data if isinstance(v, Tensor) else v for v in (a, b))
    d = dtypes.result_np((x, y))
    if d.kind == "c" and ufunc in ORDERS:
        only_real(f"{ORDERS[ufunc]}_cpu", a, b)
    return make(as_array(ufunc(as_array(x, d), as_array(y, d))))


def eq(input: Any, other: Any) -> Tensor:
    """``input == other``, element by element."""
    return compare(np.equal, input, other)


def ne(input: Any, other: Any) -> Tensor:
    """``input != other``, element by element."""
    return compare(np.not_equal, input, other)


def lt(input: Any, other: Any) -> Tensor:
    """``input < other``, element by element."""
    return compare(np.less, input, other)


def le(input: Any, other: Any) -> Tensor:
    """``input <= other``, element by element."""
    return compare(np.less_equal, input, other)


def gt(input: Any, other: Any) -> Tensor:
    """``input > other``, element by element."""
    return compare(np.greater, input, other)


def ge(input: Any, other: Any) -> Tensor:
    """``input >= other``, element by element."""
    return compare(np.greater_equal, input, other)


for _name, _op, _function in [
    ("add", Add, add), ("sub", Sub, sub), ("mul", Mul, mul), ("div", Div, div),
    ("pow", PowScalar, pow), ("neg", Neg, neg), ("abs", Abs, abs), ("sgn", Sgn, sgn),
    ("conj", Conj, conj), ("exp", Exp, exp), ("log", Log, log), ("sqrt", Sqrt, sqrt),
    ("tanh", Tanh, tanh), ("sigmoid", Sigmoid, sigmoid), ("sin", Sin, sin), ("cos", Cos, cos),
    ("floor", Floor, floor), ("where", Where, where), ("relu", Relu, relu),
    ("convert", Convert, convert), ("maximum", Maximum, maximum), ("minimum", Minimum, minimum),
]:  # fmt: skip
    register(_name, _op, _function)
