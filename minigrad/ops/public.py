"""The public functions among the operations: ``minigrad`` takes them from here."""

from .elementwise.arithmetic import (
    add,
    clone,
    conj,
    div,
    floor_divide,
    fmod,
    mul,
    neg,
    pow,
    remainder,
    rsub,
    square,
    sub,
)
from .elementwise.arithmetic import conj as conj_physical
from .elementwise.arithmetic import div as divide
from .elementwise.arithmetic import div as true_divide
from .elementwise.arithmetic import mul as multiply
from .elementwise.arithmetic import neg as negative
from .elementwise.arithmetic import sub as subtract
from .elementwise.bessel import i0
from .elementwise.blends import addcdiv, addcmul, lerp
from .elementwise.comparisons import eq, fmax, fmin, ge, gt, le, lt, maximum, minimum, ne, where
from .elementwise.comparisons import ge as greater_equal
from .elementwise.comparisons import gt as greater
from .elementwise.comparisons import le as less_equal
from .elementwise.comparisons import lt as less
from .elementwise.comparisons import ne as not_equal
from .elementwise.complex_numbers import (
    angle,
    complex,
    imag,
    polar,
    real,
    resolve_conj,
    resolve_neg,
    view_as_complex,
    view_as_real,
)
from .elementwise.error_and_gamma import digamma, erf, erfc, erfinv, lgamma, mvlgamma, polygamma
from .elementwise.exponentials import (
    exp,
    exp2,
    expm1,
    float_power,
    frexp,
    ldexp,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    logit,
    reciprocal,
    rsqrt,
    sqrt,
    xlogy,
)
from .elementwise.limits import clamp, clamp_max, clamp_min, nan_to_num, relu
from .elementwise.limits import clamp as clip
from .elementwise.logic import (
    allclose,
    bitwise_and,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    equal,
    gcd,
    heaviside,
    is_nonzero,
    isclose,
    isfinite,
    isin,
    isinf,
    isnan,
    isneginf,
    isposinf,
    isreal,
    lcm,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    nextafter,
    signbit,
)
from .elementwise.rounding import ceil, fix, floor, frac, round, trunc
from .elementwise.scipy_functions import igamma, igammac
from .elementwise.signs import abs, copysign, positive, sgn, sign
from .elementwise.signs import abs as absolute
from .elementwise.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    deg2rad,
    hypot,
    rad2deg,
    sin,
    sinc,
    sinh,
    tan,
    tanh,
)
from .elementwise.trigonometry import acos as arccos
from .elementwise.trigonometry import acosh as arccosh
from .elementwise.trigonometry import asin as arcsin
from .elementwise.trigonometry import asinh as arcsinh
from .elementwise.trigonometry import atan as arctan
from .elementwise.trigonometry import atan2 as arctan2
from .elementwise.trigonometry import atanh as arctanh
from .making.creation import (
    arange,
    as_tensor,
    asarray,
    empty,
    empty_like,
    eye,
    from_numpy,
    frombuffer,
    full,
    full_like,
    linspace,
    logspace,
    ones,
    ones_like,
    scalar_tensor,
    tensor,
    zeros,
    zeros_like,
)
from .making.creation import range_ as range
from .making.signal_windows import (
    bartlett_window,
    blackman_window,
    hamming_window,
    hann_window,
    kaiser_window,
)
from .matrices.cholesky import cholesky_inverse, cholesky_solve
from .matrices.cholesky import old_cholesky as cholesky
from .matrices.decompositions import old_qr as qr
from .matrices.decompositions import old_svd as svd
from .matrices.determinants import logdet, slogdet
from .matrices.determinants import old_det as det
from .matrices.einsum import einsum
from .matrices.lu import old_lu_solve as lu_solve
from .matrices.matmul import bmm, dot, matmul, mm, mv
from .matrices.matrix_functions import matrix_exp, matrix_power
from .matrices.matrix_functions import pinv as pinverse
from .matrices.norms import cdist, dist, norm, pdist, renorm
from .matrices.product_sums import addbmm, addmm, addmv, addr, baddbmm
from .matrices.products import chain_matmul, cross, inner, kron, outer, tensordot, trace, vdot
from .matrices.products import outer as ger
from .matrices.solvers import inv as inverse
from .networks.activations import celu, hardshrink, prelu, selu, sigmoid, threshold
from .networks.composed_losses import cosine_similarity, pairwise_distance
from .networks.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from .networks.linear import bilinear
from .networks.normalisation import rms_norm
from .networks.pooling import max_pool1d, max_pool2d, max_pool3d
from .networks.shuffles import channel_shuffle, pixel_shuffle, pixel_unshuffle
from .questions import (
    can_cast,
    is_complex,
    is_floating_point,
    is_same_size,
    is_signed,
    is_tensor,
    numel,
    result_type,
    typename,
)
from .reducing.bins import bincount, bucketize, histc, histogram, searchsorted
from .reducing.calculus import cumulative_trapezoid, diff, gradient, trapezoid
from .reducing.calculus import trapezoid as trapz
from .reducing.reductions import all, amax, amin, any, argmax, argmin, max, mean, min, std, sum, var
from .reducing.scans import cummax, cummin, cumprod, cumsum, logcumsumexp, logsumexp, prod
from .reducing.softmax import log_softmax_of as log_softmax
from .reducing.softmax import softmax_of as softmax
from .reducing.sorting import (
    argsort,
    kthvalue,
    median,
    mode,
    msort,
    nanmedian,
    nanquantile,
    quantile,
    sort,
    topk,
    unique,
    unique_consecutive,
)
from .reducing.statistics import (
    aminmax,
    corrcoef,
    count_nonzero,
    cov,
    nanmean,
    nansum,
    std_mean,
    var_mean,
)
from .shaping.cutting import (
    chunk,
    dsplit,
    hsplit,
    narrow,
    narrow_copy,
    select,
    split,
    split_with_sizes,
    tensor_split,
    unbind,
    vsplit,
)
from .shaping.diagonals import (
    block_diag,
    diag,
    diag_embed,
    diagflat,
    diagonal,
    diagonal_scatter,
    tril,
    triu,
)
from .shaping.flat_positions import argwhere, nonzero, put, take, unravel_index
from .shaping.grids import (
    broadcast_shapes,
    broadcast_tensors,
    cartesian_prod,
    combinations,
    meshgrid,
    tril_indices,
    triu_indices,
    vander,
)
from .shaping.joining import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    cat,
    column_stack,
    dstack,
    hstack,
    stack,
    vstack,
)
from .shaping.joining import cat as concat
from .shaping.joining import cat as concatenate
from .shaping.joining import vstack as row_stack
from .shaping.masks import masked_fill, masked_scatter, masked_select
from .shaping.rearrange import flip, fliplr, flipud, repeat_interleave, roll, rot90, tile
from .shaping.scatter import gather, scatter, scatter_add, scatter_reduce, take_along_dim
from .shaping.shape import (
    broadcast_to,
    flatten,
    movedim,
    permute,
    ravel,
    reshape,
    squeeze,
    t,
    transpose,
    unflatten,
    unsqueeze,
    view_copy,
)
from .shaping.shape import movedim as moveaxis
from .shaping.shape import transpose as swapaxes
from .shaping.shape import transpose as swapdims
from .shaping.slices import (
    index_add,
    index_copy,
    index_fill,
    index_put,
    index_reduce,
    index_select,
    select_scatter,
    slice_scatter,
)
from .shaping.strided import as_strided, as_strided_scatter
from .writing.inplace import fill

__all__ = [
    "abs", "absolute", "acos", "acosh", "add", "addbmm", "addcdiv", "addcmul", "addmm", "addmv",
    "addr", "all", "allclose", "amax", "amin", "aminmax", "angle", "any", "arange", "arccos",
    "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort",
    "argwhere", "as_strided", "as_strided_scatter", "as_tensor", "asarray", "asin", "asinh", "atan",
    "atan2", "atanh", "atleast_1d", "atleast_2d", "atleast_3d", "baddbmm", "bartlett_window",
    "bilinear", "bincount", "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or",
    "bitwise_right_shift", "bitwise_xor", "blackman_window", "block_diag", "bmm",
    "broadcast_shapes", "broadcast_tensors", "broadcast_to", "bucketize", "can_cast",
    "cartesian_prod", "cat", "cdist", "ceil", "celu", "chain_matmul", "channel_shuffle", "cholesky",
    "cholesky_inverse", "cholesky_solve", "chunk", "clamp", "clamp_max", "clamp_min", "clip",
    "clone", "column_stack", "combinations", "complex", "concat", "concatenate", "conj",
    "conj_physical", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
    "conv_transpose3d", "copysign", "corrcoef", "cos", "cosh", "cosine_similarity", "count_nonzero",
    "cov", "cross", "cummax", "cummin", "cumprod", "cumsum", "cumulative_trapezoid", "deg2rad",
    "det", "diag", "diag_embed", "diagflat", "diagonal", "diagonal_scatter", "diff", "digamma",
    "dist", "div", "divide", "dot", "dsplit", "dstack", "einsum", "empty", "empty_like", "eq",
    "equal", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "eye", "fill", "fix", "flatten",
    "flip", "fliplr", "flipud", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod",
    "frac", "frexp", "from_numpy", "frombuffer", "full", "full_like", "gather", "gcd", "ge", "ger",
    "gradient", "greater", "greater_equal", "gt", "hamming_window", "hann_window", "hardshrink",
    "heaviside", "histc", "histogram", "hsplit", "hstack", "hypot", "i0", "igamma", "igammac",
    "imag", "index_add", "index_copy", "index_fill", "index_put", "index_reduce", "index_select",
    "inner", "inverse", "is_complex", "is_floating_point", "is_nonzero", "is_same_size",
    "is_signed", "is_tensor", "isclose", "isfinite", "isin", "isinf", "isnan", "isneginf",
    "isposinf", "isreal", "kaiser_window", "kron", "kthvalue", "lcm", "ldexp", "le", "lerp", "less",
    "less_equal", "lgamma", "linspace", "log", "log10", "log1p", "log2", "log_softmax", "logaddexp",
    "logaddexp2", "logcumsumexp", "logdet", "logical_and", "logical_not", "logical_or",
    "logical_xor", "logit", "logspace", "logsumexp", "lt", "lu_solve", "masked_fill",
    "masked_scatter", "masked_select", "matmul", "matrix_exp", "matrix_power", "max", "max_pool1d",
    "max_pool2d", "max_pool3d", "maximum", "mean", "median", "meshgrid", "min", "minimum", "mm",
    "mode", "moveaxis", "movedim", "msort", "mul", "multiply", "mv", "mvlgamma", "nan_to_num",
    "nanmean", "nanmedian", "nanquantile", "nansum", "narrow", "narrow_copy", "ne", "neg",
    "negative", "nextafter", "nonzero", "norm", "not_equal", "numel", "ones", "ones_like", "outer",
    "pairwise_distance", "pdist", "permute", "pinverse", "pixel_shuffle", "pixel_unshuffle",
    "polar", "polygamma", "positive", "pow", "prelu", "prod", "put", "qr", "quantile", "rad2deg",
    "range", "ravel", "real", "reciprocal", "relu", "remainder", "renorm", "repeat_interleave",
    "reshape", "resolve_conj", "resolve_neg", "result_type", "rms_norm", "roll", "rot90", "round",
    "row_stack", "rsqrt", "rsub", "scalar_tensor", "scatter", "scatter_add", "scatter_reduce",
    "searchsorted", "select", "select_scatter", "selu", "sgn", "sigmoid", "sign", "signbit", "sin",
    "sinc", "sinh", "slice_scatter", "slogdet", "softmax", "sort", "split", "split_with_sizes",
    "sqrt", "square", "squeeze", "stack", "std", "std_mean", "sub", "subtract", "sum", "svd",
    "swapaxes", "swapdims", "t", "take", "take_along_dim", "tan", "tanh", "tensor", "tensor_split",
    "tensordot", "threshold", "tile", "topk", "trace", "transpose", "trapezoid", "trapz", "tril",
    "tril_indices", "triu", "triu_indices", "true_divide", "trunc", "typename", "unbind",
    "unflatten", "unique", "unique_consecutive", "unravel_index", "unsqueeze", "vander", "var",
    "var_mean", "vdot", "view_as_complex", "view_as_real", "view_copy", "vsplit", "vstack", "where",
    "xlogy", "zeros", "zeros_like",
]  # fmt: skip
