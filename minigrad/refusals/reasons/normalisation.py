"""Which tensors, weights and running averages have no normalisation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..arguments import need_ints
from ..words import need_kind


def channels(
    input: Tensor, mean: Tensor | None, var: Tensor | None, weight: Tensor | None,
    bias: Tensor | None, training: bool,
) -> None:  # fmt: skip
    """Batches of one number, and what has not one number for each channel."""
    x = input._data
    need_kind("batch_norm", x, "f")
    if training and x.ndim > 1 and x.size == x.shape[1]:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {input.shape}: "
            "the variance of one number is 0"
        )
    channels = x.shape[1] if x.ndim > 1 else 0
    if training:
        both_or_none(mean, var)
    for t, name in ((mean, "running_mean"), (var, "running_var")):
        if t is None and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
        channels_of(t, name, channels)
        if t is not None and t._data.ndim != 1:
            raise RuntimeError(
                f"TensorAccessor expected 1 dims but tensor has {t._data.ndim}: {name} holds one "
                "number for each channel"
            )
    channels_of(weight, "weight", channels)
    channels_of(bias, "bias", channels)


def shared_average(x: Any, *averages: Tensor | None) -> None:
    """One running average for all the examples of a vmap."""
    followed = [t for t in averages if t is not None]
    if hasattr(x, "carrying") and not all(hasattr(t._data, "carrying") for t in followed):
        raise RuntimeError(
            "Batch norm got a batched tensor as input while the running_mean or running_var, which "
            "will be updated in place, were not batched. Inside vmap all examples would write to "
            "the same running mean: use eval(), or track_running_stats=False."
        )


def both_or_none(mean: Tensor | None, var: Tensor | None) -> None:
    """One running average without the other."""
    if (mean is None) != (var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")


def channels_of(t: Tensor | None, name: str, channels: int) -> None:
    """A weight that has not one number for each channel."""
    if t is not None and t._data.size != channels:
        raise RuntimeError(f"{name} should contain {channels} elements not {t._data.size}")


def instances(input: Tensor, mean: Tensor | None, var: Tensor | None) -> None:
    """Samples of one number, and running averages that have not one for each channel."""
    shape = input._data.shape
    if math.prod(shape[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 spatial element when training, got input size {input.shape}"
        )
    both_or_none(mean, var)
    for t, name in ((mean, "running_mean"), (var, "running_var")):
        if t is not None and t._data.ndim > 1:
            raise RuntimeError(
                "Number of dimensions of repeat dims can not be smaller than number of "
                f"dimensions of tensor: {name} holds one number for each channel"
            )
        if t is not None and t._data.size != shape[1]:
            raise RuntimeError(
                f"{name} should contain {shape[0] * shape[1]} elements not "
                f"{shape[0] * t._data.size}: one for each of {shape[1]} channels"
            )


def group_norm(x: Any, num_groups: int, weight: Tensor | None, bias: Tensor | None) -> None:
    """Groups and channels that do not match."""
    if x.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {x.ndim}"
        )
    if num_groups < 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if x.shape[1] % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(x.shape)} and num_groups={num_groups}"
        )
    for t, name in ((weight, "weight"), (bias, "bias")):
        if t is not None and t._data.shape != (x.shape[1],):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {list(t.shape)} and input of shape {list(x.shape)}"
            )


def local_response_norm(n: int, size: Any) -> None:
    """Tensors without channels and lengths, and a number of channels that is none."""
    if n < 3:
        raise ValueError(
            "Expected 3D or higher dimensionality                          input (got "
            f"{n} dimensions)"
        )
    need_ints("pad", "pad", (0, 0, size // 2, (size - 1) // 2), 2, one_for_all=False)
    need_ints("avg_pool2d", "kernel_size", (size, 1), 2)
    if size <= 0:
        raise RuntimeError(f"kernel size should be greater than zero, but got kH: {size} kW: 1")


def rms_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None) -> None:
    """More dimensions than the tensor has."""
    fits = weight is None or isinstance(normalized_shape, (tuple, list)) and (
        tuple(weight.shape) == tuple(normalized_shape)
    )
    if fits and len(normalized_shape) > input._data.ndim:
        raise ValueError(
            f"Input tensor must have at least {len(normalized_shape)} dimensions, but got "
            f"{input._data.ndim}"
        )


def layer_norm(
    input: Tensor, shape: tuple[int, ...], weight: Tensor | None, bias: Tensor | None
) -> None:
    """Last dimensions, a weight or a bias that have not the normalised shape."""
    normalized(input, shape, weight, "weight", "*, ")
    normalized(input, shape, bias, "bias", "*, ")


def normalized(
    input: Tensor, shape: tuple[int, ...], weight: Tensor | None, what: str, star: str
) -> None:
    """Last dimensions or weights that have not the normalised shape."""
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
            "one element, but got normalized_shape = []"
        )
    if weight is not None and tuple(weight.shape) != shape:
        raise RuntimeError(
            f"Expected {what} to be of same shape as normalized_shape, but got {what} of shape "
            f"{list(weight.shape)} and normalized_shape = {list(shape)}"
        )
    n = input._data.ndim
    if input._data.shape[max(n - len(shape), 0) :] != shape:
        lengths = ", ".join(str(s) for s in shape)
        raise RuntimeError(
            f"Given normalized_shape=[{lengths}], expected input with shape [{star}{lengths}], but "
            f"got input of size{list(input.shape)}: the last dimensions are normalised"
        )


def mixed_dtypes(input: Tensor, *parameters: Tensor | None) -> None:
    """Mixtures of dtypes other than a float16 input with float32 parameters.

    PyTorch compares the first parameter with the input, and the others with the first.
    """
    x, given = input._data, [p._data for p in parameters if p is not None]
    if not given or all(p.dtype == x.dtype for p in given):
        return
    advice = "input, weights and running averages must have one dtype; convert with .to()"
    if given[0].dtype == x.dtype:
        other = next(p for p in given if p.dtype != x.dtype)
        raise RuntimeError(
            f"expected scalar type {kind_name(x)} but found {kind_name(other)}: {advice}"
        )
    if any(p.dtype != np.float32 for p in given):
        raise RuntimeError(
            f"mixed dtype (CPU): expect parameter to have scalar type of Float: {advice}"
        )
    if x.dtype != np.float16:
        raise RuntimeError(f"mixed dtype (CPU): all inputs must share same datatype. {advice}")
