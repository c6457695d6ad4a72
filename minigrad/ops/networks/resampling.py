r"""Images mixed along each dimension by a matrix: what averaging and interpolating are made of.

Along one dimension, averaging and interpolating are matrices: row i of $A$ says how much of each
old place goes into new place i. In two dimensions $Y = A_1 X A_2^\top$, and the gradient uses the
transposed matrices, $\bar X = A_1^\top \bar Y A_2$.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor


class Mixing:
    """A matrix (new length, old length) of which only the entries that are not 0 are kept.

    They are few: two a row for linear interpolation. A full matrix would grow with the square of
    the length.
    """

    def __init__(self, shape: tuple[int, int], rows: Any, columns: Any, weights: Any) -> None:
        order = np.argsort(rows, kind="stable")
        self.shape = shape
        self.rows, self.columns, self.weights = rows[order], columns[order], weights[order]
        self.present, self.starts = np.unique(self.rows, return_index=True)

    @property
    def T(self) -> Mixing:
        """The transposed matrix."""
        return Mixing(self.shape[::-1], self.columns, self.rows, self.weights)

    def mix(self, x: Any) -> Any:
        """``x @ A.T``: the matrix applied along the last dimension."""
        if hasattr(x, "carrying") or not self.rows.size:  # inside vmap, or nothing to mix
            full = np.zeros(self.shape, x.dtype)
            np.add.at(full, (self.rows, self.columns), self.weights)
            return x @ full.T
        y = np.zeros((*x.shape[:-1], self.shape[0]), x.dtype)
        shares = x[..., self.columns] * self.weights.astype(x.dtype)
        y[..., self.present] = np.add.reduceat(shares, self.starts, axis=-1)
        return y


class Resample(Op):
    """``matrices``: a Mixing for each of the last dimensions."""

    formula = r"Y = A_1 X A_2^\top"
    layout = "channels last"

    def forward(x, *, matrices, name):
        first = x.ndim - len(matrices)
        if x.dtype == np.uint8:  # pictures: rounded after each dimension, the last one first
            for d, matrix in reversed(list(enumerate(matrices, first))):
                mixed = matrix.mix(np.moveaxis(x, d, -1).astype(np.float64))
                x = np.clip(np.floor(np.moveaxis(mixed, -1, d) + 0.5), 0, 255).astype(np.uint8)
            return np.ascontiguousarray(x)
        for d, matrix in enumerate(matrices, first):
            x = np.moveaxis(matrix.mix(np.moveaxis(x, d, -1)), -1, d)
        return np.ascontiguousarray(x)

    def vjp_x(g, matrices, name, xp):
        r"\bar X = A_1^\top \bar Y A_2"
        return xp.resample(g, matrices=tuple(m.T for m in matrices), name=name)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


def resample(input: Tensor, matrices: Any, name: str) -> Tensor:
    return apply(Resample, (input,), {"matrices": matrices, "name": name})


register(resample=(Resample, resample))
