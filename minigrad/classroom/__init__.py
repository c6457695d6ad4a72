"""A class: exercises that are checked at once, and chapters as nbgrader assignments.

    python -m minigrad.classroom make my-course 03-backward-pass
    python -m minigrad.classroom grade my-course 03-backward-pass --jobs 4

``exercise`` is what notebooks use; ``make`` and ``grade`` do in Python what these commands do.
"""

from typing import Any

OF_CLASS = ("Check", "Graded", "check_in", "grade", "main", "make")


def __getattr__(name: str) -> Any:
    """Loaded when first used, so that ``import minigrad`` stays light."""
    if name not in OF_CLASS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import nbgrader_class

    return getattr(nbgrader_class, name)
