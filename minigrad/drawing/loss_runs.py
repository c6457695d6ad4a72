"""Which curves of a recorder belong to one training, and at which iteration that began.

A recorder counts on from training to training, but each one is drawn from iteration 0:

    for step in range(160): losses.log(sigmoid=loss)     # counted 0 to 159
    for step in range(160): losses.log(relu=loss)        # counted 159 to 318, drawn 0 to 159

That a new training has begun is seen from what was recorded: no iteration has values of both.
A curve that is logged now and then, a validation loss, lies between values of the other curve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Run(NamedTuple):
    """One training: the iterations it was counted at, first and last, and its curves."""

    first: int
    last: int
    names: tuple[str, ...]


def runs_of(curves: Mapping[str, Sequence[int]], loops: Iterable[tuple[int, int]]) -> list[Run]:
    """The trainings in a recorder, in their order.

    Args:
        curves: by name, the iterations of a curve's values, rising.
        loops: the first and last iteration of every tracked loop; each is of one training.
    """
    spans = [(iterations[0], iterations[-1], (name,)) for name, iterations in curves.items()]
    runs: list[Run] = []
    for first, last, names in sorted([*spans, *((a, b, ()) for a, b in loops)]):
        before = runs[-1] if runs else None
        # A plain loop's first value is counted with the last of the loop before, as a loss that
        # is logged once, after the training, is. One value is such a loss, more are a new loop.
        if before is None or first > before.last or (first == before.last and last > first):
            runs.append(Run(first, last, names))
        else:
            runs[-1] = Run(before.first, max(last, before.last), before.names + names)
    return runs
