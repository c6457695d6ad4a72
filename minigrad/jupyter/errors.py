"""After an error of a backward pass in a notebook: the graph around the failure."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from ..drawing.health_marks import Mark, Marks
from ..drawing.render import DrawingError, Picture
from ..graphs.failure import Failure, failure_of
from .display import picture_and_text


class ShownFailure:
    """A failure as a picture with its story below, or in words."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure

    def marks(self) -> Marks:
        return {p.node.index: Mark("error", p.first, p.lines) for p in self.failure.points}

    def __repr__(self) -> str:
        points = [f"  {p.node.name}: {'; '.join(p.lines)}" for p in self.failure.points]
        return "\n".join([self.failure.text, *points])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        try:
            svg = Picture(self.failure.graph, self.marks()).svg
        except DrawingError as error:
            return {"text/plain": f"{self!r}\n\n(no picture: {error})"}
        return {"text/html": picture_and_text(svg, self.failure.text), "text/plain": repr(self)}


HANDLED = (Exception,)  # this very tuple says that the handler in force is ours
BUGS = (NameError, AttributeError, ArithmeticError)  # never raised on purpose: shown in full


def short_traceback(shell: Any, kind: type, error: BaseException, traceback: Any,
                    tb_offset: int | None = None) -> None:  # fmt: skip
    """Show an exception without the frames inside minigrad at the end (an IPython handler).

    A learner's traceback then ends with the learner's own line. ``%xmode Verbose`` shows it all.
    """
    if shell.InteractiveTB.mode != "Verbose" and not isinstance(error, BUGS):
        traceback = users_part(traceback)
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def users_part(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback up to the last frame that is not minigrad's own."""
    chain = []
    while traceback is not None:
        chain.append(traceback)
        traceback = traceback.tb_next
    own = [str(tb.tb_frame.f_globals.get("__name__", "")).startswith("minigrad.") for tb in chain]
    if False not in own:
        return chain[0] if chain else None
    last = len(own) - own[::-1].index(False)
    kept: TracebackType | None = None
    for tb in reversed(chain[:last]):
        kept = TracebackType(kept, tb.tb_frame, tb.tb_lasti, tb.tb_lineno)
    return kept


def show_failure(result: Any) -> None:
    """IPython calls this after every cell; it shows something only after an error in a graph."""
    error = getattr(result, "error_in_exec", None)
    if error is None:
        return
    failure = failure_of(error)
    if failure is not None:
        from IPython.display import display

        display(ShownFailure(failure))
