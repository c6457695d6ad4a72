"""RAdam: Adam that waits until it knows the gradients' size."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check_adam, count, decayed, scalar, zeros_like


class RAdam(Optimizer):
    r"""Rectified Adam: plain momentum until enough squared gradients have been averaged.

    m, m', v and v' as in :class:`Adam`; in step t:

        rho_inf  =  2 / (1 - beta2) - 1
        rho      =  rho_inf - 2 t beta2^t / (1 - beta2^t)      (how many gradients v averages)
        r        =  sqrt((rho-4)(rho-2) rho_inf / ((rho_inf-4)(rho_inf-2) rho))
        x       <-  x - lr m' r / sqrt(v')   if rho > 5,   else   x - lr m'

    Source: Liu et al. 2020.
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0, decoupled_weight_decay: bool = False, *,
        foreach: bool | None = None, maximize: bool = False, capturable: bool = False,
        differentiable: bool = False,
    ) -> None:  # fmt: skip
        check_adam(lr, betas, eps, weight_decay)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize,
            foreach=foreach, capturable=capturable, differentiable=differentiable,
            decoupled_weight_decay=decoupled_weight_decay,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {"step": scalar(0), "exp_avg": zeros_like(p), "exp_avg_sq": zeros_like(p)}

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        lr, (beta1, beta2) = rate(group), group["betas"]
        t = count(state)
        g = decayed(x, g, lr, group)
        m, v = numbers(state["exp_avg"], x), numbers(state["exp_avg_sq"], x)
        m += (1 - beta1) * (g - m)
        v *= beta2
        v += (1 - beta2) * g * g
        rho_inf = 2 / (1 - beta2) - 1
        rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
        step = m / (1 - beta1**t) * lr
        if rho > 5:
            r = ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
            step *= (1 - beta2**t) ** 0.5 / (xp.sqrt(v) + group["eps"]) * r
        x -= step
