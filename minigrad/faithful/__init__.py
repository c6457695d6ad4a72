"""What exists so that minigrad prints, promotes and names as PyTorch does, without any tensor.

``dtypes`` (the rules for mixing them), ``dtype_names``, ``size``, ``device``, ``printing``,
``words``. On import the core is told PyTorch's rules, in place of NumPy's.
"""

from ..core.slots import slots
from .dtype_names import type_name
from .dtypes import default_np, result_np

slots.result_dtype = result_np  # type: ignore[method-assign]
slots.default_float = default_np  # type: ignore[method-assign]
slots.type_name = type_name  # type: ignore[method-assign]
