"""What a vjp asks for by name is found here: searched for, or at hand. (May be skipped at first.)

:func:`lookup` is the plain way, which ``Op.pullback`` goes. :func:`fast_vjps` prepares the same for
arrays once an operation: the way of an ordinary program's backward pass, with the same numbers.
"""

from __future__ import annotations

import inspect
from typing import Any

from .formulas import arrays
from .node import Node

# How a vjp on arrays is called: with saved tensor number `slot`, or
ASKS_NOTHING = -1  # with the gradient alone, or
ASKS_NODE = -2  # with the node, to find what it needs


def lookup(node: Node, name: str, xp: Any) -> Any:
    """What a vjp gets for a name that it asks for."""
    if name == "xp":
        return xp
    if name == "node":
        return node
    names = node.op.input_names
    if name in names:
        return xp.saved(node, names.index(name))
    n = len(node.inputs)
    if name == "inputs":
        return [xp.saved(node, i) for i in range(n)]
    if name == "shapes":
        return [node.input_shape(i) for i in range(n)]
    if name == "y":
        if node.op.multi_output:
            return tuple(xp.saved(node, n + i) for i in range(node.n_outputs))
        return xp.saved(node, n)
    if name in node.params:
        return node.params[name]
    if name.endswith("_shape"):
        return node.input_shape(names.index(name[:-6]))
    return inspect.signature(node.op.forward).parameters[name].default


def fast_vjps(op: Any) -> tuple[Any, ...]:
    """For each input its vjp on arrays, and how it is called (see ASKS_NOTHING)."""
    made: list[Any] = []
    position = {name: i for i, name in enumerate(op.input_names)} | {"y": len(op.input_names)}
    for name in op.input_names:
        vjp = getattr(op, "vjp_" + name, None)
        asked = op.asks[name]
        if not asked:
            made.append((vjp, ASKS_NOTHING))
        elif len(asked) == 1 and asked[0] in position and not op.multi_output:
            made.append((vjp, position[asked[0]]))
        else:
            made.append((bind(vjp, asked, position, op), ASKS_NODE))
    return tuple(made)


def bind(vjp: Any, asked: tuple[str, ...], position: dict[str, int], op: Any) -> Any:
    """``vjp`` as a function of (g, node) on arrays. Two common cases are made fast."""
    slots = [position.get(a) for a in asked]
    if len(asked) == 2 and not op.multi_output and slots[0] is not None:
        i, j = slots
        if j is not None:
            return lambda g, node: vjp(g, node.saved[i]._data, node.saved[j]._data)
        if asked[1] == "xp":
            return lambda g, node: vjp(g, node.saved[i]._data, arrays)
    getters = [getter(a, slot, op) for a, slot in zip(asked, slots)]
    return lambda g, node: vjp(g, *[get(node) for get in getters])


def getter(name: str, slot: int | None, op: Any) -> Any:
    """``lookup(node, name, arrays)`` as a function of the node; the commonest made fast."""
    if name == "xp":
        return lambda node: arrays
    if slot is not None and not op.multi_output:
        return lambda node: node.saved[slot]._data
    if name.endswith("_shape") and name[:-6] in op.input_names:
        i = op.input_names.index(name[:-6])
        return lambda node: node.input_shape(i)
    parameter = inspect.signature(op.forward).parameters.get(name)
    if parameter is not None and parameter.kind is parameter.KEYWORD_ONLY:
        default = parameter.default
        return lambda node: node.params.get(name, default)
    return lambda node: lookup(node, name, arrays)
