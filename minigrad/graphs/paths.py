"""The chain rule of one graph: its paths from a root to a tensor, with the numbers.

A path is a chain of uses: the root was computed from a, a from b ... from the tensor. The gradient
is the sum over all paths of the product of the operations' derivatives on the path. Backward does
the same sum in another order: where paths meet, it adds up first and goes on with the sum once
(that the sum over exponentially many paths needs one pass only is the point of it; Linnainmaa
1970, Griewank and Walther 2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from .flow import Flow, Term, count_paths, flowing_inputs, missing, pull_back, tensor_of
from .recorded_graph import Graph, GraphNode


@dataclass
class Link:
    """One link of a path: ``node`` was computed from its input number ``position``."""

    node: GraphNode
    position: int

    @property
    def input(self) -> GraphNode:
        """The tensor that this step leads to, nearer to the leaf."""
        return self.node.inputs[self.position]


class Path:
    """One way from the root to the tensor.

    ``steps``: from the root on. ``names``: from the tensor to the root, as data flows.
    ``gradients``: what arrives at the tensors along this path alone, the root's first.
    ``gradient``: the last of these, this path's share of the whole gradient. ``derivatives``: of
    single numbers, each step's own derivative; their product is the share. Gradients and
    derivatives are None where the numbers are gone.
    """

    def __init__(self, steps: list[Link], start: Any) -> None:
        self.steps = steps
        self.names = [steps[0].node.name, *[s.input.name for s in steps]][::-1]
        # All at once: a backward pass that runs later frees what this needs.
        self._arrays = along(steps, start)
        self.derivatives: list[float | None] = [derivative(step) for step in steps]

    @property
    def gradients(self) -> list[Tensor | None]:
        return [tensor_of(a) for a in self._arrays]

    @property
    def gradient(self) -> Tensor | None:
        return tensor_of(self._arrays[-1])

    def __repr__(self) -> str:
        return f"<path {' -> '.join(self.names)}>"


def along(steps: list[Link], start: Any) -> list[Any]:
    """The gradient at each tensor of a path, if this path were the only one."""
    found = [start]
    for step in steps:
        found.append(None if found[-1] is None else pulled(step, found[-1]))
    return found


def pulled(step: Link, gradient: Any) -> Any:
    """The gradient's part that goes to the step's input; None if the numbers are gone."""
    node = step.node._node
    assert node is not None
    if missing(node):
        return None
    wants = [i == step.position for i in range(len(node.inputs))]
    return pull_back(step.node, gradient, wants)[step.position]


def is_single(node: GraphNode) -> bool:
    """Whether the tensor is a single real number."""
    size = 1
    for n in node.shape or ():
        size *= n
    return size == 1 and node.dtype is not None and node.dtype.np.kind == "f"


def unit(node: GraphNode, k: int = 0) -> Any:
    """A gradient with a 1 for element number ``k`` and 0 elsewhere."""
    assert node.dtype is not None and node.shape is not None
    one = np.zeros(node.shape, node.dtype.np)
    one.reshape(-1)[k] = 1
    return one


def derivative(step: Link) -> float | None:
    """The derivative of a single number by a single number; None if there is none."""
    if not (is_single(step.node) and is_single(step.input)):
        return None
    found = pulled(step, unit(step.node))
    return None if found is None else float(found.reshape(-1)[0])


def jacobian(step: Link, most: int) -> Any:
    """The step's Jacobian as an array [results, inputs]; None if larger than ``most`` or gone.

    Row k is what the vjp makes of the gradient that is 1 for element k of the result.
    """
    rows, columns = size_of(step.node), size_of(step.input)
    if rows * columns > most or rows * columns == 0:
        return None
    found = [pulled(step, unit(step.node, k)) for k in range(rows)]
    if any(row is None for row in found):
        return None
    return np.stack([row.reshape(-1) for row in found])


def size_of(node: GraphNode) -> int:
    size = 1
    for n in node.shape or ():
        size *= n
    return size


@dataclass
class Meeting:
    """A tensor on the way, and the terms that add up to its gradient, one for each use."""

    node: GraphNode
    terms: list[Term]
    gradient: Any  # an array, or None


def find_paths(graph: Graph, root: int, target: int, most: int) -> tuple[int, list[list[Link]]]:
    """How many paths there are, and the first ``most`` of them."""
    counts = count_paths(graph, target)
    found: list[list[Link]] = []
    for steps in walk_paths(graph, root, target, counts):
        if len(found) == most:
            break
        found.append(steps)
    return counts[root], found


def walk_paths(graph: Graph, root: int, target: int, counts: list[int]) -> Iterator[list[Link]]:
    """Every path, without recursion: dead ends are known by their count of 0."""
    flowing = flowing_inputs(graph)
    if not counts[root]:
        return
    steps: list[Link] = []
    stack: list[tuple[int, int]] = [(root, 0)]  # the way so far: node, its next input to try
    while stack:
        i, position = stack[-1]
        row = flowing[i]
        while i != target and position < len(row):
            j = row[position]
            if j is not None and counts[j]:
                break
            position += 1
        if i == target:
            yield list(steps)
        if i == target or position == len(row):
            stack.pop()
            if steps:
                steps.pop()
            continue
        stack[-1] = (i, position + 1)
        steps.append(Link(graph.at(i), position))
        j = row[position]
        assert j is not None
        stack.append((j, 0))


def meetings(graph: Graph, root: int, target: int, start: Any) -> tuple[list[Meeting], Flow]:
    """The gradients on the way from the root to the target, as backward computes them."""
    flow = Flow(graph, root, start, [target])
    met: list[Meeting] = []
    flow.follow(lambda node, terms, gradient: met.append(Meeting(node, terms, gradient)))
    return met, flow


def was_stretched(step: GraphNode, position: int) -> bool:
    """Whether broadcasting stretched an input; then its gradient is summed to its shape."""
    node, ours, result = step._node, step.inputs[position].shape, step.shape
    return node is not None and node.op.broadcasts and prod(ours or ()) < prod(result or ())
