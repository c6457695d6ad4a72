"""Distributions of counts: Poisson, binomial, negative binomial, geometric, multinomial."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..ops.elementwise.comparisons import eq, where
from ..ops.elementwise.error_and_gamma import lgamma
from ..ops.elementwise.exponentials import xlogy
from ..ops.making.creation import arange, full, tensor, zeros
from ..ops.networks.activations import sigmoid
from ..ops.networks.losses import binary_cross_entropy_with_logits
from ..random import rejection
from . import constraints
from .bernoulli import GivenByProbsOrLogits, clamped, in_first_dimension, one_of
from .categorical import Categorical
from .distribution import Distribution, broadcast_all, shape_of


class Poisson(Distribution):
    """How many events happen in a unit of time, if ``rate`` do on average.

    >>> import minigrad as mg
    >>> mg.distributions.Poisson(4.0).log_prob(mg.tensor(0.0))
    tensor(-4.)
    """

    arg_constraints = {"rate": constraints.nonnegative}
    support = constraints.nonnegative_integer

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast_all(rate)
        super().__init__(shape_of(self.rate, rate), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.rate

    @property
    def mode(self) -> Tensor:
        return self.rate.floor()

    @property
    def variance(self) -> Tensor:
        return self.rate

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            rate = self.rate.expand(self._extended_shape(sample_shape))
            return rejection.drawn(rejection.poisson, rate)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        rate, value = broadcast_all(self.rate, value)
        return xlogy(value, rate) - rate - lgamma(value + 1)


class ByLogOdds(GivenByProbsOrLogits):
    """What distributions share whose ``logits`` are log(probs / (1 - probs))."""

    def _take(self, probs: Any, logits: Any, *others: Any) -> tuple[Tensor, ...]:
        """Keep the one that was given; the others broadcast to its shape, and with it."""
        self._given = one_of(probs, logits)
        given, *rest = broadcast_all(logits if probs is None else probs, *others)
        self.__dict__[self._given] = given
        return tuple(rest)

    @cached_property
    def logits(self) -> Tensor:
        inside = clamped(self.probs)
        return inside.log() - (-inside).log1p()

    @cached_property
    def probs(self) -> Tensor:
        return sigmoid(self.logits)


class Binomial(ByLogOdds):
    """How many of ``total_count`` trials succeed, each with probability ``probs``.

    >>> import minigrad as mg
    >>> mg.distributions.Binomial(4, probs=mg.tensor(0.5)).log_prob(mg.tensor(2.0)).exp()
    tensor(0.3750)
    """

    arg_constraints = {
        "total_count": constraints.nonnegative_integer, "probs": constraints.unit_interval,
        "logits": constraints.real,
    }  # fmt: skip
    has_enumerate_support = True

    def __init__(
        self, total_count: Any = 1, probs: Any = None, logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        (self.total_count,) = self._take(probs, logits, total_count)
        self.total_count = self.total_count.to(self._param.dtype)
        super().__init__(self._param.shape, validate_args=validate_args)

    @property
    def support(self) -> Any:
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        return ((self.total_count + 1) * self.probs).floor().clamp(max=self.total_count)

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            counts, probs = self.total_count.expand(shape), self.probs.expand(shape)
            return rejection.drawn(rejection.binomial, counts, probs)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        n, logits = self.total_count, self.logits
        failures = n * (logits.clamp(min=0) + (-logits.abs()).exp().log1p()) - lgamma(n + 1)
        return value * logits - lgamma(value + 1) - lgamma(n - value + 1) - failures

    def entropy(self) -> Tensor:
        values = self.enumerate_support(False)
        log_prob = self.log_prob(values)
        return -(log_prob.exp() * log_prob).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        n = int(self.total_count.max())
        if not int(self.total_count.min()) == n:
            raise NotImplementedError(
                "Inhomogeneous total count not supported by `enumerate_support`."
            )
        return in_first_dimension(
            arange(1 + n, dtype=self._param.dtype), self.batch_shape, expand
        )  # fmt: skip


class Geometric(ByLogOdds):
    """How many trials fail before the first succeeds, with probability ``probs``.

    >>> import minigrad as mg
    >>> mg.distributions.Geometric(0.5).mean
    tensor(1.)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        self._take(probs, logits)
        shape = shape_of(self._param, logits if probs is None else probs)
        super().__init__(shape, validate_args=validate_args)
        if self._validate_args and probs is not None and not bool((self.probs > 0).all()):
            raise ValueError(
                f"Expected parameter probs ({type(self.probs).__name__} of shape "
                f"{tuple(self.probs.shape)}) of distribution {self!r} to be positive but found "
                f"invalid values:\n{self.probs}"
            )

    @property
    def mean(self) -> Tensor:
        return 1.0 / self.probs - 1.0

    @property
    def mode(self) -> Tensor:
        zero: Tensor = self.probs.new_zeros(self.probs.shape)
        return zero

    @property
    def variance(self) -> Tensor:
        return (1.0 / self.probs - 1.0) / self.probs

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            u = zeros(self._extended_shape(sample_shape), dtype=self.probs.dtype)
            u.uniform_(dtypes.finfo(u.dtype).tiny, 1)
            return (u.log() / (-self.probs).log1p()).floor()

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        value, probs = broadcast_all(value, self.probs)
        certain = eq(probs, 1) & eq(value, 0)
        probs = where(certain, 0.0, probs)
        return value * (-probs).log1p() + self.probs.log()

    def entropy(self) -> Tensor:
        loss = binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")
        return loss / self.probs


class Multinomial(Distribution):
    """How often each of several classes comes up in ``total_count`` draws.

    >>> import minigrad as mg
    >>> mg.distributions.Multinomial(4, probs=mg.tensor([1.0, 3.0])).mean
    tensor([1., 3.])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}

    def __init__(
        self, total_count: int = 1, probs: Any = None, logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        self._categorical = Categorical(probs, logits)
        shape = self._categorical.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape: Any) -> Multinomial:
        new: Multinomial = super().expand(batch_shape)
        new._categorical = self._categorical.expand(batch_shape)
        return new

    @property
    def probs(self) -> Tensor:
        return self._categorical.probs

    @property
    def logits(self) -> Tensor:
        return self._categorical.logits

    @property
    def param_shape(self) -> Any:
        return self._categorical.param_shape

    @property
    def support(self) -> Any:
        return constraints.multinomial(self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        drawn = self._categorical.sample((self.total_count, *sample_shape)).movedim(0, -1)
        counts = zeros(self._extended_shape(sample_shape), dtype=self.probs.dtype)
        return counts.scatter_add_(-1, drawn, full(drawn.shape, 1.0, dtype=counts.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        impossible = eq(value, 0) & eq(logits, -float("inf"))
        powers = (logits.masked_fill(impossible, 0.0) * value).sum(-1)
        return lgamma(value.sum(-1) + 1) - lgamma(value + 1).sum(-1) + powers

    def entropy(self) -> Tensor:
        n = tensor(self.total_count)
        each = Binomial(self.total_count, probs=self.probs)
        values = each.enumerate_support(False)[1:]
        ways = (each.log_prob(values).exp() * lgamma(values + 1)).sum([0, -1])
        return n * self._categorical.entropy() - lgamma(n + 1) + ways
