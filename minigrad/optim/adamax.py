"""Adamax: Adam with the largest gradient in place of the average square."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check_adam, count, scalar, zeros_like


class Adamax(Optimizer):
    r"""Adam that divides by the largest recent gradient.

        g  <-  g + lambda x                        (weight_decay lambda)
        m  <-  beta1 m + (1 - beta1) g
        u  <-  max(beta2 u, |g| + eps)
        x  <-  x - lr / (1 - beta1^t) m / u

    Source: Kingma and Ba 2015.
    """

    def __init__(
        self, params: Any, lr: Any = 2e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0, foreach: bool | None = None, *,
        maximize: bool = False, differentiable: bool = False, capturable: bool = False,
    ) -> None:  # fmt: skip
        check_adam(lr, betas, eps, weight_decay)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, foreach=foreach,
            maximize=maximize, differentiable=differentiable, capturable=capturable,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {"step": scalar(0), "exp_avg": zeros_like(p), "exp_inf": zeros_like(p)}

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        beta1, beta2 = group["betas"]
        t = count(state)
        if group["weight_decay"]:
            g = g + group["weight_decay"] * x
        m, u = numbers(state["exp_avg"], x), numbers(state["exp_inf"], x)
        m += (1 - beta1) * (g - m)
        u *= beta2
        u[...] = xp.maximum(u, xp.abs(g) + group["eps"])
        x -= rate(group) / (1 - beta1**t) * m / u
