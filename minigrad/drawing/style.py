"""How graphs look: options, shapes and colours.

Kinds of nodes differ by shape as well as colour. The colours are Okabe and Ito's, which people
with any kind of colour blindness can tell apart. Pictures follow the theme of their page
(``theme.py``). Where the theme cannot be known they stay legible: every text stands on a filled
shape, and the lines are of a grey between black and white that is the same on light and dark pages.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

FONT = "Arial"  # the renderer measures text with it
FONTS_SHOWN = "Arial,Helvetica,Liberation Sans,Arimo,sans-serif"
CODE_FONT = "Courier New"
CODE_FONTS_SHOWN = "Courier New,Liberation Mono,Cousine,monospace"

TEXT = "#1a1a1a"
FAINT = "#42474e"  # second lines; contrast 7:1 or more on every fill
VALUE = "#0b4a75"  # numbers that a player fills in; contrast 7:1 or more, also of gradients
GRADIENT = "#7a2a00"
LINE = "#767b83"  # edges; contrast 4:1 or more on white and on Jupyter's dark pages


class Look(NamedTuple):
    shape: str
    style: str
    fill: str
    border: str
    width: float
    margin: str = "0.16,0.08"


LOOKS = {
    "leaf": Look("box", "filled", "#d3e7f5", "#0072b2", 2.0),
    "constant": Look("note", "filled", "#d9f0e7", "#00795a", 1.2),
    "op": Look("box", "filled,rounded", "#f6f3e7", "#6b6657", 1.0),
    "root": Look("octagon", "filled", "#fbdfcc", "#c44f00", 2.2, "0.02,0.0"),
}
FRAME = "#e9ebee"  # the ground of an open module; text on it has a contrast of 12:1
FRAME_BORDER = "#767b83"
FRAME_TEXT = "#23272e"
FOLDED_SHAPE = "box3d"  # a stack: several operations in one

# What takes the place of each colour on a dark page; the step player has the same (player.css).
# Every colour that a picture draws with has to be here.
DARK = {
    TEXT: "#e7eaee", FAINT: "#ccd2da", VALUE: "#a9d3f7", GRADIENT: "#ffc08f", LINE: LINE,
    "#d3e7f5": "#15344b", "#0072b2": "#4aa3df",  # leaves
    "#d9f0e7": "#153a2f", "#00795a": "#3fae8a",  # constants
    "#f6f3e7": "#2b2a26", "#6b6657": "#8d8879",  # operations
    "#fbdfcc": "#4a2c1a", "#c44f00": "#e87a2e",  # roots
    FRAME: "#1d2127", FRAME_TEXT: "#dfe3e8",  # modules (their border is a line's)
    "#f0e442": "#403900", "#faf5c4": "#2e2b10", "#000000": "#f0e442",  # health_marks.py
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What a picture shows.

    Args:
        shapes, dtypes: of every tensor.
        values: numbers of small tensors, the range of larger ones. Those that nobody holds any
            more are computed again, until a backward pass has freed the graph.
        grads: the same of the gradients that have been computed.
        formulas: the forward pass of every operation.
        sources: your line that computed it.
        fold: draw repeated operations as one. None: when there are more than ``most`` nodes;
            True: always; False: never.
        health: point out trouble. None: NaN and infinity in values and gradients that are known;
            True: compute the others and look for vanishing and exploding gradients; False: never.
        most: the number of nodes from which on a graph is folded.
        direction: "TB" with the leaves at the top, or "LR", "BT", "RL".
        by: "module": modules are frames around what they computed, and a function that recorded
            several operations is one box. None: tensors and recorded operations only, folded by
            source lines.
        depth: how many modules deep frames are open: 0 shows the outermost as one box. None: as
            deep as stays readable.
        detail: open everything: the operations as they were recorded, without frames.
        backward: draw what the backward pass walks instead, the grad_fns from the root to the
            leaves, each with its vjp and with what it saved (``backward_picture.py``).
    """

    shapes: bool = True
    dtypes: bool = False
    values: bool = False
    grads: bool = False
    formulas: bool = False
    sources: bool = False
    fold: bool | None = None
    health: bool | None = None
    most: int = 200
    direction: str = "TB"
    by: str | None = "module"
    depth: int | None = None
    detail: bool = False
    backward: bool = False

    def __post_init__(self) -> None:
        if self.direction not in ("TB", "LR", "BT", "RL"):
            raise ValueError(
                f"direction must be 'TB', 'LR', 'BT' or 'RL', not {self.direction!r}: from where "
                "to where the arrows point, T for top, L for left"
            )
        if self.by not in ("module", None):
            raise ValueError(
                f"by must be 'module' or None, not {self.by!r}: frames for modules, or none"
            )
        if self.depth is not None and (type(self.depth) is not int or self.depth < 0):
            raise ValueError(
                f"depth must be a number of modules, 0 or more, not {self.depth!r}: how deep "
                "frames are opened"
            )


def options_of(given: dict[str, Any]) -> Options:
    """Options from keyword arguments; TypeError names the possible ones."""
    known = [f.name for f in fields(Options)]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise TypeError(
            f"a picture has no option {unknown[0]!r}; the options are {', '.join(known)}"
        )
    return Options(**given)
