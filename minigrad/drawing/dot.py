"""Writes a graph in Graphviz's DOT language, leaves to roots, with every label escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

from ..graphs.recomputed import Numbers, numbers_of
from ..graphs.recorded_graph import Graph, GraphNode
from ..graphs.spelling import written_out
from ..graphs.text import line_of, params_text, printable, shorten
from .fold import Folded, Group, fold
from .health_marks import Mark, Marks, joined, marks_for
from .number_lines import number_lines, whys
from .plain_math import plain
from .style import CODE_FONT, FAINT, FOLDED_SHAPE, FONT, LINE, LOOKS, TEXT, Options

if TYPE_CHECKING:
    pass

LONGEST = 60  # characters of a line in a label
FAR = 6  # operations: an input used further apart than this is drawn again
ORDERED = 80  # up to so many nodes a result's inputs are drawn from left to right


class Drawing:
    """A graph's DOT text, and by the ids in it what is said in words about each node."""

    def __init__(self) -> None:
        self.dot = ""
        self.names: dict[str, str] = {}  # a few words
        self.titles: dict[str, str] = {}  # some lines
        self.parts: dict[int, list[str]] = {}  # the boxes of each node
        self.folded: Folded | None = None
        self.frames: dict[str, int] = {}  # the parts that are frames of modules, by their ids
        self.opened: Any = None  # which of them are open (frames.py)
        self.marks: Marks = {}

    def say(self, part: str, name: str, *lines: str) -> None:
        self.names[part] = printable(name)
        self.titles[part] = "\n".join(printable(line) for line in lines if line)


Notes: TypeAlias = Callable[[list[int]], list[str]]


def drawing_of(
    graph: Graph, options: Options, marks: Marks | None = None, notes: Notes | None = None,
    opened: int | None = None,
) -> Drawing:  # fmt: skip
    """The graph as DOT, folded if it is large.

    marks: what to point out (``health_marks.py``). notes: gives further lines of a box's label, as
    ``number_line`` makes them, from the list of its nodes. opened: a node whose group is taken
    apart although the graph is folded.
    """
    marks = marks_for(graph, options) if marks is None else marks
    drawn = sum(1 for node in graph if not node.is_number)
    if options.fold or (options.fold is None and drawn > options.most):
        return folded_drawing(graph, options, marks, notes, opened)
    drawing = Drawing()
    drawing.marks = marks
    lines = head(options, ordered=drawn <= ORDERED)
    boxes = boxes_of_uses(graph)
    numbers = numbers_of(graph, options.grads) if options.values or options.grads else None
    for node in graph:
        if node.is_number:
            continue  # it stands in its operation's label
        mark = marks.get(node.index)
        label = marked(label_of(node, options, numbers), mark)
        label = "<BR/>".join([label, *(notes([node.index]) if notes else ())])
        drawing.parts[node.index] = sorted(set(boxes[node.index].values())) or [f"n{node.index}"]
        for part in drawing.parts[node.index]:
            again = part != f"n{node.index}"
            lines.append(node_statement(part, node.kind, label, again=again, mark=mark))
            note = "drawn again: the same tensor as above" if again else ""
            why = whys(node, options, numbers) if numbers is not None else []
            drawing.say(part, node.name, *title_of(node), note, *why, *(mark.lines if mark else ()))
    for i, row in enumerate(graph.input_lists):
        for j in row:
            if not graph.at(j).is_number:
                lines.append(f"  {boxes[j][i]} -> n{i};")
    note_above(lines, numbers)
    drawing.dot = "\n".join([*lines, "}\n"])
    return drawing


def boxes_of_uses(graph: Graph) -> list[dict[int, str]]:
    """For each node, its box for each node that uses it: {user: box}.

    Nearly always that is one box. But a weight that every round of a loop uses would be at the top
    of the picture, with a line across it to every round; so it is drawn anew, dashed, near uses
    that are far from the first.
    """
    consumers = graph.consumers()
    above_root = [0] * len(graph)  # operations between a node and the last that depends on it
    for i in reversed(range(len(graph))):
        above_root[i] = 1 + max((above_root[k] for k in consumers[i]), default=0)
    boxes: list[dict[int, str]] = []
    for i, users in enumerate(consumers):
        names = {}
        copies, start = 0, None
        for k in sorted(users, key=lambda k: -above_root[k]):
            if start is None:
                start = above_root[k]
            elif start - above_root[k] > FAR and not graph.input_lists[i]:
                start, copies = above_root[k], copies + 1
            names[k] = f"n{i}" if copies == 0 else f"n{i}_{copies}"
        boxes.append(names)
    return boxes


def head(options: Options, ordered: bool) -> list[str]:
    # nslimit bounds the time spent on straight lines, which is minutes for some graphs otherwise.
    return [
        "digraph {",
        f"  rankdir={options.direction}; bgcolor=transparent; nodesep=0.3; ranksep=0.35; "
        f"pad=0.1; nslimit=2;{' ordering=in;' if ordered else ''}",
        f'  node [fontname="{FONT}", fontsize=13, fontcolor="{TEXT}", margin="0.16,0.08", '
        "height=0.3, width=0.4];",
        f'  edge [color="{LINE}", penwidth=1.4, arrowsize=0.75];',
    ]


def node_statement(
    name: str, kind: str, label: str, folded: bool = False, again: bool = False,
    mark: Mark | None = None,
) -> str:  # fmt: skip
    look = LOOKS[kind] if mark is None else mark.look
    shape, style = (FOLDED_SHAPE, "filled") if folded else (look.shape, look.style)
    if again:
        style += ",dashed"
    return (
        f"  {name} [id={name}, label=<{label}>, class={kind}, shape={shape}, "
        f'style="{style}", fillcolor="{look.fill}", color="{look.border}", '
        f'penwidth={look.width}, margin="{look.margin}"];'
    )


def marked(label: str, mark: Mark | None) -> str:
    """The label with what is to be pointed out, a line each."""
    if mark is None:
        return label
    return "<BR/>".join([label, *[bold(f"! {said}") for said in mark.lines]])


# --- labels ------------------------------------------------------------------------------------


def label_of(node: GraphNode, options: Options, numbers: Numbers | None) -> str:
    """A node's label: name, operation, and what the options ask for, a line each."""
    op = op_text(node)
    if node.op is None or not automatic(node):
        lines = [bold(node.name)]
        if op:
            lines.append(line(op))
    else:
        lines = [bold(op)]
    if options.shapes or options.dtypes:
        facts = []
        if options.dtypes and node.dtype is not None:
            facts.append(node.dtype.name)
        if options.shapes and node.shape is not None:
            facts.append(str(list(node.shape)) if node.shape else "scalar")
        if facts:
            lines.append(faint(" ".join(facts)))
    if options.formulas and node.formula:
        lines.append(line(plain(node.formula), 11))
    if numbers is not None:
        for said in number_lines(node, options, numbers):
            before = faint(said.before) if said.before else ""
            lines.append(before + line(said.text, 11) if said.known else faint(said.text))
    if options.sources and node.source is not None:
        lines.append(code(f"{node.source[1]}: {node.source[2]}"))
    return "<BR/>".join(lines)


def automatic(node: GraphNode) -> bool:
    """Whether the node's name was made from its operation's."""
    return re.fullmatch(re.escape(node.op or "") + r"(_\d+)?", node.name) is not None


def op_text(node: GraphNode) -> str:
    """``mm``, ``clamp(min=0)``, ``mul(·, 2)``: numbers and parameters, but not the arrows."""
    if node.op is None:
        return ""
    inputs = node.inputs
    arguments = []
    if any(i.is_number for i in inputs):
        arguments = [i.label if i.is_number else "·" for i in inputs]
    arguments += written_out(params_text(node))
    if node.output is not None:
        return f"{node.op}[{node.output}]"
    inside = shorten(", ".join(arguments), 24)
    return f"{node.op}({inside})" if inside else node.op


def text(raw: str, most: int = LONGEST) -> str:
    """Any text as the content of an HTML-like label: escaped, on one line, not too long."""
    safe = escape(shorten(printable(raw), most), quote=True)
    # Graphviz replaces \N by the node's name, and so on, unless a tag stands in between.
    return re.sub(r"\\([NGLEHT])", rf'\\<FONT COLOR="{TEXT}">\1</FONT>', safe)


def bold(raw: str) -> str:
    return f"<B>{text(raw)}</B>"


def line(raw: str, size: int = 12) -> str:
    return f'<FONT POINT-SIZE="{size}">{text(raw)}</FONT>'


def number_line(raw: str, colour: str) -> str:
    return f'<FONT POINT-SIZE="12" COLOR="{colour}">{text(raw)}</FONT>'


def faint(raw: str) -> str:
    return f'<FONT POINT-SIZE="11" COLOR="{FAINT}">{text(raw)}</FONT>'


def code(raw: str) -> str:
    return f'<FONT FACE="{CODE_FONT}" POINT-SIZE="10" COLOR="{FAINT}">{text(raw)}</FONT>'


def title_of(node: GraphNode) -> list[str]:
    """What a pointer over the node is told, line by line."""
    return [node.kind, line_of(node), plain(node.formula)]


# --- folded graphs -----------------------------------------------------------------------------


def folded_drawing(
    graph: Graph, options: Options, marks: Marks, notes: Notes | None = None,
    opened: int | None = None,
) -> Drawing:  # fmt: skip
    drawing = Drawing()
    drawing.marks = marks
    drawing.folded = folded = fold(graph, options.most, opened)
    lines = head(options, ordered=False)
    numbers = numbers_of(graph, options.grads) if options.values or options.grads else None
    for group in folded.groups:
        node, part = graph.at(group.first), f"g{group.number}"
        mark = joined(marks, group.members)
        also = mark.lines if mark else ()
        more = notes(group.members) if notes else []
        for i in group.members:
            drawing.parts[i] = [part]
        if group.count == 1:
            label = "<BR/>".join([marked(label_of(node, options, numbers), mark), *more])
            lines.append(node_statement(part, group.kind, label, mark=mark))
            drawing.say(part, node.name, *title_of(node), *also)
        else:
            label = "<BR/>".join([marked(group_label(group, node), mark), *more])
            lines.append(node_statement(part, group.kind, label, folded=True, mark=mark))
            name = group_name(group, node)
            drawing.say(part, name, " ".join([group.name, name, where(group)]).strip(), *also)
    repeats = False
    for a, b in folded.links:
        # A group that uses its own results, or those of a later one: the next repetition.
        if a == b and not folded.groups[a].is_one_expression:
            continue  # inside the box
        repeats = repeats or a >= b
        style = "" if a < b else " [style=dashed]" if a == b else (
            " [style=dashed, constraint=false]")  # fmt: skip
        lines.append(f"  g{a} -> g{b}{style};")
    note_above(lines, numbers, caption(folded, repeats))
    drawing.dot = "\n".join([*lines, "}\n"])
    return drawing


def caption(folded: Folded, repeats: bool) -> str:
    said = f"{folded.n:,} nodes folded into {len(folded.groups)}: {folded.rule}"
    if repeats:
        said += "; dashed arrows lead to the next repetition"
    return above(said)


def above(said: str) -> str:
    """Words over a picture, on a ground of their own."""
    fill = LOOKS["op"].fill
    return (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="5" BGCOLOR="{fill}"><TR><TD>'
        f'<FONT POINT-SIZE="11" COLOR="{TEXT}">{text(said, 200)}</FONT></TD></TR></TABLE>'
    )


def note_above(lines: list[str], numbers: Numbers | None, *said: str) -> None:
    """What concerns the whole picture, such as that its numbers are too many to compute again."""
    labels = [*said, *(above(note) for note in (numbers.notes if numbers else ()))]
    if labels:
        label = labels[0] if len(labels) == 1 else "".join(
            f'<TABLE BORDER="0" CELLBORDER="0"><TR><TD>{"</TD></TR><TR><TD>".join(labels)}'
            "</TD></TR></TABLE>")  # fmt: skip
        lines.insert(1, f'  labelloc=t; fontname="{FONT}"; label=<{label}>;')


def group_name(group: Group, node: GraphNode) -> str:
    """``mul × 998``, or several operations."""
    if not group.ops:
        return f"{group.name or node.kind} × {group.count:,}"
    common = group.ops.most_common(4)
    names = ", ".join(f"{op} × {n:,}" if n > 1 else op for op, n in common)
    more = len(group.ops) - len(common)
    return names + (f" and {more} more" if more else "")


def where(group: Group) -> str:
    """``line 12``, ``lines 12–14``, with the file if there are several."""
    said = []
    for file, numbers in list(group.lines.items())[:2]:
        low, high = min(numbers), max(numbers)
        place = f"line {low}" if low == high else f"lines {low}–{high}"
        short_file = file.replace("\\", "/").rsplit("/", 1)[-1]
        said.append(place if len(group.lines) == 1 else f"{place} of {short_file}")
    return ", ".join(said) + (" …" if len(group.lines) > 2 else "")


def group_label(group: Group, node: GraphNode) -> str:
    lines = [bold(group_name(group, node))]
    if group.ops and group.name and not automatic(node):
        lines = [bold(group.name), line(group_name(group, node))]
    if where(group):
        lines.append(line(where(group), 11))
    if len(group.shapes) == 1 and node.shape is not None:
        lines.append(faint(str(list(node.shape)) if node.shape else "scalar"))
    return "<BR/>".join(lines)
