"""Limits that nothing can be held between."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ..words import only_real


def clamp(input: Tensor, min: Any, max: Any) -> None:
    """There must be a limit, two of one kind, and an order."""
    if min is None and max is None:
        raise RuntimeError(
            "torch.clamp: At least one of 'min' or 'max' must not be None: clamp needs a limit"
        )
    tensors = isinstance(min, Tensor) or isinstance(max, Tensor)
    if tensors:
        step = "clamp" if min is not None and max is not None else "minimum"
        only_real(f"{step if min is None or max is not None else 'maximum'}_cpu", min, max)
    no_order(input, min, max)
    if tensors and not all(v is None or isinstance(v, Tensor) for v in (min, max)):
        raise TypeError("clamp() takes two numbers or two tensors as limits, not one of each")


def no_order(*values: Any) -> None:
    """Complex numbers are neither above nor below a limit."""
    only_real("clamp", *values, words="clamp is not supported for complex types")


def relu(input: Tensor) -> None:
    if input._data.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu: convert with .float()")
    no_order(input)
