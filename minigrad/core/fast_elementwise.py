"""The fast path of ``+ - * /`` on tensors of one dtype, or a number. (May be skipped at first.)

What it does is what ``elementwise.plain_binary`` does, which takes over for everything else. Most
of a small network's time is spent here, so that it is written without loops and with what ``op``
looks up at hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .constants import SMALL, remembered
from .deep_graphs import new_node
from .modes import grad_mode, rare
from .node import NO_PARAMS, next_seq
from .plans import saving_plan
from .slots import slots
from .source_lines import frame_at, internal
from .tensor import Tensor, make
from .views import refresh

_new_tensor = object.__new__
_ndarray = np.ndarray
_float32 = np.dtype(np.float32)


def fast_binary(op: Any, plain: Any) -> Any:
    """The function that runs ``op`` on two operands, ``plain(op, a, b)`` where it is not easy."""
    ufunc, kinds = op.ufunc, op.kinds
    plan_a, plan_b, plan_ab = (keeping(op, edges) for edges in ((0, None), (None, 0), (0, 0)))

    def run(a: Any, b: Any) -> Tensor:
        plain_types = type(a) is Tensor is type(b)  # nearly always, and told without a call
        if not (plain_types or (isinstance(a, Tensor) and isinstance(b, Tensor))):
            if rare:
                return plain(op, a, b)
            if type(b) in (float, int) and isinstance(a, Tensor) and a._data.dtype.kind == "f":
                b = make(grad_mode.quiet(np.asarray, b, a._data.dtype))
            elif type(a) in (float, int) and isinstance(b, Tensor) and b._data.dtype.kind == "f":
                a = make(grad_mode.quiet(np.asarray, a, b._data.dtype))
            else:
                return plain(op, a, b)
        if rare and (a.extra or b.extra or a._view or b._view or grad_mode.watcher):
            return plain(op, a, b)
        x = a._data
        y = b._data
        d = x.dtype
        if d is not y.dtype or not (d is _float32 or d.kind in kinds):
            return plain(op, a, b)
        try:
            z = grad_mode.quiet(ufunc, x, y)
        except ValueError:
            raise slots.words.broadcast_error(x, y) from None
        shape = z.shape
        if len(shape) > 1 and not (x.flags.c_contiguous and y.flags.c_contiguous):
            z = slots.laid_out(op, (a, b), z)  # they lie in another order: so does the result
        t = _new_tensor(Tensor)
        t._data = z if type(z) is _ndarray else np.asarray(z)
        t._grad = None
        t._ver = 0
        t._owner = None
        t._view = None
        t.extra = None
        if (a._view is not None or b._view is not None) and grad_mode.enabled:
            refresh(a)
            refresh(b)
        if not (a._requires_grad or b._requires_grad) or not grad_mode.enabled:
            t._node = None
            t._requires_grad = False
            t._ended = a._ended or b._ended
            if a._requires_grad or b._requires_grad:
                t._ended = grad_mode.ended
            if rare and grad_mode.mark is not None:
                t.extra = grad_mode.mark
            return t

        # Record (as in `op.record`, unrolled for two inputs).
        node = new_node()
        node.op = op
        node.extra = node.calls = None
        if a._requires_grad:
            edge_a = a if a._node is None else a._node
            if b._requires_grad:
                edge_b = b if b._node is None else b._node
                keep_a, keep_b, keep_y = plan_ab
            else:
                edge_b = None
                small = y.size <= SMALL and y.base is None and not b._ver and b._owner is None
                node.constants = b if small else remembered(b)
                keep_a, keep_b, keep_y = plan_a
        else:
            edge_a = None
            small = x.size <= SMALL and x.base is None and not a._ver and a._owner is None
            node.constants = a if small else remembered(a)
            edge_b = b if b._node is None else b._node
            keep_a, keep_b, keep_y = plan_b
        node.inputs = (edge_a, edge_b)
        if keep_a or keep_b or keep_y:
            version_a = (a._ver if a._owner is None else a._owner._ver) if keep_a else 0
            version_b = (b._ver if b._owner is None else b._owner._ver) if keep_b else 0
            node.saved = (a if keep_a else None, b if keep_b else None)
            node.versions = None
            if keep_y:
                twin = make(t._data)
                t._owner = twin
                node.saved = (*node.saved, twin)
            if version_a or version_b:
                node.versions = (version_a, version_b, 0)[: len(node.saved)]
            if rare and grad_mode.packing is not None:
                grad_mode.packing(node)
        else:
            node.saved = ()
            node.versions = None
        node.params = NO_PARAMS
        node.shape = shape
        node.dtype = d
        node.fits = x.shape == shape == y.shape
        node.seq = next_seq()
        frame: Any = frame_at(1)
        while internal[frame.f_globals.get("__name__", "")]:
            frame = frame.f_back
        node.code = frame.f_code
        node.lasti = frame.f_lasti
        t._node = node
        t._requires_grad = True
        t._ended = None
        return t

    return run


def keeping(op: Any, edges: Any) -> tuple[bool, bool, bool]:
    """Whether a, b and the result are kept for the gradients along ``edges``."""
    keep, keep_y = saving_plan(op, edges)
    return 0 in keep, 1 in keep, keep_y
