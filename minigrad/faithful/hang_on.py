"""How a floor above gives a class of a floor below more methods. (May be skipped at first.)

The class below says what a thing is and knows nothing of what is made of it above: a tensor knows
no table of PyTorch's methods, a graph no pictures. Above, the methods of one subject are written as
a class of their own, and that is hung on as a whole::

    @hang_on(Graph)
    class Pictures:
        def show(self, **options): ...

Where the class is loaded late, it is the other way round: it asks ``html_of`` when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OWN = ("__module__", "__dict__", "__weakref__", "__doc__", "__annotations__",
       "__firstlineno__", "__static_attributes__")  # fmt: skip


# By the name of a class, how a notebook shows it; filled in ``minigrad/__init__.py``.
html_of: dict[str, Callable[[Any], str]] = {}


def hang_on(owner: type) -> Callable[[Any], Any]:
    """Decorator: everything in the class below it becomes a method or property of ``owner``."""

    def hang(methods: Any) -> Any:
        for name, member in vars(methods).items():
            if name in OWN:
                continue
            function: Any = getattr(member, "fget", member)  # of a property, what computes it
            if hasattr(function, "__code__"):
                function.__qualname__ = f"{owner.__name__}.{name}"  # its name in Python's errors
            setattr(owner, name, member)
        return methods

    return hang
