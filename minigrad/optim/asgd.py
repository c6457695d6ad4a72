"""ASGD: gradient descent that also averages the weights it passes."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .arrays_or_tensors import numbers, rate
from .optimizer import Optimizer, check, count, scalar, zeros_like


class ASGD(Optimizer):
    r"""Averaged gradient descent; ``state[p]["ax"]`` is the average of the weights.

    In step t:

        g    <-  g + weight_decay x
        x    <-  (1 - lambd eta) x - eta g         (first eta = lr)
        ax   <-  ax + mu (x - ax)                  (first mu = 1)
        eta  <-  lr / (1 + lambd lr t)^alpha
        mu   <-  1 / max(1, t - t0)                (averaging starts at step t0)

    Source: Polyak and Juditsky 1992.
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, lambd: float = 1e-4, alpha: float = 0.75,
        t0: float = 1e6, weight_decay: float = 0, foreach: bool | None = None,
        maximize: bool = False, differentiable: bool = False, capturable: bool = False,
    ) -> None:  # fmt: skip
        check("learning rate", lr)
        check("weight_decay value", weight_decay)
        super().__init__(params, dict(
            lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay, foreach=foreach,
            maximize=maximize, differentiable=differentiable, capturable=capturable,
        ))  # fmt: skip

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {"step": scalar(0), "eta": scalar(rate(group)), "mu": scalar(1),
                "ax": zeros_like(p)}  # fmt: skip

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        lr, lambd = rate(group), group["lambd"]
        t = count(state)
        if group["weight_decay"]:
            g = g + group["weight_decay"] * x
        eta, mu = float(state["eta"]), float(state["mu"])
        x *= 1 - lambd * eta
        x -= eta * g
        average = numbers(state["ax"], x)
        if mu == 1:
            average[...] = x
        else:
            average += mu * (x - average)
        state["eta"]._data[...] = lr / (1 + lambd * lr * t) ** group["alpha"]
        state["mu"]._data[...] = 1 / max(1, t - group["t0"])
