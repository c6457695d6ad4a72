"""Freeing a deep graph without recursion. (May be skipped at first.)

When the last tensor of a graph goes, Python frees its node, which frees the nodes before it, and so
on. Up to Python 3.12 it works through a list after 50 steps; 3.13 takes 10,000 steps, more than the
small stack of a thread may hold. So there one of many nodes is a :class:`Cut`: what is behind it is
not freed at once, but when the freeing has come back to the first ``Cut``.
"""

from __future__ import annotations

import itertools
import sys
import threading
from typing import Any

from .node import Node

_behind = threading.local()  # what each thread is still to free, while it is freeing


class Cut(Node):
    """A node that puts off freeing what is behind it, so that nothing recurses."""

    __slots__ = ()

    def __del__(self) -> None:
        waiting = _behind.__dict__.setdefault("waiting", [])
        waiting.append((self.inputs, self.saved))
        self.inputs = self.saved = ()
        if len(waiting) == 1:  # else one further out works through the list
            done = 0
            while done < len(waiting):
                waiting[done] = None  # which may add to it
                done += 1
            waiting.clear()


# A prime number: however many operations a loop does in each round, a chain meets a Cut.
node_or_cut = map(object.__new__, itertools.cycle((*[Node] * 250, Cut))).__next__
new_node: Any = node_or_cut if sys.version_info >= (3, 13) else Node
