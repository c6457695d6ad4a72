"""``torch.profiler``, also ``torch.autograd.profiler``: for programs that time their parts.

minigrad does not time single operations. A mark is without effect; to measure is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from enum import Enum
from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly

__all__ = [
    "ProfilerActivity", "emit_nvtx", "profile", "record_function", "schedule",
    "tensorboard_trace_handler",
]  # fmt: skip


class record_function(ContextDecorator):
    """A named block of a program, for a profiler: without effect."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name, self.args = name, args

    def __enter__(self) -> record_function:
        return self

    def __exit__(self, *error: object) -> None: ...


class ProfilerActivity(Enum):
    """What a profiler of PyTorch's can look at."""

    CPU = 0
    CUDA = 2


class profile:
    """A block whose operations PyTorch would time: NotImplementedError, unless switched off."""

    def __init__(self, *args: Any, enabled: bool = True, **named: Any) -> None:
        if enabled and False not in args[:1]:
            raise NotImplementedError(
                "profile: minigrad does not time single operations; Python's cProfile times "
                "functions, and record() shows what each operation did"
            )

    def __enter__(self) -> profile:
        return self

    def __exit__(self, *error: object) -> None: ...


emit_nvtx = profile


def schedule(**named: Any) -> Callable[[int], None]:
    """When to measure, for ``profile``, which refuses."""
    return lambda step: None


def tensorboard_trace_handler(dir_name: str, *args: Any, **named: Any) -> Callable[[Any], None]:
    """Where to write, for ``profile``, which refuses."""
    return lambda profiler: None


_name_publicly(globals())
