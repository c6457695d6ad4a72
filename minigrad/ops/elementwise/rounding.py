r"""Rounding, signs, limits and blends of elements.

Rounding is flat between its jumps, so its gradient is 0 everywhere; PyTorch records it all the
same, and so does minigrad: the graph shows where a gradient stopped.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.elementwise import Elementwise2, binary, plain_binary
from ...core.first_ops import Sub
from ...core.formula_ops import zeros
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ..operands import (
    broadcasting,
    cpp_name,
    float_dtype,
    need_tensor,
    need_tensor_or_number,
    not_implemented,
    only_real,
    overload,
)
from .comparisons import ordered


class Ceil(Op):
    formula = r"y = \lceil x \rceil"

    def forward(x):
        return x.copy() if x.dtype.kind in "iu" else np.ceil(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Trunc(Op):
    formula = r"y = x \text{ without its fraction}"

    def forward(x):
        return x.copy() if x.dtype.kind in "iu" else np.trunc(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Round(Op):
    formula = r"y = \text{the nearest whole number to } x"

    def forward(x, *, decimals=0):
        if decimals and x.dtype == np.float16:  # 0.85 * 10 would be rounded before it is rounded
            return np.round(x.astype(np.float32), decimals).astype(x.dtype)
        with np.errstate(all="ignore"):
            return x.copy() if x.dtype.kind in "iu" else np.round(x, decimals)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return "RoundBackward1" if "decimals" in node.params else "RoundBackward0"


class Frac(Op):
    formula = r"y = x - \mathrm{trunc}(x)"

    def forward(x):
        return x - np.trunc(x)

    def vjp_x(g):
        r"\bar y"
        return g


class Sign(Op):
    formula = r"y = -1, 0 \text{ or } 1"

    def forward(x):
        return x.copy() if x.dtype.kind == "b" else np.sign(x)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)


class Copysign(Op):
    formula = r"y = |a| \text{ with the sign of } b"
    broadcasts = True

    def forward(a, b, *, overload=0):
        return np.copysign(a, b)

    def vjp_a(g, a, y, xp):
        r"\bar y \text{ or } -\bar y"
        return xp.where(a == 0, 0.0, g * xp.div(y, xp.where(a == 0, a + 1, a)))

    def vjp_b(g, xp):
        r"0"
        return zeros(g, xp)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"CopysignBackward{node.params['overload']}"


class Fmod(Op):
    formula = r"y = a - b\, \mathrm{trunc}(a / b)"
    broadcasts = True

    def forward(a, b, *, overload=1):
        if a.dtype.kind in "iu" and (b == 0).any():
            raise RuntimeError("ZeroDivisionError: integer remainder of a division by zero")
        with np.errstate(all="ignore"):
            return np.fmod(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot \mathrm{trunc}(a / b)"
        return -g * xp.constant(np.trunc(xp.numpy(a) / xp.numpy(b)))

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"FmodBackward{node.params['overload']}"


class NanToNum(Op):
    formula = r"y = x \text{ with finite numbers for nan and } \pm\infty"

    def forward(x, *, nan, posinf, neginf):
        return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)

    def vjp_x(g, x, xp):
        r"\bar y \text{ where } x \text{ is finite},\ 0 \text{ elsewhere}"
        return g * xp.constant(np.isfinite(xp.numpy(x)))


class Clamp(Op):
    """Limits that are tensors: an element that was replaced sends its gradient to its limit."""

    formula = r"y = \min(\max(x, a), b)"
    broadcasts = True

    def forward(x, low, high, *, name):
        return np.minimum(np.maximum(x, low), high)

    def vjp_x(g, x, low, high, xp):
        r"\bar y \text{ where } a \le x \le b,\ 0 \text{ elsewhere}"
        return xp.where((x >= low) & (x <= high), g, 0.0)

    def vjp_low(g, x, low, high, xp):
        r"\bar y \text{ where } x < a < b,\ 0 \text{ elsewhere}"
        return xp.where((x < low) & (low < high), g, 0.0)

    def vjp_high(g, x, low, high, xp):
        r"\bar y \text{ where } b < x \text{ or } b < a,\ 0 \text{ elsewhere}"
        return xp.where((x > high) | (high < low), g, 0.0)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


class Fmax(Elementwise2):
    formula = r"y = \max(a, b), \text{ ignoring nan}"
    kinds = "iufb"

    def forward(a, b):
        return np.fmax(a, b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return ordered("fmax", d)

    def vjp_a(g, a, b, xp):
        r"\bar y \text{ where } a \ge b,\ 0 \text{ elsewhere}"
        return xp.where((a >= b) | (b != b), g, 0.0)

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b > a,\ 0 \text{ elsewhere}"
        return xp.where((b > a) | ((a != a) & (b == b)), g, 0.0)


class Fmin(Elementwise2):
    formula = r"y = \min(a, b), \text{ ignoring nan}"
    kinds = "iufb"

    def forward(a, b):
        return np.fmin(a, b)

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        return ordered("fmin", d)

    def vjp_a(g, a, b, xp):
        r"\bar y \text{ where } a \le b,\ 0 \text{ elsewhere}"
        return xp.where((a <= b) | (b != b), g, 0.0)

    def vjp_b(g, a, b, xp):
        r"\bar y \text{ where } b < a,\ 0 \text{ elsewhere}"
        return xp.where((b < a) | ((a != a) & (b == b)), g, 0.0)


class Lerp(Op):
    formula = r"y = a + w (b - a)"
    broadcasts = True

    def forward(a, b, w, *, overload):
        return np.where(np.abs(w) < 0.5, a + w * (b - a), b - (b - a) * (1 - w))

    def vjp_a(g, w, xp):
        r"\bar y \odot (1 - w)"
        return g * xp.conj(1 - w)

    def vjp_b(g, w, xp):
        r"\bar y \odot w"
        return g * xp.conj(w)

    def vjp_w(g, a, b, xp):
        r"\bar y \odot (b - a)"
        return g * xp.conj(b - a)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return f"LerpBackward{node.params['overload']}"


class Addcmul(Op):
    formula = r"y = x + c\, a \odot b"
    broadcasts = True

    def forward(x, a, b, *, value):
        with np.errstate(all="ignore"):
            return x + np.asarray(value, x.dtype) * a * b

    def vjp_x(g):
        r"\bar y"
        return g

    def vjp_a(g, b, value, xp):
        r"c\, \bar y \odot b"
        return g * xp.conj(b * value)

    def vjp_b(g, a, value, xp):
        r"c\, \bar y \odot a"
        return g * xp.conj(a * value)


class Addcdiv(Op):
    formula = r"y = x + c\, a / b"
    broadcasts = True

    def forward(x, a, b, *, value):
        with np.errstate(all="ignore"):
            return x + np.asarray(value, x.dtype) * (a / b)

    def vjp_x(g):
        r"\bar y"
        return g

    def vjp_a(g, b, value, xp):
        r"c\, \bar y / b"
        return g * xp.conj(xp.div(b * 0 + value, b))

    def vjp_b(g, a, b, value, xp):
        r"-c\, \bar y \odot a / b^2"
        return -g * xp.conj(xp.div(a * value, b * b))


# --- the functions -------------------------------------------------------------------------------


def no_fraction(name: str, x: Any) -> None:
    advice = "only real numbers have whole numbers below and above them"
    if x.dtype.kind == "c" and name in ("ceil", "trunc"):
        raise NotImplementedError(f"{name} is not supported for complex inputs: {advice}")
    if x.dtype.kind in "bc":
        raise not_implemented(f"{name}_vml_cpu" if name in ("ceil", "trunc") else name, x, advice)


def ceil(input: Tensor) -> Tensor:
    """Round up to a whole number; the gradient is 0.

    >>> import minigrad as mg
    >>> mg.ceil(mg.tensor([-1.5, 1.5]))
    tensor([-1.,  2.])
    """
    no_fraction("ceil", need_tensor("ceil", input)._data)
    return apply(Ceil, (input,))


def trunc(input: Tensor) -> Tensor:
    """Round towards 0; the gradient is 0.

    >>> import minigrad as mg
    >>> mg.trunc(mg.tensor([-1.5, 1.5]))
    tensor([-1.,  1.])
    """
    no_fraction("trunc", need_tensor("trunc", input)._data)
    return apply(Trunc, (input,))


fix = trunc


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Round to the nearest number with ``decimals`` decimals, halves to the even one.

    >>> import minigrad as mg
    >>> mg.round(mg.tensor([0.5, 1.5, 2.4]))
    tensor([0., 2., 2.])
    """
    x = need_tensor("round", input)._data
    no_fraction("round_cpu" if decimals else "round_vml_cpu", x)
    if decimals and x.dtype.kind != "f":
        raise not_implemented("round_cpu", x, "whole numbers have no decimals to round")
    return apply(Round, (input,), {"decimals": decimals} if decimals else {})


def frac(input: Tensor) -> Tensor:
    """The part behind the decimal point, with the sign of ``input``. Float tensors only.

    >>> import minigrad as mg
    >>> mg.frac(mg.tensor([-1.5, 2.25]))
    tensor([-0.5000,  0.2500])
    """
    x = need_tensor("frac", input)._data
    if x.dtype.kind != "f":
        raise not_implemented("frac_cpu", x, "whole numbers have no fraction")
    return apply(Frac, (input,))


def sign(input: Tensor) -> Tensor:
    """-1, 0 or 1; the gradient is 0. Complex numbers have directions instead: see ``sgn``.

    >>> import minigrad as mg
    >>> mg.sign(mg.tensor([-2.0, 0.0, 3.0]))
    tensor([-1.,  0.,  1.])
    """
    if need_tensor("sign", input)._data.dtype.kind == "c":
        raise NotImplementedError(
            "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use "
            "torch.sgn instead. It gives the direction z / |z|."
        )
    return apply(Sign, (input,))


def copysign(input: Tensor, other: Any) -> Tensor:
    """The size of ``input`` with the sign of ``other`` (a tensor or a number).

    >>> import minigrad as mg
    >>> mg.copysign(mg.tensor([1.0, -2.0]), -1)
    tensor([-1., -2.])
    """
    need_tensor("copysign", input)
    need_tensor_or_number("copysign", other)
    only_real("copysign_cpu", input, other)
    params = overload(input, other, tensors=0, number_b=1)
    return broadcasting(Copysign, (input, other), params, float_dtype)


def fmod(input: Any, other: Any) -> Tensor:
    """The remainder of a division rounded towards 0: it has the sign of ``input``, as in C.

    >>> import minigrad as mg
    >>> mg.fmod(mg.tensor([-3.0, 3.0]), 2)
    tensor([-1.,  1.])
    """
    need_tensor("fmod", input)
    need_tensor_or_number("fmod", other)
    only_real("fmod_cpu", input, other, bools=False)
    return broadcasting(Fmod, (input, other), overload(input, other, tensors=1, number_b=0))


def nan_to_num(
    input: Tensor, nan: float | None = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """Numbers for nan (0), infinity (the largest) and -infinity (the lowest number there is).

    >>> import minigrad as mg
    >>> mg.nan_to_num(mg.tensor([mg.nan, 1.0]), nan=9.0)
    tensor([9., 1.])
    """
    need_tensor("nan_to_num", input)
    params = {"nan": 0.0 if nan is None else nan, "posinf": posinf, "neginf": neginf}
    return apply(NanToNum, (input,), params)


def clamp_tensors(input: Tensor, low: Any, high: Any, name: str = "ClampBackward0") -> Tensor:
    """``clamp`` between tensors, or numbers; None is no limit."""
    raw = [v._data if isinstance(v, Tensor) else v for v in (input, low, high) if v is not None]
    d = dtypes.result_np(raw)
    only_real("clamp", input, low, high, words="clamp is not supported for complex types")
    bottom: Any
    top: Any
    if d.kind == "b":
        bottom, top = False, True
    elif d.kind == "f":
        bottom, top = -np.inf, np.inf
    else:
        bottom, top = np.iinfo(d).min, np.iinfo(d).max
    low = make(np.asarray(bottom, d)) if low is None else low
    high = make(np.asarray(top, d)) if high is None else high
    return broadcasting(Clamp, (input, low, high), {"name": name})


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """Raise every element to at least ``min``, a number or a tensor.

    >>> import minigrad as mg
    >>> mg.clamp_min(mg.tensor([-1.0, 2.0]), 0)
    tensor([0., 2.])
    """
    need_tensor("clamp_min", input)
    need_tensor_or_number("clamp_min", min, "min")
    return clamp_tensors(input, min, None, f"ClampMinBackward{int(isinstance(min, Tensor))}")


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """Lower every element to at most ``max``, a number or a tensor.

    >>> import minigrad as mg
    >>> mg.clamp_max(mg.tensor([-1.0, 2.0]), 0)
    tensor([-1.,  0.])
    """
    need_tensor("clamp_max", input)
    need_tensor_or_number("clamp_max", max, "max")
    return clamp_tensors(input, None, max, f"ClampMaxBackward{int(isinstance(max, Tensor))}")


def fmax(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two elements; a nan loses against any number.

    >>> import minigrad as mg
    >>> mg.fmax(mg.tensor([1.0, mg.nan]), mg.tensor([2.0, 3.0]))
    tensor([2., 3.])
    """
    need_tensor("fmax", input)
    need_tensor("fmax", other, "other", 2)
    return binary(Fmax, input, other)


def fmin(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two elements; a nan loses against any number.

    >>> import minigrad as mg
    >>> mg.fmin(mg.tensor([1.0, mg.nan]), mg.tensor([2.0, 3.0]))
    tensor([1., 3.])
    """
    need_tensor("fmin", input)
    need_tensor("fmin", other, "other", 2)
    return binary(Fmin, input, other)


def same_dtypes(input: Tensor, other: Tensor, name: str) -> None:
    if input._data.dtype != other._data.dtype:
        have, got = (cpp_name(t._data) for t in (input, other))
        raise RuntimeError(
            f"expected dtype {have} for `{name}` but got dtype {got}: convert one with .to()"
        )


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """On the straight line from ``input`` (weight 0) to ``end`` (weight 1).

    >>> import minigrad as mg
    >>> mg.lerp(mg.tensor([0.0]), mg.tensor([10.0]), 0.25)
    tensor([2.5000])
    """
    need_tensor("lerp", input)
    need_tensor("lerp", end, "end", 2)
    need_tensor_or_number("lerp", weight, "weight", 3)
    same_dtypes(input, end, "end")
    if input._data.dtype.kind in "iub":
        advice = "a line between whole numbers has few of them; convert with .float()"
        raise not_implemented("lerp_kernel_scalar", input._data, advice)
    if isinstance(weight, Tensor):
        same_dtypes(input, weight, "weight")
    return broadcasting(Lerp, (input, end, weight), {"overload": int(isinstance(weight, Tensor))})


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 * tensor2``.

    >>> import minigrad as mg
    >>> mg.addcmul(mg.ones(1), mg.tensor([2.0]), mg.tensor([3.0]), value=10)
    tensor([61.])
    """
    need_tensor("addcmul", input)
    need_tensor("addcmul", tensor1, "tensor1", 2)
    need_tensor("addcmul", tensor2, "tensor2", 3)
    if all(t._data.dtype.kind == "b" for t in (input, tensor1, tensor2)):
        only_real("addcmul_cpu_out", input, bools=False)
    return broadcasting(Addcmul, (input, tensor1, tensor2), {"value": value})


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``: the step of the Adam optimiser.

    >>> import minigrad as mg
    >>> mg.addcdiv(mg.ones(1), mg.tensor([3.0]), mg.tensor([2.0]), value=10)
    tensor([16.])
    """
    need_tensor("addcdiv", input)
    need_tensor("addcdiv", tensor1, "tensor1", 2)
    need_tensor("addcdiv", tensor2, "tensor2", 3)
    if tensor1._data.dtype.kind in "iub" and tensor2._data.dtype.kind in "iub":
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release "
            "addcdiv will perform a true division of tensor1 and tensor2. Convert one of them "
            "with .float() first."
        )
    return broadcasting(Addcdiv, (input, tensor1, tensor2), {"value": value})


def positive(input: Tensor) -> Tensor:
    """``+input``: the tensor itself. Refuses bool tensors.

    >>> import minigrad as mg
    >>> mg.positive(mg.tensor([-1.0]))
    tensor([-1.])
    """
    need_tensor("positive", input)
    if input._data.dtype.kind == "b":
        raise RuntimeError(
            "The `+` operator, on a bool tensor is not supported: True has no sign; convert it "
            "with .int() first"
        )
    return input


def rsub(input: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
    """``other - alpha * input``.

    >>> import minigrad as mg
    >>> mg.rsub(mg.tensor([1.0]), 3)
    tensor([2.])
    """
    need_tensor("rsub", input)
    need_tensor_or_number("rsub", other)
    return plain_binary(Sub, other, input if alpha == 1 else input * alpha)
