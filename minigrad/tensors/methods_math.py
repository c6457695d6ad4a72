"""Methods for mathematics: which function each is, as in ``methods.py``."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise import arithmetic as elementwise
from ..ops.elementwise import (
    blends,
    comparisons,
    exponentials,
    limits,
    logic,
    rounding,
    signs,
    trigonometry,
)
from ..ops.elementwise import complex_numbers as complex
from ..ops.elementwise import error_and_gamma as special
from ..ops.matrices import (
    cholesky,
    decompositions,
    determinants,
    matrix_functions,
    norms,
    product_sums,
    products,
    solvers,
)
from ..ops.reducing import bins, calculus, scans, sorting, statistics
from ..ops.writing.inplace import in_place_of
from .methods import add_methods

FUNCTIONS: dict[Any, str] = {
    trigonometry: """
        tan asin acos atan sinh cosh asinh acosh atanh atan2 hypot deg2rad rad2deg sinc
    """,
    exponentials: """
        exp2 expm1 log2 log10 log1p rsqrt reciprocal logaddexp logaddexp2 xlogy logit ldexp
        float_power
    """,
    special: "erf erfc erfinv lgamma digamma mvlgamma",
    rounding: "ceil trunc fix round frac",
    signs: "sign copysign positive",
    limits: "nan_to_num clamp_min clamp_max",
    comparisons: "fmax fmin",
    blends: "lerp addcmul addcdiv",
    elementwise: "fmod",
    logic: """
        isnan isinf isfinite isposinf isneginf isreal signbit isclose allclose equal logical_and
        logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor bitwise_not
        bitwise_left_shift bitwise_right_shift gcd lcm heaviside nextafter is_nonzero
    """,
    complex: "angle",
    scans: "prod cumsum cumprod cummax cummin logcumsumexp logsumexp",
    calculus: "diff",
    norms: "norm dist",
    sorting: """
        sort argsort msort topk kthvalue median nanmedian mode quantile nanquantile unique
        unique_consecutive
    """,
    bins: "bincount histc",
    statistics: "nansum nanmean count_nonzero aminmax cov corrcoef",
    products: "outer inner cross trace kron vdot",
    product_sums: "addmm addmv addr addbmm baddbmm",
    determinants: "det logdet slogdet",
    cholesky: "cholesky_solve cholesky_inverse",
    matrix_functions: "matrix_exp matrix_power",
}
INPLACE: dict[Any, str] = {
    elementwise: "square fmod",
    trigonometry: "tan asin acos atan sinh cosh asinh acosh atanh atan2 hypot deg2rad rad2deg sinc",
    exponentials: "exp2 expm1 log2 log10 log1p rsqrt reciprocal xlogy logit ldexp float_power",
    special: "erf erfc erfinv lgamma digamma mvlgamma",
    rounding: "ceil trunc fix round frac",
    signs: "sgn sign copysign",
    limits: "nan_to_num clamp_min clamp_max",
    blends: "lerp addcmul addcdiv",
    logic: """
        logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor
        bitwise_not bitwise_left_shift bitwise_right_shift gcd lcm heaviside nextafter
    """,
    scans: "cumsum cumprod",
    product_sums: "addmv addbmm baddbmm",
}
ALIASES = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "arctan2": "atan2",
}  # fmt: skip

add_methods(FUNCTIONS)
for _module, _names in INPLACE.items():
    for _name in _names.split():
        setattr(Tensor, _name + "_", in_place_of(getattr(_module, _name), _name + "_"))
for _alias, _name in ALIASES.items():
    setattr(Tensor, _alias, getattr(Tensor, _name))
    setattr(Tensor, _alias + "_", getattr(Tensor, _name + "_"))

Tensor.addmm_ = in_place_of(product_sums.addmm_own, "addmm_")
Tensor.addr_ = in_place_of(product_sums.addr_own, "addr_")
Tensor.polygamma = lambda self, n: special.polygamma(n, self)
Tensor.polygamma_ = in_place_of(Tensor.polygamma, "polygamma_")
Tensor.inverse = solvers.inv
Tensor.pinverse = matrix_functions.pinv
Tensor.cholesky = cholesky.old_cholesky
Tensor.qr = decompositions.old_qr
Tensor.svd = decompositions.old_svd
Tensor.ger = products.outer
Tensor.real = property(complex.real)
Tensor.imag = property(complex.imag)
Tensor.__pos__ = signs.positive  # type: ignore
Tensor.__and__ = Tensor.__rand__ = logic.bitwise_and  # type: ignore
Tensor.__or__ = Tensor.__ror__ = logic.bitwise_or  # type: ignore
Tensor.__xor__ = Tensor.__rxor__ = logic.bitwise_xor  # type: ignore
Tensor.__lshift__ = logic.bitwise_left_shift  # type: ignore
Tensor.__rshift__ = logic.bitwise_right_shift  # type: ignore
