"""The categorical distribution: one of several classes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..autograd.recording_modes import enable_grad
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..ops.making.creation import arange, full
from ..ops.reducing.scans import logsumexp
from ..ops.reducing.softmax import softmax
from ..ops.shaping.grids import broadcast_tensors
from ..random import draws as random
from . import constraints
from .bernoulli import GivenByProbsOrLogits, clamped, in_first_dimension, one_of


class Categorical(GivenByProbsOrLogits):
    """A number below the length of the last dimension, with these (relative) probabilities.

    probs are scaled to the sum 1; logits are their logarithms, up to a constant. ValueError if not
    exactly one of them is given, or it has no dimension, or a probability is negative.

    >>> import minigrad as mg
    >>> choice = mg.distributions.Categorical(probs=mg.tensor([1.0, 3.0]))
    >>> choice.probs, choice.log_prob(mg.tensor(1)).exp()
    (tensor([0.2500, 0.7500]), tensor(0.7500))
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        self._given = one_of(probs, logits)
        given = logits if probs is None else probs
        if given.dim() < 1:
            raise ValueError(f"`{self._given}` parameter must be at least one-dimensional.")
        if probs is not None:
            self.__dict__["probs"] = probs / probs.sum(-1, keepdim=True)
        else:
            self.__dict__["logits"] = logits - logsumexp(logits, dim=-1, keepdim=True)
        self._num_events = self._param.shape[-1]
        super().__init__(self._param.shape[:-1], validate_args=validate_args)

    @property
    def support(self) -> Any:
        return constraints.integer_interval(0, self._num_events - 1)

    @cached_property
    def logits(self) -> Tensor:
        with enable_grad():
            logits: Tensor = clamped(self.probs).log()
            return logits

    @cached_property
    def probs(self) -> Tensor:
        with enable_grad():
            return softmax(self.logits, dim=-1)

    @property
    def mean(self) -> Tensor:
        return full(self._extended_shape(), float("nan"), dtype=self.probs.dtype)

    variance = mean

    @property
    def mode(self) -> Tensor:
        likeliest: Tensor = self.probs.argmax(dim=-1)
        return likeliest

    def sample(self, sample_shape: Any = ()) -> Tensor:
        rows = self.probs.reshape(-1, self._num_events)
        count = 1
        for n in sample_shape:
            count *= n
        drawn = random.multinomial(rows, count, True).T
        return drawn.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        chosen, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        found: Tensor = logits.gather(-1, chosen[..., :1]).squeeze(-1)
        return found

    def entropy(self) -> Tensor:
        lowest = dtypes.finfo(self.logits.dtype).min
        return -(self.logits.clamp(min=lowest) * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return in_first_dimension(arange(self._num_events), self.batch_shape, expand)
