"""Dimensions and shapes that a tensor cannot have."""

from __future__ import annotations

from typing import Any, NoReturn


def dim_error(dim: int, ndim: int) -> IndexError:
    n = max(ndim, 1)
    return IndexError(
        f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim}): the "
        f"tensor has {ndim} dimension{'' if ndim == 1 else 's'}, counted from 0, or from -1 "
        "backwards"
    )


def not_of_kind(name: str, kind: str, value: Any) -> NoReturn:
    raise TypeError(f"argument '{name}' must be {kind}, not {type(value).__name__}")


def dims(found: tuple[int, ...]) -> None:
    """Each dimension may be named once."""
    if len(set(found)) < len(found):
        twice = next(d for d in found if found.count(d) > 1)
        raise RuntimeError(
            f"dim {twice} appears multiple times in the list of dims: name each dimension once"
        )


def shape_arg(shape: Any) -> None:
    """Lengths are whole numbers."""
    for n in shape:
        if not hasattr(n, "__index__") or (n is shape[0] and isinstance(n, bool)):
            raise TypeError(
                f"argument 'shape' must be tuple of ints, but found element of type "
                f"{type(n).__name__}"
            )


def nothing_along(name: str, x: Any, d: int) -> None:
    """There is no largest, smallest or middle one of no elements (along dimension ``d``)."""
    if x.ndim and x.shape[d] == 0:
        raise IndexError(
            f"{name}(): Expected reduction dim {d} to have non-zero size: it has no elements"
        )
