"""What the core asks of objects that it is given from above. (May be skipped at first.)"""

from __future__ import annotations

from typing import Any, Protocol

# --- what a tensor carries besides its numbers ---------------------------------------------------


class Carried(Protocol):
    """A tangent, a batch of numbers, or the mark of inference mode: ``t.extra.carried``.

    It takes the operations over: ``apply`` of op.py gives it those whose inputs carry something.
    The classes inherit from here; what is answered below is the usual answer.
    """

    __slots__ = ()

    @property
    def rank(self) -> int:
        """How deep inside of transforms it belongs; 0 for a mark, which belongs to none.

        If the inputs carry several, that of highest rank runs the operation.
        """

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run ``op``, as :func:`op.apply` does (same arguments), on inputs that carry this."""

    def pullback(self, op: Any, node: Any, g: Any, wants: list[bool]) -> tuple[Any, ...] | None:
        """As ``op.pullback``, for gradients or saved tensors that carry this; None: as usual."""
        return None

    def contents(self) -> tuple[Any, ...]:
        """The tensors that it is made of, such as a tangent."""
        return ()

    def detach(self, t: Any) -> Any:
        """What ``t.detach()`` is."""

    def describe(self, t: Any) -> str | None:
        """How ``t`` is printed; None: as if it carried nothing."""
        return None

    def refuse_numbers(self, what: str) -> None:
        """Raise RuntimeError if there are no single numbers for ``t.item()`` (what: "item") ..."""
        return None

    def check_writable(self, t: Any) -> None:
        """Raise RuntimeError if ``t`` may not be written to in place."""
        return None

    def old(self, x: Any) -> Any:
        """A copy of ``x`` with its history, to compute from while ``x`` is written to."""

    def write(self, x: Any, out: Any) -> None:
        """Write ``out``, which carries this, into ``x``: numbers, history and what it carries."""


class CarryingNumbers:
    """Stands for a tensor's array, and knows what that tensor is to carry: a batch of arrays."""

    __slots__ = ()

    def carrying(self) -> Any:
        """The Extra of a tensor around these numbers."""
