"""What nothing can be dropped from, and which queries, keys and values have no attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import cpp_name, kind_name
from ..words import need_kind


def probability(p: float) -> None:
    """A probability outside 0 to 1."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def features(input: Tensor, p: float, training: bool) -> None:
    """Tensors without batch and channels."""
    if input._data.ndim < 2 and input._data.size and training and p:
        raise RuntimeError(
            "Feature dropout requires at least 2 dimensions in the input: batch and channels"
        )


def dropped(x: Any) -> None:
    """Numbers that cannot be divided by 1 - p."""
    need_kind("bernoulli_scalar_cpu_", x, "fiub")
    if x.dtype.kind != "f":
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {kind_name(x)}: "
            "what is kept is divided by 1 - p; convert with .float() first"
        )


def attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, dropout_p: float,
    is_causal: bool,
) -> None:  # fmt: skip
    """Two masks, and dtypes or dimensions that do not fit."""
    if is_causal and mask is not None:
        raise RuntimeError(
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when "
            "is_causal=True"
        )
    if dropout_p > 1.0:
        raise RuntimeError(
            f"dropout probability has to be between 0 and 1, but got {dropout_p:g}"
        )
    attention_dtypes(query, key, value, mask)
    n = [t._data.ndim for t in (query, key, value)]
    if min(n) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
            f"{n[0]} key.dim: {n[1]} and value.dim: {n[2]} instead."
        )


def attention_dtypes(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None
) -> None:
    """More than one dtype, or one that is not real or complex."""
    d = query._data.dtype
    if not key._data.dtype == d == value._data.dtype:
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{cpp_name(query._data)} key.dtype: {cpp_name(key._data)} and value.dtype: "
            f"{cpp_name(value._data)} instead: convert with .to()"
        )
    if mask is not None and mask._data.dtype not in (np.bool_, np.float32, d):
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got "
            f"attn_mask.dtype: {cpp_name(mask._data)} and  query.dtype: {cpp_name(query._data)} "
            "instead."
        )
    if d.kind not in "fc":
        raise RuntimeError(
            f"expected scalar type Float but found {kind_name(query._data)}: convert with .float()"
        )
