"""What a tensor is: shape, dtype, device, how its numbers lie in memory. PyTorch's names."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.device import cpu
from ..faithful.dtype_names import type_name
from ..faithful.hang_on import hang_on
from ..faithful.size import Size
from ..faithful.strides import address, contiguous_format, has_format, strides_of

new_size = tuple.__new__  # an array's lengths are whole numbers: Size itself need not look


@hang_on(Tensor)
class Description(Tensor):
    @property
    def shape(self) -> Size:
        """The lengths of the dimensions.

        Returns:
            A :class:`Size`, which is a tuple of int.

        >>> import minigrad as mg
        >>> mg.zeros(2, 3).shape, mg.tensor(1.0).shape
        (torch.Size([2, 3]), torch.Size([]))

        Source: NumPy's ``ndarray.shape``, by way of PyTorch's ``Tensor.shape``.
        """
        return new_size(Size, self._data.shape)

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the length of dimension ``dim``."""
        if dim is None:
            return new_size(Size, self._data.shape)
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
        """The number of dimensions.

        Returns:
            An int, 0 for a single number; the length of ``shape``.

        >>> import minigrad as mg
        >>> mg.zeros(2, 3).dim(), mg.tensor(1.0).dim()
        (2, 0)

        Source: PyTorch's ``Tensor.dim``.
        """
        return self._data.ndim

    def numel(self) -> int:
        """The number of elements.

        Returns:
            An int, the product of the lengths in ``shape``.

        >>> import minigrad as mg
        >>> mg.zeros(2, 3).numel(), mg.tensor(1.0).numel()
        (6, 1)

        Source: PyTorch's ``Tensor.numel``.
        """
        return self._data.size

    nelement = numel

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of the elements.

        Returns:
            A :class:`dtype`, such as ``mg.float32`` (what Python floats become) or ``mg.int64``.

        >>> import minigrad as mg
        >>> mg.tensor([1.0]).dtype, mg.tensor([1]).dtype
        (torch.float32, torch.int64)

        Source: PyTorch's "Tensor Attributes" page.
        """
        return dtypes.FROM_NUMPY[self._data.dtype]

    @property
    def device(self) -> Any:
        """Where the numbers are: here always the CPU.

        Returns:
            A :class:`device`.

        >>> import minigrad as mg
        >>> mg.ones(2).device
        device(type='cpu')

        Source: PyTorch's ``Tensor.device``.
        """
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

    def is_contiguous(self, memory_format: Any = contiguous_format) -> bool:
        """Whether the numbers lie in memory in order (that of the memory format)."""
        return has_format(self._data, memory_format)

    def stride(self, dim: int | None = None) -> Any:
        """How many elements of memory lie between neighbours along each dimension.

        Args:
            dim: the dimension, an int. None (the default): all of them.

        Returns:
            A tuple of int, one a dimension; for one ``dim`` an int. 0 where ``expand`` repeats an
            element.

        Raises:
            IndexError: there is no such dimension.

        >>> import minigrad as mg
        >>> x = mg.zeros(2, 3)
        >>> x.stride(), x.t().stride(), x.stride(0)
        ((3, 1), (1, 3), 3)

        Source: NumPy's ``ndarray.strides`` (in bytes there), by way of PyTorch's ``Tensor.stride``.
        """
        strides = strides_of(self._data)
        if dim is None:
            return strides
        self.size(dim)  # IndexError if there is no such dimension
        return strides[dim]

    def data_ptr(self) -> int:
        return address(self._data) if self._data.size else 0

    type_name = type_name
