"""``nn.modules``: the layers under the longer address that some programs use."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """``nn.modules.Linear`` is ``nn.Linear``."""
    from .. import nn

    return getattr(nn, name)
