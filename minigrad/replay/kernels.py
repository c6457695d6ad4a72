"""How a replay runs an operation into memory that is already there.

For the commonest operations one NumPy function with ``out=`` does what the operation's forward
does, with the same bits; for all others the forward runs and its result is copied.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ..core.first_ops import Clamp, PowScalar, Sum
from ..core.op import Op
from ..ops.elementwise.arithmetic import Clone, Convert
from ..ops.elementwise.limits import Relu
from ..ops.networks.linear import Linear, LinearNoBias


def kernel(op: type[Op], arrays: Any, params: Any, outs: Any) -> Any:
    """A function without arguments that computes ``outs`` from ``arrays`` again, in place."""
    out = outs[0]
    if isinstance(op.ufunc, np.ufunc) and not params:
        return partial(op.ufunc, *arrays, out=out)
    if op is Relu:
        return partial(np.maximum, arrays[0], 0, out=out)
    if op is Clamp and params.get("max") is None:
        return partial(np.maximum, arrays[0], params["min"], out=out)
    if op is PowScalar and params["exponent"] == 2:
        return partial(np.multiply, arrays[0], arrays[0], out=out)
    if op is Sum:
        x = arrays[0]
        return partial(np.add.reduce, x, axis=params.get("dim"), dtype=x.dtype, out=out,
                       keepdims=params.get("keepdim", False))  # fmt: skip
    if op is Clone or op is Convert:
        return partial(np.copyto, out, arrays[0], "unsafe")
    if op is Linear:
        b, x, w = arrays
        return partial(linear_into, b, x, w, out)
    if op is LinearNoBias:
        return partial(np.matmul, arrays[0], arrays[1].T, out=out)
    return partial(forward_into, op, tuple(arrays), params, tuple(outs))


def linear_into(b: Any, x: Any, w: Any, out: Any) -> None:
    np.matmul(x, w.T, out=out)
    np.add(out, b, out=out)


def forward_into(op: type[Op], arrays: Any, params: Any, outs: Any) -> None:
    """Any operation: run its forward and copy the results."""
    made = op.forward(*arrays, **params)
    for out, y in zip(outs, made if op.multi_output else (made,), strict=True):
        np.copyto(out, y)
