"""Which kind of picture a graph gets: of its modules, of its tensors, or of the backward pass."""

from __future__ import annotations

from typing import Any

from ..graphs.recorded_graph import Graph
from .backward_picture import backward_drawing
from .dot import Drawing, Notes, drawing_of
from .frames import Opened, frames_drawing, frames_of
from .health_marks import Marks, marks_for
from .style import Options, options_of


def drawing_for(
    graph: Graph, options: Options, marks: Marks | None = None, notes: Notes | None = None,
    opened: int | None = None, frames: Opened | None = None,
) -> Drawing:  # fmt: skip
    """The drawing that the options ask for.

    marks, notes, opened: as of :func:`dot.drawing_of`. frames: which modules are open.
    """
    if options.backward:
        return backward_drawing(graph, options)
    structure = frames_of(graph, options)
    if structure is None:
        return drawing_of(graph, options, marks, notes, opened)
    marks = marks_for(graph, options) if marks is None else marks
    return frames_drawing(graph, structure, options, marks, notes, frames)


def options_for(graph: Graph, given: dict[str, Any]) -> Options:
    """The options given, and where none are, those that the graph was made with."""
    return options_of({**graph.picture, **given})
