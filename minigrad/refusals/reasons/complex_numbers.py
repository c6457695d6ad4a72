"""What has no real and imaginary parts, and pairs that make no complex numbers."""

from __future__ import annotations

from ...core.tensor import Tensor
from ...faithful.strides import strides_of


def imag(input: Tensor) -> None:
    if input._data.dtype.kind != "c":
        raise RuntimeError(
            "imag is not implemented for tensors with non-complex dtypes: a real number has no "
            "imaginary part"
        )


def pair(name: str, a: Tensor, b: Tensor, first: str, second: str) -> None:
    """Complex numbers are made of two float tensors of one dtype."""
    if not a._data.dtype.kind == b._data.dtype.kind == "f":
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{a.type_name()[:-6]} and {b.type_name()[:-6]}: {name} puts two real tensors together"
        )
    if a._data.dtype != b._data.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {a.type_name()[:-6]} but got scalar type "
            f"{b.type_name()[:-6]} for second argument: '{first}' and '{second}' need one dtype"
        )


def view_as_complex(input: Tensor) -> None:
    """The last dimension must hold pairs of real numbers."""
    x = input._data
    if x.dtype.name not in ("float32", "float64"):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a "
            f"tensor of scalar type: {input.type_name()[:-6]}"
        )
    if x.ndim == 0:
        raise RuntimeError("Input tensor must have one or more dimensions: the last holds pairs")
    if x.shape[-1] != 2:
        raise RuntimeError(
            "Tensor must have a last dimension of size 2: a complex number is a pair; this "
            f"tensor has shape {list(x.shape)}"
        )
    *steps, last = strides_of(x)
    if last != 1:
        raise RuntimeError(
            "Tensor must have a last dimension with stride 1: the parts of a number lie side by "
            "side; call .contiguous() first"
        )
    if any(s % 2 for s in steps):
        raise RuntimeError(
            "Tensor must have a stride divisible by 2 for all but last dimension: a complex number "
            "is two real ones; call .contiguous() first"
        )
