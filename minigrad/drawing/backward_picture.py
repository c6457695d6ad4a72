"""The backward graph itself as DOT: ``graph(loss).show(backward=True)``.

A graph's usual picture shows the tensors of the forward pass. This one shows what the backward pass
walks: each box is a ``grad_fn`` under PyTorch's name, with the formulas that turn the gradient of
its result into those of its inputs, and with what it saved for them. The arrows lead from the root
to the leaves, as the gradients flow; at a leaf they end in its ``AccumulateGrad``, which adds what
arrives to ``.grad``. Constants are not in it: no gradient flows to them.
"""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from ..graphs.backward_graph import flows, key_of, name_of, saved_words
from ..graphs.recorded_graph import Graph, GraphNode
from .dot import (
    Drawing,
    automatic,
    bold,
    caption,
    code,
    faint,
    head,
    line,
    node_statement,
    where,
)
from .fold import Group, fold
from .number_lines import numbers_text
from .plain_math import plain
from .style import FONT, Options


def backward_drawing(graph: Graph, options: Options) -> Drawing:
    """The nodes of the backward pass as DOT, folded if they are many."""
    drawn = sum(1 for node in graph if node.kind != "constant")
    if options.fold or (options.fold is None and drawn > options.most):
        return folded_drawing(graph, options)
    drawing = Drawing()
    boxes = boxes_of(graph)
    lines = head(options, ordered=False)
    for box, node in boxes.values():
        said = words(node, options)
        lines.append(node_statement(box, node.kind, label_of(node, said, options)))
        drawing.say(box, said[0], *said)
    for node in graph:
        if node.kind != "constant":
            drawing.parts[node.index] = [boxes[key_of(node)][0]]
    for box, node in boxes.values():
        for _, below in flows(node):
            lines.append(f"  {box} -> {boxes[key_of(below)][0]};")
    drawing.dot = "\n".join([*lines, "}\n"])
    return drawing


def boxes_of(graph: Graph) -> dict[Any, tuple[str, GraphNode]]:
    """By :func:`key_of`, the box of each node and one of its tensors, from the roots on."""
    boxes: dict[Any, tuple[str, GraphNode]] = {}
    for i in reversed(range(len(graph))):
        node = graph.at(i)
        if node.kind != "constant":
            boxes.setdefault(key_of(node), (f"n{i}", node))
    return boxes


# --- words ---------------------------------------------------------------------------------------


def words(node: GraphNode, options: Options) -> list[str]:
    """What a box says, line by line; first the node's name."""
    total = []
    if options.grads and node.grad is not None:
        total = [f"grad {numbers_text(node.grad)}"]
    if node.op is None:
        return [name_of(node), f"{node.name}.grad += what arrives", *total]
    return [name_of(node), *formulas(node), *total, *saved_words(node)]


def formulas(node: GraphNode) -> list[str]:
    """The vjp of each input that a gradient flows to."""
    written = node.vjp_formulas
    if "" in written:  # all gradients together
        return [part.strip() for part in plain(written[""]).split(";") if part.strip()]
    found = []
    for name in dict.fromkeys(name for name, _ in flows(node)):
        formula = plain(written.get(name, ""))
        if formula:
            whole = "=" in formula.split("where")[0]  # it says itself what it is the gradient of
            found.append(formula if whole else plain(rf"\bar {name}") + " = " + formula)
    return found


def label_of(node: GraphNode, said: list[str], options: Options) -> str:
    """The lines of a box: name, the gradient that arrives, formulas, what was saved."""
    lines = [bold(said[0])]
    facts = []
    if options.dtypes and node.dtype is not None:
        facts.append(node.dtype.name)
    if options.shapes and node.shape is not None and node.output is None:
        facts.append(str(list(node.shape)) if node.shape else "scalar")
    if node.op is not None and node.output is None:
        of = "" if automatic(node) else f" of {node.name}"
        facts.insert(0, plain(r"\bar y") + of + ":" * bool(facts))
    if facts:
        lines.append(faint(" ".join(facts)))
    lines += [faint(each) if each.startswith("saved") else line(each, 11) for each in said[1:]]
    if options.sources and node.source is not None:
        lines.append(code(f"{node.source[1]}: {node.source[2]}"))
    return "<BR/>".join(lines)


# --- folded --------------------------------------------------------------------------------------


def folded_drawing(graph: Graph, options: Options) -> Drawing:
    """The same groups as in the usual picture, and between them the arrows the other way."""
    drawing = Drawing()
    drawing.folded = folded = fold(graph, options.most)
    lines = head(options, ordered=False)
    shown = [group for group in folded.groups if group.kind != "constant"]
    for group in reversed(shown):
        node, part = graph.at(group.first), f"g{group.number}"
        for i in group.members:
            drawing.parts[i] = [part]
        if group.count == 1:
            said = words(node, options)
            label = label_of(node, said, options)
        else:
            said = [group_name(graph, group), where(group)]
            label = "<BR/>".join([bold(said[0]), *([line(said[1], 11)] if said[1] else [])])
        lines.append(node_statement(part, group.kind, label, folded=group.count > 1))
        drawing.say(part, said[0], *said)
    numbers = {group.number for group in shown}
    repeats = False
    for a, b in folded.links:
        if not {a, b} <= numbers or (a == b and not folded.groups[a].is_one_expression):
            continue
        repeats = repeats or a >= b
        style = "" if a < b else " [style=dashed, constraint=false]"
        lines.append(f"  g{b} -> g{a}{style};")
    counted = copy.copy(folded)  # without the constants
    counted.n, counted.groups = sum(group.count for group in shown), shown
    said_above = caption(counted, repeats)
    lines.insert(1, f'  labelloc=t; fontname="{FONT}"; label=<{said_above}>;')
    drawing.dot = "\n".join([*lines, "}\n"])
    return drawing


def group_name(graph: Graph, group: Group) -> str:
    """``MulBackward0 × 998``, or several nodes."""
    found: Counter[str] = Counter()
    for i in group.members:
        found[name_of(graph.at(i))] += 1
    common = found.most_common(4)
    names = ", ".join(f"{name} × {n:,}" if n > 1 else name for name, n in common)
    return names + (f" and {len(found) - 4} more" if len(found) > 4 else "")


