"""Questions about a tensor itself, not its elements: its size, its dtype, its type."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..faithful import dtypes


def numel(input: Tensor) -> int:
    """The number of elements."""
    return input._data.size


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor.

    Args:
        obj: anything.

    Returns:
        A bool.

    >>> import minigrad as mg
    >>> mg.is_tensor(mg.ones(2)), mg.is_tensor([1.0, 1.0])
    (True, False)

    Source: PyTorch's ``torch.is_tensor``.
    """
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is a floating-point one."""
    return input.is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is a complex one."""
    return input.is_complex()


def is_signed(input: Tensor) -> bool:
    """Whether the tensor's dtype has numbers below 0."""
    return input.dtype.is_signed


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether both have one shape."""
    return input._data.shape == other._data.shape


def can_cast(from_: dtypes.dtype, to: dtypes.dtype) -> bool:
    """Whether PyTorch's rules of type promotion let a result be written into ``to``.

    >>> import minigrad as mg
    >>> mg.can_cast(mg.int64, mg.float32), mg.can_cast(mg.float32, mg.int64)
    (True, False)
    """
    return from_.category <= to.category


def result_type(tensor1: Any, tensor2: Any) -> Any:
    """The dtype that mixing two operands (tensors or numbers) gives.

    >>> import minigrad as mg
    >>> mg.result_type(mg.tensor([1, 2]), 1.0)
    torch.float32
    """
    raw = [v._data if isinstance(v, Tensor) else v for v in (tensor1, tensor2)]
    return dtypes.FROM_NUMPY[dtypes.result_np(raw)]


def typename(obj: Any) -> str:
    """The name of an object's type; of a tensor's, for example ``torch.FloatTensor``."""
    if isinstance(obj, Tensor):
        return f"torch.{obj.type_name()}"
    return f"{type(obj).__module__}.{type(obj).__qualname__}".removeprefix("builtins.")
