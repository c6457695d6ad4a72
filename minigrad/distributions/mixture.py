"""A mixture: first one of several components is chosen, then a value is drawn from it."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..faithful.size import Size
from ..ops.reducing.scans import logsumexp
from ..ops.reducing.softmax import log_softmax
from .categorical import Categorical
from .constraints import Constraint
from .distribution import Distribution


class MixtureSameFamily(Distribution):
    """Components of one kind (the last batch dimension), chosen with a :class:`Categorical`.

    >>> import minigrad as mg
    >>> from minigrad.distributions import Categorical, MixtureSameFamily, Normal
    >>> halves = Categorical(mg.ones(2))
    >>> MixtureSameFamily(halves, Normal(mg.tensor([-1.0, 1.0]), mg.ones(2))).mean
    tensor(0.)
    """

    def __init__(
        self, mixture_distribution: Any, component_distribution: Any,
        validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        mix, parts = mixture_distribution, component_distribution
        if not isinstance(mix, Categorical):
            raise ValueError(
                " The Mixture distribution needs to be an instance of "
                "torch.distributions.Categorical"
            )
        if not isinstance(parts, Distribution):
            raise ValueError(
                "The Component distribution need to be an instance of "
                "torch.distributions.Distribution"
            )
        shape = parts.batch_shape[:-1]
        for own, other in zip(reversed(mix.batch_shape), reversed(shape)):
            if own != 1 and other != 1 and own != other:
                raise ValueError(
                    f"`mixture_distribution.batch_shape` ({mix.batch_shape}) is not compatible "
                    f"with `component_distribution.batch_shape`({shape})"
                )
        count = mix.logits.shape[-1]
        if count != parts.batch_shape[-1]:
            raise ValueError(
                f"`mixture_distribution component` ({count}) does not equal "
                f"`component_distribution.batch_shape[-1]` ({parts.batch_shape[-1]})"
            )
        self.mixture_distribution, self.component_distribution = mix, parts
        super().__init__(shape, parts.event_shape, validate_args=validate_args)

    def expand(self, batch_shape: Any) -> MixtureSameFamily:
        count = self.component_distribution.batch_shape[-1]
        return MixtureSameFamily(
            self.mixture_distribution.expand(batch_shape),
            self.component_distribution.expand((*batch_shape, count)),
        )

    @property
    def support(self) -> Constraint:
        support: Constraint = self.component_distribution.support
        return support

    @property
    def _weights(self) -> Tensor:
        """The probabilities of the components, with dimensions of length 1 for an event."""
        probs: Tensor = self.mixture_distribution.probs
        return probs.reshape(*probs.shape, *[1] * len(self.event_shape))

    @property
    def _part(self) -> int:
        """The dimension of the components, from the end."""
        return -1 - len(self.event_shape)

    @property
    def mean(self) -> Tensor:
        return (self._weights * self.component_distribution.mean).sum(self._part)

    @property
    def variance(self) -> Tensor:
        parts = self.component_distribution
        within = (self._weights * parts.variance).sum(self._part)
        away = parts.mean - self.mean.unsqueeze(self._part)
        return within + (self._weights * away.pow(2.0)).sum(self._part)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        chosen = self.mixture_distribution.sample(sample_shape)
        values = self.component_distribution.sample(sample_shape)
        events = self.event_shape
        index = chosen.reshape(*chosen.shape, *[1] * (1 + len(events)))
        index = index.expand(Size((*values.shape[: self._part], 1, *events)))
        return values.gather(self._part, index).squeeze(self._part)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        each = self.component_distribution.log_prob(value.unsqueeze(self._part))
        return logsumexp(each + log_softmax(self.mixture_distribution.logits, dim=-1), dim=-1)

    def cdf(self, value: Tensor) -> Tensor:
        each = self.component_distribution.cdf(value.unsqueeze(self._part))
        return (each * self.mixture_distribution.probs).sum(-1)

    def __repr__(self) -> str:
        return (
            f"MixtureSameFamily(\n  {self.mixture_distribution!r},\n  "
            f"{self.component_distribution!r})"
        )
