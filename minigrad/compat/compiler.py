"""``compile`` and its relatives: every function runs as it is."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly


def compile(model: Any = None, **options: Any) -> Any:
    """The function or module itself, which runs as it is; a warning says so.

    What makes a training step faster here is ``capture``: it records a step once and replays it.

    Args:
        model: what to compile. None: the result is a decorator.
        options: PyTorch's, without effect.

    Returns:
        ``model``, or the decorator.

    >>> import minigrad as mg
    >>> f = mg.compile(mg.exp, disable=True)  # switched off: without the warning
    >>> f is mg.exp
    True

    Source: PyTorch's ``compile``.
    """
    if model is None:
        return lambda function: compile(function, **options)
    if not options.get("disable"):
        warnings.warn(
            "compile: minigrad runs it as it is; capture(step) records a training step once and "
            "replays it",
            stacklevel=2,
        )
    return model


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """The function itself, which is never compiled; without one a decorator."""
    return fn if fn is not None else lambda function: function


def is_compiling() -> bool:
    return False


def list_backends(exclude_tags: Any = ()) -> list[str]:
    """No ways to compile."""
    return []


def set_stance(stance: str = "default", **named: Any) -> nullcontext[None]:
    """When to compile: without effect."""
    return nullcontext()


def reset() -> None:
    """Nothing is kept."""


allow_in_graph = disable
cudagraph_mark_step_begin = reset
is_dynamo_compiling = is_exporting = is_compiling

_name_publicly(globals())
