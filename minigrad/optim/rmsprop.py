"""RMSprop: divide by the gradients' usual size."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check, count, scalar, zeros_like


class RMSprop(Optimizer):
    r"""Gradients divided by their root mean square.

        g  <-  g + lambda x                        (weight_decay lambda)
        v  <-  alpha v + (1 - alpha) g^2
        a  <-  alpha a + (1 - alpha) g             (centered=True: then v - a^2 in place of v)
        b  <-  mu b + g / (sqrt(v) + eps)          (momentum mu)
        x  <-  x - lr b

    Source: Tieleman and Hinton 2012; centered Graves 2013.
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
        weight_decay: float = 0, momentum: float = 0, centered: bool = False,
        capturable: bool = False, foreach: bool | None = None, maximize: bool = False,
        differentiable: bool = False,
    ) -> None:  # fmt: skip
        check("learning rate", lr)
        check("epsilon value", eps)
        check("momentum value", momentum)
        check("weight_decay value", weight_decay)
        check("alpha value", alpha)
        super().__init__(params, dict(
            lr=lr, momentum=momentum, alpha=alpha, eps=eps, centered=centered,
            weight_decay=weight_decay, capturable=capturable, foreach=foreach, maximize=maximize,
            differentiable=differentiable,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state = {"step": scalar(0), "square_avg": zeros_like(p)}
        if group["momentum"] > 0:
            state["momentum_buffer"] = zeros_like(p)
        if group["centered"]:
            state["grad_avg"] = zeros_like(p)
        return state

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        lr, alpha = rate(group), group["alpha"]
        count(state)
        if group["weight_decay"]:
            g = g + group["weight_decay"] * x
        v = numbers(state["square_avg"], x)
        v *= alpha
        v += (1 - alpha) * g * g
        if group["centered"]:
            a = numbers(state["grad_avg"], x)
            a += (1 - alpha) * (g - a)
            v = v - a * a
        step = g / (xp.sqrt(v) + group["eps"])
        if group["momentum"] > 0:
            b = numbers(state["momentum_buffer"], x)
            b *= group["momentum"]
            b += step
            step = b
        x -= lr * step
