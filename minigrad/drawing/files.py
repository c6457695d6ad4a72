"""Writes graphs to files, in the format that the file's suffix names."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

from ..faithful.hang_on import hang_on
from ..graphs.recorded_graph import Graph
from ..graphs.text import headline
from .render import DrawingError, Picture, render, themed_graph

PNG_DPI = 144


def svg_file(picture: Picture) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    return (head + themed_graph(picture.svg)).encode()


def png_file(picture: Picture) -> bytes:
    return render(picture.drawing.dot, "png", "-Gbgcolor=white", f"-Gdpi={PNG_DPI}")


def pdf_file(picture: Picture) -> bytes:
    from .pdf import pdf_of  # with matplotlib, which is slow to import

    return pdf_of(picture.drawing.dot)


def dot_file(picture: Picture) -> bytes:
    return picture.drawing.dot.encode("utf-8", "replace")


def json_file(picture: Picture) -> bytes:
    return picture.graph.to_json(values=picture.options.values).encode()


def text_file(picture: Picture) -> bytes:
    return (picture.description + "\n").encode("utf-8", "replace")


PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 1rem; font: 16px/1.5 system-ui, sans-serif;
        background: #ffffff; color: #1a1a1a; }}
h1 {{ font-size: 1.1rem; font-weight: 600; overflow-wrap: anywhere; }}
.picture {{ overflow-x: auto; }}
.picture svg {{ max-width: 100%; height: auto; }}
pre {{ overflow-x: auto; font-size: 0.85rem; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111111; color: #eeeeee; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
<div class="picture">
{svg}
</div>
<p>{key}</p>
<details><summary>The graph as text</summary>
<pre>{text}</pre>
</details>
</body>
</html>
"""


KEY = """Rectangles are leaves, which accumulate a gradient; sheets with a folded corner are
constants; rounded boxes are operations; octagons are roots. Arrows lead from inputs to results. A
dashed box is drawn again, near another use of the same tensor."""
BACKWARD_KEY = """Octagons are where the backward pass starts, rounded boxes the nodes that it
walks, rectangles its ends at the leaves, where gradients are accumulated. Arrows lead the way that
the gradients flow."""


def html_file(picture: Picture) -> bytes:
    page = PAGE.format(
        title=escape(headline(picture.graph)), svg=themed_graph(picture.svg),
        text=escape(picture.description),
        key=BACKWARD_KEY if picture.options.backward else KEY,
    )  # fmt: skip
    return page.encode("utf-8", "replace")


WRITERS: dict[str, Callable[[Picture], bytes]] = {
    ".svg": svg_file,
    ".png": png_file,
    ".pdf": pdf_file,
    ".dot": dot_file,
    ".gv": dot_file,
    ".json": json_file,
    ".html": html_file,
    ".txt": text_file,
}
# Of these a graph's own method writes the whole; its options are not those of a picture.
AS_TEXT: dict[str, Callable[..., str]] = {
    ".json": lambda graph, **options: graph.to_json(**options),
    ".txt": lambda graph, limit=None: graph.describe(limit) + "\n",
}


def suffix_of(path: str | PathLike[str]) -> str:
    """The path's suffix; ValueError if it names no format."""
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise ValueError(
            f"cannot tell the format of {str(path)!r}: the name must end with one of "
            f"{', '.join(WRITERS)}"
        )
    return suffix


def save_graph(graph: Graph, path: str | PathLike[str], **options: Any) -> None:
    """Write ``graph`` to ``path``. The file is touched only when its content is complete."""
    suffix = suffix_of(path)
    if suffix in AS_TEXT:
        content = AS_TEXT[suffix](graph, **options).encode("utf-8", "replace")
    else:
        content = WRITERS[suffix](Picture(graph, **options))
    Path(path).write_bytes(content)


@hang_on(Picture)
class PictureFile:
    """A picture is saved as it is shown."""

    def save(self: Any, path: str | PathLike[str]) -> None:
        """Write this picture to a file: .svg .png .pdf .html .dot .gv; .json or .txt in words.

        Raises ValueError for another suffix. Nothing is written if drawing fails.
        """
        content = WRITERS[suffix_of(path)](self)
        Path(path).write_bytes(content)


__all__ = ["DrawingError", "Picture", "save_graph"]
