"""Functions on samples: slopes, limits on lengths, histograms, index arithmetic.

All are combinations of other operations, so they need no gradient of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..faithful import dtypes
from .elementwise.comparisons import where
from .making.grids import vander
from .operands import kind_name, need_tensor, need_tensor_or_none, not_implemented, result_type
from .reducing.norms import vector_norm
from .reducing.reductions import one_dim
from .shaping.joining import cat, split
from .shaping.masks import masked_fill
from .shaping.pieces import as_strided, narrow
from .shaping.rearrange import diagonal

# --- slopes --------------------------------------------------------------------------------------


def slopes(x: Tensor, d: int, steps: Any, edge_order: int) -> Tensor:
    """Slopes along dimension ``d``; ``steps``: the distances of neighbours."""

    def part(start: int, stop: int | None) -> Tensor:
        index: list[Any] = [slice(None)] * x.ndim
        index[d] = slice(start, stop)
        return x[tuple(index)]

    def factors(values: Any) -> Tensor:
        shape = [1] * x.ndim
        shape[d] = -1
        return make(np.asarray(values, x._data.dtype).reshape(shape))

    a, b = steps[:-1], steps[1:]
    pieces = [
        part(0, -2) * factors(-b / (a * (a + b))) + part(1, -1) * factors((b - a) / (a * b))
        + part(2, None) * factors(a / (b * (a + b)))
    ]  # fmt: skip
    if edge_order == 1:
        first = (part(1, 2) - part(0, 1)) * factors(1 / steps[:1])
        last = (part(-1, None) - part(-2, -1)) * factors(1 / steps[-1:])
    else:
        a, b = steps[:1], steps[1:2]
        first = (part(0, 1) * factors(-(2 * a + b) / (a * (a + b)))
                 + part(1, 2) * factors((a + b) / (a * b))
                 + part(2, 3) * factors(-a / (b * (a + b))))  # fmt: skip
        a, b = steps[-2:-1], steps[-1:]
        last = (part(-3, -2) * factors(b / (a * (a + b)))
                + part(-2, -1) * factors(-(a + b) / (a * b))
                + part(-1, None) * factors((2 * b + a) / (b * (a + b))))  # fmt: skip
    return cat([first, *pieces, last], d)


def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> list[Tensor]:
    """Estimates the slope of samples along each dimension by differences of second order.

    spacing: the distance of neighbours, one for each dimension, or the places themselves as 1-d
    tensors. edge_order: 1 or 2, the order at both ends.

    >>> import minigrad as mg
    >>> mg.gradient(mg.tensor([0.0, 1.0, 4.0, 9.0]))
    [tensor([1., 2., 4., 5.])]
    """
    need_tensor("gradient", input)
    kind = input._data.dtype
    if kind == np.uint8:
        raise RuntimeError(
            "torch.gradient does not support uint8 input. Slopes may be negative; use .float()"
        )
    if kind.kind == "i":
        input = input.to(dtypes.get_default_dtype())
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    if dim is None:
        places = list(range(input.ndim))
    else:
        wanted = dim if isinstance(dim, (tuple, list)) else [dim]
        places = [one_dim(d, input.ndim) for d in wanted]
    spaced = spacing if isinstance(spacing, (tuple, list)) else [spacing] * len(places)
    if len(spaced) != len(places):
        raise RuntimeError(
            f"torch.gradient expected spacing to be unspecified, a scalar, or a list of length "
            f"equal to 'self.dim() = {input.ndim}', but got a list of length {len(spaced)}"
        )
    found = []
    for d, step in zip(places, spaced, strict=True):
        n = input.shape[d]
        if n < edge_order + 1:
            raise RuntimeError(
                "torch.gradient expected each dimension size to be at least edge_order+1: "
                f"dimension {d} has length {n}"
            )
        if isinstance(step, Tensor):
            steps = np.diff(step._data.astype(np.float64))
        else:
            steps = np.full(n - 1, float(step))
        found.append(slopes(input, d, steps, edge_order))
    return found


# --- parts and lengths ---------------------------------------------------------------------------


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Shorten every slice along ``dim`` whose ``p``-norm is above ``maxnorm`` to that.

    >>> import minigrad as mg
    >>> mg.renorm(mg.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    need_tensor("renorm", input)
    d = one_dim(dim, input.ndim)
    if p <= 0:
        raise RuntimeError(
            "renorm: non-positive-norm not supported: p is the power in the norm, above 0"
        )
    if maxnorm < 0:
        raise RuntimeError(
            f"renorm: expected maxnorm to be >= 0 but got {maxnorm}: no norm is below 0"
        )
    if input.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
            ": it shortens slices"
        )
    others = tuple(i for i in range(input.ndim) if i != d)
    size = vector_norm(input, p, others, keepdim=True)
    return input * where(size > maxnorm, maxnorm / (size + 1e-7), 1.0)


def fill_diagonal(input: Tensor, fill_value: float, wrap: bool = False) -> Tensor:
    """The tensor with ``fill_value`` on its diagonal; wrap: again below, in a tall matrix."""
    if input.ndim < 2:
        raise RuntimeError("dimensions must larger than 1: a diagonal needs rows and columns")
    if input.ndim > 2 and len(set(input.shape)) > 1:
        raise RuntimeError(
            "all dimensions of input must be of equal length"
            ": the diagonal goes from corner to corner"
        )
    mask = np.zeros(input._data.shape, bool)
    np.fill_diagonal(mask, True, wrap)
    return masked_fill(input, make(mask), fill_value)


def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """``narrow`` with memory of its own."""
    need_tensor("narrow_copy", input)
    return narrow(input, dim, start, length).clone()


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """``split`` with a list of lengths."""
    need_tensor("split_with_sizes", input)
    return split(input, list(split_sizes), dim)


def as_strided_scatter(
    input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: int = 0
) -> Tensor:
    """A copy of ``input`` with ``src`` written where ``as_strided`` with these arguments looks.

    >>> import minigrad as mg
    >>> mg.as_strided_scatter(mg.zeros(2, 2), mg.ones(2), (2,), (3,))
    tensor([[1., 0.],
            [0., 1.]])
    """
    need_tensor("as_strided_scatter", input)
    need_tensor("as_strided_scatter", src, "src", 2)
    copied = input.clone()
    part = as_strided(copied, size, stride, storage_offset)
    if part.shape != src.shape:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = "
            f"{list(src.shape)}, slice size = {list(part.shape)}: one number for each place"
        )
    part.copy_(src)
    return copied


def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of the matrices in the last two dimensions.

    >>> import minigrad as mg
    >>> mg.linalg.diagonal(mg.eye(2))
    tensor([1., 1.])
    """
    need_tensor("linalg_diagonal", A, "A")
    return diagonal(A, offset, dim1, dim2)


def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers 0, 1, ... N - 1 of every element, in a new last dimension.

    >>> import minigrad as mg
    >>> mg.linalg.vander(mg.tensor([2.0, 3.0]), N=3)
    tensor([[1., 2., 4.],
            [1., 3., 9.]])
    """
    need_tensor("linalg_vander", x, "x")
    if x._data.dtype in (np.bool_, np.float16):
        raise RuntimeError(
            "linalg.vander supports floating point, complex, and integer tensors, but got "
            f"{kind_name(x._data)}: convert with .float()"
        )
    x = x.reshape(1) if x.ndim == 0 and N is not None else x
    n = N if N is not None else x.shape[-1] if x.ndim else 0
    if n < 1:
        raise RuntimeError("N must be greater than 1.")
    if x.ndim == 1:
        return vander(x, n, increasing=True)
    rows = vander(x.flatten(), n, increasing=True)
    return rows.reshape(*x.shape, n)


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The distances of all pairs of rows, each pair once.

    >>> import minigrad as mg
    >>> mg.pdist(mg.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    need_tensor("pdist", input)
    if input.ndim != 2:
        raise RuntimeError(
            f"pdist only supports 2D tensors, got: {input.ndim}D: the rows are the points"
        )
    if input._data.dtype.kind != "f":
        raise RuntimeError("pdist only supports floating-point dtypes: use .float()")
    if input._data.dtype == np.float16:
        raise not_implemented("pdist", input._data, "use .float()")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values: p is the norm of distances")
    i, j = np.triu_indices(input.shape[0], 1)
    return vector_norm(input[make(i)] - input[make(j)], p, -1)


# --- numbers apart -------------------------------------------------------------------------------

FrexpResult = result_type("frexp", "mantissa exponent")
HistogramResult = result_type("histogram", "hist bin_edges")


def frexp(input: Tensor) -> Any:
    """``mantissa`` (in [0.5, 1)) and whole ``exponent`` with ``input = mantissa * 2**exponent``.

    >>> import minigrad as mg
    >>> mg.frexp(mg.tensor([8.0])).mantissa
    tensor([0.5000])
    """
    x = need_tensor("frexp", input)._data
    if x.dtype.kind != "f":
        raise RuntimeError("torch.frexp() only supports floating-point dtypes: convert first")
    exponent = np.asarray(np.frexp(x)[1], np.int32)
    return FrexpResult(input * make(np.asarray(np.exp2(-exponent.astype(x.dtype)))), make(exponent))


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """Flat indices as one index a dimension of ``shape``.

    >>> import minigrad as mg
    >>> mg.unravel_index(mg.tensor([4, 5]), (3, 2))
    (tensor([2, 2]), tensor([0, 1]))
    """
    k = need_tensor("unravel_index", indices, "indices")._data
    if k.dtype.kind not in "iu":
        raise TypeError(
            f"expected 'indices' to be integer dtype, but got torch.{k.dtype.name}: indices count"
        )
    if not isinstance(shape, (int, tuple, list, str)):
        raise TypeError(
            f"expected 'shape' to be int or sequence of ints, but got {type(shape)}: the lengths "
            "of the tensor that the indices are of"
        )
    sizes = (int(shape),) if isinstance(shape, int) else tuple(shape)
    if not all(isinstance(n, (int, np.integer)) for n in sizes):
        raise TypeError(
            f"expected 'shape' sequence to only contain ints, but got {sizes}: lengths are whole"
        )
    if any(n < 0 for n in sizes):
        raise ValueError(
            f"'shape' cannot have negative values, but got {sizes}: they are lengths"
        )
    size = int(np.prod(sizes, dtype=np.int64))
    if size == 0:
        raise RuntimeError("ZeroDivisionError: a tensor with a length of 0 has no elements")
    return tuple(make(np.asarray(i, np.int64)) for i in np.unravel_index(k % size, sizes))


def histogram(
    input: Tensor, bins: Any, *, range: Any = None, weight: Tensor | None = None,
    density: bool = False,
) -> Any:  # fmt: skip
    """How many elements lie in each bin, and the edges of the bins.

    >>> import minigrad as mg
    >>> mg.histogram(mg.tensor([0.0, 1.0, 1.0]), 2).hist
    tensor([1., 2.])
    """
    need_tensor_or_none("histogram", weight, "weight", 3)
    x = need_tensor("histogram", input)._data
    if x.dtype not in (np.float32, np.float64):
        raise not_implemented("histogramdd", x, "convert with .float() first")
    edges = bins._data if isinstance(bins, Tensor) else bins
    if isinstance(edges, int) and edges <= 0:
        raise RuntimeError(
            f"torch.histogram(): bins must be > 0, but got {edges} for dimension 0"
            ": it counts the intervals"
        )
    if isinstance(bins, Tensor) and edges.dtype != x.dtype:
        raise RuntimeError(
            "torch.histogramdd: input tensor and bins tensors should have the same dtype, but got "
            f"input with dtype {x.dtype.name} and bins for dimension 0 with dtype "
            f"{edges.dtype.name}"
        )
    if isinstance(bins, Tensor) and bins.ndim != 1:
        raise RuntimeError(
            f"torch.histogramdd: bins tensor should have one dimension, but got {bins.ndim} "
            "dimensions in the bins tensor for dimension 0"
        )
    w = None if weight is None else weight._data.ravel()
    hist, found = np.histogram(x.ravel(), edges, range, density, w)
    return HistogramResult(make(hist.astype(x.dtype)), make(np.asarray(found).astype(x.dtype)))


def is_signed(input: Tensor) -> bool:
    """Whether the tensor's dtype has numbers below 0."""
    need_tensor("is_signed", input)
    return input.dtype.is_signed


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether both have one shape."""
    need_tensor("is_same_size", input)
    need_tensor("is_same_size", other, "other", 2)
    return input._data.shape == other._data.shape


def can_cast(from_: dtypes.dtype, to: dtypes.dtype) -> bool:
    """Whether PyTorch's rules of type promotion let a result be written into ``to``.

    >>> import minigrad as mg
    >>> mg.can_cast(mg.int64, mg.float32), mg.can_cast(mg.float32, mg.int64)
    (True, False)
    """
    return from_.category <= to.category


def typename(obj: Any) -> str:
    """The name of an object's type; of a tensor's, for example ``torch.FloatTensor``."""
    if isinstance(obj, Tensor):
        return f"torch.{obj.type_name()}"
    return f"{type(obj).__module__}.{type(obj).__qualname__}".removeprefix("builtins.")
