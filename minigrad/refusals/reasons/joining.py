"""Tensors that cannot be joined."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.tensor import Tensor
from ...faithful.package_name import package
from ..words import not_an_element


def one_tensor(name: str) -> NoReturn:
    """There is a list of tensors to be joined."""
    raise TypeError(
        f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"
    )


def element(x: Any, i: int) -> NoReturn:
    """All in the list are tensors."""
    raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(x).__name__}")


def nothing(name: str) -> NoReturn:
    """Something is there to be joined."""
    if name == "cat":
        raise ValueError("torch.cat(): expected a non-empty list of Tensors: nothing to join")
    raise RuntimeError(f"{name} expects a non-empty TensorList: there is nothing to join")


def cat(arrays: list[Any], first: Any, d: int) -> None:
    """Tensors (arrays) that differ along the joined dimension ``d`` only from the first."""
    for i, a in enumerate(arrays):
        if a.ndim == 0:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {i}) cannot be concatenated: use stack"
            )
        if a.shape == (0,):
            continue
        if a.ndim != first.ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {first.ndim} and {a.ndim}"
                ": see stack, which makes a new dimension"
            )
        for k, (n, m) in enumerate(zip(first.shape, a.shape, strict=True)):
            if k != d and n != m:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {d}. Expected size {n} but "
                    f"got size {m} for tensor number {i} in the list."
                    " Only along the joined dimension may they differ."
                )


def stack(given: list[Tensor]) -> None:
    """All have one shape."""
    for i, x in enumerate(given):
        if x._data.shape != given[0]._data.shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(given[0].shape)} at "
                f"entry 0 and {list(x.shape)} at entry {i}"
                ": see cat, which joins along a dimension that is there"
            )


def several(tensors: Any, name: str, in_a_list: bool) -> None:
    """All are tensors."""
    for i, t in enumerate(tensors):
        if isinstance(t, Tensor):
            continue
        if name.startswith("atleast") and not in_a_list:
            raise TypeError(
                f"{name}() received an invalid combination of arguments - got "
                f"({type(t).__name__}), but expected tensors: wrap the numbers with "
                f"{package()}.tensor(...)"
            )
        raise not_an_element(t, i)
