"""Pytrees: tensors in nested tuples, lists and dicts, taken apart and put together again.

The name and the idea are JAX's (Bradbury et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Structure:
    """The nesting of a pytree, without its leaves."""

    def __init__(self, kind: Any, keys: Any, children: list[Structure]) -> None:
        self.kind = kind  # None for a leaf
        self.keys = keys
        self.children = children

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Structure) and (
            (self.kind, self.keys, self.children) == (other.kind, other.keys, other.children)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if self.kind is None:
            return "*"
        return f"TreeSpec({self.kind.__name__}, {self.keys}, {self.children})"

    def leaves(self) -> int:
        """How many leaves there are."""
        return 1 if self.kind is None else sum(c.leaves() for c in self.children)


LEAF = Structure(None, None, [])


def flatten(tree: Any) -> tuple[list[Any], Structure]:
    """The leaves from left to right, and the nesting.

    >>> flatten({"a": 1, "b": (2, [3])})
    ([1, 2, 3], TreeSpec(dict, ['a', 'b'], [*, TreeSpec(tuple, None, [*, TreeSpec(list, None, [*])])]))
    """  # noqa: E501
    if isinstance(tree, dict):
        keys: Any = list(tree)
        values = list(tree.values())
    elif isinstance(tree, (tuple, list)):
        keys, values = None, list(tree)
    else:
        return [tree], LEAF
    parts = [flatten(v) for v in values]
    leaves = [leaf for found, _ in parts for leaf in found]
    return leaves, Structure(type(tree), keys, [structure for _, structure in parts])


def unflatten(structure: Structure, leaves: Any) -> Any:
    """The pytree of this nesting with these leaves."""
    return build(structure, iter(leaves))


def build(structure: Structure, leaves: Any) -> Any:
    if structure.kind is None:
        return next(leaves)
    children = [build(c, leaves) for c in structure.children]
    if structure.keys is not None:
        filled = zip(structure.keys, children, strict=True)
        return dict(filled) if structure.kind is dict else structure.kind(filled)
    if hasattr(structure.kind, "_fields"):
        return structure.kind(*children)
    return structure.kind(children)


def tree_map(function: Callable[[Any], Any], tree: Any) -> Any:
    """The pytree with ``function`` of each leaf.

    >>> tree_map(lambda x: x * 10, (1, {"a": 2}))
    (10, {'a': 20})
    """
    leaves, structure = flatten(tree)
    return unflatten(structure, [function(leaf) for leaf in leaves])


def spread(prefix: Any, structure: Structure) -> list[Any] | None:
    """One value for each leaf, from a pytree that may stop earlier than ``structure`` does.

    >>> spread((0, None), flatten((1, [2, 3]))[1])
    [0, None, None]
    """
    if not isinstance(prefix, (tuple, list, dict)):
        return [prefix] * structure.leaves()
    if type(prefix) is not structure.kind and not (
        isinstance(prefix, (tuple, list)) and structure.kind in (tuple, list)
    ):
        return None
    if isinstance(prefix, dict):
        if list(prefix) != structure.keys:
            return None
        prefix = list(prefix.values())
    if len(prefix) != len(structure.children):
        return None
    found: list[Any] = []
    for part, child in zip(prefix, structure.children, strict=True):
        values = spread(part, child)
        if values is None:
            return None
        found += values
    return found
