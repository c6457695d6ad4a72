r"""Comparing and choosing, element by element: eq, lt ..., maximum, minimum, where.

A comparison is True or False and has no gradient; a choice sends the gradient to the element that
was chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise2, binary, number
from ...core.formula_ops import Where
from ...core.formulas import register
from ...core.op import apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.ended_history import without_gradient
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import comparisons as refuse
from ...refusals.words import only_real, understood
from .. import capturing
from ..operands import as_array, as_inputs, warn

# --- choosing between two inputs ---------------------------------------------------------------


def ordered(name: str, d: Any) -> Any:
    """The dtype of a result that is one of two numbers: not complex."""
    if d.kind == "c":
        refuse.unordered(name)
    return d


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
        return xp.where(a < b, 0.0, xp.where(a == b, g / 2, g))

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b > a,\ \bar y / 2 \text{ where } a = b"
        return xp.where(b < a, 0.0, xp.where(a == b, g / 2, g))


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
        return xp.where(a > b, 0.0, xp.where(a == b, g / 2, g))

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b < a,\ \bar y / 2 \text{ where } a = b"
        return xp.where(b > a, 0.0, xp.where(a == b, g / 2, g))


class Fmax(Elementwise2):
    formula = r"y = \max(a, b), \text{ ignoring nan}"
    kinds = "iufb"

    def forward(a, b):
        return np.fmax(a, b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return ordered("fmax", d)

    def vjp_a(g, a, b, xp):
        r"\bar y \text{ where } a \ge b,\ 0 \text{ elsewhere}"
        return xp.where((a >= b) | (b != b), g, 0.0)

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b > a,\ 0 \text{ elsewhere}"
        return xp.where((b > a) | ((a != a) & (b == b)), g, 0.0)


class Fmin(Elementwise2):
    formula = r"y = \min(a, b), \text{ ignoring nan}"
    kinds = "iufb"

    def forward(a, b):
        return np.fmin(a, b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return ordered("fmin", d)

    def vjp_a(g, a, b, xp):
        r"\bar y \text{ where } a \le b,\ 0 \text{ elsewhere}"
        return xp.where((a <= b) | (b != b), g, 0.0)

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b < a,\ 0 \text{ elsewhere}"
        return xp.where((b < a) | ((a != a) & (b == b)), g, 0.0)


# --- the functions ------------------------------------------------------------------------------


def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two tensors, element by element; equal elements share the gradient.

    Args:
        input, other: two tensors, not complex; their shapes broadcast.

    Returns:
        A new tensor of the broadcast shape, in the dtype that the two promote to. A nan in either
        is the result.

    Raises:
        RuntimeError: for complex tensors, which have no order, and shapes that do not broadcast.
        TypeError: if an operand is no tensor.

    >>> import minigrad as mg
    >>> mg.maximum(mg.tensor([1.0, 5.0]), mg.tensor([3.0, 3.0]))
    tensor([3., 5.])

    Source: PyTorch's documentation of ``torch.maximum``.
    """
    return binary(Maximum, input, other)


def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two tensors, element by element; equal elements share the gradient.

    Args:
        input, other: two tensors, not complex; their shapes broadcast.

    Returns:
        A new tensor of the broadcast shape, in the dtype that the two promote to. A nan in either
        is the result.

    Raises:
        RuntimeError: for complex tensors, which have no order, and shapes that do not broadcast.
        TypeError: if an operand is no tensor.

    >>> import minigrad as mg
    >>> mg.minimum(mg.tensor([1.0, 5.0]), mg.tensor([3.0, 3.0]))
    tensor([1., 3.])

    Source: PyTorch's documentation of ``torch.minimum``.
    """
    return binary(Minimum, input, other)


def fmax(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two elements; a nan loses against any number.

    >>> import minigrad as mg
    >>> mg.fmax(mg.tensor([1.0, mg.nan]), mg.tensor([2.0, 3.0]))
    tensor([2., 3.])
    """
    return binary(Fmax, input, other)


def fmin(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two elements; a nan loses against any number.

    >>> import minigrad as mg
    >>> mg.fmin(mg.tensor([1.0, mg.nan]), mg.tensor([2.0, 3.0]))
    tensor([1., 3.])
    """
    return binary(Fmin, input, other)


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """``input`` where the bool ``condition`` holds, ``other`` elsewhere; all three broadcast.

    With the condition alone: the indices where it is true, one tensor a dimension.

    Args:
        condition: a bool tensor.
        input, other: tensors or numbers, in any dtypes; all three shapes broadcast.

    Returns:
        A new tensor of the broadcast shape, in the dtype that ``input`` and ``other`` promote to.
        A gradient goes to the operand that each element was taken from.

    Raises:
        RuntimeError: if ``condition`` is not bool, or the shapes do not broadcast.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, -2.0])
    >>> mg.where(x > 0, x, 0.0)
    tensor([1., 0.])

    Source: PyTorch's documentation of ``torch.where``.
    """
    if input is None and other is None:
        return tuple(make(i) for i in np.nonzero(np.atleast_1d(condition._data)))
    if condition._data.dtype == np.uint8:
        warn(
            "where received a uint8 condition tensor. This behavior is deprecated and will be "
            "removed in a future version of PyTorch. Use a boolean condition instead."
        )
        condition = make(condition._data != 0)
    if condition._data.dtype.kind != "b":
        refuse.where(condition)
    values = [v._data if isinstance(v, Tensor) else v for v in (input, other)]
    d = dtypes.result_np(values)
    x, y = (as_array(dtypes.room(v, d) if type(v) in (int, float) else v).astype(d, copy=False)
            for v in values)  # fmt: skip
    inputs = [v if isinstance(v, Tensor) else make(capturing.constant(a))
              for v, a in ((input, x), (other, y))]  # fmt: skip
    given = [condition._data, x, y]
    try:
        return apply(Where, (condition, *inputs), arrays=given)
    except ValueError:
        raise refuse.mismatch(given) from None


# --- comparisons: True or False, without gradient ------------------------------------------------

ORDERS = {np.less: "lt", np.less_equal: "le", np.greater: "gt", np.greater_equal: "ge"}


def compare(ufunc: Any, a: Any, b: Any) -> Any:
    """A comparison or logical operation on tensors and numbers; the result has no gradient."""
    if isinstance(b, np.ndarray) and ufunc in (np.equal, np.not_equal) and b.dtype.kind in "biufc":
        b = make(b)  # else Python's answer to == would be one False
    for v in (a, b):
        if not isinstance(v, (Tensor, bool, int, float, complex, np.generic)):
            return NotImplemented
    x, y = (v._data if isinstance(v, Tensor) else v for v in (a, b))
    d = dtypes.result_np((x, y))
    if d.kind == "c" and ufunc in ORDERS:
        only_real(f"{ORDERS[ufunc]}_cpu", a, b)
    try:
        answer = capturing.again(compared, ufunc, x, y, d)
    except ValueError:
        raise broadcast_error(as_array(x), as_array(y)) from None
    return without_gradient(make(answer), "comparison", a, b)


def compared(ufunc: Any, x: Any, y: Any, d: Any) -> Any:
    """Which elements compare so, in dtype ``d``."""
    x, y = (number(v, d) if type(v) is int else as_array(v, d) for v in (x, y))
    return as_inputs((x, y), ufunc(x, y))


def eq(input: Any, other: Any) -> Tensor:
    """``input == other``, element by element.

    Args:
        input, other: two tensors of any dtype, or a tensor and a number; their shapes broadcast.

    Returns:
        A new bool tensor of the broadcast shape, without a gradient. A nan equals nothing.

    Raises:
        RuntimeError: if the shapes do not broadcast.
        TypeError: if an operand is neither a tensor nor a number.

    >>> import minigrad as mg
    >>> mg.eq(mg.tensor([1, 2]), mg.tensor([1, 3]))
    tensor([ True, False])

    Source: PyTorch's documentation of ``torch.eq``.
    """
    return understood("eq", compare(np.equal, input, other), input, other)


def ne(input: Any, other: Any) -> Tensor:
    """``input != other``, element by element."""
    return understood("ne", compare(np.not_equal, input, other), input, other)


def lt(input: Any, other: Any) -> Tensor:
    """``input < other``, element by element."""
    return understood("lt", compare(np.less, input, other), input, other)


def le(input: Any, other: Any) -> Tensor:
    """``input <= other``, element by element."""
    return understood("le", compare(np.less_equal, input, other), input, other)


def gt(input: Any, other: Any) -> Tensor:
    """``input > other``, element by element."""
    return understood("gt", compare(np.greater, input, other), input, other)


def ge(input: Any, other: Any) -> Tensor:
    """``input >= other``, element by element."""
    return understood("ge", compare(np.greater_equal, input, other), input, other)


register(
    where=(Where, where), maximum=(Maximum, maximum), minimum=(Minimum, minimum),
)  # fmt: skip
