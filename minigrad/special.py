"""``mg.special``: PyTorch's ``torch.special``, the special functions under their longer names.

>>> import minigrad as mg
>>> mg.special.expit(mg.tensor([0.0]))
tensor([0.5000])
"""

from .ops.bessel import erfcx, i0, i0e, i1, i1e, log_ndtr, ndtri, zeta
from .ops.elementary import sigmoid as expit
from .ops.exponentials import entr, exp2, expm1, log1p, logit, xlog1py, xlogy
from .ops.rounding import round
from .ops.rules import obeying as _obeying
from .ops.scans import logsumexp
from .ops.softmax import log_softmax_of as log_softmax
from .ops.softmax import softmax_of as softmax
from .ops.special import digamma, erf, erfc, erfinv, ndtr, polygamma
from .ops.special import digamma as psi
from .ops.special import lgamma as gammaln
from .ops.special import mvlgamma as multigammaln
from .ops.trigonometry import sinc

__all__ = [
    "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammaln", "i0",
    "i0e", "i1", "i1e", "log1p", "log_ndtr", "log_softmax", "logit", "logsumexp", "multigammaln",
    "ndtr", "ndtri", "polygamma", "psi", "round", "sinc", "softmax", "xlog1py", "xlogy", "zeta",
]  # fmt: skip

RULES = """
digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr ndtr \
    ndtri psi sinc: special_NAME(Tensor input)
log_softmax! softmax!: special_NAME(Tensor input, int dim, *, dtype? dtype=)
logit!: special_logit(Tensor input, float? eps=)
logsumexp!: special_logsumexp(Tensor input, int[1] dim, bool keepdim=)
multigammaln!: special_multigammaln(Tensor input, int p)
polygamma!: special_polygamma(int n, Tensor input)
round!: special_round(Tensor input, *, int decimals=)
xlog1py! xlogy! zeta!: special_NAME(Tensor input, Tensor other | Tensor input, Number other | \
    Number input, Tensor other)
"""
globals().update(_obeying(RULES, globals()))  # with PyTorch's words for arguments that do not fit
