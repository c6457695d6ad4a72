r"""Limits: elements held between bounds (clamp, relu), and finite numbers for nan and infinity.

The result does not follow an element that is held at a bound, so its gradient is 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.first_ops import Clamp
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.reasons import limits as refuse
from ...refusals.words import only_real
from ..operands import broadcasting, unary

# --- the operations ----------------------------------------------------------------------------


class Relu(Elementwise):
    formula = r"y = \max(x, 0)"
    flat = True

    def forward(x):
        return np.maximum(x, 0)

    def vjp_x(g, y, xp):
        r"\bar y \text{ where } y > 0,\ 0 \text{ elsewhere}"
        return xp.where(y != 0, g, 0.0)  # y is above 0, or NaN


class ClampTensors(Op):
    """Limits that are tensors: an element that was replaced sends its gradient to its limit."""

    formula = r"y = \min(\max(x, a), b)"
    broadcasts = True
    layout = "elementwise"

    def forward(x, low, high, *, name):
        return np.minimum(np.maximum(x, low), high)

    def vjp_x(g, x, low, high, xp):
        r"\bar y \text{ where } a \le x \le b,\ 0 \text{ elsewhere}"
        return xp.where((x >= low) & (x <= high), g, 0.0)

    def vjp_low(g, x, low, high, xp):
        r"\bar y \text{ where } x < a < b,\ 0 \text{ elsewhere}"
        return xp.where((x < low) & (low < high), g, 0.0)

    def vjp_high(g, x, low, high, xp):
        r"\bar y \text{ where } b < x \text{ or } b < a,\ 0 \text{ elsewhere}"
        return xp.where((x > high) | (high < low), g, 0.0)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


class NanToNum(Elementwise):
    formula = r"y = x \text{ with finite numbers for nan and } \pm\infty"

    def forward(x, *, nan, posinf, neginf):
        return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)

    def vjp_x(g, x, xp):
        r"\bar y \text{ where } x \text{ is finite},\ 0 \text{ elsewhere}"
        return g * xp.constant(np.isfinite(xp.numpy(x)))


# --- the functions -----------------------------------------------------------------------------

LIMITS = (float, int, type(None))  # of clamp, that change no float tensor's dtype


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Limit each element to ``[min, max]``; numbers or tensors, at least one of them.

    Args:
        input: a real tensor of any shape.
        min, max: the limits, two numbers or two tensors that broadcast; None (default) is no
            limit.

    Returns:
        A new tensor of the broadcast shape, in the dtype that all promote to; ``max`` where
        ``min`` is above it. An element held at a limit has the gradient 0.

    Raises:
        RuntimeError: if both limits are None.
        NotImplementedError: for complex tensors.
        TypeError: for a number and a tensor as limits.

    >>> import minigrad as mg
    >>> mg.tensor([-1.0, 0.5, 3.0]).clamp(min=0, max=1)
    tensor([0.0000, 0.5000, 1.0000])

    Source: PyTorch's documentation of ``torch.clamp``.
    """
    x = input._data
    if x.dtype.kind == "f" and min is not max and type(min) in LIMITS and type(max) in LIMITS:
        return apply(Clamp, (input,), {"min": min, "max": max})
    refuse.clamp(input, min, max)
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        return clamp_tensors(input, min, max)
    d = dtypes.result_np([v for v in (x, min, max) if v is not None])
    if d.kind == "b":
        only_real("clamp_scalar_cpu", input, bools=False)
    if d.kind in "iu":
        min, max = (None if v is None else dtypes.room(v, d) for v in (min, max))
    params = {"min": min, "max": max}
    return apply(Clamp, (input,), params, None if d == x.dtype else [x.astype(d)])


def clamp_tensors(input: Tensor, low: Any, high: Any, name: str = "ClampBackward0") -> Tensor:
    """``clamp`` between tensors, or numbers; None is no limit."""
    raw = [v._data if isinstance(v, Tensor) else v for v in (input, low, high) if v is not None]
    d = dtypes.result_np(raw)
    refuse.no_order(input, low, high)
    bottom: Any
    top: Any
    if d.kind == "b":
        bottom, top = False, True
    elif d.kind == "f":
        bottom, top = -np.inf, np.inf
    else:
        bottom, top = np.iinfo(d).min, np.iinfo(d).max
    low = make(np.asarray(bottom, d)) if low is None else low
    high = make(np.asarray(top, d)) if high is None else high
    return broadcasting(ClampTensors, (input, low, high), {"name": name})


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """Raise every element to at least ``min``, a number or a tensor.

    >>> import minigrad as mg
    >>> mg.clamp_min(mg.tensor([-1.0, 2.0]), 0)
    tensor([0., 2.])
    """
    return clamp_tensors(input, min, None, f"ClampMinBackward{int(isinstance(min, Tensor))}")


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """Lower every element to at most ``max``, a number or a tensor.

    >>> import minigrad as mg
    >>> mg.clamp_max(mg.tensor([-1.0, 2.0]), 0)
    tensor([-1.,  0.])
    """
    return clamp_tensors(input, None, max, f"ClampMaxBackward{int(isinstance(max, Tensor))}")


def relu(input: Tensor) -> Tensor:
    """The rectifier: negative elements become 0, and pass no gradient.

    ``max(input, 0)``, element by element.

    Args:
        input: a real tensor of any shape, float or of whole numbers.

    Returns:
        A new tensor of the same shape and dtype. The gradient at 0 is 0.

    Raises:
        RuntimeError: for bool tensors.
        NotImplementedError: for complex tensors.
        TypeError: if ``input`` is no tensor.

    >>> import minigrad as mg
    >>> mg.relu(mg.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 2.])

    Source: Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines.
    """
    if isinstance(input, Tensor) and input._data.dtype.kind in "bc":
        refuse.relu(input)
    return unary(Relu, input, needs_float=False)


def nan_to_num(
    input: Tensor, nan: float | None = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """Numbers for nan (0), infinity (the largest) and -infinity (the lowest number there is).

    >>> import minigrad as mg
    >>> mg.nan_to_num(mg.tensor([mg.nan, 1.0]), nan=9.0)
    tensor([9., 1.])
    """
    params = {"nan": 0.0 if nan is None else nan, "posinf": posinf, "neginf": neginf}
    return apply(NanToNum, (input,), params)


register(relu=(Relu, relu))
