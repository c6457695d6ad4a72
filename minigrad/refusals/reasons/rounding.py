"""What cannot be rounded: complex numbers and bools."""

from __future__ import annotations

from ...core.tensor import Tensor
from ..words import not_implemented, only_real


def floor(input: Tensor) -> None:
    words = "floor is not supported for complex inputs" * (input._data.dtype.kind == "c")
    only_real("floor_vml_cpu", input, bools=False, words=words)


def towards(name: str, input: Tensor) -> None:
    """ceil and trunc."""
    advice = "only real numbers have whole numbers below and above them"
    if input._data.dtype.kind == "c":
        raise NotImplementedError(f"{name} is not supported for complex inputs: {advice}")
    if input._data.dtype.kind == "b":
        raise not_implemented(f"{name}_vml_cpu", input._data, advice)


def round(input: Tensor, decimals: int) -> None:
    name = "round_cpu" if decimals else "round_vml_cpu"
    if input._data.dtype.kind in "bc":
        advice = "only real numbers have whole numbers below and above them"
        raise not_implemented(name, input._data, advice)
    if decimals and input._data.dtype.kind != "f":
        raise not_implemented(name, input._data, "whole numbers have no decimals to round")
