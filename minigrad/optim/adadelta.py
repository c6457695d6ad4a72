"""Adadelta: no learning rate to choose."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check, count, scalar, zeros_like


class Adadelta(Optimizer):
    r"""Gradients scaled so that steps are as large as recent steps were.

        g      <-  g + lambda x                    (weight_decay lambda)
        v      <-  rho v + (1 - rho) g^2
        delta   =  sqrt(u + eps) / sqrt(v + eps) g
        u      <-  rho u + (1 - rho) delta^2
        x      <-  x - lr delta

    Source: Zeiler 2012.
    """

    def __init__(
        self, params: Any, lr: Any = 1.0, rho: float = 0.9, eps: float = 1e-6,
        weight_decay: float = 0, foreach: bool | None = None, *, capturable: bool = False,
        maximize: bool = False, differentiable: bool = False,
    ) -> None:  # fmt: skip
        check("learning rate", lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}: it has to be between 0 and 1")
        check("epsilon value", eps)
        check("weight_decay value", weight_decay)
        super().__init__(params, dict(
            lr=lr, rho=rho, eps=eps, weight_decay=weight_decay, maximize=maximize,
            capturable=capturable, foreach=foreach, differentiable=differentiable,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {"step": scalar(0), "square_avg": zeros_like(p), "acc_delta": zeros_like(p)}

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        rho, eps = group["rho"], group["eps"]
        count(state)
        if group["weight_decay"]:
            g = g + group["weight_decay"] * x
        v, u = numbers(state["square_avg"], x), numbers(state["acc_delta"], x)
        v *= rho
        v += (1 - rho) * g * g
        delta = xp.sqrt(u + eps) / xp.sqrt(v + eps) * g
        u *= rho
        u += (1 - rho) * delta * delta
        x -= rate(group) * delta
