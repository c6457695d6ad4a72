"""What hooks are shown of a gradient, and what ``retain_grad`` keeps. (May be skipped at first.)

Two halves of ``xp``: for a gradient that is an array and for one that is a tensor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .tensor import Tensor, make


class ShownArrays:
    """Hooks get tensors, and copies: what they keep is not what the pass goes on with."""

    @staticmethod
    def wrap(g: Any) -> Tensor:
        return make(np.asarray(g))

    @staticmethod
    def wrap_copy(g: Any) -> Tensor:
        return make(np.array(g))

    @staticmethod
    def unwrap_copy(t: Tensor) -> Any:
        return t._data.copy()

    @staticmethod
    def keep(g: Any, before: Any) -> Tensor:
        return make(np.array(g) if before is None else before._data + g)


class ShownTensors:
    """A gradient that is recorded is shown as it is."""

    @staticmethod
    def wrap(g: Tensor) -> Tensor:
        return g

    wrap_copy = unwrap_copy = wrap

    @staticmethod
    def keep(g: Tensor, before: Any) -> Tensor:
        return g if before is None else before + g
