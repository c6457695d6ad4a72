"""``torch.profiler``, also ``torch.autograd.profiler``: for programs that time their parts.

PyTorch times its operations. Here Python's ``cProfile`` times functions, those of minigrad among
them: ``sum``, ``backward``, ``step``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly

LINE = "{:<40}{:>12}{:>16}{:>16}"


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


@dataclass
class FunctionTimes:
    """How often a function was called, and its microseconds: its own, and with what it calls."""

    key: str
    count: int
    self_cpu_time_total: float
    cpu_time_total: float


class Times(list[FunctionTimes]):
    """What a block has spent in each function, most first."""

    def table(self, sort_by: str | None = None, row_limit: int = 100, **named: Any) -> str:
        """The same as text; sort_by: 'count', 'cpu_time_total' or 'self_cpu_time_total'."""
        by = sort_by if sort_by in ("count", "cpu_time_total") else "self_cpu_time_total"
        rows = sorted(self, key=lambda times: -getattr(times, by))[:row_limit]
        lines = [LINE.format("Name", "# of Calls", "Self CPU us", "CPU total us")]
        for r in rows:
            microseconds = round(r.self_cpu_time_total), round(r.cpu_time_total)
            lines.append(LINE.format(r.key[:39], r.count, *microseconds))
        return "\n".join(lines)


class profile:
    """A block whose functions are timed, by Python's ``cProfile``.

    Args:
        enabled: False: nothing is timed.
        args, named: PyTorch's settings, without effect.

    >>> import minigrad as mg
    >>> with mg.profiler.profile() as prof:
    ...     y = mg.ones(3).exp()
    >>> [times.count for times in prof.key_averages() if times.key == "exp"]
    [1]

    Source: PyTorch's ``profiler.profile``.
    """

    def __init__(self, *args: Any, enabled: bool = True, **named: Any) -> None:
        from cProfile import Profile

        self._enabled, self._profiler = enabled and False not in args[:1], Profile()

    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        if self._enabled:
            self._profiler.enable()

    def stop(self) -> None:
        self._profiler.disable()

    def step(self) -> None:
        """The end of a step, of which all are timed."""

    def key_averages(self, *args: Any, **named: Any) -> Times:
        """How often each function was called, and how long it took."""
        self._profiler.create_stats()
        return Times(
            FunctionTimes(function[2], calls, own * 1e6, total * 1e6)
            for function, (_, calls, own, total, _) in self._profiler.stats.items()
        )

    def table(self, *args: Any, **named: Any) -> str:
        """``key_averages().table()``."""
        return self.key_averages().table(*args, **named)

    def export_chrome_trace(self, path: str) -> None:
        """NotImplementedError: single calls are not kept."""
        raise NotImplementedError(
            "export_chrome_trace: minigrad keeps no single calls; print key_averages().table(), or "
            "look at a step with record()"
        )


emit_nvtx = profile


def schedule(**named: Any) -> Callable[[int], None]:
    """Which steps to measure: here all."""
    return lambda step: None


def tensorboard_trace_handler(dir_name: str, *args: Any, **named: Any) -> Callable[[Any], None]:
    """Where PyTorch would write: here nothing is written."""
    return lambda profiler: None


_name_publicly(globals())
