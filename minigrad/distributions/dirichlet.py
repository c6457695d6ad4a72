"""The Dirichlet distribution of shares that sum to 1, and the beta distribution of one share."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.op import Op, apply
from ..core.tensor import Tensor
from ..faithful.size import Size
from ..ops.elementwise.error_and_gamma import digamma, lgamma
from ..ops.elementwise.exponentials import xlogy
from ..ops.shaping.joining import stack
from ..random import rejection
from . import constraints
from .distribution import Distribution, broadcast_all, shape_of
from .gamma import refuse_second
from .pathwise import beta_by_first


class DirichletSample(Op):
    formula = r"y \sim \mathrm{Dirichlet}(x)"

    def forward(x: Any, *, sample: Any) -> Any:
        return sample

    def vjp_x(g: Any, x: Any, sample: Any, xp: Any) -> Any:
        r"(\bar y - \bar y \cdot y) \odot \frac{1}{1 - y} \partial y / \partial x"
        refuse_second(xp, "_dirichlet_grad")
        y, a = sample.astype(np.float64), x.astype(np.float64)
        slope = beta_by_first(y, a, a.sum(-1, keepdims=True) - a) / (1 - y)
        return slope.astype(g.dtype) * (g - (g * sample).sum(-1, keepdims=True))


def drawn_shares(concentration: Tensor) -> Tensor:
    """Gamma samples, divided by their sum; the gradient is that of one share against the rest."""
    parts = rejection.drawn(rejection.gamma, concentration.detach().double())._data
    dtype = concentration._data.dtype
    limits: Any = np.finfo(dtype)
    shares = (parts / parts.sum(-1, keepdims=True)).astype(dtype)
    shares = np.clip(shares, limits.tiny, 1 - limits.epsneg)
    sample: Tensor = apply(DirichletSample, (concentration,), {"sample": shares})
    return sample


class Dirichlet(Distribution):
    """Shares of several parts, which are not negative and sum to 1 (the last dimension).

    >>> import minigrad as mg
    >>> mg.distributions.Dirichlet(mg.tensor([1.0, 3.0])).mean
    tensor([0.2500, 0.7500])
    """

    arg_constraints = {"concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Any, validate_args: bool | None = None) -> None:
        if concentration.dim() < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        self.concentration = concentration
        shape = concentration.shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def mode(self) -> Tensor:
        above = (self.concentration - 1).clamp(min=0.0)
        mode = above / above.sum(-1, True)
        # Without a hump in the middle: all of the largest part.
        corner = (self.concentration < 1).all(-1)
        largest = mode.argmax(-1, keepdim=True) if mode.numel() else None
        if largest is not None and bool(corner.any()):
            one = mode.new_zeros(mode.shape).scatter_(-1, largest, 1.0)
            mode = corner.unsqueeze(-1).to(mode.dtype) * one + mode.masked_fill(
                corner.unsqueeze(-1), 0.0
            )
        return mode

    @property
    def variance(self) -> Tensor:
        total = self.concentration.sum(-1, True)
        return self.concentration * (total - self.concentration) / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return drawn_shares(self.concentration.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        a = self.concentration
        return xlogy(a - 1.0, value).sum(-1) + lgamma(a.sum(-1)) - lgamma(a).sum(-1)

    def entropy(self) -> Tensor:
        a, total, k = self.concentration, self.concentration.sum(-1), self.concentration.size(-1)
        return (
            lgamma(a).sum(-1) - lgamma(total) - (k - total) * digamma(total)
            - ((a - 1.0) * digamma(a)).sum(-1)
        )  # fmt: skip


class Beta(Distribution):
    """A share between 0 and 1: what the first of two parts of a :class:`Dirichlet` is.

    >>> import minigrad as mg
    >>> mg.distributions.Beta(1.0, 3.0).mean
    tensor(0.2500)
    """

    arg_constraints = {
        "concentration1": constraints.positive, "concentration0": constraints.positive,
    }  # fmt: skip
    support = constraints.unit_interval
    has_rsample = True

    def __init__(
        self, concentration1: Any, concentration0: Any, validate_args: bool | None = None
    ) -> None:  # fmt: skip
        first, second = broadcast_all(concentration1, concentration0)
        self._dirichlet = Dirichlet(stack([first, second], -1), validate_args=False)
        shape = shape_of(first, concentration1, concentration0)
        super().__init__(shape, validate_args=validate_args)
        if self._validate_args:
            for name, constraint in self.arg_constraints.items():
                self._check_parameter(name, constraint)

    def expand(self, batch_shape: Any) -> Beta:
        new: Beta = super().expand(batch_shape)
        new._dirichlet = self._dirichlet.expand(Size(batch_shape))
        return new

    @property
    def concentration1(self) -> Tensor:
        """How much the first part weighs."""
        return self._dirichlet.concentration[..., 0]

    @property
    def concentration0(self) -> Tensor:
        """How much the second part weighs."""
        return self._dirichlet.concentration[..., 1]

    @property
    def mean(self) -> Tensor:
        return self.concentration1 / (self.concentration1 + self.concentration0)

    @property
    def mode(self) -> Tensor:
        return self._dirichlet.mode[..., 0]

    @property
    def variance(self) -> Tensor:
        total = self.concentration1 + self.concentration0
        return self.concentration1 * self.concentration0 / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._dirichlet.rsample(sample_shape).select(-1, 0)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return self._dirichlet.log_prob(stack([value, 1.0 - value], -1))

    def entropy(self) -> Tensor:
        return self._dirichlet.entropy()
