"""Where and how the numbers of a tensor are kept: its memory, strides, layout, device."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..ops import capturing
from ..ops.making.creation import shape_of
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
    if size == self.shape:
        return self
    check_writable(self, False)
    n = math.prod(size)
    memory = Storage(self)._array.reshape(-1)[storage_offset(self) :]
    if n > memory.size:
        memory = np.concatenate([memory, np.zeros(n - memory.size, memory.dtype)])
    self._data = memory[:n].reshape(size)
    bump(self)
    return self


def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """``resize_`` to the shape of another tensor."""
    return resize_(self, the_template.shape)


def set_(self: Tensor, source: Tensor | None = None) -> Tensor:
    """Look at the memory of another tensor from now on, in its shape; without one at nothing.

    Not recorded. Raises RuntimeError for another dtype, or a leaf that is being recorded.

    >>> import minigrad as mg
    >>> x, y = mg.zeros(2), mg.ones(3)
    >>> x.set_(y)
    tensor([1., 1., 1.])
    """
    memory = np.empty(0, self._data.dtype) if source is None else source._data
    if memory.dtype != self._data.dtype:
        raise RuntimeError(
            "Could not set tensor of one type to a tensor of another: this one is "
            f"{self.dtype}; convert the source with .to({self.dtype})"
        )
    check_writable(self, False)
    capturing.refuse("it gives a tensor other memory (x.set_(y)): write x.copy_(y)")
    self._data = memory
    bump(self)
    return self


Tensor.set_ = set_
Tensor.resize_ = resize_
Tensor.resize_as_ = resize_as_
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
