"""How minigrad's objects show themselves in Jupyter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .graph import Graph


def graph_bundle(graph: Graph) -> dict[str, str]:
    """A graph as a picture, and as text where pictures cannot be shown or made."""
    from .drawing.render import Picture

    return Picture(graph)._repr_mimebundle_()
