"""Blends of three tensors, element by element: lerp, addcmul, addcdiv."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.tensor import Tensor
from ...faithful.dtype_names import cpp_name
from ...refusals.words import not_implemented, only_real
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


def same_dtypes(input: Tensor, other: Tensor, name: str) -> None:
    if input._data.dtype != other._data.dtype:
        have, got = (cpp_name(t._data) for t in (input, other))
        raise RuntimeError(
            f"expected dtype {have} for `{name}` but got dtype {got}: convert one with .to()"
        )


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """On the straight line from ``input`` (weight 0) to ``end`` (weight 1).

    >>> import minigrad as mg
    >>> mg.lerp(mg.tensor([0.0]), mg.tensor([10.0]), 0.25)
    tensor([2.5000])
    """
    same_dtypes(input, end, "end")
    if input._data.dtype.kind in "iub":
        advice = "a line between whole numbers has few of them; convert with .float()"
        raise not_implemented("lerp_kernel_scalar", input._data, advice)
    if isinstance(weight, Tensor):
        same_dtypes(input, weight, "weight")
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
    if tensor1._data.dtype.kind in "iub" and tensor2._data.dtype.kind in "iub":
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release "
            "addcdiv will perform a true division of tensor1 and tensor2. Convert one of them "
            "with .float() first."
        )
    return broadcasting(Addcdiv, (input, tensor1, tensor2), {"value": value})
