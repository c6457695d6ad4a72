"""Which images and kernels have no convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import cpp_name, kind_name
from ..words import not_implemented


def operands(name: str, x: Tensor, w: Tensor, b: Tensor | None, m: int) -> None:
    """Images, weights and biases with the wrong number of dimensions."""
    if b is not None and b._data.dtype != x._data.dtype and "transpose" not in name:
        raise RuntimeError(
            f"Input type ({cpp_name(x._data)}) and bias type ({cpp_name(b._data)}) should "
            "be the same: convert one with .to()"
        )
    if x._data.ndim not in (m + 1, m + 2):
        raise RuntimeError(
            f"Expected {m + 1}D (unbatched) or {m + 2}D (batched) input to {name}, but got input "
            f"of size: {list(x.shape)}"
        )
    if w._data.ndim < 3:
        raise RuntimeError(
            "weight should have at least three dimensions: output channels, input channels and "
            f"the kernel's {m}"
        )
    if m == 1 and w._data.ndim != 3:
        n = w._data.ndim
        raise RuntimeError(
            f"Expected {n}-dimensional input for {n}-dimensional weight {list(w.shape)}, but got "
            f"{x._data.ndim}-dimensional input of size {list(x.shape)} instead"
        )
    if w._data.ndim != m + 2:
        raise RuntimeError(
            f"expected stride to be a single integer value or a list of {w._data.ndim - 2} values "
            f"to match the convolution dimensions, but got stride={[1] * m}: the weight has "
            f"{w._data.ndim} dimensions, {name} needs {m + 2}"
        )
    if x._data.dtype.kind == "c":
        dtypes(name, x, w, b, m)
    if min(w.shape[2:], default=1) <= 0:
        axes = ("depth", "height", "width")[-max(m, 2) :]
        sizes = (1, *w.shape[2:])[-len(axes) :]
        raise RuntimeError(
            "kernel size should be greater than zero, but got "
            + " ".join(f"kernel_{axis}: {n}" for axis, n in zip(axes, sizes))
        )


def dtypes(name: str, x: Tensor, w: Tensor, b: Tensor | None, m: int) -> None:
    """Input, weight and bias have one dtype; PyTorch looks at it after the shapes."""
    if "transpose" in name and x._data.dtype.kind == "b":
        kernel = f"slow_conv_transpose{max(m, 2)}d_out_cpu"
        raise not_implemented(kernel, x._data, "convert with .float() first")
    for t, what in ((w, "weight"), (b, "bias")):
        if t is not None and t._data.dtype != x._data.dtype:
            raise RuntimeError(
                f"Input type ({full_name(x)}) and {what} type ({full_name(t)}) should be the "
                "same: convert one with .to()"
                if x._data.dtype == np.float32 or x._data.dtype.kind == "c" else
                f"expected scalar type {kind_name(x._data)} but found {kind_name(t._data)}: input "
                f"and {what} must have one dtype; convert one with .to()"
            )  # fmt: skip


def full_name(t: Tensor) -> str:
    """The type as in PyTorch's messages about tensors."""
    return f"CPU{kind_name(t._data)}Type" if t.is_complex() else f"torch.{t.type_name()}"


def channels(x: Any, w: Any, b: Tensor | None, groups: int, transposed: bool) -> None:
    """Groups and channels that do not match, and a bias that is not one number for each channel."""
    given = f"transposed={int(transposed)}" if transposed else f"groups={groups}"
    need = w.shape[0] if transposed else w.shape[1] * groups
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if w.shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but "
            f"got weight of size {list(w.shape)} instead"
        )
    if w.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{list(w.shape)}] instead"
        )
    if x.shape[1] != need:
        raise RuntimeError(
            f"Given {given}, weight of size {list(w.shape)}, expected input{list(x.shape)} to have "
            f"{need} channels, but got {x.shape[1]} channels instead"
        )
    out = w.shape[1] * groups if transposed else w.shape[0]
    if b is not None and b._data.shape != (out,):
        given = "transposed=1, weight" if transposed else "weight"
        raise RuntimeError(
            f"Given {given} of size {list(w.shape)}, expected bias to be 1-dimensional with "
            f"{out} elements, but got bias of size {list(b.shape)} instead"
        )


def settings(stride: Any, padding: Any, dilation: Any) -> None:
    """Settings that no convolution has."""
    if min(padding) < 0:
        raise RuntimeError("negative padding is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) <= 0:
        raise RuntimeError("dilation should be greater than zero")


def times(sizes: Any) -> str:
    """Lengths as PyTorch writes them: 3 x 4."""
    return " x ".join(str(n) for n in sizes)


def large_kernel(x: Any, w: Any, padding: Any, dilation: Any) -> None:
    """A kernel that does not fit into the padded image."""
    reach = tuple(n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True))
    spread = tuple(d * (k - 1) + 1 for k, d in zip(w.shape[2:], dilation, strict=True))
    if any(k > n for k, n in zip(spread, reach, strict=True)):
        raise RuntimeError(
            f"Calculated padded input size per channel: ({times(reach)}). Kernel size: "
            f"({times(spread)}). Kernel size can't be greater than actual input size"
        )


def output_padding(x: Any, extra: Any, stride: Any, dilation: Any, m: int) -> None:
    """Images without pixels, and what an output_padding cannot be."""
    if 0 in x.shape[2:]:
        seen = [*x.shape[:2], *[1] * (m == 1), *x.shape[2:]]
        raise RuntimeError(
            f"Only zero batch or zero channel inputs are supported, but got input shape: {seen}"
        )
    if min(extra) < 0:
        raise RuntimeError("negative output_padding is not supported")
    if any(e >= s and e >= d for e, s, d in zip(extra, stride, dilation, strict=True)):
        raise RuntimeError(
            "output padding must be smaller than either stride or dilation, but got "
            f"output_padding={list(extra)}, stride={list(stride)}, dilation={list(dilation)}"
        )


def too_small(x: Any, spatial: Any) -> None:
    """An output without pixels."""
    if min(spatial) < 1:
        raise RuntimeError(
            f"Given input size per channel: ({times(x.shape[2:])}). Calculated output size per "
            f"channel: ({times(spatial)}). Output size is too small"
        )
