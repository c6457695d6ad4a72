"""The Kullback-Leibler divergence: how far one distribution is from another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise.comparisons import eq, where
from ..ops.making.creation import full_like
from ..ops.networks.activations import softplus
from .bernoulli import Bernoulli
from .categorical import Categorical
from .distribution import Distribution, sum_last
from .exponential import Exponential
from .independent import Independent
from .laplace import Laplace
from .normal import Normal
from .uniform import Uniform

INFINITE = float("inf")
_formulas: dict[tuple[type, type], Any] = {}


def register_kl(type_p: type, type_q: type) -> Callable[[Any], Any]:
    """Decorates a function ``(p, q)`` that computes the divergence of these two kinds."""
    for kind, name in ((type_p, "p"), (type_q, "q")):
        if not (isinstance(kind, type) and issubclass(kind, Distribution)):
            raise TypeError(f"Expected type_{name} to be a Distribution subclass but got {kind}")

    def keep(formula: Any) -> Any:
        _formulas[type_p, type_q] = formula
        return formula

    return keep


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """``KL(p || q)``, the expected value under p of ``p.log_prob(x) - q.log_prob(x)``.

    Raises NotImplementedError for two kinds that have no formula; see ``register_kl``.

    >>> import minigrad as mg
    >>> from minigrad.distributions import Bernoulli
    >>> kl_divergence(Bernoulli(0.5), Bernoulli(0.25))
    tensor(0.1438)
    """
    for kind_p in type(p).__mro__:
        for kind_q in type(q).__mro__:
            if (kind_p, kind_q) in _formulas:
                found: Tensor = _formulas[kind_p, kind_q](p, q)
                return found
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
    )


@register_kl(Normal, Normal)
def kl_normal_normal(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale) ** 2
    between = ((p.loc - q.loc) / q.scale) ** 2
    return 0.5 * (ratio + between - 1 - ratio.log())


@register_kl(Uniform, Uniform)
def kl_uniform_uniform(p: Uniform, q: Uniform) -> Tensor:
    ratio = ((q.high - q.low) / (p.high - p.low)).log()
    return ratio.masked_fill((q.low > p.low) | (q.high < p.high), INFINITE)


@register_kl(Uniform, Normal)
def kl_uniform_normal(p: Uniform, q: Normal) -> Tensor:
    length = p.high - p.low
    height = (math.sqrt(math.pi * 2) * q.scale / length).log()
    between = ((p.high + p.low - 2 * q.loc) / 2) ** 2
    return height + 0.5 * (length**2 / 12 + between) / q.scale**2


@register_kl(Normal, Uniform)
def kl_normal_uniform(p: Normal, q: Uniform) -> Tensor:
    return full_like(p.loc, INFINITE)  # p goes on where q has no probability


@register_kl(Exponential, Exponential)
def kl_exponential_exponential(p: Exponential, q: Exponential) -> Tensor:
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(Laplace, Laplace)
def kl_laplace_laplace(p: Laplace, q: Laplace) -> Tensor:
    ratio = p.scale / q.scale
    between = (p.loc - q.loc).abs()
    return -ratio.log() + between / q.scale + ratio * (-between / p.scale).exp() - 1


@register_kl(Bernoulli, Bernoulli)
def kl_bernoulli_bernoulli(p: Bernoulli, q: Bernoulli) -> Tensor:
    ones = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    ones = where(eq(p.probs, 0), 0.0, where(eq(q.probs, 0), INFINITE, ones))
    zeros = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    zeros = where(eq(p.probs, 1), 0.0, where(eq(q.probs, 1), INFINITE, zeros))
    total: Tensor = ones + zeros
    return total


@register_kl(Categorical, Categorical)
def kl_categorical_categorical(p: Categorical, q: Categorical) -> Tensor:
    terms = p.probs * (p.logits - q.logits)
    terms = where(eq(p.probs, 0), 0.0, where(eq(q.probs, 0), INFINITE, terms))
    total: Tensor = terms.sum(-1)
    return total


@register_kl(Independent, Independent)
def kl_independent_independent(p: Independent, q: Independent) -> Tensor:
    n = p.reinterpreted_batch_ndims
    if n != q.reinterpreted_batch_ndims:
        raise NotImplementedError("the two take different dimensions as one value")
    return sum_last(kl_divergence(p.base_dist, q.base_dist), n)
