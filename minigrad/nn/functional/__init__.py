"""The functions of neural networks, as ``torch.nn.functional``.

Nothing is computed here: every function stands in ``minigrad/ops/`` beside its formula and its
gradient, or, if it draws random numbers, in ``randomised.py``.

>>> import minigrad as mg
>>> import minigrad.nn.functional as F
>>> F.relu(mg.tensor([-1.0, 1.0]))
tensor([0., 1.])
"""

from ...faithful.public_names import name_publicly as _name_publicly
from ...ops.elementwise.trigonometry import tanh
from ...ops.matrices.norms import pdist
from ...ops.networks.activations import (
    celu,
    elu,
    gelu,
    glu,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softplus,
    softshrink,
    softsign,
    tanhshrink,
    threshold,
)
from ...ops.networks.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d,
    adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d,
)
from ...ops.networks.class_losses import (
    cross_entropy,
    multi_margin_loss,
    multilabel_margin_loss,
    nll_loss,
)
from ...ops.networks.composed_losses import (
    cosine_embedding_loss,
    cosine_similarity,
    gaussian_nll_loss,
    hinge_embedding_loss,
    kl_div,
    margin_ranking_loss,
    multilabel_soft_margin_loss,
    normalize,
    pairwise_distance,
    poisson_nll_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from ...ops.networks.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from ...ops.networks.ctc import ctc_loss
from ...ops.networks.embedding import embedding, embedding_bag, one_hot
from ...ops.networks.image_sampling import affine_grid, grid_sample
from ...ops.networks.interpolation import (
    interpolate,
    upsample,
    upsample_bilinear,
    upsample_nearest,
)
from ...ops.networks.linear import bilinear, linear
from ...ops.networks.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
    soft_margin_loss,
)
from ...ops.networks.normalisation import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
    local_response_norm,
    rms_norm,
)
from ...ops.networks.padding import pad
from ...ops.networks.patches import fold, unfold
from ...ops.networks.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from ...ops.networks.shuffles import channel_shuffle, pixel_shuffle, pixel_unshuffle
from ...ops.networks.unpooling import (
    max_pool1d_with_indices,
    max_pool2d_with_indices,
    max_pool3d_with_indices,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
)
from ...ops.reducing.softmax import log_softmax, softmax, softmin
from ...refusals.refusing import check_functions as _check_functions
from ...refusals.signatures.of_functional import FUNCTIONAL as _FUNCTIONAL
from .randomised import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
    gumbel_softmax,
    rrelu,
    scaled_dot_product_attention,
)

_check_functions(globals(), _FUNCTIONAL)  # wrong arguments are refused in PyTorch's words


def _in_place(function):  # type: ignore[no-untyped-def]
    """The spelling ``relu_(x)`` of ``relu(x, inplace=True)``."""

    def method(input, *args, **kwargs):  # type: ignore[no-untyped-def]
        return function(input, *args, **{**kwargs, "inplace": True})

    method.__name__ = function.__name__ + "_"
    method.__doc__ = f"In-place version of ``{function.__name__}``."
    return method


celu_, elu_, hardtanh_, leaky_relu_, relu_, selu_, threshold_, rrelu_ = (
    _in_place(f) for f in (celu, elu, hardtanh, leaky_relu, relu, selu, threshold, rrelu)
)

_name_publicly(globals())
