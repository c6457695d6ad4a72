r"""Signs: absolute values, signs, directions.

As in ``core/first_ops.py``, $\bar x_i = \bar y_i f'(x_i)$.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.formula_ops import zeros
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import signs as refuse
from ...refusals.words import only_real
from ..operands import broadcasting, float_dtype, overload, unary

# --- the operations ----------------------------------------------------------------------------


class Abs(Elementwise):
    formula = r"y = |x|"
    ufunc = np.abs

    def forward(x):
        return np.abs(x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \mathrm{sgn}(x)"
        return g * xp.sgn(x)


def signs(x: Any) -> Any:
    """-1, 0 or 1; 0 also for NaN, which is neither above nor below 0."""
    if x.dtype.kind in "bu":
        return (x > 0).astype(x.dtype)
    return np.subtract(x > 0, x < 0, dtype=x.dtype)


class Sgn(Elementwise):
    formula = r"y = x / |x|,\ 0 \text{ at } 0"

    def forward(x):
        if x.dtype.kind != "c":
            return signs(x)
        size = np.abs(x)
        return np.where(size == 0, 0, x / np.where(size == 0, 1, size)).astype(x.dtype)

    def vjp_x(g, x, y, xp):
        r"(\bar y - \mathrm{Re}(\bar y^* y)\, y) / |x|,\ 0 \text{ for real numbers}"
        if xp.np_dtype(x).kind != "c":
            return zeros(g, xp)
        size = xp.abs(x)
        turn = g - xp.real(g * xp.conj(y)) * y
        return xp.where(size == 0, 0.0, turn / xp.where(size == 0, size + 1, size))


class Sign(Elementwise):
    formula = r"y = -1, 0 \text{ or } 1"

    def forward(x):
        return signs(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Copysign(Op):
    formula = r"y = |a| \text{ with the sign of } b"
    broadcasts = True
    layout = "elementwise"

    def forward(a, b, *, overload=0):
        return np.copysign(a, b)

    def vjp_a(g, a, y, xp):
        r"\bar y \text{ or } -\bar y"
        return xp.where(a == 0, 0.0, g * xp.div(y, xp.where(a == 0, a + 1, a)))

    def vjp_b(g, xp):
        r"0"
        return zeros(g, xp)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"CopysignBackward{node.params['overload']}"


# --- the functions -----------------------------------------------------------------------------


def abs(input: Tensor) -> Tensor:
    """``|input|``; its gradient at 0 is 0.

    The derivative is the sign of ``input``.

    Args:
        input: a tensor of any shape, not bool.

    Returns:
        A new tensor of the same shape and dtype; of complex numbers their lengths, in float.

    Raises:
        NotImplementedError: for bool tensors.
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.abs(mg.tensor([-1.5, 2.0]))
    tensor([1.5000, 2.0000])

    Source: PyTorch's documentation of ``torch.abs``.
    """
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
    return apply(Sgn, (input,))


def sign(input: Tensor) -> Tensor:
    """-1, 0 or 1; the gradient is 0. Complex numbers have directions instead: see ``sgn``.

    >>> import minigrad as mg
    >>> mg.sign(mg.tensor([-2.0, 0.0, 3.0]))
    tensor([-1.,  0.,  1.])
    """
    refuse.sign(input)
    return apply(Sign, (input,))


def copysign(input: Tensor, other: Any) -> Tensor:
    """The size of ``input`` with the sign of ``other`` (a tensor or a number).

    >>> import minigrad as mg
    >>> mg.copysign(mg.tensor([1.0, -2.0]), -1)
    tensor([-1., -2.])
    """
    only_real("copysign_cpu", input, other)
    params = overload(input, other, tensors=0, number_b=1)
    return broadcasting(Copysign, (input, other), params, float_dtype)


def positive(input: Tensor) -> Tensor:
    """``+input``: the tensor itself. Refuses bool tensors.

    >>> import minigrad as mg
    >>> mg.positive(mg.tensor([-1.0]))
    tensor([-1.])
    """
    refuse.positive(input)
    return input


register(abs=(Abs, abs), sgn=(Sgn, sgn))
