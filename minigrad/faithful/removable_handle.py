"""What registering a hook gives back, for hooks of every kind."""

from __future__ import annotations

import itertools
from typing import Any

_handle_ids = itertools.count()


class RemovableHandle:
    """Removes a hook again: ``handle.remove()``, or leave its ``with`` block."""

    def __init__(self, hooks: dict[int, Any], hook: Any) -> None:
        self.id = next(_handle_ids)
        self._hooks = hooks
        hooks[self.id] = hook

    def remove(self) -> None:
        """Unregister the hook. Doing it twice is no error."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


Handle = RemovableHandle
