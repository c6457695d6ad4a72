"""The switches of this thread: is it recording, is somebody looking on? (May be skipped at first.)

Recording is the usual case; everything else here is rare. So that the many operations of an
ordinary program need not ask for each rare mode, :data:`rare` says whether there is any.
"""

from __future__ import annotations

import contextvars
import threading
from typing import Any

import numpy as np

from .protocols import Carried, CarryingNumbers, Watcher


class GradMode(threading.local):
    """How operations are recorded and walked back, separate switches for each thread."""

    enabled = True  # record what happens (no_grad switches it off)
    ended: Any = None  # the note of who has switched it off (refusals/ended_history.py)
    mark: Any = None  # the Extra that new tensors are given (inference_mode), see hooks.Extra
    anomaly: Any = None  # takes the place of op.pullback, to look for NaN (detect_anomaly)
    watcher: Watcher | None = None  # who looks on at every operation
    capturing: Any = None  # the same, if it writes down how the step is done again
    packing: Any = None  # puts away what a new node has saved (saved-tensor hooks), a function
    walking: Any = None  # the backward pass that is running (backward.Walk)

    def __init__(self) -> None:
        """Of one thread. quiet: ``quiet(f, x, y)`` is f(x, y) without NumPy's RuntimeWarnings.

        It runs in a context in which NumPy is silent (x / 0 is inf, as in PyTorch), which costs a
        tenth of ``np.errstate``. No function that runs so may come here again.
        """
        self.quiet = np.errstate(all="ignore")(contextvars.copy_context)().run

    @property
    def inference(self) -> bool:
        return self.mark is not None


grad_mode = GradMode()


def quietly(function: Any, *args: Any, **kwargs: Any) -> Any:
    """As ``grad_mode.quiet``, slower, for functions in which others run so too."""
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)


# A token for each rare thing that is in use anywhere in the process: a recorder, a pair of
# saved-tensor hooks, tensors that carry a tangent, a batch or a mark. It is taken out again when
# the thing is gone. While the set is empty, one quick test skips looking for all of them.
rare: set[Any] = set()


class Recording:
    """Grad mode on (or off), whatever the user's mode is: for what the package itself does."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled

    def __enter__(self) -> None:
        self.before = grad_mode.enabled
        grad_mode.enabled = self.enabled

    def __exit__(self, *exc: object) -> None:
        grad_mode.enabled = self.before


def carried_by(inputs: Any, params: dict[str, Any] | None = None) -> Carried | None:
    """What the inputs carry besides their numbers (that of highest rank); None nearly always."""
    given = [t for t in inputs if t is not None]
    given += [t._view.base for t in given if t._view is not None]  # it may carry more since
    extras = [t.extra for t in given if t.extra is not None]
    # A parameter may carry too: an index with other numbers for each example of a batch.
    for value in (params or {}).values():
        for part in value if type(value) is tuple else (value,):
            if isinstance(part, CarryingNumbers):
                extras.append(part.carrying())
    found = None
    for extra in extras:
        carried = extra.carried
        if carried is not None and (found is None or carried.rank > found.rank):
            found = carried
    return found
