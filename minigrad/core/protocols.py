"""What is passed between the floors, by name: who may look on, and what is asked of them.

The core calls these methods and knows nobody who has them. A class needs not inherit from its
protocol; type checkers see whether it fits. (May be skipped at first.)
"""

from __future__ import annotations

from typing import Any, Protocol

from .node import Edge, Node

# --- of a backward pass -------------------------------------------------------------------------


class Observer(Protocol):
    """Looks on at a backward pass and changes nothing (``tape/recorder.py``)."""

    def walked(self, node: Node, grad: Any, pulled: list[Any]) -> None:
        """``node`` has been walked back.

        grad: the gradient of its result (of several results a tuple, None for those without), after
        the hooks. pulled: the gradients of its inputs that are now on their way, each fitting its
        input; None where none is wanted.
        """


class Arithmetic(Protocol):
    """Walks back with something else in place of gradients (see ``backward.walk``).

    ``graphs/flow.py`` sends lists of terms, to keep apart what the pass adds up;
    ``replay/backward_plan.py`` the arrays that a replay is going to write the gradients into.
    """

    def pull(self, node: Node, grad: Any, wants: list[bool]) -> list[Any]:
        """What goes to each input of ``node``, for ``grad`` that has arrived; None for nothing."""

    def add(self, edge: Edge, before: Any, g: Any) -> Any:
        """What has arrived along ``edge``: ``g``, and ``before`` it something else or None."""


# --- of everything that happens -----------------------------------------------------------------


class Watcher(Protocol):
    """``grad_mode.watcher``: looks on at all that this thread does with tensors.

    ``tape/recorder.py`` writes down the numbers, ``replay/call_list.py`` the calls.
    """

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run an operation (as ``op.run`` does), and return what it gives."""

    def note(self, inputs: Any, outs: Any) -> None:
        """A user's ``autograd.Function`` made ``outs`` from ``inputs``."""

    def updating(self, tensors: Any, optimizer: Any) -> None:
        """An optimizer is about to write to these."""

    def begin_pass(
        self, pairs: list[tuple[Edge, Any]], inputs: list[Edge] | None, create_graph: bool,
        accumulates: bool,
    ) -> Observer | None:  # fmt: skip
        """A backward pass begins from ``pairs`` (edge, gradient); who wants to look on at it?

        inputs: the edges whose gradients are wanted, all leaves if None. accumulates: they are
        going to be added to ``.grad``. Passes may be nested.
        """

    def end_pass(self, found: dict[Edge, Any] | None) -> None:
        """The innermost pass is over and found these gradients; None: it has failed."""


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
