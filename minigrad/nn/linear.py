"""Layers that multiply with a weight matrix: Linear, Bilinear; and Identity."""

from __future__ import annotations

import math
from typing import Any

from ..core.tensor import Tensor
from ..faithful.device import only_cpu
from ..ops.making.creation import empty
from ..refusals.arguments import need_fit
from ..refusals.refusing import too_large
from . import functional as F
from . import init
from .module import Module
from .parameter import Parameter

__all__ = ["Bilinear", "Identity", "Linear"]


def new_parameter(*shape: int, device: Any = None, dtype: Any = None) -> Parameter:
    """A parameter whose numbers are still to be filled in."""
    given: Any = shape[0] if len(shape) == 1 else shape
    need_fit("empty", given, device=device, dtype=dtype)
    if device is not None:
        only_cpu(device)
    try:
        return Parameter(empty(given, dtype=dtype))
    except (MemoryError, ValueError) as error:
        raise too_large(error) from None


class Identity(Module):
    """Returns its input. Takes and forgets any arguments, to stand in for another layer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Linear(Module):
    r"""$y = x W^\top + b$: from ``in_features`` to ``out_features`` in the last dimension.

    The input has shape (..., in_features), the result (..., out_features). ``weight``:
    (out_features, in_features), ``bias``: (out_features,), both drawn evenly from $\pm
    1/\sqrt{\text{in\_features}}$.

    Args:
        in_features, out_features: the lengths, whole numbers.
        bias: False leaves ``b`` out.
        device: None or the CPU.
        dtype: of weight and bias. None: the default dtype, float32; the input must have it too.

    Raises:
        RuntimeError: a length is negative; (when called) the input's last dimension or dtype is
            another.
        TypeError: a length is not a whole number.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.nn.Linear(3, 2).weight
    Parameter containing:
    tensor([[-0.0043,  0.3097, -0.4752],
            [-0.4249, -0.2224,  0.1548]], requires_grad=True)

    Source: PyTorch's ``nn.Linear``; the layer is Rosenblatt's (1958) with any activation after it.
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = new_parameter(out_features, in_features, device=device, dtype=dtype)
        if bias:
            self.bias = new_parameter(out_features, device=device, dtype=dtype)
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new numbers."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init.fans(self.weight)
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class NonDynamicallyQuantizableLinear(Linear):
    """A Linear; PyTorch gives the one inside MultiheadAttention this name of its own."""


class Bilinear(Module):
    r"""$y_k = x_1^\top A_k x_2 + b_k$: one number for each output from two inputs."""

    def __init__(
        self, in1_features: int, in2_features: int, out_features: int, bias: bool = True,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        need_fit("empty", (out_features, in1_features, in2_features))
        if in1_features == 0:
            raise ValueError(f"in1_features must be > 0, but got (in1_features={in1_features})")
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        kind = {"device": device, "dtype": dtype}
        self.weight = new_parameter(out_features, in1_features, in2_features, **kind)
        if bias:
            self.bias = new_parameter(out_features, **kind)
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new numbers."""
        bound = 1 / math.sqrt(self.weight.size(1))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
