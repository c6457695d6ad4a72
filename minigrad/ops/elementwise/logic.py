"""Questions about elements, answered with True or False, and operations on bits.

Nothing here has a gradient: an answer does not change by a little.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise2, binary
from ...core.formula_ops import zeros
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.ended_history import without_gradient
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import logic as refuse
from ...refusals.words import not_implemented, only_real
from ..missing import NOT_IMPLEMENTED, missing
from ..operands import as_array, as_inputs, promoted
from .comparisons import compare


class Heaviside(Elementwise2):
    formula = r"y = 0 \text{ below } 0,\ 1 \text{ above},\ v \text{ at } 0"
    title, written = NOT_IMPLEMENTED, "heaviside"
    vjp_a = vjp_b = missing("heaviside")

    def forward(a, b):
        return np.where(a == 0, b, a > 0).astype(a.dtype)  # NaN is not above 0


class NextAfter(Elementwise2):
    formula = r"y = \text{the number next to } a \text{, towards } b"
    title = "NextafterBackward0"

    def forward(a, b):
        return np.nextafter(a, b)

    def vjp_a(g, a, b, xp):
        r"\bar y,\ 0 \text{ where } a = b"
        return xp.where(a == b, 0.0, g)

    def vjp_b(g, xp):
        r"0"
        return zeros(g, xp)


def answer(array: Any, *inputs: Any) -> Tensor:
    return without_gradient(make(as_array(array)), "a question", *inputs)


def isnan(input: Tensor) -> Tensor:
    """Which elements are nan (not a number, such as 0 / 0).

    Args:
        input: a tensor of any shape and dtype; whole numbers are never nan.

    Returns:
        A new bool tensor of the same shape, without a gradient.

    Raises:
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.isnan(mg.tensor([1.0, mg.nan]))
    tensor([False,  True])

    Source: PyTorch's documentation of ``torch.isnan``.
    """
    return answer(np.isnan(input._data), input)


def isinf(input: Tensor) -> Tensor:
    """Which elements are infinite.

    >>> import minigrad as mg
    >>> mg.isinf(mg.tensor([1.0, -mg.inf]))
    tensor([False,  True])
    """
    return answer(np.isinf(input._data), input)


def isfinite(input: Tensor) -> Tensor:
    """Which elements are ordinary numbers: neither nan nor infinite.

    >>> import minigrad as mg
    >>> mg.isfinite(mg.tensor([1.0, mg.inf, mg.nan]))
    tensor([ True, False, False])
    """
    return answer(np.isfinite(input._data), input)


def isposinf(input: Tensor) -> Tensor:
    """Which elements are plus infinity."""
    only_real("", input, error=RuntimeError, words="isposinf does not support complex inputs.")
    return answer(input._data == np.inf, input)


def isneginf(input: Tensor) -> Tensor:
    """Which elements are minus infinity."""
    only_real("", input, error=RuntimeError, words="isneginf does not support complex inputs.")
    return answer(input._data == -np.inf, input)


def isreal(input: Tensor) -> Tensor:
    """Which elements have no imaginary part.

    >>> import minigrad as mg
    >>> mg.isreal(mg.tensor([1 + 0j, 1j]))
    tensor([ True, False])
    """
    return answer(np.isreal(input._data), input)


def signbit(input: Tensor) -> Tensor:
    """Which elements have a minus sign (-0.0 has one).

    >>> import minigrad as mg
    >>> mg.signbit(mg.tensor([-1.0, 0.0, -0.0]))
    tensor([ True, False,  True])
    """
    only_real("", input, words="signbit is not implemented for complex tensors.")
    x = input._data
    return answer(np.signbit(x) if x.dtype.kind == "f" else x < 0, input)


def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Tensor:
    """Where ``abs(input - other) <= atol + rtol * abs(other)``.

    >>> import minigrad as mg
    >>> mg.isclose(mg.tensor([1.0, 2.0]), mg.tensor([1.0 + 1e-7, 2.1]))
    tensor([ True, False])
    """
    refuse.isclose(input, other, rtol, atol)
    a, b = input._data, other._data
    try:
        with np.errstate(all="ignore"):
            close = np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)
    except ValueError:
        raise broadcast_error(a, b) from None
    return answer(close, input, other)


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Whether all elements are close (see ``isclose``); a Python bool.

    Close means ``abs(input - other) <= atol + rtol * abs(other)``.

    Args:
        input, other: two tensors of one dtype; their shapes broadcast.
        rtol, atol: how far apart relative to ``other``, and at least (floats from 0 on).
        equal_nan: whether a nan is close to a nan (default False).

    Returns:
        True or False, a Python bool.

    Raises:
        RuntimeError: for two dtypes, a negative tolerance, or shapes that do not broadcast.

    >>> import minigrad as mg
    >>> mg.allclose(mg.tensor([1.0]), mg.tensor([1.0 + 1e-7]))
    True

    Source: PyTorch's documentation of ``torch.allclose``.
    """
    return bool(isclose(input, other, rtol, atol, equal_nan)._data.all())


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have one shape and the same elements; a Python bool.

    Args:
        input, other: two tensors. Numbers are compared, whatever their dtypes; nan equals
            nothing.

    Returns:
        True or False, a Python bool (``eq`` answers for each element).

    Raises:
        TypeError: if an operand is no tensor.

    >>> import minigrad as mg
    >>> mg.equal(mg.tensor([1, 2]), mg.tensor([1, 2]))
    True

    Source: PyTorch's documentation of ``torch.equal``.
    """
    return bool(np.array_equal(input._data, other._data))


def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    """Which ``elements`` occur in ``test_elements``.

    >>> import minigrad as mg
    >>> mg.isin(mg.tensor([1, 2, 3]), mg.tensor([2, 3]))
    tensor([False,  True,  True])
    """
    refuse.isin(elements, test_elements)
    a, b = (v._data if isinstance(v, Tensor) else np.asarray(v) for v in (elements, test_elements))
    return answer(np.isin(a, b, assume_unique=assume_unique, invert=invert))


# --- logical: 0 is false, anything else is true -------------------------------------------------


def both(ufunc: Any, input: Any, other: Any) -> Tensor:
    _, (a, b) = promoted((input, other))
    try:
        return answer(as_inputs((a, b), ufunc(a, b)))
    except ValueError:
        raise broadcast_error(a, b) from None


def logical_and(input: Tensor, other: Tensor) -> Tensor:
    """Where both are true.

    >>> import minigrad as mg
    >>> mg.logical_and(mg.tensor([True, True]), mg.tensor([True, False]))
    tensor([ True, False])
    """
    return both(np.logical_and, input, other)


def logical_or(input: Tensor, other: Tensor) -> Tensor:
    """Where at least one is true."""
    return both(np.logical_or, input, other)


def logical_xor(input: Tensor, other: Tensor) -> Tensor:
    """Where exactly one is true."""
    return both(np.logical_xor, input, other)


def logical_not(input: Tensor) -> Tensor:
    """Where the element is 0 or False.

    >>> import minigrad as mg
    >>> mg.logical_not(mg.tensor([0, 5]))
    tensor([ True, False])
    """
    return answer(np.logical_not(input._data), input)


# --- bits: bool and integer tensors only -------------------------------------------------------


def bits(name: str, ufunc: Any, input: Any, other: Any) -> Tensor:
    raw = [v._data if isinstance(v, Tensor) else v for v in (input, other)]
    arrays = [as_array(v, dtypes.default_np() if type(v) is float else None) for v in raw]
    refuse.bits(name, *arrays)
    return compare(ufunc, input, other)


def bitwise_and(input: Any, other: Any) -> Tensor:
    """``input & other``.

    >>> import minigrad as mg
    >>> mg.bitwise_and(mg.tensor([6]), mg.tensor([3]))
    tensor([2])
    """
    return bits("bitwise_and", np.bitwise_and, input, other)


def bitwise_or(input: Any, other: Any) -> Tensor:
    """``input | other``."""
    return bits("bitwise_or", np.bitwise_or, input, other)


def bitwise_xor(input: Any, other: Any) -> Tensor:
    """``input ^ other``."""
    return bits("bitwise_xor", np.bitwise_xor, input, other)


def bitwise_not(input: Tensor) -> Tensor:
    """``~input``: every bit (or truth value) the other way.

    >>> import minigrad as mg
    >>> mg.bitwise_not(mg.tensor([0, 5]))
    tensor([-1, -6])
    """
    x = input._data
    if x.dtype.kind not in "iub":
        raise not_implemented("bitwise_not_cpu", x, "only bool and integer tensors have bits")
    return answer(np.invert(x), input)


def bitwise_left_shift(input: Any, other: Any) -> Tensor:
    """``input << other``: each step doubles.

    >>> import minigrad as mg
    >>> mg.bitwise_left_shift(mg.tensor([1, 3]), 2)
    tensor([ 4, 12])
    """
    return bits("lshift", np.left_shift, input, other)


def bitwise_right_shift(input: Any, other: Any) -> Tensor:
    """``input >> other``: each step halves, rounding down."""
    return bits("rshift", np.right_shift, input, other)


def gcd(input: Tensor, other: Tensor) -> Tensor:
    """The greatest common divisor.

    >>> import minigrad as mg
    >>> mg.gcd(mg.tensor([12]), mg.tensor([18]))
    tensor([6])
    """
    refuse.together(input._data, other._data)
    only_real("gcd_cpu", input, other, bools=False)
    return bits("gcd", np.gcd, input, other)


def lcm(input: Tensor, other: Tensor) -> Tensor:
    """The least common multiple."""
    refuse.together(input._data, other._data)
    only_real("lcm_cpu", input, other, bools=False)
    return bits("lcm", np.lcm, input, other)


def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """The step function: 0 below 0, 1 above, ``values`` at 0. One dtype; no gradient.

    >>> import minigrad as mg
    >>> mg.heaviside(mg.tensor([-1.0, 0.0, 2.0]), mg.tensor([0.5]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    refuse.heaviside(input, values)
    return binary(Heaviside, input, values)


def nextafter(input: Tensor, other: Tensor) -> Tensor:
    """The next floating-point number after ``input`` on the way to ``other``. No gradient."""
    x = np.empty(0, dtypes.result_np((input._data, other._data)))
    if x.dtype.kind != "f":
        raise not_implemented("nextafter_cpu", x, "only floating-point numbers have a next one")
    return binary(NextAfter, input, other)


def is_nonzero(input: Tensor) -> bool:
    """Whether the one element is not 0. Raises RuntimeError unless there is exactly one."""
    return bool(input)
