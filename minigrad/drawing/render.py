"""Turns DOT text into pictures, with the Graphviz program that is installed with minigrad.

``graphviz-pure`` is a program, not a Python library. It is run by its own path, so nothing that
other users of Graphviz in the same process rely on is touched, and threads do not meet. Another
Graphviz is used only if the environment variable ``MINIGRAD_DOT`` names it: ``MINIGRAD_DOT=dot``.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
from functools import lru_cache
from html import escape
from typing import Any

from ..graphs.recorded_graph import Graph
from ..graphs.text import headline, shorten
from .dot import Drawing
from .drawn import drawing_for, options_for
from .health_marks import Marks, said
from .opening import part_with_frames, views
from .style import CODE_FONT, CODE_FONTS_SHOWN, DARK, FONT, FONTS_SHOWN
from .theme import themed

TIMEOUT = 60  # seconds


class DrawingError(RuntimeError):
    """The picture could not be made; the text says why and what to do."""


def renderer() -> str:
    """The path of the Graphviz program."""
    asked = os.environ.get("MINIGRAD_DOT")
    if asked:
        found = shutil.which(asked)
        if found is None:
            raise DrawingError(
                f"MINIGRAD_DOT is {asked!r}, but there is no such program: give the path of a "
                "Graphviz 'dot', or unset the variable to use the renderer that minigrad brings"
            )
        return found
    found = bundled_renderer()
    if found is None:
        raise DrawingError(
            "the renderer graphviz-pure is not installed: pip install graphviz-pure (it comes with "
            "minigrad; describe() and to_dot() work without it)"
        )
    return found


@lru_cache(maxsize=1)
def bundled_renderer() -> str | None:
    """Where pip has put graphviz-pure: beside this Python, which need not be on the PATH."""
    try:
        files = importlib.metadata.files("graphviz-pure") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name in ("graphviz-pure", "graphviz-pure.exe"):
            path = os.path.normpath(str(file.locate()))
            if os.path.isfile(path):
                return path
    return shutil.which("graphviz-pure")


def render(dot: str, form: str, *settings: str, timeout: float = TIMEOUT) -> bytes:
    """DOT text as 'svg', 'png' or 'json'. Raises DrawingError if that fails.

    settings: further arguments, such as ``"-Gdpi=144"``.
    """
    program = renderer()
    try:
        done = subprocess.run(
            [program, f"-T{form}", *settings],
            input=dot.encode("utf-8", "replace"),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DrawingError(
            f"the layout took longer than {timeout:g} s: fold the graph with fold=True, or look at "
            "a part of it, or at describe()"
        ) from None
    except OSError as error:
        raise DrawingError(f"the renderer {program} could not be started: {error}") from error
    if done.returncode != 0:
        said = shorten(done.stderr.decode("utf-8", "replace").strip(), 500)
        raise DrawingError(f"the renderer {program} failed: {said}")
    return done.stdout


class Picture:
    """A drawn graph that shows itself in Jupyter: ``graph.show(values=True)``.

    ``str(picture.svg)`` is the SVG text, ``picture.save("step.svg")`` writes it to a file
    (``files.py``). Options: see :class:`minigrad.drawing.style.Options`.
    """

    def __init__(self, graph: Graph, marks: Marks | None = None, **options: Any) -> None:
        self.graph = graph
        self.options = options_for(graph, options)
        self.marks = marks
        self.drawing: Drawing = drawing_for(graph, self.options, marks)
        self._svg: str | None = None

    @property
    def svg(self) -> str:
        """The picture, with a title, a description and a title for each node."""
        if self._svg is None:
            raw = render(self.drawing.dot, "svg").decode("utf-8")
            self._svg = finished(raw, self.drawing, headline(self.graph), self.description)
        return self._svg

    @property
    def html(self) -> str:
        """The picture for a page: an image, or where there are frames, one whose frames open."""
        image = page_part(self.svg, self.description)
        found = views(self.drawing, lambda opened: drawing_for(
            self.graph, self.options, self.marks, frames=opened))  # fmt: skip
        if len(found) == 1:
            return image
        title = headline(self.graph)
        first = themed_graph(self.svg)
        pictures = [(first, found[0].toggles)]
        for view in found[1:]:
            raw = render(view.drawing.dot, "svg").decode("utf-8")
            svg = themed_graph(finished(raw, view.drawing, title, ""))
            pictures.append((svg, view.toggles))
        return part_with_frames(image_part(first, self.description), mark_of(first), pictures)

    @property
    def description(self) -> str:
        """The same in words."""
        text = self.graph.describe()
        folded = self.drawing.folded
        if self.options.backward:
            boxes = "\n".join(t.replace("\n", "  ") for t in self.drawing.titles.values())
            return f"{text}\n\nThe backward graph, from the root to the leaves:\n{boxes}"
        if folded is not None:
            titles = list(self.drawing.titles.values())
            text += f"\n\nFolded into {len(titles)} ({folded.rule}):\n" + "\n".join(
                t.replace("\n", "  ") for t in titles
            )
        if self.drawing.marks:
            text += "\n\nPointed out:\n" + "\n".join(said(self.graph, self.drawing.marks))
        return text

    def __repr__(self) -> str:
        return f"<picture of {headline(self.graph)}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        try:
            return {
                "text/html": self.html,
                "image/svg+xml": themed_graph(self.svg),
                "text/plain": self.description,
            }
        except DrawingError as error:
            return {"text/plain": f"{self.description}\n\n(no picture: {error})"}


# Puts the SVG itself in the image's place, where scripts run: its parts then show their titles.
SCRIPT = """for (const image of document.querySelectorAll("img.{mark}")) {{
  const bytes = Uint8Array.from(atob(image.src.split(",")[1]), c => c.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  image.replaceWith(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
}}"""


def svg_address(svg: str) -> str:
    """An image address that holds the SVG itself."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def themed_graph(svg: str) -> str:
    """The SVG of a graph in the theme of its page or, in a file, of the reader's system."""
    return themed(svg, "minigrad-graph", DARK)


def page_part(svg: str, description: str) -> str:
    """The SVG of a graph as HTML that shows everywhere, in the theme of its page."""
    return as_image(themed_graph(svg), description)


def as_image(svg: str, description: str) -> str:
    """An SVG as HTML that shows everywhere.

    JupyterLab shows no SVG of a notebook that has been opened but not yet run (it is not trusted),
    and removes its tags from HTML; but it shows an image whose address holds the SVG.
    """
    return f"{image_part(svg, description)}<script>{SCRIPT.format(mark=mark_of(svg))}</script>"


def image_part(svg: str, description: str) -> str:
    return (
        f'<img class="{mark_of(svg)}" style="max-width: 100%" alt="{escape(description)}" '
        f'src="{svg_address(svg)}">'
    )


def mark_of(svg: str) -> str:
    """What the ids in a picture begin with, of each picture something else."""
    mark = re.search(r"mg-\w{10}", svg)
    return mark[0] if mark else "mg-picture"


def finished(raw: str, drawing: Drawing, title: str, description: str) -> str:
    """Graphviz's SVG made fit for pages: described, with ids that two pictures do not share."""
    start = raw.index("<svg")
    body = raw[start:]
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL)
    mark = "mg-" + hashlib.sha256(drawing.dot.encode("utf-8", "replace")).hexdigest()[:10]
    ids = f"{mark}-title {mark}-desc"
    about = (
        f'<title id="{mark}-title">{escape(title)}</title>\n'
        f'<desc id="{mark}-desc">{escape(description)}</desc>\n'
    )
    opening = body[: body.index(">") + 1]
    described = (
        f'{opening[:-1]} class="minigrad-graph" font-family="{FONTS_SHOWN}" role="img" '
        f'aria-label="{escape(title)}" aria-labelledby="{ids}">\n{about}'
    )
    # Ids and titles of the parts. Text of labels cannot look like these: its < and " are escaped.
    rest = body[len(opening) :]
    rest = re.sub(r'<g id="(\w+)"', rf'<g id="{mark}-\1"', rest)
    rest = re.sub(r"<title>([^<]*)</title>", lambda m: part_title(m[1], drawing), rest)
    rest = rest.replace(f' font-family="{FONT}"', "")
    rest = re.sub(f'font-family="{CODE_FONT}[^"]*"', f'font-family="{CODE_FONTS_SHOWN}"', rest)
    return described + rest


def part_title(name: str, drawing: Drawing) -> str:
    """The title of a node or an edge in words; Graphviz's own are our ids."""
    first, _, second = name.replace("&#45;&gt;", "->").partition("->")
    if second in drawing.names and first in drawing.names:
        said = f"{drawing.names[first]} → {drawing.names[second]}"
    elif first in drawing.titles:
        said = drawing.titles[first]
    else:
        return ""
    return f"<title>{escape(said)}</title>"
