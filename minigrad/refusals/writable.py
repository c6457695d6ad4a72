"""May a tensor be written to in place? Every refusal of an in-place operation, in PyTorch's words.

* A leaf that is being recorded may not be overwritten, nor may some views (``check_history``).
* An expanded tensor has one number in many places (``expanded``).
* What is read may not be what has just been overwritten (``check_overlap``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.modes import grad_mode
from ..core.tensor import Tensor
from ..core.views import refresh
from ..faithful.package_name import package
from ..faithful.strides import is_dense, overlaps, strides_of


def check_writable(
    x: Tensor, will_record: bool, part: bool = False, repeats: bool = False, target: Any = None
) -> None:
    """Refuse an in-place write (to a ``part`` of x) that would make gradients wrong.

    repeats: it does not matter if rows of an expanded tensor are one and the same memory. target:
    the part of the array that is written.
    """
    if x.extra is not None and x.extra.carried is not None:
        x.extra.carried.check_writable(x)
    check_history(x, will_record, part)
    data = x._data
    writeable = data.flags.writeable
    target = data if target is None else target
    locked = not writeable or 0 in target.strides
    if locked and overlaps(target) and (will_record or not repeats):
        raise expanded()
    if not writeable and not opened(data):  # what expand() gives is locked at first
        raise expanded()


def check_history(x: Tensor, will_record: bool, part: bool) -> None:
    """Refuse to write into a leaf that is being recorded, or into a view of one."""
    if not grad_mode.enabled:
        return
    if x._view is not None:
        if x._view.safe:
            refresh(x)
        check_view(x, will_record)
    if x._requires_grad and x._node is None:
        what = "a leaf" if x._view is None and not part else "a view of a leaf"
        raise RuntimeError(
            f"{what} Variable that requires grad is being used in an in-place operation. To "
            f"update it, as in training, write under `with {package()}.no_grad():`; to compute "
            "with it, make a new tensor (x = x + 1)."
        )


def check_view(x: Tensor, will_record: bool) -> None:
    """Refuse to write into a view whose history cannot be made anew, or into one of a leaf."""
    assert x._view is not None
    base = x._view.base
    op, params = x._view.steps[-1]
    if not x._view.safe and (will_record or base._requires_grad or op.refusal):
        if op.refusal:
            raise RuntimeError(op.refusal.format(**params))
        if x._view.safe is not None and any(step.multi_output for step, _ in x._view.steps):
            i = params.get("_output", 0)
            raise RuntimeError(
                f"Output {i} of {op.__name__} is a view and is being modified inplace. "
                "This view is the output of a function that returns multiple views. Such functions "
                "do not allow the output views to be modified inplace. You should replace the "
                "inplace operation by an out-of-place one."
            )
        raise RuntimeError(
            "A view was created in no_grad mode and is being modified inplace with grad mode "
            "enabled. Given that this use case is ambiguous and error-prone, it is forbidden. You "
            "can clarify your code by moving both the view and the inplace either both inside the "
            "no_grad block (if you don't want the inplace to be tracked) or both outside (if you "
            "want the inplace to be tracked)."
        )
    if base._requires_grad and base._node is None:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation. "
            "Writing into a part of a leaf changes the leaf; do it under "
            f"`with {package()}.no_grad():`, or write into a copy (x.clone())."
        )


def expanded() -> RuntimeError:
    return RuntimeError(
        "unsupported operation: more than one element of the written-to tensor refers to a "
        "single memory location. Please clone() the tensor before performing the operation. "
        "This tensor was expanded: its rows are one and the same memory."
    )


def opened(data: Any) -> bool:
    """Make the array of an expanded tensor writable, if the memory under it is."""
    try:
        data.flags.writeable = True
    except ValueError:
        return False
    return True


# What writes one number, which may lie in the tensor itself.
FILLING = frozenset({"fill_", "zero_", "masked_fill_", "index_fill_", "fill_diagonal_"})
# What PyTorch does not ask: sums of matrices, and what reads number by number (shaping/masks.py).
UNASKED = frozenset({"addmm_", "addmv_", "addr_", "addbmm_", "baddbmm_", "masked_scatter_"})
# What may write into rows that are one and the same memory; PyTorch warns of some.
PARTLY_FILLING = ("masked_fill_", "index_fill_", "fill_diagonal_", "fill_", "zero_", "index_put_")
COMPARING = frozenset({"lt_", "le_", "gt_", "ge_"})  # their results fit any dtype
# What may not even read exactly what it writes.
SCATTERING = frozenset({"index_add_", "index_copy_", "index_reduce_", "index_put_", "put_",
                        "index_fill_", "scatter_", "scatter_add_", "scatter_reduce_"})  # fmt: skip


def check_overlap(x: Tensor, others: Any, name: str, target: Any = None) -> None:
    """Refuse to read numbers for one element where another one is being written.

    target: the part of the array that is written, to which what is read is stretched.
    """
    owner = x if x._owner is None else x._owner
    for t in others:
        if (t if t._owner is None else t._owner) is owner and (t._data.ndim or name not in FILLING):
            read, written = t._data, x._data if target is None else target
            if target is not None and read.shape != target.shape:
                read = np.broadcast_to(read, target.shape)
            if name not in UNASKED and half_shared(written, read, name in SCATTERING):
                raise RuntimeError(
                    "unsupported operation: some elements of the input tensor and the written-to "
                    "tensor refer to a single memory location. Please clone() the tensor before "
                    "performing the operation. While it writes, it would read numbers that it has "
                    "just overwritten."
                )


def half_shared(a: Any, b: Any, even_all: bool = False) -> bool:
    """Whether two arrays share memory, but not as one and the same (PyTorch's rules)."""
    if not (a.size and b.size and is_dense(a.shape, strides_of(a))
            and is_dense(b.shape, strides_of(b))):  # fmt: skip
        return False
    start_a, end_a = np.lib.array_utils.byte_bounds(a)
    start_b, end_b = np.lib.array_utils.byte_bounds(b)
    if (start_a, end_a) == (start_b, end_b):
        return even_all or strides_of(a) != strides_of(b)
    return start_a < end_b and start_b < end_a
