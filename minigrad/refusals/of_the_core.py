"""PyTorch's words for what the core refuses: shapes that do not broadcast, saved values that are
gone, views without a history, answers of hooks.

The core is told of them when this is imported (``core/slots.py``); alone it says the same in short.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.node import Edge, Node, node_and_output
from ..faithful.dtype_names import type_name
from .user_lines import at_line, line_words, writer_of


def broadcast_error(x: Any, y: Any) -> RuntimeError:
    """The error for two arrays: where the lengths differ, and what would go together."""
    n = max(x.ndim, y.ndim)
    left, right = (1,) * (n - x.ndim) + x.shape, (1,) * (n - y.ndim) + y.shape
    for d in reversed(range(n)):
        if left[d] != right[d] and 1 not in (left[d], right[d]):
            return RuntimeError(
                f"The size of tensor a ({left[d]}) must match the size of tensor b ({right[d]}) at "
                f"non-singleton dimension {d}: the shapes are {list(x.shape)} and "
                f"{list(y.shape)}. Shapes are lined up at the right; each pair of lengths must be "
                "equal or contain a 1."
            )
    return RuntimeError(f"the shapes {list(x.shape)} and {list(y.shape)} do not go together")


# --- saved values --------------------------------------------------------------------------------


def one_shape(x: Any, y: Any) -> tuple[int, ...]:
    """The shape that two arrays broadcast to, or the error for those that do not."""
    try:
        return np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        raise broadcast_error(x, y) from None


def freed(node: Node) -> RuntimeError:
    """The saved tensors of ``node`` are gone."""
    return RuntimeError(
        "Trying to backward through the graph a second time (or directly access saved "
        "tensors after they have already been freed). Saved intermediate values of the graph "
        "are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if "
        "you need to backward through the graph a second time or if you need to access saved "
        f"tensors after calling backward. The values saved by {node.name()}{at_line(node)} "
        "are gone: run the forward pass again, or keep them with retain_graph=True."
    )


def overwritten(node: Node, i: int, version: int) -> RuntimeError:
    """Saved tensor ``i`` of ``node``, saved as ``version``, was written to since."""
    t, n = node.saved[i], len(node.inputs)
    made_by = "" if t._node is None else made_by_words(t._node)
    if n <= i < n + node.n_outputs:  # a result of this node
        made_by = made_by_words((node, i - n))
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an "
        f"inplace operation: [torch.{type_name(t)} {list(t._data.shape)}]{made_by} is at "
        f"version {t._version}; expected version {version} instead. {node.name()}"
        f"{at_line(node)} had saved it for its gradient{written_since(t)}; write to a "
        "copy instead (x = x + 1, or x.clone() first), or do the in-place step after "
        "backward()."
    )


def made_by_words(edge: Edge) -> str:
    node, i = node_and_output(edge)
    short = node.name().replace("Backward0", "").replace("Backward", "")  # as PyTorch says here
    return f", which is output {i} of {short},"


def written_since(t: Any) -> str:
    where = writer_of(t)
    return "" if where is None else f", but it was overwritten since{line_words(where)}"


# --- views ---------------------------------------------------------------------------------------


def refuse_replay(view: Any) -> None:
    """PyTorch's words for a view whose history cannot be made anew after a write to its base."""
    for op, params in view.steps:
        if op.refusal:
            op.replay(view.base, params)  # says why
        if op.multi_output and view.safe is not None:
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


# --- hooks ---------------------------------------------------------------------------------------

NONE_STAYS = (
    "can't replace a None gradient with a non-None value: no gradient is wanted there, or none came"
)


def check_none_stays(before: Any, after: Any) -> None:
    """Where no gradient came, or none is wanted, a hook cannot make one."""
    if before is None and after is not None:
        raise RuntimeError(NONE_STAYS)


def check_replacement(hook: Any, new: Any, old: Any) -> None:
    """Refuse what cannot stand for the gradient ``old``."""
    name = getattr(hook, "__name__", type(hook).__name__)
    if not isinstance(new, type(old)):
        raise TypeError(
            f"expected Variable, but hook returned '{type(new).__name__}': a hook returns a new "
            "gradient (a tensor), or None to leave it as it is"
        )
    if new.dtype != old.dtype:
        raise RuntimeError(
            f"hook '{name}' has changed the type of value (was torch.{old.type_name()} got "
            f"torch.{new.type_name()}): a gradient has its tensor's dtype; convert with "
            f".to({old.dtype})"
        )
    if new.shape != old.shape:
        raise RuntimeError(
            f"hook '{name}' has changed the size of value: a gradient has its tensor's shape, "
            f"{list(old.shape)}, not {list(new.shape)}"
        )


def check_hook_answer(hook: Any, new: Any, old: tuple[Any, ...], xp: Any) -> None:
    """A node hook answers with a tuple: a gradient for each that there was."""
    if not isinstance(new, tuple):
        raise TypeError(
            f"expected tuple, but hook returned '{type(new).__name__}': return one gradient (or "
            "None) for each in a tuple, (g,) for a single one, or None for no change"
        )
    name = getattr(hook, "__name__", type(hook).__name__)
    if len(new) != len(old):
        raise RuntimeError(
            f"hook '{name}' has returned an incorrect number of values (got {len(new)}, but "
            f"expected {len(old)}): return one gradient (or None) for each"
        )
    for before, after in zip(old, new):
        check_none_stays(before, after)
        if after is not None:
            check_replacement(hook, after, xp.wrap(before))


def check_nothing_returned(answer: Any) -> None:
    """A hook that runs after a leaf's gradient was accumulated has nothing to replace."""
    if answer is not None:
        raise RuntimeError(
            "Tensor post accumulate grad hooks should return None: they look at the "
            "tensor's .grad, or write to it"
        )
