"""What a picture points out: where NaN begins, where gradients vanish, where an error happened.

A marked node differs in three ways at once, so that nobody needs to tell colours apart: its shape
(cut corners: nan, infinity or an error; a shape that narrows to its foot: vanishing, no gradient
or no graph; one that widens: exploding), its fill and thick border, and a line of text that begins
with "!".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..graphs.health import KINDS, Finding, health_of
from ..graphs.recorded_graph import Graph
from .style import Look, Options

BORDER = "#000000"
STRONG = "#f0e442"  # Okabe and Ito's yellow; black text on it has a contrast of 15:1
PALE = "#faf5c4"
SHAPES = {
    "nan": "box", "inf": "box", "error": "box",
    "ended": "invtrapezium", "zero": "invtrapezium",
    "vanishing": "invtrapezium", "exploding": "trapezium",
}  # fmt: skip


class Mark(NamedTuple):
    """How one node is pointed out."""

    kind: str  # a key of SHAPES
    first: bool  # where it begins, or else where it has come to
    lines: tuple[str, ...]  # what is written, without the "!"

    @property
    def look(self) -> Look:
        fill, width = (STRONG, 4.0) if self.first else (PALE, 2.5)
        shape = SHAPES[self.kind]
        style = "filled,diagonals" if shape == "box" else "filled"
        return Look(shape, style, fill, BORDER, width, "0.2,0.1" if shape == "box" else "0.0,0.0")


Marks = dict[int, Mark]  # by node index


def marks_of(findings: Iterable[Finding]) -> Marks:
    """A mark for each node with findings; the most serious of them gives the shape."""
    order = list(KINDS)
    by_node: dict[int, list[Finding]] = {}
    for finding in findings:
        by_node.setdefault(finding.node.index, []).append(finding)
    marks = {}
    for i, found in by_node.items():
        found.sort(key=lambda f: (not f.first, order.index(f.kind)))
        lines = dict.fromkeys(f.label for f in found)
        marks[i] = Mark(found[0].kind, found[0].first, tuple(lines)[:2])
    return marks


def marks_for(graph: Graph, options: Options) -> Marks:
    """The marks that the options ask for: by default of NaN and infinity that are plain to see."""
    if options.health is False:
        return {}
    return marks_of(health_of(graph, deep=bool(options.health)).findings)


def joined(marks: Marks, members: list[int]) -> Mark | None:
    """The mark of a box that stands for several nodes: that of the first member to look at."""
    found = [marks[i] for i in members if i in marks]
    if not found:
        return None
    begins = [m for m in found if m.first]
    mark = (begins or found)[0]
    lines = tuple(line.replace("begins here", "begins in here") for line in mark.lines)
    return mark._replace(lines=lines)


def said(graph: Graph, marks: Marks) -> list[str]:
    """The marks in words."""
    return [f"{graph.at(i).name}: {'; '.join(mark.lines)}" for i, mark in sorted(marks.items())]


