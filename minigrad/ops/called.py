"""PyTorch's name for the result of several operations that are one there.

What PyTorch runs as one operation is here sometimes written with several, so that a learner can
follow it. The recorded nodes stay what they are; only the last is shown under PyTorch's name.
"""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor


def called(y: Tensor, name: str | None) -> Tensor:
    """Let ``y.grad_fn``, which has just been recorded, show itself as ``name``; returns ``y``.

    None: under its own name. An unsafe view is no view of anything that the user has.
    """
    if name == "UnsafeViewBackward0":
        y._view = y._owner = None
    node: Any = y._node
    if node is not None and name is not None:
        node = node[0] if type(node) is tuple else node
        node.params = {**node.params, "_name": name}
    return y
