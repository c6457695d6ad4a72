"""NAdam: Adam that looks ahead."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check, check_adam, count, decayed, scalar, zeros_like


class NAdam(Optimizer):
    r"""Adam with Nesterov's look ahead along the average gradient.

    m, v and v' as in :class:`Adam`; with psi = momentum_decay, in step t:

        mu_t  =  beta1 (1 - 0.96^(t psi) / 2)
        m'    =  mu_(t+1) m / (1 - mu_1 ... mu_(t+1))  +  (1 - mu_t) g / (1 - mu_1 ... mu_t)
        x    <-  x - lr m' / (sqrt(v') + eps)

    Source: Dozat 2016.
    """

    def __init__(
        self, params: Any, lr: Any = 2e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0, momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False, *, foreach: bool | None = None,
        maximize: bool = False, capturable: bool = False, differentiable: bool = False,
    ) -> None:  # fmt: skip
        check_adam(lr, betas, eps, weight_decay)
        check("momentum_decay value", momentum_decay)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay, maximize=maximize, foreach=foreach,
            capturable=capturable, differentiable=differentiable,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {"step": scalar(0), "mu_product": scalar(1), "exp_avg": zeros_like(p),
                "exp_avg_sq": zeros_like(p)}  # fmt: skip

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        lr, (beta1, beta2), psi = rate(group), group["betas"], group["momentum_decay"]
        t = count(state)
        g = decayed(x, g, lr, group)
        mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
        mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
        product = numbers(state["mu_product"], x)
        product *= mu
        if isinstance(product, np.ndarray):
            product = float(product)
        m, v = numbers(state["exp_avg"], x), numbers(state["exp_avg_sq"], x)
        m += (1 - beta1) * (g - m)
        v *= beta2
        v += (1 - beta2) * g * g
        size = xp.sqrt(v / (1 - beta2**t)) + group["eps"]
        x -= lr * (1 - mu) / (1 - product) * g / size
        x -= lr * mu_next / (1 - product * mu_next) * m / size
