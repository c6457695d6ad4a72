"""The numbers of a tensor at one moment, kept whole or as a summary."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.size import Size

SHOWN = 64  # elements: up to so many are shown one by one
GRID = 12  # a large tensor's heat map has at most so many rows and columns
SHADES = 16


class Snapshot:
    """A copy of a tensor's numbers, or (``whole=False``) only a summary of them."""

    __slots__ = ("shape", "dtype", "array", "_summary")

    def __init__(self, array: Any, whole: bool = True) -> None:
        array = np.asarray(array)
        self.shape = Size(array.shape)
        self.dtype = dtypes.FROM_NUMPY.get(array.dtype, array.dtype)
        self.array: Any = array.copy() if whole else None
        self._summary = None if whole else Summary(array)

    @property
    def summary(self) -> Summary:
        """What is shown of the numbers, made when it is first asked for."""
        if self._summary is None:
            self._summary = Summary(self.array)
        return self._summary

    @property
    def size(self) -> int:
        return self.shape.numel()

    def tensor(self) -> Tensor | None:
        """The numbers as a tensor; None if only the summary was kept."""
        return None if self.array is None else make(self.array.copy())


class Summary:
    """A few numbers, the range and a heat map.

    ``low``, ``mean`` and ``high`` are None where they have no meaning: of a single number, of
    bool or complex numbers, or if none is finite.
    """

    __slots__ = ("first", "low", "mean", "high", "bad", "heat")

    def __init__(self, array: Any) -> None:
        self.first: list[Any] = array.ravel()[:SHOWN].tolist()
        self.low = self.mean = self.high = None
        self.bad = 0  # elements that are NaN or infinite
        self.heat = ""  # rows of one hexadecimal digit a cell, from low to high
        if array.size > 1 and array.dtype.kind in "fiu":
            finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
            self.bad = array.size - finite.size
            if finite.size:
                self.low, self.high = finite.min().item(), finite.max().item()
                self.mean = float(finite.mean(dtype=np.float64))
                self.heat = heat_map(array, self.low, self.high)
        elif array.dtype.kind in "fc":
            self.bad = int((~np.isfinite(array)).sum())


def heat_map(array: Any, low: float, high: float) -> str:
    """A small picture: a hexadecimal digit for each cell, 0 for ``low`` and f for ``high``.

    More than two dimensions become rows. Of a large tensor, evenly spaced numbers are taken:
    averages would hide how they differ. ``.`` stands for a number that is not finite.

    >>> heat_map(np.array([[0.0, 1.0], [3.0, 2.0]]), 0.0, 3.0)
    '05/fa'
    """
    rows = array.reshape(1, -1) if array.ndim < 2 else array.reshape(-1, array.shape[-1])
    chosen = [(np.arange(min(n, GRID)) + 0.5) * n // min(n, GRID) for n in rows.shape]
    rows = rows[np.ix_(*[c.astype(int) for c in chosen])].astype(np.float64)
    span = (high - low) or 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        levels = np.nan_to_num((rows - low) / span * (SHADES - 1), nan=-1, posinf=-1, neginf=-1)
    return "/".join("".join("." if v < 0 else f"{min(round(v), 15):x}" for v in row)
                    for row in levels.tolist())  # fmt: skip
