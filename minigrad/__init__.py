"""minigrad: automatic differentiation to look at.

``import minigrad as torch``, run a PyTorch autograd tutorial unchanged, and see what happened:
``minigrad.graph(loss)`` is the recorded graph, leaves to roots.

>>> import minigrad as torch
>>> w = torch.tensor([1.0, 2.0], requires_grad=True)
>>> loss = (w * w).sum()
>>> loss.backward()
>>> w.grad
tensor([2., 4.])
"""

import warnings as _warnings
from math import e, inf, nan, pi
from typing import TYPE_CHECKING as _TYPE_CHECKING

from . import autograd, func, linalg, special
from . import methods as _methods  # noqa: F401  (gives Tensor its methods)
from . import methods_math as _methods_math  # noqa: F401
from . import methods_more as _methods_more
from . import methods_shape as _methods_shape  # noqa: F401
from .allocator import collect_less_often as _collect_less_often
from .allocator import keep_freed_memory as _keep_freed_memory
from .autograd import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .autograd.anomaly_mode import is_anomaly_check_nan_enabled, is_anomaly_enabled
from .autograd.modes import is_inference
from .capture import capture
from .drawing.explain import explain
from .drawing.loss import LossRecorder, plot_loss, track
from .dtypes import bool_ as bool
from .dtypes import (
    complex64,
    complex128,
    dtype,
    finfo,
    float16,
    float32,
    float64,
    get_default_dtype,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    promote_types,
    set_default_dtype,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .dtypes import complex64 as cfloat
from .dtypes import complex128 as cdouble
from .dtypes import float16 as half
from .dtypes import float32 as float
from .dtypes import float64 as double
from .dtypes import int16 as short
from .dtypes import int32 as int
from .dtypes import int64 as long
from .exercise import exercise
from .func import vmap
from .graph import Graph, graph
from .graph_health import check
from .graph_record import record
from .graph_tape import Tape
from .jupyter import load_ipython_extension, unload_ipython_extension
from .methods_more import (
    BoolTensor,
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
    adjoint,
    are_deterministic_algorithms_enabled,
    channels_last,
    contiguous_format,
    detach,
    detach_,
    get_default_device,
    get_num_threads,
    preserve_format,
    set_default_device,
    set_default_tensor_type,
    set_float32_matmul_precision,
    set_num_threads,
    strided,
    use_deterministic_algorithms,
)
from .methods_more import Layout as layout
from .methods_more import Layout as memory_format
from .native import (
    adaptive_avg_pool1d,
    adaptive_max_pool1d,
    alpha_dropout,
    avg_pool1d,
    batch_norm,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    dropout,
    embedding,
    embedding_bag,
    feature_alpha_dropout,
    group_norm,
    hinge_embedding_loss,
    instance_norm,
    kl_div,
    layer_norm,
    margin_ranking_loss,
    poisson_nll_loss,
    triplet_margin_loss,
)
from .ops.activations import celu, hardshrink, prelu, selu, threshold
from .ops.arguments import check_functions as _check_functions
from .ops.arguments import check_methods as _check_methods
from .ops.bessel import i0
from .ops.comparisons import (
    eq,
    ge,
    gt,
    le,
    lt,
    maximum,
    minimum,
    ne,
    where,
)
from .ops.comparisons import ge as greater_equal
from .ops.comparisons import gt as greater
from .ops.comparisons import le as less_equal
from .ops.comparisons import lt as less
from .ops.comparisons import ne as not_equal
from .ops.complex import (
    angle,
    complex,
    imag,
    polar,
    real,
    view_as_complex,
    view_as_real,
)
from .ops.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from .ops.creation import (
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
    ones,
    ones_like,
    scalar_tensor,
    tensor,
    zeros,
    zeros_like,
)
from .ops.creation import range_ as range
from .ops.decompositions import old_qr as qr
from .ops.decompositions import old_svd as svd
from .ops.einsum import einsum
from .ops.elementary import (
    abs,
    clamp,
    cos,
    exp,
    floor,
    log,
    relu,
    sgn,
    sigmoid,
    sin,
    sqrt,
    tanh,
)
from .ops.elementary import abs as absolute
from .ops.elementary import clamp as clip
from .ops.elementwise import (
    add,
    clone,
    conj,
    div,
    floor_divide,
    mul,
    neg,
    pow,
    remainder,
    square,
    sub,
)
from .ops.elementwise import conj as conj_physical
from .ops.elementwise import div as divide
from .ops.elementwise import div as true_divide
from .ops.elementwise import mul as multiply
from .ops.elementwise import neg as negative
from .ops.elementwise import sub as subtract
from .ops.exponentials import (
    exp2,
    expm1,
    float_power,
    ldexp,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    logit,
    reciprocal,
    rsqrt,
    xlogy,
)
from .ops.factorisations import old_lu_solve as lu_solve
from .ops.grids import (
    broadcast_shapes,
    broadcast_tensors,
    cartesian_prod,
    combinations,
    logspace,
    meshgrid,
    tril_indices,
    triu_indices,
    vander,
)
from .ops.inplace import fill
from .ops.joining import (
    cat,
    chunk,
    split,
    stack,
    unbind,
)
from .ops.joining import cat as concat
from .ops.joining import cat as concatenate
from .ops.linalg import bmm, dot, matmul, mm, mv
from .ops.logic import (
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
    result_type,
    signbit,
)
from .ops.masks import masked_fill, masked_scatter, masked_select
from .ops.matrix_functions import (
    matrix_exp,
    matrix_power,
)
from .ops.matrix_functions import pinv as pinverse
from .ops.more_losses import cosine_similarity, pairwise_distance
from .ops.normalisation import rms_norm
from .ops.norms import (
    cdist,
    dist,
    norm,
)
from .ops.numeric import (
    as_strided_scatter,
    can_cast,
    frexp,
    gradient,
    histogram,
    is_same_size,
    is_signed,
    narrow_copy,
    pdist,
    renorm,
    split_with_sizes,
    typename,
    unravel_index,
)
from .ops.pieces import (
    as_strided,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    block_diag,
    column_stack,
    dsplit,
    dstack,
    hsplit,
    hstack,
    is_complex,
    is_floating_point,
    is_tensor,
    narrow,
    numel,
    ravel,
    select,
    tensor_split,
    unflatten,
    vsplit,
    vstack,
)
from .ops.pieces import vstack as row_stack
from .ops.pooling import max_pool1d, max_pool2d, max_pool3d
from .ops.product_sums import addbmm, addmm, addmv, addr, baddbmm
from .ops.products import bilinear, chain_matmul, cross, inner, kron, outer, tensordot, trace, vdot
from .ops.products import outer as ger
from .ops.rearrange import (
    diag,
    diag_embed,
    diagflat,
    diagonal,
    flip,
    fliplr,
    flipud,
    repeat_interleave,
    roll,
    rot90,
    tile,
    tril,
    triu,
)
from .ops.reductions import (
    all,
    amax,
    amin,
    any,
    argmax,
    argmin,
    max,
    mean,
    min,
    std,
    sum,
    var,
)
from .ops.resampling import (
    channel_shuffle,
    pixel_shuffle,
    pixel_unshuffle,
)
from .ops.rounding import (
    addcdiv,
    addcmul,
    ceil,
    clamp_max,
    clamp_min,
    copysign,
    fix,
    fmax,
    fmin,
    fmod,
    frac,
    lerp,
    nan_to_num,
    positive,
    round,
    rsub,
    sign,
    trunc,
)
from .ops.scans import (
    cummax,
    cummin,
    cumprod,
    cumsum,
    cumulative_trapezoid,
    diff,
    logcumsumexp,
    logsumexp,
    prod,
    trapezoid,
)
from .ops.scans import trapezoid as trapz
from .ops.scatter import gather, scatter, scatter_add, scatter_reduce, take_along_dim
from .ops.select import (
    argwhere,
    diagonal_scatter,
    index_add,
    index_copy,
    index_fill,
    index_put,
    index_reduce,
    index_select,
    nonzero,
    put,
    select_scatter,
    slice_scatter,
    take,
)
from .ops.shape import (
    broadcast_to,
    flatten,
    movedim,
    permute,
    reshape,
    squeeze,
    t,
    transpose,
    unsqueeze,
)
from .ops.shape import movedim as moveaxis
from .ops.shape import transpose as swapaxes
from .ops.shape import transpose as swapdims
from .ops.signal_windows import (
    bartlett_window,
    blackman_window,
    hamming_window,
    hann_window,
    kaiser_window,
)
from .ops.softmax import log_softmax_of as log_softmax
from .ops.softmax import softmax_of as softmax
from .ops.solvers import (
    cholesky_inverse,
    cholesky_solve,
    logdet,
    slogdet,
)
from .ops.solvers import inv as inverse
from .ops.solvers import old_cholesky as cholesky
from .ops.solvers import old_det as det
from .ops.sorting import (
    argsort,
    bincount,
    bucketize,
    histc,
    kthvalue,
    median,
    mode,
    msort,
    nanmedian,
    nanquantile,
    quantile,
    searchsorted,
    sort,
    topk,
    unique,
    unique_consecutive,
)
from .ops.special import (
    digamma,
    erf,
    erfc,
    erfinv,
    lgamma,
    mvlgamma,
    polygamma,
)
from .ops.statistics import (
    aminmax,
    corrcoef,
    count_nonzero,
    cov,
    nanmean,
    nansum,
    std_mean,
    var_mean,
)
from .ops.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cosh,
    deg2rad,
    hypot,
    rad2deg,
    sinc,
    sinh,
    tan,
)
from .ops.trigonometry import acos as arccos
from .ops.trigonometry import acosh as arccosh
from .ops.trigonometry import asin as arcsin
from .ops.trigonometry import asinh as arcsinh
from .ops.trigonometry import atan as arctan
from .ops.trigonometry import atan2 as arctan2
from .ops.trigonometry import atanh as arctanh
from .printing import set_printoptions
from .random import (
    Generator,
    bernoulli,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    multinomial,
    normal,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
    seed,
    set_rng_state,
)
from .serialization import load, save
from .tensor import Tensor
from .tensor_types import Device as device
from .tensor_types import Size

newaxis = None

# torch.exp_(x) is x.exp_(), and so on.
for _name in _methods_more.IN_PLACE_FUNCTIONS:
    globals()[_name] = getattr(Tensor, _name)

# Wrong arguments are refused in PyTorch's words (see ops/arguments.py).
_check_functions(globals())
_check_methods(Tensor)

# As in PyTorch, 1 / 0 is inf without a word. NumPy warns; its warnings about sums in minigrad's own
# modules are not shown. (np.errstate around every operation would cost as much as the operation.)
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"minigrad\.")

__version__ = "0.1.0"

_keep_freed_memory()
_collect_less_often()


if _TYPE_CHECKING:
    from . import accelerator, backends, cuda, distributions, nn, optim, testing, utils


def __getattr__(name: str) -> object:
    """``mg.nn`` and others are loaded when first used, so that ``import minigrad`` stays light."""
    if name in (
        "nn", "optim", "utils", "cuda", "accelerator", "backends", "testing", "distributions",
    ):  # fmt: skip
        import importlib

        return importlib.import_module("." + name, __name__)
    if name == "rrelu":
        from .nn import functional

        return functional.rrelu
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
