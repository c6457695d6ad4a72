"""Which tensors have no linear or bilinear map."""

from __future__ import annotations

from ...core.tensor import Tensor
from ...faithful.dtype_names import cpp_name, kind_name
from ..words import need_dimensions
from .dimensions import dim_error
from .matmul import factor_name


def linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    """Shapes that no matrix product has, and two dtypes in one layer."""
    x, w = input._data, weight._data
    if 0 in (w.ndim, x.ndim):
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {x.ndim}D and {w.ndim}D"
        )
    if w.ndim == 1:
        raise RuntimeError(
            "mat2 must be a matrix, got 1-D tensor: with a bias the weight has a row for each "
            "output"
        )
    if w.ndim != 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {w.ndim}D")
    if x.shape[-1] != w.shape[1]:
        rows = x.size // max(x.shape[-1], 1)
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and "
            f"{w.shape[1]}x{w.shape[0]}): the input has {x.shape[-1]} features, the layer takes "
            f"{w.shape[1]}"
        )
    if bias is not None and bias._data.dtype != w.dtype:
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got {kind_name(bias._data)} and "
            f"{kind_name(w)}: bias and weight of one layer have one dtype"
        )
    if w.dtype != x.dtype:
        words = (
            f"expected m1 and m2 to have the same dtype, but got: {factor_name(input)} != "
            f"{factor_name(weight)}"
            if bias is None
            else f"mat1 and mat2 must have the same dtype, but got {kind_name(x)} and "
            f"{kind_name(w)}"
        )
        raise RuntimeError(
            f"{words}: convert the input to the layer's dtype, x.to({weight.dtype}); numbers from "
            "NumPy are often float64"
        )


def bilinear(
    input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None
) -> None:
    """Batches or sizes that do not match, and two dtypes."""
    if input1._data.ndim != input2._data.ndim:
        raise RuntimeError(
            f"bilinear(): input dimensions do not match: got {input1._data.ndim} and "
            f"{input2._data.ndim}"
        )
    if input1._data.shape[:-1] != input2._data.shape[:-1]:
        pairs = zip(input1.shape[:-1], input2.shape[:-1])
        at, (a, b) = next(((i, p) for i, p in enumerate(pairs) if p[0] != p[1]), (0, (0, 0)))
        raise RuntimeError(
            f"bilinear(): input batch dimensions do not match at dim {at}: got {a} and {b}"
        )
    need_dimensions(weight, 1, "the weight has a matrix for each output")
    ndim = weight._data.ndim
    if ndim == 1 or ndim == 2 and weight.shape[1] == input1.shape[-1]:
        raise dim_error(ndim, ndim)
    k, n, m = (*weight._data.shape, 0)[:3]
    if bias is not None:
        need_dimensions(bias, 0, "the bias has a number for each output")
    sizes = [("input1", input1.shape[-1], n), ("input2", input2.shape[-1], m)]
    if bias is not None:
        sizes.append(("bias", bias.shape[0] if bias.ndim == 1 else -1, k))
    for name, got, needed in sizes:
        if got != needed:
            raise RuntimeError(
                f"bilinear(): {name} size does not match weight size: got {got} but expected "
                f"{needed}"
            )
    if ndim != 3:
        raise dim_error(2, ndim)
    parts = {"input1": input1, "input2": input2, "weight": weight, "bias": bias}
    given = {name: cpp_name(t._data) for name, t in parts.items() if t is not None}
    if len(set(given.values())) > 1:
        raise RuntimeError(
            "All tensors must have the same dtype, got "
            + ", ".join(f"{name}: {dtype}" for name, dtype in given.items())
            + ": convert with .to()"
        )
