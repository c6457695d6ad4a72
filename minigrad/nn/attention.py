"""Multi-head attention (Vaswani et al. 2017).

Each position of the query asks all positions of the key how well they fit, and gets the mean of the
values weighted by the answers. The heads do that side by side, each with its share of the features.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..ops.making.creation import zeros
from ..ops.matrices.matmul import bmm
from ..ops.matrices.product_sums import baddbmm
from ..ops.shaping.joining import cat
from ..refusals.words import need_attribute, need_tensor
from . import functional as F
from . import init
from .linear import NonDynamicallyQuantizableLinear, new_parameter
from .module import Module

__all__ = ["MultiheadAttention"]


def as_added(mask: Tensor | None, name: str, like: Tensor) -> Tensor | None:
    """A mask as numbers to add to the scores: a True in a bool mask becomes -inf."""
    if mask is None or mask.is_floating_point():
        return mask
    if mask._data.dtype.kind != "b":
        raise AssertionError(f"only bool and floating types of {name} are supported")
    return make(np.where(mask._data, -np.inf, 0).astype(like._data.dtype))


class MultiheadAttention(Module):
    """Attention with ``num_heads`` heads of ``embed_dim / num_heads`` features each.

    kdim, vdim: the features of key and value if they are others. add_bias_kv, add_zero_attn: one
    more position, learned or zero, that can always be looked at.

    >>> import minigrad as mg
    >>> attention = mg.nn.MultiheadAttention(embed_dim=4, num_heads=2, batch_first=True)
    >>> x = mg.ones(1, 3, 4)
    >>> output, weights = attention(x, x, x)
    >>> output.shape, weights
    (torch.Size([1, 3, 4]), tensor([[[0.3333, 0.3333, 0.3333],
             [0.3333, 0.3333, 0.3333],
             [0.3333, 0.3333, 0.3333]]], grad_fn=<MeanBackward1>))
    """

    bias_k: Any
    bias_v: Any

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True,
        add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: int | None = None,
        vdim: int | None = None, batch_first: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                "embed_dim and num_heads must be greater than 0, got "
                f"embed_dim={embed_dim} and num_heads={num_heads} instead"
            )
        if embed_dim % num_heads:
            raise AssertionError(
                "embed_dim must be divisible by num_heads: each head gets an equal share of the "
                f"{embed_dim} features, which {num_heads} heads cannot have"
            )
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim == self.vdim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        kind = {"device": device, "dtype": dtype}
        if self._qkv_same_embed_dim:
            self.in_proj_weight = new_parameter(3 * embed_dim, embed_dim, **kind)
            for name in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
                self.register_parameter(name, None)
        else:
            self.q_proj_weight = new_parameter(embed_dim, embed_dim, **kind)
            self.k_proj_weight = new_parameter(embed_dim, self.kdim, **kind)
            self.v_proj_weight = new_parameter(embed_dim, self.vdim, **kind)
            self.register_parameter("in_proj_weight", None)
        if bias:
            self.in_proj_bias = new_parameter(3 * embed_dim, **kind)
        else:
            self.register_parameter("in_proj_bias", None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, **kind)
        if add_bias_kv:
            self.bias_k = new_parameter(1, 1, embed_dim, **kind)
            self.bias_v = new_parameter(1, 1, embed_dim, **kind)
        else:
            self.bias_k = self.bias_v = None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
            if getattr(self, name) is not None:
                init.xavier_uniform_(getattr(self, name))
        if self.in_proj_bias is not None:
            init.constant_(self.in_proj_bias, 0.0)
            init.constant_(self.out_proj.bias, 0.0)
        if self.bias_k is not None:
            init.xavier_normal_(self.bias_k)
            init.xavier_normal_(self.bias_v)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None = None,
        need_weights: bool = True, attn_mask: Tensor | None = None,
        average_attn_weights: bool = True, is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        """query: (L, N, E), key and value: (S, N, E); with batch_first (N, L, E); or without N.

        key_padding_mask: (N, S), attn_mask: (L, S) or (N * heads, L, S): True where not to look,
        or numbers to add to the scores. is_causal: the attn_mask given is the causal one.
        Returns the output and the weights (N, L, S), the mean over the heads unless
        average_attn_weights=False; None with need_weights=False.
        """
        alone = query.dim() == 2
        for mask in (attn_mask, key_padding_mask):
            if mask is not None:
                need_tensor("is_floating_point", mask)
        for t in (key, value):
            need_attribute(t, "is_nested")
        check_shapes(query, key, value, key_padding_mask, attn_mask, self.num_heads)
        if is_causal and attn_mask is None:
            raise RuntimeError(
                "Need attn_mask if specifying the is_causal hint. You may use the Transformer "
                "module method `generate_square_subsequent_mask` to create this mask."
            )
        same = key is query and value is key
        if alone:
            query, key, value = (t.unsqueeze(1) for t in (query, key, value))
            if key_padding_mask is not None:
                key_padding_mask = key_padding_mask.unsqueeze(0)
        elif self.batch_first:
            query, key, value = (t.transpose(0, 1) for t in (query, key, value))
        length, batch, _ = query.shape
        if query.size(2) != self.embed_dim:
            raise AssertionError(
                f"was expecting embedding dimension of {self.embed_dim}, but got {query.size(2)}"
            )

        check_sizes(key, value, self._qkv_same_embed_dim)
        q, k, v = self.project(query, key, value, same)
        if attn_mask is not None:
            check_mask(attn_mask, batch * self.num_heads, length, key.shape[0])
        mask = as_added(attn_mask, "attn_mask", query)
        if mask is not None and mask.dim() == 2:
            mask = mask.unsqueeze(0)
        padding = as_added(key_padding_mask, "key_padding_mask", query)
        if self.bias_k is not None:
            k = cat([k, self.bias_k.repeat(1, batch, 1)])
            v = cat([v, self.bias_v.repeat(1, batch, 1)])
            mask, padding = one_more(mask), one_more(padding)
        q, k, v = (self.split_heads(t, batch) for t in (q, k, v))
        if self.add_zero_attn:
            none = zeros(batch * self.num_heads, 1, self.head_dim, dtype=k.dtype)
            k, v = cat([k, none], 1), cat([v, none], 1)
            mask, padding = one_more(mask), one_more(padding)
        if padding is not None:
            check_padding(padding, batch, k.size(1))
            heads = (batch, self.num_heads, 1, k.size(1))
            padding = padding[:, None, None].expand(heads)
            padding = padding.reshape(batch * self.num_heads, *heads[2:])
            mask = padding if mask is None else mask + padding

        out, weights = self.attend(q, k, v, mask, batch, need_weights)
        out = F.linear(out, self.out_proj.weight, self.out_proj.bias)
        out = out.reshape(length, batch, self.embed_dim)
        if weights is not None and average_attn_weights:
            weights = weights.mean(dim=1)
        if alone:
            return out.squeeze(1), None if weights is None else weights.squeeze(0)
        return (out.transpose(0, 1) if self.batch_first else out), weights

    def project(
        self, query: Tensor, key: Tensor, value: Tensor, same: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value of all heads, from the inputs."""
        weight = self._parameters["in_proj_weight"]
        if same and weight is not None:
            q, k, v = F.linear(query, weight, self.in_proj_bias).chunk(3, -1)
            return q, k, v
        if weight is not None:
            weights = weight.chunk(3)
        else:
            weights = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
            for name, x, w in zip(("query", "key", "value"), (query, key, value), weights):
                if w.shape[1] != x.shape[2]:
                    raise AssertionError(
                        f"expecting {name} weights shape of {(self.embed_dim, x.shape[2])}, but "
                        f"got {w.shape}: kdim and vdim are the features of key and value"
                    )
        bias = self.in_proj_bias
        biases = (None, None, None) if bias is None else bias.chunk(3)
        inputs = (query, key, value)
        q, k, v = (F.linear(x, w, b) for x, w, b in zip(inputs, weights, biases))
        return q, k, v

    def split_heads(self, t: Tensor, batch: int) -> Tensor:
        """(L, N, E) to (N * heads, L, head_dim)."""
        return t.reshape(t.size(0), batch * self.num_heads, self.head_dim).transpose(0, 1)

    def attend(
        self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, batch: int, need_weights: bool
    ) -> tuple[Tensor, Tensor | None]:
        """The outputs of the heads side by side, (L * N, E), and their weights (N, heads, L, S)."""
        p = self.dropout if self.training else 0.0
        length = q.size(1)
        heads = (batch, self.num_heads)
        if need_weights:
            scaled = q * math.sqrt(1.0 / self.head_dim)
            keys = k.transpose(-2, -1)
            scores = bmm(scaled, keys) if mask is None else baddbmm(mask, scaled, keys)
            weights = F.softmax(scores, dim=-1)
            if p > 0.0:
                weights = F.dropout(weights, p=p)
            out = bmm(weights, v).transpose(0, 1)
            weights = weights.reshape(*heads, length, k.size(1))
            return out.reshape(length * batch, self.embed_dim), weights
        if mask is not None:
            mask = mask.unsqueeze(0) if mask.size(0) == 1 else mask.reshape(*heads, -1, k.size(1))
        q, k, v = (t.reshape(*heads, t.size(1), self.head_dim) for t in (q, k, v))
        out = F.scaled_dot_product_attention(q, k, v, mask, p)
        return out.permute(2, 0, 1, 3).reshape(length * batch, self.embed_dim), None


def one_more(mask: Tensor | None) -> Tensor | None:
    """A mask with a last column that hides nothing."""
    return None if mask is None else F.pad(mask, (0, 1))


def check_sizes(key: Tensor, value: Tensor, same_features: bool) -> None:
    if same_features and key.shape != value.shape:
        raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")
    if key.shape[:2] != value.shape[:2]:
        raise AssertionError(
            f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
        )


def check_padding(padding: Tensor, batch: int, seen: int) -> None:
    """(N, S): one number for each position of each sequence."""
    for d, n in enumerate((batch, seen)):
        if padding.shape[d] != n:
            raise AssertionError(
                f"Expected key_padded_mask.shape[{d}] to be {n}, but got {padding.shape[d]}: it "
                "has one entry for each position of each sequence"
            )


def check_mask(mask: Tensor, rows: int, length: int, seen: int) -> None:
    """(L, S), or (N * heads, L, S)."""
    n = mask.dim()
    needed = (length, seen) if n == 2 else (rows, length, seen)
    if tuple(mask.shape) != needed:
        raise RuntimeError(
            f"The shape of the {n}D attn_mask is {mask.shape}, but should be {needed}."
        )


def check_shapes(
    query: Tensor, key: Tensor, value: Tensor, padding: Tensor | None, mask: Tensor | None,
    heads: int,
) -> None:  # fmt: skip
    """PyTorch's refusals."""
    n = query.dim()
    if n not in (2, 3):
        raise AssertionError(
            f"query should be unbatched 2D or batched 3D tensor but received {n}-D query tensor"
        )
    kind = "batched" if n == 3 else "unbatched"
    if key.dim() != n or value.dim() != n:
        raise AssertionError(
            f"For {kind} ({n}-D) `query`, expected `key` and `value` to be {n}-D but found "
            f"{key.dim()}-D and {value.dim()}-D tensors respectively"
        )
    if padding is not None and padding.dim() != n - 1:
        raise AssertionError(
            f"For {kind} ({n}-D) `query`, expected `key_padding_mask` to be `None` or {n - 1}-D "
            f"but found {padding.dim()}-D tensor instead"
        )
    if mask is not None and mask.dim() not in (2, 3):
        raise AssertionError(
            f"For {kind} ({n}-D) `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found "
            f"{mask.dim()}-D tensor instead"
        )
