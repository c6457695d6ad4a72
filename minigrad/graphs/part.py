"""A part of a graph, as a graph of its own: what is around some of its nodes."""

from __future__ import annotations

from collections.abc import Iterable

from .build import Built
from .recorded_graph import Graph


def around(graph: Graph, nodes: Iterable[int], near: int = 2, whole: int = 40) -> Graph:
    """What is up to ``near`` operations away from the given nodes.

    whole: a graph of up to so many nodes is left as it is.
    """
    if len(graph) <= whole:
        return graph
    keep = set(nodes)
    edge = set(keep)
    for _ in range(near):
        found = {j for i in edge for j in (*graph.input_lists[i], *graph.consumers()[i][:4])}
        edge = found - keep
        keep |= edge
    for i in list(keep):  # no operation without its inputs
        keep.update(j for j in graph.input_lists[i] if j < graph._b.first_op)
    return part_of(graph, keep)


def part_of(graph: Graph, keep: set[int]) -> Graph:
    """The nodes ``keep`` with their edges to each other, under their old names."""
    whole, part = graph._b, Built()
    old = sorted(keep)
    new = {i: k for k, i in enumerate(old)}
    part.keys = [whole.keys[i] for i in old]
    part.inputs = [tuple([new[j] for j in whole.inputs[i] if j in new]) for i in old]
    part.ops = [whole.ops[i] for i in old]
    part.names = whole.names.of(old)
    part.aliases = {new[i]: names for i, names in whole.aliases.items() if i in new}
    part.held = [whole.held[i] for i in old]
    part.versions = {new[i]: v for i, v in whole.versions.items() if i in new}
    part.since = [whole.since[i] for i in old if i < whole.first_op]
    part.roots = [new[i] for i in whole.roots if i in new]
    part.first_op = sum(1 for i in old if i < whole.first_op)
    part.places, part.modules = whole.places, whole.modules
    part.users = {new[i] for i in whole.users if i in new}
    return Graph(part)
