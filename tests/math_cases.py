"""The calls that test_math_ops.py compares with PyTorch: one line an operation (and variant)."""

from __future__ import annotations

from typing import Any

from against_torch import Case


def unary(name: str, domain: str = "real", **kwargs: Any) -> Case:
    return Case(name, lambda m, x: getattr(m, name)(x), (domain,), **kwargs)


def binary(name: str, *domains: str, **kwargs: Any) -> Case:
    return Case(name, lambda m, a, b: getattr(m, name)(a, b), domains or ("real", "real"), **kwargs)


def answer(name: str, *domains: str, **kwargs: Any) -> Case:
    return Case(name, lambda m, *x: getattr(m, name)(*x), domains or ("real",), order=0, **kwargs)


ELEMENTWISE = [
    unary("tan", "unit"), unary("asin", "unit"), unary("acos", "unit"), unary("atan"),
    unary("sinh"), unary("cosh"), unary("asinh"), unary("acosh", "above one"),
    unary("atanh", "unit"), unary("deg2rad"), unary("rad2deg"), unary("sinc", tolerance=20),
    unary("arcsin", "unit"), unary("arctan"), unary("arccosh", "above one"),
    unary("exp2"), unary("expm1"), unary("log2", "positive"), unary("log10", "positive"),
    unary("log1p", "positive"), unary("rsqrt", "positive"), unary("reciprocal", "nonzero"),
    unary("logit", "probability"), unary("erf"), unary("erfc"), unary("erfinv", "unit"),
    unary("lgamma", "positive", tolerance=10), unary("digamma", "positive", tolerance=10),
    Case("digamma of negatives", lambda m, x: m.digamma(x - 3), ("probability",), node=True,
         tolerance=100),
    Case("lgamma of negatives", lambda m, x: m.lgamma(x - 3), ("probability",), tolerance=100),
    Case("polygamma 1", lambda m, x: m.polygamma(1, x), ("positive",), tolerance=50),
    Case("polygamma 3", lambda m, x: x.polygamma(3), ("positive",), tolerance=50),
    Case("mvlgamma", lambda m, x: m.mvlgamma(x, 3), ("above one",), tolerance=50),
    Case("special.ndtr", lambda m, x: m.special.ndtr(x), node=False),
    Case("special.entr", lambda m, x: m.special.entr(x), ("positive",)),
    Case("special.xlog1py", lambda m, a, b: m.special.xlog1py(a, b), ("real", "positive")),
    Case("special.expit", lambda m, x: m.special.expit(x)),
    unary("ceil"), unary("floor"), unary("trunc"), unary("fix"), unary("round"), unary("frac"),
    unary("sign"), unary("sgn"), unary("positive"), unary("nan_to_num"), unary("angle"),
    unary("square"), unary("abs", "nonzero"), unary("sigmoid"), unary("tanh"),
    Case("round to decimals", lambda m, x: m.round(x, decimals=1)),
    Case("round to tens", lambda m, x: m.round(x * 100, decimals=-1), dtypes=("float64",)),
    Case("logit eps", lambda m, x: m.logit(x, 0.2), ("probability",)),
    Case("logit eps by name", lambda m, x: x.logit(eps=1e-3), ("probability",)),
    Case("nan_to_num nans", lambda m, x: m.nan_to_num(x, nan=1.5), ("nans",)),
    binary("atan2", "nonzero", "nonzero"), binary("hypot", "nonzero", "nonzero"),
    binary("logaddexp"), binary("logaddexp2"), binary("xlogy", "real", "positive"),
    binary("xlogy", "zeros", "positive"), binary("fmax", "distinct", "real"),
    binary("fmin", "distinct", "real"), binary("fmax", "nans", "real", order=1),
    binary("ldexp"), binary("fmod", "real", "nonzero"), binary("copysign", "nonzero", "nonzero"),
    binary("true_divide", "real", "nonzero"), binary("float_power", "positive", "real"),
    binary("clamp_min"), binary("clamp_max"), binary("maximum"), binary("minimum"),
    binary("rsub", node=False),
    Case("xlogy of a number", lambda m, x: m.xlogy(2.0, x), ("positive",)),
    Case("xlogy with a number", lambda m, x: m.xlogy(x, 2.0)),
    Case("fmod by a number", lambda m, x: m.fmod(x, 0.7)),
    Case("copysign of a number", lambda m, x: m.copysign(x, -1.0), ("nonzero",)),
    Case("float_power 2", lambda m, x: m.float_power(x, 2)),
    Case("clamp_min number", lambda m, x: m.clamp_min(x, 0.3)),
    Case("clamp_max number", lambda m, x: x.clamp_max(0.3)),
    Case("clamp numbers", lambda m, x: x.clamp(-0.4, 0.9)),
    Case("clamp tensors", lambda m, x, a, b: m.clamp(x, a, b), ("real", "real", "real")),
    Case("clamp ties", lambda m, x, a, b: m.clamp(x, a, b), ("ties", "ties", "ties")),
    Case("lerp number", lambda m, a, b: m.lerp(a, b, 0.3), ("real", "real")),
    Case("lerp tensor", lambda m, a, b, w: a.lerp(b, w), ("real", "real", "unit")),
    Case("addcmul", lambda m, x, a, b: m.addcmul(x, a, b, value=0.5), ("real",) * 3),
    Case("addcdiv", lambda m, x, a, b: m.addcdiv(x, a, b, value=2), ("real", "real", "nonzero")),
    Case("in place", lambda m, x: (x * 1).sinh_().atan_().expm1_(), tolerance=10),
    Case("in place with tensors", lambda m, x, y: (x * 1).atan2_(y * 1).lerp_(y, 0.2),
         ("nonzero", "nonzero"), broadcast=False),
    answer("isnan", "nans"), answer("isinf", "nans"), answer("isfinite", "nans"),
    answer("isreal", "real"), answer("isreal", "complex"), answer("signbit", "zeros"),
    answer("isposinf"), answer("isneginf"),
    answer("isclose", "ties", "ties"), answer("allclose", "ties", "ties"),
    answer("equal", "ties", "ties", broadcast=False), answer("isin", "ties", "ties"),
    answer("logical_and", "zeros", "ties"), answer("logical_or", "zeros", "integer"),
    answer("logical_xor", "zeros", "bool"), answer("logical_not", "zeros"),
    answer("bitwise_and", "integer", "integer"), answer("bitwise_or", "integer", "bool"),
    answer("bitwise_xor", "bool", "bool"), answer("bitwise_not", "integer"),
    answer("bitwise_not", "bool"), answer("bitwise_left_shift", "integer", "count"),
    answer("bitwise_right_shift", "integer", "count"), answer("gcd", "integer", "count"),
    answer("lcm", "count", "count"), answer("heaviside", "zeros", "real"),
    answer("nextafter", "real", "real"),
    answer("sign", "integer"), answer("sign", "bool"), answer("ceil", "integer"),
    answer("round", "integer"), answer("trunc", "integer"), answer("fmod", "integer", "count"),
    answer("exp2", "integer"), answer("erf", "integer"), answer("reciprocal", "count"),
    answer("atan2", "integer", "count"), answer("xlogy", "integer", "count"),
    answer("clamp_min", "integer", "real"), answer("ldexp", "integer", "count"),
    answer("float_power", "integer", "count"), answer("copysign", "integer", "integer"),
    answer("deg2rad", "integer"), answer("nan_to_num", "integer"), answer("sinc", "integer"),
    answer("addcmul", "integer", "integer", "integer"), answer("fmax", "integer", "real"),
]  # fmt: skip

COMPLEX = [
    unary("real", "complex"), unary("imag", "complex"), unary("angle", "complex"),
    unary("abs", "complex"), unary("sgn", "complex"), unary("view_as_real", "complex"),
    unary("exp", "complex"), unary("sin", "complex"), unary("tanh", "complex", tolerance=10),
    unary("sqrt", "complex", tolerance=10), unary("log", "complex", tolerance=10),
    unary("sinh", "complex"), unary("atan", "complex", tolerance=100),
    unary("reciprocal", "complex", tolerance=1000), Case("conj", lambda m, x: m.conj(x) * 1, ("complex",)),
    unary("square", "complex"), unary("sigmoid", "complex", tolerance=1000),
    binary("complex"), binary("polar", "positive", "real"),
    Case("complex product", lambda m, a, b: a * b, ("complex", "complex")),
    Case("complex quotient", lambda m, a, b: a / b, ("complex", "complex"), tolerance=1e4),
    Case("complex times real", lambda m, a, b: a * b, ("complex", "real")),
    Case("complex power", lambda m, a: a**3, ("complex",), tolerance=10),
    Case("complex mm", lambda m, a, b: a.flatten().unsqueeze(1) @ b.flatten().unsqueeze(0),
         ("complex", "complex"), shape="some"),
    Case("view_as_complex", lambda m, x: m.view_as_complex(m.stack([x, x * x], -1)), ("real",)),
    Case("through pairs", lambda m, x: m.view_as_complex(m.view_as_real(x) * 2.0), ("complex",)),
    Case("sum of squares", lambda m, x: (x * x.conj()).real.sum(), ("complex",)),
]  # fmt: skip
