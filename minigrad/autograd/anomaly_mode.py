"""Anomaly mode: stop a backward pass where NaN first appears, and say which line it came from."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import numpy as np

from ..core.modes import grad_mode
from ..core.node import Node
from ..refusals.user_lines import at_line, source_of

_WARNING = (
    "Anomaly Detection has been enabled. This mode will increase the runtime and should only be "
    "enabled for debugging."
)


class _Here(threading.local):
    check_nan = True


here = _Here()


def watch(mode: bool, check_nan: bool) -> tuple[Any, bool]:
    """Switch anomaly mode; returns what was before."""
    before = grad_mode.anomaly, here.check_nan
    grad_mode.anomaly, here.check_nan = watched_pullback if mode else None, check_nan
    return before


def watched_pullback(node: Node, grad: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
    """Walk one node back; if that raises or gives NaN, say which line recorded it."""
    try:
        grads_in: tuple[Any, ...] = node.op.pullback(node, grad, xp, wants)
    except Exception:
        warn_where(node)
        raise
    if here.check_nan:
        for i, g in enumerate(grads_in):
            if g is not None and np.isnan(xp.wrap(g)._data).any():
                warn_where(node)
                raise RuntimeError(
                    f"Function '{node.name()}' returned nan values in its {i}th output. The "
                    f"operation was recorded{at_line(node) or ' outside of a file'}; look for "
                    "0/0, inf - inf, or a root or logarithm at 0 there."
                )
    return grads_in


def warn_where(node: Node) -> None:
    """Show the forward call of a node whose gradient failed, as PyTorch's anomaly mode does."""
    where = source_of(node)
    if where is None or node.code is None:
        text = "No forward pass information available."
    else:
        file, line, source = where
        text = (
            "Traceback of forward call that caused the error:\n"
            f'  File "{file}", line {line}, in {node.code.co_name}\n    {source}'
        )
    warnings.warn(f"Error detected in {node.name()}. {text}", stacklevel=2)


class set_detect_anomaly:
    """Switch the look-out for NaN on or off in this thread: for good, or for a ``with`` block.

    check_nan: False looks only for exceptions in the backward pass, to name the forward line.
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = watch(bool(mode), bool(check_nan))

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        grad_mode.anomaly, here.check_nan = self._before


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
        self._before.append(watch(True, self._check_nan))

    def __exit__(self, *exc: object) -> None:
        grad_mode.anomaly, here.check_nan = self._before.pop()


def is_anomaly_enabled() -> bool:
    """Whether this thread looks out for NaN in backward passes."""
    return grad_mode.anomaly is not None


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly mode would look for NaN (and not for exceptions only)."""
    return here.check_nan
