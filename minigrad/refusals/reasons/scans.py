"""Running extrema along a dimension that is not there."""

from __future__ import annotations

from typing import Any


def running(name: str, x: Any, dim: int) -> None:
    if not x.ndim and dim not in (0, -1):
        raise IndexError(
            f"{name.lower()}(): Expected reduction dim -1 or 0 for scalar but got {dim}: one "
            "number has no other dimensions"
        )
