"""New tensors of the user's own classes, such as parameters. (May be skipped at first.)"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor


def init(t: Tensor, array: np.ndarray[Any, Any]) -> None:
    """Fill the slots of a new tensor (of any subclass) without history."""
    t._data, t._node, t._requires_grad, t._grad = array, None, False, None
    t._ver, t._owner, t._ended, t._view, t.extra = 0, None, None, None, None
