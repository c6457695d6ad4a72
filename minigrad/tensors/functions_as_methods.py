"""Which function of ``ops/`` each method is: ``x.exp()`` is ``mg.exp(x)``.

The tables are the whole rule; a method has its function's docstring and signature. What writes in
place is in ``in_place.py``.
"""

from __future__ import annotations

import functools
from typing import Any

from ..core.tensor import Tensor
from ..ops import questions
from ..ops.elementwise import (
    arithmetic,
    bessel,
    blends,
    comparisons,
    complex_numbers,
    error_and_gamma,
    exponentials,
    limits,
    logic,
    rounding,
    signs,
    trigonometry,
)
from ..ops.matrices import (
    cholesky,
    decompositions,
    determinants,
    matmul,
    matrix_functions,
    norms,
    product_sums,
    products,
    solvers,
)
from ..ops.networks import activations
from ..ops.reducing import bins, calculus, reductions, scans, softmax, sorting, statistics
from ..ops.shaping import (
    cutting,
    diagonals,
    flat_positions,
    masks,
    rearrange,
    scatter,
    shape,
    slices,
    strided,
)
from ..ops.writing.inplace import copy_

# Functions whose first argument is a tensor, as methods of the same name.
FUNCTIONS: dict[Any, str] = {
    arithmetic: "add sub mul div pow floor_divide remainder square neg conj clone fmod",
    signs: "abs sgn sign copysign positive",
    exponentials: """
        exp log sqrt exp2 expm1 log2 log10 log1p rsqrt reciprocal logaddexp logaddexp2 xlogy logit
        ldexp float_power frexp
    """,
    trigonometry: """
        tanh sin cos tan asin acos atan sinh cosh asinh acosh atanh atan2 hypot deg2rad rad2deg
        sinc
    """,
    limits: "relu clamp nan_to_num clamp_min clamp_max",
    rounding: "floor ceil trunc fix round frac",
    comparisons: "maximum minimum eq ne lt le gt ge fmax fmin",
    error_and_gamma: "erf erfc erfinv lgamma digamma mvlgamma",
    bessel: "i0",
    blends: "lerp addcmul addcdiv",
    logic: """
        isnan isinf isfinite isposinf isneginf isreal signbit isclose allclose equal logical_and
        logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor bitwise_not
        bitwise_left_shift bitwise_right_shift gcd lcm heaviside nextafter is_nonzero
    """,
    complex_numbers: "angle resolve_conj resolve_neg",
    reductions: "sum mean var std max min amax amin argmax argmin any all",
    scans: "prod cumsum cumprod cummax cummin logcumsumexp logsumexp",
    calculus: "diff",
    sorting: """
        sort argsort msort topk kthvalue median nanmedian mode quantile nanquantile unique
        unique_consecutive
    """,
    bins: "bincount histc histogram",
    statistics: "nansum nanmean aminmax cov corrcoef",
    norms: "norm dist renorm",
    matmul: "mm mv dot bmm matmul",
    products: "outer inner cross trace kron vdot",
    product_sums: "addmm addmv addr addbmm baddbmm",
    determinants: "det logdet slogdet",
    cholesky: "cholesky_solve cholesky_inverse",
    matrix_functions: "matrix_exp matrix_power",
    activations: "sigmoid prelu hardshrink",
    cutting: "unbind split chunk narrow select tensor_split narrow_copy split_with_sizes",
    shape: """
        reshape view view_as reshape_as flatten permute transpose t movedim expand expand_as
        sum_to_size unsqueeze contiguous unflatten ravel
    """,
    rearrange: "flip fliplr flipud roll rot90 repeat tile repeat_interleave unfold",
    diagonals: "diagonal diag diag_embed diagflat tril triu diagonal_scatter",
    strided: "as_strided as_strided_scatter",
    scatter: "gather take_along_dim scatter scatter_add scatter_reduce",
    slices: """
        index_select index_add index_copy index_fill index_reduce index_put select_scatter
        slice_scatter
    """,
    flat_positions: "take put nonzero argwhere",
    masks: "masked_fill masked_select masked_scatter",
    questions: "is_signed is_same_size",
}
# Sizes or dimensions may stand one by one: x.squeeze(0, 1) is mg.squeeze(x, (0, 1)).
SEVERAL: dict[Any, str] = {
    statistics: "count_nonzero",
    shape: "squeeze broadcast_to",
    cutting: "hsplit vsplit dsplit",
}
ALIASES = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div",
    "negative": "neg", "absolute": "abs", "clip": "clamp", "swapaxes": "transpose",
    "swapdims": "transpose", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt",
    "greater_equal": "ge", "moveaxis": "movedim", "arcsin": "asin", "arccos": "acos",
    "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "arctan2": "atan2", "conj_physical": "conj", "ger": "outer", "ndimension": "dim",
}  # fmt: skip


def takes_several(function: Any) -> Any:
    """The method of a function of a tensor and sizes or dimensions: they may stand one by one."""

    @functools.wraps(function)
    def method(input: Tensor, *numbers: Any, **kwargs: Any) -> Any:
        return function(input, *((numbers,) if len(numbers) > 1 else numbers), **kwargs)

    return method


def unsafe(function: Any) -> Any:
    """The same parts as tensors of their own: each may be written to, and nobody looks on."""

    @functools.wraps(function)
    def method(*args: Any, **kwargs: Any) -> Any:
        parts = function(*args, **kwargs)
        for part in parts:
            part._view = part._owner = None
        return parts

    return method


for _module, _names in FUNCTIONS.items():
    for _name in _names.split():
        setattr(Tensor, _name, getattr(_module, _name))


def write_part(part: Tensor, value: Any) -> None:
    """``x.real = value``: of a complex tensor its real part counts."""
    copy_(part, complex_numbers.real(value) if isinstance(value, Tensor) else value)


for _module, _names in SEVERAL.items():
    for _name in _names.split():
        setattr(Tensor, _name, takes_several(getattr(_module, _name)))
for _alias, _name in ALIASES.items():
    setattr(Tensor, _alias, getattr(Tensor, _name))

for _name in ("chunk", "split", "split_with_sizes"):
    setattr(Tensor, "unsafe_" + _name, unsafe(getattr(Tensor, _name)))

# Functions that have another name or another order of arguments.
Tensor.softmax = softmax.softmax_of
Tensor.log_softmax = softmax.log_softmax_of
Tensor.inverse = solvers.inv
Tensor.pinverse = matrix_functions.pinv
Tensor.cholesky = cholesky.old_cholesky
Tensor.qr = decompositions.old_qr
Tensor.svd = decompositions.old_svd
Tensor.polygamma = lambda self, n: error_and_gamma.polygamma(n, self)
Tensor.where = lambda self, condition, other: comparisons.where(condition, self, other)
Tensor.real = property(complex_numbers.real, lambda self, value: write_part(self.real, value))
Tensor.imag = property(complex_numbers.imag, lambda self, value: write_part(self.imag, value))
