"""The functions of neural networks, as ``torch.nn.functional``.

Nothing is computed here: every function stands in ``minigrad/ops/`` beside its formula and its
gradient, or, if it draws random numbers, in ``randomised.py``.

>>> import minigrad as mg
>>> import minigrad.nn.functional as F
>>> F.relu(mg.tensor([-1.0, 1.0]))
tensor([0., 1.])
"""

from ...ops.activations import (
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
from ...ops.class_losses import cross_entropy, multi_margin_loss, nll_loss
from ...ops.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from ...ops.elementwise import sigmoid, tanh
from ...ops.interpolation import interpolate, upsample
from ...ops.layers import embedding, embedding_bag, linear, one_hot
from ...ops.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
    soft_margin_loss,
)
from ...ops.more_losses import (
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
from ...ops.normalisation import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
    local_response_norm,
    rms_norm,
)
from ...ops.padding import pad
from ...ops.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from ...ops.products import bilinear
from ...ops.resampling import (
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
from ...ops.softmax import log_softmax, softmax, softmin
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
