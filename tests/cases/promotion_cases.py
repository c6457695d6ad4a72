"""Which dtype a result has: every pair of dtypes, 0-d tensors and Python numbers with each."""

from __future__ import annotations

import warnings
from typing import Any

DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64",
          "complex64", "complex128")  # fmt: skip
# float16 with a complex number is complex32 in PyTorch, which NumPy does not have.
WITHOUT = {("float16", y) for y in ("complex64", "complex128", "1j")}
WITHOUT |= {(y, "float16") for y in ("complex64", "complex128")}
NUMBERS = {"True": True, "2": 2, "2.5": 2.5, "1j": 1j}

# Operations on two operands, each a tensor or (second) a number.
TWO = """
a + b
a - b
a * b
a / b
a // b
a % b
a ** b
a == b
a < b
a & b
torch.maximum(a, b)
torch.fmax(a, b)
torch.atan2(a, b)
torch.hypot(a, b)
torch.xlogy(a, b)
torch.logaddexp(a, b)
torch.copysign(a, b)
torch.logical_and(a, b)
torch.fmod(a, b)
torch.float_power(a, b)
torch.bitwise_or(a, b)
torch.div(a, b, rounding_mode='floor')
torch.gcd(a, b)
torch.ldexp(a, b)
torch.where(a == a, a, b)
torch.cat([a, b])
torch.stack([a, b])
torch.isclose(a, b)
torch.dot(a, b)
torch.clamp(a, min=b)
torch.addcmul(a, a, b)
torch.lerp(a, b, 0.5)
torch.outer(a, b)
(a * 1).add_(b)
(a * 1).mul_(b)
(a * 1).div_(b)
(a * 1).pow_(b)
""".strip().splitlines()

# Operations on one.
ONE = """
a.sum()
a.mean()
a.prod()
a.std()
a.max()
a.amax()
a.argmax()
a.cumsum(0)
a.cumprod(0)
a.norm()
a.median()
a.sort().values
a.any()
a.logsumexp(0)
a.softmax(0)
a.exp()
a.sqrt()
a.log1p()
a.sigmoid()
a.sin()
a.erf()
a.abs()
a.angle()
a.neg()
a.sign()
a.floor()
a.round()
a.trunc()
a.frac()
a.square()
a.reciprocal()
a.rsqrt()
a.relu()
a.isnan()
a.logical_not()
a.bitwise_not()
a.deg2rad()
a.nan_to_num()
a.clamp(min=1)
a.real
a.T
a.pow(2)
a.pow(0.5)
2 ** a
2 / a
2 - a
1 // (a + 1)
torch.nansum(a)
torch.count_nonzero(a)
torch.var_mean(a)[1]
torch.quantile(a, 0.5)
torch.diff(a)
torch.unique(a)
torch.bincount(a)
torch.histc(a, 2)
torch.zeros_like(a)
torch.full_like(a, 2)
torch.nn.functional.relu(a)
torch.nn.functional.gelu(a)
torch.nn.functional.softplus(a)
torch.nn.functional.leaky_relu(a)
torch.nn.functional.one_hot(a)
torch.linalg.inv(a[:1].reshape(1, 1))
torch.einsum('i,i', a, a)
""".strip().splitlines()


def operands(lib: Any, dtype: str) -> dict[str, Any]:
    d = getattr(lib, dtype)
    return {"": lib.tensor([1, 1], dtype=d), "0-d": lib.tensor(1, dtype=d)}


def outcome(lib: Any, text: str, **tensors: Any) -> str:
    """The result's dtype, or the type of the exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = eval(text, {"torch": lib, **tensors})
        except Exception as error:
            return type(error).__name__.replace("_LinAlgError", "LinAlgError")
    dtype = getattr(result, "dtype", result)
    return str(dtype).removeprefix("torch.")


def outcomes(lib: Any) -> dict[str, dict[str, str]]:
    """For every operation: what each combination of operands gives."""
    found: dict[str, dict[str, str]] = {}
    for text in ONE:
        found[text] = {x: outcome(lib, text, a=operands(lib, x)[""]) for x in DTYPES}
    for text in TWO:
        row = found[text] = {}
        for x in DTYPES:
            a = operands(lib, x)[""]
            for y in [y for y in DTYPES if (x, y) not in WITHOUT]:
                for kind, b in operands(lib, y).items():
                    row[f"{x} {y} {kind}".strip()] = outcome(lib, text, a=a, b=b)
            for name, number in NUMBERS.items():
                if (x, name) not in WITHOUT:
                    row[f"{x} {name}"] = outcome(lib, text, a=a, b=number)
    return found
