"""Which part of a graph do the gradients of some tensors need? (May be skipped at first.)

``backward()`` wants the gradients of all leaves; ``autograd.grad`` those of the tensors it is
given, which may lie in the middle of the graph.
"""

from __future__ import annotations

from typing import Any

from .node import Edge, Node


def oldest(edges: list[Edge] | None) -> int:
    """The smallest sequence number that a way to one of these edges can pass; 0 for leaves."""
    nodes = [e[0] if type(e) is tuple else e for e in edges or ()]
    if not nodes or not all(isinstance(node, Node) for node in nodes):
        return 0
    return min(node.seq for node in nodes)


def needed_for(order: list[Node], targets: list[Edge]) -> tuple[set[Edge], set[Node]]:
    """Of ``order``, the nodes on a way to one of the ``targets`` (edges), with the targets.

    Also those of them that are targets only: their own operation need not be walked back.
    """
    needed = set(targets)
    ends = set()
    for node in reversed(order):  # inputs before the operations that use them
        many = node.op.multi_output
        outputs = [(node, i) for i in range(node.n_outputs)] if many else [node]
        if any(edge in needed for edge in node.inputs if edge is not None):
            needed.add(node)
            needed.update(outputs)
        elif any(output in needed for output in outputs):
            needed.add(node)
            ends.add(node)
    return needed, ends


def collect(node: Node, grad: Any, wanted: set[Edge], collected: dict[Edge, Any]) -> None:
    """Note the gradient if the caller wants that of this node's output(s)."""
    if not node.op.multi_output:
        if node in wanted:
            collected[node] = grad
        return
    for i, g in enumerate(grad):
        if (node, i) in wanted and g is not None:
            collected[node, i] = g
