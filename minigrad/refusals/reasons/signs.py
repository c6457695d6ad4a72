"""What has no sign."""

from __future__ import annotations

from ...core.tensor import Tensor


def sign(input: Tensor) -> None:
    if input._data.dtype.kind == "c":
        raise NotImplementedError(
            "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use "
            "torch.sgn instead. It gives the direction z / |z|."
        )


def positive(input: Tensor) -> None:
    if input._data.dtype.kind == "b":
        raise RuntimeError(
            "The `+` operator, on a bool tensor is not supported: True has no sign; convert it "
            "with .int() first"
        )
