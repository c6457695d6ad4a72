"""Helpers around parameters, gradients and sequences, as ``torch.nn.utils``."""

from ...faithful.public_names import name_publicly as _name_publicly
from ..state_dict import consume_prefix_in_state_dict_if_present
from . import parametrizations, parametrize, prune, rnn
from .clip_grad import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm
from .convert_parameters import parameters_to_vector, vector_to_parameters
from .fusion import (
    fuse_conv_bn_eval,
    fuse_conv_bn_weights,
    fuse_linear_bn_eval,
    fuse_linear_bn_weights,
)
from .hook_norms import remove_spectral_norm, remove_weight_norm, spectral_norm, weight_norm

_name_publicly(globals())
