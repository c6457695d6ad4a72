"""Distributions of a function of a random value: log-normal, half-normal, Gumbel, Weibull, ..."""

from __future__ import annotations

import copy
import math
from typing import Any

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.size import Size
from ..ops.elementwise.error_and_gamma import lgamma
from ..ops.making.creation import full_like, ones_like
from . import constraints
from .distribution import Distribution, broadcast_all, sum_last
from .exponential import Exponential
from .heavy_tailed import Cauchy
from .normal import Normal
from .transforms import AbsTransform, AffineTransform, ExpTransform, PowerTransform, Transform
from .uniform import Uniform

EULER = 0.57721566490153286060


class TransformedDistribution(Distribution):
    """The distribution of t(x), where x is from ``base_distribution`` and t one or more transforms.

    >>> import minigrad as mg
    >>> from minigrad.distributions import Normal, TransformedDistribution
    >>> from minigrad.distributions.transforms import ExpTransform
    >>> TransformedDistribution(Normal(0.0, 1.0), ExpTransform()).log_prob(mg.tensor(1.0))
    tensor(-0.9189)
    """

    arg_constraints: Any = {}
    base_dist: Any

    def __init__(
        self, base_distribution: Distribution, transforms: Any, validate_args: bool | None = None
    ) -> None:
        transforms = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(transforms, list):
            raise ValueError(
                f"transforms must be a Transform or list, but was {transforms}"
            )  # fmt: skip
        if not all(isinstance(t, Transform) for t in transforms):
            raise ValueError("transforms must be a Transform or a list of Transforms")
        self.transforms: list[Transform] = transforms
        shape: Any = (*base_distribution.batch_shape, *base_distribution.event_shape)
        events = len(base_distribution.event_shape)
        for transform in transforms:
            shape = transform.forward_shape(shape)
            needed = transform.domain.event_dim
            if len(shape) < needed:
                raise ValueError(
                    "base_distribution needs to have shape with size at least "
                    f"{needed}, but got {Size(shape)}."
                )
            events = max(events, needed, transform.codomain.event_dim)
        self.base_dist = base_distribution
        split = len(shape) - events
        super().__init__(shape[:split], shape[split:], validate_args=validate_args)

    def expand(self, batch_shape: Any) -> Any:
        new = copy.copy(self)
        extra = len(self.event_shape) - len(self.base_dist.event_shape)
        new.base_dist = self.base_dist.expand((*batch_shape, *self.event_shape[:extra]))
        for name in self.arg_constraints:
            if name in self.__dict__:
                setattr(new, name, self.__dict__[name].expand(batch_shape))
        new._batch_shape = Size(batch_shape)
        return new

    @property
    def has_rsample(self) -> Any:
        return self.base_dist.has_rsample

    @property
    def support(self) -> Any:
        if not self.transforms:
            return self.base_dist.support
        each = self.transforms[-1].codomain
        more = len(self.event_shape) - each.event_dim
        return constraints.independent(each, more) if more > 0 else each

    def _forward(self, x: Tensor) -> Tensor:
        for transform in self.transforms:
            x = transform(x)
        return x

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return self._forward(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._forward(self.base_dist.rsample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        events = len(self.event_shape)
        total: Any = 0.0
        y = value
        for transform in reversed(self.transforms):
            x = transform.inv(y)
            events += transform.domain.event_dim - transform.codomain.event_dim
            jacobian = transform.log_abs_det_jacobian(x, y)
            total = total - sum_last(jacobian, events - transform.domain.event_dim)
            y = x
        own = self.base_dist.log_prob(y)
        log_prob: Tensor = total + sum_last(own, events - len(self.base_dist.event_shape))
        return log_prob

    def _monotone(self, p: Tensor) -> Tensor:
        """A probability of at most ..., as one of the base's: 1 - p if the transforms go down."""
        sign: Any = 1
        for transform in self.transforms:
            sign = sign * transform.sign
        if isinstance(sign, int) and sign == 1:
            return p
        return sign * (p - 0.5) + 0.5

    def cdf(self, value: Tensor) -> Tensor:
        for transform in reversed(self.transforms):
            value = transform.inv(value)
        if self._validate_args:
            self.base_dist._validate_sample(value)
        return self._monotone(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self._forward(self.base_dist.icdf(self._monotone(value)))

    def __repr__(self) -> str:
        if type(self) is TransformedDistribution:
            return "TransformedDistribution()"
        return super().__repr__()


class LogNormal(TransformedDistribution):
    """exp of a normal number.

    >>> import minigrad as mg
    >>> mg.distributions.LogNormal(0.0, 1.0).mean
    tensor(1.6487)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        base = Normal(loc, scale, validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)

    @property
    def loc(self) -> Tensor:
        """The mean of the logarithm."""
        loc: Tensor = self.base_dist.loc
        return loc

    @property
    def scale(self) -> Tensor:
        """The standard deviation of the logarithm."""
        scale: Tensor = self.base_dist.scale
        return scale

    @property
    def mean(self) -> Tensor:
        return (self.loc + self.scale.pow(2) / 2).exp()

    @property
    def mode(self) -> Tensor:
        return (self.loc - self.scale.square()).exp()

    @property
    def variance(self) -> Tensor:
        square = self.scale.pow(2)
        return square.expm1() * (2 * self.loc + square).exp()

    def entropy(self) -> Tensor:
        entropy: Tensor = self.base_dist.entropy() + self.loc
        return entropy


class Half(TransformedDistribution):
    """|x| of a distribution that is symmetrical around 0."""

    arg_constraints = {"scale": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    @property
    def scale(self) -> Tensor:
        """The scale of the whole distribution."""
        scale: Tensor = self.base_dist.scale
        return scale

    @property
    def mode(self) -> Tensor:
        return full_like(self.scale, 0.0)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        whole: Tensor = self.base_dist.log_prob(value) + math.log(2)
        return whole.masked_fill(value < 0, -math.inf)

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return 2 * self.base_dist.cdf(value) - 1

    def icdf(self, value: Tensor) -> Tensor:
        found: Tensor = self.base_dist.icdf((value + 1) / 2)
        return found

    def entropy(self) -> Tensor:
        return self.base_dist.entropy() - math.log(2)


class HalfNormal(Half):
    """The absolute value of a normal number around 0."""

    def __init__(self, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Normal(0.0, scale, validate_args=False), AbsTransform(), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Tensor:
        return self.scale.pow(2) * (1 - 2 / math.pi)


class HalfCauchy(Half):
    """The absolute value of a Cauchy number around 0."""

    def __init__(self, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Cauchy(0.0, scale, validate_args=False), AbsTransform(), validate_args)

    @property
    def mean(self) -> Tensor:
        return full_like(self.scale, math.inf)

    @property
    def variance(self) -> Tensor:
        variance: Tensor = self.base_dist.variance
        return variance


class Gumbel(TransformedDistribution):
    """What the largest of many numbers is like.

    >>> import minigrad as mg
    >>> mg.distributions.Gumbel(0.0, 1.0).mean
    tensor(0.5772)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        limits = dtypes.finfo(self.loc.dtype)
        low, high = full_like(self.loc, limits.tiny), full_like(self.loc, 1 - limits.eps)
        steps = [
            ExpTransform().inv, AffineTransform(0, -ones_like(self.scale)), ExpTransform().inv,
            AffineTransform(loc, -self.scale),
        ]  # fmt: skip
        base = Uniform(low, high, validate_args=validate_args)
        super().__init__(base, steps, validate_args=validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        y = (self.loc - value) / self.scale
        return (y - y.exp()) - self.scale.log()

    @property
    def mean(self) -> Tensor:
        return self.loc + self.scale * EULER

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return (math.pi / math.sqrt(6)) * self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev.pow(2)

    def entropy(self) -> Tensor:
        return self.scale.log() + (1 + EULER)


class Weibull(TransformedDistribution):
    """A power of an exponential number: times until failure.

    >>> import minigrad as mg
    >>> mg.distributions.Weibull(2.0, 1.0).mean
    tensor(2.)
    """

    arg_constraints = {"scale": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive

    def __init__(self, scale: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.scale, self.concentration = broadcast_all(scale, concentration)
        steps = [PowerTransform(self.concentration.reciprocal()), AffineTransform(0, self.scale)]
        base = Exponential(ones_like(self.scale), validate_args=validate_args)
        super().__init__(base, steps, validate_args=validate_args)

    def _moment(self, n: int) -> Tensor:
        return lgamma(1 + n * self.concentration.reciprocal()).exp()

    @property
    def mean(self) -> Tensor:
        return self.scale * self._moment(1)

    @property
    def mode(self) -> Tensor:
        k = self.concentration
        return self.scale * ((k - 1) / k) ** k.reciprocal()

    @property
    def variance(self) -> Tensor:
        return self.scale.pow(2) * (self._moment(2) - self._moment(1).pow(2))

    def entropy(self) -> Tensor:
        inverse = self.concentration.reciprocal()
        return EULER * (1 - inverse) + (self.scale * inverse).log() + 1
