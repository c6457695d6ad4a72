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

from . import autograd, func
from .autograd import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .autograd.anomaly_mode import is_anomaly_check_nan_enabled, is_anomaly_enabled
from .autograd.recording_modes import is_inference
from .classroom.exercise import exercise
from .compat import addresses as _addresses
from .compat import linalg, special
from .compat.settings import (
    are_deterministic_algorithms_enabled,
    get_default_device,
    get_num_threads,
    set_default_device,
    set_float32_matmul_precision,
    set_num_threads,
    use_deterministic_algorithms,
)
from .compat.top_level_functional import (
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
from .core.tensor import Tensor
from .drawing.explain import explain
from .drawing.loss import LossRecorder, plot_loss, track
from .faithful.device import Device as device
from .faithful.dtypes import bool_ as bool
from .faithful.dtypes import (
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
from .faithful.dtypes import complex64 as cfloat
from .faithful.dtypes import complex128 as cdouble
from .faithful.dtypes import float16 as half
from .faithful.dtypes import float32 as float
from .faithful.dtypes import float64 as double
from .faithful.dtypes import int16 as short
from .faithful.dtypes import int32 as int
from .faithful.dtypes import int64 as long
from .faithful.printing import set_printoptions
from .faithful.size import Size
from .func import vmap
from .graphs.health import check
from .graphs.recorded_graph import Graph, graph
from .jupyter.display import load_ipython_extension, unload_ipython_extension
from .ops.elementwise.activations import celu, hardshrink, prelu, selu, threshold
from .ops.elementwise.arithmetic import (
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
from .ops.elementwise.arithmetic import conj as conj_physical
from .ops.elementwise.arithmetic import div as divide
from .ops.elementwise.arithmetic import div as true_divide
from .ops.elementwise.arithmetic import mul as multiply
from .ops.elementwise.arithmetic import neg as negative
from .ops.elementwise.arithmetic import sub as subtract
from .ops.elementwise.bessel import i0
from .ops.elementwise.comparisons import eq, ge, gt, le, lt, maximum, minimum, ne, where
from .ops.elementwise.comparisons import ge as greater_equal
from .ops.elementwise.comparisons import gt as greater
from .ops.elementwise.comparisons import le as less_equal
from .ops.elementwise.comparisons import lt as less
from .ops.elementwise.comparisons import ne as not_equal
from .ops.elementwise.complex_numbers import (
    angle,
    complex,
    imag,
    polar,
    real,
    view_as_complex,
    view_as_real,
)
from .ops.elementwise.elementary import (
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
from .ops.elementwise.elementary import abs as absolute
from .ops.elementwise.elementary import clamp as clip
from .ops.elementwise.error_and_gamma import digamma, erf, erfc, erfinv, lgamma, mvlgamma, polygamma
from .ops.elementwise.exponentials import (
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
from .ops.elementwise.logic import (
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
from .ops.elementwise.rounding import (
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
from .ops.elementwise.trigonometry import (
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
from .ops.elementwise.trigonometry import acos as arccos
from .ops.elementwise.trigonometry import acosh as arccosh
from .ops.elementwise.trigonometry import asin as arcsin
from .ops.elementwise.trigonometry import asinh as arcsinh
from .ops.elementwise.trigonometry import atan as arctan
from .ops.elementwise.trigonometry import atan2 as arctan2
from .ops.elementwise.trigonometry import atanh as arctanh
from .ops.making.creation import (
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
from .ops.making.creation import range_ as range
from .ops.making.grids import (
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
from .ops.making.signal_windows import (
    bartlett_window,
    blackman_window,
    hamming_window,
    hann_window,
    kaiser_window,
)
from .ops.matrices.decompositions import old_qr as qr
from .ops.matrices.decompositions import old_svd as svd
from .ops.matrices.einsum import einsum
from .ops.matrices.factorisations import old_lu_solve as lu_solve
from .ops.matrices.matmul import bmm, dot, matmul, mm, mv
from .ops.matrices.matrix_functions import matrix_exp, matrix_power
from .ops.matrices.matrix_functions import pinv as pinverse
from .ops.matrices.product_sums import addbmm, addmm, addmv, addr, baddbmm
from .ops.matrices.products import (
    bilinear,
    chain_matmul,
    cross,
    inner,
    kron,
    outer,
    tensordot,
    trace,
    vdot,
)
from .ops.matrices.products import outer as ger
from .ops.matrices.solvers import cholesky_inverse, cholesky_solve, logdet, slogdet
from .ops.matrices.solvers import inv as inverse
from .ops.matrices.solvers import old_cholesky as cholesky
from .ops.matrices.solvers import old_det as det
from .ops.networks.composed_losses import cosine_similarity, pairwise_distance
from .ops.networks.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from .ops.networks.normalisation import rms_norm
from .ops.networks.pooling import max_pool1d, max_pool2d, max_pool3d
from .ops.networks.resampling import channel_shuffle, pixel_shuffle, pixel_unshuffle
from .ops.NUMERIC import (
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
from .ops.reducing.norms import cdist, dist, norm
from .ops.reducing.reductions import (
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
from .ops.reducing.scans import (
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
from .ops.reducing.scans import trapezoid as trapz
from .ops.reducing.softmax import log_softmax_of as log_softmax
from .ops.reducing.softmax import softmax_of as softmax
from .ops.reducing.sorting import (
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
from .ops.reducing.statistics import (
    aminmax,
    corrcoef,
    count_nonzero,
    cov,
    nanmean,
    nansum,
    std_mean,
    var_mean,
)
from .ops.shaping.joining import cat, chunk, split, stack, unbind
from .ops.shaping.joining import cat as concat
from .ops.shaping.joining import cat as concatenate
from .ops.shaping.masks import masked_fill, masked_scatter, masked_select
from .ops.shaping.pieces import (
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
from .ops.shaping.pieces import vstack as row_stack
from .ops.shaping.rearrange import (
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
from .ops.shaping.scatter import gather, scatter, scatter_add, scatter_reduce, take_along_dim
from .ops.shaping.select import (
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
from .ops.shaping.shape import (
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
from .ops.shaping.shape import movedim as moveaxis
from .ops.shaping.shape import transpose as swapaxes
from .ops.shaping.shape import transpose as swapdims
from .ops.writing.inplace import fill
from .random.draws import (
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
from .refusals.arguments import check_functions as _check_functions
from .refusals.arguments import check_methods as _check_methods
from .replay.capture import capture
from .replay.freed_memory import collect_less_often as _collect_less_often
from .replay.freed_memory import keep_freed_memory as _keep_freed_memory
from .serialization.saving import load, save
from .tape.recorder import record
from .tape.tape import Tape
from .tensors.copies import rebuild as _rebuild_tensor
from .tensors.in_place import IN_PLACE_FUNCTIONS as _IN_PLACE_FUNCTIONS
from .tensors.place_in_graph import detach, detach_
from .tensors.storage import Layout as layout
from .tensors.storage import Layout as memory_format
from .tensors.storage import channels_last, contiguous_format, preserve_format, strided
from .tensors.transposed import adjoint
from .tensors.typed_tensors import (
    BoolTensor,
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
    set_default_tensor_type,
)

newaxis = None

# torch.exp_(x) is x.exp_(), and so on.
for _name in _IN_PLACE_FUNCTIONS:
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
    from . import distributions, nn, optim, utils
    from .compat import accelerator, backends, cuda, testing


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
