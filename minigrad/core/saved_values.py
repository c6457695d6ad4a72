"""Are the numbers that a node saved still those of the forward pass? (May be skipped at first.)

A saved tensor may have been freed by an earlier backward pass, or overwritten in place: its version
is then another. Both are refused before the pass begins.
"""

from __future__ import annotations

from .node import Node
from .slots import slots


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
        raise slots.words.freed(node)
    versions = node.versions or (0,) * len(node.saved)
    for i, (t, version) in enumerate(zip(node.saved, versions, strict=True)):
        if t is not None and t._version != version:
            raise slots.words.overwritten(node, i, version)
