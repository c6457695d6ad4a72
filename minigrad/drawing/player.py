"""The step player: a recorded tape as a page that plays itself, with no kernel and no network.

The page is one HTML fragment: a picture and the tape as text, which is all there is where scripts
do not run, then the data as JSON and a script (``assets/player.js``) that shows them in a shadow
root, so that neither styles nor ids meet those of the page or of another player. Every text comes
from Python escaped or is set as text, never as markup. The same tape gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from html import escape
from importlib import resources
from os import PathLike
from typing import Any

from ..graphs.paths import was_stretched
from ..graphs.recorded_graph import Graph, GraphNode
from ..graphs.text import computed, printable, shorten
from ..tape.snapshot import Snapshot
from ..tape.tape import Iteration, Step, Tape, in_short, line_of_step, number_text
from .dot import Drawing, number_line
from .drawn import drawing_for
from .explain_terms import letter_of
from .frames import Opened
from .opening import views
from .player_math import mathml
from .render import DrawingError, finished, render, svg_address
from .style import FAINT, GRADIENT, VALUE, options_of

MOST_NODES = 40  # a larger graph starts folded
MOST_UNFOLDED = 300  # and can be unfolded up to here
MOST_OPENINGS = 8  # folded boxes that can be opened by themselves
MOST_ITERATIONS = 30
MOST_PLAYED = 600  # steps of all iterations, about: it keeps files small
MOST_STEPS = 400  # of an iteration; of what is repeated more often, the ends are played
LONGEST_TEXT = 60  # lines of the tape as text, where scripts do not run
FEW = 6  # numbers of a large tensor that are shown
ROWS, COLUMNS = 6, 5  # a tensor that fits is shown whole; a vector fills lines of ACROSS numbers
ACROSS = 4
LONGEST_NUMBER = 22  # characters in a node

Data = dict[str, Any]


class Player:
    """A tape that plays itself in Jupyter: ``tape.show(direction="TB")``.

    Options are those of pictures (:class:`minigrad.drawing.style.Options`) that concern the layout:
    ``direction``, ``most`` (nodes from which on the graph starts folded), ``fold`` and ``shapes``.
    """

    def __init__(self, tape: Tape, **options: Any) -> None:
        self.tape = tape
        self.options = {"direction": "LR", "most": MOST_NODES, **options}
        options_of(self.options)  # refuse unknown ones now
        self._html: str | None = None

    @property
    def description(self) -> str:
        """The tape as text."""
        return self.tape.describe()

    @property
    def html(self) -> str:
        """The player as an HTML fragment."""
        if self._html is None:
            self._html = fragment(self.tape, self.options)
        return self._html

    def save(self, path: str | PathLike[str]) -> None:
        """Write it to an .html file, or as an animation to a .gif or .webp: as ``tape.save``."""
        self.tape.save(path, **self.options)

    def __repr__(self) -> str:
        return f"<player of {self.tape!r}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if not self.tape.steps:
            return {"text/plain": self.description}
        try:
            return {"text/html": self.html, "text/plain": self.description}
        except DrawingError as error:
            return {"text/plain": f"{self.description}\n\n(no player: {error})"}


def fragment(tape: Tape, options: dict[str, Any]) -> str:
    """The HTML of a player."""
    sheet = Sheet(tape, options)
    data = sheet.data()
    first = data["graphs"][0]
    static = first["pictures"][0].pop("svg")
    title = printable(repr(tape))
    text = tape.describe(limit=LONGEST_TEXT)
    # Only "<" can end a script early, and JSON has it in strings only.
    packed = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    packed = packed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return (
        f'<div class="minigrad-player" data-lm-suppress-shortcuts="true" '
        f'data-player="{sheet.mark(packed)}">\n'
        f'<div class="minigrad-static" style="overflow-x:auto">{image(static, title)}</div>\n'
        f"<details><summary>{escape(title)}</summary>\n"
        f'<pre style="overflow-x:auto">{escape(text)}</pre>\n</details>\n'
        f'<script type="application/json">{packed}</script>\n'
        f"<script>\n{asset('player.js').replace('/*CSS*/', css())}</script>\n</div>"
    )


def image(svg: str, title: str) -> str:
    """The picture where scripts do not run.

    JupyterLab removes an SVG's tags from a notebook that it does not trust, but shows an image.
    """
    return (
        f'<img style="max-width:100%" alt="{escape(title)}: the graph with all values and '
        f'gradients; the steps follow as text" src="{svg_address(svg)}">'
    )


@lru_cache(maxsize=4)
def asset(name: str) -> str:
    return (resources.files("minigrad.drawing") / "assets" / name).read_text(encoding="utf-8")


def css() -> str:
    """The style sheet as the inside of a JavaScript template string."""
    lines = [line.strip() for line in asset("player.css").splitlines()]
    return " ".join(line for line in lines if line).replace("\\", "\\\\").replace("`", "\\`")


# --- the data of a player ------------------------------------------------------------------------


class Sheet:
    """Collects what the script needs; numbers and formulas that occur again are stored once."""

    def __init__(self, tape: Tape, options: dict[str, Any]) -> None:
        self.tape = tape
        self.options = options
        self.snapshots: list[Data] = []
        self.formulas: list[str] = []
        self._snapshot_at: dict[int, int] = {}
        self._formula_at: dict[str, int] = {}
        self._graph_at: dict[int, int] = {}
        longest = max(len(it.steps) for it in tape.iterations)
        fit = MOST_PLAYED // min(longest, MOST_STEPS)
        self.iterations = some(tape.iterations, max(3, min(MOST_ITERATIONS, fit)))

    def mark(self, packed: str) -> str:
        return "mg-" + hashlib.sha256(packed.encode()).hexdigest()[:10]

    def data(self) -> Data:
        graphs: list[Data] = []
        for it in self.iterations:
            if id(it.graph) not in self._graph_at:
                self._graph_at[id(it.graph)] = len(graphs)
                same = [other for other in self.iterations if other.graph is it.graph]
                graphs.append(self.graph(it.graph, same))
        made = [self.iteration(it) for it in self.iterations]
        return {
            "title": printable(repr(self.tape)),
            "total": len(self.tape),
            "graphs": graphs,
            "iterations": made,
            "numbers": self.snapshots,
            "formulas": self.formulas,
            "losses": losses(self.tape),
        }

    # --- graphs --------------------------------------------------------------------------

    def graph(self, graph: Graph, iterations: list[Iteration]) -> Data:
        seen = views(
            self.drawing(graph, iterations, {}),
            lambda opened: self.drawing(graph, iterations, {}, frames=opened),
        )
        drawings = [view.drawing for view in seen]
        openings: dict[int, int] = {}  # the number of the picture in which a group is open
        folded, whole = drawings[0].folded, None
        if (folded is not None or len(seen) > 1) and len(graph) <= MOST_UNFOLDED:
            whole = len(drawings)
            drawings.append(self.drawing(graph, iterations, {"fold": False, "detail": True}))
        if folded is not None:
            for group in [g for g in folded.groups if g.count > 1][:MOST_OPENINGS]:
                openings[group.first] = len(drawings)
                drawings.append(self.drawing(graph, iterations, {"fold": True}, group.first))

        spoken: set[int] = set()  # nodes that are spoken of; of a large graph not all are
        for it in iterations:
            for step in self.steps(it):
                spoken.update({step._index, *(i for _, _, i in step._went_in)})
                spoken.update(() if step._via is None else (step._via,))
        pictures: list[Data] = []
        for drawing in drawings:
            groups = groups_of(drawing, openings if drawing is drawings[0] else {})
            spoken.update(i for group in groups for i in group["members"])
            spoken.update({parts[0]: i for i, parts in reversed(drawing.parts.items())}.values())
            toggles = seen[len(pictures)].toggles if len(pictures) < len(seen) else []
            pictures.append({"svg": picture(drawing, graph), "groups": groups,
                             "frames": [toggle._asdict() for toggle in toggles]})  # fmt: skip
        nodes = sorted(spoken)
        for made, drawing in zip(pictures, drawings):
            made["parts"] = {str(i): drawing.parts.get(i, []) for i in nodes}
        return {
            "nodes": {str(i): self.node(graph.at(i)) for i in nodes},
            "pictures": pictures,
            "whole": whole,
        }

    def drawing(
        self, graph: Graph, iterations: list[Iteration], more: Data, opened: int | None = None,
        frames: Opened | None = None,
    ) -> Drawing:  # fmt: skip
        """The graph with room in each box for its value and its gradient."""

        updated: list[dict[int, Snapshot]] = [
            {s._index: s._value for s in it.steps if s.kind == "update" and s._value is not None}
            for it in iterations
        ]

        def longest(known: list[dict[int, Snapshot]], nodes: list[int]) -> str:
            found = [in_node(values[i]) for values in known for i in ends(nodes, 6) if i in values]
            return max(found, key=len, default="")

        def notes(nodes: list[int]) -> list[str]:
            nodes = [i for i in nodes if graph.input_lists[i]] or nodes  # not a module's parameters
            value = longest([*(it.values for it in iterations), *updated], nodes)
            grad = longest([it.grads for it in iterations], nodes)
            lines = [number_line(value, VALUE)] if value else []
            return [*lines, number_line("∇ " + grad, GRADIENT)] if grad else lines

        options = options_of({**self.options, **more})
        return drawing_for(graph, options, {}, notes, opened, frames)

    def node(self, node: GraphNode) -> Data:
        formulas = node.vjp_formulas
        made: Data = {
            "name": printable(node.label),
            "kind": node.kind,
            "is": printable(computed(node) if node.op else node.label),
            "shape": "" if node.shape is None else str(list(node.shape)),
            "dtype": "" if node.dtype is None else node.dtype.name,
            "inputs": [i.index for i in node.inputs],
        }
        if node.formula:
            made["formula"] = self.formula(node.formula)
        if formulas:
            made["vjps"] = [[name, self.formula(with_left_side(name, summed(node, name, f)))]
                            for name, f in formulas.items() if f]  # fmt: skip
        if node.source is not None:
            made["source"] = source_text(node.source)
        if node.aliases:
            made["aliases"] = [printable(name) for name in node.aliases[:4]]
        return made

    # --- steps ---------------------------------------------------------------------------

    def iteration(self, it: Iteration) -> Data:
        forward = {s._index for s in it.steps if s.kind == "forward"}
        given = {i: s for i, s in it.values.items() if i not in forward}
        return {
            "graph": self._graph_at[id(it.graph)],
            "number": it.number + 1,
            "loss": None if it.loss is None else number_text(it.loss, 6),
            "given": {str(i): self.snapshot(s) for i, s in list(given.items())[:MOST_STEPS]},
            "steps": [self.step(s) for s in self.steps(it)],
        }

    def steps(self, it: Iteration) -> list[Step]:
        """The steps that are played."""
        return it.steps if len(it.steps) <= MOST_STEPS else thinned(it.steps)

    def step(self, step: Step) -> Data:
        made: Data = {"kind": step.kind[0], "node": step._index, "number": step.number + 1,
                      "say": line_of_step(step, source=False)}  # fmt: skip
        if step._via is not None:
            made["via"] = step._via
        formula = formula_of(step)
        if formula:
            made["formula"] = self.formula(formula)
        for name, snapshot in step.snapshots.items():
            made[name] = self.snapshot(snapshot)
        made["in"] = [
            [self.formula(spelled(symbol, what, formula)), what, node.index,
             None if s is None else self.snapshot(s)]
            for symbol, what, node, s in step.went_in
        ]  # fmt: skip
        if step.rate is not None:
            made["symbols"] = [self.formula(r"w"), self.formula(r"\bar w")]
        if step.optimizer:
            made["by"] = step.optimizer
        if step.source is not None:
            made["source"] = source_text(step.source)
        return made

    # --- what is stored once -------------------------------------------------------------

    def formula(self, latex: str) -> int:
        i = self._formula_at.get(latex)
        if i is None:
            i = self._formula_at[latex] = len(self.formulas)
            self.formulas.append(mathml(latex))
        return i

    def snapshot(self, s: Snapshot) -> int:
        i = self._snapshot_at.get(id(s))  # the tape keeps it alive, so the id is its own
        if i is None:
            i = self._snapshot_at[id(s)] = len(self.snapshots)
            self.snapshots.append(numbers_of(s))
        return i


def groups_of(drawing: Drawing, openings: dict[int, int]) -> list[Data]:
    """The boxes of a picture that stand for several nodes: folded ones, and closed frames."""
    if drawing.folded is not None:
        return [
            {"part": f"g{group.number}", "count": group.count, "members": ends(group.members, 20),
             "name": drawing.names.get(f"g{group.number}", ""), "open": openings.get(group.first)}
            for group in drawing.folded.groups if group.count > 1
        ]  # fmt: skip
    inside: dict[str, list[int]] = {}
    for i, parts in drawing.parts.items():
        if parts[0][0] == "f" and drawing.opened is not None:
            inside.setdefault(parts[0], []).append(i)
    return [
        {"part": part, "count": len(nodes), "members": ends(nodes, 20), "open": None,
         "name": drawing.names.get(part, "")}
        for part, nodes in inside.items() if len(nodes) > 1
    ]  # fmt: skip


def numbers_of(s: Snapshot) -> Data:
    shape = list(s.shape)
    made: Data = {"short": in_node(s), "shape": str(shape) if shape else "scalar",
                  "dtype": getattr(s.dtype, "name", str(s.dtype))}  # fmt: skip
    is_matrix = len(shape) > 1 and s.size > shape[-1]
    columns = max(shape[-1], 1) if is_matrix else min(max(s.size, 1), ACROSS)
    if s.size <= ROWS * columns and columns <= COLUMNS:
        made["all"] = [number_text(v, 6) for v in s.summary.first]
        made["columns"] = columns
    else:
        made["all"] = [number_text(v, 4) for v in s.summary.first[:FEW]]
        made["more"] = s.size - FEW
    said = s.summary
    if said.heat and s.size > 3:
        made["range"] = [number_text(v, 4) for v in (said.low, said.mean, said.high)]
        made["heat"] = said.heat
    if said.bad:
        made["bad"] = said.bad
    return made


def in_node(s: Snapshot) -> str:
    """Numbers as they are written in a node: all, or the range, in a few characters."""
    text, said = in_short(s), s.summary
    if len(text) <= LONGEST_NUMBER and s.size <= 6:
        return text
    if said.low is None:
        return shorten(text, LONGEST_NUMBER)
    if said.low == said.high:
        return f"all {number_text(said.low, 3)}"
    return f"{number_text(said.low, 3)} … {number_text(said.high, 3)}"


def formula_of(step: Step) -> str:
    """The step's formula as an equation, in LaTeX; '' if it has none."""
    if step.kind != "backward" or step.via is None:
        return step.formula
    symbol = letter_of(step.via, step.position) if "" not in step.via.vjp_formulas else ""
    return with_left_side(symbol, summed(step.via, symbol, step.formula))


def summed(node: GraphNode, symbol: str, formula: str) -> str:
    """The vjp's formula of input ``symbol``, in a sum if broadcasting had stretched that input."""
    letters = [letter_of(node, i) for i in range(len(node.inputs))]
    if not formula or symbol not in letters or not was_stretched(node, letters.index(symbol)):
        return formula
    return rf"{{\textstyle\sum}}\left({formula}\right)"


def with_left_side(symbol: str, formula: str) -> str:
    r"""A vjp's formula as an equation: ``\bar x = ...``.

    >>> with_left_side("b", r"A^\top \bar Y")
    '\\bar B = A^\\top \\bar Y'
    """
    if not formula or not symbol or re.search(r"(?<!\\)=", formula):
        return formula
    return rf"\bar {upper_if(symbol, formula)} = {formula}"


def upper_if(symbol: str, formula: str) -> str:
    """The symbol as the formula writes it: matrices are capital letters there."""
    if len(symbol) != 1 or not symbol.isalpha():
        return rf"\text{{{symbol}}}" if len(symbol) > 1 and "_" not in symbol else symbol
    letters = re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", formula)
    capitals = [c for c in letters if c.isupper() and c not in "TH"]
    return symbol.upper() if symbol not in letters and capitals else symbol


def spelled(symbol: str, what: str, formula: str) -> str:
    """What the formula calls a number that went in."""
    letter = upper_if(symbol, formula)
    return rf"\bar {letter}" if what == "grad" else letter


def source_text(source: tuple[str, int, str]) -> list[Any]:
    """[file or '', line number, text]. A notebook's cell has a file name of the moment only."""
    file, line, text = source
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    known = name.endswith(".py") and "ipykernel" not in file and not name.startswith("<")
    return [printable(name) if known else "", line, shorten(printable(text), 160)]


def picture(drawing: Drawing, graph: Graph) -> str:
    """The SVG with classes at what changes: values, gradients, and edges' ends."""
    raw = render(drawing.dot, "svg").decode("utf-8")
    raw = re.sub(
        r'<g id="(edge\d+)" class="edge">\n<title>(\w+)&#45;&gt;(\w+)</title>',
        r'<g id="\1" class="edge" data-from="\2" data-to="\3">\n<title>\2&#45;&gt;\3</title>',
        raw,
    )
    raw = re.sub(r'<g id="(\w+)" class="cluster', r'<g id="\1" data-part="\1" class="cluster', raw)
    raw = re.sub(r'<g id="(\w+)" class="node', r'<g id="\1" data-part="\1" class="node', raw)
    for colour, name in ((VALUE, "mg-value"), (GRADIENT, "mg-grad"), (FAINT, "mg-faint")):
        raw = re.sub(f'<text ([^>]*) fill="{colour}"',
                     rf'<text class="{name}" \1 fill="{colour}"', raw)  # fmt: skip
    title = f"Graph of {', '.join(printable(r.name) for r in graph.roots[:6])}"
    return finished(raw, drawing, title, graph.describe(limit=20))


def losses(tape: Tape) -> list[Data]:
    """Loss curves, one for each name of a root: points (iteration, number)."""
    curves: dict[str, list[list[Any]]] = {}
    for it in tape.iterations:
        if it.loss is not None and it.loss == it.loss and abs(it.loss) != float("inf"):
            point = [it.number + 1, float(f"{it.loss:.6g}")]
            curves.setdefault(printable(it.root.name), []).append(point)
    return [{"name": name, "points": ends(points, 1000)} for name, points in curves.items()]


# --- leaving out ---------------------------------------------------------------------------------


def ends(items: list[Any], most: int) -> list[Any]:
    """The items, or of many the first and the last ``most / 2``."""
    return items if len(items) <= most else items[: most // 2] + items[-(most // 2) :]


def some(items: list[Any], most: int) -> list[Any]:
    """The items, or ``most`` of them: the first ones, the last, and some in between."""
    if len(items) <= most:
        return items
    first = most // 3
    rest = most - first
    step = (len(items) - 1 - first) / (rest - 1)
    return items[:first] + [items[first + round(k * step)] for k in range(rest)]


def thinned(steps: list[Step]) -> list[Step]:
    """Of steps that the same expression repeats, the first two and the last two."""
    kinds: dict[Any, list[Step]] = {}
    for s in steps:
        about = s.via or s.node
        kinds.setdefault((s.kind, id(about.place), about.op, s.position), []).append(s)
    kept = [s for same in kinds.values() for s in ends(same, 4)]
    return some(sorted(kept, key=lambda s: s.number), MOST_STEPS)
