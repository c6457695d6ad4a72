"""What PyTorch's tensors can do, hung onto the core's Tensor; nothing here makes a gradient.

``description`` (shape, dtype ...), ``place_in_graph`` (requires_grad, grad, hooks ...), ``numbers``
(item, numpy, printing ...), ``copies`` (pickle, deepcopy), ``storage`` (memory, strides), and the
tables that say which function of ``ops/`` each method is: ``functions_as_methods``, ``in_place``,
``operators``.
"""

from . import copies, description, numbers, place_in_graph  # noqa: I001  (before the tables)
from . import functions_as_methods, in_place, operators  # in this order: += is add_, x ** y pow
from . import conversions, storage, transposed, typed_tensors
from .place_in_graph import detach, detach_
from .storage import Layout as layout
from .storage import strided
from .transposed import adjoint
from .typed_tensors import (
    BoolTensor,
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
    set_default_tensor_type,
)

__all__ = [
    "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "HalfTensor",
    "IntTensor", "LongTensor", "ShortTensor", "adjoint", "detach", "detach_", "layout",
    "set_default_tensor_type", "strided",
]  # fmt: skip
