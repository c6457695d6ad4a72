"""Switches of PyTorch's engine: accepted, read back, and as far as they mean something here heard.

``set_multithreading_enabled``: a backward pass is walked by the thread that asks for it anyway.
``_force_original_view_tracking``: how the history of a view is made anew after a write to its base:
by the steps that made it, or by where it lies in memory.
"""

from __future__ import annotations

from typing import Any

from ..ops.shaping.strided import replaying
from .recording_modes import _Mode


class _Switch(_Mode):
    """Switched at once, for good; as a block until its end."""

    place: Any = None  # whose attribute ``on`` it is

    def __new__(cls, mode: bool) -> Any:
        return object.__new__(cls)

    def __init__(self, mode: bool) -> None:
        self.mode, self.before = bool(mode), self.place.on
        self.place.on = self.mode

    def __enter__(self) -> None:
        self.place.on = self.mode

    def __exit__(self, *exc: object) -> None:
        self.place.on = self.before

    def __call__(self, function: Any) -> Any:
        self.place.on = self.before  # a decorator switches nothing yet
        return super().__call__(function)

    def clone(self) -> Any:
        return type(self)(self.mode)


class _Threads:
    on = True


class set_multithreading_enabled(_Switch):
    """Whether a backward pass may use several threads. It never does here."""

    place = _Threads


class _force_original_view_tracking(_Switch):
    """Whether a view's history is made anew by the steps that made the view."""

    place = replaying


def is_multithreading_enabled() -> bool:
    """What :func:`set_multithreading_enabled` was last told."""
    return _Threads.on


def is_view_replay_enabled() -> bool:
    """Whether a view's history is made anew by the steps that made the view."""
    return replaying.on
