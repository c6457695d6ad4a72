"""Convolutions as modules. What they compute is in ``minigrad/ops/networks/convolution.py``."""

from __future__ import annotations

import math
from typing import Any

from ..core.tensor import Tensor
from . import functional as F
from . import init
from .linear import new_parameter
from .module import Module
from .parameter import Parameter
from .sizes import times

__all__ = ["Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class AnyConv(Module):
    """What all convolutions share: settings, weight, bias, printing."""

    spatial: int = 1  # how many dimensions the kernel has
    transposed: bool = False
    padding: Any
    bias: Parameter | None

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any, padding: Any,
        dilation: Any, output_padding: Any, groups: int, bias: bool, padding_mode: str,
        device: Any, dtype: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        check_settings(
            in_channels, out_channels, groups, padding, stride, padding_mode, self.transposed
        )
        n = self.spatial
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = times(kernel_size, n)
        self.stride = times(stride, n)
        named = isinstance(padding, str) and not self.transposed
        self.padding = padding if named else times(padding, n)
        self.dilation = times(dilation, n)
        self.output_padding = times(output_padding, n)
        self.groups = groups
        self.padding_mode = padding_mode
        channels = (
            (in_channels, out_channels // groups) if self.transposed
            else (out_channels, in_channels // groups)
        )  # fmt: skip
        self.weight = new_parameter(*channels, *self.kernel_size, device=device, dtype=dtype)
        if bias:
            self.bias = new_parameter(out_channels, device=device, dtype=dtype)
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new numbers, as in a Linear."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init.fans(self.weight)
            if fan_in:
                init.uniform_(self.bias, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))

    def extra_repr(self) -> str:
        n = self.spatial
        text = (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}"
        )
        if self.padding != (0,) * n:
            text += f", padding={self.padding}"
        if self.dilation != (1,) * n:
            text += f", dilation={self.dilation}"
        if self.output_padding != (0,) * n:
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


def check_settings(
    in_channels: int, out_channels: int, groups: int, padding: Any, stride: Any,
    padding_mode: str, transposed: bool,
) -> None:  # fmt: skip
    """PyTorch's refusals of a convolution that cannot be."""
    if groups <= 0:
        raise ValueError("groups must be a positive integer")
    if in_channels % groups:
        raise ValueError("in_channels must be divisible by groups")
    if out_channels % groups:
        raise ValueError("out_channels must be divisible by groups")
    if isinstance(padding, str) and not transposed:
        if padding not in ("same", "valid"):
            raise ValueError(
                f"Invalid padding string {padding!r}, should be one of {{'same', 'valid'}}"
            )
        if padding == "same" and any(s != 1 for s in times(stride, 1)):
            raise ValueError("padding='same' is not supported for strided convolutions")
    if padding_mode not in set(PADDING_MODES):  # a set, as PyTorch: a list cannot be looked up
        raise ValueError(
            f"padding_mode must be one of {set(PADDING_MODES)}, but got "
            f"padding_mode='{padding_mode}'"
        )


class Conv(AnyConv):
    """The weight slides over the input; see :class:`Conv2d`."""

    function: Any = None

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1,
        padding: Any = 0, dilation: Any = 1, groups: int = 1, bias: bool = True,
        padding_mode: str = "zeros", device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        padding = self.padding
        if self.padding_mode != "zeros":  # pad first, then convolve without
            input = F.pad(input, self.both_sides(), mode=self.padding_mode)
            padding = 0
        function = type(self).function
        y: Tensor = function(
            input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )
        return y

    def both_sides(self) -> list[int]:
        """The padding as ``F.pad`` wants it: before and after, last dimension first."""
        sides: list[int] = []
        given = self.padding if isinstance(self.padding, tuple) else self.kernel_size
        for i in reversed(range(len(given))):
            if self.padding == "same":
                total = self.dilation[i] * (self.kernel_size[i] - 1)
                sides += [total // 2, total - total // 2]
            else:
                n = 0 if self.padding == "valid" else self.padding[i]
                sides += [n, n]
        return sides


class Conv1d(Conv):
    """A convolution of sequences (N, C, L)."""

    spatial = 1
    function = staticmethod(F.conv1d)


class Conv2d(Conv):
    r"""A convolution of images: (N, in_channels, H, W) to (N, out_channels, H', W').

    ``weight``: (out_channels, in_channels / groups, *kernel_size). padding: zeros around the image
    ('same' keeps its size), or what padding_mode says ('reflect', 'replicate', 'circular').

    >>> import minigrad as mg
    >>> conv = mg.nn.Conv2d(1, 4, 3, padding=1)
    >>> conv
    Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    >>> conv(mg.zeros(2, 1, 8, 8)).shape
    torch.Size([2, 4, 8, 8])
    """

    spatial = 2
    function = staticmethod(F.conv2d)


class Conv3d(Conv):
    """A convolution of volumes (N, C, D, H, W)."""

    spatial = 3
    function = staticmethod(F.conv3d)


class ConvTranspose(AnyConv):
    """The gradient of a convolution as a layer: it makes images larger."""

    transposed = True
    function: Any = None

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1,
        padding: Any = 0, output_padding: Any = 0, groups: int = 1, bias: bool = True,
        dilation: Any = 1, padding_mode: str = "zeros", device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra: Any = self.output_padding
        if output_size is not None:
            len(output_size)  # TypeError for a number
            extra = self.extra_for(input, output_size)
        function = type(self).function
        y: Tensor = function(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups,
            self.dilation,
        )  # fmt: skip
        return y

    def extra_for(self, input: Tensor, wanted: Any) -> list[int]:
        """The output_padding that gives the wanted size: strides leave several sizes possible."""
        n = self.spatial
        lead = 2 if input.dim() == n + 2 else 1
        if len(wanted) == lead + n:
            wanted = wanted[lead:]
        if len(wanted) != n:
            raise ValueError(
                f"ConvTranspose{n}D: for {input.dim()}D input, output_size must have {n} or "
                f"{lead + n} elements (got {len(wanted)})"
            )
        smallest = [
            (input.size(lead + i) - 1) * self.stride[i] - 2 * self.padding[i]
            + self.dilation[i] * (self.kernel_size[i] - 1) + 1
            for i in range(n)
        ]  # fmt: skip
        largest = [s + self.stride[i] - 1 for i, s in enumerate(smallest)]
        if any(not low <= w <= high for w, low, high in zip(wanted, smallest, largest)):
            raise ValueError(
                f"requested an output size of {wanted}, but valid sizes range from {smallest} to "
                f"{largest} (for an input of {input.size()[2:]})"
            )
        return [w - low for w, low in zip(wanted, smallest)]


class ConvTranspose1d(ConvTranspose):
    """A transposed convolution of sequences."""

    spatial = 1
    function = staticmethod(F.conv_transpose1d)


class ConvTranspose2d(ConvTranspose):
    """A transposed convolution of images, as in generators and segmentation networks."""

    spatial = 2
    function = staticmethod(F.conv_transpose2d)


class ConvTranspose3d(ConvTranspose):
    """A transposed convolution of volumes."""

    spatial = 3
    function = staticmethod(F.conv_transpose3d)
