"""The gamma distribution, and the chi-squared one."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.elementwise import Elementwise
from ..core.op import apply
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..ops.elementwise.error_and_gamma import digamma, lgamma, lgamma_array
from ..ops.elementwise.exponentials import xlogy
from ..ops.shaping.grids import broadcast_tensors
from ..random import rejection
from . import constraints
from .distribution import Distribution, broadcast_all, shape_of
from .pathwise import gamma_by_shape, gamma_cdf


class StandardGamma(Elementwise):
    formula = r"y \sim \mathrm{Gamma}(x, 1)"

    def forward(x: Any, *, sample: Any) -> Any:
        return sample

    def vjp_x(g: Any, x: Any, sample: Any, xp: Any) -> Any:
        r"\bar y \odot \partial y / \partial x \text{ at the same } F(y; x)"
        refuse_second(xp, "_standard_gamma_grad")
        slope = gamma_by_shape(sample.astype(np.float64), x.astype(np.float64))
        return g * slope.astype(g.dtype)


class GammaCdf(Elementwise):
    formula = r"y = \frac{1}{\Gamma(a)} \int_0^x t^{a-1} e^{-t} dt"

    def forward(x: Any, *, a: Any) -> Any:
        return gamma_cdf(x.astype(np.float64), a.astype(np.float64)).astype(x.dtype)

    def vjp_x(g: Any, x: Any, a: Any, xp: Any) -> Any:
        r"\bar y \odot x^{a-1} e^{-x} / \Gamma(a)"
        return g * xp.exp((a - 1) * xp.log(x) - x - lgamma_array(a))


def refuse_second(xp: Any, name: str) -> None:
    if not xp.first_order:
        raise RuntimeError(
            f"the derivative for '{name}' is not implemented: a gradient through this sample "
            "cannot be differentiated again (create_graph=True)"
        )


class Gamma(Distribution):
    """The waiting time for ``concentration`` events, if ``rate`` happen in a unit of time.

    >>> import minigrad as mg
    >>> mg.distributions.Gamma(2.0, 4.0).mean
    tensor(0.5000)
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast_all(concentration, rate)
        shape = shape_of(self.concentration, concentration, rate)
        super().__init__(shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        likeliest: Tensor = ((self.concentration - 1) / self.rate).clamp(min=0)
        return likeliest

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate.pow(2)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        alpha = self.concentration.expand(shape)
        drawn = rejection.drawn(rejection.gamma, alpha)._data
        sample: Any = np.maximum(drawn, np.finfo(drawn.dtype).tiny)
        value = apply(StandardGamma, (alpha,), {"sample": sample}) / self.rate.expand(shape)
        value.detach().clamp_(min=dtypes.finfo(value.dtype).tiny)  # never 0
        return value

    def log_prob(self, value: Any) -> Tensor:
        value = self.concentration.new_tensor(value) if not isinstance(value, Tensor) else value
        if self._validate_args:
            self._validate_sample(value)
        normalised = xlogy(self.concentration, self.rate) - lgamma(self.concentration)
        return normalised + xlogy(self.concentration - 1, value) - self.rate * value

    def cdf(self, value: Tensor) -> Tensor:
        """Differentiable in ``value`` and ``rate``, as in PyTorch not in ``concentration``."""
        if self._validate_args:
            self._validate_sample(value)
        if self.concentration.requires_grad:
            raise NotImplementedError(
                "the derivative for 'igamma: input' is not implemented: cdf has no gradient for "
                "concentration, give concentration.detach()"
            )
        x, a = broadcast_tensors(self.rate * value, self.concentration)
        return apply(GammaCdf, (x,), {"a": a._data})

    def entropy(self) -> Tensor:
        a = self.concentration
        return a - self.rate.log() + lgamma(a) + (1.0 - a) * digamma(a)


class Chi2(Gamma):
    """The sum of ``df`` squared standard normal numbers."""

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df: Any, validate_args: bool | None = None) -> None:
        (half,) = broadcast_all(df)
        super().__init__(0.5 * half, half.new_tensor(0.5), validate_args=validate_args)

    def expand(self, batch_shape: Any) -> Chi2:
        return Chi2(self.df.expand(batch_shape))

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self.concentration * 2
