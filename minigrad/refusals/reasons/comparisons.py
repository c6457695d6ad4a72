"""What cannot be compared, or chosen from."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..of_the_core import broadcast_error


def unordered(name: str) -> NoReturn:
    raise RuntimeError(
        f"{name} not implemented for complex tensors.: they have no order; compare .abs()"
    )


def where(condition: Tensor) -> NoReturn:
    """A condition is True or False."""
    raise RuntimeError(
        f"where expected condition to be a boolean tensor, but got a tensor with dtype "
        f"{kind_name(condition._data)}: write a comparison such as x > 0"
    )


def mismatch(arrays: Any) -> RuntimeError:
    """The error for the first array that does not go together with those before it."""
    shape: tuple[int, ...] = ()
    for a in arrays:
        try:
            shape = np.broadcast_shapes(shape, a.shape)
        except ValueError:
            return broadcast_error(np.empty(shape, bool), a)
    return RuntimeError("the shapes do not go together")
