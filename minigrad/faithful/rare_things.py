"""``rare`` of core/modes.py is told of things that somebody may hold for long."""

from __future__ import annotations

import weakref
from typing import Any

from ..core.modes import rare


def rare_while_alive(thing: Any) -> Any:
    """A token in ``rare`` until ``thing`` is gone, or what is returned here is called."""
    token = object()
    rare.add(token)
    ending = weakref.finalize(thing, rare.discard, token)
    ending.atexit = False
    return ending
