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
from ..ops.elementwise.polynomials import FUNCTIONS as _POLYNOMIALS
from ..ops.elementwise.rounding import round
from ..ops.elementwise.scipy_functions import FUNCTIONS as _BY_SCIPY
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
    "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammainc",
    "gammaincc", "gammaln", "i0", "i0e", "i1", "i1e", "log1p", "log_ndtr", "log_softmax", "logit",
    "logsumexp", "multigammaln", "ndtr", "ndtri", "polygamma", "psi", "round", "sinc", "softmax",
    "xlog1py", "xlogy", "zeta",
]  # fmt: skip

globals().update(_POLYNOMIALS | _BY_SCIPY)
__all__ += [*_POLYNOMIALS, *_BY_SCIPY]

_check_functions(globals(), _SPECIAL)  # wrong arguments are refused in PyTorch's words
_name_publicly(globals())
