"""Which call of the user's a node belongs to.

``cross_entropy(x, y)`` records several operations, and ``model(x)`` many more; a picture of the
graph draws them as one box or in one frame. When such a call is over, the node that it ended with
gets a note in ``node.calls``. To the call belong the nodes whose sequence numbers lie between
``first`` and that of the node. As a node may end several calls, one inside the other, each note
has the one before it. (Plain tuples, as every call of a module makes one; :class:`Call` reads it.)
"""

from __future__ import annotations

import functools
import threading
from typing import Any, NamedTuple

from ..core.constants import remembered
from ..core.modes import grad_mode
from ..core.node import Node, next_seq
from ..core.tensor import Tensor, edge_of


class Call(NamedTuple):
    """One call of a function or a module, as noted in ``node.calls``."""

    what: Any  # the function (or its name), or a weak reference to the module
    first: int  # the sequence number when it began
    inner: Any  # the call that ended with the same node before this one, or None
    given: Any = None  # of a function (arguments, named arguments), tensors as edges
    kind: Any = None  # of a module its class


def ended(result: Any, what: Any, first: int, given: Any = None, kind: Any = None) -> None:
    """Note at the nodes of ``result`` that a call which began at ``first`` has ended with them."""
    if isinstance(result, Tensor):
        node = result._node[0] if type(result._node) is tuple else result._node
        if node is not None and node.seq > first:
            node.calls = (what, first, getattr(node, "calls", None), given, kind)
    elif isinstance(result, (tuple, list)):
        for part in result:
            ended(part, what, first, given, kind)
    elif isinstance(result, dict):
        ended(list(result.values()), what, first, given, kind)


def note_overwritten(edge: Any, when: int) -> None:
    """Note at a node that its result was overwritten at this moment, by an unrecorded write."""
    node = edge[0] if type(edge) is tuple else edge
    node.calls = (None, when, node.calls, None, None)


def overwritten(node: Any) -> bool:
    """Whether an unrecorded write has overwritten the node's result."""
    note = getattr(node, "calls", None)
    while note is not None:
        if note[0] is None:
            return True
        note = note[2]
    return False


PLAIN = frozenset({int, float, bool, str, type(None)})


class Inside(threading.local):
    """Whether this thread runs such a call: of calls inside each other the outermost is noted."""

    now = False


inside = Inside()


def one_call(function: Any = None, name: str = "") -> Any:
    """A decorator: what ``function`` records is one call of the user's (by that name)."""
    if function is None:
        return functools.partial(one_call, name=name)
    what = name or function

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if inside.now or not grad_mode.enabled:
            return function(*args, **kwargs)
        inside.now = True
        first = next_seq()
        try:
            result = function(*args, **kwargs)
        finally:
            inside.now = False
        if type(result) is not Tensor or result._requires_grad:
            named = {n: v if type(v) in PLAIN else kept(v) for n, v in kwargs.items()}
            given = [v if type(v) in PLAIN else kept(v) for v in args], named
            if type(result) is Tensor and type(result._node) is Node:  # as ended() does
                node = result._node
                if node.seq > first:
                    node.calls = (what, first, node.calls, given, None)
            else:
                ended(result, what, first, given)
        return result

    return call


def kept(value: Any) -> Any:
    """An argument as a graph may keep it: of a tensor its edge, or what a node remembers of it."""
    if isinstance(value, Tensor):
        edge = edge_of(value)
        return remembered(value) if edge is None else edge
    if isinstance(value, (tuple, list)):
        return [kept(part) for part in value]
    return value if isinstance(value, (int, float, str, type(None))) else type(value)
