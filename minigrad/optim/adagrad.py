"""Adagrad: weights that have moved much move less."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check, count, scalar


class Adagrad(Optimizer):
    r"""Gradients divided by the root of the sum of all their squares so far.

    In step t:

        g  <-  g + lambda x                        (weight_decay lambda)
        s  <-  s + g^2                             (first s = initial_accumulator_value)
        x  <-  x - lr / (1 + (t - 1) lr_decay)  g / (sqrt(s) + eps)

    Source: Duchi, Hazan and Singer 2011.
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, lr_decay: float = 0, weight_decay: float = 0,
        initial_accumulator_value: float = 0, eps: float = 1e-10, foreach: bool | None = None, *,
        maximize: bool = False, differentiable: bool = False, fused: bool | None = None,
    ) -> None:  # fmt: skip
        check("learning rate", lr)
        check("lr_decay value", lr_decay)
        check("weight_decay value", weight_decay)
        check("initial_accumulator_value value", initial_accumulator_value)
        check("epsilon value", eps)
        super().__init__(params, dict(
            lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, foreach=foreach,
            maximize=maximize, differentiable=differentiable, fused=fused,
        ))  # fmt: skip
        for group in self.param_groups:  # unlike the others, it remembers from the beginning
            for p in group["params"]:
                self.state[p] = self.new_state(p, group)

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        start: Any = self.defaults["initial_accumulator_value"]
        if p._data.dtype.kind == "c":
            start = complex(start, start)
        return {"step": scalar(0), "sum": make(np.full_like(p._data, start))}

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        t = count(state)
        if group["weight_decay"]:
            g = g + group["weight_decay"] * x
        s = numbers(state["sum"], x)
        s += g * g
        lr = rate(group) / (1 + (t - 1) * group["lr_decay"])
        x -= lr * g / (xp.sqrt(s) + group["eps"])
