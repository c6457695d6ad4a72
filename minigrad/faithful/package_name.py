"""What the user calls this package: messages say ``torch.tensor(...)`` or ``mg.tensor(...)``."""

from __future__ import annotations

import sys
from typing import Any

from ..core.source_lines import PACKAGE, internal, user_frame

NAME = PACKAGE.removesuffix(".")


def package(frame: Any = None) -> str:
    """The name under which the user's code has imported minigrad: ``torch``, ``mg`` ...

    The nearest code that has it under a name decides, from ``frame`` (None: from the caller) on
    outwards. ``minigrad`` if there is none (``from minigrad import nn``). It is looked up when a
    message is written, so it costs nothing before.
    """
    frame = user_frame(1) if frame is None else frame
    inside = True  # the nearest function may have imported it itself
    while frame is not None:
        if not internal[frame.f_globals.get("__name__", "")]:
            name = name_in(frame.f_globals) or (inside and name_in(frame.f_locals))
            if name:
                return name
            inside = False
        frame = frame.f_back
    return NAME


def name_in(variables: Any) -> str:
    """The first variable that is the package itself, or ''."""
    itself = sys.modules.get(NAME)
    return next((str(name) for name, value in list(variables.items()) if value is itself), "")
