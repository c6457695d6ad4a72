"""Stochastic gradient descent: a step against the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from .arrays_or_tensors import rate
from .optimizer import Optimizer, check, check_fused


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum if asked for.

    With gradient g, learning rate lr, momentum mu, dampening tau, weight decay lambda:

        g  <-  g + lambda x              (weight_decay: pulls weights towards 0)
        b  <-  mu b + (1 - tau) g        (momentum: a running sum of gradients; first b = g)
        g  <-  b, or g + mu b            (nesterov=True: look ahead along b)
        x  <-  x - lr g

    Args:
        params: leaves to train (floating point), as a list or ``model.parameters()``; or dicts of
            them with settings of their own.
        lr: the learning rate.
        momentum, dampening, weight_decay: numbers, 0 if left out; see above.
        nesterov: needs momentum, and no dampening.
        maximize: go up instead of down.
        foreach, fused: accepted only.
        differentiable: record the step, so that gradients flow through it.

    Raises:
        ValueError: a setting is negative, there are no parameters, or one is not a leaf.
        TypeError: params are no tensors.

    >>> import minigrad as mg
    >>> w = mg.tensor([3.0], requires_grad=True)
    >>> optimizer = mg.optim.SGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([2.4000], requires_grad=True)

    Source: Robbins and Monro 1951; momentum Polyak 1964; Nesterov's form Sutskever et al. 2013.
    """

    complex_as_pairs = False

    def __init__(
        self, params: Any, lr: Any = 1e-3, momentum: float = 0, dampening: float = 0,
        weight_decay: float = 0, nesterov: bool = False, *, maximize: bool = False,
        foreach: bool | None = None, differentiable: bool = False, fused: bool | None = None,
    ) -> None:  # fmt: skip
        check("learning rate", lr, first_below=True)
        check("momentum value", momentum, first_below=True)
        check("weight_decay value", weight_decay, first_below=True)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "Nesterov momentum requires a momentum and zero dampening: it looks ahead along "
                "the momentum"
            )
        super().__init__(params, dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay,
            nesterov=nesterov, maximize=maximize, foreach=foreach, differentiable=differentiable,
            fused=fused,
        ))  # fmt: skip
        check_fused(fused, foreach, differentiable)

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        if group["weight_decay"]:
            g = g + float(group["weight_decay"]) * x
        mu = group["momentum"]
        if mu:
            buffer, recorded = state.get("momentum_buffer"), isinstance(g, Tensor)
            if buffer is None:
                first = g._data if recorded else g  # without history, as in PyTorch
                buffer = state["momentum_buffer"] = make(np.array(first))
                b = buffer if recorded else buffer._data
            else:
                b = buffer if recorded else buffer._data
                b *= mu
                b += (1 - group["dampening"]) * g if group["dampening"] else g
            g = g + mu * b if group["nesterov"] else b
        x -= rate(group) * g
