"""Orders and dtypes for which there is no gamma function here."""

from __future__ import annotations

from ...core.tensor import Tensor
from ..words import not_implemented, only_real


def polygamma(n: int, input: Tensor) -> None:
    only_real({0: "digamma", 1: "trigamma"}.get(n, "polygamma"), input)
    if n < 0:
        raise RuntimeError(
            f"polygamma(n, x) does not support negative n: got n = {n}; n counts derivatives"
        )


def mvlgamma(input: Tensor, p: int) -> None:
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1: it is a dimension")
    if input._data.dtype.kind == "b":
        raise RuntimeError("The input tensor may not be a boolean tensor. Use .float() first.")
    if input._data.dtype.kind == "c":
        raise not_implemented("arange_cpu", input._data, "the log-gamma function here is real")
