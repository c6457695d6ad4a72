"""Adam and AdamW: every weight gets a step size of its own."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .arrays_or_tensors import functions_for, numbers, rate
from .optimizer import Optimizer, check_adam, check_fused, count, decayed, scalar, zeros_like


class Adam(Optimizer):
    """Adaptive moments: the average gradient, divided by its usual size.

    In step t, with gradient g and betas (beta1, beta2):

        g  <-  g + lambda x                        (weight_decay lambda)
        m  <-  beta1 m + (1 - beta1) g             (average gradient)
        v  <-  beta2 v + (1 - beta2) g^2           (average squared gradient)
        x  <-  x - lr m' / (sqrt(v') + eps)        with m' = m / (1 - beta1^t)
                                                   and  v' = v / (1 - beta2^t)

    m' and v' correct for the averages' start at 0.

    Args:
        params: leaves to train, as in :class:`SGD`.
        lr: the learning rate.
        betas, eps, weight_decay: numbers, see above.
        amsgrad: the largest v so far in place of v.
        maximize: go up instead of down.
        decoupled_weight_decay: as in :class:`AdamW`.
        foreach, capturable, fused: accepted only.
        differentiable: record the step, so that gradients flow through it.

    Raises:
        ValueError: a setting is negative, a beta is not below 1, or there are no parameters.
        TypeError: params are no tensors.

    >>> import minigrad as mg
    >>> w = mg.tensor([3.0, -0.001], requires_grad=True)
    >>> optimizer = mg.optim.Adam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w  # the first step is lr, however large the gradient
    tensor([2.9000, 0.0990], requires_grad=True)

    Source: Kingma and Ba 2015; AMSGrad Reddi et al. 2018.
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0, amsgrad: bool = False, *,
        foreach: bool | None = None, maximize: bool = False, capturable: bool = False,
        differentiable: bool = False, fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:  # fmt: skip
        if isinstance(lr, Tensor) and foreach and not capturable:
            raise ValueError(
                "lr as a Tensor is not supported for capturable=False and foreach=True: leave "
                "foreach out, it changes nothing here"
            )
        check_adam(lr, betas, eps, weight_decay)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad,
            maximize=maximize, foreach=foreach, capturable=capturable,
            differentiable=differentiable, fused=fused,
            decoupled_weight_decay=decoupled_weight_decay,
        ))  # fmt: skip
        check_fused(fused, foreach, differentiable)

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state = {"step": scalar(0), "exp_avg": zeros_like(p), "exp_avg_sq": zeros_like(p)}
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zeros_like(p)
        return state

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        xp = functions_for(x)
        lr, (beta1, beta2) = rate(group), map(float, group["betas"])
        t = count(state)
        g = decayed(x, g, lr, group)
        m, v = numbers(state["exp_avg"], x), numbers(state["exp_avg_sq"], x)
        m += (1 - beta1) * (g - m)
        v *= beta2
        v += (1 - beta2) * g * g
        if group["amsgrad"]:
            largest = numbers(state["max_exp_avg_sq"], x)
            largest[...] = xp.maximum(largest, v)
            v = largest
        size = xp.sqrt(v) / (1 - beta2**t) ** 0.5
        size += group["eps"]
        step = lr / (1 - beta1**t) * m
        step /= size
        x -= step


class AdamW(Adam):
    r"""Adam with weight decay apart from the gradient: first x <- x - lr lambda x, then Adam.

    In Adam the decay is divided by the gradients' size too, so weights with large gradients would
    hardly decay.

    Source: Loshchilov and Hutter 2019.

    >>> import minigrad as mg
    >>> w = mg.tensor([3.0], requires_grad=True)
    >>> optimizer = mg.optim.AdamW([w], lr=0.1, weight_decay=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([2.8700], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 1e-2, amsgrad: bool = False, *,
        maximize: bool = False, foreach: bool | None = None, capturable: bool = False,
        differentiable: bool = False, fused: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, foreach=foreach, maximize=maximize,
            capturable=capturable, differentiable=differentiable, fused=fused,
            decoupled_weight_decay=True,
        )  # fmt: skip
