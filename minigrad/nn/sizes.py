"""Sizes that may be given as one number for all dimensions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def times(value: Any, n: int) -> tuple[Any, ...]:
    """One number repeated for ``n`` dimensions, or the given one for each.

    >>> times(3, 2), times([1, 2], 2)
    ((3, 3), (1, 2))
    """
    return tuple(value) if isinstance(value, Iterable) else (value,) * n
