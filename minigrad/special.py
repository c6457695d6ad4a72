"""``mg.special``: PyTorch's ``torch.special``, the special functions under their longer names.

>>> import minigrad as mg
>>> mg.special.expit(mg.tensor([0.0]))
tensor([0.5000])
"""

from .ops.elementwise import sigmoid as expit
from .ops.exponentials import entr, exp2, expm1, log1p, logit, xlog1py, xlogy
from .ops.rounding import round
from .ops.special import digamma, erf, erfc, erfinv, ndtr, polygamma
from .ops.special import digamma as psi
from .ops.special import lgamma as gammaln
from .ops.special import mvlgamma as multigammaln
from .ops.trigonometry import sinc

__all__ = [
    "digamma", "entr", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln", "log1p",
    "logit", "multigammaln", "ndtr", "polygamma", "psi", "round", "sinc", "xlog1py", "xlogy",
]  # fmt: skip
