"""Which tensors and numbers no activation takes."""

from __future__ import annotations

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import KIND_NAMES


def hardtanh(input: Tensor, min_val: float, max_val: float) -> None:
    """Limits the wrong way round, and numbers that have none of them."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    kind = input._data.dtype.kind
    if kind == "b":
        raise RuntimeError("Bool inputs not supported for hardtanh: convert with .float() first")
    if kind == "c":
        raise NotImplementedError("clamp is not supported for complex types: they have no order")
    if kind == "u" and min(min_val, max_val) < 0:
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")


def prelu(input: Tensor, weight: Tensor) -> None:
    """Not one slope, nor one for each channel, or two dtypes."""
    n = weight._data.size
    ndim = input._data.ndim
    channels = input._data.shape[1] if ndim > 1 else 1
    if weight._data.dtype != input._data.dtype:
        raise RuntimeError(
            f"prelu: Type promoting not supported. Got {KIND_NAMES[input._data.dtype.name]} and "
            f"{KIND_NAMES[weight._data.dtype.name]}: convert one of them"
        )
    if n != 1 and not ndim:
        raise RuntimeError("Not allow zero-dim input tensor. It has one number, for one slope.")
    if n not in (1, channels):
        raise RuntimeError(
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
            f"{n} and channel size = {channels}."
        )
    if weight._data.ndim > 1:
        raise RuntimeError(
            "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = "
            f"{weight._data.ndim}"
        )


def softshrink(input: Tensor, lambd: float) -> None:
    """A width below 0."""
    if lambd < 0:
        raise RuntimeError(
            f"lambda must be in range [0, {np.finfo(input._data.dtype).max:g}] for input dtype "
            f"{KIND_NAMES[input._data.dtype.name]}, but found {lambd:g}: it is a width"
        )
