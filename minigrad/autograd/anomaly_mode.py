"""Anomaly mode: stop a backward pass where NaN first appears, and say which line it came from."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.modes import grad_mode

_WARNING = (
    "Anomaly Detection has been enabled. This mode will increase the runtime and should only be "
    "enabled for debugging."
)


class set_detect_anomaly:
    """Switch the look-out for NaN on or off in this thread: for good, or for a ``with`` block.

    check_nan: False looks only for exceptions in the backward pass, to name the forward line.
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = (grad_mode.anomaly, grad_mode.check_nan)
        grad_mode.anomaly, grad_mode.check_nan = bool(mode), bool(check_nan)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        grad_mode.anomaly, grad_mode.check_nan = self._before


class detect_anomaly:
    """In this block, a backward pass that gives NaN or raises names the forward line.

    Raises RuntimeError where a gradient is NaN, after a warning that shows the user's line.

    >>> import warnings
    >>> import minigrad as mg
    >>> x = mg.tensor(0.0, requires_grad=True)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     with mg.autograd.detect_anomaly():
    ...         y = x.sqrt() * 0
    ...         try:
    ...             y.backward()
    ...         except RuntimeError as error:
    ...             print(str(error).split(".")[0])
    Function 'SqrtBackward0' returned nan values in its 0th output
    """

    def __init__(self, check_nan: bool = True) -> None:
        self._check_nan = bool(check_nan)
        self._before: list[tuple[Any, Any]] = []
        warnings.warn(_WARNING, stacklevel=2)

    def __enter__(self) -> None:
        self._before.append((grad_mode.anomaly, grad_mode.check_nan))
        grad_mode.anomaly, grad_mode.check_nan = True, self._check_nan

    def __exit__(self, *exc: object) -> None:
        grad_mode.anomaly, grad_mode.check_nan = self._before.pop()


def is_anomaly_enabled() -> bool:
    """Whether this thread looks out for NaN in backward passes."""
    return grad_mode.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly mode would look for NaN (and not for exceptions only)."""
    return grad_mode.check_nan
