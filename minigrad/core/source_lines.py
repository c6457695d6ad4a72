"""Which line of the user's did that? (May be skipped at first.)

A recorded operation notes the code object and the instruction that called it, which costs next to
nothing; the line is looked up only when a message or a picture wants it.
"""

from __future__ import annotations

import linecache
import sys
from types import CodeType
from typing import Any

PACKAGE = __name__.split(".")[0] + "."
frame_at = sys._getframe


class Internal(dict[str, bool]):
    """Whether a module is this package's own (remembered by name), to find the user's line."""

    def __missing__(self, name: str) -> bool:
        self[name] = name.startswith(PACKAGE)
        return self[name]


internal = Internal()


def user_frame(depth: int) -> Any:
    """The nearest frame of the user's, ``depth`` frames up or more; None if there is none."""
    frame: Any = frame_at(depth + 1)
    while frame is not None and internal[frame.f_globals.get("__name__", "")]:
        frame = frame.f_back
    return frame


def source_at(code: CodeType, lasti: int) -> tuple[str, int, str]:
    """(file, line number, source text) of an instruction."""
    line = code.co_firstlineno
    for start, end, number in code.co_lines():
        if start <= lasti < end and number is not None:
            line = number
    return code.co_filename, line, linecache.getline(code.co_filename, line).strip()
