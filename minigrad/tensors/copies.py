"""Pickle and ``copy``: what may be copied, and how shared memory stays shared."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful.hang_on import hang_on
from ..ops.making.subclasses import init


@hang_on(Tensor)
class Copies(Tensor):
    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickle (and ``copy.copy``): the numbers and ``requires_grad``, without history."""
        if self.extra is not None and any(self.extra.tensor_hooks.values()):
            for hook in self.extra.tensor_hooks[0].values():
                warnings.warn(
                    f"backward hook {hook!r} on tensor will not be serialized. If this is expected,"
                    " you can decorate the function with @torch.utils.hooks.unserializable_hook to "
                    "suppress this warning: it has to be registered again on what is loaded.",
                    stacklevel=2,
                )
        return _rebuild_tensor, (type(self), self._data, self.requires_grad), self.__dict__ or None

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if id(self) in memo:
            known: Tensor = memo[id(self)]
            return known
        check_copyable(self)
        copied = _rebuild_tensor(type(self), copy_memory(self._data, memo), self._requires_grad)
        copied._ver = 1  # PyTorch makes an empty tensor first, and writes the numbers into it
        memo[id(self)] = copied
        if self._grad is not None:
            copied._grad = self._grad.__deepcopy__(memo)
        if self.__dict__:
            copied.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return copied


def _rebuild_tensor(cls: type[Tensor], array: np.ndarray[Any, Any], requires_grad: bool) -> Tensor:
    """Unpickle a leaf. Pickles name this function, so that its address stays what it is below."""
    t = object.__new__(cls)
    init(t, array)
    t._requires_grad = requires_grad
    return t


_rebuild_tensor.__module__ = Tensor.__module__ = __name__.partition(".")[0]


def copy_memory(array: np.ndarray[Any, Any], memo: dict[int, Any]) -> np.ndarray[Any, Any]:
    """A copy for ``copy.deepcopy``. Tensors that share memory do so in the copy too."""
    whole = array
    while isinstance(whole.base, np.ndarray):
        whole = whole.base
    if not whole.flags.c_contiguous or array.dtype != whole.dtype:
        return array.copy()
    if id(whole) not in memo:
        memo[id(whole)] = (whole.copy(), whole)  # whole stays alive, and so its id stays taken
    copied = memo[id(whole)][0]
    start = array.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, copied, start, array.strides)


def check_copyable(t: Tensor) -> None:
    if t.grad_fn is not None:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
            "protocol at the moment.  If you were attempting to deepcopy a module, this may be "
            "because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001. This tensor was computed by "
            f"{t.grad_fn!r}; copy t.detach() instead."
        )
