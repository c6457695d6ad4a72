"""What exists so that minigrad prints, promotes and names as PyTorch does, without any tensor.

``dtypes`` (the rules for mixing them), ``dtype_names``, ``size``, ``strides``, ``device``,
``printing``, ``words``. On import the core is told PyTorch's rules, in place of NumPy's.
"""

from ..core.slots import slots
from .device import Device as device
from .dtypes import bool_ as bool
from .dtypes import (
    complex64,
    complex128,
    default_np,
    dtype,
    finfo,
    float16,
    float32,
    float64,
    get_default_dtype,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    promote_types,
    result_np,
    set_default_dtype,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .dtypes import complex64 as cfloat
from .dtypes import complex128 as cdouble
from .dtypes import float16 as half
from .dtypes import float32 as float
from .dtypes import float64 as double
from .dtypes import int16 as short
from .dtypes import int32 as int
from .dtypes import int64 as long
from .printing import set_printoptions
from .size import Size
from .strides import Layout as memory_format
from .strides import channels_last, channels_last_3d, contiguous_format, laid_out, preserve_format

__all__ = [
    "Size", "bool", "cdouble", "cfloat", "channels_last", "channels_last_3d", "complex128",
    "complex64", "contiguous_format", "device", "double", "dtype", "finfo", "float", "float16",
    "float32", "float64", "get_default_dtype", "half", "iinfo", "int", "int16", "int32", "int64",
    "int8", "long", "memory_format", "preserve_format", "promote_types", "set_default_dtype",
    "set_printoptions", "short", "uint16", "uint32", "uint64", "uint8",
]  # fmt: skip

slots.result_dtype = result_np  # type: ignore[method-assign]
slots.default_float = default_np  # type: ignore[method-assign]
slots.laid_out = laid_out  # type: ignore[method-assign]
