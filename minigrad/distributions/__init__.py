"""Probability distributions under PyTorch's names: draw, and ask for the log-probability.

The same seed gives PyTorch's samples. ``rsample`` draws so that a gradient flows to the
parameters (the reparametrization trick, Kingma and Welling 2013), ``sample`` without.

>>> import minigrad as mg
>>> from minigrad.distributions import Normal, kl_divergence
>>> _ = mg.manual_seed(0)
>>> mu = mg.tensor(1.0, requires_grad=True)
>>> Normal(mu, 2.0).rsample((3,))
tensor([ 4.0820,  0.4131, -3.3576], grad_fn=<AddBackward0>)
>>> kl_divergence(Normal(mu, 2.0), Normal(0.0, 1.0))
tensor(1.3069, grad_fn=<MulBackward0>)
"""

from ..faithful.public_names import name_publicly as _name_publicly
from . import constraints as constraints
from . import kl as kl
from . import transforms as transforms
from .bernoulli import Bernoulli
from .categorical import Categorical
from .counts import Binomial, Geometric, Multinomial, Poisson
from .dirichlet import Beta, Dirichlet
from .distribution import Distribution
from .exponential import Exponential
from .gamma import Chi2, Gamma
from .heavy_tailed import Cauchy, StudentT
from .independent import Independent
from .kl import kl_divergence, register_kl
from .laplace import Laplace
from .mixture import MixtureSameFamily
from .multivariate_normal import MultivariateNormal
from .normal import Normal
from .transformed import (
    Gumbel,
    HalfCauchy,
    HalfNormal,
    LogNormal,
    TransformedDistribution,
    Weibull,
)
from .transforms import *
from .uniform import Uniform

__all__ = [
    "Bernoulli", "Beta", "Binomial", "Categorical", "Cauchy", "Chi2", "Dirichlet", "Distribution",
    "Exponential", "Gamma", "Geometric", "Gumbel", "HalfCauchy", "HalfNormal", "Independent",
    "Laplace", "LogNormal", "MixtureSameFamily", "Multinomial", "MultivariateNormal", "Normal",
    "Poisson", "StudentT", "TransformedDistribution", "Uniform", "Weibull", "kl_divergence",
    "register_kl", *transforms.__all__,
]  # fmt: skip

_name_publicly(globals())
