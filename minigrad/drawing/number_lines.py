"""The numbers in a box: values and gradients, how they are known, or why they are not."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..core.tensor import make
from ..graphs.recomputed import Numbers
from ..graphs.recorded_graph import GraphNode
from ..graphs.text import shorten
from .style import Options

if TYPE_CHECKING:
    from ..core.tensor import Tensor

AGAIN = "again: "  # before a number that was computed again
AGAIN_WORDS = "again: computed again from the leaves, as nobody holds these numbers any more"
LONGEST_WHY = 40  # characters in a box


class Line(NamedTuple):
    """A line of a box: a number with what stands before it, or the reason why there is none."""

    text: str
    known: bool
    before: str = ""


def number_lines(node: GraphNode, options: Options, numbers: Numbers) -> list[Line]:
    """The lines of a box that the options ask for."""
    i = node.index
    lines: list[Line] = []
    if options.values:
        if i in numbers.values:
            again = AGAIN if i in numbers.again else ""
            lines.append(Line(array_text(numbers.values[i]), True, again))
        elif now(node) is not None:
            lines.append(Line(f"now {array_text(now(node))}", True))
        if i not in numbers.values and numbers.why.get(i):
            lines.append(Line(briefly(numbers.why[i]), False))
    if options.grads:
        if i in numbers.grads:
            again = AGAIN if i in numbers.grads_again else ""
            lines.append(Line(f"grad {array_text(numbers.grads[i])}", True, again))
        elif numbers.why_grads.get(i):
            lines.append(Line(f"grad: {briefly(numbers.why_grads[i])}", False))
    return lines


def whys(node: GraphNode, options: Options, numbers: Numbers) -> list[str]:
    """The same for the title of a box: the reasons at full length."""
    i = node.index
    said = [numbers.why.get(i, "")] if options.values and i not in numbers.values else []
    if options.grads and i not in numbers.grads and numbers.why_grads.get(i):
        said.append(f"gradient: {numbers.why_grads[i]}")
    if i in numbers.again or i in numbers.grads_again:
        said.append(AGAIN_WORDS)
    return said


def now(node: GraphNode) -> Any:
    """The present numbers of a leaf that has been written to; None of anything else."""
    key = node._key
    return key._data if node.kind == "leaf" else None


def briefly(why: str) -> str:
    """A reason in a box: of the line only its number."""
    return shorten(re.sub(r"\(line (\d+) of .*\)", r"(line \1)", why), LONGEST_WHY)


def array_text(array: Any) -> str:
    return numbers_text(make(np.asarray(array)))


def numbers_text(t: Tensor) -> str:
    """All numbers of a small tensor; the range of a larger one."""
    if t.numel() == 1:
        return label_number(t.item())
    if t.numel() == 0:
        return "no numbers"
    if t.numel() <= 6 and t.dim() == 1:
        return "[" + ", ".join(label_number(v) for v in t.tolist()) + "]"
    if t.numel() <= 9 and t.dim() == 2:
        rows = ("[" + ", ".join(label_number(v) for v in row) + "]" for row in t.tolist())
        return "[" + ", ".join(rows) + "]"
    array = t.detach().numpy()
    if array.dtype.kind not in "fiu":
        return ""
    return f"{label_number(array.min().item())} … {label_number(array.max().item())}"


def label_number(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.4g}".replace("-", "−")
    return str(value)
