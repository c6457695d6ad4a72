r"""Statistics: counts, averages that skip nan, means with spreads, covariances.

Where PyTorch has one operation for two results (``var_mean``, ``aminmax``), one node has two
outputs, and one vjp adds what comes back through both.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.first_ops import count, spread
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful.strides import in_rows
from ...refusals.reasons import statistics as refuse
from ...refusals.words import only_real
from ..calls import one_call
from ..dimensions import dims, one_dim
from ..elementwise.complex_numbers import complex, imag, real
from ..operands import as_float, warn
from ..return_types import return_type
from .reductions import Std, Var, dispersion, reduced


class Nansum(Op):
    formula = r"y = \sum_{x_i \ne \mathrm{nan}} x_i"

    def forward(x, *, dim=None, keepdim=False):
        present = np.where(np.isnan(x), 0, x).astype(x.dtype)
        return np.add.reduce(present, axis=dim, keepdims=keepdim, dtype=x.dtype)

    def vjp_x(g, x, x_shape, dim, keepdim, xp):
        r"\bar y \text{ where } x_i \text{ is not nan},\ 0 \text{ elsewhere}"
        return spread(g, x_shape, dim, keepdim, xp) * (x == x)


class VarMean(Op):
    formula = r"(v, m) = (\mathrm{var}(x), \mathrm{mean}(x))"
    multi_output = True

    def forward(x, *, dim=None, keepdim=False, correction=1):
        mean = np.mean(x, axis=dim, keepdims=keepdim, dtype=x.dtype)
        return Var.forward(x, dim=dim, keepdim=keepdim, correction=correction), mean

    def vjp(g, needs, x, dim, keepdim, correction, xp):
        r"\bar x_i = \bar v\, \frac{2}{n - c} (x_i - m) + \bar m / n"
        shape = xp.shape_of(x)
        total = x * 0
        if g[0] is not None:
            total = total + Var.vjp_x(g[0], x, shape, dim, keepdim, correction, xp)
        if g[1] is not None:
            total = total + spread(g[1] / max(count(shape, dim), 1), shape, dim, keepdim, xp)
        return (total,)


class StdMean(Op):
    formula = r"(s, m) = (\mathrm{std}(x), \mathrm{mean}(x))"
    multi_output = True

    def forward(x, *, dim=None, keepdim=False, correction=1):
        mean = np.mean(x, axis=dim, keepdims=keepdim, dtype=x.dtype)
        return Std.forward(x, dim=dim, keepdim=keepdim, correction=correction), mean

    def vjp(g, needs, x, y, dim, keepdim, correction, xp):
        r"\bar x_i = \bar s\, \frac{x_i - m}{(n - c)\, s} + \bar m / n"
        shape = xp.shape_of(x)
        total = x * 0
        if g[0] is not None:
            total = total + Std.vjp_x(g[0], x, y[0], shape, dim, keepdim, correction, xp)
        if g[1] is not None:
            total = total + spread(g[1] / max(count(shape, dim), 1), shape, dim, keepdim, xp)
        return (total,)


class Aminmax(Op):
    formula = r"(a, b) = (\min_i x_i, \max_i x_i)"
    multi_output = True

    def forward(x, *, dim=None, keepdim=False):
        return (np.minimum.reduce(x, axis=dim, keepdims=keepdim),
                np.maximum.reduce(x, axis=dim, keepdims=keepdim))  # fmt: skip

    def vjp(g, needs, x, y, dim, keepdim, xp):
        r"\bar a \text{ and } \bar b, \text{ each shared by the elements equal to it}"
        shape = xp.shape_of(x)
        total = x * 0
        for part, value in zip(g, y, strict=True):
            if part is not None:
                hit = x == spread(value, shape, dim, keepdim, xp)
                ties = spread(xp.count_true(hit, dim=dim, keepdim=keepdim), shape, dim, keepdim, xp)
                total = total + spread(part, shape, dim, keepdim, xp) * hit / ties
        return (total,)


# --- the functions -------------------------------------------------------------------------------


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of the elements that are not nan.

    >>> import minigrad as mg
    >>> mg.nansum(mg.tensor([1.0, mg.nan, 2.0]))
    tensor(3.)
    """
    x = reduced(input, dtype, whole=True)
    refuse.nansum(x)
    return apply(Nansum, (input,), {"dim": dims(dim, x.ndim), "keepdim": keepdim}, [x])


@one_call
def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of the elements that are not nan.

    >>> import minigrad as mg
    >>> mg.nanmean(mg.tensor([1.0, mg.nan, 2.0]))
    tensor(1.5000)
    """
    x = input._data
    refuse.nanmean(x)
    n = make(np.asarray((~np.isnan(x)).sum(axis=dims(dim, x.ndim), keepdims=keepdim)))
    return nansum(input, dim, keepdim, dtype=dtype) / n


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not 0 (int64; no gradient).

    >>> import minigrad as mg
    >>> mg.count_nonzero(mg.tensor([0, 3, 4]))
    tensor(2)
    """
    counted = np.count_nonzero(input._data, axis=dims(dim, input._data.ndim))
    return make(in_rows(np.asarray(counted)))


def var_mean(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *,
    correction: Any = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The variance (see ``var``) and the mean over ``dim``.

    >>> import minigrad as mg
    >>> mg.var_mean(mg.tensor([1.0, 3.0]))
    (tensor(2.), tensor(2.))
    """
    return dispersion(
        VarMean, "var_mean", input, dim, unbiased, keepdim, correction, refused="var_mean"
    )


def std_mean(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *,
    correction: Any = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The standard deviation (see ``std``) and the mean over ``dim``.

    >>> import minigrad as mg
    >>> mg.std_mean(mg.tensor([1.0, 3.0]), correction=0)
    (tensor(1.), tensor(2.))
    """
    return dispersion(
        StdMean, "std_mean", input, dim, unbiased, keepdim, correction, refused="std_mean"
    )


MinMax = return_type("aminmax", "min max")


def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """The smallest and the largest element (over ``dim``); equal ones share the gradient.

    >>> import minigrad as mg
    >>> mg.aminmax(mg.tensor([2.0, 1.0, 3.0])).max
    tensor(3.)
    """
    x = input._data
    only_real("aminmax_cpu", input)
    d = None if dim is None else (one_dim(dim, x.ndim),)
    if x.ndim == 0:
        d = None
    refuse.aminmax(x, d)
    return MinMax(*apply(Aminmax, (input,), {"dim": d, "keepdim": keepdim}))


@one_call
def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None,
    aweights: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The covariance matrix: variables in rows, observations in columns.

    fweights: how often each observation occurred; aweights: how much each counts.

    >>> import minigrad as mg
    >>> mg.cov(mg.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    refuse.cov(input)
    x = input if input._data.ndim == 2 else input.reshape(1, -1)
    x = x if x._data.dtype.kind in "fc" else x.to(make(as_float(x._data)).dtype)
    weight = None
    for w in (fweights, aweights):
        if w is not None:
            weight = w if weight is None else weight * w
    n: Any = x._data.shape[1] if weight is None else weight.sum()
    mean = (x if weight is None else x * weight).sum(1, True) / n
    centred = x - mean
    free = n
    if weight is None or aweights is None or correction == 0:
        free = n - correction
    else:
        counted = aweights if fweights is None else aweights * aweights * fweights
        square = (weight * aweights).sum() if fweights is None else counted.sum()
        free = n - correction * square / n
    if not isinstance(free, Tensor) and free <= 0:
        warn(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "number of observations."
        )
        free = 0
    weighed = centred if weight is None else centred * weight
    return (weighed @ centred.t().conj() / free).squeeze()


@one_call
def corrcoef(input: Tensor) -> Tensor:
    """The matrix of Pearson's correlation coefficients between rows, limited to [-1, 1].

    >>> import minigrad as mg
    >>> mg.corrcoef(mg.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    refuse.rows_of_variables("corrcoef", input)
    c = cov(input)
    if c._data.ndim == 0:
        return c / c
    sigma = c.diagonal().sqrt()
    c = c / sigma.unsqueeze(1) / sigma.unsqueeze(0)
    if c._data.dtype.kind == "c":
        return complex(real(c).clamp(-1, 1), imag(c).clamp(-1, 1))
    return c.clamp(-1, 1)
