"""Results with names, such as ``torch.return_types.max(values=..., indices=...)``."""

from __future__ import annotations

from collections import namedtuple
from typing import Any


def return_type(name: str, fields: str) -> Any:
    """A tuple with names that prints as PyTorch's ``torch.return_types.<name>``.

    >>> pair = return_type("pair", "values indices")
    >>> pair(1, 2)
    torch.return_types.pair(
    values=1,
    indices=2)
    """
    result: Any = namedtuple(name, fields)

    def show(self: Any) -> str:
        shown = ",\n".join(f"{k}={v!r}" for k, v in self._asdict().items())
        return f"torch.return_types.{name}(\n{shown})"

    result.__repr__ = show  # type: ignore[method-assign]
    return result
