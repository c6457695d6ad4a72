"""Where and how the numbers of a tensor are kept: its memory, strides, layout, device."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful.dtype_names import cpp_name
from ..faithful.strides import (
    Layout,
    address,
    as_numbers,
    contiguous,
    format_strides,
    memory_of,
    preserve_format,
    strides_of,
    suggested,
)
from ..ops import capturing
from ..ops.making.creation import shape_of
from ..ops.writing.inplace import bump
from ..refusals.writable import check_writable

strided = Layout("strided")


class Storage:
    """The memory behind a tensor and its views, as one row of numbers."""

    def __init__(self, tensor: Tensor) -> None:
        self._array = memory_of(tensor._data)
        self.dtype = tensor.dtype

    def data_ptr(self) -> int:
        """The address of the first number."""
        return address(self._array)

    @property
    def _cdata(self) -> int:
        return self.data_ptr()

    def nbytes(self) -> int:
        return int(self._array.nbytes)

    def __len__(self) -> int:
        return int(self._array.size)

    size = __len__

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self.nbytes()

    def tolist(self) -> list[Any]:
        """All numbers, in the order of memory."""
        return list(self._array.tolist())

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

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self.nbytes()

    def tolist(self) -> list[Any]:
        return list(self._array.tobytes())

    def __repr__(self) -> str:
        lines = "".join(f" {v}\n" for v in self.tolist())
        return f"{lines}[torch.storage.UntypedStorage(device=cpu) of size {len(self)}]"


def storage_offset(self: Tensor) -> int:
    """How many numbers of the memory come before this tensor's first."""
    # Not by data_ptr(), which is 0 of a part without numbers.
    return (address(self._data) - address(memory_of(self._data))) // self._data.itemsize


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
    if size == self.shape and memory_format is None:
        return self
    n = math.prod(size)
    if n * self._data.itemsize >= 2**63:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)}: no memory is so large"
        )
    check_writable(self, False)
    memory = Storage(self)._array[storage_offset(self) :]
    if n > memory.size:
        memory = np.concatenate([memory, np.zeros(n - memory.size, memory.dtype)])
    strides = contiguous(size)
    if memory_format is not None and memory_format.order:
        strides = format_strides(size, memory_format)
    self._data = as_numbers(memory[:n], memory.dtype, size, strides)
    bump(self)
    return self


def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """``resize_`` to the shape of another tensor (preserve_format: and to its memory format)."""
    form = suggested(the_template._data) if memory_format is preserve_format else memory_format
    if memory_format is None and self.shape == the_template.shape:
        return self
    return resize_(self, the_template.shape, memory_format=form)


def set_(
    self: Tensor, source: Any = None, storage_offset: int = 0, size: Any = None, stride: Any = None
) -> Tensor:
    """Look at the memory of another tensor, or of a storage, from now on; of nothing if None.

    Not recorded. Raises RuntimeError for a leaf that is being recorded, or another dtype.

    >>> import minigrad as mg
    >>> mg.zeros(3).set_(mg.tensor([[1.0, 2.0]]))
    tensor([[1., 2.]])
    """
    check_writable(self, False)
    capturing.refuse("it gives a tensor other memory (x.set_(y)): write x.copy_(y)")
    d = self._data.dtype
    if source is None:
        array = np.empty(0, d)
    elif isinstance(source, Storage):
        if type(source) is Storage and source._array.dtype != d:
            raise other_dtype(source._array, self._data)
        row = source._array.view(d)
        size = row.shape if size is None else shape_of((size,))
        stride = contiguous(size) if stride is None else stride
        array = as_numbers(row[storage_offset:], d, size, stride)
    else:
        array = source._data
        if array.dtype != d:
            raise other_dtype(array, self._data)
    bump(self)  # counted for all that shared its memory so far
    self._ver = self._ver if self._owner is None else self._owner._ver
    self._data, self._owner, self._view = array, None, None
    return self


def other_dtype(given: Any, own: Any) -> RuntimeError:
    return RuntimeError(
        f"Could not set tensor of type {cpp_name(given)} to a tensor of type {cpp_name(own)}: "
        "memory has one dtype"
    )


def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Whether the two look at the same memory in the same way."""
    a, b = self._data, tensor._data
    same = a.dtype == b.dtype and a.shape == b.shape and strides_of(a) == strides_of(b)
    return same and address(a) == address(b) and (a is b or np.may_share_memory(a, b))


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
