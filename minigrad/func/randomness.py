"""Random numbers inside ``vmap``: refused, the same for all examples, or different ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..random.draws import in_transforms
from .batch import BatchedNumbers, BatchLevel, example, numbers_in
from .levels import running


class OneByOne(BatchLevel):
    """A batch that is run in a loop: each example draws for itself."""


def random_level() -> BatchLevel | None:
    """The innermost vmap that runs."""
    for level in reversed(running.stack):
        if isinstance(level, BatchLevel):
            return level
    return None


def stream_inside(stream: Any) -> Any:
    """What random functions draw from while transforms are running."""
    level = random_level()
    if level is None or level.randomness == "same":
        return stream
    if level.randomness == "error":
        raise RuntimeError(
            "vmap: called random operation while in randomness error mode. Please either use the "
            "'same' or 'different' randomness flags on vmap or perform the randomness operation "
            "out of vmap"
        )
    return stream if isinstance(level, OneByOne) else BatchedStream(stream, level)


class BatchedStream:
    """Draws for all examples of a batch."""

    def __init__(self, stream: Any, level: BatchLevel) -> None:
        self.stream = stream
        self.level = level

    def __getattr__(self, name: str) -> Any:
        draw, level = getattr(self.stream, name), self.level

        def draw_all(*args: Any) -> Any:
            if any(isinstance(a, tuple) for a in args) and not numbers_in(args):
                longer = [(level.size, *a) if isinstance(a, tuple) else a for a in args]
                return BatchedNumbers(level, np.asarray(draw(*longer)))
            rows = [draw(*example(args, level, i)) for i in range(level.size)]
            return BatchedNumbers(level, np.stack(rows))

        return draw_all


in_transforms.stream = stream_inside  # type: ignore[method-assign]
