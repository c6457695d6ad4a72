"""Random numbers that cannot be drawn: of such a dtype, from such a range, with such weights."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ...faithful.package_name import package
from ..words import not_implemented


def manual_seed(seed: Any) -> None:
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise RuntimeError(
            f"manual_seed expected a long, but got {type(seed).__name__}: a seed is a whole "
            "number"
        )


def set_state(state: Any) -> None:
    if not isinstance(state, Tensor):
        raise TypeError(
            f"expected a torch.ByteTensor, but got {type(state).__name__}: give what "
            "get_state() or get_rng_state() returned"
        )
    if state._data.dtype != np.uint8:
        raise TypeError(
            f"RNG state must be a torch.ByteTensor: this one is {state.dtype}; give what "
            "get_state() or get_rng_state() returned"
        )


def generator(generator: Any) -> NoReturn:
    raise TypeError(
        f"generator must be torch.Generator, not {type(generator).__name__}: make one with "
        f"{package()}.Generator()"
    )


def real_numbers(d: Any, name: str) -> None:
    """Whole numbers do not hold what is drawn."""
    if d.kind not in "fc":
        raise NotImplementedError(
            f'"{name}" not implemented for {kind_name(np.empty(0, d))!r}: random real numbers '
            "need a floating-point dtype; use randint for whole numbers"
        )


def randint(low: int, high: int) -> None:
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}: "
            "numbers are drawn from the first up to, not including, the second"
        )


def randperm(n: int) -> None:
    if n < 0:
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {n}: [{n}]. randperm(n) needs n >= 0"
        )


def normal_(std: float) -> None:
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}: it is a deviation")


def normal(std: Any) -> None:
    if isinstance(std, (int, float)):
        normal_(std)
    if isinstance(std, Tensor) and (std._data < 0).any():
        raise RuntimeError("normal expects all elements of std >= 0.0: it is a deviation")


def bernoulli(p: Any) -> None:
    """Probabilities are real, and between 0 and 1."""
    if p.dtype.kind != "f":
        step = "self" if p.dtype.kind == "c" else "p"
        raise NotImplementedError(
            f'"bernoulli_tensor_cpu_{step}_" not implemented for {kind_name(p)!r}: probabilities '
            "are real; use .float()"
        )
    if ((p < 0) | (p > 1)).any():
        raise RuntimeError(
            f"Expected p_in >= 0 && p_in <= 1 to be true, but got false: probabilities are "
            f"between 0 and 1, here from {p.min()} to {p.max()}"
        )


def multinomial(weights: Any, num_samples: int, replacement: bool) -> None:
    """Weights stand in a row or in several, finite and not negative, one at least above 0."""
    if weights.ndim not in (1, 2):
        raise RuntimeError(
            f"prob_dist must be 1 or 2 dim: one row of weights or several, not {weights.ndim} dim"
        )
    if weights.dtype.kind != "f":
        raise RuntimeError(
            "multinomial only supports floating-point dtypes for input, got: "
            f"{kind_name(weights)}; convert the weights with .float()"
        )
    if num_samples <= 0:
        raise RuntimeError(f"cannot sample n_sample <= 0 samples: {num_samples} were asked for")
    if not replacement and num_samples > weights.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement: "
            f"{num_samples} of {weights.shape[-1]}; set replacement=True to draw one again"
        )
    if replacement and (weights < 0).any():
        raise RuntimeError(
            "invalid multinomial distribution (encountering probability entry < 0): weights are "
            "not negative"
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise RuntimeError(
            "probability tensor contains either `inf`, `nan` or element < 0: weights are finite "
            "numbers from 0 on"
        )
    if (weights.sum(axis=-1) <= 0).any():
        raise RuntimeError(
            "invalid multinomial distribution (sum of probabilities <= 0): one weight of a row "
            "must be above 0"
        )


def uniform_(a: float, b: float) -> None:
    if a > b:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={a} > to={b}"
            ": numbers are drawn from the first up to the second"
        )


def bernoulli_(p: Any) -> None:
    if not 0 <= p <= 1:
        raise RuntimeError(
            f"bernoulli_ expects p to be in [0, 1], but got p={p}: it is a probability"
        )


def cauchy_(x: Tensor, sigma: float) -> None:
    if sigma <= 0:
        raise RuntimeError(
            f"cauchy_ expects sigma > 0.0, but found sigma={sigma}: it is the width"
        )
    if x._data.dtype.kind != "f":
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {kind_name(x._data)}"
        )


def geometric_(x: Tensor, p: float) -> None:
    if not 0 < p < 1:
        raise RuntimeError(
            f"geometric_ expects p to be in (0, 1), but got p={p}: it is a probability"
        )
    if x._data.dtype.kind in "bc":
        raise not_implemented("geometric_cpu", x, "it fills with whole numbers above 1")


def log_normal_(x: Tensor, std: float) -> None:
    if std <= 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std}: it is a deviation")
    if x._data.dtype.kind != "f":
        raise not_implemented("log_normal_cpu", x, "use a floating-point tensor")


def exponential_(x: Tensor, lambd: float) -> None:
    if x._data.dtype.kind != "f":
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {kind_name(x._data)}: convert the "
            "tensor with .float()"
        )
    if not lambd > 0:
        raise RuntimeError(
            f"exponential_ expects lambda > 0.0, but found lambda={lambd}: the mean is 1 / lambda"
        )
