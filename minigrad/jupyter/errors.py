"""After an error of a backward pass in a notebook: the graph around the failure."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from ..graphs.failure import failure_of

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

        display(failure)
