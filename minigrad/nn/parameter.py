"""Parameters and buffers: the tensors that a module owns."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.package_name import package
from ..ops.making.subclasses import init
from ..refusals.arguments import type_name
from ..refusals.words import check_differentiable

__all__ = ["Buffer", "Parameter"]


class Parameter(Tensor):
    """A tensor that a module registers as its own when it is assigned as an attribute.

    It is a leaf and requires a gradient (unless requires_grad=False). It shares its numbers with
    the tensor it is made of. RuntimeError if it is to require a gradient but is no float.

    >>> import minigrad as mg
    >>> mg.nn.Parameter(mg.tensor([1.0, 2.0]))
    Parameter containing:
    tensor([1., 2.], requires_grad=True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Parameter:
        if data is None:
            array = np.empty(0, dtypes.default_np())
        elif isinstance(data, Tensor):
            array = data._data
        else:
            raise AttributeError(
                f"'{type(data).__name__}' object has no attribute 'detach': a Parameter is made of "
                f"a tensor, nn.Parameter({package()}.tensor(...))"
            )
        if not isinstance(requires_grad, bool):
            raise TypeError(
                "_make_subclass(): argument 'require_grad' (position 3) must be bool, not "
                f"{type_name(requires_grad)}: requires_grad is True or False"
            )
        if requires_grad:
            check_differentiable(array.dtype)
        self = object.__new__(cls)
        init(self, array)
        self._requires_grad = bool(requires_grad)
        if isinstance(data, Tensor):  # writes are counted once: by the parameter, if it can be
            if data._ver or data._owner is not None:
                self._owner = data if data._owner is None else data._owner
            else:
                data._owner = self
        return self

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    __str__ = __repr__

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        """A parameter with a copy of the numbers; its gradient is not copied, as in PyTorch."""
        copied = memo[id(self)] = type(self)(self.detach().clone(), self._requires_grad)
        return copied


class Buffer(Tensor):
    """A tensor that a module registers as a buffer when it is assigned as an attribute.

    A buffer belongs to the state of a module, but is not trained: a running average, a mask.
    persistent=False: leave it out of ``state_dict``.
    """

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Buffer:
        self = object.__new__(cls)
        init(self, np.empty(0, dtypes.default_np()) if data is None else data._data)
        self.persistent = persistent
        return self

    def __repr__(self) -> str:
        return "Buffer containing:\n" + super().__repr__()

    __str__ = __repr__

    def __deepcopy__(self, memo: dict[int, Any]) -> Buffer:
        copied = memo[id(self)] = type(self)(self.clone(), persistent=self.persistent)
        return copied
