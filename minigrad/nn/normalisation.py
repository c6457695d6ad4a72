"""Normalisation as modules. The formulas are in ``minigrad/ops/networks/normalisation.py``."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.tensor import Tensor
from ..ops.making.creation import ones, tensor, zeros
from ..refusals.arguments import need_fit
from ..refusals.refusing import too_large
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = [
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "InstanceNorm1d",
    "InstanceNorm2d", "InstanceNorm3d", "LayerNorm", "LocalResponseNorm", "RMSNorm",
]  # fmt: skip


def check_size(size: Any, device: Any, dtype: Any) -> None:
    """Refuse sizes that no tensor can have, and other devices, as PyTorch's empty()."""
    if isinstance(size, int) and size > 2**40:
        raise too_large(MemoryError(f"{size} features"))
    need_fit("empty", size, device=device, dtype=dtype)


class ChannelNorm(Module):
    """What batch and instance norm share: a weight and bias, and running statistics."""

    _version = 2  # version 1 had no num_batches_tracked
    ranks: tuple[int, ...] = ()  # how many dimensions the input may have
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self, num_features: int, eps: float, momentum: float | None, affine: bool,
        track_running_stats: bool, device: Any, dtype: Any, bias: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        if affine or track_running_stats:
            check_size(num_features, device, dtype)
        kind = {"dtype": dtype}
        self.register_parameter("weight", Parameter(ones(num_features, **kind)) if affine else None)
        wanted = affine and bias
        self.register_parameter("bias", Parameter(zeros(num_features, **kind)) if wanted else None)
        track = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, **kind) if track else None)
        self.register_buffer("running_var", ones(num_features, **kind) if track else None)
        self.register_buffer("num_batches_tracked", tensor(0) if track else None)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *args: Any
    ) -> None:
        if (local_metadata.get("version") or 1) < 2 and self.num_batches_tracked is not None:
            state_dict.setdefault(prefix + "num_batches_tracked", self.num_batches_tracked)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)

    def reset_running_stats(self) -> None:
        """Forget the running mean and variance."""
        if self.track_running_stats:
            assert self.running_mean is not None and self.running_var is not None
            assert self.num_batches_tracked is not None
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0, no running statistics."""
        self.reset_running_stats()
        one_and_zero(self.weight, self.bias)

    def check_rank(self, input: Tensor) -> None:
        if input.dim() not in self.ranks:
            wanted = " or ".join(f"{n}D" for n in self.ranks)
            raise ValueError(f"expected {wanted} input (got {input.dim()}D input)")

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm(ChannelNorm):
    """Each channel to mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015).

    In training by this batch's mean and variance, which also move the running ones by
    ``momentum`` (None: the average of all batches); in ``eval()`` by the running ones.
    """

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
        affine: bool = True, track_running_stats: bool = True, device: Any = None,
        dtype: Any = None, *, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype,
                         bias)  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        self.check_rank(input)
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                factor = 1.0 / float(self.num_batches_tracked)
        use_batch = self.training or (self.running_mean is None and self.running_var is None)
        keep = not self.training or self.track_running_stats
        return F.batch_norm(
            input, self.running_mean if keep else None, self.running_var if keep else None,
            self.weight, self.bias, use_batch, factor, self.eps,
        )  # fmt: skip


class BatchNorm1d(BatchNorm):
    """For (N, C) or (N, C, L).

    >>> import minigrad as mg
    >>> mg.nn.BatchNorm1d(1)(mg.tensor([[1.0], [3.0]]))
    tensor([[-1.0000],
            [ 1.0000]], grad_fn=<NativeBatchNormBackward0>)
    """

    ranks = (2, 3)


class BatchNorm2d(BatchNorm):
    """For images (N, C, H, W)."""

    ranks = (4,)


class BatchNorm3d(BatchNorm):
    """For volumes (N, C, D, H, W)."""

    ranks = (5,)


class InstanceNorm(ChannelNorm):
    """Each channel of each sample to mean 0 and variance 1 (Ulyanov et al. 2016)."""

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False,
        track_running_stats: bool = False, device: Any = None, dtype: Any = None, *,
        bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype,
                         bias)  # fmt: skip

    def _get_no_batch_dim(self) -> int:
        return min(self.ranks)

    def forward(self, input: Tensor) -> Tensor:
        self.check_rank(input)
        channel = input.dim() - self._get_no_batch_dim()  # 0 without a batch dimension
        if input.size(channel) != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={channel} to match num_features "
                    f"({self.num_features}), but got: {input.size(channel)}."
                )
            warnings.warn(
                f"input's size at dim={channel} does not match num_features. You can silence this "
                "warning by not passing in num_features, which is not used because affine=False",
                stacklevel=3,
            )
        alone = channel == 0
        y = F.instance_norm(
            input.unsqueeze(0) if alone else input, self.running_mean, self.running_var,
            self.weight, self.bias, self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum, self.eps,
        )  # fmt: skip
        return y.squeeze(0) if alone else y


class InstanceNorm1d(InstanceNorm):
    """For (N, C, L) or (C, L)."""

    ranks = (2, 3)


class InstanceNorm2d(InstanceNorm):
    """For images (N, C, H, W) or (C, H, W)."""

    ranks = (3, 4)


class InstanceNorm3d(InstanceNorm):
    """For volumes (N, C, D, H, W) or (C, D, H, W)."""

    ranks = (4, 5)


def whole_shape(shape: Any) -> tuple[int, ...]:
    """A shape given as numbers, or as the one number in it."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(isinstance(n, int) and n > 2**40 for n in sizes):
        raise too_large(MemoryError(f"{sizes} features"))
    need_fit("empty", sizes)
    return sizes


class LayerNorm(Module):
    """Each sample to mean 0 and variance 1 over its last dimensions, then times weight, plus bias.

    Args:
        normalized_shape: the lengths of those dimensions, or the length of the last one.
        eps: added to the variance, so that nothing is divided by 0.
        elementwise_affine: whether there are ``weight`` (ones at first) and ``bias`` (zeros), both
            of that shape.
        bias: False leaves the bias out.
        device: None or the CPU.
        dtype: of weight and bias. None: the default dtype, float32.

    Raises:
        TypeError: the lengths are not whole numbers.
        RuntimeError: (when called) the input's last dimensions are others.

    >>> import minigrad as mg
    >>> mg.nn.LayerNorm(2)(mg.tensor([[1.0, 3.0]]))
    tensor([[-1.0000,  1.0000]], grad_fn=<NativeLayerNormBackward0>)

    Source: Ba, Kiros and Hinton 2016, "Layer Normalization".
    """

    def __init__(
        self, normalized_shape: Any, eps: float = 1e-5, elementwise_affine: bool = True,
        bias: bool = True, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.normalized_shape = whole_shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        shape = self.normalized_shape
        affine = elementwise_affine
        self.register_parameter("weight", Parameter(ones(shape, dtype=dtype)) if affine else None)
        wanted = affine and bias
        self.register_parameter("bias", Parameter(zeros(shape, dtype=dtype)) if wanted else None)

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        one_and_zero(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Each sample divided by the root of its mean square (Zhang and Sennrich 2019)."""

    def __init__(
        self, normalized_shape: Any, eps: float | None = None, elementwise_affine: bool = True,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.normalized_shape = whole_shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        weight = Parameter(ones(self.normalized_shape, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", weight)

    def reset_parameters(self) -> None:
        """Weight 1."""
        if self.weight is not None:
            self.weight.data.fill_(1)

    def forward(self, input: Tensor) -> Tensor:
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(Module):
    """Each group of channels of each sample to mean 0 and variance 1 (Wu and He 2018)."""

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
        device: Any = None, dtype: Any = None, *, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        if affine:
            check_size(num_channels, device, dtype)
        self.register_parameter(
            "weight", Parameter(ones(num_channels, dtype=dtype)) if affine else None
        )
        self.register_parameter(
            "bias", Parameter(zeros(num_channels, dtype=dtype)) if affine and bias else None
        )

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        one_and_zero(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class LocalResponseNorm(Module):
    """Divided by a power of neighbouring channels' squares (Krizhevsky et al. 2012)."""

    def __init__(
        self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
    ) -> None:  # fmt: skip
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


def one_and_zero(weight: Any, bias: Any) -> None:
    """Weight 1, bias 0, where there are any: what is normalised stays as it is."""
    if weight is not None:
        weight.data.fill_(1)
    if bias is not None:
        bias.data.zero_()
