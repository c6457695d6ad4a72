"""The user's line in a message: which line recorded a node, which wrote into a tensor."""

from __future__ import annotations

from typing import Any

from ..core.source_lines import source_at


def source_of(node: Any) -> tuple[str, int, str] | None:
    """The user's (file, line number, source text) behind a node; None if it is not known."""
    return None if node.code is None else source_at(node.code, node.lasti)


def writer_of(t: Any) -> tuple[str, int, str] | None:
    """The user's (file, line number, source text) that last wrote into a tensor in place."""
    owner = t if t._owner is None else t._owner
    code, lasti, version = (getattr(owner, "_writer", None) or (None, 0, 0))[:3]
    # Writes of the package itself, into a .grad say, are counted but leave no note.
    return None if code is None or version != owner._ver else source_at(code, lasti)


def at_line(node: Any) -> str:
    """' (line N of FILE: SOURCE)' of the user's line that recorded the node, or ''."""
    where = source_of(node)
    return "" if where is None else line_words(where)


def line_words(where: tuple[str, int, str]) -> str:
    file, line, text = where
    short = file.replace("\\", "/").rsplit("/", 1)[-1]
    if "/ipykernel_" in file.replace("\\", "/") or "ipython-input" in file:
        short = "a notebook cell"
    return f" (line {line} of {short}: {text})" if text else f" (line {line} of {short})"
