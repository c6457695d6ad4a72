"""What PyTorch's tensors can do, hung onto the core's Tensor; nothing here makes a gradient.

``description`` (shape, dtype ...), ``place_in_graph`` (requires_grad, grad, hooks ...), ``numbers``
(item, numpy, printing ...), ``copies`` (pickle, deepcopy), and the tables that say which function
of ``ops/`` each method is.
"""

from . import copies, description, numbers, place_in_graph  # noqa: I001  (before the tables)
from . import methods, methods_math, methods_more, methods_shape
