"""How methods come onto Tensor: a class of methods by subject, hung on as a whole."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from ..core.tensor import Tensor

OWN = ("__module__", "__dict__", "__weakref__", "__doc__", "__annotations__")


def hang_on(methods: Any) -> Any:
    """Decorator: everything in the class ``methods`` becomes a method or property of Tensor."""
    for name, member in vars(methods).items():
        if name not in OWN:
            for function in (member, getattr(member, "fget", None)):
                if isinstance(function, FunctionType):
                    function.__qualname__ = f"Tensor.{name}"  # its name in Python's own errors
            setattr(Tensor, name, member)
    return methods
