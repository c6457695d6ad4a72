r"""Operations that make fewer numbers out of many: sums, means, largest and smallest elements.

``dim`` is a dimension, a tuple of them, or None for all; ``keepdim=True`` leaves the reduced
dimensions in place with length 1. The gradient of a sum reaches every summand unchanged, so the
vjps here *expand* the result's gradient back over the reduced dimensions.
"""

from __future__ import annotations

import builtins
from typing import Any, NamedTuple

import numpy as np

from ...core.first_ops import Mean, Sum, count, spread
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...faithful.strides import in_rows
from ...refusals.ended_history import without_gradient
from ...refusals.reasons import reductions as refuse
from ...refusals.reasons.dimensions import nothing_along
from ...refusals.words import only_real
from .. import capturing
from ..dimensions import dims, one_dim, truly
from ..elementwise.comparisons import maximum, minimum
from ..operands import as_array, warn


class Var(Op):
    formula = r"y = \frac{1}{n - c} \sum_i (x_i - \mathrm{mean}(x))^2"

    def forward(x, *, dim=None, keepdim=False, correction=1):
        with np.errstate(all="ignore"):
            wide = x.astype(np.float64) if x.dtype == np.float16 else x
            centred = wide - wide.mean(axis=dim, keepdims=True)
            total = np.asarray((np.abs(centred) ** 2).sum(axis=dim, keepdims=keepdim))
            free = builtins.max(count(x.shape, dim) - correction, 0)
            real = x.real.dtype
            return np.divide(total, np.asarray(free, real), dtype=total.dtype).astype(real)

    def vjp_x(g, x, x_shape, dim, keepdim, correction, xp):
        r"\bar x_i = \bar y\, \frac{2}{n - c} (x_i - \mathrm{mean}(x))"
        free = count(x_shape, dim) - correction
        scale = 2.0 / free if free > 0 else float("nan")
        centred = x - xp.mean(x, dim=dim, keepdim=True)
        return spread(g, x_shape, dim, keepdim, xp) * (scale * centred)


class Std(Op):
    formula = r"y = \sqrt{\mathrm{var}(x)}"

    def forward(x, *, dim=None, keepdim=False, correction=1):
        with np.errstate(all="ignore"):
            return np.sqrt(Var.forward(x, dim=dim, keepdim=keepdim, correction=correction))

    def vjp_x(g, x, y, x_shape, dim, keepdim, correction, xp):
        r"\bar x_i = \bar y\, \frac{x_i - \mathrm{mean}(x)}{(n - c)\, y}"
        free = count(x_shape, dim) - correction
        g = xp.where(y == 0, 0.0, xp.div(g, 2 * y))
        return Var.vjp_x(g, x, x_shape, dim, keepdim, count(x_shape, dim) - free, xp)


class MaxAll(Op):
    formula = r"y = \max_i x_i"
    title = "MaxBackward1"

    def forward(x):
        return np.maximum.reduce(x, axis=None)

    def vjp_x(g, x, y, xp):
        r"\bar y \text{ shared by the elements equal to } y"
        hit = (x == y) | (x != x)
        return xp.where(hit, g, 0.0) / hit.sum()


class MinAll(Op):
    formula = r"y = \min_i x_i"
    title = "MinBackward1"

    def forward(x):
        return np.minimum.reduce(x, axis=None)

    vjp_x = MaxAll.vjp_x


class Amax(Op):
    formula = r"y = \max_i x_i"

    def forward(x, *, dim=None, keepdim=False):
        return np.maximum.reduce(x, axis=dim, keepdims=keepdim)

    def vjp_x(g, x, y, x_shape, dim, keepdim, xp):
        r"\bar y \text{ shared by the elements equal to } y"
        hit = x == spread(y, x_shape, dim, keepdim, xp)
        ties = spread(xp.count_true(hit, dim=dim, keepdim=keepdim), x_shape, dim, keepdim, xp)
        return spread(g, x_shape, dim, keepdim, xp) * hit / ties


class Amin(Op):
    formula = r"y = \min_i x_i"

    def forward(x, *, dim=None, keepdim=False):
        return np.minimum.reduce(x, axis=dim, keepdims=keepdim)

    vjp_x = Amax.vjp_x


class Extremum(Op):
    """max or min along one dimension, with the positions (found by the caller)."""

    formula = r"y = x_{\arg\max}"
    linear = True

    def forward(x, *, dim, keepdim, index, name):
        if x.ndim == 0:
            return x.copy()
        y = np.take_along_axis(x, index, axis=dim)
        return y if keepdim else y.squeeze(dim)

    def vjp_x(g, x_shape, dim, keepdim, index, xp):
        r"\bar y \text{ at the position found},\ 0 \text{ elsewhere}"
        if not x_shape:
            return g
        if not keepdim:
            g = xp.unsqueeze(g, dim=dim)
        return xp.put_along(g, shape=x_shape, dim=dim, index=index)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


class PutAlong(Op):
    """Zeros of ``shape`` with ``x`` at ``index`` along ``dim``; the transpose of TakeAlong."""

    formula = r"y_{\mathrm{index}} = x"
    linear = True
    title = "ScatterBackward0"

    def forward(x, *, shape, dim, index):
        y = np.zeros(shape, x.dtype)
        np.put_along_axis(y, index, x, axis=dim)
        return y

    def vjp_x(g, dim, index, xp):
        r"\bar y_{\mathrm{index}}"
        return xp.take_along(g, dim=dim, index=index)


class TakeAlong(Op):
    formula = r"y = x_{\mathrm{index}}"
    linear = True
    title = "GatherBackward0"

    def forward(x, *, dim, index):
        return np.take_along_axis(x, index, axis=dim)

    def vjp_x(g, x_shape, dim, index, xp):
        r"\bar y \text{ put back at the positions it was taken from}"
        return xp.put_along(g, shape=x_shape, dim=dim, index=index)


# --- the functions -------------------------------------------------------------------------------


def reduced(x: Tensor, dtype: Any, whole: bool) -> Any:
    """The array to reduce: in ``dtype`` if given, else int64 for integers if ``whole``."""
    if dtype is not None:
        return x._data.astype(dtypes.to_numpy(dtype), copy=False)
    return x._data.astype(np.int64) if whole and x._data.dtype.kind in "iub" else x._data


def sum(input: Tensor, dim: Any = None, keepdim: Any = False, *, dtype: Any = None) -> Tensor:
    """The sum over ``dim`` (a number, a tuple, or None for all). Integers sum to int64.

    Every summand gets the gradient of its sum.

    Args:
        input: a tensor of any shape and dtype.
        dim: a dimension, a tuple of them, or None for all (default).
        keepdim: whether reduced dimensions stay, with length 1 (default False).
        dtype: what to convert to before (default: no conversion).

    Returns:
        A new tensor without the dimensions ``dim``; bools and whole numbers sum to int64.

    Raises:
        IndexError: if ``dim`` is not there.
        RuntimeError: if a dimension is named twice.

    >>> import minigrad as mg
    >>> mg.ones(2, 3).sum(dim=1)
    tensor([3., 3.])

    Source: PyTorch's documentation of ``torch.sum``.
    """
    x = reduced(input, dtype, whole=True)
    if type(keepdim) is not bool:
        keepdim = truly(keepdim)
    params = {"dim": dims(dim, x.ndim), "keepdim": keepdim}
    return apply(Sum, (input,), params, [x])


def mean(input: Tensor, dim: Any = None, keepdim: Any = False, *, dtype: Any = None) -> Tensor:
    """The arithmetic mean over ``dim``.

    Each of the ``n`` elements gets ``1 / n`` of the gradient of its mean.

    Args:
        input: a float or complex tensor of any shape.
        dim: a dimension, a tuple of them, or None for all (default).
        keepdim: whether reduced dimensions stay, with length 1 (default False).
        dtype: what to convert to before (default: no conversion).

    Returns:
        A new tensor without the dimensions ``dim``, in the same dtype; nan for no elements.

    Raises:
        IndexError: if ``dim`` is not there.
        RuntimeError: if a dimension is named twice, or the tensor is of bools or whole numbers.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 2.0, 6.0]).mean()
    tensor(3.)

    Source: PyTorch's documentation of ``torch.mean``.
    """
    x = reduced(input, dtype, whole=False)
    if x.dtype.kind not in "fc":
        refuse.mean(x)
    if type(keepdim) is not bool:
        keepdim = truly(keepdim)
    return apply(Mean, (input,), {"dim": dims(dim, x.ndim), "keepdim": keepdim}, [x])


def dispersion(
    op: type[Op], name: str, input: Tensor, dim: Any, unbiased: bool | None, keepdim: bool,
    correction: Any, refused: str = "std and var",
) -> Any:  # fmt: skip
    """Run Var, Std, or one of their relatives that give the mean too (see :func:`var`)."""
    if isinstance(dim, bool):  # PyTorch's var(unbiased)
        dim, unbiased = None, dim
    x = input._data
    refuse.dispersion(refused, x)
    if correction is None:
        correction = 1 if unbiased is None or unbiased else 0
    params = {"dim": dims(dim, x.ndim), "keepdim": keepdim, "correction": correction}
    if count(x.shape, params["dim"]) <= correction:
        warn(
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "reduction factor (input numel divided by output numel)."
        )
    return apply(op, (input,), params)


def var(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> Tensor:
    r"""The variance over ``dim``, divided by ``n - correction`` (1 unless told otherwise).

    $\frac{1}{n - c} \sum_i (x_i - \bar x)^2$, with ``correction`` for $c$.

    Args:
        input: a float or complex tensor of any shape.
        dim: a dimension, a tuple of them, or None for all (default).
        unbiased: False for ``correction=0``.
        keepdim: whether reduced dimensions stay, with length 1 (default False).
        correction: what is taken off the number of elements (default 1, Bessel's).

    Returns:
        A new tensor without the dimensions ``dim``, real. Warns, and is nan or inf, where too few
        elements are left.

    Raises:
        RuntimeError: for bools and whole numbers.
        IndexError: if ``dim`` is not there.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 3.0]).var(), mg.tensor([1.0, 3.0]).var(correction=0)
    (tensor(2.), tensor(1.))

    Source: PyTorch's documentation of ``torch.var``.
    """
    return dispersion(Var, "var", input, dim, unbiased, keepdim, correction)


def std(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> Tensor:
    """The standard deviation: the square root of :func:`var`.

    Args:
        input: a float or complex tensor of any shape.
        dim: a dimension, a tuple of them, or None for all (default).
        unbiased: False for ``correction=0``.
        keepdim: whether reduced dimensions stay, with length 1 (default False).
        correction: what is taken off the number of elements (default 1, Bessel's).

    Returns:
        A new tensor without the dimensions ``dim``, real.

    Raises:
        RuntimeError: for bools and whole numbers.
        IndexError: if ``dim`` is not there.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 3.0, 5.0]).std()
    tensor(2.)

    Source: PyTorch's documentation of ``torch.std``.
    """
    return dispersion(Std, "std", input, dim, unbiased, keepdim, correction)


class MaxResult(NamedTuple):
    """The largest (or smallest) elements and where they are: PyTorch's ``return_types``."""

    values: Tensor
    indices: Tensor

    def __repr__(self) -> str:
        return f"torch.return_types.max(\nvalues={self.values!r},\nindices={self.indices!r})"


class MinResult(NamedTuple):
    values: Tensor
    indices: Tensor

    def __repr__(self) -> str:
        return f"torch.return_types.min(\nvalues={self.values!r},\nindices={self.indices!r})"


def extremum(input: Tensor, dim: Any, keepdim: bool, find: Any, name: str) -> tuple[Tensor, Tensor]:
    x = input._data
    d = one_dim(dim, x.ndim)
    refuse.extremum(name, x, d)
    index = capturing.again(find_places, find, x, d, True) if x.ndim else np.zeros((), np.int64)
    params = {"dim": d, "keepdim": keepdim, "index": index, "name": f"{name.capitalize()}Backward0"}
    values = apply(Extremum, (input,), params)
    where = make(index if keepdim or not x.ndim else index.squeeze(d))
    return values, without_gradient(where, f"{name}'s indices", input)


def max(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest element; with ``dim`` a pair (values, indices); with a tensor, ``maximum``.

    Args:
        input: a real tensor, with an element at least.
        dim: None for the largest of all (default), one dimension, or the other tensor of
            ``maximum``.
        keepdim: whether the reduced dimension stays, with length 1 (default False).

    Returns:
        A 0-d tensor, or a named pair, ``values``, and ``indices`` (int64, no gradient). Of equal
        elements, all share the gradient without ``dim``, the first one gets it with ``dim``.

    Raises:
        RuntimeError: for a tensor without elements, and (with ``dim``) a complex one.
        IndexError: if ``dim`` is not there or has no elements.
        NotImplementedError: for a complex tensor, without ``dim``.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 3.0, 2.0]).max()
    tensor(3.)
    >>> mg.tensor([[1, 3], [4, 2]]).max(dim=1).indices
    tensor([1, 0])

    Source: PyTorch's documentation of ``torch.max``.
    """
    if isinstance(dim, Tensor):
        return maximum(input, dim)
    if dim is None:
        refuse.nothing("max", input._data)
        only_real("max_all", input)
        return apply(MaxAll, (input,))
    return MaxResult(*extremum(input, dim, keepdim, np.argmax, "max"))


def min(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest element; with ``dim`` a pair (values, indices); with a tensor, ``minimum``.

    Args:
        input: a real tensor, with an element at least.
        dim: None for the smallest of all (default), one dimension, or the other tensor of
            ``minimum``.
        keepdim: whether the reduced dimension stays, with length 1 (default False).

    Returns:
        A 0-d tensor, or a named pair, ``values``, and ``indices`` (int64, no gradient). Of equal
        elements, all share the gradient without ``dim``, the first one gets it with ``dim``.

    Raises:
        RuntimeError: for a tensor without elements, and (with ``dim``) a complex one.
        IndexError: if ``dim`` is not there or has no elements.
        NotImplementedError: for a complex tensor, without ``dim``.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 3.0, 2.0]).min()
    tensor(1.)

    Source: PyTorch's documentation of ``torch.min``.
    """
    if isinstance(dim, Tensor):
        return minimum(input, dim)
    if dim is None:
        refuse.nothing("min", input._data)
        only_real("min_all", input)
        return apply(MinAll, (input,))
    return MinResult(*extremum(input, dim, keepdim, np.argmin, "min"))


def some_elements(name: str, x: Any, dim: Any) -> None:
    """Refuse to look for the largest of no elements."""
    if x.size:
        return
    if dim is None or dim == ():
        refuse.nothing(name, x)
    for d in dim if isinstance(dim, (tuple, list)) else (dim,):
        nothing_along(name, x, one_dim(d, x.ndim))


def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The largest elements over ``dim``; equal elements share the gradient.

    Args:
        input: a real tensor of any shape.
        dim: a dimension or several; all of them if left out.
        keepdim: keep the dimensions, with length 1 (default False).

    Returns:
        A new tensor of the same dtype, without these dimensions.

    Raises:
        IndexError: there is no such dimension, or it has no elements.
        NotImplementedError: the input is complex.

    >>> import minigrad as mg
    >>> mg.amax(mg.tensor([[1.0, 5.0], [3.0, 2.0]]), dim=1)
    tensor([5., 3.])

    Source: PyTorch's ``torch.amax``.
    """
    only_real("max_values_cpu", input)
    some_elements("amax", input._data, dim)
    return apply(Amax, (input,), {"dim": dims(dim, input._data.ndim), "keepdim": keepdim})


def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The smallest elements over ``dim``; equal elements share the gradient."""
    only_real("min_values_cpu", input)
    some_elements("amin", input._data, dim)
    return apply(Amin, (input,), {"dim": dims(dim, input._data.ndim), "keepdim": keepdim})


def argmax(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The position of the largest element (in the flattened tensor if ``dim`` is None).

    Args:
        input: a real tensor, not bool.
        dim: one dimension, or None (default) for the position in the flattened tensor.
        keepdim: whether the reduced dimension stays, with length 1 (default False).

    Returns:
        A new int64 tensor without a gradient; of equal elements the first counts.

    Raises:
        RuntimeError: for bools and complex numbers.
        IndexError: if ``dim`` is not there, or there are no elements.

    >>> import minigrad as mg
    >>> mg.argmax(mg.tensor([[1, 3], [4, 2]]), dim=1)
    tensor([1, 0])

    Source: PyTorch's documentation of ``torch.argmax``.
    """
    return arg(np.argmax, "argmax", input, dim, keepdim)


def argmin(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The position of the smallest element (in the flattened tensor if ``dim`` is None)."""
    return arg(np.argmin, "argmin", input, dim, keepdim)


def arg(find: Any, name: str, input: Tensor, dim: Any, keepdim: bool) -> Tensor:
    x = input._data
    axis = one_dim(dim, x.ndim) if dim is not None and x.ndim else None
    refuse.position(name, x, axis)
    if not x.ndim:
        dims(dim, 0)  # refuses a dimension that one number has not
        return without_gradient(make(np.asarray(0)), name, input)
    where = capturing.again(find_places, find, x, axis, keepdim)
    return without_gradient(make(where), name, input)


def find_places(find: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    return as_array(find(x, axis=axis, keepdims=keepdims))


def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element is true (not 0).

    Args:
        input: a tensor of any shape and dtype; what is not 0 is true.
        dim: a dimension, a tuple of them, or None for all (default).
        keepdim: whether reduced dimensions stay, with length 1 (default False).

    Returns:
        A new bool tensor (uint8 for uint8) without the dimensions ``dim``. Of no elements, False.

    Raises:
        IndexError: if ``dim`` is not there.
        RuntimeError: if a dimension is named twice.

    >>> import minigrad as mg
    >>> mg.any(mg.tensor([True, False]))
    tensor(True)

    Source: PyTorch's documentation of ``torch.any``.
    """
    x = input._data
    return truth(x.any(axis=dims(dim, x.ndim), keepdims=keepdim), x)


def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are true (not 0).

    Args:
        input: a tensor of any shape and dtype; what is not 0 is true.
        dim: a dimension, a tuple of them, or None for all (default).
        keepdim: whether reduced dimensions stay, with length 1 (default False).

    Returns:
        A new bool tensor (uint8 for uint8) without the dimensions ``dim``. Of no elements, True.

    Raises:
        IndexError: if ``dim`` is not there.
        RuntimeError: if a dimension is named twice.

    >>> import minigrad as mg
    >>> mg.all(mg.tensor([True, False]))
    tensor(False)

    Source: PyTorch's documentation of ``torch.all``.
    """
    x = input._data
    return truth(x.all(axis=dims(dim, x.ndim), keepdims=keepdim), x)


def truth(answer: Any, x: Any) -> Tensor:
    """True and False as bool; of a uint8 tensor as uint8, as PyTorch does."""
    return make(in_rows(as_array(answer, np.uint8 if x.dtype == np.uint8 else np.bool_)))


def count_true(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """How many elements are true over ``dim`` (int64)."""
    return make(np.asarray(input._data.sum(axis=dims(dim, input._data.ndim), keepdims=keepdim)))


def count_true_array(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    return np.asarray(x.sum(axis=dim, keepdims=keepdim))


def put_along(input: Tensor, shape: Any, dim: int, index: Any) -> Tensor:
    return apply(PutAlong, (input,), {"shape": shape, "dim": dim, "index": index})


def take_along(input: Tensor, dim: int, index: Any) -> Tensor:
    return apply(TakeAlong, (input,), {"dim": dim, "index": index})


register(
    sum=(Sum, sum), mean=(Mean, mean), var=(Var, var), amax=(Amax, amax), amin=(Amin, amin),
    put_along=(PutAlong, put_along), take_along=(TakeAlong, take_along),
    count_true=(count_true_array, count_true),
)  # fmt: skip
