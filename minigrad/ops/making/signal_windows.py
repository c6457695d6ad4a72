"""Windows for signals: weights that fall off towards both ends of a piece of a signal.

``periodic`` windows are one sample longer and leave the last one out, as a Fourier transform wants.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful import dtypes
from ...refusals.reasons import options as refuse
from .creation import finish


def window(
    name: str, length: int, periodic: bool, weight: Any, dtype: Any, requires_grad: bool
) -> Tensor:
    """``weight`` of numbers from 0 to 1 (the ends of the window)."""
    if length < 0:
        raise RuntimeError(
            f"{name} requires non-negative window_length, got window_length={length}"
            ": it is a length"
        )
    d = dtypes.default_np() if dtype is None else dtypes.to_numpy(dtype)
    n = length + 1 if periodic and length > 1 else length
    samples = np.ones(length) if length <= 1 else weight(np.arange(n) / (n - 1))[:length]
    return finish(samples.astype(d), requires_grad)


def hann_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """One period of a cosine, from 0 to 1 and back.

    >>> import minigrad as mg
    >>> mg.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    weight = lambda t: 0.5 - 0.5 * np.cos(2 * np.pi * t)
    return window("hann_window", window_length, periodic, weight, dtype, requires_grad)


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, *,
    dtype: Any = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``alpha - beta * cos``: a Hann window on a pedestal."""
    weight = lambda t: alpha - beta * np.cos(2 * np.pi * t)
    return window("hamming_window", window_length, periodic, weight, dtype, requires_grad)


def blackman_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """A sum of two cosines, flatter at the ends."""
    weight = lambda t: 0.42 - 0.5 * np.cos(2 * np.pi * t) + 0.08 * np.cos(4 * np.pi * t)
    return window("blackman_window", window_length, periodic, weight, dtype, requires_grad)


def bartlett_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """A triangle."""
    weight = lambda t: 1 - np.abs(2 * t - 1)
    return window("bartlett_window", window_length, periodic, weight, dtype, requires_grad)


def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, *, dtype: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Kaiser's window: nearly the most energy in the middle that its length allows."""
    weight = lambda t: np.i0(beta * np.sqrt(np.maximum(1 - (2 * t - 1) ** 2, 0))) / np.i0(beta)
    return window("kaiser_window", window_length, periodic, weight, dtype, requires_grad)


# --- torch.signal.windows: the same under shorter names, symmetric unless told otherwise ---------


def signal_window(name: str, M: int, sym: bool, weight: Any, dtype: Any, options: Any) -> Tensor:
    """``weight(k, n)`` of the samples k = 0 ... M - 1, of a window of n (periodic: M + 1)."""
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    for option, value in options.items():
        if option not in ("device", "layout", "requires_grad"):
            raise TypeError(f"{name}() got an unexpected keyword argument {option!r}")
        refuse.memory(value if option == "layout" else None, False)
    d = dtypes.default_np() if dtype is None else dtypes.to_numpy(dtype)
    if d.kind != "f":
        raise ValueError(f"{name} expects floating point dtypes, got: {dtype}")
    samples = weight(np.arange(M), M if sym or M <= 1 else M + 1) if M else np.zeros(0)
    made = samples.astype(d)
    return finish(made, options.get("requires_grad", False), options.get("device"))


def general_cosine(
    M: int, *, a: Any, sym: bool = True, dtype: Any = None, **options: Any
) -> Tensor:
    """``a[0] - a[1] * cos + a[2] * cos(2 ...) - ...``: a sum of cosines.

    >>> import minigrad as mg
    >>> mg.signal.windows.general_cosine(3, a=[0.5, 0.5])
    tensor([0., 1., 0.])
    """
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    weights = [(-1) ** i * w for i, w in enumerate(a)]
    if not weights:
        raise ValueError("Coefficients cannot be empty")

    def weight(k: Any, n: int) -> Any:
        terms = [w * np.cos(2 * np.pi * i * k / max(n - 1, 1)) for i, w in enumerate(weights)]
        return sum(terms) if n > 1 else np.ones(1)

    return signal_window("general_cosine", M, sym, weight, dtype, options)


def general_hamming(
    M: int, *, alpha: float = 0.54, sym: bool = True, dtype: Any = None, **options: Any
) -> Tensor:
    """``alpha - (1 - alpha) * cos``."""
    return general_cosine(M, a=[alpha, 1 - alpha], sym=sym, dtype=dtype, **options)


def hamming(M: int, *, sym: bool = True, dtype: Any = None, **options: Any) -> Tensor:
    """A Hann window on a pedestal."""
    return general_hamming(M, sym=sym, dtype=dtype, **options)


def hann(M: int, *, sym: bool = True, dtype: Any = None, **options: Any) -> Tensor:
    """One period of a cosine, from 0 to 1 and back."""
    return general_hamming(M, alpha=0.5, sym=sym, dtype=dtype, **options)


def blackman(M: int, *, sym: bool = True, dtype: Any = None, **options: Any) -> Tensor:
    """A sum of two cosines, flatter at the ends."""
    return general_cosine(M, a=[0.42, 0.5, 0.08], sym=sym, dtype=dtype, **options)


def nuttall(M: int, *, sym: bool = True, dtype: Any = None, **options: Any) -> Tensor:
    """A sum of three cosines, flatter still."""
    a = [0.3635819, 0.4891775, 0.1365995, 0.0106411]
    return general_cosine(M, a=a, sym=sym, dtype=dtype, **options)


def bartlett(M: int, *, sym: bool = True, dtype: Any = None, **options: Any) -> Tensor:
    """A triangle."""
    weight = lambda k, n: 1 - np.abs(2 * k / (n - 1) - 1) if n > 1 else np.ones(1)
    return signal_window("bartlett", M, sym, weight, dtype, options)


def cosine(M: int, *, sym: bool = True, dtype: Any = None, **options: Any) -> Tensor:
    """Half a period of a sine, between its zeros."""
    weight = lambda k, n: np.sin(np.pi * (k + 0.5) / n)
    return signal_window("cosine", M, sym, weight, dtype, options)


def exponential(
    M: int, *, center: float | None = None, tau: float = 1.0, sym: bool = True, dtype: Any = None,
    **options: Any,
) -> Tensor:  # fmt: skip
    """``exp(-abs(k - center) / tau)``."""
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    weight = lambda k, n: np.exp(-np.abs(k - ((n - 1) / 2 if center is None else center)) / tau)
    return signal_window("exponential", M, sym, weight, dtype, options)


def gaussian(
    M: int, *, std: float = 1.0, sym: bool = True, dtype: Any = None, **options: Any
) -> Tensor:
    """The bell of a normal distribution."""
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    weight = lambda k, n: np.exp(-(((k - (n - 1) / 2) / std) ** 2) / 2)
    return signal_window("gaussian", M, sym, weight, dtype, options)


def kaiser(
    M: int, *, beta: float = 12.0, sym: bool = True, dtype: Any = None, **options: Any
) -> Tensor:
    """Kaiser's window: nearly the most energy in the middle that its length allows."""
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")

    def weight(k: Any, n: int) -> Any:
        off = 2 * k / max(n - 1, 1) - 1
        bell = np.i0(beta * np.sqrt(np.maximum(1 - off**2, 0))) / np.i0(beta)
        return bell if n > 1 else np.ones(1)

    return signal_window("kaiser", M, sym, weight, dtype, options)
