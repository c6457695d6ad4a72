"""The Bernoulli distribution, and what it shares with the categorical one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..autograd.recording_modes import enable_grad, no_grad
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..ops.making.creation import arange
from ..ops.networks.losses import binary_cross_entropy_with_logits
from ..random import draws as random
from . import constraints
from .distribution import Distribution, broadcast_all, shape_of


class GivenByProbsOrLogits(Distribution):
    """A distribution given by ``probs`` or by ``logits``; the other one is computed when asked."""

    _given: str  # which of the two was given

    @property
    def _param(self) -> Tensor:
        value: Tensor = self.__dict__[self._given]
        return value

    @property
    def param_shape(self) -> Any:
        return self._param.shape


def one_of(probs: Any, logits: Any) -> str:
    """Which of the two was given. ValueError unless it is exactly one."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")
    return "logits" if probs is None else "probs"


def clamped(probs: Tensor) -> Tensor:
    """Probabilities with a finite logarithm."""
    eps = dtypes.finfo(probs.dtype).eps
    inside: Tensor = probs.clamp(min=eps, max=1 - eps)
    return inside


class Bernoulli(GivenByProbsOrLogits):
    """1 with probability ``probs``, else 0. ``logits`` are log(probs / (1 - probs)).

    >>> import minigrad as mg
    >>> mg.distributions.Bernoulli(probs=mg.tensor([0.5, 0.25])).log_prob(mg.ones(2)).exp()
    tensor([0.5000, 0.2500])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        self._given = one_of(probs, logits)
        given = logits if probs is None else probs
        (self.__dict__[self._given],) = broadcast_all(given)
        super().__init__(shape_of(self._param, given), validate_args=validate_args)

    @cached_property
    def logits(self) -> Tensor:
        with enable_grad():
            inside = clamped(self.probs)
            return inside.log() - (-inside).log1p()

    @cached_property
    def probs(self) -> Tensor:
        with enable_grad():
            probs: Tensor = self.logits.sigmoid()
            return probs

    @property
    def mean(self) -> Tensor:
        return self.probs

    @property
    def mode(self) -> Tensor:
        likely = (self.probs >= 0.5).to(self.probs.dtype)
        return likely.masked_fill(self.probs == 0.5, float("nan"))

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return random.bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Tensor:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return in_first_dimension(arange(2, dtype=self._param.dtype), self.batch_shape, expand)


def in_first_dimension(values: Tensor, batch_shape: Any, expand: bool) -> Tensor:
    """The values along dimension 0, beside (or for each of) the batch's distributions."""
    values = values.view(-1, *[1] * len(batch_shape))
    return values.expand(-1, *batch_shape) if expand else values
