r"""Activation functions: the bends between a network's linear layers.

All work on each element by itself except :func:`glu`; see ``softmax.py`` for softmax and
log_softmax. As for every function of one number, $\bar x = \bar y\, f'(x)$.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.elementwise import Elementwise, Elementwise2
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ...faithful.strides import in_layout
from ...refusals.reasons import activations as refuse
from ...refusals.words import no_complex_gradient
from ..called import called
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.error_and_gamma import erf_array
from ..elementwise.limits import relu as plain_relu
from ..elementwise.trigonometry import tanh
from ..operands import unary
from ..shaping.shape import reshape
from ..writing.inplace import inplace as write_in_place

SQRT_HALF = math.sqrt(0.5)
SQRT_2_BY_PI = math.sqrt(2 / math.pi)
CUBIC = 0.044715  # of the tanh form of GELU (Hendrycks, Gimpel 2016)


class Sigmoid(Elementwise):
    formula = r"y = \frac{1}{1 + e^{-x}}"

    def forward(x):
        with np.errstate(over="ignore"):
            return np.reciprocal(1 + np.exp(-x))

    def vjp_x(g, y, xp):
        r"\bar y \odot y (1 - y)"
        return g * xp.conj((1 - y) * y)


class LeakyRelu(Elementwise):
    formula = r"y = x \text{ where } x > 0,\ a x \text{ elsewhere}"
    flat = True

    def forward(x, *, negative_slope):
        return np.where(x > 0, x, x * x.dtype.type(negative_slope))

    def vjp_x(g, x, negative_slope, xp):
        r"\bar y \text{ where } x > 0,\ a \bar y \text{ elsewhere}"
        return xp.where(x > 0, g, g * negative_slope)

    @classmethod
    def numbers(cls, node):
        return {"a": node.params["negative_slope"]}


class Elu(Elementwise):
    formula = r"y = s x \text{ where } x > 0,\ s \alpha (e^{\beta x} - 1) \text{ elsewhere}"

    def forward(x, *, alpha, scale, beta):
        scale, low, beta = (x.dtype.type(v) for v in (scale, scale * alpha, beta))
        return np.where(x > 0, x * scale, low * np.expm1(np.minimum(x, 0) * beta))

    def vjp_x(g, x, alpha, scale, beta, xp):
        r"s \bar y \text{ where } x > 0,\ s \alpha \beta e^{\beta x} \bar y \text{ elsewhere}"
        below = xp.exp(xp.where(x <= 0, x, 0.0) * beta)
        return xp.where(x <= 0, g * (below * (scale * alpha * beta)), g * scale)


class Celu(Elu):
    formula = r"y = x \text{ where } x > 0,\ \alpha (e^{x / \alpha} - 1) \text{ elsewhere}"


class Gelu(Elementwise):
    formula = r"y = x\, \Phi(x) = \tfrac{x}{2} \left(1 + \mathrm{erf} \tfrac{x}{\sqrt 2}\right)"

    def forward(x):
        half = x.dtype.type(0.5)
        return x * half * (1 + erf_array(x * x.dtype.type(SQRT_HALF)))

    def vjp_x(g, x, xp):
        r"\bar y \odot \left(\Phi(x) + x \tfrac{1}{\sqrt{2 \pi}} e^{-x^2 / 2}\right)"
        below = 0.5 * (1 + xp.erf(x * SQRT_HALF))
        density = xp.exp(x * x * -0.5) * (1 / math.sqrt(2 * math.pi))
        return g * (below + x * density)


class GeluTanh(Elementwise):
    formula = r"y = \tfrac{x}{2}\left(1 + \tanh \sqrt{\tfrac2\pi}\,(x + 0.044715\, x^3)\right)"
    title = "GeluBackward0"

    def forward(x):
        u = (x + x * x * x * x.dtype.type(CUBIC)) * x.dtype.type(SQRT_2_BY_PI)
        return x * x.dtype.type(0.5) * (1 + np.tanh(u))

    def vjp_x(g, x, xp):
        r"\bar y \odot \tfrac12 \left(1 + t + x (1 - t^2)\, u'\right),\ t = \tanh u(x)"
        t = xp.tanh((x + x * x * x * CUBIC) * SQRT_2_BY_PI)
        slope = (1 + x * x * (3 * CUBIC)) * SQRT_2_BY_PI
        return g * (0.5 * (1 + t + x * (1 - t * t) * slope))


class Silu(Elementwise):
    formula = r"y = x\, \sigma(x)"

    def forward(x):
        with np.errstate(over="ignore"):
            return x / (1 + np.exp(-x))

    def vjp_x(g, x, xp):
        r"\bar y \odot \sigma(x)\,(1 + x\,(1 - \sigma(x)))"
        s = xp.sigmoid(x)
        return g * (s * (1 + x * (1 - s)))


def log_one_plus_exp(x: Any) -> Any:
    with np.errstate(invalid="ignore"):  # of NaN it is NaN
        return np.logaddexp(0, x)


class Softplus(Elementwise):
    formula = r"y = \tfrac1\beta \ln(1 + e^{\beta x}),\ x \text{ where } \beta x > t"

    def forward(x, *, beta=1.0, threshold=20.0):
        scaled = x * x.dtype.type(beta)
        return np.where(scaled > threshold, x, log_one_plus_exp(scaled) / x.dtype.type(beta))

    def vjp_x(g, x, beta, threshold, xp):
        r"\bar y \odot \sigma(\beta x)"
        return g * xp.where(x * beta > threshold, x * 0 + 1, xp.sigmoid(x * beta))


class Mish(Elementwise):
    formula = r"y = x \tanh(\ln(1 + e^x))"

    def forward(x):
        return x * np.tanh(log_one_plus_exp(x))

    def vjp_x(g, x, xp):
        r"\bar y \odot (t + x (1 - t^2)\, \sigma(x)),\ t = \tanh(\ln(1 + e^x))"
        t = xp.tanh(xp.softplus(x))
        return g * (t + x * (1 - t * t) * xp.sigmoid(x))


class Hardtanh(Elementwise):
    formula = r"y = \min(\max(x, a), b)"
    flat = True

    def forward(x, *, min_val, max_val):
        return np.clip(x, x.dtype.type(min_val), x.dtype.type(max_val))

    def vjp_x(g, x, min_val, max_val, xp):
        r"\bar y \text{ where } a < x < b,\ 0 \text{ elsewhere}"
        return xp.where((x <= min_val) | (x >= max_val), 0.0, g)


class Hardsigmoid(Elementwise):
    formula = r"y = \min(\max(x + 3, 0), 6) / 6"

    def forward(x):
        return np.clip(x + x.dtype.type(3), 0, 6) / x.dtype.type(6)

    def vjp_x(g, x, xp):
        r"\bar y / 6 \text{ where } -3 < x < 3,\ 0 \text{ elsewhere}"
        return xp.where((x > -3) & (x < 3), g * (1 / 6), 0.0)


class Hardswish(Elementwise):
    formula = r"y = x \min(\max(x + 3, 0), 6) / 6"

    def forward(x):
        return x * np.clip(x + x.dtype.type(3), 0, 6) / x.dtype.type(6)

    def vjp_x(g, x, xp):
        r"\bar y \odot (x / 3 + 1/2) \text{ where } |x| < 3,\ \bar y \text{ where } x \ge 3"
        return xp.where(xp.abs(x) < 3, g * (x * (1 / 3) + 0.5), xp.where(x <= -3, 0.0, g))


class LogSigmoid(Elementwise):
    formula = r"y = \ln \sigma(x) = -\ln(1 + e^{-x})"

    def forward(x):
        return -log_one_plus_exp(-x)

    def vjp_x(g, x, xp):
        r"\bar y \odot \sigma(-x)"
        return g * xp.sigmoid(-x)


class Threshold(Elementwise):
    formula = r"y = x \text{ where } x > t,\ c \text{ elsewhere}"
    flat = True

    def forward(x, *, threshold, value):
        return np.where(x <= threshold, x.dtype.type(value), x)  # NaN stays

    def vjp_x(g, x, threshold, xp):
        r"\bar y \text{ where } x > t,\ 0 \text{ elsewhere}"
        return xp.where(x <= threshold, 0.0, g)


class PreluKernel(Elementwise2):
    formula = r"y = x \text{ where } x > 0,\ w x \text{ elsewhere}"
    flat = True

    def forward(x, w):
        return np.where(x > 0, x, w * x)

    def vjp_x(g, x, w, xp):
        r"\bar y \text{ where } x > 0,\ w \bar y \text{ elsewhere}"
        return xp.where(x > 0, g, g * w)

    def vjp_w(g, x):
        r"x \bar y \text{ where } x \le 0,\ 0 \text{ elsewhere}"
        return g * x * (x <= 0)


class Glu(Op):
    formula = r"y = a \odot \sigma(b),\quad x = (a, b)"
    layout = "own"

    def forward(x, *, dim):
        a, b = np.split(x, 2, axis=dim)
        return in_layout("elementwise", (a, b), a * (1 / (1 + np.exp(-b))))

    def vjp_x(g, x, dim, xp):
        r"\bar a = \bar y \odot \sigma(b),\quad \bar b = \bar y \odot a\,\sigma(b)(1 - \sigma(b))"
        half = xp.shape_of(x)[dim] // 2
        at = (slice(None),) * dim
        a, b = x[(*at, slice(None, half))], x[(*at, slice(half, None))]
        s = xp.sigmoid(b)
        return xp.cat([g * s, g * a * s * (1 - s)], dim=dim)


class Softshrink(Elementwise):
    formula = r"y = x \mp \lambda \text{ where } |x| > \lambda,\ 0 \text{ elsewhere}"
    flat = True

    def forward(x, *, lambd):
        lambd = x.dtype.type(lambd)
        return x - np.clip(x, -lambd, lambd)

    def vjp_x(g, x, lambd, xp):
        r"\bar y \text{ where } |x| > \lambda,\ 0 \text{ elsewhere}"
        return xp.where((x >= -lambd) & (x <= lambd), 0.0, g)


class Hardshrink(Elementwise):
    formula = r"y = x \text{ where } |x| > \lambda,\ 0 \text{ elsewhere}"
    flat = True

    def forward(x, *, lambd):
        return x * ((x > lambd) | (x < -lambd))

    vjp_x = Softshrink.vjp_x


class Rrelu(Op):
    """Slopes drawn by the caller, one for each element (see nn.functional.rrelu)."""

    formula = r"y = x \text{ where } x > 0,\ a_i x \text{ elsewhere}"
    title = "RreluWithNoiseBackward0"

    def forward(x, *, slopes):
        return x * slopes

    def vjp_x(g, slopes, xp):
        r"\bar y \text{ where } x > 0,\ a_i \bar y \text{ elsewhere}"
        return g * xp.constant(slopes)


class NegativeInPlace(Elementwise):
    formula = r"y = f(x), \text{ written over } x"

    def forward(x, *, op, slope):
        return op.forward(x, **slope)

    def vjp_x(g, op):
        r"\text{none: where } y > 0 \text{, } x \text{ may have been below 0}"
        name = "leakyReLu" if op is LeakyRelu else "elu"
        raise RuntimeError(
            f"In-place {name} backward calculation is triggered with a negative slope which is not "
            "supported. This is caused by calling in-place forward function with a negative slope, "
            "please call out-of-place version instead."
        )


# --- the functions -------------------------------------------------------------------------------


IN_PLACE_NODES = {  # PyTorch has nodes of their own for these
    "elu": "EluBackward1", "selu": "EluBackward1", "celu": "CeluBackward1",
    "leaky_relu": "LeakyReluBackward1", "threshold": "ThresholdBackward1",
}  # fmt: skip


def activate(
    op: type[Op], name: str, input: Any, inplace: bool = False, kernel: str = "",
    kinds: str = "f", **params: Any,
) -> Tensor:  # fmt: skip
    """Run an activation: only on floating-point tensors (or other kinds), in place if asked to."""
    if input._data.dtype.kind not in kinds:
        raise NotImplementedError(
            f'"{kernel or name + "_cpu"}" not implemented for \'{kind_name(input._data)}\': it '
            "needs a floating-point tensor; convert it with .float()"
        )
    if inplace and params.get("alpha", params.get("negative_slope", 0)) < 0:
        op, params = NegativeInPlace, {"op": op, "slope": params}
    if inplace:
        run = lambda x: called(apply(op, (x,), params), IN_PLACE_NODES.get(name))
        return write_in_place(run, input, (), {}, name + "_")
    return apply(op, (input,), params)


def sigmoid(input: Tensor) -> Tensor:
    """The logistic function ``1 / (1 + exp(-input))`` of each element, between 0 and 1.

    Args:
        input: a tensor of any shape and dtype; whole numbers become the default float dtype.

    Returns:
        A new tensor in the shape of ``input``; its gradient is ``y * (1 - y)`` times that of y.

    Raises:
        TypeError: ``input`` is not a tensor.

    >>> import minigrad as mg
    >>> mg.sigmoid(mg.tensor([0.0, 2.0]))
    tensor([0.5000, 0.8808])

    Source: PyTorch's documentation of ``torch.sigmoid``.
    """
    return unary(Sigmoid, input)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """``max(input, 0)`` of each element: the bend most networks use between their linear layers.

    Args:
        input: a tensor of any shape, whose numbers are real.
        inplace: write the result into ``input`` (default False).

    Returns:
        A tensor in the shape and dtype of ``input``, a new one, or ``input`` itself if ``inplace``.
        The gradient passes where ``input`` is above 0 and is 0 elsewhere, also at 0.

    Raises:
        RuntimeError: ``inplace`` for a leaf that requires grad, or the dtype is bool.
        NotImplementedError: complex numbers, which have no order.

    >>> import minigrad as mg
    >>> mg.nn.functional.relu(mg.tensor([-1.0, 2.0]))
    tensor([0., 2.])

    Source: Nair and Hinton (2010), Rectified Linear Units Improve Restricted Boltzmann Machines.
    """
    return write_in_place(plain_relu, input, (), {}, "relu_") if inplace else plain_relu(input)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """``min(max(input, 0), 6)``."""
    return hardtanh(input, 0.0, 6.0, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """``input`` above 0, ``negative_slope * input`` below."""
    return activate(LeakyRelu, "leaky_relu", input, inplace, negative_slope=negative_slope)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """``input`` above 0, ``alpha * (exp(input) - 1)`` below (Clevert et al. 2015)."""
    return activate(Elu, "elu", input, inplace, alpha=alpha, scale=1.0, beta=1.0)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """ELU with the two numbers that keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
    return activate(Elu, "selu", input, inplace, "elu_cpu", alpha=alpha, scale=scale, beta=1.0)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """ELU made differentiable for every alpha (Barron 2017)."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    params: Any = {"alpha": alpha, "scale": 1.0, "beta": 1.0 / alpha}
    return activate(Celu, "celu", input, inplace, "elu_cpu", **params)


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """``input * Phi(input)``, exactly ('none') or by a hyperbolic tangent ('tanh').

    >>> import minigrad as mg
    >>> mg.nn.functional.gelu(mg.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.1587,  0.0000,  0.8413])
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    op = Gelu if approximate == "none" else GeluTanh
    return activate(op, "gelu", input, False, "GeluKernelImpl")


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """``input * sigmoid(input)``, also called swish."""
    if isinstance(input, Tensor) and input._data.dtype.kind == "c":
        no_complex_gradient("silu", input)
    return activate(Silu, "silu", input, inplace, kinds="fc")


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """``input * tanh(softplus(input))`` (Misra 2019)."""
    return activate(Mish, "mish", input, inplace)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """``log(1 + exp(beta * input)) / beta``, a smooth relu; ``input`` itself far above 0."""
    return activate(Softplus, "softplus", input, beta=beta, threshold=threshold)


@one_call
def softsign(input: Tensor) -> Tensor:
    """``input / (1 + |input|)``."""
    return input / (abs(input) + 1)


@one_call
def tanhshrink(input: Tensor) -> Tensor:
    """``input - tanh(input)``."""
    return input - tanh(input)


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """``input`` limited to [min_val, max_val]; no gradient outside or at the limits."""
    refuse.hardtanh(input, min_val, max_val)
    params: Any = {"min_val": min_val, "max_val": max_val}
    return activate(Hardtanh, "hardtanh", input, inplace, kinds="fiu", **params)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """Three straight lines in place of the sigmoid."""
    return activate(Hardsigmoid, "hardsigmoid", input, inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """``input * hardsigmoid(input)``."""
    return activate(Hardswish, "hardswish", input, inplace)


def logsigmoid(input: Tensor) -> Tensor:
    """``log(sigmoid(input))`` without overflow."""
    return activate(LogSigmoid, "log_sigmoid", input)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """``input`` where it is above ``threshold``, ``value`` elsewhere."""
    params: Any = {"threshold": threshold, "value": value}
    return activate(Threshold, "threshold", input, inplace, kinds="fiu", **params)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """``input`` drawn towards 0 by ``lambd``."""
    refuse.softshrink(input, lambd)
    return activate(Softshrink, "softshrink", input, kernel="softshrink_check", lambd=lambd)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """``input`` with what lies within ``lambd`` of 0 set to 0."""
    return activate(Hardshrink, "hardshrink", input, lambd=lambd)


@one_call
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Leaky relu with a learned slope: one for all, or one for each channel (dimension 1)."""
    n = weight._data.size
    ndim = input._data.ndim
    refuse.prelu(input, weight)
    if weight._data.ndim == 1:
        weight = reshape(weight, (1, n) + (1,) * (ndim - 2) if ndim > 1 else (n,) * ndim)
    return apply(PreluKernel, (input, weight))


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """One half of ``input`` (along ``dim``) times the other's sigmoid (Dauphin et al. 2016)."""
    x = input._data
    if x.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    d = one_dim(dim, x.ndim)
    if x.shape[d] % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {d} is size {x.shape[d]}"
        )
    return activate(Glu, "glu", input, dim=d)


register(
    sigmoid=(Sigmoid, sigmoid), softplus=(Softplus, softplus), silu=(Silu, silu),
)  # fmt: skip
