"""The normal (Gaussian) distribution."""

from __future__ import annotations

import math
from typing import Any

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from ..ops.elementwise.error_and_gamma import erf, erfinv
from ..random import draws as random
from . import constraints
from .distribution import Distribution, broadcast_all, shape_of


class Normal(Distribution):
    """The normal distribution with mean ``loc`` and standard deviation ``scale``.

    Both are numbers or tensors that broadcast. ValueError if scale is not positive.

    >>> import minigrad as mg
    >>> mg.distributions.Normal(0.0, 1.0).log_prob(mg.tensor([0.0, 2.0]))
    tensor([-0.9189, -2.9189])
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(shape_of(self.loc, loc, scale), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        return self.scale**2

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return random.normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        eps = random.randn(shape, dtype=self.loc.dtype)
        return self.loc + eps * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        square = (value - self.loc) ** 2
        root = math.log(math.sqrt(2 * math.pi))
        return -square / (2 * self.scale**2) - self.scale.log() - root

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return 0.5 * (1 + erf((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)))

    def icdf(self, value: Tensor) -> Tensor:
        return self.loc + self.scale * erfinv(2 * value - 1) * math.sqrt(2)

    def entropy(self) -> Tensor:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()
