"""``mg.special``: PyTorch's ``torch.special``, the special functions under their longer names.

>>> import minigrad as mg
>>> mg.special.expit(mg.tensor([0.0]))
tensor([0.5000])
"""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.elementwise.bessel import erfcx, i0, i0e, i1, i1e, log_ndtr, ndtri, zeta
from ..ops.elementwise.elementary import sigmoid as expit
from ..ops.elementwise.error_and_gamma import digamma, erf, erfc, erfinv, ndtr, polygamma
from ..ops.elementwise.error_and_gamma import digamma as psi
from ..ops.elementwise.error_and_gamma import lgamma as gammaln
from ..ops.elementwise.error_and_gamma import mvlgamma as multigammaln
from ..ops.elementwise.exponentials import entr, exp2, expm1, log1p, logit, xlog1py, xlogy
from ..ops.elementwise.rounding import round
from ..ops.elementwise.trigonometry import sinc
from ..ops.reducing.scans import logsumexp
from ..ops.reducing.softmax import log_softmax_of as log_softmax
from ..ops.reducing.softmax import softmax_of as softmax
from ..refusals.rules import obeying as _obeying

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

_name_publicly(globals())
