"""What a node remembers of its inputs that need no gradient. (May be skipped at first.)

No vjp may ask for them, as for the 3 in ``x + 3``, but a picture of the graph shows them. For each
edge that is None, ``node.constants`` has an entry (in a list, or a single one alone):

* a small tensor, or a tensor made of a Python number: itself; a large one, or a part of other
  memory: a weak reference, so that nothing large lives longer than the program lets it;
* one that has been written to, or shares memory: (weak reference, version, its numbers if small).

The version tells whether the numbers are still those that went in; of the others it was 0.
"""

from __future__ import annotations

from typing import Any
from weakref import ref

import numpy as np

from .modes import grad_mode, rare
from .tensor import Tensor

SMALL = 64  # numbers


def remembered(t: Tensor) -> Any:
    """The entry for ``t`` as it is now."""
    if t._ver or t._owner is not None or t._node is not None or t.extra is not None:
        version = t._ver if t._owner is None else t._owner._ver
        # A small part of a large memory is copied, so as not to keep the whole.
        small = t.extra is None and t._data.size <= SMALL
        return ref(t), version, t._data.copy() if small else None
    return t if t._data.size <= SMALL and t._data.base is None else ref(t)


def remembered_all(inputs: Any, which: tuple[int, ...]) -> Any:
    """The entries for the inputs of these numbers."""
    if len(which) == 1:
        return remembered(inputs[which[0]])
    return [remembered(inputs[i]) for i in which]


def number(value: Any, d: Any) -> Any:
    """A Python number as an array. As in PyTorch, one that the dtype has no room for wraps."""
    try:
        array = np.asarray(value, d)
    except OverflowError:
        array = np.asarray(value).astype(d)
    if rare:  # saved-tensor hooks know a number by this (autograd/packing.py)
        array.flags.writeable = False
        if grad_mode.capturing is not None:
            grad_mode.capturing.constant(array)
    return array
