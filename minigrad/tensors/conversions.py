"""Another dtype, another library: ``to``, ``float`` and others, what NumPy and DLPack ask for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.device import Device, only_cpu
from ..faithful.strides import preserve_format, suggested
from ..ops.elementwise.arithmetic import convert


def to(
    self: Tensor, *args: Any, dtype: Any = None, copy: bool = False, memory_format: Any = None,
    **ignored: Any,
) -> Tensor:  # fmt: skip
    """The tensor in another dtype (or like another tensor).

    Args:
        *args: a dtype, a device ("cpu"), or a tensor whose dtype is wanted.
        dtype: the dtype by name. None: as it is.
        copy: a copy even if nothing changes (default False).
        memory_format: how the copy lies in memory (default: as the tensor does).
        **ignored: ``device``, which can only be the CPU, and PyTorch's ``non_blocking``, which has
            no meaning here.

    Returns:
        A tensor of the same shape, a copy that is recorded; the tensor itself if nothing changes.

    Raises:
        AssertionError: for a GPU.
        RuntimeError: for a device that does not exist or the number of a GPU.
        TypeError: for what is no dtype, device or tensor.

    >>> import minigrad as mg
    >>> mg.tensor([1, 2]).to(mg.float64)
    tensor([1., 2.], dtype=torch.float64)

    Source: PyTorch's ``Tensor.to``.
    """
    device = ignored.get("device")
    for i, a in enumerate(args):
        if isinstance(a, (tuple, list)) or (type(a) is int and not i) or (type(a) is str and i):
            raise not_a_place(a)
        if isinstance(a, Tensor):
            dtype = a.dtype
        elif isinstance(a, (dtypes.dtype, type, np.dtype)):
            dtype = a
        elif isinstance(a, (str, Device)):
            device = a
    if device is not None:
        only_cpu(device)
    form = None if memory_format is preserve_format else memory_format
    same = dtype is None or dtypes.to_numpy(dtype) == self._data.dtype
    if same and not copy and (form is None or suggested(self._data) is form):
        return self
    return convert(self, self.dtype if dtype is None else dtype, form)


def not_a_place(value: Any) -> Exception:
    """PyTorch's error for ``x.to(3)`` (a GPU's number) and ``x.to((2, 3))``."""
    if not isinstance(value, int):
        return TypeError(
            "to() received an invalid combination of arguments - got "
            f"({type(value).__name__}), but expected a dtype, a device or a tensor"
        )
    if value < 0:
        return RuntimeError(f"Device index must not be negative: {value}")
    return RuntimeError(
        "Cannot access accelerator device when none is available: a number alone names a GPU; "
        "minigrad computes on the CPU only"
    )


def converting(name: str, d: dtypes.dtype) -> Any:
    """The method of this name: ``to`` one dtype."""

    def method(self: Tensor, memory_format: Any = None) -> Tensor:
        return to(self, d, memory_format=memory_format)

    method.__name__, method.__qualname__ = name, f"Tensor.{name}"  # its name in a TypeError
    method.__doc__ = f"""The tensor in the dtype {d.name}, ``x.to(mg.{d.name})``.

    Args:
        memory_format: how a copy lies in memory (default: as the tensor does).

    Returns:
        A tensor of the same shape, a copy; the tensor itself if it has that dtype.

    >>> import minigrad as mg
    >>> mg.tensor([0, 1]).{name}().dtype
    {d}

    Source: PyTorch's ``Tensor.{name}``.
    """
    return method


def cuda(self: Tensor, device: Any = None, **ignored: Any) -> Tensor:
    """There is no GPU here. Raises AssertionError, as PyTorch without CUDA does."""
    raise AssertionError(
        "Torch not compiled with CUDA enabled: minigrad computes on the CPU only; leave .cuda() "
        "out, or write device = 'cuda' if torch.cuda.is_available() else 'cpu'"
    )


def array_wrap(
    self: Tensor, array: Any, context: Any = None, return_scalar: bool = False
) -> Tensor:
    """What NumPy's functions on a tensor give: ``np.sin(x)`` is a tensor again."""
    array = np.asarray(array)
    return make(array.astype(np.uint8) if array.dtype == bool else array)


Tensor.to = to
for _method, _dtype in {
    "float": dtypes.float32, "double": dtypes.float64, "half": dtypes.float16,
    "int": dtypes.int32, "long": dtypes.int64, "short": dtypes.int16, "char": dtypes.int8,
    "byte": dtypes.uint8, "bool": dtypes.bool_, "cfloat": dtypes.complex64,
    "cdouble": dtypes.complex128,
}.items():  # fmt: skip
    setattr(Tensor, _method, converting(_method, _dtype))
Tensor.type_as = lambda self, other: to(self, other.dtype)
Tensor.cpu = lambda self, memory_format=None: to(self, memory_format=memory_format)
Tensor.cuda = cuda
Tensor.to_dense = lambda self: self
Tensor.pin_memory = Tensor.share_memory_ = Tensor.to_dense
Tensor.__array_wrap__ = array_wrap
Tensor.__dlpack__ = lambda self, **kwargs: self.numpy().__dlpack__(**kwargs)
Tensor.__dlpack_device__ = lambda self: self.numpy().__dlpack_device__()
