"""All parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.tensor import Tensor
from ...ops.shaping.joining import cat
from ...refusals.words import need_attribute


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All numbers of the parameters, one after the other.

    >>> import minigrad as mg
    >>> mg.nn.utils.parameters_to_vector([mg.zeros(2), mg.ones(1, 1)])
    tensor([0., 0., 1.])
    """
    found = []
    for p in parameters:
        need_attribute(p, "device")
        found.append(p.reshape(-1))
    return cat(found)


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Write the numbers of a vector into the parameters."""
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__name__}")
    start = 0
    for p in parameters:
        need_attribute(p, "device")
        p.data = vec[start : start + p.numel()].reshape(p.shape).data  # type: ignore[misc]
        start += p.numel()
