"""What a step that is being captured (``mg.capture``) has to be told.

Its operations are seen by ``op.apply``. These functions are for the few other places where numbers
are made, written or read; who listens is a ``protocols.Capturing``. Outside of a capture they cost
one test of an empty set.
"""

from __future__ import annotations

import functools
from typing import Any, Protocol

import numpy as np

from ..core.modes import grad_mode, rare


class Capturing(Protocol):
    """``grad_mode.capturing``: a step is written down, to be done again without Python.

    What else than operations makes, writes or reads numbers is told by the functions below.
    """

    def refuse(self, reason: str) -> None:
        """Something happens that cannot be done again."""

    def write(self, x: Any, function: Any, args: Any) -> None:
        """``function(*args)`` has just written into the memory of tensor ``x``."""

    def again(self, function: Any, args: Any) -> Any:
        """Call ``function(*args)``, now and in each replay; the arrays that it gives."""

    def check(self, function: Any, args: Any) -> None:
        """``function(*args)`` has looked at numbers, and would have raised if they were wrong."""

    def constant(self, array: Any) -> None:
        """``array`` is made of the user's own numbers."""

    def call(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Call a function that a replay calls too, such as an optimizer's ``step``."""

    def read_grad(self, leaf: Any) -> None:
        """``leaf.grad`` is read."""

    def set_grad(self, leaf: Any, value: Any) -> None:
        """``leaf.grad = value``."""

    def accumulated(self) -> None:
        """``backward()`` has added to the leaves' ``.grad``."""

    def results(self, edges: list[Any], results: list[Any]) -> None:
        """``autograd.grad`` returns these tensors, the gradients of ``edges``."""


def reads(what: str) -> None:
    """A number leaves its tensor, so that Python may decide by it: a replay could not."""
    if rare and grad_mode.capturing is not None:
        grad_mode.capturing.refuse(
            f"it reads a number from a tensor ({what}), and a replay does not run Python: return "
            "the tensor from the step and read it there"
        )


def refuse(reason: str) -> None:
    """Something happens that cannot be captured."""
    if rare and grad_mode.capturing is not None:
        grad_mode.capturing.refuse(reason)


def writes(x: Any, function: Any, *args: Any) -> None:
    """``function(*args)`` has just written into the memory of tensor ``x``."""
    if rare and grad_mode.capturing is not None:
        grad_mode.capturing.write(x, function, args)


def again(function: Any, *args: Any) -> Any:
    """``function(*args)``: an array, or a tuple of them, that follows from tensors' numbers.

    A replay calls it again, and copies the result into the same arrays.
    """
    if rare and grad_mode.capturing is not None:
        return grad_mode.capturing.again(function, args)
    return function(*args)


def checks(function: Any, *args: Any) -> None:
    """``function(*args)``, which raises if the numbers of a tensor are wrong, in a replay too."""
    function(*args)
    if rare and grad_mode.capturing is not None:
        grad_mode.capturing.check(function, args)


def is_captured() -> bool:
    """Whether a step is being captured: what holds for these numbers need not hold for others."""
    return bool(rare) and grad_mode.capturing is not None


def constant(array: Any) -> Any:
    """``array`` is made of the user's own numbers, the same ones in every step."""
    if rare and grad_mode.capturing is not None:
        grad_mode.capturing.constant(array)
    return array


def replayed(function: Any) -> Any:
    """Decorator: a replay calls this function itself, such as an optimizer's ``step``."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if rare and grad_mode.capturing is not None:
            return grad_mode.capturing.call(function, args, kwargs)
        return function(*args, **kwargs)

    call.__replayed__ = True  # type: ignore[attr-defined]
    return call


def memory_of(array: Any) -> Any:
    """The array that owns the memory."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
