"""Random numbers as results: of their distribution's parameters they have the gradient 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formula_ops import zeros
from ...core.op import Op, apply
from ...core.tensor import Tensor, make


class Drawn(Op):
    formula = r"y \sim P(a, b)"

    def forward(a, b, *, numbers, name):
        return numbers

    def vjp_a(g, a_shape, xp):
        r"0"
        return xp.sum_to_size(zeros(g, xp), size=a_shape)

    def vjp_b(g, b_shape, xp):
        r"0"
        return xp.sum_to_size(zeros(g, xp), size=b_shape)

    @classmethod
    def node_name(cls, node: Any) -> str:
        name: str = node.params["name"]
        return name


def drawn(numbers: Any, of: Any, name: str) -> Tensor:
    """``numbers``, drawn from a distribution with the parameters ``of``: their gradients are 0."""
    a, b = (t if isinstance(t, Tensor) else make(np.zeros((), numbers.dtype)) for t in of)
    if a._requires_grad or b._requires_grad:
        return apply(Drawn, (a, b), {"numbers": numbers, "name": name})
    return make(numbers)
