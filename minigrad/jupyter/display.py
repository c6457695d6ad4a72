"""How minigrad's objects show themselves in Jupyter."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..graphs.health import Health
    from ..graphs.recorded_graph import Graph
    from ..tape.tape import Tape


def graph_bundle(graph: Graph) -> dict[str, str]:
    """A graph as a picture, and as text where pictures cannot be shown or made."""
    from ..drawing.render import Picture

    return Picture(graph)._repr_mimebundle_()


def tape_bundle(tape: Tape) -> dict[str, str]:
    """A recorded tape as a player, and as text where that cannot be shown."""
    from ..drawing.player import Player

    return Player(tape)._repr_mimebundle_()


def health_bundle(health: Health) -> dict[str, str]:
    """A health report: a picture of the graph, or of what is around the trouble, and the text."""
    from ..drawing.health_marks import marks_of
    from ..drawing.render import DrawingError, Picture
    from ..graphs.part import around

    text, graph = health.describe(), health.graph
    begin = [f.node for f in health.findings if f.first]
    part = around(graph, [node.index for node in begin[:5]], near=3) if begin else graph
    marks = marks_of(health.findings)
    if part is not graph:
        text += f"\n\nThe picture shows {len(part):,} of {len(graph):,} nodes, around the trouble."
        names = {i: graph.at(i).name for i in marks}
        marks = {part[names[i]].index: m for i, m in marks.items() if names[i] in part}
    try:
        svg = Picture(part, marks).svg
    except DrawingError as error:
        return {"text/plain": f"{text}\n\n(no picture: {error})"}
    return {"text/html": picture_and_text(svg, text), "text/plain": text}


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext minigrad``: the magic ``%%autograd``, and pictures of failed backward passes."""
    from .errors import HANDLED, short_traceback, show_failure
    from .magics import AutogradMagics

    shell.register_magics(AutogradMagics)
    if not shell.custom_exceptions:  # unless another extension has a handler of its own
        shell.set_custom_exc(HANDLED, short_traceback)
    if show_failure not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", show_failure)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext minigrad``."""
    from .errors import HANDLED, show_failure

    if shell.custom_exceptions is HANDLED:
        shell.set_custom_exc((), None)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("autograd", None)
    if show_failure in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", show_failure)


def picture_and_text(svg: str, text: str) -> str:
    """HTML with a picture, and a text below it that wraps."""
    from ..drawing.render import page_part

    picture = page_part(svg, "The graph with the trouble pointed out; the text says the same.")
    return (
        f'<div style="overflow-x: auto">{picture}</div>\n'
        f'<pre style="white-space: pre-wrap">{escape(text)}</pre>'
    )
