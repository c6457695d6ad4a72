"""Frames that open and close in the page, by click or keyboard and without a kernel.

For each frame that can be opened or closed there is a picture drawn beforehand; a click only puts
another one in its place. Open are always those down to the picture's depth, but for one that was
closed, or for the way to one that was opened; so there are about as many pictures as frames.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from html import escape
from importlib import resources
from typing import NamedTuple

from .dot import Drawing
from .frames import Opened

MOST_VIEWS = 24


class Toggle(NamedTuple):
    """A frame in a picture that can be opened or closed."""

    part: str  # its id in the picture
    view: int  # the number of the picture that a click leads to
    expanded: bool
    name: str


class View(NamedTuple):
    """One of the pictures."""

    drawing: Drawing
    toggles: list[Toggle]


def views(base: Drawing, draw: Callable[[Opened], Drawing]) -> list[View]:
    """The picture ``base`` and those that its frames lead to; ``draw`` makes a picture."""
    first: Opened | None = base.opened
    if first is None:
        return [View(base, [])]
    made = [View(base, [])]
    numbers = {(-1, -1): 0}  # by the frame that was opened, and the one that was closed
    for view in made:  # grows while we go
        opened: Opened = view.drawing.opened
        for part, frame in view.drawing.frames.items():
            expanded = part[0] == "c"
            key = after(first, opened, frame, expanded)
            if key not in numbers:
                if len(made) == MOST_VIEWS:
                    continue
                numbers[key] = len(made)
                made.append(View(draw(Opened(first.structure, first.depth, *key)), []))
            name = view.drawing.names.get(part if not expanded else f"cluster_{frame}", "")
            view.toggles.append(Toggle(part, numbers[key], expanded, name))
    return made


def after(first: Opened, now: Opened, number: int, expanded: bool) -> tuple[int, int]:
    """The state after a click on a frame: which frame is opened, and which is closed."""
    frames = first.structure.frames
    if not expanded:
        return (-1, -1) if first.is_open(frames[number]) else (number, -1)
    if first.is_open(frames[number]):
        return (-1, number)
    parent = frames[number].parent
    return (-1, -1) if parent < 0 or first.is_open(frames[parent]) else (parent, -1)


def part_with_frames(static: str, mark: str, pictures: list[tuple[str, list[Toggle]]]) -> str:
    """``static``, an image, and the pictures that take its place where scripts run."""
    data = [
        {"svg": packed(svg), "toggles": [toggle._asdict() for toggle in toggles]}
        for svg, toggles in pictures
    ]
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    script = resources.files("minigrad.drawing").joinpath("assets", "frames.js")
    return (
        f'<div class="minigrad-frames" data-frames="{escape(mark)}" '
        f'data-lm-suppress-shortcuts="true">\n{static}\n'
        f'<script type="application/json">{text}</script>\n'
        f"<script>\n{script.read_text(encoding='utf-8')}</script>\n</div>"
    )


def packed(svg: str) -> str:
    """Deflated, as text: a picture of 30 kB takes 5."""
    return base64.b64encode(zlib.compress(svg.encode(), 9)).decode()
