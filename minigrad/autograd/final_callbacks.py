"""What is to be called when a backward pass is over: ``Variable._execution_engine`` of PyTorch."""

from __future__ import annotations

import threading
from typing import Any

from ..core.modes import grad_mode


class _Engine(threading.local):
    """The callbacks of this thread's backward passes that are waiting, those of inner ones last."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def queue_callback(self, callback: Any) -> None:
        """Call ``callback()`` once the backward pass that is running now has filled ``.grad``."""
        if grad_mode.walking is None:
            raise RuntimeError("Final callbacks can only be installed during backward pass.")
        self.waiting.append(callback)

    def begin(self) -> int:
        """A backward pass begins; what it is going to queue comes after the place given back."""
        if grad_mode.walking is None:
            self.waiting.clear()  # of a pass that has failed
        return len(self.waiting)

    def end(self, start: int) -> None:
        """The pass is over: call what was queued in it, which may queue more."""
        while len(self.waiting) > start:
            self.waiting.pop(start)()


engine = _Engine()
