"""The Kullback-Leibler divergence: how far one distribution is from another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise.comparisons import eq, where
from ..ops.elementwise.error_and_gamma import digamma, lgamma
from ..ops.making.creation import full_like
from ..ops.matrices.solvers import solve_triangular
from ..ops.networks.activations import softplus
from .bernoulli import Bernoulli
from .categorical import Categorical
from .counts import Binomial, Geometric, Poisson
from .dirichlet import Beta, Dirichlet
from .distribution import Distribution, sum_last
from .exponential import Exponential
from .gamma import Gamma
from .independent import Independent
from .laplace import Laplace
from .multivariate_normal import MultivariateNormal, half_log_det, mahalanobis
from .normal import Normal
from .transformed import EULER, Gumbel, HalfNormal, LogNormal
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


@register_kl(Gamma, Gamma)
def kl_gamma_gamma(p: Gamma, q: Gamma) -> Tensor:
    a, b = p.concentration, q.concentration
    rates = b * (p.rate / q.rate).log() + a * (q.rate / p.rate - 1)
    return rates + lgamma(b) - lgamma(a) + (a - b) * digamma(a)


@register_kl(Exponential, Gamma)
def kl_exponential_gamma(p: Exponential, q: Gamma) -> Tensor:
    return kl_gamma_gamma(Gamma(full_like(p.rate, 1.0), p.rate), q)


@register_kl(Gamma, Exponential)
def kl_gamma_exponential(p: Gamma, q: Exponential) -> Tensor:
    return kl_gamma_gamma(p, Gamma(full_like(q.rate, 1.0), q.rate))


@register_kl(Dirichlet, Dirichlet)
def kl_dirichlet_dirichlet(p: Dirichlet, q: Dirichlet) -> Tensor:
    a, b = p.concentration, q.concentration
    total = a.sum(-1)
    sizes = lgamma(total) - lgamma(b.sum(-1)) - (lgamma(a) - lgamma(b)).sum(-1)
    return sizes + ((a - b) * (digamma(a) - digamma(total).unsqueeze(-1))).sum(-1)


@register_kl(Beta, Beta)
def kl_beta_beta(p: Beta, q: Beta) -> Tensor:
    return kl_dirichlet_dirichlet(p._dirichlet, q._dirichlet)


@register_kl(Poisson, Poisson)
def kl_poisson_poisson(p: Poisson, q: Poisson) -> Tensor:
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


@register_kl(Geometric, Geometric)
def kl_geometric_geometric(p: Geometric, q: Geometric) -> Tensor:
    return -p.entropy() - (-q.probs).log1p() / p.probs - q.logits


@register_kl(Binomial, Binomial)
def kl_binomial_binomial(p: Binomial, q: Binomial) -> Tensor:
    if bool((p.total_count < q.total_count).any()):
        raise NotImplementedError(
            "KL between Binomials where q.total_count > p.total_count is not implemented"
        )
    odds = p.probs * (p.logits - q.logits) + (-p.probs).log1p() - (-q.probs).log1p()
    return (p.total_count * odds).masked_fill(p.total_count > q.total_count, INFINITE)


@register_kl(LogNormal, LogNormal)
def kl_lognormal_lognormal(p: LogNormal, q: LogNormal) -> Tensor:
    return kl_divergence(p.base_dist, q.base_dist)


@register_kl(HalfNormal, HalfNormal)
def kl_halfnormal_halfnormal(p: HalfNormal, q: HalfNormal) -> Tensor:
    return kl_divergence(p.base_dist, q.base_dist)


@register_kl(Gumbel, Gumbel)
def kl_gumbel_gumbel(p: Gumbel, q: Gumbel) -> Tensor:
    ratio = p.scale / q.scale
    own, other = q.loc / q.scale, p.loc / q.scale
    moved = other + ratio * EULER
    end = (own + lgamma(1 + ratio) - other).exp()
    return moved - ratio.log() - own + end - (1 + EULER)


@register_kl(MultivariateNormal, MultivariateNormal)
def kl_multivariatenormal_multivariatenormal(
    p: MultivariateNormal, q: MultivariateNormal
) -> Tensor:  # fmt: skip
    if p.event_shape != q.event_shape:
        raise ValueError(
            "KL-divergence between two Multivariate Normals with different event shapes cannot be "
            "computed"
        )
    spread = solve_triangular(q._lower, p._lower, upper=False).pow(2).sum([-2, -1])
    distance = mahalanobis(q._lower, q.loc - p.loc)
    size = half_log_det(q._lower) - half_log_det(p._lower)
    return size + 0.5 * (spread + distance - p.event_shape[0])
