"""Writes tapes to files, in the format that the file's suffix names."""

from __future__ import annotations

from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

from ..graphs.text import printable
from ..tape.tape import Tape
from .film import save_film
from .player import Player

KINDS = (".html", ".htm", ".txt", ".gif", ".webp", ".png")
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 1.5rem auto; padding: 0 1rem; max-width: 75rem;
        font: 16px/1.5 system-ui, sans-serif; background: #ffffff; color: #1a1a1a; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #0d0f12; color: #eeeeee; }} }}
</style>
</head>
<body>
<main>
{player}
</main>
</body>
</html>
"""


def save_tape(tape: Tape, path: str | PathLike[str], **options: Any) -> None:
    """Write a tape to a file of its suffix's kind. Nothing is written if drawing fails."""
    suffix = Path(path).suffix.lower()
    if suffix not in KINDS:
        raise ValueError(
            f"cannot tell the format of {str(path)!r}: a tape is saved as .html (the player), as "
            ".gif or .webp (an animation), as .png (numbered frames) or as .txt (its text)"
        )
    if suffix == ".txt":
        content = tape.describe(limit=None) + "\n"
    elif not tape.steps:
        raise ValueError(f"cannot play an empty tape: {tape.describe().splitlines()[-1]}")
    elif suffix not in (".html", ".htm"):
        return save_film(tape, path, options)
    else:
        title = escape(printable(repr(tape)))
        content = PAGE.format(title=title, player=Player(tape, **options).html)
    Path(path).write_bytes(content.encode("utf-8", "replace"))
