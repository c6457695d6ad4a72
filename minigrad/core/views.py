"""Views: tensors that share another tensor's numbers. (May be skipped at first.)

A view remembers the steps that cut it out of its base. After a write to the base in place its
history is out of date; ``refresh`` makes it anew when somebody asks for it, by replaying the steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .hooks import is_retained, retain, stop_retaining
from .modes import Recording, grad_mode
from .slots import slots


class View:
    """How a tensor that shares its base's numbers was cut out of it, to be replayed."""

    __slots__ = ("base", "steps", "seen_node", "counter", "seen_version", "safe")

    def __init__(self, base: Any, steps: tuple[Any, ...], safe: bool | None) -> None:
        self.base = base
        self.steps = steps  # ((op, params), ...) from the base to the view
        self.seen_node = base._node if base._node is not None else base._requires_grad
        self.counter = base if base._owner is None else base._owner  # of writes to the memory
        self.seen_version = self.counter._ver  # when the history was looked at last
        self.safe = safe  # False: one of several outputs; None: made in no_grad


def share(op: Any, base: Any, params: Any, t: Any, i: int) -> None:
    """Note that ``t``, output ``i`` of ``op``, is a view of ``base`` (unless NumPy had to copy)."""
    if t._data.size and not np.may_share_memory(t._data, base._data):
        return
    t._owner = base if base._owner is None else base._owner
    t.extra = None  # in inference mode too, if the base is a normal tensor
    step = (op, params if not op.multi_output else {**params, "_output": i})
    safe = not op.multi_output if grad_mode.enabled else None
    if base._view is None:
        root, steps = base, (step,)
    else:
        root, steps = base._view.base, (*base._view.steps, step)
        safe = base._view.safe if safe else safe
    t._view = View(root, steps, safe)
    if safe is None and base._requires_grad:  # a leaf: its gradient is its own
        t._requires_grad = t._data.dtype.kind in "fc"


def refresh(t: Any) -> None:
    """Bring a view's history up to date after its base was written to in place."""
    view = t._view
    if view is None:
        return
    base = view.base
    now = base._node if base._node is not None else base._requires_grad
    version = view.counter._ver
    if view.seen_version == version or (now is False and t._node is None):
        return
    if not view.safe:  # good only as long as the base is as it was
        slots.words.refuse_replay(view)
    view.seen_version = version
    if view.seen_node is now or now is False:  # False: the base was detached, the view was not
        return
    view.seen_node = now
    retains = is_retained(t)
    with Recording():
        replayed = cut_again(t, view)
    if retains:  # from now on the gradient of what it is now
        stop_retaining(t)
    t._node = replayed._node
    t._requires_grad = replayed._requires_grad
    if retains:
        retain(t)


def cut_again(t: Any, view: View) -> Any:
    """The view ``t`` cut out of its base anew, with the history that the base has now."""
    base = view.base
    if base._node is not None and slots.cut_again is not None:
        replayed = slots.cut_again(base, t)
        if replayed is not None:
            return replayed
    for op, params in view.steps:
        base = op.replay(base, params)
    return base
