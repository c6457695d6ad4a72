"""How minigrad's objects show themselves in Jupyter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .graph import Graph
    from .graph_tape import Tape


def graph_bundle(graph: Graph) -> dict[str, str]:
    """A graph as a picture, and as text where pictures cannot be shown or made."""
    from .drawing.render import Picture

    return Picture(graph)._repr_mimebundle_()


def tape_bundle(tape: Tape) -> dict[str, str]:
    """A recorded tape as a player, and as text where that cannot be shown."""
    from .drawing.player import Player

    return Player(tape)._repr_mimebundle_()
