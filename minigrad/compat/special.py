"""``mg.special``: PyTorch's ``torch.special``, the special functions under their longer names.

>>> import minigrad as mg
>>> mg.special.expit(mg.tensor([0.0]))
tensor([0.5000])
"""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.elementwise.bessel import i0, i0e, i1, i1e
from ..ops.elementwise.error_and_gamma import digamma, erf, erfc, erfinv, polygamma, zeta
from ..ops.elementwise.error_and_gamma import digamma as psi
from ..ops.elementwise.error_and_gamma import lgamma as gammaln
from ..ops.elementwise.error_and_gamma import mvlgamma as multigammaln
from ..ops.elementwise.exponentials import entr, exp2, expm1, log1p, logit, xlog1py, xlogy
from ..ops.elementwise.normal_distribution import erfcx, log_ndtr, ndtr, ndtri
from ..ops.elementwise.polynomials import (
    chebyshev_polynomial_t,
    chebyshev_polynomial_u,
    chebyshev_polynomial_v,
    chebyshev_polynomial_w,
    hermite_polynomial_h,
    hermite_polynomial_he,
    laguerre_polynomial_l,
    legendre_polynomial_p,
    shifted_chebyshev_polynomial_t,
    shifted_chebyshev_polynomial_u,
    shifted_chebyshev_polynomial_v,
    shifted_chebyshev_polynomial_w,
)
from ..ops.elementwise.rounding import round
from ..ops.elementwise.scipy_functions import (
    airy_ai,
    bessel_j0,
    bessel_j1,
    bessel_y0,
    bessel_y1,
    modified_bessel_i0,
    modified_bessel_i1,
    modified_bessel_k0,
    modified_bessel_k1,
    scaled_modified_bessel_k0,
    scaled_modified_bessel_k1,
    spherical_bessel_j0,
)
from ..ops.elementwise.scipy_functions import igamma as gammainc
from ..ops.elementwise.scipy_functions import igammac as gammaincc
from ..ops.elementwise.trigonometry import sinc
from ..ops.networks.activations import sigmoid as expit
from ..ops.reducing.scans import logsumexp
from ..ops.reducing.softmax import log_softmax_of as log_softmax
from ..ops.reducing.softmax import softmax_of as softmax
from ..refusals.refusing import check_functions as _check_functions
from ..refusals.signatures.of_special import SPECIAL as _SPECIAL

__all__ = [
    "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "chebyshev_polynomial_t",
    "chebyshev_polynomial_u", "chebyshev_polynomial_v", "chebyshev_polynomial_w", "digamma",
    "entr", "erf", "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammainc", "gammaincc",
    "gammaln", "hermite_polynomial_h", "hermite_polynomial_he", "i0", "i0e", "i1", "i1e",
    "laguerre_polynomial_l", "legendre_polynomial_p", "log1p", "log_ndtr", "log_softmax",
    "logit", "logsumexp", "modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0",
    "modified_bessel_k1", "multigammaln", "ndtr", "ndtri", "polygamma", "psi", "round",
    "scaled_modified_bessel_k0", "scaled_modified_bessel_k1", "shifted_chebyshev_polynomial_t",
    "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w", "sinc", "softmax", "spherical_bessel_j0", "xlog1py",
    "xlogy", "zeta",
]  # fmt: skip

_check_functions(globals(), _SPECIAL)  # wrong arguments are refused in PyTorch's words
_name_publicly(globals())
