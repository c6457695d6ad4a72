"""Calls with something else than a tensor, and what PyTorch says of each.

``torch(x, y): add dot`` stands for ``torch.add(x, y)`` and ``torch.dot(x, y)``. Every ``x`` in turn
becomes a list, a number, a text and an array; ``y`` stays a tensor. ``name*``: here the message is
of another function or argument (``arcsin`` is ``asin``), so that only the exception is compared.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
from calls import functional

CALLS = """
torch(x): abs abs_ absolute* acos acos_ acosh acosh_ adjoint all amax amin aminmax angle any \
    arccos* arccos_* arccosh* arccosh_* arcsin* arcsin_* arcsinh* arcsinh_* arctan* arctan_* \
    arctanh* arctanh_* argmax argmin argsort argwhere* asin asin_ asinh asinh_ atan atan_ atanh \
    atanh_ bernoulli bincount bitwise_not ceil ceil_ celu cholesky cholesky_inverse clamp clamp_ \
    clamp_max_ clamp_min_ clip clip_ clone combinations conj conj_physical* conj_physical_ \
    corrcoef cos cos_ cosh cosh_ count_nonzero cov cumulative_trapezoid deg2rad deg2rad_ det* \
    detach diag diag_embed diagflat* diagonal diff digamma empty_like* erf erf_ erfc erfc_ erfinv \
    exp exp2 exp2_ exp_ expm1 expm1_ fix* fix_ flatten flip fliplr flipud floor floor_ frac frac_ \
    frexp gcd_ gradient hardshrink histc i0 i0_ imag index_put_ instance_norm inverse* is_complex \
    is_floating_point is_inference is_nonzero is_signed isfinite isinf isnan isneginf isposinf \
    isreal lcm_ ldexp_ lgamma log log10 log10_ log1p log1p_ log2 log2_ log_ logdet logical_not \
    logit logit_ logsumexp matrix_exp max mean median min mode msort nan_to_num nan_to_num_ \
    nanmean nanmedian nansum neg neg_ negative* negative_* nonzero numel ones_like pdist permute \
    pinverse positive prod qr rad2deg rad2deg_ rand_like randn_like ravel real reciprocal \
    reciprocal_ relu relu_ reshape rot90 round round_ rsqrt rsqrt_ selu sgn sigmoid sigmoid_ sign \
    signbit sin sin_ sinc sinc_ sinh sinh_ slogdet sort sqrt sqrt_ square square_ squeeze std \
    std_mean sum svd t tan tan_ tanh tanh_ tile trace trapezoid trapz* tril triu trunc trunc_ \
    unbind unique unique_consecutive vander var var_mean view_as_complex view_as_real where xlogy_ \
    zero_ zeros_like
torch(x, 1): channel_shuffle chunk cummax cummin cumprod cumsum group_norm kthvalue log_softmax \
    logcumsumexp matrix_power multinomial mvlgamma pixel_shuffle pixel_unshuffle randint_like \
    softmax topk unsqueeze
torch(x, x): add allclose arctan2* atan2 binary_cross_entropy_with_logits bitwise_and \
    bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor bmm bucketize cdist \
    cholesky_solve clamp_max clamp_min complex conv1d conv2d conv3d conv_transpose1d \
    conv_transpose2d conv_transpose3d copysign cosine_similarity cross diagonal_scatter dist div \
    divide dot embedding* embedding_bag equal fill fill_ float_power floor_divide fmax fmin fmod \
    gcd ge ger* greater greater_equal gt heaviside hinge_embedding_loss hypot inner is_same_size \
    isclose isin kl_div kron lcm ldexp le less less_equal logaddexp logaddexp2 logical_and \
    logical_or logical_xor lt masked_select matmul maximum minimum mm mul multiply mv nextafter \
    outer pairwise_distance poisson_nll_loss polar pow prelu remainder rsub searchsorted \
    slice_scatter sub subtract take take_along_dim true_divide vdot xlogy
torch(x, y): adaptive_avg_pool1d adaptive_max_pool1d avg_pool1d broadcast_to dsplit eq full_like \
    histogram hsplit layer_norm max_pool1d max_pool2d max_pool3d nanquantile ne not_equal quantile \
    repeat_interleave rms_norm roll split_with_sizes tensor_split vsplit
torch(x, 1, 1): swapaxes* swapdims* threshold transpose
torch(x, 1, x): gather index_select
torch(x, 1, y): scatter select unflatten
torch(x, x, x): addbmm addcdiv addcmul addmm addmv addr baddbmm batch_norm* bilinear \
    cosine_embedding_loss lu_solve margin_ranking_loss masked_scatter put triplet_margin_loss
torch(x, x, y): lerp
torch(x, y, x): masked_fill
torch(x, y, y): as_strided index_put moveaxis movedim
torch(x, 1, 1, 1): narrow_copy renorm
torch(x, 1, x, x): index_add index_copy scatter_add
torch(x, 1, y, 1): narrow
torch(x, 1, y, x): index_fill
torch(x, x, 1, y): select_scatter
torch(x, x, y, y): as_strided_scatter
torch(x, 1, x, x, 1): index_reduce scatter_reduce
torch.linalg(x): cholesky cholesky_ex cond det diagonal eig eigh eigvals eigvalsh inv inv_ex lu \
    lu_factor matrix_exp* matrix_norm matrix_rank norm pinv qr slogdet svd svdvals tensorinv \
    vander vector_norm
torch.linalg(x, 1): matrix_power*
torch.linalg(x, x): cross householder_product lstsq matmul* solve solve_ex solve_triangular* \
    tensorsolve vecdot
torch.linalg(x, x, x): lu_solve
torch.special(x): digamma* entr* erf* erfc* erfcx erfinv* exp2* expit* expm1* gammaln* i0* i0e i1 \
    i1e log1p* log_ndtr logit* logsumexp* ndtr ndtri psi* round* sinc*
torch.special(x, 1): log_softmax* multigammaln* softmax*
torch.special(x, x): xlog1py xlogy
F(x): alpha_dropout celu celu_* dropout elu elu_* feature_alpha_dropout gelu gumbel_softmax \
    hardshrink hardsigmoid hardswish hardtanh hardtanh_* leaky_relu leaky_relu_* logsigmoid mish \
    one_hot pdist relu relu6 relu_* rrelu rrelu_* selu selu_* silu softplus softshrink threshold_*
F(x, 1): channel_shuffle pixel_shuffle pixel_unshuffle
F(x, x): conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d cosine_similarity \
    cross_entropy embedding grid_sample hinge_embedding_loss kl_div linear multi_margin_loss \
    multilabel_margin_loss nll_loss pairwise_distance poisson_nll_loss prelu soft_margin_loss
F(x, y): adaptive_avg_pool1d adaptive_max_pool1d adaptive_max_pool1d_with_indices avg_pool1d \
    avg_pool2d avg_pool3d layer_norm max_pool1d max_pool1d_with_indices* max_pool2d \
    max_pool2d_with_indices* max_pool3d multilabel_soft_margin_loss pad rms_norm unfold*
F(x, 1, 1): threshold
F(x, x, x): batch_norm bilinear cosine_embedding_loss scaled_dot_product_attention \
    triplet_margin_loss
F(x, y, y): fold*
F(x, x, y, y): ctc_loss
"""

# Arguments that may be None, and calls of other forms.
WRITTEN_OUT = """
F.cross_entropy(y, y, weight=x)
F.nll_loss(y, y, weight=x)
F.binary_cross_entropy_with_logits(y, y, weight=x)
F.binary_cross_entropy_with_logits(y, y, pos_weight=x)
F.batch_norm(y, None, None, weight=x, training=True)
F.batch_norm(y, None, None, bias=x, training=True)
F.group_norm(y, 1, weight=x)
F.group_norm(y, 1, bias=x)
F.layer_norm(y, (3,), weight=x)
F.layer_norm(y, (3,), bias=x)
F.rms_norm(y, (3,), weight=x)
F.linear(y, y, bias=x)
F.bilinear(y, y, y, bias=x)
F.conv1d(y, y, bias=x)
F.conv2d(y, y, bias=x)
F.conv3d(y, y, bias=x)
F.conv_transpose2d(y, y, bias=x)
F.scaled_dot_product_attention(y, y, y, attn_mask=x)
torch.bincount(y, weights=x)
torch.cov(y, fweights=x)
torch.cov(y, aweights=x)
torch.searchsorted(y, y, sorter=x)
torch.trapezoid(y, x=x)
torch.index_put(y, (x,), y)
torch.as_strided_(x, (2,), (1,))
torch.set_rng_state(x)
torch.lerp(y, y, x)
torch.polygamma(1, x)
torch.quantile(y, x)
torch.nanquantile(y, x)
torch.linalg.solve_triangular(x, x, upper=True)
torch.cat((y, x))
torch.stack((y, x))
torch.linalg.multi_dot((y, x))
torch.block_diag(y, x)
torch.column_stack((y, x))
torch.einsum('ij->i', x)
torch.where(x, y, y)
torch.hstack((x, y))
torch.vstack((y, x))
torch.dstack((y, x))
"""

NO_TENSORS: dict[str, Any] = {
    "list": [1.0, 2.0], "float": 1.5, "str": "a", "ndarray": np.ones(2),
}  # fmt: skip
WORDS = re.compile(r"\w+\(\): argument '\w+' \(position \d+\) must be Tensor")


def calls() -> list[str]:
    """One text for each argument to replace, which is written ``x``."""
    found = []
    for line in CALLS.strip().splitlines():
        head, _, names = line.partition(": ")
        module, _, arguments = head.partition("(")
        for name in names.split():
            star = "*" if name.endswith("*") else ""
            found.append(f"{module}.{name.rstrip('*')}({arguments}{star}")
    return [one for text in [*found, *WRITTEN_OUT.strip().splitlines()] for one in in_turn(text)]


def in_turn(text: str) -> list[str]:
    places = [m.start() for m in re.finditer(r"\bx\b(?!=)", text)]
    return [
        "".join("y" if i in places and i != place else c for i, c in enumerate(text))
        for place in places
    ]


def raised(library: Any, call: str) -> dict[str, list[str]]:
    """For each kind of ``x`` that is refused: the exception's type and, if it is the usual message
    of PyTorch, its beginning."""
    found = {}
    for kind, value in NO_TENSORS.items():
        scope = {"torch": library, "F": functional(library), "x": value, "y": library.ones(2, 3)}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                eval(call.rstrip("*"), scope)
        except Exception as error:
            words = WORDS.match(str(error))
            found[kind] = [type(error).__name__, words[0] if words else ""]
    return found


def refused(library: Any, call: str) -> dict[str, str]:
    """The kinds of ``x`` that are refused by TypeError, and the beginning of the message."""
    return {kind: words for kind, (error, words) in raised(library, call).items()
            if error == "TypeError"}  # fmt: skip
