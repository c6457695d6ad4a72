"""Rprop: only the gradient's sign counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check, count, scalar, zeros_like


class Rprop(Optimizer):
    r"""Resilient backpropagation: each weight's step grows while its gradient keeps its sign.

    With etas (eta-, eta+) and the gradient g0 of the step before:

        s  <-  s eta+ where g g0 > 0,  s eta- where g g0 < 0      (kept within step_sizes)
        g  <-  0 where g g0 < 0                                   (it went too far: wait)
        x  <-  x - s sign(g)

    For gradients of the whole data set; noise of small batches flips signs.

    Source: Riedmiller and Braun 1993.
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50), *, capturable: bool = False,
        foreach: bool | None = None, maximize: bool = False, differentiable: bool = False,
    ) -> None:  # fmt: skip
        check("learning rate", lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(
                f"Invalid eta values: {etas[0]}, {etas[1]}: the first makes steps smaller "
                "(between 0 and 1), the second larger (above 1)"
            )
        super().__init__(params, dict(
            lr=lr, etas=etas, step_sizes=step_sizes, foreach=foreach, maximize=maximize,
            differentiable=differentiable, capturable=capturable,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        lr: Any = rate(group)
        if p._data.dtype.kind == "c":
            lr = complex(lr, lr)
        sizes = make(np.full_like(p._data, lr))
        return {"step": scalar(0), "prev": zeros_like(p), "step_size": sizes}

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        shrink, grow = group["etas"]
        count(state)
        before, s = numbers(state["prev"], x), numbers(state["step_size"], x)
        agrees = g * before
        s[agrees > 0] *= grow
        s[agrees < 0] *= shrink
        smallest, largest = group["step_sizes"]
        s[...] = xp.clip(s, smallest, largest)
        g = xp.where(agrees < 0, 0.0, g)
        x -= s * xp.sign(g)
        before[...] = g
