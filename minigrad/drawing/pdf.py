"""Draws a laid-out graph with matplotlib, to write it as a PDF.

The renderer lays graphs out but writes no PDF. Its JSON output lists what to draw, line by line
and text by text; here those instructions are followed. Text stays text: it can be searched.
"""

from __future__ import annotations

import io
import json
from typing import Any

from .render import render

FACES = ["Arial", "Liberation Sans", "Helvetica", "DejaVu Sans"]
CODE_FACES = ["Courier New", "Liberation Mono", "DejaVu Sans Mono"]
POINTS = 72  # an inch, Graphviz's and matplotlib's unit of length


def pdf_of(dot: str) -> bytes:
    """The picture of a DOT text as a PDF file of one page, as large as the picture."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    layout = json.loads(render(dot, "json"))
    left, low, right, high = (float(v) for v in layout["bb"].split(","))
    pad = 8
    size = ((right - left + 2 * pad) / POINTS, (high - low + 2 * pad) / POINTS)
    figure = Figure(figsize=size)
    FigureCanvasPdf(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(left - pad, right + pad), ylim=(low - pad, high + pad))
    axes.axis("off")
    pen = Pen(axes)
    for part in [layout, *layout.get("edges", []), *layout.get("objects", [])]:
        pen.style = "solid"
        for key in ("_draw_", "_hdraw_", "_ldraw_"):
            for step in part.get(key, []):
                pen.follow(step, part is layout)
    file = io.BytesIO()
    with rc_context({"pdf.fonttype": 42}):  # real fonts, so that text can be searched
        figure.savefig(file, format="pdf", metadata={"CreationDate": None})
    return file.getvalue()


class Pen:
    """Follows Graphviz's drawing instructions: the letters are those of its xdot format."""

    def __init__(self, axes: Any) -> None:
        self.axes = axes
        self.line = self.fill = "#000000"
        self.style = "solid"
        self.width = 1.0
        self.size = 12.0
        self.face = ""
        self.bold = False

    def follow(self, step: dict[str, Any], background: bool) -> None:
        op = step["op"]
        if op == "c":
            self.line = step["color"]
        elif op == "C":
            self.fill = step["color"]
        elif op == "S":
            self.set_style(step["style"])
        elif op == "F":
            self.size, self.face = step["size"], step["face"]
        elif op == "t":
            self.bold = bool(step["fontchar"] & 1)
        elif op == "T":
            self.write(step)
        elif op in "pPLbB" and not (background and op == "P" and not step.get("label")
                                    and self.fill == "#ffffff"):  # fmt: skip
            self.outline(op, step["points"])
        elif op in "eE":
            self.ellipse(op, step["rect"])

    def set_style(self, style: str) -> None:
        if style.startswith("setlinewidth("):
            self.width = float(style[13:-1])
        elif style in ("solid", "dashed", "dotted"):
            self.style = style

    def outline(self, op: str, points: list[list[float]]) -> None:
        """A polygon (p), a line (L) or a curve (b); capital P and B are filled."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        codes = [Path.MOVETO] + [Path.CURVE4 if op in "bB" else Path.LINETO] * (len(points) - 1)
        vertices = list(points)
        if op in "pPB":
            vertices.append(points[0])
            codes.append(Path.CLOSEPOLY)
        self.add(PathPatch(Path(vertices, codes)), filled=op in "PB")

    def ellipse(self, op: str, rect: list[float]) -> None:
        from matplotlib.patches import Ellipse

        x, y, w, h = rect
        self.add(Ellipse((x, y), 2 * w, 2 * h), filled=op == "E")

    def add(self, patch: Any, filled: bool) -> None:
        patch.set(
            facecolor=self.fill if filled else "none",
            edgecolor=self.line,
            linewidth=self.width,
            linestyle=self.style,
            joinstyle="miter",
        )
        self.axes.add_patch(patch)

    def write(self, step: dict[str, Any]) -> None:
        """A text, made narrower if this machine's font is wider than the one laid out with."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.textpath import TextPath

        (x, y), said = step["pt"], step["text"]
        if not said.strip():
            return
        faces = CODE_FACES if self.face.startswith("Courier") else FACES
        font = FontProperties(family=installed(faces), weight="bold" if self.bold else "normal")
        plain = said.replace("$", r"\$")  # dollars are not mathematics here
        width = TextPath((0, 0), plain, size=self.size, prop=font).get_extents().width
        size = self.size * min(1.0, step["width"] * 1.05 / max(width, 1e-9))
        align = {"l": "left", "c": "center", "r": "right"}[step["align"]]
        if align == "left":  # a line of an HTML-like label: keep it in the middle of its box
            x, align = x + step["width"] / 2, "center"
        self.axes.text(x, y, said, fontproperties=font, size=size, color=self.line, ha=align,
                       va="baseline", parse_math=False)  # fmt: skip


def installed(faces: list[str]) -> str:
    """The first of the fonts that this machine has."""
    from matplotlib.font_manager import fontManager

    names = {font.name for font in fontManager.ttflist}
    return next((face for face in faces if face in names), faces[-1])
