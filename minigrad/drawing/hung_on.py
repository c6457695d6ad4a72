"""Where pictures come onto the classes that know none: the graph, the tape, the two reports.

This file is loaded with minigrad, so it only says what there is. The files that draw are loaded
when the first picture is asked for.
"""

from __future__ import annotations

from os import PathLike
from typing import Any

from ..faithful.hang_on import hang_on
from ..graphs.failure import Failure
from ..graphs.health import Health
from ..graphs.recorded_graph import Graph
from ..tape.tape import Tape


@hang_on(Graph)
class Pictures:
    def to_dot(self: Any, **options: Any) -> str:
        """The graph as Graphviz DOT text. Options: :class:`minigrad.drawing.style.Options`."""
        from .render import Picture

        return Picture(self, **options).drawing.dot

    def show(self: Any, **options: Any) -> Any:
        """A picture with options: ``graph.show(values=True, grads=True)``.

        Args:
            **options: shapes, dtypes, values, grads, formulas, sources, fold, health, most,
                direction, by, depth, detail, backward; see :class:`minigrad.drawing.style.Options`.

        Returns:
            A picture that shows itself in Jupyter. ``picture.save("graph.svg")`` writes it to a
            file of any kind that :meth:`save` knows.

        Raises:
            TypeError: there is no such option.
            ValueError: there is no such direction.

        >>> import minigrad as mg
        >>> w = mg.tensor(3.0, requires_grad=True)
        >>> picture = mg.graph(w * w).show(direction="LR", shapes=False)

        Source: torchviz (Zagoruyko 2017); drawn with Graphviz' layered layout (Gansner et al.
        1993).
        """
        from .files import Picture

        return Picture(self, **options)

    def save(self: Any, path: str | PathLike[str], **options: Any) -> None:
        """Write the graph to a file, in the format that the file's suffix names.

        Nothing is written if drawing fails.

        Args:
            path: a name that ends with .svg .png .pdf .html .dot .gv .json or .txt.
            **options: of a picture and of .dot and .gv those of :meth:`show`: shapes, dtypes,
                values, grads, formulas, sources, fold, health, most, direction, by, depth,
                detail, backward; see :class:`minigrad.drawing.style.Options`. Of .json ``values``
                and ``indent`` (see :meth:`to_json`), of .txt ``limit`` (see :meth:`describe`;
                default: all lines).

        Returns:
            None.

        Raises:
            ValueError: another suffix, or no such direction.
            TypeError: the format has no such option.

        >>> import minigrad as mg
        >>> w = mg.tensor(3.0, requires_grad=True)
        >>> mg.graph(w * w).save("square.svg", values=True, direction="LR")  # doctest: +SKIP

        Source: see :meth:`show`.
        """
        from .files import save_graph

        save_graph(self, path, **options)

    def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .render import Picture

        return Picture(self)._repr_mimebundle_()


@hang_on(Tape)
class TapePlayer:
    def show(self: Any, **options: Any) -> Any:
        """The player with options: see :class:`minigrad.drawing.player.Player`."""
        from .player import Player

        return Player(self, **options)

    def save(self: Any, path: str | PathLike[str], **options: Any) -> None:
        """Write the tape to a file: ``tape.save("step.html")``, ``tape.save("step.gif")``.

        Nothing is written if drawing fails, and no file is ever half written.

        Args:
            path: its suffix says what is written. .html: the player, in one file that needs
                nothing else. .gif, .webp: the player as an animation, without a browser (1000
                pixels wide; of a long tape not every step, which the frames say). .png: its frames,
                for ``step.png`` in ``step_001.png``, ``step_002.png`` and so on, beside frames that
                an earlier tape may have left there. .txt: :meth:`describe`.
            **options: of .html, .gif, .webp and .png, as in :meth:`show`.

        Raises:
            ValueError: another suffix, or nothing was recorded.
            TypeError: there is no such option.
        """
        from .tape_files import save_tape

        save_tape(self, path, **options)

    def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .player import Player

        return Player(self)._repr_mimebundle_()


@hang_on(Health)
class HealthPicture:
    def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .reports import health_bundle

        return health_bundle(self)


@hang_on(Failure)
class FailurePicture:
    def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .reports import failure_bundle

        return failure_bundle(self)
