"""Activations as modules. The formulas are in ``minigrad/ops/elementwise/activations.py``."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise.trigonometry import tanh
from ..ops.networks.activations import sigmoid
from ..refusals.words import need_tensor
from . import functional as F
from .init import constant_
from .linear import new_parameter
from .module import Module

__all__ = [
    "CELU", "ELU", "GELU", "GLU", "SELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh",
    "LeakyReLU", "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "ReLU", "ReLU6", "RReLU",
    "Sigmoid", "SiLU", "Softmax", "Softmax2d", "Softmin", "Softplus", "Softshrink", "Softsign",
    "Tanh", "Tanhshrink", "Threshold",
]  # fmt: skip


class NoArguments(Module):
    """An activation without settings; like PyTorch's it takes, and forgets, any arguments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()


class Sigmoid(NoArguments):
    """$1 / (1 + e^{-x})$, between 0 and 1, element by element: the input may have any shape.

    Args:
        *args, **kwargs: taken and forgotten, as in PyTorch.

    Raises:
        TypeError: (when called) the input is no tensor.

    >>> import minigrad as mg
    >>> mg.nn.Sigmoid()(mg.tensor([0.0, 2.0]))
    tensor([0.5000, 0.8808])

    Source: the logistic function (Verhulst 1838); as an activation Rumelhart et al. 1986.
    """

    def forward(self, input: Tensor) -> Tensor:
        return sigmoid(input)


class Tanh(NoArguments):
    r"""$\tanh x$, between -1 and 1, element by element: the input may have any shape.

    Args:
        *args, **kwargs: taken and forgotten, as in PyTorch.

    Raises:
        TypeError: (when called) the input is no tensor.

    >>> import minigrad as mg
    >>> mg.nn.Tanh()(mg.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])

    Source: as an activation LeCun et al. 1998, "Efficient BackProp".
    """

    def forward(self, input: Tensor) -> Tensor:
        return tanh(input)


class LogSigmoid(NoArguments):
    r"""$\log(1 / (1 + e^{-x}))$."""

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Softsign(NoArguments):
    r"""$x / (1 + |x|)$."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Tanhshrink(NoArguments):
    r"""$x - \tanh x$."""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class MaybeInplace(Module):
    """An activation whose only setting is to overwrite its input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class ReLU(MaybeInplace):
    r"""$\max(x, 0)$, element by element: the input may have any shape.

    Args:
        inplace: write the result into the input's memory (default False).

    Raises:
        RuntimeError: (when called) for bool tensors, or inplace at a leaf that requires a gradient.
        TypeError: (when called) the input is no tensor.

    >>> import minigrad as mg
    >>> mg.nn.ReLU()(mg.tensor([-1.0, 2.0]))
    tensor([0., 2.])

    Source: Fukushima 1969; in deep networks Nair and Hinton 2010.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, inplace=self.inplace)


class ReLU6(MaybeInplace):
    r"""$\min(\max(x, 0), 6)$."""

    def forward(self, input: Tensor) -> Tensor:
        need_tensor("hardtanh", input)  # a hardtanh from 0 to 6
        return F.relu6(input, inplace=self.inplace)


class SELU(MaybeInplace):
    """ELU, scaled so that layers keep mean 0 and variance 1 (Klambauer et al. 2017)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, inplace=self.inplace)


class SiLU(MaybeInplace):
    r"""$x\,\sigma(x)$, also called swish."""

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, inplace=self.inplace)


class Mish(MaybeInplace):
    r"""$x \tanh(\log(1 + e^x))$ (Misra 2019)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, inplace=self.inplace)


class Hardsigmoid(MaybeInplace):
    """A sigmoid made of three straight lines."""

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, inplace=self.inplace)

    def extra_repr(self) -> str:
        return ""  # as in PyTorch


class Hardswish(Hardsigmoid):
    """``x * hardsigmoid(x)``."""

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, inplace=self.inplace)


def with_inplace(text: str, inplace: bool) -> str:
    return text + (", inplace=True" if inplace else "")


class LeakyReLU(Module):
    r"""$x$ where positive, ``negative_slope`` times $x$ elsewhere."""

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return with_inplace(f"negative_slope={self.negative_slope}", self.inplace)


class ELU(Module):
    r"""$x$ where positive, $\alpha (e^x - 1)$ elsewhere (Clevert et al. 2016)."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return with_inplace(f"alpha={self.alpha}", self.inplace)


class CELU(ELU):
    r"""$\max(0, x) + \min(0, \alpha (e^{x / \alpha} - 1))$, smooth for every $\alpha$."""

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)


class GELU(Module):
    r"""$x\,\Phi(x)$, the normal distribution function as a gate (Hendrycks and Gimpel 2016).

    approximate="tanh" computes $\Phi$ by a formula with tanh.
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class Hardtanh(Module):
    """``x`` cut off at ``min_val`` and ``max_val``."""

    def __init__(
        self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
    ) -> None:  # fmt: skip
        super().__init__()
        if max_val <= min_val:
            raise AssertionError(
                f"max_val ({max_val}) must be greater than min_val ({min_val}): the numbers "
                "between them pass unchanged"
            )
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return with_inplace(f"min_val={self.min_val}, max_val={self.max_val}", self.inplace)


class Softplus(Module):
    r"""$\log(1 + e^{\beta x}) / \beta$, a smooth ReLU; above ``threshold`` just $x$."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Softshrink(Module):
    """``x`` moved by ``lambd`` towards 0, and 0 within ``lambd`` of it."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(Softshrink):
    """``x``, but 0 within ``lambd`` of 0."""

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)


class Threshold(Module):
    """``x`` where it is above ``threshold``, ``value`` elsewhere."""

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return with_inplace(f"threshold={self.threshold}, value={self.value}", self.inplace)


class RReLU(Module):
    """LeakyReLU with slopes drawn anew for each element in training (Xu et al. 2015)."""

    def __init__(
        self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False
    ) -> None:  # fmt: skip
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return with_inplace(f"lower={self.lower}, upper={self.upper}", self.inplace)


class PReLU(Module):
    """LeakyReLU whose slope is learned: one, or one for each channel (He et al. 2015)."""

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = new_parameter(num_parameters, device=device, dtype=dtype)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Back to the slope at the start."""
        constant_(self.weight, self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class GLU(Module):
    """The first half of ``dim`` times the sigmoid of the second half (Dauphin et al. 2017)."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax(Module):
    """Positive numbers that sum to 1 along ``dim``, in proportion to ``exp(x)``."""

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of the softmax, without overflow."""

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)


class Softmin(Softmax):
    """The softmax of ``-x``."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)


class Softmax2d(Module):
    """The softmax over the channels of images, (N, C, H, W) or (C, H, W)."""

    def forward(self, input: Tensor) -> Tensor:
        if input.dim() not in (3, 4):
            raise ValueError(
                f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead"
            )
        return F.softmax(input, -3)
