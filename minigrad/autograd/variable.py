"""``autograd.Variable``: what tensors with gradients were called in old tutorials."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.tensor import Tensor, make
from ..faithful.package_name import package
from .final_callbacks import engine


class _IsTensor(type):
    def __instancecheck__(cls, thing: Any) -> bool:
        return isinstance(thing, Tensor)


class Variable(metaclass=_IsTensor):
    """PyTorch's old name: ``Variable(t)`` is a tensor with the numbers of ``t`` and no history.

    >>> import minigrad as mg
    >>> mg.autograd.Variable(mg.ones(2), requires_grad=True)
    tensor([1., 1.], requires_grad=True)
    """

    _execution_engine = engine

    def __new__(cls, data: Any = None, requires_grad: bool = False, volatile: Any = None) -> Any:
        if volatile is not None:
            warnings.warn(
                "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
                stacklevel=2,
            )
        if data is None:
            return Tensor()
        if not isinstance(data, Tensor):
            raise TypeError(
                f"Variable data has to be a tensor, but got {type(data).__name__}: make one with "
                f"{package()}.tensor(...); tensors can do all that Variables could"
            )
        return make(data._data).requires_grad_(requires_grad)
