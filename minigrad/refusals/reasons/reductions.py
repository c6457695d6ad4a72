"""Reductions of what has no mean, no spread or no order, or of no elements."""

from __future__ import annotations

from typing import Any, NoReturn

from ...faithful.dtype_names import kind_name
from .dimensions import nothing_along


def mean(x: Any) -> NoReturn:
    """The mean of whole numbers."""
    raise RuntimeError(
        "mean(): could not infer output dtype. Input dtype must be either a floating point "
        f"or complex dtype. Got: {kind_name(x)}: convert it "
        "with .float() first, an average of whole numbers is rarely whole"
    )


def dispersion(functions: str, x: Any) -> None:
    """The spread of whole numbers."""
    if x.dtype.kind not in "fc":
        raise RuntimeError(
            f"{functions} only support floating point and complex dtypes: convert the tensor with "
            ".float() first"
        )


def nothing(name: str, x: Any) -> None:
    """The largest or smallest of no elements."""
    if x.size == 0:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify "
            "the reduction dim with the 'dim' argument: an empty tensor has no "
            f"{'largest' if 'max' in name else 'smallest'} element."
        )


def extremum(name: str, x: Any, d: int) -> None:
    """max and min along one dimension."""
    if x.dtype.kind == "c":
        raise RuntimeError(f"{name}(): does not support complex input: they have no order")
    nothing_along(name, x, d)


def position(name: str, x: Any, d: int | None) -> None:
    """argmax and argmin."""
    if d is not None:
        nothing_along(name, x, d)
    elif x.size == 0:
        raise IndexError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0: an empty "
            "tensor has no largest or smallest element"
        )
    if x.dtype.kind in "bc":
        kind = "bool" if x.dtype.kind == "b" else "complex"
        raise RuntimeError(f"{name}(): does not support {kind} input: convert it, or use .abs()")
