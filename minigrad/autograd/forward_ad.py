"""Forward-mode differentiation with dual numbers, as ``torch.autograd.forward_ad``.

>>> import minigrad as mg
>>> import minigrad.autograd.forward_ad as fwAD
>>> with fwAD.dual_level():
...     x = fwAD.make_dual(mg.tensor([1.0, 2.0]), mg.tensor([1.0, 0.0]))
...     y = fwAD.unpack_dual(x**3)
>>> y
UnpackedDualTensor(primal=tensor([1., 8.]), tangent=tensor([3., 0.]))

How each operation's derivative is found is in func/dual.py.
"""

from __future__ import annotations

import functools
import threading
from typing import Any, NamedTuple

from ..core.tensor import Tensor
from ..faithful.package_name import package
from ..func.dual import DualLevel, alias, is_dual, parts, shell
from ..func.levels import enter, leave, running
from ..func.levels import forward_grad as _set_fwd_grad_enabled  # noqa: F401  (PyTorch's name)
from ..func.transforms import check_tangent

__all__ = [
    "UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual",
    "unpack_dual",
]  # fmt: skip


class UnpackedDualTensor(NamedTuple):
    """The two parts of a dual tensor; the tangent is None if it does not depend on the input."""

    primal: Tensor
    tangent: Tensor | None


class _Current(threading.local):
    level: DualLevel | None = None


_current = _Current()


def enter_dual_level() -> int:
    """Start forward mode; :func:`dual_level` is the safer way."""
    if _current.level is not None:
        raise RuntimeError(
            "Nested forward mode AD is not supported at the moment: leave the other dual_level() "
            f"first, or use {package()}.func.jvp, which nests"
        )
    _current.level = DualLevel()
    enter(_current.level)
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End forward mode: all tangents are gone, the primals stay as they are."""
    if _current.level is None:
        raise RuntimeError(
            "Dual level must be a positive number: no level is open, so there is none to exit"
        )
    if level not in (None, 0):
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This is "
            "not supported."
        )
    ended, _current.level = _current.level, None
    leave(ended)


class dual_level:
    """A block in which tensors may carry tangents."""

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *exc: object) -> None:
        exit_dual_level()

    def __call__(self, function: Any) -> Any:
        @functools.wraps(function)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            with dual_level():
                return function(*args, **kwargs)

        return decorated


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """``tensor`` with a tangent of the same shape; what is computed from it carries its derivative.

    Raises RuntimeError outside of :func:`dual_level`, for another shape, or if the tensor has a
    tangent already; ValueError for whole numbers.
    """
    current = _current.level
    if current is None:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to "
            "enter_dual_level() first."
        )
    check_tangent(tensor, tangent)
    if is_dual(tensor, current):
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the "
            "same level 0 is not supported."
        )
    dual = shell(current, tensor, tangent)
    if tensor.requires_grad:  # gradients with respect to the tensor flow through the dual
        same = alias(tensor)
        dual._node, dual._requires_grad = same._node, same._requires_grad
    return dual


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """The primal and the tangent of a tensor; no tangent outside of :func:`dual_level`."""
    current = _current.level
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"unpack_dual(): argument 'tensor' must be Tensor, not {type(tensor).__name__}"
        )
    if current is None:
        return UnpackedDualTensor(tensor, None)
    return UnpackedDualTensor(*parts(tensor, current))


def _is_fwd_grad_enabled() -> bool:
    """Whether tangents are pushed forward in this thread."""
    return running.forward_grad
