"""What a node remembers of its inputs that need no gradient. (May be skipped at first.)

No vjp may ask for them, as for the 3 in ``x + 3``, but a picture of the graph shows them. For each
edge that is None, ``node.constants`` has an entry (of several, a list of entries):

* a Python number: itself;
* a small tensor: itself; a large one, or a part of other memory: a weak reference, so that nothing
  large lives longer than the program lets it;
* one that has been written to, or shares memory: (weak reference, version, its numbers if small).

The version tells whether the numbers are still those that went in; of the others it was 0.
"""

from __future__ import annotations

from typing import Any
from weakref import ref

from .tensor import Tensor

SMALL = 64  # numbers


def written(t: Tensor) -> Any:
    """The entry for a tensor that is at some version, or a view."""
    version = t._ver if t._owner is None else t._owner._ver
    # A small part of a large memory is copied, so as not to keep the whole.
    return ref(t), version, t._data.copy() if t._data.size <= SMALL else None


def remembered(inputs: Any, which: Any) -> Any:
    """The entry for input number ``which``; for several, a list."""
    if type(which) is tuple:
        return [remembered(inputs, i) for i in which]
    t = inputs[which]
    if t.extra is not None:  # its numbers may be a batch of arrays
        return ref(t)
    if t._ver or t._owner is not None or t._node is not None:
        return written(t)
    return t if t._data.size <= SMALL and t._data.base is None else ref(t)
