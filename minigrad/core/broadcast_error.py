"""PyTorch's words for shapes that do not broadcast. (May be skipped at first.)"""

from __future__ import annotations

from typing import Any


def broadcast_error(x: Any, y: Any) -> RuntimeError:
    """The error for two arrays: where the lengths differ, and what would go together."""
    n = max(x.ndim, y.ndim)
    left, right = (1,) * (n - x.ndim) + x.shape, (1,) * (n - y.ndim) + y.shape
    for d in reversed(range(n)):
        if left[d] != right[d] and 1 not in (left[d], right[d]):
            return RuntimeError(
                f"The size of tensor a ({left[d]}) must match the size of tensor b ({right[d]}) at "
                f"non-singleton dimension {d}: the shapes are {list(x.shape)} and "
                f"{list(y.shape)}. Shapes are lined up at the right; each pair of lengths must be "
                "equal or contain a 1."
            )
    return RuntimeError(f"the shapes {list(x.shape)} and {list(y.shape)} do not go together")
