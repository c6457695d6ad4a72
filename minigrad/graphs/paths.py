"""The chain rule of one graph: its paths from a root to a tensor, with the numbers.

A path is a chain of uses: the root was computed from a, a from b ... from the tensor. The gradient
is the sum over all paths of the product of the operations' derivatives on the path. Backward does
the same sum in another order: where paths meet, it adds up first and goes on with the sum once
(that the sum over exponentially many paths needs one pass only is the point of it; Linnainmaa
1970, Griewank and Walther 2008).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from .flow import (
    Flow,
    Term,
    count_paths,
    flowing,
    looking,
    missing,
    pull_back,
    tensor_of,
)
from .recorded_graph import Graph, GraphNode


@dataclass(slots=True)
class Link:
    """One link of a path: ``node`` was computed from its input number ``position``."""

    node: GraphNode
    position: int

    @property
    def input(self) -> GraphNode:
        """The tensor that this step leads to, nearer to the leaf."""
        return self.node.inputs[self.position]


LONG = 1000  # steps: of a longer path only the ends are kept, and no derivatives


class Path:
    """One way from the root to the tensor.

    ``steps``: from the root on. ``names``: from the tensor to the root, as data flows.
    ``gradients``: what arrives at the tensors along this path alone, the root's first.
    ``gradient``: the last of these, this path's share of the whole gradient. ``derivatives``: of
    single numbers, each step's own derivative; their product is the share. Gradients and
    derivatives are None where the numbers are gone, and in the middle of a path of more than 1,000
    steps.
    """

    def __init__(self, steps: list[Link], arrays: list[Any]) -> None:
        self.steps = steps
        # All at once: a backward pass that runs later frees what this needs.
        self._arrays = arrays
        long = len(steps) > LONG
        if long:
            self._arrays = [*arrays[:LONG], *[None] * (len(arrays) - 2 * LONG), *arrays[-LONG:]]
        self.derivatives: list[float | None] = [None if long else derivative(s) for s in steps]

    @property
    def names(self) -> list[str]:
        return [self.steps[0].node.name, *[s.input.name for s in self.steps]][::-1]

    @property
    def gradients(self) -> list[Tensor | None]:
        return [tensor_of(a) for a in self._arrays]

    @property
    def gradient(self) -> Tensor | None:
        return tensor_of(self._arrays[-1])

    def __repr__(self) -> str:
        return f"<path {' -> '.join(self.names)}>"


def paths_of(found: list[list[Link]], start: Any) -> list[Path]:
    """The paths with their numbers. What two of them have in common is computed once."""
    made = []
    steps: list[Link] = []
    known: list[Any] = [start]
    for path in found:
        same = 0
        for old, new in zip(steps, path):
            if old is not new:
                break
            same += 1
        steps, known = path, known[: same + 1]
        with looking():
            for step in path[same:]:
                known.append(None if known[-1] is None else pulled(step, known[-1]))
        made.append(Path(path, known))
    return made


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


@dataclass(slots=True)
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
    return int(counts[root]), found


def walk_paths(graph: Graph, root: int, target: int, counts: list[Any]) -> Iterator[list[Link]]:
    """Every path, without recursion: dead ends are known by their count of 0."""
    if not counts[root]:
        return
    steps: list[Link] = []
    ways = [onward(graph, root, counts)]  # of each node on the way: its inputs still to try
    while ways:
        step = next(ways[-1], None)
        if step is None:
            ways.pop()
            if steps:
                steps.pop()
            continue
        steps.append(step)
        j = graph._b.inputs[step.node.index][step.position]
        if j == target:
            yield list(steps)
            steps.pop()
        else:
            ways.append(onward(graph, j, counts))


def onward(graph: Graph, i: int, counts: list[Any]) -> Iterator[Link]:
    """The steps from node ``i`` to inputs from which the target can be reached."""
    node = GraphNode(graph, i)
    return iter([Link(node, n) for n, (j, edge) in enumerate(flowing(graph, i))
                 if edge is not None and counts[j]])  # fmt: skip


class Meetings:
    """The gradients on the way from the root to the target, as backward computes them.

    Of a long way only the two ends are kept: ``first`` and ``last``; ``count`` is how many there
    were, ``single`` whether all were single numbers, ``hooked`` the names of those with hooks.
    """

    def __init__(
        self, graph: Graph, root: int, target: int, start: Any, has_hooks: Callable[[Any], bool]
    ) -> None:
        self.first: list[Meeting] = []
        self.last: deque[Meeting] = deque(maxlen=LONG)
        self.count = 0
        self.single = True
        self.hooked: list[str] = []
        self._has_hooks = has_hooks
        self.flow = Flow(graph, root, start, [target])
        self.flow.follow(self._meet)

    def _meet(self, i: int, terms: list[Term], gradient: Any) -> None:
        node = GraphNode(self.flow.graph, i)
        met = Meeting(node, terms, gradient)
        self.count += 1
        if gradient is None:
            self.single = self.single and is_single(node)
        elif gradient.size != 1 or gradient.dtype.kind != "f":
            self.single = False
        if self._has_hooks(node):
            self.hooked.append(node.name)
        if len(self.first) < LONG:
            self.first.append(met)
        else:
            self.last.append(met)

    def __iter__(self) -> Iterator[Meeting]:
        yield from self.first
        yield from self.last

    def gradients(self) -> list[Any]:
        """The gradients in order, None for those that were not kept."""
        gap = self.count - len(self.first) - len(self.last)
        kept = [[m.gradient for m in part] for part in (self.first, self.last)]
        return [*kept[0], *[None] * gap, *kept[1]]

    @property
    def end(self) -> Meeting:
        return self.last[-1] if self.last else self.first[-1]


def was_stretched(step: GraphNode, position: int) -> bool:
    """Whether broadcasting stretched an input; then its gradient is summed to its shape."""
    node, ours, result = step._node, step.inputs[position].shape, step.shape
    return node is not None and node.op.broadcasts and prod(ours or ()) < prod(result or ())
