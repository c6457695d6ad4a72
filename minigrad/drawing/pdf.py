"""Draws a laid-out graph with matplotlib, to write it as a PDF.

The renderer lays graphs out but writes no PDF. Its JSON output lists what to draw, line by line
and text by text; here those instructions are followed. Text stays text: it can be searched. What
its font cannot write (Chinese, Japanese, Korean, emoji ...) is taken from another font of this
machine; if none can, it is written as Python would, ``\\u6f22``, and never as an empty box.
"""

from __future__ import annotations

import io
import json
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from .render import render

FACES = ["Arial", "Liberation Sans", "Helvetica", "DejaVu Sans"]
CODE_FACES = ["Courier New", "Liberation Mono", "DejaVu Sans Mono"]
# Asked first for what those cannot write; then all other fonts. TrueType before OpenType: of those
# only what is used gets into the file.
OTHER_FACES = [
    "DejaVu Sans", "Droid Sans Fallback", "WenQuanYi Micro Hei", "Microsoft YaHei", "Yu Gothic",
    "MS Gothic", "Malgun Gothic", "Arial Unicode MS", "Symbola", "Segoe UI Emoji",
    "Noto Sans CJK JP", "Noto Sans CJK SC",
]  # fmt: skip
NO_WRITING = ("Last", ".Last", "Adobe Blank")  # fonts that have a box for every character
POINTS = 72  # an inch, Graphviz's and matplotlib's unit of length


def pdf_of(dot: str) -> bytes:
    """The picture of a DOT text as a PDF file of one page, as large as the picture."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    others, impossible = other_faces({c for c in dot if ord(c) > 127})
    layout = json.loads(render(written(dot, impossible), "json"))
    left, low, right, high = (float(v) for v in layout["bb"].split(","))
    pad = 8
    size = ((right - left + 2 * pad) / POINTS, (high - low + 2 * pad) / POINTS)
    figure = Figure(figsize=size)
    FigureCanvasPdf(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(left - pad, right + pad), ylim=(low - pad, high + pad))
    axes.axis("off")
    pen = Pen(axes, others)
    with quiet():
        draw(layout, pen)
        file = io.BytesIO()
        with rc_context({"pdf.fonttype": 42}):  # real fonts, so that text can be searched
            figure.savefig(file, format="pdf", metadata={"CreationDate": None})
    return file.getvalue()


def draw(layout: dict[str, Any], pen: Pen) -> None:
    """Let the pen follow the instructions for the graph, its edges and its nodes."""
    for part in [layout, *layout.get("edges", []), *layout.get("objects", [])]:
        pen.style = "solid"
        for key in ("_draw_", "_hdraw_", "_ldraw_"):
            for step in part.get(key, []):
                pen.follow(step, part is layout)


class Pen:
    """Follows Graphviz's drawing instructions: the letters are those of its xdot format."""

    def __init__(self, axes: Any, others: list[str]) -> None:
        self.axes = axes
        self.others = others  # faces for what the usual ones cannot write
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

        (x, y), said = step["pt"], step["text"].replace(2 * "\\", "\\")  # JSON has them twice
        if not said.strip():
            return
        faces = CODE_FACES if self.face.startswith("Courier") else FACES
        family = [installed(faces), *self.others]
        font = FontProperties(family=family, weight="bold" if self.bold else "normal")
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


def other_faces(needed: set[str]) -> tuple[list[str], set[str]]:
    """(faces that write the characters that the usual ones cannot, characters that none can)."""
    from matplotlib.font_manager import fontManager

    usual = [characters(installed(faces)) for faces in (FACES, CODE_FACES)]
    missing = {c for c in needed if not all(ord(c) in known for known in usual)}
    found: list[str] = []
    names = {font.name for font in fontManager.ttflist if not font.name.startswith(NO_WRITING)}
    for face in [*(f for f in OTHER_FACES if f in names), *sorted(names - set(OTHER_FACES))]:
        if not missing:
            break
        known = characters(face)
        can = {c for c in missing if ord(c) in known}
        if can:
            found.append(face)
            missing -= can
    return found, missing


@lru_cache(maxsize=1000)
def characters(face: str) -> frozenset[int]:
    """The characters (as numbers) that a face can write; none if its file cannot be read."""
    from matplotlib.font_manager import fontManager, get_font

    file = next(font.fname for font in fontManager.ttflist if font.name == face)
    try:
        return frozenset(get_font(file).get_charmap())
    except (OSError, RuntimeError, ValueError):
        return frozenset()


@contextmanager
def quiet() -> Iterator[None]:
    """Without matplotlib's word that another font has no bold letters, for each text anew."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def written(dot: str, impossible: set[str]) -> str:
    """The text with escapes for characters that no font can write; marks between them go."""

    def instead(c: str) -> str:
        if c not in impossible:
            return c
        if unicodedata.category(c) in ("Cf", "Mn"):  # joins emoji, or chooses how one looks
            return ""
        return "&#92;" + c.encode("unicode_escape").decode()[1:]

    return "".join(map(instead, dot)) if impossible else dot
