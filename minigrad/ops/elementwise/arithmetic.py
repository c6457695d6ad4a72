r"""Arithmetic, element by element: sums, products, powers, remainders; and copies.

Every operation on each element by itself follows one pattern: if $y_i = f(x_i)$, then
$\bar x_i = \bar y_i f'(x_i)$, where $\bar x$ is short for the gradient of the loss with respect to
$x$. Two-input operations broadcast as NumPy does; the backward pass sums the gradient back to each
input's shape. Functions of one number are in ``exponentials.py``, ``trigonometry.py``,
``signs.py``, ``limits.py`` and ``rounding.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise, Elementwise2, binary, plain_binary
from ...core.first_ops import Add, Div, Mul, Neg, PowScalar, Sub
from ...core.formula_ops import Conj, zeros
from ...core.formulas import register
from ...core.node import NO_PARAMS
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes, strides
from ...refusals.ended_history import without_gradient
from ...refusals.reasons import arithmetic as refuse
from ...refusals.words import not_a_tensor, only_real, understood
from ..missing import NOT_IMPLEMENTED, missing
from ..operands import broadcasting, overload

# --- the operations ----------------------------------------------------------------------------


class MulComplex(Elementwise2):
    formula = r"y = a \odot b"
    bilinear = True
    title = "MulBackward0"

    def forward(a, b):
        return np.multiply(a, b)

    def vjp_a(g, b, xp):
        r"\bar y \odot b^*"
        return g * xp.conj(b)

    def vjp_b(g, a, xp):
        r"\bar y \odot a^*"
        return g * xp.conj(a)


Sub.refuse = staticmethod(refuse.sub)
Mul.complex_twin = MulComplex  # complex numbers need the conjugate


def whole_powers(a: Any, b: Any) -> Any:
    """Integer powers, cut off to integers where the exponent is negative: 0 but for 1 and -1."""
    signs = np.where(b % 2 == 0, np.abs(a), a)  # of 1 and -1 that is the power
    return np.where(b >= 0, np.power(a, np.maximum(b, 0)), np.where(np.abs(a) == 1, signs, 0))


class Pow(Elementwise2):
    formula = r"y = a^b"
    torch_names = {"self": "a", "exponent": "b"}
    title = "PowBackward1"

    def forward(a, b):
        if a.dtype.kind in "iu" and b.dtype.kind == "i" and (b < 0).any():
            return whole_powers(a, b)
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


class SubFromNumber(Sub):
    """PyTorch gives ``1 - x`` a node of its own ("r": the operands are reversed)."""

    formula = r"y = a - b"
    title = "RsubBackward1"
    written = "sub"


class SubReversed(Sub):
    title = "RsubBackward0"
    written = "sub"


class DivOfNumber(Div):
    """PyTorch computes ``2 / x`` as ``x.reciprocal() * 2``, so its node is a product's."""

    title = "MulBackward0"
    written = "div"


class Remainder(Elementwise2):
    formula = r"y = a - b \lfloor a/b \rfloor"
    title = "RemainderBackward1"

    def forward(a, b):
        refuse.division_by_zero(a, b, "remainder of a division")
        with np.errstate(all="ignore"):
            return np.remainder(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot \lfloor a/b \rfloor"
        return -g * xp.floor(a / b)


class RemainderByNumber(Remainder):
    """PyTorch gives the remainder of a division by a number a node of its own."""

    vjp_b = missing("remainder")  # of a number divided by a tensor

    @classmethod
    def node_name(cls, node: Any) -> str:
        return "RemainderBackward0" if node.inputs[1] is None else NOT_IMPLEMENTED


class Fmod(Op):
    formula = r"y = a - b\, \mathrm{trunc}(a / b)"
    broadcasts = True
    layout = "elementwise"

    def forward(a, b, *, overload=1):
        refuse.division_by_zero(a, b, "remainder of a division")
        with np.errstate(all="ignore"):
            return np.fmod(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot \mathrm{trunc}(a / b)"
        return -g * xp.constant(np.trunc(xp.numpy(a) / xp.numpy(b)))

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"FmodBackward{node.params['overload']}"


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
    refuse.division_by_zero(a, b)
    with np.errstate(all="ignore"):
        if a.dtype.kind == "f":
            return np.where(b == 0, a / b, np.floor_divide(a, b)).astype(a.dtype)
        return np.floor_divide(a, b)


def truncated_quotient(a: Any, b: Any) -> Any:
    refuse.division_by_zero(a, b)
    with np.errstate(all="ignore"):
        return np.trunc(a / b).astype(a.dtype)


class FloorDivide(Elementwise2):
    formula = r"y = \lfloor a/b \rfloor"
    title, written = NOT_IMPLEMENTED, "floor_divide"
    vjp_a = vjp_b = missing(
        "floor_divide", 'use torch.div(a, b, rounding_mode="floor"), whose gradient is 0, or detach'
    )

    def forward(a, b):
        return floor_quotient(a, b)


class Convert(Elementwise):
    formula = r"y = x \text{ in another dtype}"
    linear = True
    title = "ToCopyBackward0"
    layout = "own"

    def forward(x, *, dtype, form=None):
        with np.errstate(all="ignore"):
            if form is None and x.flags.c_contiguous and 1 not in x.shape:
                return x.astype(dtype)
            return strides.copied(x, dtype, strides.like(x, form))

    def vjp_x(g):
        r"\bar y"
        return g  # the engine converts it back


class Clone(Elementwise):
    formula = r"y = x"
    linear = True
    layout = "own"

    def forward(x, *, form=None):
        if form is None and x.flags.c_contiguous and 1 not in x.shape:
            return x.copy()
        return strides.copied(x, x.dtype, strides.like(x, form))

    def vjp_x(g):
        r"\bar y"
        return g


# --- the functions ------------------------------------------------------------------------------

NUMBERS = (int, float, complex, np.number)  # as exponents


def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """``input + alpha * other``, element by element, with broadcasting.

    Args:
        input, other: two tensors of any dtype, or a tensor and a number; their shapes broadcast.
        alpha: a number that ``other`` is multiplied by first (default 1).

    Returns:
        A new tensor of the broadcast shape, in the dtype that the two promote to.

    Raises:
        RuntimeError: if the shapes do not broadcast, or if ``alpha`` is a float and both operands
            are whole numbers.
        TypeError: if an operand is neither a tensor nor a number.

    >>> import minigrad as mg
    >>> mg.add(mg.tensor([1, 2]), mg.tensor([0.5, 0.5]))
    tensor([1.5000, 2.5000])

    Source: PyTorch's documentation of ``torch.add``.
    """
    if alpha != 1 or alpha is True:
        other = times(input, other, alpha)
    y = binary(Add, input, other)
    return y if y is not NotImplemented else understood("add", y, input, other)


def times(input: Any, other: Any, alpha: Any) -> Any:
    """``alpha * other``, where PyTorch allows this alpha."""
    refuse.alpha(alpha, input, other)
    return other * alpha


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """``input - alpha * other``, element by element, with broadcasting.

    Args:
        input, other: two tensors of any dtype, or a tensor and a number; their shapes broadcast.
        alpha: a number that ``other`` is multiplied by first (default 1).

    Returns:
        A new tensor of the broadcast shape, in the dtype that the two promote to.

    Raises:
        RuntimeError: if the shapes do not broadcast, or if an operand is bool (use ``^``).
        TypeError: if an operand is neither a tensor nor a number.

    >>> import minigrad as mg
    >>> mg.sub(mg.tensor([3.0, 4.0]), 1, alpha=2)
    tensor([1., 2.])

    Source: PyTorch's documentation of ``torch.sub``.
    """
    if alpha != 1 or alpha is True:
        other = times(input, other, alpha)
    y = binary(Sub, input, other)
    return y if y is not NotImplemented else understood("sub", y, input, other)


def rsub(input: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
    """``other - alpha * input``.

    >>> import minigrad as mg
    >>> mg.rsub(mg.tensor([1.0]), 3)
    tensor([2.])
    """
    op = SubReversed if isinstance(other, Tensor) else SubFromNumber
    return plain_binary(op, other, input if alpha == 1 else input * alpha)


def mul(input: Any, other: Any) -> Tensor:
    """``input * other``, element by element, with broadcasting.

    Args:
        input, other: two tensors of any dtype, or a tensor and a number; their shapes broadcast.

    Returns:
        A new tensor of the broadcast shape, in the dtype that the two promote to.

    Raises:
        RuntimeError: if the shapes do not broadcast.
        TypeError: if an operand is neither a tensor nor a number.

    >>> import minigrad as mg
    >>> mg.mul(mg.ones(2, 1), mg.tensor([1.0, 2.0]))
    tensor([[1., 2.],
            [1., 2.]])

    Source: PyTorch's documentation of ``torch.mul``.
    """
    y = binary(Mul, input, other)
    return y if y is not NotImplemented else understood("mul", y, input, other)


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    """``input / other``, element by element; rounding_mode 'floor' or 'trunc' rounds the result.

    Args:
        input, other: two tensors of any dtype, or a tensor and a number; their shapes broadcast.
        rounding_mode: None (default: no rounding), 'floor' (down) or 'trunc' (towards 0).

    Returns:
        A new tensor of the broadcast shape, a float one if nothing is rounded, else in the
        promoted dtype. Division of floats by 0 gives inf or nan.

    Raises:
        RuntimeError: for another rounding_mode, shapes that do not broadcast, or whole numbers
            that are divided by 0 and rounded.
        NotImplementedError: if complex numbers or bools are to be rounded.

    >>> import minigrad as mg
    >>> mg.div(mg.tensor([7, -7]), 2)
    tensor([ 3.5000, -3.5000])
    >>> mg.div(mg.tensor([7, -7]), 2, rounding_mode="floor")
    tensor([ 3, -4])

    Source: PyTorch's documentation of ``torch.div``.
    """
    if rounding_mode is None:
        y = binary(Div, input, other)
        return y if y is not NotImplemented else understood("div", y, input, other)
    if rounding_mode not in ("floor", "trunc"):
        refuse.rounding_mode(rounding_mode)
    only_real(f"div_{rounding_mode}_cpu", input, other, bools=False)
    return broadcasting(DivRounded, (input, other), {"mode": rounding_mode})


def floor_divide(input: Any, other: Any) -> Tensor:
    """``input // other``: division rounded down. A backward pass through it refuses."""
    only_real("div_floor_cpu", input, other, bools=False)
    return understood("floor_divide", plain_binary(FloorDivide, input, other), input, other)


def remainder(input: Any, other: Any) -> Tensor:
    """``input % other`` with the sign of ``other``, as Python's ``%``."""
    only_real("remainder_cpu", input, other, bools=False)
    both = isinstance(input, Tensor) and isinstance(other, Tensor)
    op = Remainder if both else RemainderByNumber
    return understood("remainder", plain_binary(op, input, other), input, other)


def fmod(input: Any, other: Any) -> Tensor:
    """The remainder of a division rounded towards 0: it has the sign of ``input``, as in C.

    >>> import minigrad as mg
    >>> mg.fmod(mg.tensor([-3.0, 3.0]), 2)
    tensor([-1.,  1.])
    """
    only_real("fmod_cpu", input, other, bools=False)
    return broadcasting(Fmod, (input, other), overload(input, other, tensors=1, number_b=0))


def pow(input: Any, exponent: Any) -> Tensor:
    """``input ** exponent``, element by element.

    The gradient is ``exponent * input ** (exponent - 1)`` for the base and
    ``result * log(input)`` for an exponent that is a tensor.

    Args:
        input: a tensor of any dtype, or a number if ``exponent`` is a tensor.
        exponent: a number, or a tensor that broadcasts with ``input``.

    Returns:
        A new tensor of the broadcast shape, in the dtype that the two promote to.

    Raises:
        RuntimeError: for whole numbers to a negative whole power that is a number (a tensor of
            powers gives 0 for such fractions, as in PyTorch).
        TypeError: if an operand is neither a tensor nor a number.

    >>> import minigrad as mg
    >>> mg.pow(mg.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])

    Source: PyTorch's documentation of ``torch.pow``.
    """
    if isinstance(exponent, Tensor):
        both = isinstance(input, Tensor) and input._data.dtype.kind == "b"
        if both and exponent._data.dtype.kind == "b":
            only_real("pow", input, bools=False)
        op = Pow if isinstance(input, Tensor) else PowOfNumber
        return understood("pow", plain_binary(op, input, exponent), input, exponent)
    if not isinstance(input, Tensor) or not isinstance(exponent, NUMBERS):
        refuse.pow(input, exponent)
    x = input._data
    if x.dtype.kind == "f" and not isinstance(exponent, complex):
        return apply(PowScalar, (input,), {"exponent": exponent})
    if x.dtype.kind == "b" and type(exponent) is bool:
        return clone(input) if exponent else make(np.ones(x.shape, bool))
    d = dtypes.result_np((x, exponent))
    if d.kind in "iub" and exponent < 0:  # type: ignore[operator]
        refuse.negative_powers()
    if d.kind in "iu":
        dtypes.room(exponent, d)
    return apply(PowScalar, (input,), {"exponent": exponent}, [x.astype(d, copy=False)])


def square(input: Tensor) -> Tensor:
    """``input ** 2``.

    Args:
        input: a tensor of any dtype.

    Returns:
        A new tensor of the same shape and dtype (int64 for bools).

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.square(mg.tensor([-2.0, 3.0]))
    tensor([4., 9.])

    Source: PyTorch's documentation of ``torch.square``.
    """
    return pow(input, 2)


def neg(input: Tensor) -> Tensor:
    """``-input``."""
    if not isinstance(input, Tensor):
        raise not_a_tensor("neg", input)
    if input._data.dtype.kind == "b":
        refuse.neg()
    return apply(Neg, (input,))


def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor is returned as it is."""
    return apply(Conj, (input,)) if input._data.dtype.kind == "c" else input


def convert(input: Tensor, dtype: Any, form: Any = None) -> Tensor:
    """``input`` in another dtype (a copy), with a gradient between float dtypes."""
    params = {"dtype": dtypes.to_numpy(dtype)}
    out = apply(Convert, (input,), params if form is None else {**params, "form": form})
    if input._requires_grad and not out._requires_grad and out._ended is None:
        without_gradient(out, "whole numbers", input)
    return out


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy that is part of the graph: its gradient flows on to ``input``.

    Args:
        input: a tensor of any shape and dtype.
        memory_format: how the copy lies in memory (default: as ``input`` does).

    Returns:
        A new tensor of the same shape, dtype and numbers, in memory of its own. Use
        ``detach().clone()`` for a copy without history.

    Raises:
        TypeError: if ``input`` is no tensor.
        RuntimeError: if the memory format is for another number of dimensions.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0])
    >>> y = mg.clone(x)
    >>> y[0] = 5.0
    >>> x
    tensor([1., 2.])

    Source: PyTorch's documentation of ``torch.clone``.
    """
    return apply(Clone, (input,), NO_PARAMS if memory_format is None else {"form": memory_format})


register(
    add=(Add, add), sub=(Sub, sub), mul=(Mul, mul), div=(Div, div), pow=(PowScalar, pow),
    neg=(Neg, neg), conj=(Conj, conj), convert=(Convert, convert),
)  # fmt: skip
