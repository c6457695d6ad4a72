"""Help for ``copy.deepcopy``: what may be copied, and how shared memory stays shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .tensor import Tensor


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
