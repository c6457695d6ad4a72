"""What a tensor is: shape, dtype, device, how its numbers lie in memory. PyTorch's names."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.device import cpu
from ..faithful.dtype_names import type_name
from ..faithful.hang_on import hang_on
from ..faithful.size import Size


@hang_on(Tensor)
class Description(Tensor):
    @property
    def shape(self) -> Size:
        return Size(self._data.shape)

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the length of dimension ``dim``."""
        if dim is None:
            return Size(self._data.shape)
        n = self._data.ndim
        if not -n <= dim < n:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got "
                f"{dim})" if n else f"Dimension specified as {dim} but tensor has no dimensions"
            )
        return self._data.shape[dim]

    @property
    def ndim(self) -> int:
        return self._data.ndim

    def dim(self) -> int:
        return self._data.ndim

    def numel(self) -> int:
        return self._data.size

    nelement = numel

    @property
    def dtype(self) -> dtypes.dtype:
        return dtypes.FROM_NUMPY[self._data.dtype]

    @property
    def device(self) -> Any:
        return cpu

    @property
    def itemsize(self) -> int:
        return self._data.itemsize

    def element_size(self) -> int:
        return self._data.itemsize

    @property
    def nbytes(self) -> int:
        return self._data.nbytes

    def is_floating_point(self) -> bool:
        return self._data.dtype.kind == "f"

    def is_complex(self) -> bool:
        return self._data.dtype.kind == "c"

    def is_contiguous(self) -> bool:
        return self._data.flags.c_contiguous

    def stride(self, dim: int | None = None) -> Any:
        strides = tuple(s // self._data.itemsize for s in self._data.strides)
        if dim is None:
            return strides
        self.size(dim)  # IndexError if there is no such dimension
        return strides[dim]

    def data_ptr(self) -> int:
        return self._data.__array_interface__["data"][0]

    type_name = type_name
