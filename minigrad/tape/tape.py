"""What ``mg.record()`` recorded: a tape of steps, to read as text or to play.

A tape holds copies of numbers and a graph without the engine's nodes. It keeps no tensor of yours
and no recorded graph alive. Its player is in ``drawing/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..graphs.text import computed, printable, shorten
from .snapshot import Snapshot

if TYPE_CHECKING:
    from ..core.tensor import Tensor
    from ..graphs.recorded_graph import Graph, GraphNode


class Step:
    """One thing that happened: a value was computed, a gradient arrived, a weight was updated.

    Attributes:
        number: its place on the tape.
        kind: "forward", "backward" or "update".
        node: the graph's node that it is about; ``name`` is its name.
        via: of a backward step the operation that the gradient came through; None at the root.
        iteration: what is :class:`Known` of the iteration it belongs to.
        formula: LaTeX of the forward pass, of the vjp, or of the update if its rate is known.
        source: (file, line number, text) of your line; None if it is not known.
        rate: of an update, the learning rate, if the new numbers are ``before - rate * grad``
            (worked out again and compared); None if they are something else.
        optimizer: of an update by ``optimizer.step()``, whose: ``"Adam, lr = 0.001"``; else "".
    """

    __slots__ = (
        "number", "kind", "iteration", "_index", "_via", "position", "formula", "source",
        "_value", "_grad", "_part", "_before", "_went_in", "rate", "optimizer",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        kind: str,
        iteration: Known,
        index: int,
        *,
        via: int | None = None,
        position: int = 0,
        formula: str = "",
        source: tuple[str, int, str] | None = None,
        value: Snapshot | None = None,
        grad: Snapshot | None = None,
        part: Snapshot | None = None,
        before: Snapshot | None = None,
        went_in: tuple[tuple[str, str, int], ...] = (),
        rate: float | None = None,
        optimizer: str = "",
    ) -> None:
        self.number = number
        self.kind = kind
        self.iteration = iteration
        self._index = index
        self._via = via
        self.position = position  # which input of ``via`` the gradient goes to
        self.formula = formula
        self.source = source
        self._value = value
        self._grad = grad
        self._part = part
        self._before = before
        self._went_in = went_in
        self.rate = rate
        self.optimizer = optimizer
        if rate is not None:
            in_powers = re.sub(r"e(\S+)", r" \\cdot 10^{\1}", times_rate(rate)).replace("−", "-")
            self.formula = rf"w_{{\text{{new}}}} = w {in_powers}\,\bar w"

    @property
    def went_in(self) -> list[tuple[str, str, GraphNode, Snapshot | None]]:
        """The numbers that went into the formula: (symbol in it, "value" or "grad", whose, which).

        The symbol of a gradient has a bar in the formula; here it is the letter alone.
        """
        it = self.iteration
        known = {"value": it.values, "grad": it.grads}
        return [(symbol, what, it.graph.at(i), known[what].get(i))
                for symbol, what, i in self._went_in]  # fmt: skip

    @property
    def node(self) -> GraphNode:
        return self.iteration.graph.at(self._index)

    @property
    def via(self) -> GraphNode | None:
        return None if self._via is None else self.iteration.graph.at(self._via)

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def op(self) -> str | None:
        """The operation that ran, forwards or backwards."""
        node = self.node if self.kind == "forward" else self.via
        return None if node is None else node.op

    @property
    def value(self) -> Tensor | None:
        """The tensor's numbers, after the update if it is one; None if they were too many."""
        return None if self._value is None else self._value.tensor()

    @property
    def before(self) -> Tensor | None:
        """Of an update the numbers before it."""
        return None if self._before is None else self._before.tensor()

    @property
    def grad(self) -> Tensor | None:
        """The gradient so far: the sum of all parts that have arrived."""
        return None if self._grad is None else self._grad.tensor()

    @property
    def part(self) -> Tensor | None:
        """Of a backward step what this operation adds to the gradient."""
        return None if self._part is None else self._part.tensor()

    @property
    def snapshots(self) -> dict[str, Snapshot]:
        """What is known of the numbers, also where they were too many to be kept."""
        found = {"before": self._before, "value": self._value, "grad": self._grad,
                 "part": self._part}  # fmt: skip
        return {name: s for name, s in found.items() if s is not None}

    def __repr__(self) -> str:
        return f"<step {self.number}: {line_of_step(self)}>"


class Known:
    """What is known of one iteration without its steps.

    Its steps refer to this rather than to the iteration that lists them: a tape has no reference
    cycles, and goes as soon as nobody has it.
    """

    def __init__(self, number: int, graph: Graph, root: int) -> None:
        self.number = number
        self.graph = graph  # shared by iterations that computed the same
        self.root_index = root
        self.values: dict[int, Snapshot] = {}  # by node: all that are known
        self.grads: dict[int, Snapshot] = {}  # by node: the whole gradients
        self.loss: float | None = None  # the root's number, if it is one

    @property
    def root(self) -> GraphNode:
        return self.graph.at(self.root_index)


class Iteration(Known):
    """One backward pass, with the forward pass before it and the updates after it."""

    def __init__(self, number: int, graph: Graph, root: int) -> None:
        super().__init__(number, graph, root)
        self.steps: list[Step] = []
        self.known = Known(number, graph, root)
        self.known.values, self.known.grads = self.values, self.grads


class Tape:
    """The steps that were recorded; made by :func:`minigrad.record`. In Jupyter it is a player."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.iterations: list[Iteration] = []

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, i: int) -> Step:
        return self.steps[i]

    @property
    def losses(self) -> list[float]:
        """The number that each iteration's backward pass started from."""
        return [it.loss for it in self.iterations if it.loss is not None]

    def __repr__(self) -> str:
        n, k = len(self.iterations), len(self.steps)
        if not k:
            return "Tape(nothing recorded)"
        said = f"Tape({k:,} step{'s' if k > 1 else ''} in {n:,} iteration{'s' if n > 1 else ''}"
        name = self.iterations[0].root.name
        losses = [it.loss for it in self.iterations
                  if it.loss is not None and it.root.name == name]  # fmt: skip
        if losses:
            said += f"; {printable(name)} {number_text(losses[0])}"
            said += f" -> {number_text(losses[-1])}" if len(losses) > 1 else ""
        return said + ")"

    def describe(self, limit: int | None = 200) -> str:
        """The tape as text, one line a step.

        limit: the most lines for steps; those in the middle are left out, and counted. None: all.
        """
        shown = list(self.steps)
        if limit is not None and len(shown) > limit:
            half = max(limit // 2, 1)
            shown = shown[:half] + shown[-half:]
        lines = [repr(self)]
        if not self.steps:
            lines.append(
                "No operation on a tensor with requires_grad=True ran in the `with` block: compute "
                "in it, from leaves that require a gradient."
            )
        last: Step | None = None
        for step in shown:
            if last is not None and step.number > last.number + 1:
                lines.append(f"... {step.number - last.number - 1:,} more steps: "
                             "describe(limit=None) shows all ...")  # fmt: skip
            new = last is None or step.iteration is not last.iteration
            if new:
                lines.append(f"iteration {step.iteration.number + 1}")
            if new or (last is not None and step.kind != last.kind):
                lines.append(f"  {step.kind}")
            lines.append(f"  {step.number + 1:5}  {line_of_step(step)}")
            last = step
        return "\n".join(lines)

    if TYPE_CHECKING:  # the player is hung on: drawing/hung_on.py

        def __getattr__(self, name: str) -> Any: ...


def line_of_step(step: Step, source: bool = True) -> str:
    """A step in one line of text. source: with your line of code."""
    name = printable(step.name)
    where = ""
    if source and step.source is not None:
        where = f"  (line {step.source[1]}: {shorten(printable(step.source[2]), 60)})"
    if step.kind == "forward":
        return f"{computed(step.node)} = {in_short(step._value)}{where}"
    if step.kind == "update":
        return f"{update_in_short(step)}{where}"
    if step._via is None:
        return f"gradient of {name} = {in_short(step._grad)}, where the pass starts"
    assert step.via is not None
    summed = step._part is not step._grad
    text = f"gradient of {name} "
    text += f"+= {in_short(step._part)} -> {in_short(step._grad)}" if summed else (
        f"= {in_short(step._grad)}")  # fmt: skip
    return f"{text}, through {printable(step.via.name)}{where}"


def update_in_short(step: Step) -> str:
    """``w: 3 − 0.1 · 6 = 2.4``; without a known rate the numbers before, the gradient, and now."""
    name, by = printable(step.name), f", by {step.optimizer}" if step.optimizer else ""
    before, grad, now = in_short(step._before), in_short(step._grad), in_short(step._value)
    if step.rate is None:
        return f"{name}: {before}, gradient {grad}, now {now}{by}"
    rate = times_rate(step.rate)
    if step._value is None or step._value.size > 6:
        return f"{name} {rate} · gradient: {before}, gradient {grad}, now {now}{by}"
    grad = f"({grad})" if grad.startswith("−") else grad
    return f"{name}: {before} {rate} · {grad} = {now}{by}"


def times_rate(rate: float) -> str:
    """Minus the rate, as it stands in a formula: ``− 0.1``, or ``+ 0.1`` of one that goes up."""
    return f"{'+' if rate < 0 else '−'} {number_text(abs(rate))}"


def in_short(s: Snapshot | None) -> str:
    """All numbers of a small tensor; of a larger one the shape and the range.

    >>> import numpy as np
    >>> in_short(Snapshot(np.array([1.5, -2.0]))), in_short(Snapshot(np.arange(50.0)))
    ('[1.5, −2]', '[50] from 0 to 49')
    """
    if s is None:
        return "?"
    if s.size == 0:
        return "no numbers"
    if s.size == 1:
        return number_text(s.summary.first[0])
    if s.size <= 6 and len(s.shape) == 1:
        return "[" + ", ".join(number_text(v) for v in s.summary.first) + "]"
    if s.size <= 6 and len(s.shape) == 2:
        n = s.shape[1]
        rows = [s.summary.first[i * n : (i + 1) * n] for i in range(s.shape[0])]
        return "[" + ", ".join("[" + ", ".join(map(number_text, r)) + "]" for r in rows) + "]"
    shape = str(list(s.shape))
    if s.summary.low is None:
        return shape
    if s.summary.low == s.summary.high and not s.summary.bad:
        return f"{shape}, all {number_text(s.summary.low)}"
    return f"{shape} from {number_text(s.summary.low)} to {number_text(s.summary.high)}"


def number_text(value: Any, digits: int = 4) -> str:
    """A number, short, with a real minus sign.

    >>> [number_text(v) for v in (0.5, 29428664.0, -54321.0, 1e-7, 3)]
    ['0.5', '2.943e7', '−54320', '1e−7', '3']
    """
    if isinstance(value, float):
        text = f"{value:.{digits}g}"
        if "e+" in text and abs(value) < 1e6:
            text = f"{float(text):.0f}"
    elif isinstance(value, complex):
        text = f"{value:.{digits}g}"
    else:
        text = str(value)
    text = re.sub(r"e\+?(-?)0*(\d)", r"e\1\2", text)
    return text.replace("-", "−")
