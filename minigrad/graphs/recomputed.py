"""Numbers that nobody kept, computed again: values from the leaves, gradients from the root.

Most tensors in the middle of a graph are let go by the program, and backward() frees what the
operations had saved. Where all that a number was computed from still has the numbers of the forward
pass, it is computed again, by the same operation on the same numbers, and counted as recomputed.
What cannot be had says why.

Nothing that can be noticed is passed over: a tensor that was written to is not used (its version
and the moment of the last write tell). A write that nobody can see, by NumPy into shared memory
say, is found where a held number does not come out again; then its inputs are not believed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.elementwise import Elementwise2
from ..core.node import Node, node_and_output
from ..core.plans import known_plan
from ..core.tensor import Tensor, make
from ..ops.calls import overwritten
from .build import Built
from .flow import FREED, Flow, Term, looking, missing, start_of
from .recorded_graph import Graph, GraphNode

MOST_NODES = 20_000  # a picture computes so many results again at most ...
MOST_NUMBERS = 20_000_000  # ... with so many numbers in all
DOUBTED = "changed since by a write that was not noticed (through NumPy's memory, or .data)"
A_FUNCTION = "an autograd.Function is not run again"


class Numbers:
    """The values and gradients of a graph's nodes, by index, as arrays.

    ``again`` and ``grads_again``: those that were computed again. ``why``: for values that are not
    known the reason; ``why_grads`` for gradients. ``notes``: what concerns the whole graph.
    """

    def __init__(self, values: dict[int, Any]) -> None:
        self.values = values
        self.again: set[int] = set()
        self.why: dict[int, str] = {}
        self.grads: dict[int, Any] = {}
        self.grads_again: set[int] = set()
        self.why_grads: dict[int, str] = {}
        self.notes: list[str] = []


def values_of(graph: Graph, limited: bool = False) -> Numbers:
    """The numbers of every node as far as they can be known.

    limited: of a large graph compute nothing again, so that a picture does not take minutes.
    """
    doubted: set[int] = set()
    while True:
        numbers = Numbers({i: a for i, a in graph._b.arrays() if i not in doubted})
        for i in doubted:
            numbers.why[i] = DOUBTED
        if limited and too_many(graph, numbers):
            return numbers
        with looking():
            wrong = compute_again(graph, numbers)
        if not wrong - doubted:
            return numbers
        doubted |= wrong


def too_many(graph: Graph, numbers: Numbers) -> bool:
    """Whether computing again would take long; then a note says so."""
    missing_ones = [i for i in range(graph._b.first_op, len(graph)) if i not in numbers.values]
    total = sum(int(np.prod(graph.at(i).shape or ())) for i in missing_ones)
    if len(missing_ones) <= MOST_NODES and total <= MOST_NUMBERS:
        return False
    numbers.notes.append(
        f"{len(missing_ones):,} results with {total:,} numbers are not held any more; so many are "
        f"not computed again for a picture (at most {MOST_NODES:,} with {MOST_NUMBERS:,})"
    )
    return True


def compute_again(graph: Graph, numbers: Numbers) -> set[int]:
    """Fill in what is not known. Returns leaves and constants whose numbers cannot be right."""
    values, why, built = numbers.values, numbers.why, graph._b
    wrong: set[int] = set()
    for i, key in enumerate(built.keys):
        if not isinstance(key, (Node, tuple)):
            if i not in values and i not in why:
                why[i] = built.why_unknown(i)
            continue
        node, output = node_and_output(key)
        if i not in values and (overwritten(node) or stale_result(node, output)):
            why[i] = "overwritten since, by a write that is not in the graph"
            continue
        row = built.inputs[i][: len(node.inputs)]
        held = values.get(i)
        if held is not None and not any(j in numbers.again or j < built.first_op for j in row):
            continue
        try:
            arrays = [values[j] for j in row]
        except KeyError as unknown:
            if held is None:
                why[i] = reason(graph, unknown.args[0], why)
            continue
        found, said = run_again(node, output, arrays)
        if held is None:
            if found is None or found.shape != built_shape(key):
                why[i] = said or "it could not be computed again"
            else:
                values[i] = found
                numbers.again.add(i)
        elif found is not None and not alike(found, held):
            wrong |= sources(graph, row, numbers.again)
    return wrong


def stale_result(node: Node, output: int) -> bool:
    """Whether the node has kept its result, and that was written to since."""
    at = len(node.inputs) + output
    if not node.saved or len(node.saved) <= at or not isinstance(node.saved[at], Tensor):
        return False
    return node.saved[at]._version != (node.versions[at] if node.versions else 0)


def built_shape(key: Any) -> Any:
    node, output = node_and_output(key)
    return node.shape[output] if node.op.multi_output else node.shape


def reason(graph: Graph, i: int, why: dict[int, str]) -> str:
    """Why what was computed from node ``i`` is not known."""
    said = why.get(i, "")
    if i < graph._b.first_op:
        return f"{graph.at(i).label}: {said}" if said else f"{graph.at(i).label} is not known"
    return said


def run_again(node: Node, output: int, arrays: list[Any]) -> tuple[Any, str]:
    """(result number ``output`` of the operation on these arrays, '') or (None, why not)."""
    if "_ctx" in node.params:
        return None, A_FUNCTION
    dtype = node.dtype[output] if node.op.multi_output else node.dtype
    if issubclass(node.op, Elementwise2) or node.op.variadic:  # one dtype for all, as at first
        arrays = [a.astype(dtype, copy=False) for a in arrays]
    params = {k: v for k, v in node.params.items() if k[0] != "_"} if node.params else {}
    try:
        y = node.op.forward(*arrays, **params)
    except (ValueError, TypeError, IndexError, NotImplementedError) as error:
        return None, f"it could not be computed again ({error})"
    y = np.asarray(y[output] if node.op.multi_output else y)
    return y.astype(dtype, copy=False), ""


def alike(found: Any, held: Any) -> bool:
    """Whether two results are the same number but for the order in which sums were rounded."""
    if found.shape != held.shape:
        return False
    if found.dtype.kind not in "fc":
        return bool(np.array_equal(found, held))
    with np.errstate(all="ignore"):
        finite = np.abs(held[np.isfinite(held)])
        scale = float(finite.max()) if finite.size else 0.0
        room = 64 * float(np.finfo(found.dtype).eps) * scale
        return bool(np.allclose(found, held, rtol=1e-4, atol=room, equal_nan=True))


def sources(graph: Graph, row: Any, again: set[int]) -> set[int]:
    """The leaves and tensors that these nodes' recomputed numbers came from."""
    found: set[int] = set()
    stack, seen = list(row), set(row)
    while stack:
        j = stack.pop()
        if j < graph._b.first_op:
            if not graph.at(j).is_number:
                found.add(j)
        elif j in again:
            new = [k for k in graph.input_lists[j] if k not in seen]
            seen.update(new)
            stack += new
    return found


# --- gradients -----------------------------------------------------------------------------------


def numbers_of(graph: Graph, grads: bool = False) -> Numbers:
    """Values, and with ``grads`` the gradients that a backward pass has had, for a picture."""
    numbers = values_of(graph, limited=True)
    if grads:
        gradients_of(graph, numbers)
    return numbers


def gradients_of(graph: Graph, numbers: Numbers) -> None:
    """Fill in the gradients: those that are held, and those of the pass, computed again."""
    held = {node.index: node.grad for node in graph}
    numbers.grads = {i: g._data for i, g in held.items() if g is not None}
    freed = any(node._node is not None and node._node.saved is None for node in graph)
    if not freed and not numbers.grads:
        return  # no backward pass yet
    root = graph.roots[0]
    said = ""
    if len(graph.roots) != 1:
        said = "the graph has several roots"
    elif root.op is None or root.dtype is None or root.dtype.np.kind != "f":
        said = "there is no single number to start from"
    elif int(np.prod(root.shape or ())) != 1:
        said = "backward() was given a gradient of yours, which is not kept"
    elif numbers.notes:
        said = "too many to be computed again"
    if said:
        tell(graph, numbers, said)
        return
    found, gaps = walked_again(graph, numbers, root)
    leaves = [i for i in numbers.grads if i < graph._b.first_op]
    if not freed and not all(
        found.get(i) is not None and alike(found[i], numbers.grads[i]) for i in leaves
    ):
        return  # the gradients that the leaves have are of another pass
    hooked = behind_hooks(graph)
    for i, gradient in found.items():
        if i in numbers.grads:
            continue
        if i in hooked:
            numbers.why_grads[i] = "a hook of yours may have changed it"
        elif gradient is not None:
            numbers.grads[i] = gradient
            numbers.grads_again.add(i)
    for i in found:
        if i not in numbers.grads and i not in numbers.why_grads:
            numbers.why_grads[i] = "; ".join(dict.fromkeys(gaps.values())) or "freed"


def tell(graph: Graph, numbers: Numbers, said: str) -> None:
    """Say the same reason of all results without a gradient."""
    for i in range(graph._b.first_op, len(graph)):
        if i not in numbers.grads:
            numbers.why_grads[i] = said


def walked_again(
    graph: Graph, numbers: Numbers, root: GraphNode
) -> tuple[dict[int, Any], dict[int, str]]:
    """The gradients on the way through a twin of the graph, whose nodes have saved all again."""
    found: dict[int, Any] = {}

    def look(i: int, terms: list[Term], gradient: Any) -> None:
        found[i] = gradient

    twin = twin_of(graph, numbers)
    flow = Flow(twin, root.index, start_of(root, None), None)
    flow.follow(look)
    return found, {i: numbers.why.get(i, "") or "freed" for i in flow.gaps}


def saved_again_in(graph: Graph) -> tuple[Graph, bool]:
    """A graph that can be walked back although backward() has freed it, as far as that can be had.

    Returns the graph itself and False if nothing of it is missing.
    """
    made = {node_and_output(key)[0] for key in graph._b.keys if isinstance(key, (Node, tuple))}
    if not any(missing(node) == FREED for node in made):
        return graph, False
    numbers = values_of(graph, limited=True)
    return twin_of(graph, numbers), True


def twin_of(graph: Graph, numbers: Numbers) -> Graph:
    """The same graph, with what backward() has freed saved again in nodes of its own."""
    whole, twin = graph._b, Built()
    twin.inputs, twin.names, twin.ops = whole.inputs, whole.names, whole.ops
    twin.roots, twin.first_op, twin.places = whole.roots, whole.first_op, whole.places
    twin.held, twin.versions, twin.since = whole.held, whole.versions, whole.since
    twin.aliases = whole.aliases
    twins: dict[Any, Any] = {}
    for i, key in enumerate(whole.keys):
        if not isinstance(key, (Node, tuple)):
            twin.keys.append(key)
            continue
        node, output = node_and_output(key)
        made = twins.get(node)
        if made is None:
            made = twins[node] = twin_node(node, twins)
            if missing(node) == FREED:
                row, result = whole.inputs[i], numbers.values.get(i)
                made.saved = saved_again(node, row, result, numbers.values)
                made.versions = None
        twin.keys.append((made, output) if type(key) is tuple else made)
    return Graph(twin)


def twin_node(node: Node, twins: dict[Any, Any]) -> Node:
    """The same operation, computed from the inputs' twins."""
    twin = Node()
    twin.op, twin.params, twin.shape, twin.dtype = node.op, node.params, node.shape, node.dtype
    twin.seq, twin.code, twin.lasti, twin.fits = node.seq, node.code, node.lasti, node.fits
    twin.extra, twin.calls = node.extra, None
    edges = []
    for edge in node.inputs:
        source, output = node_and_output(edge)
        other = twins.get(source) if isinstance(source, Node) else None
        edges.append(edge if other is None else (other, output) if type(edge) is tuple else other)
    twin.inputs = tuple(edges)
    twin.saved, twin.versions = node.saved, node.versions
    return twin


def saved_again(node: Node, row: Any, result: Any, values: dict[int, Any]) -> Any:
    """What ``record`` saved, from the values; None if one of them is not known."""
    if "_ctx" in node.params:
        return None
    keep, keep_y, *_ = known_plan(node.op, node.inputs)
    many = node.op.multi_output
    needed = row[: len(node.inputs)] if many and keep_y else [row[n] for n in keep]
    if any(j not in values for j in needed) or (keep_y and not many and result is None):
        return None
    saved: list[Tensor | None] = [None] * len(node.inputs)
    one_dtype = issubclass(node.op, Elementwise2) or node.op.variadic
    for n in keep:
        array = values[row[n]]
        saved[n] = make(array.astype(node.dtype, copy=False) if one_dtype else array)
    if keep_y and many:
        params = {k: v for k, v in node.params.items() if k[0] != "_"}
        results = node.op.forward(*[values[j] for j in needed], **params)
        saved += [make(np.asarray(y)) for y in results]
    elif keep_y:
        saved.append(make(result))
    return tuple(saved)


def behind_hooks(graph: Graph) -> set[int]:
    """What a tensor with a hook was computed from, and itself."""
    found: set[int] = set()
    for node in reversed(graph.nodes):
        owner = node._node if node._node is not None else node._key
        extra = getattr(owner, "extra", None)
        if node.index in found or (extra is not None and any(extra.tensor_hooks.values())):
            found.add(node.index)
            found.update(graph.input_lists[node.index])
    return found
