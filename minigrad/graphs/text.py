"""A graph as text, as JSON and as a networkx graph.

The JSON schema, version 1::

    {"format": "minigrad-graph", "version": 1,
     "roots": [node id, ...],
     "nodes": [{"id": 0, 1, 2 ... in topological order,
                "name": str, "aliases": [str, ...],
                "kind": "leaf" | "constant" | "op" | "root",
                "op": str | null, "params": {name: text}, "output": int | null,
                "shape": [int, ...] | null, "dtype": "float32" | ... | null,
                "formula": LaTeX, "vjp_formulas": {input: LaTeX},
                "source": {"file": str, "line": int, "text": str} | null,
                "inputs": [node id, ...],
                "value": numbers | null, "grad": numbers | null}, ...]}

Numbers are nested lists as of ``Tensor.tolist()``, with "NaN", "Infinity" and "-Infinity" as text
and complex numbers as [real, imaginary]. New versions only add keys.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from typing import Any

from ..core.tensor import Tensor
from ..faithful.hang_on import hang_on
from .recorded_graph import Graph, GraphNode
from .spelling import value_text, written_out, written_params

LONGEST_SOURCE = 100  # characters of a line of source
MAX_NUMBERS = 10_000  # elements of a tensor that are written into JSON


@hang_on(Graph)
class AsText:
    """What a graph is in words and as data."""

    def __repr__(self: Any) -> str:
        return headline(self)

    def describe(self: Any, limit: int | None = 200) -> str:
        """The graph as text, one line a node: name, operation(inputs), shape, dtype, source.

        limit: the most lines for nodes; those in the middle are left out, and counted. None: all.
        """
        return describe(self, limit)

    def to_json(self: Any, values: bool = False, indent: int | None = None) -> str:
        """The graph as JSON text; the schema is in :mod:`minigrad.graphs.text`.

        values: with the numbers of values and gradients of up to 10,000 elements.
        """
        return to_json(self, values, indent)

    def to_networkx(self: Any) -> Any:
        """A ``networkx.MultiDiGraph``: nodes are names, an edge's ``position`` is the input's.

        A node has as attributes the texts ``kind``, ``op``, ``shape`` (such as "[2, 3]"),
        ``dtype``, ``file``, ``source`` and the number ``line``, empty and 0 where there is none:
        what GraphML, GEXF and JSON can hold. The objects are in the graph: ``graph[name].shape``.

        Raises ImportError if networkx is not installed (it is optional).
        """
        return to_networkx(self)


@hang_on(GraphNode)
class NodeAsText:
    def __repr__(self: Any) -> str:
        return f"<{self.kind} {line_of(self)}>"


# --- as text -------------------------------------------------------------------------------------


def headline(graph: Graph) -> str:
    """The graph in one line."""
    ops = len(graph) - len(graph.inputs)
    inputs = some_names([n for n in graph.inputs if not n.is_number])
    roots = some_names(graph.roots)
    if not graph.roots:
        return f"Part of a graph({inputs}: {ops:,} operations)"
    if not ops:
        return f"Graph({roots}: no operations)"
    return f"Graph({inputs} -> {roots}: {ops:,} operation{'s' if ops > 1 else ''})"


def some_names(nodes: list[GraphNode], most: int = 6) -> str:
    names = [printable(n.name) for n in nodes[:most]]
    return ", ".join(names) + (f", ... ({len(nodes):,})" if len(nodes) > most else "")


def describe(graph: Graph, limit: int | None = 200) -> str:
    """One line a node, in columns (see Graph.describe)."""
    shown = [n.index for n in graph if not n.is_number]  # numbers stand in their operations
    n = len(shown)
    if limit is not None and n > limit:
        half = max(limit // 2, 1)
        shown = shown[:half] + shown[-half:]
    rows = [row_of(graph.at(i)) for i in shown]
    widths = [min(max(len(row[c]) for row in rows), 40) for c in range(3)]
    lines = ["  ".join([*[c.ljust(w) for c, w in zip(row, widths)], row[3]]).rstrip()
             for row in rows]  # fmt: skip
    if len(shown) < n:
        more = f"... {n - len(shown):,} more nodes: describe(limit=None) shows all ..."
        lines.insert(len(shown) // 2, more)
    return "\n".join([headline(graph), *lines])


def row_of(node: GraphNode) -> tuple[str, str, str, str]:
    """The columns of a node's line: what is computed, shape, dtype, where."""
    shape = "" if node.shape is None else str(list(node.shape))
    dtype = "" if node.dtype is None else node.dtype.name
    source = node.source
    where = "" if source is None else f"line {source[1]}: {source[2]}".removesuffix(": ")
    return computed(node), shape, dtype, shorten(printable(where), LONGEST_SOURCE)


def line_of(node: GraphNode) -> str:
    return "  ".join(part for part in row_of(node) if part)


def computed(node: GraphNode) -> str:
    """``name = op(inputs, parameters)``."""
    name = printable(node.name)
    if node.op is None:
        return f"{name} = {node.kind}"
    arguments = [printable(i.label) for i in node.inputs]
    arguments += written_out(params_text(node))
    which = "" if node.output is None else f"[{node.output}]"
    return f"{name} = {printable(node.op)}({', '.join(arguments)}){which}"


def params_text(node: GraphNode, without: Collection[str] = ()) -> dict[str, str]:
    """The operation's parameters as short text; '' is the name of those written without one."""
    given = {} if node._node is None else written_params(node._node, without)
    return {k: shorten(printable(value_text(k, v)), 40) for k, v in given.items()}


def printable(text: str) -> str:
    """Text on one line: control characters and the like are written as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# --- as data -------------------------------------------------------------------------------------


def to_json(graph: Graph, values: bool = False, indent: int | None = None) -> str:
    """The graph by the schema above."""
    if indent is not None:
        record = {"format": "minigrad-graph", "version": 1, "roots": graph._b.roots,
                  "nodes": [node_record(node, values) for node in graph]}  # fmt: skip
        return json.dumps(record, indent=indent, allow_nan=False)
    # Node by node, so that only one record at a time is there as an object; what nodes of one
    # operation at one place in the source have in common is written once.
    written: dict[Any, str] = {}
    head = f'{{"format": "minigrad-graph", "version": 1, "roots": {json.dumps(graph._b.roots)}, '
    nodes = [node_json(GraphNode(graph, i), values, written) for i in range(len(graph))]
    return f'{head}"nodes": [{", ".join(nodes)}]}}'


def node_json(node: GraphNode, values: bool, written: dict[Any, str]) -> str:
    """``json.dumps(node_record(node, values))``."""
    key, step = node._key, node._node
    common: Any = None  # what decides everything but names, inputs and numbers
    if step is not None and not step.params:
        where = (id(step.code), step.lasti)
        common = (step.op, where, step.shape, step.dtype, node.output, node.kind)
    elif node.kind == "constant":
        common = (key.name, key.shape, str(key.dtype))
    middle = written.get(common)
    if middle is None:
        record = node_record(node, False)
        for part in ("id", "name", "aliases", "inputs", "value", "grad"):
            del record[part]
        middle = json.dumps(record, allow_nan=False)[1:-1]
        if common is not None:
            written[common] = middle
    value, grad = "null", "null"
    if values:
        value = json.dumps(numbers(node.value), allow_nan=False)
        grad = json.dumps(numbers(node.grad), allow_nan=False)
    aliases = json.dumps(list(node.aliases)) if node.aliases else "[]"
    return (
        f'{{"id": {node.index}, "name": {json.dumps(node.name)}, "aliases": {aliases}, {middle}, '
        f'"inputs": {list(node._graph._b.inputs[node.index])}, "value": {value}, "grad": {grad}}}'
    )


def node_record(node: GraphNode, values: bool) -> dict[str, Any]:
    source = node.source
    return {
        "id": node.index,
        "name": node.name,
        "aliases": list(node.aliases),
        "kind": node.kind,
        "op": node.op,
        "params": params_text(node),
        "output": node.output,
        "shape": None if node.shape is None else list(node.shape),
        "dtype": None if node.dtype is None else node.dtype.name,
        "formula": node.formula,
        "vjp_formulas": node.vjp_formulas,
        "source": None if source is None else dict(zip(("file", "line", "text"), source)),
        "inputs": [i.index for i in node.inputs],
        "value": numbers(node.value) if values else None,
        "grad": numbers(node.grad) if values else None,
    }


def numbers(t: Tensor | None) -> Any:
    """A tensor's numbers for JSON; None if there are none or too many."""
    if t is None or t.numel() > MAX_NUMBERS:
        return None
    return plain(t.tolist())


def plain(value: Any) -> Any:
    """Nested lists (as deep as a tensor has dimensions) with every number in strict JSON."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def to_networkx(graph: Graph) -> Any:
    """The graph for networkx's algorithms."""
    try:
        import networkx
    except ImportError as error:
        raise ImportError(
            "No module named 'networkx': Graph.to_networkx() needs it, and it is optional; "
            "install it with: pip install networkx"
        ) from error
    made = networkx.MultiDiGraph()
    names = [printable(node.name) for node in graph]  # XML has no place for control characters
    for node, name in zip(graph, names):
        made.add_node(name, **plain_attributes(node))
    for i, row in enumerate(graph.input_lists):
        for position, j in enumerate(row):
            made.add_edge(names[j], names[i], position=position)
    return made


def plain_attributes(node: GraphNode) -> dict[str, str | int]:
    """What is known about a node in texts and numbers only."""
    file, line, source = node.source or ("", 0, "")
    return {
        "kind": node.kind,
        "op": printable(node.op or ""),
        "shape": "" if node.shape is None else str(list(node.shape)),
        "dtype": "" if node.dtype is None else node.dtype.name,
        "file": printable(file),
        "line": line,
        "source": printable(source),
    }
