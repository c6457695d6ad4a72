"""Blends of three tensors, element by element: lerp, addcmul, addcdiv."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.tensor import Tensor
from ...refusals.reasons import blends as refuse
from ...refusals.words import only_real
from ..operands import broadcasting

# --- the operations ----------------------------------------------------------------------------


class Lerp(Elementwise):
    formula = r"y = a + w (b - a)"
    broadcasts = True

    def forward(a, b, w, *, overload):
        return np.where(np.abs(w) < 0.5, a + w * (b - a), b - (b - a) * (1 - w))

    def vjp_a(g, w, xp):
        r"\bar y \odot (1 - w)"
        return g * xp.conj(1 - w)

    def vjp_b(g, w, xp):
        r"\bar y \odot w"
        return g * xp.conj(w)

    def vjp_w(g, a, b, xp):
        r"\bar y \odot (b - a)"
        return g * xp.conj(b - a)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"LerpBackward{node.params['overload']}"


class Addcmul(Elementwise):
    formula = r"y = x + c\, a \odot b"
    broadcasts = True

    def forward(x, a, b, *, value):
        with np.errstate(all="ignore"):
            return x + np.asarray(value, x.dtype) * a * b

    def vjp_x(g):
        r"\bar y"
        return g

    def vjp_a(g, b, value, xp):
        r"c\, \bar y \odot b"
        return g * xp.conj(b * value)

    def vjp_b(g, a, value, xp):
        r"c\, \bar y \odot a"
        return g * xp.conj(a * value)


class Addcdiv(Elementwise):
    formula = r"y = x + c\, a / b"
    broadcasts = True

    def forward(x, a, b, *, value):
        with np.errstate(all="ignore"):
            return x + np.asarray(value, x.dtype) * (a / b)

    def vjp_x(g):
        r"\bar y"
        return g

    def vjp_a(g, b, value, xp):
        r"c\, \bar y / b"
        return g * xp.conj(xp.div(b * 0 + value, b))

    def vjp_b(g, a, b, value, xp):
        r"-c\, \bar y \odot a / b^2"
        return -g * xp.conj(xp.div(a * value, b * b))


# --- the functions -----------------------------------------------------------------------------


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """On the straight line from ``input`` (weight 0) to ``end`` (weight 1).

    >>> import minigrad as mg
    >>> mg.lerp(mg.tensor([0.0]), mg.tensor([10.0]), 0.25)
    tensor([2.5000])
    """
    refuse.lerp(input, end, weight)
    return broadcasting(Lerp, (input, end, weight), {"overload": int(isinstance(weight, Tensor))})


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 * tensor2``.

    >>> import minigrad as mg
    >>> mg.addcmul(mg.ones(1), mg.tensor([2.0]), mg.tensor([3.0]), value=10)
    tensor([61.])
    """
    if all(t._data.dtype.kind == "b" for t in (input, tensor1, tensor2)):
        only_real("addcmul_cpu_out", input, bools=False)
    return broadcasting(Addcmul, (input, tensor1, tensor2), {"value": value})


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``: the step of the Adam optimiser.

    >>> import minigrad as mg
    >>> mg.addcdiv(mg.ones(1), mg.tensor([3.0]), mg.tensor([2.0]), value=10)
    tensor([16.])
    """
    refuse.addcdiv(tensor1, tensor2)
    return broadcasting(Addcdiv, (input, tensor1, tensor2), {"value": value})
