"""Initial numbers for parameters, as ``torch.nn.init``: the same seed gives PyTorch's numbers.

Every function with a trailing underscore writes into the tensor it is given, unrecorded, and
returns it. *fan_in* is how many numbers an output is computed from, *fan_out* how many outputs an
input has a part in: initial weights must be smaller where more numbers are added up.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor, make
from ..random.draws import normal_ as draw_normal
from ..random.draws import randperm
from ..random.draws import uniform_ as draw_uniform
from ..refusals.refusing import check_functions as _check_functions
from ..refusals.signatures.of_nn_init import NN_INIT as _NN_INIT
from ..refusals.words import not_implemented, only_real

GAINS = {
    "linear": 1.0, "conv1d": 1.0, "conv2d": 1.0, "conv3d": 1.0, "conv_transpose1d": 1.0,
    "conv_transpose2d": 1.0, "conv_transpose3d": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3,
    "relu": math.sqrt(2.0), "selu": 3.0 / 4,
}  # fmt: skip


def calculate_gain(nonlinearity: str, param: Any = None) -> float:
    """How much larger weights have to be because of the activation that follows.

    >>> import minigrad as mg
    >>> round(mg.nn.init.calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if not isinstance(nonlinearity, str) or nonlinearity not in GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    return GAINS[nonlinearity]


def fans(tensor: Tensor) -> tuple[int, int]:
    """fan_in and fan_out of a weight of shape (out, in, *kernel)."""
    if tensor.dim() < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions: this "
            f"one has shape {list(tensor.shape)}; initialise a bias with zeros_ or uniform_"
        )
    shape = tensor._data.shape
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


_calculate_fan_in_and_fan_out = fans  # PyTorch's name, which tutorials use


def fan_of(tensor: Tensor, mode: str) -> int:
    if mode.lower() not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    return fans(tensor)[mode.lower() == "fan_out"]


@no_grad()
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Tensor:
    """Numbers drawn evenly from [a, b).

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.nn.init.uniform_(mg.empty(2), -1, 1)
    tensor([-0.0075,  0.5364])
    """
    return draw_uniform(tensor, a, b, generator=generator)


@no_grad()
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Tensor:
    """Numbers from a normal distribution."""
    return draw_normal(tensor, mean, std, generator=generator)


@no_grad()
def trunc_normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0,
    generator: Any = None,
) -> Tensor:  # fmt: skip
    """Numbers from a normal distribution; what is outside [a, b] is drawn again."""
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of "
            "values may be incorrect.",
            stacklevel=4,
        )

    def below(x: float) -> float:
        return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0

    if below((b - mean) / std) - below((a - mean) / std) > 0.3:
        draw = lambda t: draw_normal(t, mean, std, generator=generator)
        only_real("lt_cpu", tensor)
        low, high = tensor.new_tensor(a).item(), tensor.new_tensor(b).item()
        numbers = draw(tensor)._data
        while (outside := (numbers < low) | (numbers > high)).any():
            numbers = np.where(outside, draw(tensor.clone())._data, numbers)
    else:
        numbers = draw_by_rejection(tensor, mean, std, a, b, generator)
    return write(tensor, numbers)


def draw_by_rejection(
    tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Any
) -> Any:
    """Where the normal rarely falls into [a, b]: draw evenly, accept in proportion to density."""
    peak = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2
    numbers, rejected = tensor._data, np.ones(tensor._data.shape, bool)
    while rejected.any():
        candidates = draw_uniform(tensor.clone(), a, b, generator=generator)
        numbers = np.where(rejected, candidates._data, numbers)
        log_density = ((candidates - mean) / std) ** 2 * -0.5 - peak
        accept = draw_uniform(tensor.clone(), generator=generator).log()
        rejected = rejected & (accept > log_density)._data
    return numbers


@no_grad()
def constant_(tensor: Tensor, val: float) -> Tensor:
    """One number everywhere."""
    return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """1 everywhere."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """0 everywhere, as for a bias.

    Args:
        tensor: of any shape and dtype.

    Returns:
        The tensor itself, written to in place; nothing is recorded.

    >>> import minigrad as mg
    >>> mg.nn.init.zeros_(mg.ones(2))
    tensor([0., 0.])

    Source: PyTorch's ``nn.init.zeros_``.
    """
    return constant_(tensor, 0.0)


def write(tensor: Tensor, numbers: Any) -> Tensor:
    with no_grad():
        return tensor.copy_(make(np.asarray(numbers, tensor._data.dtype)))


def eye_(tensor: Tensor) -> Tensor:
    """1 on the diagonal of a matrix, 0 elsewhere."""
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    return write(tensor, np.eye(*tensor._data.shape))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """The convolution kernel that leaves its input as it is, channel by channel."""
    shape = tensor._data.shape
    if len(shape) not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    if shape[0] % groups:
        raise ValueError("dim 0 must be divisible by groups")
    numbers = np.zeros(shape)
    each = shape[0] // groups
    middle = tuple(n // 2 for n in shape[2:])
    for group in range(groups):
        for d in range(min(each, shape[1])):
            numbers[(group * each + d, d, *middle)] = 1
    return write(tensor, numbers)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """Evenly from ±gain * sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010)."""
    fan_in, fan_out = fans(tensor)
    std = gain * math.sqrt(2.0 / float(fan_in + fan_out))
    a = math.sqrt(3.0) * std
    return uniform_(tensor, -a, a, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """Normal with deviation gain * sqrt(2 / (fan_in + fan_out))."""
    fan_in, fan_out = fans(tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(fan_in + fan_out)), generator)


def has_elements(tensor: Tensor) -> bool:
    if 0 in tensor._data.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=4)
        return False
    return True


def kaiming_uniform_(
    tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:  # fmt: skip
    """Evenly from ±gain * sqrt(3 / fan) (He et al. 2015); a: the slope of a leaky ReLU."""
    if not has_elements(tensor):
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(fan_of(tensor, mode))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:  # fmt: skip
    """Fill with normal numbers of mean 0 and deviation gain / sqrt(fan), which keeps the variance.

    Args:
        tensor: floating point, with two dimensions or more: (outputs, inputs, ...).
        a: the negative slope of a leaky ReLU (default 0).
        mode: 'fan_in' keeps the variance in the forward pass, 'fan_out' in the backward pass.
        nonlinearity: the activation that follows, 'relu', 'leaky_relu', 'tanh' ...: it says the
            gain.
        generator: a random stream of its own. None: that of ``manual_seed``.

    Returns:
        The tensor itself, written to in place; nothing is recorded.

    Raises:
        ValueError: fewer than two dimensions, or no such mode or nonlinearity.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> w = mg.nn.init.kaiming_normal_(mg.empty(100, 50), nonlinearity="relu")
    >>> round(w.std().item(), 1)  # sqrt(2 / 50)
    0.2

    Source: He, Zhang, Ren and Sun 2015, "Delving Deep into Rectifiers".
    """
    if not has_elements(tensor):
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(fan_of(tensor, mode))
    return normal_(tensor, 0.0, std, generator)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Any = None) -> Tensor:
    """A random matrix with orthogonal rows or columns (Saxe et al. 2013)."""
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor._data.shape[0]
    drawn = tensor.new_empty((rows, tensor.numel() // rows))
    numbers = normal_(drawn, 0.0, 1.0, generator)._data
    if numbers.dtype == np.float16:
        raise not_implemented("geqrf_cpu", numbers, "fill a float32 tensor and convert it")
    only_real(
        "", drawn, words="Unlike NumPy, torch.sign is not intended to support complex numbers"
    )
    q, r = np.linalg.qr(numbers.T if rows < numbers.shape[1] else numbers)
    q = q * np.sign(np.diag(r))  # makes every orthogonal matrix equally likely
    if rows < numbers.shape[1]:
        q = q.T
    with no_grad():
        return tensor.copy_(tensor.new_tensor(q).reshape(tensor.shape)).mul_(gain)


def sparse_(
    tensor: Tensor, sparsity: float, std: float = 0.01, generator: Any = None
) -> Tensor:  # fmt: skip
    """Normal numbers, a part of each column set to 0 (Martens 2010)."""
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor._data.shape
    zeros = math.ceil(sparsity * rows)
    normal_(tensor, 0.0, std, generator)
    with no_grad():
        for column in range(columns):
            tensor[randperm(rows)[:zeros], column] = 0
    return tensor


_check_functions(globals(), _NN_INIT)  # wrong arguments are refused in PyTorch's words

# Old names without the underscore, which PyTorch still has.
uniform, normal, constant, eye, dirac = uniform_, normal_, constant_, eye_, dirac_
xavier_uniform, xavier_normal = xavier_uniform_, xavier_normal_
kaiming_uniform, kaiming_normal = kaiming_uniform_, kaiming_normal_
orthogonal, sparse = orthogonal_, sparse_
