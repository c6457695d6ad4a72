"""Where the course's notebooks are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


class UserError(Exception):
    """A mistake the user can mend; the message says how."""


def find_notebooks() -> Path:
    """The notebooks of a checkout (beside the package) or of an installed wheel (inside it)."""
    for folder in (PACKAGE.parent / "notebooks", PACKAGE / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise UserError(
        "no notebooks found beside the package. Install minigrad again from its checkout: "
        "the notebooks are part of it."
    )
