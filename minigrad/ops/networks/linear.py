r"""Linear layers: $Y = X W^\top + b$, and the bilinear one.

The weight of a layer with n inputs and m outputs has shape (m, n), one row for each output.
"""

from __future__ import annotations

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import linear as refuse
from ..called import called
from ..calls import one_call
from ..matrices.products import tensordot
from ..shaping.shape import expand, reshape


class Linear(Op):
    """A linear layer on a matrix of samples. The bias comes first, as in PyTorch's graph."""

    formula = r"Y = X W^\top + b"
    title = "AddmmBackward0"

    def forward(b, x, w):
        y = np.matmul(x, w.T)
        y += b
        return y

    def vjp_b(g, xp):
        r"\bar b = \textstyle\sum_i \bar Y_i"
        return xp.sum(g, dim=(0,))

    def vjp_x(g, w, xp):
        r"\bar X = \bar Y W"
        return xp.mm(g, w)

    def vjp_w(g, x, xp):
        r"\bar W = \bar Y^\top X"
        return xp.mm(xp.t(g), x)


class LinearNoBias(Op):
    formula = r"Y = X W^\top"
    bilinear = True
    title = "MmBackward0"

    def forward(x, w):
        return np.matmul(x, w.T)

    vjp_x = Linear.vjp_x
    vjp_w = Linear.vjp_w


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``: from ``in`` to ``out`` features in the last dimension.

    Args:
        input: a tensor (*, in).
        weight: (out, in), one row for each output; or (in,), which gives one output and no bias.
        bias: (out,), or None (the default) for none. All have one dtype.

    Returns:
        A new tensor (*, out), or (*) for a weight of one dimension, in the dtype of ``input``.

    Raises:
        RuntimeError: the numbers of features differ, a tensor has no or too many dimensions, or the
            dtypes differ.

    >>> import minigrad as mg
    >>> mg.nn.functional.linear(mg.tensor([[1.0, 2.0]]), mg.tensor([[3.0, 4.0]]), mg.tensor([0.5]))
    tensor([[11.5000]])

    Source: PyTorch's documentation of ``torch.nn.functional.linear``.
    """
    x, w = input._data, weight._data
    if w.ndim == 1 and x.ndim and bias is None:
        return input @ weight
    one_dtype = x.dtype == w.dtype and (bias is None or bias._data.dtype == w.dtype)
    if not (one_dtype and w.ndim == 2 and x.ndim and x.shape[-1] == w.shape[1]):
        refuse.linear(input, weight, bias)
    if x.ndim != 2:
        return by_rows(input, weight, bias)
    if bias is None:
        return apply(LinearNoBias, (input, weight))
    if bias._data.shape != w.shape[:1]:
        bias = expand(bias, (x.shape[0], w.shape[0]))
        return apply(LinearNoBias, (input, weight)) + bias
    return apply(Linear, (bias, input, weight))


@one_call(name="linear")
def by_rows(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """linear of a tensor of another number of dimensions than 2: of its rows."""
    x = input._data
    rows = linear(reshape(input, x.size // max(x.shape[-1], 1), x.shape[-1]), weight, bias)
    shape = (*x.shape[:-1], weight._data.shape[0])
    if bias is None:
        return called(reshape(rows, shape), "UnsafeViewBackward0")
    return reshape(rows, shape)


@one_call
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The bilinear forms ``input1 W_k input2 + b_k`` for each matrix of ``weight`` (k, n, m).

    >>> import minigrad as mg
    >>> mg.bilinear(mg.ones(1, 2), mg.ones(1, 3), mg.ones(4, 2, 3))
    tensor([[6., 6., 6., 6.]])
    """
    refuse.bilinear(input1, input2, weight, bias)
    left = tensordot(input1, weight, ([-1], [1]))  # (..., k, m)
    y = (left * input2.unsqueeze(-2)).sum(-1)
    return y if bias is None else y + bias
