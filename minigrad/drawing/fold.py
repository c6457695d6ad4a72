"""Folds a large graph into a small one: what is repeated becomes one box that says how often.

A loop runs the same expression again and again, and so does a network of equal layers. All
results of one expression of the source are put into one group, which makes the picture of a
recurrent network its textbook diagram: one cell with an arrow back to itself. Only if that leaves
too many boxes are chains of operations, then source lines, then stretches of the graph joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from ..graphs.recorded_graph import Graph, GraphNode

MANY_ROOTS = 20
STRETCHES = 40
OPENED = 3  # nodes at each end of a large group that is opened


class Group:
    """Nodes that are drawn as one box."""

    def __init__(self, number: int, kind: str, first: int) -> None:
        self.number = number
        self.kind = kind
        self.first = first  # index of its first node
        self.members: list[int] = []
        self.ops: Counter[str] = Counter()
        self.lines: dict[str, set[int]] = {}  # file -> line numbers
        self.shapes: set[Any] = set()
        self.names: set[str] = set()

    @property
    def name(self) -> str:
        """What the names of all nodes have in common, as h of h_1, h_2 ..., or ''."""
        return next(iter(self.names)) if len(self.names) == 1 else ""

    @property
    def is_one_expression(self) -> bool:
        return len(self.ops) == 1 and sum(len(lines) for lines in self.lines.values()) == 1

    @property
    def count(self) -> int:
        return len(self.members)

    def add(self, node: GraphNode) -> None:
        self.members.append(node.index)
        if len(self.names) < 2:
            self.names.add(pattern_of(node))
        if node.op is not None:
            self.ops[node.op] += 1
        source = node.source
        if source is not None:
            self.lines.setdefault(source[0], set()).add(source[1])
        self.shapes.add(node.shape)


class Folded:
    """The small graph: groups in topological order of their first nodes, and links."""

    def __init__(self, graph: Graph, of: list[int], rule: str) -> None:
        self.rule = rule
        self.n = len(graph)
        self.groups: list[Group] = []
        made: dict[int, Group] = {}
        for node in graph:
            g = of[node.index]
            if g < 0:
                continue
            group = made.get(g)
            if group is None:
                group = made[g] = Group(len(self.groups), node.kind, node.index)
                self.groups.append(group)
            group.add(node)
        self.links: Counter[tuple[int, int]] = Counter()
        for i, row in enumerate(graph.input_lists):
            for j in row:
                if of[j] >= 0:
                    self.links[made[of[j]].number, made[of[i]].number] += 1


def fold(graph: Graph, most: int, opened: int | None = None) -> Folded:
    """``graph`` in at most ``most`` groups (or a few more, never more than a picture can have).

    opened: a node whose group is taken apart; of a large group its first and last nodes.
    """
    inputs = input_groups(graph)
    of = grouped(graph, by_place, inputs)
    rule = "the operations of one expression are one box"
    if n_boxes(of) > most:
        of = chains(graph, of)
        rule = "operations of one expression, and chains of them, are one box"
    if n_boxes(of) > most:
        of = grouped(graph, by_line, inputs)
        rule = "the operations of one source line are one box"
    if n_boxes(of) > most:
        size = -(-len(graph) // STRETCHES)
        of = grouped(graph, lambda node: node.index // size, {})
        rule = "operations one after the other are one box"
    if opened is not None:
        members = [i for i, g in enumerate(of) if g == of[opened]]
        if len(members) > 2 * OPENED:
            members = members[:OPENED] + members[-OPENED:]
        for number, i in enumerate(members, max(of) + 1):
            of[i] = number
    return Folded(graph, of, rule)


@lru_cache(maxsize=10_000)
def pattern(name: str) -> str:
    """The name without what numbers it: hs[*] of hs[3], h of h_3."""
    return re.sub(r"_\d+$", "", re.sub(r"\[\d+\]|\.\d+\b", "[*]", name))


def pattern_of(node: GraphNode) -> str:
    base, number = node._graph._b.names.base(node.index)
    return pattern(f"{base}_0") if number else pattern(base)


def n_boxes(of: list[int]) -> int:
    return len(set(of) - {-1})


def by_place(node: GraphNode) -> Hashable:
    return (id(node.place), node.op, node.output)


def by_line(node: GraphNode) -> Hashable:
    return None if node.source is None else node.source[:2]


def grouped(
    graph: Graph, key: Callable[[GraphNode], Hashable], inputs: dict[int, Hashable]
) -> list[int]:
    """The group number of every node, by a key; -1 of plain numbers, which are not drawn.

    inputs: keys of leaves and constants; without, they are one group each kind.
    """
    numbers: dict[Hashable, int] = {}
    single = len(graph.roots) <= MANY_ROOTS
    of = []
    for node in graph:
        kind = node.kind
        if kind == "root" and single:
            k: Hashable = ("root", node.index)
        elif kind in ("op", "root"):
            k = (kind, key(node))
        elif node.is_number:
            of.append(-1)
            continue
        else:
            k = (kind, inputs.get(node.index))
        of.append(numbers.setdefault(k, len(numbers)))
    return of


def input_groups(graph: Graph) -> dict[int, Hashable]:
    """Keys for leaves and constants: members of one container together, others by themselves."""
    keys: dict[int, Hashable] = {}
    for node in graph.inputs:
        if node.is_number:
            continue
        found = pattern(node.name)
        numbered = node.kind == "leaf" and found != "leaf" and "[*]" not in found
        keys[node.index] = node.name if numbered else found
    if len(set(keys.values())) > 60:  # w1 ... w100
        keys = {i: re.sub(r"\d+", "*", str(key)) for i, key in keys.items()}
    if len(set(keys.values())) > 60:
        return {}
    return dict(keys)


def chains(graph: Graph, of: list[int]) -> list[int]:
    """Join groups that follow each other with no other way in or out."""
    into: dict[int, set[int]] = {}
    out: dict[int, set[int]] = {}
    joinable: set[int] = set()
    for node in graph:
        if node.kind == "op":
            joinable.add(of[node.index])
    for i, row in enumerate(graph.input_lists):
        for j in row:
            a, b = of[j], of[i]
            if a != b and a >= 0:
                out.setdefault(a, set()).add(b)
                if a in joinable:
                    into.setdefault(b, set()).add(a)
    head: dict[int, int] = {}
    for g in sorted(joinable):  # groups are numbered in topological order
        before = into.get(g, set())
        if len(before) == 1:
            (a,) = before
            if a < g and out.get(a) == {g}:
                head[g] = head.get(a, a)
    return [head.get(g, g) for g in of]
