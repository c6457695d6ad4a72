"""``torch._check`` and its like, by which PyTorch's own Python code refuses; programs use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor

UNSAID = (
    "Expected cond to be True, but got False. (Could this error message be improved? If so, "
    "please report an enhancement request to PyTorch.)"
)


def _check_with(error: type[Exception], cond: Any, message: Callable[[], Any] | None) -> None:
    """Raise ``error`` with what ``message()`` gives, unless ``cond`` is True."""
    if not isinstance(cond, (bool, Tensor)):
        raise TypeError(f"cond must be a bool, but got {type(cond)}")
    if cond:
        return
    if message is not None and not callable(message):
        raise TypeError("message must be a callable")
    raise error(UNSAID if message is None else str(message()))


def _check(cond: Any, message: Callable[[], Any] | None = None) -> None:
    """Raise RuntimeError, unless ``cond`` is True."""
    _check_with(RuntimeError, cond, message)


def _check_index(cond: Any, message: Callable[[], Any] | None = None) -> None:
    """Raise IndexError, unless ``cond`` is True."""
    _check_with(IndexError, cond, message)


def _check_value(cond: Any, message: Callable[[], Any] | None = None) -> None:
    """Raise ValueError, unless ``cond`` is True."""
    _check_with(ValueError, cond, message)


def _check_type(cond: Any, message: Callable[[], Any] | None = None) -> None:
    """Raise TypeError, unless ``cond`` is True."""
    _check_with(TypeError, cond, message)


def _check_not_implemented(cond: Any, message: Callable[[], Any] | None = None) -> None:
    """Raise NotImplementedError, unless ``cond`` is True."""
    _check_with(NotImplementedError, cond, message)


def _check_tensor_all(cond: Any, message: Callable[[], Any] | None = None) -> None:
    """Raise RuntimeError, unless every element of ``cond`` is True."""
    if not isinstance(cond, Tensor) or cond._data.dtype != bool:
        raise TypeError(f"cond must be a bool tensor, but got {type(cond)}")
    _check_with(RuntimeError, bool(cond.all()), message)


def _assert_async(input: Tensor, assert_msg: str | None = None) -> None:
    """Raise RuntimeError if the one number of ``input`` is 0."""
    if input.numel() != 1:
        many = "more than one value" if input.numel() else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {many} is ambiguous")
    if not input:
        raise RuntimeError(
            assert_msg or "Expected Tensor with single nonzero value, but got zero"
        )
