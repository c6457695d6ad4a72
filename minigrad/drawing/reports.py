"""Reports with a picture: the health of a graph, and why a backward pass failed."""

from __future__ import annotations

from html import escape

from ..graphs.failure import Failure
from ..graphs.health import Health
from ..graphs.part import around
from ..graphs.recorded_graph import Graph
from .health_marks import Mark, Marks, marks_of
from .render import DrawingError, Picture, page_part


def health_bundle(health: Health) -> dict[str, str]:
    """A picture of the graph, or of what is around the trouble, and the text."""
    text, graph = health.describe(), health.graph
    begin = [f.node for f in health.findings if f.first]
    part = around(graph, [node.index for node in begin[:5]], near=3) if begin else graph
    marks = marks_of(health.findings)
    if part is not graph:
        text += f"\n\nThe picture shows {len(part):,} of {len(graph):,} nodes, around the trouble."
        names = {i: graph.at(i).name for i in marks}
        marks = {part[names[i]].index: m for i, m in marks.items() if names[i] in part}
    return bundle(part, marks, text, text)


def failure_bundle(failure: Failure) -> dict[str, str]:
    """A picture with the failure pointed out, and its story below."""
    marks = {p.node.index: Mark("error", p.first, p.lines) for p in failure.points}
    return bundle(failure.graph, marks, failure.text, repr(failure))


def bundle(graph: Graph, marks: Marks, below: str, text: str) -> dict[str, str]:
    """A marked picture with words ``below``, and the ``text`` where no picture can be shown."""
    try:
        svg = Picture(graph, marks).svg
    except DrawingError as error:
        return {"text/plain": f"{text}\n\n(no picture: {error})"}
    return {"text/html": picture_and_text(svg, below), "text/plain": text}


# Lines wrap between words. JupyterLab breaks a <pre> anywhere (word-break: break-all), also inside
# names and numbers. A word that is wider than the page is scrolled to instead.
WRAPPED = "white-space: pre-wrap; word-break: normal; overflow-wrap: normal; overflow-x: auto"


def picture_and_text(svg: str, text: str) -> str:
    """HTML with a picture, and a text below it that wraps between words."""
    picture = page_part(svg, "The graph with the trouble pointed out; the text says the same.")
    return (
        f'<div style="overflow-x: auto">{picture}</div>\n'
        f'<pre style="{WRAPPED}">{escape(text)}</pre>'
    )
