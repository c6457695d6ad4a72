"""How single operations run on a whole batch at once (see batch.py for those without a rule).

A rule gets the inputs' values (batched ones have the batch as dimension 0), which of them are
batched, the parameters as for one example, and the batch's size. It returns the result for the
whole batch, or NotImplemented if the case needs the loop.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.elementwise import Elementwise
from ..core.first_ops import Mean, Sum, Transpose
from ..core.formula_ops import T
from ..core.op import apply
from ..core.tensor import Tensor
from ..ops.matrices.matmul import Bmm, matmul
from ..ops.reducing.reductions import Amax, Amin, MaxAll
from ..ops.reducing.scans import Prod
from ..ops.shaping.joining import Stack
from ..ops.shaping.shape import Permute, expand, reshape, unsqueeze

RULES: dict[str, Any] = {}


def rule(names: str) -> Any:
    """Use the function below for these operations."""

    def note(function: Any) -> Any:
        for name in names.split():
            RULES[name] = function
        return function

    return note


def lined_up(values: Any, batched: Any, size: int) -> list[Tensor]:
    """Batched values with ones after the batch dimension, so that examples broadcast."""
    n = max(v._data.ndim - b for v, b in zip(values, batched, strict=True))
    return [
        reshape(v, (size, *(1,) * (n - v._data.ndim + 1), *v.shape[1:]))
        if b and v._data.ndim - 1 < n else v
        for v, b in zip(values, batched, strict=True)
    ]  # fmt: skip


def full(v: Tensor, batched: bool, size: int) -> Tensor:
    """The value with the batch dimension, repeated (without a copy) if it is not batched."""
    return v if batched else expand(unsqueeze(v, 0), size, *v.shape)


def rule_of(op: Any) -> Any:
    """How ``op`` runs on a whole batch; None if nobody has said how."""
    return RULES.get(op.__name__, elementwise if issubclass(op, Elementwise) else None)


def elementwise(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    return apply(op, tuple(lined_up(values, batched, size)), params)


@rule("LinalgInvEx LinalgDet LinalgSlogdet LinalgCholeskyEx LinalgQr LinalgSvd LinalgEigh "
      "LinalgEig LinalgMatrixExp Triu Tril ViewAsReal ViewAsComplex")  # fmt: skip
def any_leading_dimensions(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    """These work on the last dimensions, whatever comes before."""
    return apply(op, tuple(values), params)


def later(dim: Any, n: int) -> Any:
    """A dimension (or several) of an example of ``n`` dimensions, in the batch."""
    if isinstance(dim, (tuple, list)):
        return tuple([later(d, n) for d in dim])
    return (dim + n if dim < 0 else dim) + 1


@rule("Sum Mean Var Std Amax Amin Logsumexp Prod Nansum LinalgVectorNorm VarMean StdMean Aminmax")
def reduction(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    n = x._data.ndim - 1
    dims: Any
    if n == 0:
        x, dims = unsqueeze(x, 1), (1,)
        params = {**params, "keepdim": False}
    elif params.get("dim") is None and op is Prod:  # it has one dimension only
        x, dims = reshape(x, (size, math.prod(x.shape[1:]))), (1,)
    elif params.get("dim") is None:
        dims = tuple(range(1, n + 1))
    else:
        dims = later(params["dim"], n)
    return apply(op, (x,), {**params, "dim": dims})


@rule("MaxAll MinAll")
def extreme_of_all(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    flat = reshape(x, (size, -1)) if x._data.size else x
    return apply(Amax if op is MaxAll else Amin, (flat,), {"dim": (1,), "keepdim": False})


@rule("Cumsum Cumprod Logcumsumexp Softmax LogSoftmax Glu Unbind Split")
def along_a_dimension(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    n = x._data.ndim - 1
    if n == 0:
        return NotImplemented
    return apply(op, (x,), {**params, "dim": later(params["dim"], n)})


@rule("Flip")
def along_dimensions(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    return apply(op, (x,), {**params, "dims": later(params["dims"], x._data.ndim - 1)})


@rule("Cat Stack")
def joined(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    parts = [full(v, b, size) for v, b in zip(values, batched, strict=True)]
    n = parts[0]._data.ndim - 1 + (op is Stack)
    return apply(op, tuple(parts), {**params, "dim": later(params["dim"], n)})


@rule("Reshape Squeeze Unsqueeze")
def other_shape(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    shape = op.forward(np.broadcast_to(np.zeros(()), x.shape[1:]), **params).shape
    return reshape(x, (size, *shape))


@rule("Permute Transpose T")
def other_order(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    n = x._data.ndim - 1
    if op is Permute:
        return apply(op, (x,), {**params, "dims": (0, *later(params["dims"], n))})
    if n < 2:
        return x
    dims = (0, 1) if op is T else (params["dim0"], params["dim1"])
    return apply(Transpose, (x,), {"dim0": later(dims[0], n), "dim1": later(dims[1], n)})


@rule("Expand")
def expanded(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    shape = tuple(params["shape"])
    x = reshape(x, (size, *(1,) * (len(shape) - x._data.ndim + 1), *x.shape[1:]))
    return apply(op, (x,), {**params, "shape": (size, *shape)})


@rule("SumToSize")
def summed(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    (x,) = values
    shape = tuple(params["size"])
    ones = (1,) * (x._data.ndim - 1 - len(shape))
    return reshape(apply(op, (x,), {**params, "size": (size, *ones, *shape)}), (size, *shape))


# --- indexing --------------------------------------------------------------------------------


def stays_in_place(index: tuple[Any, ...]) -> bool:
    """Whether NumPy leaves the dimensions before an index of arrays where they are.

    It does if the arrays (and whole numbers beside them) stand next to each other.
    """
    fancy = [i for i, part in enumerate(index) if isinstance(part, (np.ndarray, list))]
    if not fancy:
        return True
    fancy = [i for i, part in enumerate(index)
             if isinstance(part, (np.ndarray, list, int, np.integer))]  # fmt: skip
    return fancy[-1] - fancy[0] == len(fancy) - 1


def with_batch(index: Any) -> Any:
    """The index for the whole batch; None if it would mean something else."""
    parts = index if isinstance(index, tuple) else (index,)
    return (slice(None), *parts) if stays_in_place(parts) else None


@rule("Slice Index")
def indexed(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    index = with_batch(params["index"])
    return NotImplemented if index is None else apply(op, tuple(values), {**params, "index": index})


@rule("IndexPutZeros")
def put_into_zeros(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    index = with_batch(params["index"])
    if index is None:
        return NotImplemented
    (g,) = values
    shape = (size, *params["shape"])
    selected = np.broadcast_to(np.zeros(()), shape)[index].ndim
    g = reshape(g, (size, *(1,) * (selected - g._data.ndim), *g.shape[1:]))
    return apply(op, (g,), {**params, "shape": shape, "index": index})


@rule("IndexPut")
def put(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    index = with_batch(params["index"])
    if index is None:
        return NotImplemented
    x = full(values[0], batched[0], size)
    selected = np.broadcast_to(np.zeros(()), x.shape)[index].ndim
    v = full(values[1], batched[1], size)
    v = reshape(v, (size, *(1,) * (selected - v._data.ndim), *v.shape[1:]))
    return apply(op, (x, v), {**params, "index": index})


# --- products --------------------------------------------------------------------------------


@rule("Mm")
def matrix_product(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    a, b = [full(v, yes, size) for v, yes in zip(values, batched, strict=True)]
    return apply(Bmm, (a, b))


@rule("Bmm")
def batched_product(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    a, b = [full(v, yes, size) for v, yes in zip(values, batched, strict=True)]
    both = [reshape(v, (-1, *v.shape[2:])) if v._data.size else v for v in (a, b)]
    if not (a._data.size and b._data.size):
        return NotImplemented
    return reshape(apply(Bmm, tuple(both)), (size, -1, a.shape[2], b.shape[3]))


@rule("Mv")
def matrix_vector(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    a, x = [full(v, yes, size) for v, yes in zip(values, batched, strict=True)]
    return reshape(apply(Bmm, (a, unsqueeze(x, 2))), (size, a.shape[1]))


@rule("Dot")
def inner_product(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    a, b = [full(v, yes, size) for v, yes in zip(values, batched, strict=True)]
    return apply(Sum, (a * b,), {"dim": (1,), "keepdim": False})


@rule("Linear LinearNoBias")
def linear(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    given = dict(zip(op.input_names, zip(values, batched, strict=True), strict=True))
    x, x_batched = given["x"]
    x = full(x, x_batched, size)
    vector = x._data.ndim == 2  # an example is a vector
    w, w_batched = given["w"]
    w = w.mT
    if w_batched and not vector:
        w = reshape(w, (size, *(1,) * (x._data.ndim - 3), *w.shape[1:]))
    if w_batched and vector:
        x = unsqueeze(x, 1)
    y = matmul(x, w)
    if w_batched and vector:
        y = reshape(y, (size, y.shape[-1]))
    if "b" in given:
        b, b_batched = given["b"]
        y = y + (reshape(b, (size, *(1,) * (y._data.ndim - 2), b.shape[-1])) if b_batched else b)
    return y


@rule("Convolution ConvolutionBias")
def convolution(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    """The batch of batches of images is one large batch, if all see the same weights."""
    if any(batched[1:]) or not values[0]._data.size:
        return NotImplemented
    x = values[0]
    y = apply(op, (reshape(x, (-1, *x.shape[2:])), *values[1:]), params)
    return reshape(y, (size, -1, *y.shape[1:]))


@rule("MseLoss HuberLoss SmoothL1Loss BinaryCrossEntropyWithLogits")
def loss(op: Any, values: Any, batched: Any, params: Any, size: int) -> Any:
    """Without reduction over the whole batch, then reduced for each example."""
    if params.get("weight") is not None or params.get("pos_weight") is not None:
        return NotImplemented
    both = [full(v, yes, size) for v, yes in zip(values, batched, strict=True)]
    y = apply(op, tuple(both), {**params, "reduction": "none"})
    if params["reduction"] == "none" or y._data.ndim == 1:
        return y
    reduce = Mean if params["reduction"] == "mean" else Sum
    return apply(reduce, (y,), {"dim": tuple(range(1, y._data.ndim)), "keepdim": False})
