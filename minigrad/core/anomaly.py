"""Looking out for NaN in a backward pass (``autograd.detect_anomaly``). (May be skipped at first.)"""

from __future__ import annotations

import warnings
from typing import Any

from .modes import grad_mode
from .node import Node
from .source_lines import at_line, source_of


def watched_pullback(node: Node, grad: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
    """Walk one node back; if that raises or gives NaN, say which line recorded it."""
    try:
        grads_in: tuple[Any, ...] = node.op.pullback(node, grad, xp, wants)
    except Exception:
        warn_where(node)
        raise
    if grad_mode.check_nan:
        for i, g in enumerate(grads_in):
            if g is not None and xp.has_nan(g):
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
