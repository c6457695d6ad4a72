"""A loss curve on a page: in the page's theme, and in words for those who do not see it."""

from __future__ import annotations

import hashlib
import io
import re
from html import escape

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from .theme import themed

WIDTH = 512  # pixels
FONTS = "DejaVu Sans, Verdana, sans-serif"  # matplotlib measures with the first


def where_text(iterations: np.ndarray) -> str:
    if len(iterations) == 1:
        return f"iteration {iterations[0]}"
    if iterations[-1] - iterations[0] == len(iterations) - 1:
        return f"iterations {iterations[0]} to {iterations[-1]}"
    return f"{len(iterations)} iterations, first {iterations[0]}"


def kinds_not_finite(y: np.ndarray) -> dict[str, np.ndarray]:
    """Where a curve is not a number, by what it is there."""
    kinds = {"NaN": np.isnan(y), "inf": y == np.inf, "-inf": y == -np.inf}
    return {kind: where for kind, where in kinds.items() if where.any()}


def curve_in_words(name: str, x: np.ndarray, y: np.ndarray) -> str:
    """What the eye takes from a curve: where it starts, how low it comes, where it ends."""
    if not len(y):
        return f"{name} (no values)"
    said = [f"{len(y)} value{'s' if len(y) > 1 else ''}"]
    finite = np.isfinite(y)
    if finite.any():
        xs, ys = x[finite], y[finite]
        points = {"first": 0, "lowest": int(ys.argmin()), "highest": int(ys.argmax()), "last": -1}
        said += [f"{what} {ys[i]:.4g} at iteration {xs[i]}" for what, i in points.items()]
    said += [f"{kind} at {where_text(x[at])}" for kind, at in kinds_not_finite(y).items()]
    return f"{name} ({', '.join(said)})"


def svg_of(figure: Figure, description: str, dark: dict[str, str]) -> str:
    """The figure as an SVG for pages; the same text every time for the same data.

    dark: by light colour, the one for dark pages.
    """
    buffer = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    # Text stays text, which is sharp, small and can be found; a salt makes the ids repeatable.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "minigrad"}):
        figure.savefig(buffer, format="svg", metadata=nothing)
    raw = buffer.getvalue().decode("utf-8")
    body = raw[raw.index("<g id=") : raw.rindex("</svg>")]
    body = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", body)  # not allowed in XML
    body = re.sub(r"font-family: [^;\"]*", f"font-family: {FONTS}", body)
    mark = "mg-" + hashlib.sha256(body.encode()).hexdigest()[:10]
    # Two pictures on a page must not share ids.
    body = re.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{mark}-", body)
    width, height = 72 * figure.get_size_inches()
    return themed(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'class="minigrad-curve" viewBox="0 0 {width:g} {height:g}" width="{WIDTH}" '
        f'style="max-width: 100%; height: auto" stroke-linejoin="round" role="img" '
        f'aria-labelledby="{mark}-title {mark}-desc">\n<title id="{mark}-title">Loss curve</title>'
        f'\n<desc id="{mark}-desc">{escape(description)}</desc>\n'
        # matplotlib leaves out what is black; here it has a colour that a theme can change.
        f'<g fill="#000000">{body}</g></svg>',
        "minigrad-curve",
        dark,
    )
