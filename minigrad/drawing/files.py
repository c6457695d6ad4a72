"""Writes graphs to files, in the format that the file's suffix names."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

from ..graphs.recorded_graph import Graph
from ..graphs.text import headline
from .dot import dot_of
from .render import DrawingError, Picture, render, themed_graph

PNG_DPI = 144


def svg_file(graph: Graph, options: dict[str, Any]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    return (head + themed_graph(Picture(graph, **options).svg)).encode()


def png_file(graph: Graph, options: dict[str, Any]) -> bytes:
    dot = Picture(graph, **options).drawing.dot
    return render(dot, "png", "-Gbgcolor=white", f"-Gdpi={PNG_DPI}")


def pdf_file(graph: Graph, options: dict[str, Any]) -> bytes:
    from .pdf import pdf_of  # with matplotlib, which is slow to import

    return pdf_of(Picture(graph, **options).drawing.dot)


def dot_file(graph: Graph, options: dict[str, Any]) -> bytes:
    return dot_of(graph, **options).encode("utf-8", "replace")


def json_file(graph: Graph, options: dict[str, Any]) -> bytes:
    return graph.to_json(**options).encode()


def text_file(graph: Graph, options: dict[str, Any]) -> bytes:
    return (graph.describe(**{"limit": None, **options}) + "\n").encode("utf-8", "replace")


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
<p>Rectangles are leaves, which accumulate a gradient; sheets with a folded corner are constants;
rounded boxes are operations; octagons are roots. Arrows lead from inputs to results. A dashed box
is drawn again, near another use of the same tensor.</p>
<details><summary>The graph as text</summary>
<pre>{text}</pre>
</details>
</body>
</html>
"""


def html_file(graph: Graph, options: dict[str, Any]) -> bytes:
    picture = Picture(graph, **options)
    page = PAGE.format(
        title=escape(headline(graph)),
        svg=themed_graph(picture.svg),
        text=escape(picture.description),
    )
    return page.encode("utf-8", "replace")


WRITERS: dict[str, Callable[[Graph, dict[str, Any]], bytes]] = {
    ".svg": svg_file,
    ".png": png_file,
    ".pdf": pdf_file,
    ".dot": dot_file,
    ".gv": dot_file,
    ".json": json_file,
    ".html": html_file,
    ".txt": text_file,
}


def save_graph(graph: Graph, path: str | PathLike[str], **options: Any) -> None:
    """Write ``graph`` to ``path``. The file is touched only when its content is complete."""
    suffix = Path(path).suffix.lower()
    writer = WRITERS.get(suffix)
    if writer is None:
        raise ValueError(
            f"cannot tell the format of {str(path)!r}: the name must end with one of "
            f"{', '.join(WRITERS)}"
        )
    content = writer(graph, options)
    Path(path).write_bytes(content)


__all__ = ["DrawingError", "save_graph"]
