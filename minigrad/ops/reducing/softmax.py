r"""Softmax and its logarithm: scores to probabilities.

Both subtract the largest score first: $e^{1000}$ overflows, $e^{1000 - 1000}$ does not, and the
probabilities stay the same.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import softmax as refuse
from ..calls import one_call
from ..dimensions import one_dim
from ..elementwise.arithmetic import convert


class Softmax(Op):
    formula = r"y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}"

    def forward(x, *, dim):
        y = np.exp(x - largest(x, dim))
        y /= np.add.reduce(y, axis=axis_of(x, dim), keepdims=True)
        return y

    def vjp_x(g, y, dim, xp):
        r"\bar x_i = y_i \left(\bar y_i - \textstyle\sum_j \bar y_j y_j\right)"
        gy = g * y
        return gy - y * xp.sum(gy, dim=only(gy, dim, xp), keepdim=True)


class LogSoftmax(Op):
    formula = r"y_i = x_i - \ln \textstyle\sum_j e^{x_j}"

    def forward(x, *, dim):
        centred = x - largest(x, dim)
        total = np.add.reduce(np.exp(centred), axis=axis_of(x, dim), keepdims=True)
        return centred - np.log(total)

    def vjp_x(g, y, dim, xp):
        r"\bar x_i = \bar y_i - e^{y_i} \textstyle\sum_j \bar y_j"
        return g - xp.exp(y) * xp.sum(g, dim=only(g, dim, xp), keepdim=True)


def axis_of(x: Any, dim: int) -> int | None:
    return dim if x.ndim else None


def only(g: Any, dim: int, xp: Any) -> Any:
    """``dim`` as the tuple that a sum takes (None for a single number)."""
    return (dim,) if xp.shape_of(g) else None


def largest(x: Any, dim: int) -> Any:
    """The largest score, or 0 where all are -inf (which would give inf - inf)."""
    if not x.size:
        return np.zeros((), x.dtype)
    return np.maximum.reduce(x, axis=axis_of(x, dim), keepdims=True)


# --- the functions -------------------------------------------------------------------------------


def choose_dim(name: str, input: Tensor, dim: Any, stacklevel: int) -> int:
    """PyTorch's old rule for a missing ``dim``, with its warning."""
    if dim is None:
        warnings.warn(
            f"Implicit dimension choice for {name} has been deprecated. Change the call to "
            "include dim=X as an argument.",
            stacklevel=stacklevel,
        )
        dim = 0 if input._data.ndim in (0, 1, 3) else 1
    return one_dim(dim, input._data.ndim)


def run(op: type[Op], name: str, input: Tensor, dim: Any, dtype: Any) -> Tensor:
    d = choose_dim(name, input, dim, 5)
    if dtype is not None:
        input = convert(input, dtype)
    if input._data.dtype.kind != "f":
        refuse.softmax(name, input._data, d)
    with np.errstate(invalid="ignore", divide="ignore"):
        return apply(op, (input,), {"dim": d})


def softmax(input: Tensor, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    r"""Positive numbers that sum to 1 along ``dim``, in proportion to ``exp(input)``.

    $y_i = e^{x_i} / \sum_j e^{x_j}$, computed with the largest score subtracted first.

    Args:
        input: a float tensor of any shape.
        dim: one dimension, whose elements become shares of 1.
        dtype: what to convert to before (default: no conversion).

    Returns:
        A new tensor of the same shape and dtype, between 0 and 1.

    Raises:
        NotImplementedError: for bools, whole and complex numbers (convert with ``dtype=``).
        IndexError: if ``dim`` is not there.

    >>> import minigrad as mg
    >>> mg.softmax(mg.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])

    Source: Bridle (1990), Probabilistic interpretation of feedforward network outputs.
    """
    return run(Softmax, "softmax", input, dim, dtype)


def log_softmax(input: Tensor, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """``log(softmax(input, dim))`` without overflow.

    >>> import minigrad as mg
    >>> mg.log_softmax(mg.tensor([1.0, 1.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return run(LogSoftmax, "log_softmax", input, dim, dtype)


@one_call
def softmin(input: Tensor, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """``softmax(-input)``: the smallest gets the largest share."""
    d = choose_dim("softmin", input, dim, 4)
    return run(Softmax, "softmax", -input, d, dtype)


def softmax_of(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    r""":func:`softmax` as ``mg.softmax`` and ``x.softmax``, where ``dim`` must be said.

    $y_i = e^{x_i} / \sum_j e^{x_j}$, computed with the largest score subtracted first.

    Args:
        input: a float tensor of any shape.
        dim: one dimension, whose elements become shares of 1.
        dtype: what to convert to before (default: no conversion).

    Returns:
        A new tensor of the same shape and dtype, between 0 and 1.

    Raises:
        NotImplementedError: for bools, whole and complex numbers (convert with ``dtype=``).
        IndexError: if ``dim`` is not there.

    >>> import minigrad as mg
    >>> mg.softmax(mg.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])

    Source: Bridle (1990), Probabilistic interpretation of feedforward network outputs.
    """
    return run(Softmax, "softmax", input, dim, dtype)


def log_softmax_of(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """:func:`log_softmax` as ``mg.log_softmax`` and ``x.log_softmax``."""
    return run(LogSoftmax, "log_softmax", input, dim, dtype)


register(softmax=(Softmax, softmax), log_softmax=(LogSoftmax, log_softmax))
