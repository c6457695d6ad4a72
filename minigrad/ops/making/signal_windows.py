"""Windows for signals: weights that fall off towards both ends of a piece of a signal.

``periodic`` windows are one sample longer and leave the last one out, as a Fourier transform wants.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful import dtypes
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
