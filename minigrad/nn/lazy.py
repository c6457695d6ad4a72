"""Layers that find out their input's size when they first see it, and are ordinary ones then.

``LazyLinear(3)`` is a ``Linear`` whose ``in_features`` nobody has to work out, for example behind a
Flatten. Its first call makes the parameters and turns the object into a Linear. Give parameters to
an optimizer after that call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.size import Size
from ..ops.making.creation import empty, ones, zeros
from ..refusals.arguments import need_fit
from ..refusals.refusing import too_large
from .convolution import (
    AnyConv,
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from .linear import Linear
from .module import Module
from .normalisation import BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d
from .parameter import Parameter

__all__ = [
    "LazyBatchNorm1d", "LazyBatchNorm2d", "LazyBatchNorm3d", "LazyConv1d", "LazyConv2d",
    "LazyConv3d", "LazyConvTranspose1d", "LazyConvTranspose2d", "LazyConvTranspose3d",
    "LazyLinear", "UninitializedParameter",
]  # fmt: skip


class UninitializedParameter(Parameter):
    """A parameter without a shape yet."""

    def __new__(cls, dtype: Any = None) -> UninitializedParameter:
        made: Any = super().__new__(cls)
        made._data = np.empty(0, dtypes.default_np() if dtype is None else dtypes.to_numpy(dtype))
        return made

    @property
    def shape(self) -> Size:
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually "
            "happens in `load_state_dict` when trying to load an uninitialized parameter into an "
            "initialized module. Call `forward` to initialize the parameters before accessing "
            "their attributes."
        )

    def materialize(self, *shape: int) -> None:
        """Become an ordinary parameter of this shape, the numbers still to be filled in."""
        need_fit("empty", shape)
        try:
            self._data = empty(shape, dtype=self.dtype)._data
        except (MemoryError, ValueError) as error:
            raise too_large(error) from None
        self.__class__ = Parameter  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict[int, Any]) -> UninitializedParameter:
        copied = memo[id(self)] = type(self)(self.dtype)
        return copied

    def __repr__(self) -> str:
        return "<UninitializedParameter>"

    __str__ = __repr__


class Lazy(Module):
    """What the lazy layers share: the first call makes them ordinary."""

    becomes: Any = None

    def initialize_parameters(self, input: Tensor) -> None:
        """Take the missing size from the input and draw the parameters."""
        raise NotImplementedError

    def has_uninitialized_params(self) -> bool:
        return any(isinstance(p, UninitializedParameter) for p in self._parameters.values())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.initialize_parameters(*args, **kwargs)
        self.__class__ = self.becomes
        return self(*args, **kwargs)

    def reset_parameters(self) -> None:
        """Nothing yet: the shapes are not known."""

    def _make_parameters(self, bias: bool, dtype: Any) -> None:
        self.register_parameter("weight", UninitializedParameter(dtype))
        self.register_parameter("bias", UninitializedParameter(dtype) if bias else None)

    def _give_shape(self, name: str, *shape: int) -> None:
        param = self._parameters[name]
        if param is not None:
            param.materialize(*shape)


class LazyLinear(Lazy, Linear):
    """A Linear that takes ``in_features`` from its first input.

    >>> import minigrad as mg
    >>> layer = mg.nn.LazyLinear(3)
    >>> _ = layer(mg.zeros(5, 2))
    >>> layer
    Linear(in_features=2, out_features=3, bias=True)
    """

    becomes = Linear

    def __init__(
        self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(0, out_features, bias=False)
        self._make_parameters(bias, dtype)

    def initialize_parameters(self, input: Tensor) -> None:
        self.in_features = input.shape[-1]
        self._give_shape("weight", self.out_features, self.in_features)
        self._give_shape("bias", self.out_features)
        Linear.reset_parameters(self)


class LazyConv(Lazy, AnyConv):
    """What the lazy convolutions share: ``in_channels`` comes from the first input."""

    def __init__(
        self, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0,
        dilation: Any = 1, groups: int = 1, bias: bool = True, padding_mode: str = "zeros",
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        settings: Any = (kernel_size, stride, padding, dilation, groups, False, padding_mode)
        make: Any = super().__init__  # Conv's; weight and bias are made below
        make(0, 0, *settings, device, dtype)
        self._give_channels(out_channels, bias, dtype)

    def _give_channels(self, out_channels: int, bias: bool, dtype: Any) -> None:
        self.out_channels = out_channels
        self._make_parameters(bias, dtype)

    def initialize_parameters(self, input: Tensor, *args: Any) -> None:
        n = self.spatial
        if input.dim() not in (n + 1, n + 2):
            raise RuntimeError(
                f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to "
                f"{type(self).__name__}, but got input of size: {input.shape}"
            )
        self.in_channels = input.size(-n - 1)
        if self.in_channels % self.groups:
            raise ValueError("in_channels must be divisible by groups")
        channels = (self.out_channels, self.in_channels // self.groups)
        if self.transposed:
            channels = (self.in_channels, self.out_channels // self.groups)
        self._give_shape("weight", *channels, *self.kernel_size)
        self._give_shape("bias", self.out_channels)
        AnyConv.reset_parameters(self)


class LazyConv1d(LazyConv, Conv1d):
    """A Conv1d that takes ``in_channels`` from its first input."""

    becomes = Conv1d


class LazyConv2d(LazyConv, Conv2d):
    """A Conv2d that takes ``in_channels`` from its first input."""

    becomes = Conv2d


class LazyConv3d(LazyConv, Conv3d):
    """A Conv3d that takes ``in_channels`` from its first input."""

    becomes = Conv3d


class LazyConvTranspose(LazyConv):
    """What the lazy transposed convolutions share."""

    def __init__(
        self, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0,
        output_padding: Any = 0, groups: int = 1, bias: bool = True, dilation: Any = 1,
        padding_mode: str = "zeros", device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        base: Any = ConvTranspose
        base.__init__(
            self, 0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation,
            padding_mode, device, dtype,
        )  # fmt: skip
        self._give_channels(out_channels, bias, dtype)


class LazyConvTranspose1d(LazyConvTranspose, ConvTranspose1d):
    """A ConvTranspose1d that takes ``in_channels`` from its first input."""

    becomes = ConvTranspose1d


class LazyConvTranspose2d(LazyConvTranspose, ConvTranspose2d):
    """A ConvTranspose2d that takes ``in_channels`` from its first input."""

    becomes = ConvTranspose2d


class LazyConvTranspose3d(LazyConvTranspose, ConvTranspose3d):
    """A ConvTranspose3d that takes ``in_channels`` from its first input."""

    becomes = ConvTranspose3d


class LazyBatchNorm(Lazy, BatchNorm):
    """What the lazy batch norms share: ``num_features`` comes from the first input."""

    def __init__(
        self, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, device: Any = None, dtype: Any = None, *,
        bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(
            0, eps, momentum, False, track_running_stats, device, dtype, bias=False
        )
        self.affine = affine
        if affine:
            self._make_parameters(bias, dtype)

    def initialize_parameters(self, input: Tensor) -> None:
        self.num_features = n = input.shape[1]
        self._give_shape("weight", n)
        self._give_shape("bias", n)
        if self.running_mean is not None and self.running_var is not None:
            self.running_mean = zeros(n, dtype=self.running_mean.dtype)
            self.running_var = ones(n, dtype=self.running_var.dtype)
        BatchNorm.reset_parameters(self)


class LazyBatchNorm1d(LazyBatchNorm, BatchNorm1d):
    """A BatchNorm1d that takes ``num_features`` from its first input."""

    becomes = BatchNorm1d


class LazyBatchNorm2d(LazyBatchNorm, BatchNorm2d):
    """A BatchNorm2d that takes ``num_features`` from its first input."""

    becomes = BatchNorm2d


class LazyBatchNorm3d(LazyBatchNorm, BatchNorm3d):
    """A BatchNorm3d that takes ``num_features`` from its first input."""

    becomes = BatchNorm3d
