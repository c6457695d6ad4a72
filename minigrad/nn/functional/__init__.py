"""The functions of neural networks, as ``torch.nn.functional``.

Nothing is computed here: every function stands in ``minigrad/ops/`` beside its formula and its
gradient, or, if it draws random numbers, in ``randomised.py``.

>>> import minigrad as mg
>>> import minigrad.nn.functional as F
>>> F.relu(mg.tensor([-1.0, 1.0]))
tensor([0., 1.])
"""

from ...faithful.public_names import name_publicly as _name_publicly
from ...ops.elementwise.activations import (
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
    silu,
    softplus,
    softshrink,
    softsign,
    tanhshrink,
    threshold,
)
from ...ops.elementwise.elementary import sigmoid, tanh
from ...ops.matrices.products import bilinear
from ...ops.networks.class_losses import cross_entropy, multi_margin_loss, nll_loss
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
)
from ...ops.networks.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from ...ops.networks.image_sampling import affine_grid, grid_sample
from ...ops.networks.interpolation import interpolate, upsample
from ...ops.networks.layers import embedding, embedding_bag, linear, one_hot
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
from ...ops.networks.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from ...ops.networks.resampling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    channel_shuffle,
    fold,
    pixel_shuffle,
    pixel_unshuffle,
    unfold,
)
from ...ops.networks.sequence_losses import (
    ctc_loss,
    multilabel_margin_loss,
    triplet_margin_with_distance_loss,
)
from ...ops.networks.unpooling import (
    adaptive_avg_pool3d,
    adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d_with_indices,
    max_pool2d_with_indices,
    max_pool3d_with_indices,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
)
from ...ops.NUMERIC import pdist
from ...ops.reducing.softmax import log_softmax, softmax, softmin
from ...refusals.rules import obeying as _obeying
from ...refusals.rules_of_functional import RULES
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

globals().update(_obeying(RULES, globals()))  # with PyTorch's words for arguments that do not fit


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
