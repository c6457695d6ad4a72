"""``utils.benchmark``: how long a statement takes, and several of them side by side."""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Iterable
from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly

__all__ = ["Compare", "Measurement", "Timer"]

UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def unit_for(seconds: float) -> str:
    """The unit in which a time has one to three digits before the point."""
    return next((unit for unit, size in UNITS.items() if seconds >= size), "ns")


class Measurement:
    """What a ``Timer`` has measured.

    Args:
        number_per_run: how often the statement ran in each measurement.
        raw_times: the seconds of each measurement.
        task: the timer.
    """

    def __init__(self, number_per_run: int, raw_times: list[float], task: Timer) -> None:
        self.number_per_run, self.raw_times, self.task = number_per_run, raw_times, task
        self.times = [seconds / number_per_run for seconds in raw_times]  # of one run

    @property
    def mean(self) -> float:
        return statistics.mean(self.times)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def __repr__(self) -> str:
        unit = unit_for(self.median)
        name = ": ".join(filter(None, (self.task.label, self.task.sub_label)))
        runs = f"{len(self.times)} measurement{'s'[: len(self.times) - 1]}"
        return "\n".join(filter(None, (
            "<minigrad.utils.benchmark.Measurement>", name or self.task.stmt, self.task.description,
            f"  {self.median / UNITS[unit]:.2f} {unit}",
            f"  {runs}, {self.number_per_run} runs , {self.task.num_threads} thread",
        )))  # fmt: skip


class Timer:
    """Times a statement, as Python's ``timeit`` does, after one run that is not counted.

    Args:
        stmt, setup, globals: as in ``timeit.Timer``: text, and the names it can use.
        label, sub_label, description: for tables: the table, the row, the column.
        num_threads: told in reports; NumPy takes the number of its threads from the environment.

    >>> from minigrad.utils.benchmark import Timer
    >>> Timer("x + x", globals={"x": 2}).timeit(10).number_per_run
    10

    Source: PyTorch's ``utils.benchmark.Timer``.
    """

    def __init__(
        self, stmt: str = "pass", setup: str = "pass", timer: Any = timeit.default_timer,
        globals: dict[str, Any] | None = None, label: str | None = None,
        sub_label: str | None = None, description: str | None = None, env: str | None = None,
        num_threads: int = 1,
    ) -> None:  # fmt: skip
        self.stmt, self.num_threads, self.label = stmt, num_threads, label
        self.sub_label, self.description = sub_label, description
        self.timer = timeit.Timer(stmt, setup, timer, {} if globals is None else globals)

    def timeit(self, number: int = 1000000) -> Measurement:
        """One measurement of so many runs."""
        self.timer.timeit(max(number // 100, 2))  # the first runs are slower
        return Measurement(number, [self.timer.timeit(number)], self)

    def blocked_autorange(self, callback: Any = None, min_run_time: float = 0.2) -> Measurement:
        """Measurements, each long enough for the clock, for ``min_run_time`` seconds at least."""
        number, times = 1, [self.timer.timeit(1)]
        while times[0] < min_run_time / 1000:
            number *= 10
            times = [self.timer.timeit(number)]
        while sum(times) < min_run_time:
            times.append(self.timer.timeit(number))
        return Measurement(number, times, self)

    adaptive_autorange = blocked_autorange


class Compare:
    """A table of measurements: a row for each ``sub_label``, a column for each ``description``.

    Args:
        results: what ``Timer`` has measured.

    >>> from minigrad.utils.benchmark import Compare, Timer
    >>> Compare([Timer(description="a"), Timer(description="b")])
    Traceback (most recent call last):
    TypeError: Compare expects measurements, as timeit() gives, but found Timer

    Source: PyTorch's ``utils.benchmark.Compare``.
    """

    def __init__(self, results: Iterable[Measurement]) -> None:
        self._results = list(results)
        for result in self._results:
            if not isinstance(result, Measurement):
                raise TypeError(
                    "Compare expects measurements, as timeit() gives, but found "
                    f"{type(result).__name__}"
                )

    def __str__(self) -> str:
        unit = unit_for(min((r.median for r in self._results), default=0.0))
        rows: dict[Any, dict[Any, str]] = {}
        for r in self._results:
            row = f"{r.task.sub_label or r.task.stmt}, {r.task.num_threads} thread"
            rows.setdefault(row, {})[r.task.description] = f"{r.median / UNITS[unit]:.1f}"
        columns = list(dict.fromkeys(r.task.description for r in self._results))
        table = [["", *(str(c or "") for c in columns)]]
        table += [[row, *(cells.get(c, "") for c in columns)] for row, cells in rows.items()]
        widths = [max(map(len, column)) for column in zip(*table)]
        lines = ["  |  ".join(c.rjust(w) for c, w in zip(row, widths)) for row in table]
        title = next((r.task.label for r in self._results if r.task.label), "")
        return "\n".join([f"[{title:-^{len(lines[0])}}]", *lines, f"\nTimes are in {unit}."])

    def print(self) -> None:
        print(self)

    def trim_significant_figures(self) -> None:
        """Without effect: times have one decimal."""

    colorize = trim_significant_figures


_name_publicly(globals())
