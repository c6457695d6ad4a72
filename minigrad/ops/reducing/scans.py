r"""Products, log-sums, and running (cumulative) sums, products and extrema along a dimension.

The gradient of a running sum is the running sum from the other end: $y_k = \sum_{j \le k} x_j$
means that $x_i$ is in all later results, so $\bar x_i = \sum_{k \ge i} \bar y_k$. The other scans
reduce to that one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.first_ops import spread
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful.strides import in_rows
from ...refusals.reasons import scans as refuse
from ...refusals.words import not_implemented, only_real
from ..calls import one_call
from ..dimensions import dims, one_dim
from ..operands import as_float
from ..return_types import return_type
from .reductions import reduced


def accumulate(ufunc: Any, x: Any, dim: int, reverse: bool) -> Any:
    """A running ``ufunc``, from the front or from the back."""
    if x.ndim == 0:
        return x.copy()
    with np.errstate(all="ignore"):
        if reverse:
            return np.flip(ufunc.accumulate(np.flip(x, dim), axis=dim, dtype=x.dtype), dim)
        return ufunc.accumulate(x, axis=dim, dtype=x.dtype)


class Cumsum(Op):
    formula = r"y_k = \sum_{j \le k} x_j"
    linear = True

    def forward(x, *, dim, reverse=False):
        return accumulate(np.add, x, dim, reverse)

    def vjp_x(g, dim, reverse, xp):
        r"\bar x_i = \sum_{k \ge i} \bar y_k"
        return xp.cumsum(g, dim=dim, reverse=not reverse)


class Cumprod(Op):
    formula = r"y_k = \prod_{j \le k} x_j"

    def forward(x, *, dim, reverse=False):
        return accumulate(np.multiply, x, dim, reverse)

    def vjp_x(g, x, y, dim, reverse, xp):
        r"\bar x_i = \sum_{k \ge i} \bar y_k \prod_{j \le k, j \ne i} x_j"
        if not xp.numpy(x).all():  # with a zero, dividing by x_i would not take it out
            return cumprod_gradient(g, x, dim, reverse, xp)
        total = xp.cumsum(g * xp.conj(y), dim=dim, reverse=not reverse)
        return xp.div(total, xp.conj(x))


def cumprod_gradient(g: Any, x: Any, dim: int, reverse: bool, xp: Any) -> Any:
    """Cumprod's vjp by its definition, one scan for each i with x_i replaced by 1."""
    shape = xp.shape_of(x)
    if not shape:
        return g
    n = shape[dim]
    # The new dimension `dim` counts i; the scan runs along `dim + 1`.
    column = (n, n) + (1,) * (len(shape) - dim - 1)
    one = np.eye(n, dtype=bool).reshape(column)
    later = np.tri(n, dtype=bool).T if not reverse else np.tri(n, dtype=bool)
    x = xp.unsqueeze(x, dim=dim)
    without = xp.cumprod(xp.where(xp.constant(one), x * 0 + 1, x), dim=dim + 1, reverse=reverse)
    products = xp.conj(without) * xp.constant(later.reshape(column))
    return xp.sum(xp.unsqueeze(g, dim=dim) * products, dim=(dim + 1,))


class Prod(Op):
    formula = r"y = \prod_i x_i"

    def forward(x, *, dim=None, keepdim=False):
        with np.errstate(all="ignore"):
            return np.multiply.reduce(x, axis=dim, keepdims=keepdim, dtype=x.dtype)

    def vjp_x(g, x, y, x_shape, dim, keepdim, xp):
        r"\bar x_i = \bar y \prod_{j \ne i} x_j"
        if xp.numpy(x).all():
            whole = spread(g * xp.conj(y), x_shape, dim, keepdim, xp)
            return xp.div(whole, xp.conj(x))
        g = spread(g, x_shape, dim, keepdim, xp)
        if dim is None:
            flat = others(xp.reshape(x, shape=(-1,)), 0, xp)
            return g * xp.conj(xp.reshape(flat, shape=x_shape))
        return g * xp.conj(others(x, dim[0], xp))

    @classmethod
    def node_name(cls, node: Any) -> str:
        return "ProdBackward0" if node.params["dim"] is None else "ProdBackward1"


def others(x: Any, dim: int, xp: Any) -> Any:
    """For each element the product of all others: of those before it times those after it."""
    shape = xp.shape_of(x)
    one = xp.constant(np.ones((*shape[:dim], 1, *shape[dim + 1 :]), xp.np_dtype(x)))
    before: Any = (slice(None),) * dim + (slice(None, -1),)
    after: Any = (slice(None),) * dim + (slice(1, None),)
    left = xp.cat([one, xp.cumprod(x[before], dim=dim, reverse=False)], dim=dim)
    right = xp.cat([xp.cumprod(x[after], dim=dim, reverse=True), one], dim=dim)
    return left * right


class Cumextremum(Op):
    """cummax or cummin, with the positions found by the caller."""

    formula = r"y_k = \max_{j \le k} x_j"

    def forward(x, *, dim, index, name):
        return np.take_along_axis(x, index, axis=dim) if x.ndim else x.copy()

    def vjp_x(g, x_shape, dim, index, xp):
        r"\bar y_k \text{ added at the position of the maximum up to } k"
        if not x_shape:
            return g
        where = [i for i in np.ogrid[tuple(slice(n) for n in x_shape)]]
        where[dim] = index
        return xp.index_put_zeros(g, shape=x_shape, index=tuple(where), add=True)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


def log_of_sum(a: Any, b: Any) -> Any:
    """log(exp(a) + exp(b)) of two complex numbers without overflow."""
    top = max(a.real, b.real)
    return top + np.log(np.exp(a - top) + np.exp(b - top))


LOG_OF_SUM = np.frompyfunc(log_of_sum, 2, 1)


class Logcumsumexp(Op):
    formula = r"y_k = \ln \sum_{j \le k} e^{x_j}"

    def forward(x, *, dim, reverse=False):
        if x.ndim == 0:
            return x.copy()
        with np.errstate(all="ignore"):
            if x.dtype.kind == "c":
                return np.asarray(accumulate(LOG_OF_SUM, x, dim, reverse), x.dtype)
            return accumulate(np.logaddexp, x, dim, reverse)

    def vjp_x(g, x, y, dim, reverse, xp):
        r"\bar x_i = e^{x_i} \sum_{k \ge i} \bar y_k e^{-y_k}"
        if xp.np_dtype(x).kind == "c":
            terms = xp.cumsum(g * xp.exp(-xp.conj(y)), dim=dim, reverse=not reverse)
            return xp.exp(xp.conj(x)) * terms
        # Sums of exponentials overflow: they are kept as logarithms, of both signs of g apart.
        def part_of(chosen, sign):
            size = xp.log(xp.where(chosen, sign * g, g * 0 + 1))
            size = xp.where(chosen, size, g * 0 + np.finfo(xp.np_dtype(g)).min / 4)
            total = xp.logcumsumexp(size - y, dim=dim, reverse=not reverse)
            return xp.exp(total + x)

        return part_of(g > 0, 1) - part_of(g < 0, -1)


class Logsumexp(Op):
    formula = r"y = \ln \sum_i e^{x_i}"

    def forward(x, *, dim=None, keepdim=False):
        with np.errstate(all="ignore"):
            if x.size == 0:
                return np.log(np.exp(x).sum(axis=dim, keepdims=keepdim))
            top = np.maximum.reduce(x, axis=dim, keepdims=True)
            top = np.where(np.isinf(top), 0, top).astype(x.dtype)
            y = np.log(np.exp(x - top).sum(axis=dim, keepdims=True)) + top
            return y if keepdim else y.reshape(np.add.reduce(x, axis=dim).shape)

    def vjp_x(g, x, y, x_shape, dim, keepdim, xp):
        r"\bar x_i = \bar y\, e^{x_i - y}"
        g = spread(g, x_shape, dim, keepdim, xp)
        return g * xp.exp(x - spread(y, x_shape, dim, keepdim, xp))


# --- the functions -------------------------------------------------------------------------------


def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> (
    Tensor
):
    """The product over one dimension, or of all elements. Integers multiply to int64.

    >>> import minigrad as mg
    >>> mg.tensor([2.0, 3.0, 4.0]).prod()
    tensor(24.)
    """
    x = reduced(input, dtype, whole=True)
    if dim is None:
        return apply(Prod, (input,), {"dim": None, "keepdim": False}, [x])
    d = one_dim(dim, x.ndim)
    return apply(Prod, (input,), {"dim": (d,) if x.ndim else None, "keepdim": keepdim}, [x])


def cumsum(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    r"""The sums of the elements up to each place along ``dim``.

    $y_k = \sum_{j \le k} x_j$; the gradient is a running sum from the other end.

    Args:
        input: a tensor of any dtype.
        dim: one dimension.
        dtype: what to convert to before (default: no conversion).

    Returns:
        A new tensor of the same shape; bools and whole numbers sum to int64.

    Raises:
        IndexError: if ``dim`` is not there.

    >>> import minigrad as mg
    >>> mg.cumsum(mg.tensor([1, 2, 3]), dim=0)
    tensor([1, 3, 6])

    Source: PyTorch's documentation of ``torch.cumsum``.
    """
    x = reduced(input, dtype, whole=True)
    return apply(Cumsum, (input,), {"dim": one_dim(dim, x.ndim), "reverse": False}, [x])


def cumprod(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """The products of the elements up to each place along ``dim``.

    >>> import minigrad as mg
    >>> mg.cumprod(mg.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    x = reduced(input, dtype, whole=True)
    return apply(Cumprod, (input,), {"dim": one_dim(dim, x.ndim), "reverse": False}, [x])


def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """``log(cumsum(exp(input)))`` without overflow. Float tensors only.

    >>> import minigrad as mg
    >>> mg.logcumsumexp(mg.tensor([1000.0, 1000.0]), dim=0)
    tensor([1000.0000, 1000.6932])
    """
    x = input._data
    if x.dtype.kind not in "fc":
        raise not_implemented("logcumsumexp_out_cpu", x, "convert it with .float() first")
    return apply(Logcumsumexp, (input,), {"dim": one_dim(dim, x.ndim), "reverse": False})


@one_call
def logsumexp(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """``log(sum(exp(input)))`` over ``dim`` without overflow; a smooth maximum.

    >>> import minigrad as mg
    >>> mg.logsumexp(mg.tensor([1000.0, 1000.0]), dim=0)
    tensor(1000.6932)
    """
    x = as_float(input._data)
    return apply(Logsumexp, (input,), {"dim": dims(dim, x.ndim), "keepdim": keepdim}, [x])


Cummax = return_type("cummax", "values indices")
Cummin = return_type("cummin", "values indices")


def running(input: Tensor, dim: int, ufunc: Any, name: str) -> tuple[Tensor, Tensor]:
    """Running extrema and where they are: of equal elements the last, and the last nan."""
    x = input._data
    refuse.running(name, x, dim)
    d = one_dim(dim, x.ndim) if x.size else 0  # of no numbers PyTorch asks no dim
    if x.ndim == 0:
        index = np.zeros((), np.int64)
    else:
        best = ufunc.accumulate(x, axis=d)
        places = np.arange(x.shape[d]).reshape([-1 if i == d else 1 for i in range(x.ndim)])
        found = (x == best) | (x != x)
        index = np.maximum.accumulate(np.where(found, places, 0), axis=d)
    params = {"dim": d, "index": index, "name": f"{name}Backward0"}
    return apply(Cumextremum, (input,), params), make(in_rows(index))


def cummax(input: Tensor, dim: int) -> Any:
    """The largest element up to each place along ``dim``, and its position.

    >>> import minigrad as mg
    >>> mg.cummax(mg.tensor([1.0, 3.0, 2.0]), dim=0).values
    tensor([1., 3., 3.])
    """
    only_real("cummax_cpu", input)
    return Cummax(*running(input, dim, np.maximum, "Cummax"))


def cummin(input: Tensor, dim: int) -> Any:
    """The smallest element up to each place along ``dim``, and its position.

    >>> import minigrad as mg
    >>> mg.cummin(mg.tensor([2.0, 3.0, 1.0]), dim=0).indices
    tensor([0, 0, 2])
    """
    only_real("cummin_cpu", input)
    return Cummin(*running(input, dim, np.minimum, "Cummin"))


def scan(op: type[Op]) -> Any:
    """The scan as formulas use it, with the direction as a parameter."""
    return lambda x, dim, reverse: apply(op, (x,), {"dim": dim, "reverse": reverse})


register(
    cumsum=(Cumsum, scan(Cumsum)), cumprod=(Cumprod, scan(Cumprod)),
    logcumsumexp=(Logcumsumexp, scan(Logcumsumexp)),
)  # fmt: skip
