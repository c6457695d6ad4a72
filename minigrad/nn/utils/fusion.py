"""A layer and the batch norm behind it as one layer, for evaluation.

In ``eval()`` a batch norm only multiplies each channel by a number and adds another. A linear layer
or convolution before it can do both itself: its weight is multiplied, its bias moved.
"""

from __future__ import annotations

import copy
from typing import Any

from ...core.tensor import Tensor
from ...ops.making.creation import ones_like, zeros_like
from ..module import Module
from ..parameter import Parameter


def fused(
    weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, eps: float,
    bn_weight: Tensor | None, bn_bias: Tensor | None, outputs: int,
) -> tuple[Parameter, Parameter]:  # fmt: skip
    """The new weight and bias; ``outputs`` is the weight's dimension of output channels."""
    bias = zeros_like(mean) if bias is None else bias
    bn_weight = ones_like(mean) if bn_weight is None else bn_weight
    bn_bias = zeros_like(mean) if bn_bias is None else bn_bias
    scale = (variance + eps).rsqrt()
    shape = [1] * weight.dim()
    shape[outputs] = -1
    new_weight = weight * (bn_weight * scale).reshape(shape)
    new_bias = (bias - mean) * scale * bn_weight + bn_bias
    return (
        Parameter(new_weight.detach().to(weight.dtype), weight.requires_grad),
        Parameter(new_bias.detach().to(bias.dtype), bias.requires_grad),
    )


def fuse_conv_bn_weights(
    conv_w: Tensor, conv_b: Tensor | None, bn_rm: Tensor, bn_rv: Tensor, bn_eps: float,
    bn_w: Tensor | None, bn_b: Tensor | None, transpose: bool = False,
) -> tuple[Parameter, Parameter]:  # fmt: skip
    """The weight and bias of a convolution that is also the batch norm behind it.

    conv_w, conv_b: of the convolution. bn_rm, bn_rv: the running mean and variance. transpose: it
    is a transposed convolution, whose output channels are the weight's dimension 1.
    """
    return fused(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, int(transpose))


def fuse_linear_bn_weights(
    linear_w: Tensor, linear_b: Tensor | None, bn_rm: Tensor, bn_rv: Tensor, bn_eps: float,
    bn_w: Tensor | None, bn_b: Tensor | None,
) -> tuple[Parameter, Parameter]:  # fmt: skip
    """The weight and bias of a linear layer that is also the batch norm behind it."""
    return fused(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, 0)


def fuse_eval(layer: Any, bn: Any, outputs: int) -> Any:
    if layer.training or bn.training:
        raise AssertionError(
            "Fusion only for eval!: in training a batch norm uses the numbers of the batch"
        )
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError("Fusion needs a batch norm with running statistics")
    new = copy.deepcopy(layer)
    new.weight, new.bias = fused(
        new.weight, new.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias, outputs
    )
    return new


def fuse_conv_bn_eval(conv: Module, bn: Module, transpose: bool = False) -> Module:
    """A copy of a convolution that also does what the batch norm behind it does in ``eval()``.

    AssertionError if one of them is in training mode.

    >>> import minigrad as mg
    >>> net = mg.nn.Sequential(mg.nn.Conv2d(1, 2, 3), mg.nn.BatchNorm2d(2)).eval()
    >>> mg.nn.utils.fuse_conv_bn_eval(*net)
    Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))
    """
    return fuse_eval(conv, bn, int(transpose))


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Module:
    """A copy of a linear layer that also does what the batch norm behind it does in ``eval()``.

    AssertionError if one of them is in training mode, or if the sizes do not fit.
    """
    if linear.out_features != bn.num_features and bn.num_features != 1:
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or bn.num_features == 1"
        )
    return fuse_eval(linear, bn, 0)
