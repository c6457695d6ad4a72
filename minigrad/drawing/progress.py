"""A progress display for training loops: terminal, notebook or log file.

The well-known library for this is tqdm. minigrad does not use it because its run-time
dependencies are few on purpose, and because a notebook tested with nbval needs a display whose
saved state holds no times. What a training loop needs fits in this short file.

Three displays share one interface, `advance(status)` and `close(status, left)`; `status` is a
function, so that text is only made when something is really drawn. `left` says in a few words that
the loop did not come to its end, and is empty where it did.
"""

from __future__ import annotations

import html
import shutil
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, TextIO

REDRAW_SECONDS = 0.1  # ten pictures a second look smooth and cost the loop nothing
BAR_WIDTH = 20
LOG_LINES = 10

Status = Callable[[], str]


class Progress:
    """Counts iterations and measures time; subclasses say when and how to draw.

    Args:
        total: number of iterations, or None when it is not known.
        unclocked: iterations that are counted but were over before the clock started.
        clock: returns seconds; a test passes its own.
    """

    def __init__(
        self,
        total: int | None,
        unclocked: int = 0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.total = total
        self.count = 0
        self._unclocked = unclocked
        self._clock = clock
        self._start = clock()

    def advance(self, status: Status) -> None:
        """Count one more iteration."""
        self.count += 1

    def close(self, status: Status, left: str = "") -> None:
        """Draw the final state."""

    def belongs_to_another_cell(self) -> bool:
        """True when the display sits in a notebook cell that has finished."""
        return False

    def fraction(self) -> float | None:
        """Share of the work that is done, 0 to 1; None when the total is unknown or was wrong."""
        if self.total is None or self.count > self.total:
            return None
        return self.count / self.total if self.total else 1.0

    def counted(self) -> str:
        return f"{self.count}" if self.fraction() is None else f"{self.count}/{self.total}"

    def timing(self, finished: bool = False) -> list[str]:
        """The rate and the time left (the time taken, once finished)."""
        elapsed = self._clock() - self._start
        done = self.count - self._unclocked
        if done <= 0 or elapsed <= 0:
            return []
        rate = done / elapsed
        if finished:
            return [format_rate(rate), format_seconds(elapsed)]
        if self.total is None or self.count > self.total:
            return [format_rate(rate)]
        return [format_rate(rate), format_seconds((self.total - self.count) / rate) + " left"]

    def text(
        self, status: Status, finished: bool = False, times: bool = True, left: str = ""
    ) -> str:
        # The losses come first: where a line is cut, the times are lost.
        parts = [self.counted(), left, status(), *(self.timing(finished) if times else [])]
        return ", ".join(part for part in parts if part)


class TerminalProgress(Progress):
    """One line, drawn again and again in place."""

    def __init__(self, total: int | None, file: TextIO, **options: Any) -> None:
        super().__init__(total, **options)
        self._file = file
        self._full = "█" if can_encode("█", file) else "#"
        self._width_drawn = 0
        self._last_draw = float("-inf")

    def advance(self, status: Status) -> None:
        super().advance(status)
        now = self._clock()
        if now - self._last_draw >= REDRAW_SECONDS:
            self._last_draw = now
            self._draw(self.text(status))

    def close(self, status: Status, left: str = "") -> None:
        self._draw(self.text(status, finished=True, left=left))
        self._file.write("\n")
        self._file.flush()

    def _draw(self, text: str) -> None:
        fraction = self.fraction()
        if fraction is not None:
            bar = (self._full * round(fraction * BAR_WIDTH)).ljust(BAR_WIDTH)
            text = f"{int(fraction * 100):3d}%|{bar}| {text}"
        # A line that wraps could not be drawn over, so it is cut to the window.
        text = text[: shutil.get_terminal_size().columns - 1]
        # Blanks, not an escape code, wipe a longer old line: every terminal knows blanks.
        self._file.write("\r" + text.ljust(self._width_drawn))
        self._file.flush()
        self._width_drawn = len(text)


class LogProgress(Progress):
    """At most ten plain lines, for a pipe, a file or a CI log."""

    def __init__(self, total: int | None, file: TextIO, **options: Any) -> None:
        super().__init__(total, **options)
        self._file = file
        self._last_written = -1
        self._next_power = 1

    def advance(self, status: Status) -> None:
        super().advance(status)
        if self._due():
            self._write(self.text(status))

    def close(self, status: Status, left: str = "") -> None:
        if self.count != self._last_written or left:
            self._write(self.text(status, finished=True, left=left))

    def _due(self) -> bool:
        if self.total is None:  # at 1, 10, 100, ...: few lines however long the loop is
            if self.count < self._next_power:
                return False
            self._next_power *= 10
            return True
        if self.count >= self.total:  # the last line is left to close()
            return False
        tenth = LOG_LINES * self.count // self.total
        return tenth > LOG_LINES * (self.count - 1) // self.total

    def _write(self, text: str) -> None:
        self._file.write(text + "\n")
        self._file.flush()
        self._last_written = self.count


class NotebookProgress(Progress):
    """A bar in a Jupyter cell that leaves the same output behind every time.

    The bar lives in one display that starts blank and ends blank; the final line, without times,
    is a display of its own. nbval reads the first state of a display and the notebook file holds
    the last one, so the two have to be equal.
    """

    def __init__(self, total: int | None, shell: Any, **options: Any) -> None:
        super().__init__(total, **options)
        # Already loaded, as this runs in a kernel.
        self._display = import_module("IPython.display").display
        self._shell = shell
        self._cell = shell.execution_count
        self._live = self._display(BLANK, raw=True, display_id=True)
        self._last_draw = float("-inf")

    def advance(self, status: Status) -> None:
        super().advance(status)
        now = self._clock()
        if now - self._last_draw >= REDRAW_SECONDS:
            self._last_draw = now
            self._live.update(self._bundle(self.text(status)), raw=True)

    def close(self, status: Status, left: str = "") -> None:
        self._live.update(BLANK, raw=True)
        self._display(self._bundle(self.text(status, times=False, left=left)), raw=True)

    def belongs_to_another_cell(self) -> bool:
        return bool(self._shell.execution_count != self._cell)

    def _bundle(self, text: str) -> dict[str, str]:
        fraction = self.fraction()
        bar = ""
        if fraction is not None:
            bar = (
                f'<progress max="1" value="{fraction:.3f}" aria-label="training progress" '
                'style="width: 16em; vertical-align: middle"></progress> '
            )
        return {
            "text/plain": text,
            "text/html": f"<div>{bar}<code>{html.escape(text)}</code></div>",
        }


BLANK = {"text/plain": "", "text/html": ""}


def open_progress(
    total: int | None, file: TextIO | None = None, unclocked: int = 0
) -> Progress | None:
    """The display that fits where the program runs; None where there is nowhere to draw.

    Args:
        total: number of iterations, or None when it is not known.
        file: write here; None means the notebook cell, or else `sys.stderr`.
        unclocked: iterations that will be counted but are already over, so not in the rate.
    """
    shell = running_kernel()
    if file is None and shell is not None:
        return NotebookProgress(total, shell, unclocked=unclocked)
    file = sys.stderr if file is None else file
    if file is None:  # a windowed Python has no stderr
        return None
    kind = TerminalProgress if file.isatty() else LogProgress
    return kind(total, file, unclocked=unclocked)


def running_kernel() -> Any:
    """The Jupyter kernel's shell, or None. Never imports IPython: a kernel already has."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if getattr(shell, "kernel", None) is not None else None


def can_encode(text: str, file: TextIO) -> bool:
    try:
        text.encode(getattr(file, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def format_rate(rate: float) -> str:
    if rate < 1:
        return f"{1 / rate:.3g} s/it"
    return f"{rate:.0f} it/s" if rate >= 10 else f"{rate:.1f} it/s"


def format_seconds(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
