"""Where and how the numbers of a tensor are kept: its memory, strides, layout, device."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..faithful.dtype_names import cpp_name
from ..ops import capturing
from ..ops.making.creation import shape_of
from ..ops.options import resize
from ..ops.shaping.strided import as_strided
from ..ops.writing.inplace import bump
from ..refusals.writable import check_writable


class Layout:
    """How a tensor's numbers are arranged; here all are ``strided``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickle by name: a layout is one of minigrad's constants


Layout.__name__ = Layout.__qualname__ = "layout"  # in public, as in PyTorch
strided = Layout("strided")
contiguous_format, preserve_format, channels_last = (
    Layout(name) for name in ("contiguous_format", "preserve_format", "channels_last")
)


class Storage:
    """The memory behind a tensor and its views, as one row of numbers."""

    def __init__(self, tensor: Tensor) -> None:
        array: Any = tensor._data
        while isinstance(array.base, np.ndarray):
            array = array.base
        self._array = array
        self.dtype = tensor.dtype

    def data_ptr(self) -> int:
        """The address of the first number."""
        return int(self._array.__array_interface__["data"][0])

    def nbytes(self) -> int:
        return int(self._array.nbytes)

    def __len__(self) -> int:
        return int(self._array.size)

    size = __len__

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self.nbytes()

    def tolist(self) -> list[Any]:
        """All numbers, in the order of memory."""
        return list(self._array.ravel(order="K").tolist())

    def __getitem__(self, i: int) -> Any:
        return self.tolist()[i]

    def __iter__(self) -> Any:
        return iter(self.tolist())

    def __repr__(self) -> str:
        lines = "".join(f" {v}\n" for v in self.tolist())
        kind = f"torch.storage.TypedStorage(dtype={self.dtype}, device=cpu)"
        return f"{lines}[{kind} of size {len(self)}]"


class UntypedStorage(Storage):
    """The memory behind a tensor as bytes."""

    def __len__(self) -> int:
        return int(self._array.nbytes)

    size = __len__

    def tolist(self) -> list[Any]:
        return list(self._array.ravel(order="K").tobytes())

    def __repr__(self) -> str:
        lines = "".join(f" {v}\n" for v in self.tolist())
        return f"{lines}[torch.storage.UntypedStorage(device=cpu) of size {len(self)}]"


def storage_offset(self: Tensor) -> int:
    """How many numbers of the memory come before this tensor's first."""
    return (self.data_ptr() - Storage(self).data_ptr()) // self._data.itemsize


def resize_(self: Tensor, *sizes: Any, memory_format: Any = None) -> Tensor:
    """Look at the memory in another shape, row by row; more memory (zeros) if there is not enough.

    Not recorded. Raises RuntimeError if the tensor requires a gradient.

    >>> import minigrad as mg
    >>> mg.arange(6).resize_(2, 2)
    tensor([[0, 1],
            [2, 3]])
    """
    if self.requires_grad:
        raise RuntimeError(
            "cannot resize variables that require grad: no gradient belongs to what is lost or "
            "added; use reshape, or pick a part x[:n]"
        )
    size = shape_of(sizes, "resize_")
    check_writable(self, False)
    resize(self, size)
    bump(self)
    return self


def set_(
    self: Tensor, source: Any = None, storage_offset: int = 0, size: Any = None, stride: Any = None
) -> Tensor:
    """Let this tensor look at the memory of another tensor, or of a storage; not recorded.

    >>> import minigrad as mg
    >>> x = mg.arange(4)
    >>> mg.zeros(0, dtype=mg.int64).set_(x.storage(), 1, (2,), (2,))
    tensor([1, 3])
    """
    if self.requires_grad and not self.is_leaf:
        raise RuntimeError("set_() may not change the memory of a tensor with a history")
    capturing.refuse("it gives a tensor other memory (x.set_(y)): write x.copy_(y)")
    if source is None:
        source = make(np.zeros(0, self._data.dtype))
    memory = source._data if isinstance(source, Tensor) else source._array
    if memory.dtype != self._data.dtype:
        raise RuntimeError(
            f"Could not set tensor of type {cpp_name(memory)} to a tensor of type "
            f"{cpp_name(self._data)}: convert it first"
        )
    if size is not None or not isinstance(source, Tensor):
        flat = capturing.memory_of(memory).reshape(-1)
        whole = make(flat)
        shape = shape_of((flat.size - storage_offset,) if size is None else (size,))
        steps = stride or [math.prod(shape[i + 1 :]) for i in range(len(shape))]
        memory = as_strided(whole, shape, steps, storage_offset)._data
    self._data = memory
    bump(self)
    return self


def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Whether both tensors look at the same memory in the same way."""
    a, b = self._data, tensor._data
    same = Storage(self)._array is Storage(tensor)._array
    return same and self.data_ptr() == tensor.data_ptr() and (
        (a.shape, a.strides) == (b.shape, b.strides)
    )


def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """``resize_`` to the shape of another tensor."""
    return resize_(self, the_template.shape)


Tensor.resize_ = resize_
Tensor.resize_as_ = resize_as_
Tensor.set_ = set_
Tensor.is_set_to = is_set_to
Tensor.storage = lambda self: Storage(self)
Tensor.untyped_storage = lambda self: UntypedStorage(self)
Tensor.storage_offset = storage_offset
Tensor.layout = property(lambda self: strided)
Tensor.get_device = lambda self: -1
Tensor.is_cpu = property(lambda self: True)
for _name in ("cuda", "sparse", "sparse_csr", "quantized", "meta", "mps", "mkldnn", "nested"):
    setattr(Tensor, "is_" + _name, property(lambda self: False))
for _name in ("is_conj", "is_neg", "is_pinned", "is_shared", "is_distributed", "is_coalesced"):
    setattr(Tensor, _name, lambda self, *args: False)
