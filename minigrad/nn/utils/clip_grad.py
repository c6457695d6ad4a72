"""Limit gradients that have become too large."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...autograd.recording_modes import no_grad
from ...core.tensor import Tensor
from ...ops import capturing
from ...ops.making.creation import tensor
from ...ops.matrices.norms import vector_norm
from ...ops.shaping.joining import stack


def gradients(parameters: Any) -> list[Tensor]:
    """The gradients there are, of a parameter or of several."""
    params = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [p.grad for p in params if p.grad is not None]


@no_grad()
def get_total_norm(
    tensors: Iterable[Tensor], norm_type: float = 2.0, error_if_nonfinite: bool = False,
    foreach: Any = None,
) -> Tensor:  # fmt: skip
    """The norm of all tensors together, as if they were one vector."""
    norms = [vector_norm(t, norm_type) for t in tensors]
    if not norms:
        return tensor(0.0)
    total = vector_norm(stack(norms), norm_type)
    if error_if_nonfinite and not bool(total.isfinite()):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, "
            "so it cannot be clipped. To disable this error and scale the gradients by the "
            "non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    return total


@no_grad()
def clip_grads_with_norm_(
    parameters: Any, max_norm: float, total_norm: Tensor, foreach: Any = None
) -> None:
    """Scale the gradients so that their ``total_norm`` becomes at most ``max_norm``."""
    factor = (float(max_norm) / (total_norm + 1e-6)).clamp(max=1.0)
    for grad in gradients(parameters):
        grad.mul_(factor)


@capturing.replayed
@no_grad()
def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False,
    foreach: Any = None,
) -> Tensor:  # fmt: skip
    """Scale all gradients together so that their norm is at most ``max_norm``, in place.

    Returns the norm they had (Pascanu et al. 2013).

    >>> import minigrad as mg
    >>> w = mg.tensor([3.0, 4.0], requires_grad=True)
    >>> (w * w / 2).sum().backward()
    >>> mg.nn.utils.clip_grad_norm_([w], max_norm=1.0), w.grad
    (tensor(5.), tensor([0.6000, 0.8000]))
    """
    params = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    total = get_total_norm(gradients(params), float(norm_type), error_if_nonfinite)
    clip_grads_with_norm_(params, max_norm, total)
    return total


@capturing.replayed
@no_grad()
def clip_grad_value_(parameters: Any, clip_value: float, foreach: Any = None) -> None:
    """Cut every number of the gradients off at ±``clip_value``, in place."""
    for grad in gradients(parameters):
        grad.clamp_(-float(clip_value), float(clip_value))
