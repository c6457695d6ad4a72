"""What an update is computed with: NumPy's arrays, or tensors if the step is to be differentiated.

The formulas in the optimizers' ``update`` are the same for both. With ``differentiable=True`` they
get the parameter itself and its recorded gradient, and what they do is recorded as any other
operations: ``xp.sqrt`` is then the tensors' square root.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..ops.elementwise.comparisons import maximum, where
from ..ops.elementwise.limits import clamp
from ..ops.elementwise.signs import abs, sign


class OnTensors:
    """The functions of NumPy that updates use, on tensors.

    Updates write the result into the first argument, which a gradient would remember: a copy of it.
    """

    abs = staticmethod(abs)
    sign = staticmethod(sign)
    where = staticmethod(where)

    @staticmethod
    def clip(x: Tensor, low: float, high: float) -> Tensor:
        return clamp(x.clone(), low, high)

    @staticmethod
    def maximum(x: Tensor, y: Tensor) -> Tensor:
        return maximum(x.clone(), y)

    @staticmethod
    def sqrt(x: Tensor) -> Tensor:
        return x.sqrt()


def functions_for(x: Any) -> Any:
    """``xp``: NumPy for an array, functions on tensors for a tensor."""
    return OnTensors if isinstance(x, Tensor) else np


def numbers(t: Tensor, x: Any = None) -> Any:
    """The array of a tensor (shared); a complex one gets a last dimension: real, imaginary.

    x: the parameter's numbers. If they are a tensor, the step is recorded: ``t`` itself.
    """
    if isinstance(x, Tensor):
        return t
    array = t._data
    if array.dtype.kind != "c":
        return array
    return array.reshape(*array.shape, 1).view(array.real.dtype)


def rate(group: dict[str, Any]) -> Any:
    """The learning rate as a number; as the tensor it may be if the step is recorded."""
    return group["lr"] if group.get("differentiable") else float(group["lr"])
