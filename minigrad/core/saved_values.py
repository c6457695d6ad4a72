"""Are the numbers that a node saved still those of the forward pass? (May be skipped at first.)

A saved tensor may have been freed by an earlier backward pass, or overwritten in place: its version
is then another. Both are refused before the pass begins.
"""

from __future__ import annotations

from typing import Any

from .node import Edge, Node, node_and_output
from .slots import slots
from .source_lines import at_line, line_words, writer_of


def check_all_saved(order: list[Node]) -> None:
    """Refuse the pass before it starts if any node's saved tensors are gone or overwritten."""
    for node in order:
        saved = node.saved
        if saved is None:
            check_saved(node)
        for t in saved:
            # The quick test is right for nearly all tensors; check_saved looks closely.
            if t is not None and (t._ver or t._owner is not None):
                check_saved(node)


def check_saved(node: Node) -> None:
    """Refuse a backward pass through freed or overwritten saved tensors."""
    if node.saved is None:
        raise RuntimeError(
            "Trying to backward through the graph a second time (or directly access saved "
            "tensors after they have already been freed). Saved intermediate values of the graph "
            "are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if "
            "you need to backward through the graph a second time or if you need to access saved "
            f"tensors after calling backward. The values saved by {node.name()}{at_line(node)} "
            "are gone: run the forward pass again, or keep them with retain_graph=True."
        )
    versions = node.versions or (0,) * len(node.saved)
    n = len(node.inputs)
    for i, (t, version) in enumerate(zip(node.saved, versions, strict=True)):
        if t is not None and t._version != version:
            made_by = "" if t._node is None else made_by_words(t._node)
            if n <= i < n + node.n_outputs:  # a result of this node
                made_by = made_by_words((node, i - n))
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: [torch.{slots.type_name(t)} {list(t._data.shape)}]{made_by} is at "
                f"version {t._version}; expected version {version} instead. {node.name()}"
                f"{at_line(node)} had saved it for its gradient{written_since(t)}; write to a "
                "copy instead (x = x + 1, or x.clone() first), or do the in-place step after "
                "backward()."
            )


def made_by_words(edge: Edge) -> str:
    node, i = node_and_output(edge)
    short = node.name().replace("Backward0", "").replace("Backward", "")  # as PyTorch says here
    return f", which is output {i} of {short},"


def written_since(t: Any) -> str:
    where = writer_of(t)
    return "" if where is None else f", but it was overwritten since{line_words(where)}"
