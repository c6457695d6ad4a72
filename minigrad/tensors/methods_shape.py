"""Methods for shapes, indexing and softmax: which function each is, as in ``methods.py``."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise import activations
from ..ops.reducing import softmax
from ..ops.shaping import masks, pieces, rearrange, scatter, select
from ..ops.writing.inplace import in_place_of
from .methods import add_methods

FUNCTIONS: dict[Any, str] = {
    rearrange: """
        flip fliplr flipud roll rot90 repeat tile repeat_interleave unfold diagonal diag diag_embed
        diagflat tril triu
    """,
    pieces: "narrow select as_strided unflatten ravel tensor_split hsplit vsplit dsplit",
    scatter: "gather take_along_dim scatter scatter_add scatter_reduce",
    select: """
        index_select index_add index_copy index_fill index_reduce index_put take put nonzero
        argwhere select_scatter slice_scatter diagonal_scatter
    """,
    masks: "masked_fill masked_select masked_scatter",
    activations: "prelu hardshrink",
}
INPLACE: dict[Any, str] = {
    rearrange: "tril triu",
    scatter: "scatter scatter_add scatter_reduce",
    select: """
        index_add index_copy index_fill index_reduce index_put put
    """,
}

add_methods(FUNCTIONS)
for _module, _names in INPLACE.items():
    for _name in _names.split():
        setattr(Tensor, _name + "_", in_place_of(getattr(_module, _name), _name + "_"))
Tensor.masked_fill_ = in_place_of(masks.masked_fill_own, "masked_fill_")
Tensor.masked_scatter_ = in_place_of(masks.masked_scatter_own, "masked_scatter_")

Tensor.softmax = softmax.softmax_of
Tensor.log_softmax = softmax.log_softmax_of
