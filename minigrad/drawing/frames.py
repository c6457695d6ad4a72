"""The graph as the user's calls: modules are frames, one in the other, functions are boxes.

A frame is open, and shows what is inside, or closed, a box with the module's name, parameters and
shapes. Equal modules that follow each other are drawn once, with how often. Frames become
Graphviz' clusters.
"""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

from ..graphs.recomputed import Numbers, numbers_of
from ..graphs.recorded_graph import Graph
from ..graphs.structure import Frame, Structure
from .dot import (
    Drawing,
    Notes,
    automatic,
    bold,
    faint,
    head,
    label_of,
    line,
    marked,
    node_statement,
    note_above,
    text,
    title_of,
)
from .health_marks import Marks, joined
from .number_lines import array_text, whys
from .style import FONT, FRAME, FRAME_BORDER, FRAME_TEXT, Options

PACKAGE = __name__.split(".")[0]
MOST_BOXES = 24  # frames are opened as deep as leaves the picture with so many boxes
ORDERED = 80  # up to so many boxes a result's inputs are drawn from left to right
MOST_PARAMETERS = 4  # of a module that are listed


class Opened:
    """Which frames are open: all down to a depth, but for those that were opened or closed."""

    def __init__(
        self, structure: Structure, depth: int, opened: int = -1, closed: int = -1
    ) -> None:
        self.structure = structure
        self.depth = depth
        self.open = set(structure.around(opened)) if opened >= 0 else set()
        self.closed = closed

    def is_open(self, frame: Frame) -> bool:
        if frame.number == self.closed:
            return False
        if frame.number in self.open:
            return True
        return frame.level < self.depth and not self.structure.is_atom(frame)


def frames_of(graph: Graph, options: Options) -> Structure | None:
    """The structure to draw by; None if there is none, or the options ask for something else."""
    if options.by != "module" or options.detail or options.fold:
        return None
    structure: Structure = graph.structure
    if not structure.frames:
        return None
    if options.depth is None and structure.has_modules and options.fold is None:
        opened = Opened(structure, best_depth(graph, structure))
        if len(set(boxes_of(graph, opened)) - {""}) > options.most:
            return None  # a long loop in one module: folded by source lines
    if not structure.has_modules:
        drawn = sum(1 for node in graph if not node.is_number)
        if options.fold is None and drawn > options.most:
            return None
    return structure


def best_depth(graph: Graph, structure: Structure) -> int:
    """As deep as leaves at most MOST_BOXES boxes; the outermost modules are always open."""
    deepest = max((f.level for f in structure.frames), default=0)
    best = 1
    for depth in range(2, deepest + 2):
        if len(set(boxes_of(graph, Opened(structure, depth))) - {""}) > MOST_BOXES:
            break
        best = depth
    return best


def boxes_of(graph: Graph, opened: Opened) -> list[str]:
    """The box of each node: ``f3`` for closed frame 3, ``n7`` for node 7, ``""`` for none.

    Parameters of a closed frame are inside it, plain numbers in their operation's label.
    """
    structure = opened.structure
    first_op = graph._b.first_op
    boxes = []
    drawn: dict[int, str] = {}
    for i in range(len(graph)):
        shown = structure.drawn_for(i)
        box = drawn.get(shown)
        if box is None:
            box = f"n{shown}"
            if i < first_op and graph.at(shown).is_number:
                box = ""
            for number in structure.around(structure.of[shown]) if box else ():
                if not opened.is_open(structure.frames[number]):
                    box = f"f{number}"
                    break
            drawn[shown] = box
        boxes.append(box)
    return boxes


def frames_drawing(
    graph: Graph, structure: Structure, options: Options, marks: Marks,
    notes: Notes | None = None, opened: Opened | None = None,
) -> Drawing:  # fmt: skip
    """The graph as DOT, with frames."""
    if opened is None:
        depth = best_depth(graph, structure) if options.depth is None else options.depth
        opened = Opened(structure, depth)
    drawing = Drawing()
    drawing.marks, drawing.opened = marks, opened
    boxes = boxes_of(graph, opened)
    members: dict[str, list[int]] = {}
    for i, box in enumerate(boxes):
        if box:
            members.setdefault(box, []).append(i)
    numbers = numbers_of(graph, options.grads) if options.values or options.grads else None
    statements: dict[int, list[str]] = {}  # by the innermost open frame around a box
    for box, inside in members.items():
        for i in inside:
            drawing.parts[i] = [box]
        shown = int(box[1:])
        mark = joined(marks, inside)
        more = notes(inside) if notes else []
        if box[0] == "n":
            node = graph.at(shown)
            label = "<BR/>".join([marked(label_of(node, options, numbers), mark), *more])
            statement = node_statement(box, node.kind, label, mark=mark)
            why = whys(node, options, numbers) if numbers is not None else []
            drawing.say(box, node.name, *title_of(node), *why, *(mark.lines if mark else ()))
            around = structure.of[shown]
        else:
            frame = structure.frames[shown]
            kind = "root" if any(graph.at(i).kind == "root" for i in inside) else "op"
            label = marked(frame_label(graph, frame, inside, options, numbers), mark)
            label = "<BR/>".join([label, *more])
            atom = structure.is_atom(frame) and frame.repeats == 1
            statement = node_statement(box, kind, label, folded=not atom, mark=mark)
            words = frame_words(graph, frame, inside)
            drawing.say(box, words[0], *words, *(mark.lines if mark else ()))
            around = frame.parent
            if frame.is_module and not structure.is_atom(frame):
                drawing.frames[box] = shown
        statements.setdefault(around, []).append(statement)

    lines = head(options, ordered=len(members) <= ORDERED)
    lines += nested(graph, opened, statements, drawing)
    lines += arrows(graph, boxes)
    note_above(lines, numbers)
    drawing.dot = "\n".join([*lines, "}\n"])
    return drawing


def nested(
    graph: Graph, opened: Opened, statements: dict[int, list[str]], drawing: Drawing
) -> list[str]:
    """The boxes in the clusters of the open frames around them."""
    structure = opened.structure
    lines = statements.get(-1, [])
    wanted = {n for number in statements for n in structure.around(number)}
    stack: list[int] = []
    for number in sorted(wanted):  # outer frames come before those inside them
        frame = structure.frames[number]
        while stack and stack[-1] != frame.parent:
            lines.append("  }")
            stack.pop()
        stack.append(number)
        words = frame_words(graph, frame, list(range(frame.lo, frame.hi)))
        drawing.frames[f"c{number}"] = number
        drawing.say(f"cluster_{number}", words[0], *words)
        said = [frame_bold(frame_name(frame)), frame_faint(parameters(graph, frame))]
        label = "".join(f'{part}<BR ALIGN="LEFT"/>' for part in said if part)
        lines += [
            f"  subgraph cluster_{number} {{",
            f'  id="c{number}"; class="frame"; label=<{label}>; labeljust=l; fontname="{FONT}"; '
            f'style="rounded,filled"; fillcolor="{FRAME}"; color="{FRAME_BORDER}"; penwidth=1; '
            "margin=12;",
        ]
        lines += statements.get(number, [])
    return lines + ["  }"] * len(stack)


def arrows(graph: Graph, boxes: list[str]) -> list[str]:
    """From box to box, each once; dashed where they lead to the next repetition."""
    found: dict[tuple[str, str], None] = {}
    first_op = graph._b.first_op
    place: dict[str, int] = {}
    for i in range(first_op, len(boxes)):
        place.setdefault(boxes[i], i)
    for i, row in enumerate(graph.input_lists):
        for j in row:
            a, b = boxes[j], boxes[i]
            if a and b and a != b:
                found.setdefault((a, b))
    lines = []
    for a, b in found:
        back = a in place and b in place and place[a] >= place[b]
        lines.append(f"  {a} -> {b}{' [style=dashed, constraint=false]' if back else ''};")
    return lines


# --- what is written on frames --------------------------------------------------------------------


def frame_name(frame: Frame) -> str:
    """``blocks: Block × 4``, ``fc: Linear``, ``cross_entropy``."""
    name = re.sub(r"\.\d+$", "", frame.name) if frame.repeats > 1 else frame.name
    called = f"{name}: {frame.title}" if name else frame.title
    return called + (f" × {frame.repeats:,}" if frame.repeats > 1 else "")


def arguments(frame: Frame) -> str:
    """What the module or the call was given: ``(16, 64)``, ``(reduction='sum')``."""
    if frame.is_module:
        return module_arguments(frame.module)
    args, named = frame.given
    given = [repr(v) for v in args if isinstance(v, (int, float, str))]
    given += [f"{k}={v!r}" for k, v in named.items() if isinstance(v, (int, float, str))]
    return f"({', '.join(given)})" if given else ""


def module_arguments(module: Any) -> str:
    """How one of the package's modules was made, as far as it differs from the defaults."""
    if module is None or type(module).__module__.partition(".")[0] != PACKAGE:
        return ""
    given: list[str] = []
    parameters = inspect.signature(type(module)).parameters
    if any(p.kind is p.VAR_POSITIONAL for p in parameters.values()):  # as of LSTM
        said = module.extra_repr()
        return f"({said})" if said and "\n" not in said else ""
    for name, parameter in parameters.items():
        value = getattr(module, name, parameter.default)
        if isinstance(value, tuple) and len(set(value)) == 1:
            value = value[0]  # (3, 3) for 3
        if not isinstance(value, (int, float, str, tuple)) or value == parameter.default:
            continue
        if parameter.default is parameter.empty:
            given.append(repr(value))
        elif parameter.default is not None or repr(value) not in given:  # stride is kernel_size
            given.append(f"{name}={value!r}")
    return f"({', '.join(given)})" if given else ""


def frame_label(
    graph: Graph, frame: Frame, inside: list[int], options: Options, numbers: Numbers | None
) -> str:
    """A closed frame's label."""
    name = frame_name(frame)
    lines = [bold(name)]
    if frame.is_module and not frame.name:
        lines = [bold(name + arguments(frame))]
    elif frame.is_module and is_single(frame) and arguments(frame):
        lines.append(line(frame.title + arguments(frame)))
        lines[0] = bold(name.replace(f": {frame.title}", ""))
    elif not frame.is_module:
        lines = [bold(user_text(graph, frame) or name + arguments(frame))]
    named = result_names(graph, frame, inside)
    if named:
        lines = [bold(named), *[demoted(part) for part in lines]]
    if frame.is_module:
        said = parameters(graph, frame)
        if said:
            lines.append(line(said, 11))
    if options.shapes:
        last = graph.at(frame.hi - 1)
        if last.shape is not None:
            lines.append(faint(str(list(last.shape)) if last.shape else "scalar"))
    if numbers is not None:
        lines += number_rows(graph, frame, inside, options, numbers)
    return "<BR/>".join(lines)


def result_names(graph: Graph, frame: Frame, inside: list[int]) -> str:
    """The roots among the results; of a function's result the user's name."""
    roots = [graph.at(i).name for i in inside if graph.at(i).kind == "root"]
    if not roots and not frame.is_module and not automatic(graph.at(frame.hi - 1)):
        roots = [graph.at(frame.hi - 1).name]
    return ", ".join(dict.fromkeys(roots[:3]))


def demoted(label: str) -> str:
    """A bold line as a plain one, below another."""
    found = re.fullmatch(r"<B>(.*)</B>", label)
    return f'<FONT POINT-SIZE="12">{found[1]}</FONT>' if found else label


def user_text(graph: Graph, frame: Frame) -> str:
    """``x @ y``, if the user wrote the call as an operator."""
    place = graph.at(frame.hi - 1).place
    e = None if place is None else place.expression
    if isinstance(e, (ast.BinOp, ast.Subscript)) and len(ast.unparse(e)) <= 30:
        return ast.unparse(e)
    return ""


def number_rows(
    graph: Graph, frame: Frame, inside: list[int], options: Options, numbers: Numbers
) -> list[str]:
    """The range of the result, and of the gradients of the parameters."""
    rows = []
    last = frame.hi - 1
    if options.values and last in numbers.values:
        rows.append(line(array_text(numbers.values[last]), 11))
    if options.grads and last in numbers.grads:
        rows.append(line("grad " + array_text(numbers.grads[last]), 11))
    return rows


def is_single(frame: Frame) -> bool:
    """Whether a module has none inside."""
    module = frame.module
    return module is not None and next(module.children(), None) is None


def parameters(graph: Graph, frame: Frame) -> str:
    """``weight [3, 2], bias [3]`` of a single module; of others how many numbers."""
    module = frame.module
    own = [] if module is None else list(module.named_parameters())
    if not own:
        return ""
    if is_single(frame) and len(own) <= MOST_PARAMETERS:
        return ", ".join(f"{name} {list(p.shape)}" for name, p in own)
    total = sum(p.numel() for _, p in own)
    each = " each" if frame.repeats > 1 else ""
    return f"{total:,} parameters{each}"


def frame_words(graph: Graph, frame: Frame, inside: list[int]) -> list[str]:
    """The same in words, for a title: name, what it was given, parameters, shape of the result."""
    last = graph.at(frame.hi - 1)
    ops = sum(1 for i in range(frame.lo, frame.hi))
    shape = "" if last.shape is None else f"result {list(last.shape)}"
    count = f"{ops:,} recorded operation{'s' if ops > 1 else ''}"
    return [frame_name(frame) + arguments(frame), parameters(graph, frame), shape, count]


def frame_bold(raw: str) -> str:
    return f'<FONT POINT-SIZE="12" COLOR="{FRAME_TEXT}"><B>{text(raw)}</B></FONT>'


def frame_faint(raw: str) -> str:
    return f'<FONT POINT-SIZE="10" COLOR="{FRAME_TEXT}">{text(raw)} </FONT>' if raw else ""
