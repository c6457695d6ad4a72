"""Views: tensors that share another tensor's numbers.

A view remembers the steps that cut it out of its base. After a write to the base in place its
history is out of date; ``refresh`` makes it anew when somebody asks for it, by replaying the steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .engine import grad_mode

if TYPE_CHECKING:
    from .tensor import Tensor


class View:
    """How a tensor that shares its base's numbers was cut out of it, to be replayed."""

    __slots__ = ("base", "steps", "seen_node", "safe")

    def __init__(self, base: Tensor, steps: tuple[Any, ...], safe: bool) -> None:
        self.base = base
        self.steps = steps  # ((op, params), ...) from the base to the view
        self.seen_node = base._node if base._node is not None else base._requires_grad
        self.safe = safe  # False: made in no_grad, or one of several outputs


def refresh(t: Tensor) -> None:
    """Bring a view's history up to date after its base was written to in place."""
    view = t._view
    assert view is not None
    base = view.base
    now = base._node if base._node is not None else base._requires_grad
    if view.seen_node is now or now is False:  # False: the base was detached, the view was not
        return
    if not view.safe and base._node is not None:
        if grad_mode.enabled:
            refuse_replay(view)
        return
    view.seen_node = now
    old, retains = t._node, t.retains_grad
    with RecordAlways():
        replayed = view.steps[0][0].rebased(base, t) if base._node is not None else None
        if replayed is None:
            replayed = base
            for op, params in view.steps:
                replayed = op.replay(replayed, params)
    t._node = replayed._node
    t._requires_grad = replayed._requires_grad
    if retains:  # from now on the gradient of what it is now
        node, i = old if type(old) is tuple else (old, 0)
        del node.extra.retain[i]
        t.retain_grad()


def refuse_replay(view: View) -> None:
    """PyTorch's words for a view whose history cannot be made anew after a write to its base."""
    for op, params in view.steps:
        if op.refusal:
            op.replay(view.base, params)  # says why
        if op.multi_output:
            raise RuntimeError(
                f"Output {params['_output']} of {op.__name__} is a view and its base or another "
                "view of its base has been modified inplace. This view is the output of a function "
                "that returns multiple views. Such functions do not allow the output views to be "
                "modified inplace. You should replace the inplace operation by an out-of-place one."
            )
    raise RuntimeError(
        "A view was created in no_grad mode and its base or another view of its base has been "
        "modified inplace with grad mode enabled. Given that this use case is ambiguous and "
        "error-prone, it is forbidden. You can clarify your code by moving both the view and the "
        "inplace either both inside the no_grad block (if you don't want the inplace to be "
        "tracked) or both outside (if you want the inplace to be tracked)."
    )


class RecordAlways:
    """Grad mode on, whatever the user's mode is, for replaying what had been recorded."""

    def __enter__(self) -> None:
        self.before = grad_mode.enabled
        grad_mode.enabled = True

    def __exit__(self, *exc: object) -> None:
        grad_mode.enabled = self.before
