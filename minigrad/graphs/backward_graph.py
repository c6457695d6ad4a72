"""What the backward pass walks: the graph of the ``grad_fn``s, read from the tensors' graph.

Each node of it is an operation of the forward pass, or the ``AccumulateGrad`` of a leaf. Edges lead
back, from a result to the inputs that a gradient flows to; constants are not in it.
"""

from __future__ import annotations

from typing import Any

from ..core.node import Node
from ..core.plans import saving_plan
from ..core.tensor import Tensor
from .flow import FREED, OVERWRITTEN
from .recorded_graph import GraphNode

# The slot itself: the node of a user's Function shows an empty tuple for what was freed.
SAVED: Any = Node.__dict__["saved"]


def key_of(node: GraphNode) -> Any:
    """The outputs of one operation are different tensors, but one node of the backward graph."""
    key = node._key
    return id(key[0] if type(key) is tuple else key)


def name_of(node: GraphNode) -> str:
    """PyTorch's name of the node that computes this tensor's gradients."""
    step = node._node
    return "AccumulateGrad" if step is None else repr(step)[1:-1]


def flows(node: GraphNode) -> list[tuple[str, GraphNode]]:
    """Where gradients go from here: (the formulas' name for an input, the input)."""
    step = node._node
    if step is None:
        return []
    edges = step.inputs or (True,) * len(node.inputs)  # a tape's copy of a node has no edges
    return [
        (input_name(step, i), below)
        for i, (edge, below) in enumerate(zip(edges, node.inputs))
        if edge is not None and below.kind != "constant"
    ]


def input_name(step: Node, i: int) -> str:
    names = step.op.input_names
    return names[i] if i < len(names) else f"x_{i + 1}"


def saved_words(node: GraphNode) -> list[str]:
    """The tensors that the node keeps, or kept until a backward pass freed them, a line each."""
    step = node._node
    assert step is not None
    saved = SAVED.__get__(step)
    if saved is None:
        return [f"{words}, {FREED}" for words in freed(node, step)]
    found = []
    for i, kept in enumerate(saved):
        if kept is None:
            continue
        if isinstance(kept, Tensor):
            old = f", {OVERWRITTEN}" if kept._version != (step.versions or {i: 0})[i] else ""
        else:
            old = ", put away by a hook"
        found.append(tensor_words(node, step, i) + old)
    return found


def freed(node: GraphNode, step: Node) -> list[str]:
    """What the node kept, by its operation's plan."""
    if not step.inputs:
        return []  # a tape's copy of a node, which never kept anything
    if hasattr(step.op, "saved_tensors"):  # of a user's Function: how many, if any
        return [f"saved: tensor {i + 1}" for i in range(len(step.params["_ctx"]._slots))]
    inputs, result = saving_plan(step.op, step.inputs)
    kept = [*inputs, *([len(step.inputs)] if result else [])]
    return [tensor_words(node, step, i) for i in kept]


def tensor_words(node: GraphNode, step: Node, i: int) -> str:
    """``saved b: w2 [5, 2]``: what the formulas call saved tensor number ``i``, whose it is."""
    n = len(step.inputs or node.inputs)
    if i >= n + step.n_outputs:
        return "saved: another tensor"  # of a user's Function
    tensor = node.inputs[i] if i < n else node
    letter = input_name(step, i) if i < n else "y"
    size = "" if tensor.shape is None or tensor.is_number else f" {list(tensor.shape)}"
    return f"saved {letter}: {tensor.label}{size}"
