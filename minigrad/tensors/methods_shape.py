"""Methods for shapes, indexing and softmax: which function each is, as in ``methods.py``."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..ops.networks import activations
from ..ops.reducing import softmax
from ..ops.shaping import (
    cutting,
    diagonals,
    flat_positions,
    masks,
    rearrange,
    scatter,
    shape,
    slices,
    strided,
)
from ..ops.writing.inplace import in_place_of
from .methods import add_methods

FUNCTIONS: dict[Any, str] = {
    rearrange: "flip fliplr flipud roll rot90 repeat tile repeat_interleave unfold",
    diagonals: "diagonal diag diag_embed diagflat tril triu diagonal_scatter",
    cutting: "narrow select tensor_split hsplit vsplit dsplit",
    strided: "as_strided",
    shape: "unflatten ravel",
    scatter: "gather take_along_dim scatter scatter_add scatter_reduce",
    slices: """
        index_select index_add index_copy index_fill index_reduce index_put select_scatter
        slice_scatter
    """,
    flat_positions: "take put nonzero argwhere",
    masks: "masked_fill masked_select masked_scatter",
    activations: "prelu hardshrink",
}
INPLACE: dict[Any, str] = {
    diagonals: "tril triu",
    scatter: "scatter scatter_add scatter_reduce",
    slices: "index_add index_copy index_fill index_reduce index_put",
    flat_positions: "put",
}

add_methods(FUNCTIONS)
for _module, _names in INPLACE.items():
    for _name in _names.split():
        setattr(Tensor, _name + "_", in_place_of(getattr(_module, _name), _name + "_"))
Tensor.masked_fill_ = in_place_of(masks.masked_fill_own, "masked_fill_")
Tensor.masked_scatter_ = in_place_of(masks.masked_scatter_own, "masked_scatter_")

Tensor.softmax = softmax.softmax_of
Tensor.log_softmax = softmax.log_softmax_of
