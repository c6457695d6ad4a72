r"""Functions of one number, element by element: abs, exp, log, sqrt, tanh, sin, relu, clamp.

As in ``elementwise.py``, $\bar x_i = \bar y_i f'(x_i)$: each vjp is a derivative from the
table in a calculus book.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.first_ops import Exp, Log, Relu, Tanh
from ...core.formula_ops import zeros
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful import dtypes
from ..operands import need_tensor, not_a_tensor, only_real

# --- the operations ----------------------------------------------------------------------------


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


class Sqrt(Op):
    formula = r"y = \sqrt x"

    def forward(x):
        with np.errstate(all="ignore"):
            return np.sqrt(x)

    def vjp_x(g, y, xp):
        r"\bar y / (2 y)"
        return xp.div(g, 2 * xp.conj(y))


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


# --- the functions ------------------------------------------------------------------------------


def unary(op: type[Op], x: Any, needs_float: bool = True) -> Tensor:
    """Run a one-input operation; integers become the default float dtype where that is needed."""
    if not isinstance(x, Tensor):
        raise not_a_tensor(op.__name__.lower(), x)
    if needs_float and x._data.dtype.kind in "iub":
        return apply(op, (x,), arrays=[x._data.astype(dtypes.default_np())])
    return apply(op, (x,))


def abs(input: Tensor) -> Tensor:
    """``|input|``; its gradient at 0 is 0."""
    if isinstance(input, Tensor) and input._data.dtype.kind == "b":
        only_real("abs_cpu", input, bools=False)
    return unary(Abs, input, needs_float=False)


def abs_(input: Tensor) -> Tensor:
    """``abs`` of what may be overwritten: not complex numbers, whose size is another dtype."""
    if input._data.dtype.kind == "c":
        raise RuntimeError("In-place abs is not supported for complex tensors.")
    return abs(input)


def sgn(input: Tensor) -> Tensor:
    """-1, 0 or 1; for complex numbers the direction ``x / |x|``."""
    need_tensor("sgn", input)
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


LIMITS = (float, int, type(None))  # of clamp, that change no float tensor's dtype


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Limit each element to ``[min, max]``; numbers or tensors, at least one of them.

    >>> import minigrad as mg
    >>> mg.tensor([-1.0, 0.5, 3.0]).clamp(min=0, max=1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    x = need_tensor("clamp", input)._data
    if x.dtype.kind == "f" and min is not max and type(min) in LIMITS and type(max) in LIMITS:
        return apply(Clamp, (input,), {"min": min, "max": max})
    if min is None and max is None:
        raise RuntimeError(
            "torch.clamp: At least one of 'min' or 'max' must not be None: clamp needs a limit"
        )
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        step = "clamp" if min is not None and max is not None else "minimum"
        only_real(f"{step if min is None or max is not None else 'maximum'}_cpu", min, max)
    only_real("clamp", input, min, max, words="clamp is not supported for complex types")
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        from .rounding import clamp_tensors

        if not all(v is None or isinstance(v, Tensor) for v in (min, max)):
            raise TypeError("clamp() takes two numbers or two tensors as limits, not one of each")
        return clamp_tensors(input, min, max)
    d = dtypes.result_np([v for v in (x, min, max) if v is not None])
    if d.kind == "b":
        only_real("clamp_scalar_cpu", input, bools=False)
    if d.kind in "iu":
        min, max = (None if v is None else dtypes.room(v, d) for v in (min, max))
    params = {"min": min, "max": max}
    return apply(Clamp, (input,), params, None if d == x.dtype else [x.astype(d)])


def floor(input: Tensor) -> Tensor:
    """Round down to a whole number; the gradient is 0."""
    need_tensor("floor", input)
    if isinstance(input, Tensor) and input._data.dtype.kind in "bc":
        only_real("floor_vml_cpu", input, bools=False, words="floor is not supported for complex "
                  "inputs" if input._data.dtype.kind == "c" else "")  # fmt: skip
    return apply(Floor, (input,))


for _name, _op, _function in [
    ("abs", Abs, abs), ("sgn", Sgn, sgn), ("exp", Exp, exp), ("log", Log, log),
    ("sqrt", Sqrt, sqrt), ("tanh", Tanh, tanh), ("sigmoid", Sigmoid, sigmoid), ("sin", Sin, sin),
    ("cos", Cos, cos), ("relu", Relu, relu), ("floor", Floor, floor),
]:  # fmt: skip
    register(_name, _op, _function)
