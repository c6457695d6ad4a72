"""Why a backward pass failed, shown at the place in the graph.

When an exception has left the engine, its traceback still holds the frames it passed: among them
the roots that backward was called with and the node it was at. :func:`failure_of` finds them there,
so that the engine needs no extra bookkeeping for errors that nearly never happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from ..autograd.gradients import backward as _backward
from ..autograd.gradients import grad as _grad
from ..core.backward import Gradients, walk
from ..core.node import Node
from ..core.saved_values import check_saved
from ..core.tensor import Tensor, edge_of
from ..faithful.package_name import package
from ..refusals.user_lines import line_words, source_of, writer_of
from .build import build, scope_variables
from .names import names_from
from .part import around
from .recorded_graph import Graph, GraphNode
from .text import printable


@dataclass
class Point:
    """A node to look at, and what to say there, line by line."""

    node: GraphNode
    first: bool  # where it happened; else where it comes from
    lines: tuple[str, ...]


@dataclass(repr=False)
class Failure:
    """What failed: the graph around it, the nodes to look at, and the story in words."""

    kind: str  # 'overwritten', 'second pass', 'not a scalar', 'nan' or 'error'
    graph: Graph
    points: list[Point]
    text: str

    def __repr__(self) -> str:
        points = [f"  {p.node.name}: {'; '.join(p.lines)}" for p in self.points]
        return "\n".join([self.text, *points])


def failure_of(error: BaseException) -> Failure | None:
    """What an exception has to do with a graph; None if nothing."""
    frames = frames_of(error.__traceback__)
    called = last(frames, _backward) or last(frames, _grad)
    if called is None:
        return None
    roots = [t for t in called.f_locals.get("roots", ())
             if isinstance(t, Tensor) and edge_of(t) is not None]  # fmt: skip
    if not roots:
        return None
    users = users_frames(frames[: frames.index(called)])
    scopes = [scope for frame in users for scope in scope_variables(frame)]
    graph = Graph(build(roots, names_from(None, scopes), users[0].f_code if users else None))
    checked = last(frames, check_saved)
    if checked is not None:
        node = checked.f_locals["node"]
        if node.saved is None:
            return second_pass(graph, node)
        return overwritten(graph, node, checked.f_locals)
    node = node_at_work(frames)
    if node is not None:
        return at_node(graph, node, error)
    if isinstance(error, RuntimeError) and "only for" in str(error):
        return not_scalar(graph)
    return None


# --- the traceback -------------------------------------------------------------------------------


def frames_of(traceback: TracebackType | None) -> list[FrameType]:
    frames = []
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    return frames


def last(frames: list[FrameType], function: Any) -> FrameType | None:
    """The innermost frame that runs a function."""
    return next((f for f in reversed(frames) if f.f_code is function.__code__), None)


def node_at_work(frames: list[FrameType]) -> Node | None:
    """The node that the engine was walking back."""
    for frame in reversed(frames):
        if frame.f_code in (walk.__code__, Gradients.pull.__code__):
            node = frame.f_locals.get("node")
            if isinstance(node, Node):
                return node
    return None


def users_frames(frames: list[FrameType], most: int = 3) -> list[FrameType]:
    """The frames that are not minigrad's or IPython's own, innermost first."""
    own = ("minigrad.", "IPython.")
    users = [f for f in frames if not str(f.f_globals.get("__name__", "")).startswith(own)]
    return users[::-1][:most]


# --- the stories ---------------------------------------------------------------------------------


def overwritten(graph: Graph, node: Node, found: dict[str, Any]) -> Failure | None:
    """An in-place write changed what a node had saved."""
    saver = index_of(graph, node)
    if saver is None:
        return None
    position, tensor = found["i"], found["t"]
    row = graph.input_lists[saver]
    victim = row[position] if position < len(row) else saver
    written, saved = writer_of(tensor), source_of(node)
    saver_name, victim_name = graph.at(saver).name, graph.at(victim).name
    lines = ["overwritten in place"] + ([in_words(written)] if written else [])
    points = [(victim, True, lines)]
    if victim != saver:
        points.append((saver, False, [f"needs the old {victim_name}"] + (
            [in_words(saved)] if saved else [])))  # fmt: skip
    text = (
        f"{saver_name} was computed{line_words(saved) if saved else ''} from the numbers of "
        f"{victim_name}, which its gradient needs again. "
        f"They were overwritten since{line_words(written) if written else ''}.\n"
        f"What to do: write {victim_name} = {victim_name} + ... instead of changing it in place, "
        "or do that after backward()."
    )
    return failure("overwritten", graph, points, text)


def second_pass(graph: Graph, node: Node) -> Failure | None:
    """The graph was freed by an earlier backward pass."""
    at = index_of(graph, node)
    if at is None:
        return None
    freed = [n for n in graph if n._node is not None and n._node.saved is None]
    points = [(at, True, ["freed by the first backward"])]
    text = (
        f"backward() has been here before: it freed what {names_text(freed)} had saved.\n"
        "What to do: run the forward pass again before each backward(), or use "
        "backward(retain_graph=True) the first time. If a tensor of an earlier iteration is still "
        "in use, cut it off with detach()."
    )
    return failure("second pass", graph, points, text)


def not_scalar(graph: Graph) -> Failure:
    """backward() from a tensor with several numbers."""
    points = [
        (root.index, True, [f"{list(root.shape or ())}: not one number"])
        for root in graph.roots if root.shape is not None and root.shape.numel() != 1
    ]  # fmt: skip
    name = graph.roots[0].name
    text = (
        f"{name} has the shape {list(graph.roots[0].shape or ())}; a gradient is of one number.\n"
        f"What to do: reduce it, {name}.sum().backward() or {name}.mean().backward(), or say how "
        f"much each element counts, {name}.backward(gradient=...)."
    )
    return failure("not a scalar", graph, points, text)


def at_node(graph: Graph, node: Node, error: BaseException) -> Failure | None:
    """Something went wrong while a node was walked back: nan, or an exception."""
    at = index_of(graph, node)
    if at is None:
        return None
    nan = "returned nan values" in str(error)
    where = source_of(node)
    lines = ["NaN in gradient begins here" if nan else f"{type(error).__name__} here"]
    lines += [in_words(where)] if where else []
    name = graph.at(at).name
    if nan:
        users = users_frames(frames_of(error.__traceback__), 1)
        called = package(users[0] if users else None)
        text = (
            f"The gradient that reaches {name} is a number, the one that leaves it is nan. "
            f"{name} was computed{line_words(where) if where else ' outside of a file'}.\n"
            f"What to do: {called}.check(...) before backward() says which inputs do that."
        )
    else:
        text = (
            f"It happened on the way back through {name}, computed"
            f"{line_words(where) if where else ' outside of a file'}."
        )
    return failure("nan" if nan else "error", graph, [(at, True, lines)], text)


def index_of(graph: Graph, node: Node) -> int | None:
    return next((n.index for n in graph if n._node is node), None)


def names_text(nodes: list[GraphNode]) -> str:
    names = ", ".join(n.name for n in nodes[:4])
    return names + (f" and {len(nodes) - 4:,} more operations" if len(nodes) > 4 else "")


def in_words(where: tuple[str, int, str]) -> str:
    return f"line {where[1]}: {where[2]}"


def failure(kind: str, graph: Graph, points: list[tuple[int, bool, list[str]]],
            text: str) -> Failure:  # fmt: skip
    """Cut the graph to what is around the points; names stay."""
    part = around(graph, [i for i, *_ in points])
    if part is not graph:
        text += f"\nShown are {len(part):,} of {len(graph):,} nodes, around the failure."
    shown = [Point(part[graph.at(i).name], first, tuple(lines)) for i, first, lines in points]
    return Failure(kind, part, shown, "\n".join(printable(line) for line in text.split("\n")))
