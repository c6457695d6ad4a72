"""What PyTorch's messages call a dtype: two names for each, and here is their only table."""

from __future__ import annotations

from typing import Any

# As in "expected scalar type Long but found Float".
KIND_NAMES = {
    "bool": "Bool", "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int",
    "int64": "Long", "float16": "Half", "float32": "Float", "float64": "Double",
    "complex64": "ComplexFloat", "complex128": "ComplexDouble",
}  # fmt: skip
# The type in C++, as in "expected m1 and m2 to have the same dtype, but got: long int != float".
CPP_NAMES = {
    "bool": "bool", "uint8": "unsigned char", "int8": "signed char", "int16": "short int",
    "int32": "int", "int64": "long int", "float16": "c10::Half", "float32": "float",
    "float64": "double", "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip


def kind_name(x: Any) -> str:
    """PyTorch's name of an array's dtype in its messages, such as ``Long``."""
    return KIND_NAMES.get(x.dtype.name, x.dtype.name)


def cpp_name(x: Any) -> str:
    """The C++ name of an array's dtype, which some of PyTorch's messages use."""
    return CPP_NAMES.get(x.dtype.name, x.dtype.name)


def type_name(t: Any) -> str:
    """PyTorch's name of the type of a tensor, for example ``FloatTensor``."""
    return f"{KIND_NAMES.get(t._data.dtype.name, '')}Tensor"
