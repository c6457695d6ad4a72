"""What a tensor answers with when asked for its shape and the name of its type."""

from __future__ import annotations

from typing import Any

TYPE_NAMES = {
    "float32": "FloatTensor", "float64": "DoubleTensor", "float16": "HalfTensor",
    "uint8": "ByteTensor", "int8": "CharTensor", "int16": "ShortTensor", "int32": "IntTensor",
    "int64": "LongTensor", "bool": "BoolTensor", "complex64": "ComplexFloatTensor",
    "complex128": "ComplexDoubleTensor",
}  # fmt: skip


class Size(tuple[int, ...]):
    """A shape: a tuple that prints as PyTorch's ``torch.Size([2, 3])``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __add__(self, other: Any) -> Any:
        """Longer shapes are shapes too, and so are parts of one."""
        return Size(tuple(self) + tuple(other)) if isinstance(other, tuple) else NotImplemented

    def __getitem__(self, i: Any) -> Any:
        part = tuple.__getitem__(self, i)
        return Size(part) if isinstance(i, slice) else part

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        n = 1
        for d in self:
            n *= d
        return n


def type_name(t: Any) -> str:
    """PyTorch's name of the type of a tensor, for example ``FloatTensor``."""
    return TYPE_NAMES.get(t._data.dtype.name, "Tensor")
