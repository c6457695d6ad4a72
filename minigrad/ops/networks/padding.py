r"""``pad``: make tensors longer at their ends, with a constant or with their own elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.arguments import need_ints
from ...refusals.reasons import padding as refuse
from ...refusals.words import need_kind
from ..calls import one_call


class ConstantPadNd(Op):
    """before, after: how much longer each dimension gets at its two ends (negative: shorter)."""

    formula = r"y = (c, \ldots, c, x, c, \ldots, c)"
    layout = "channels last"

    def forward(x, *, before, after, value=0.0):
        shape = [n + b + a for n, b, a in zip(x.shape, before, after, strict=True)]
        y = np.full(shape, value, x.dtype)
        y[part(before, after)] = x[part([-b for b in before], [-a for a in after])]
        return y

    def vjp_x(g, before, after, xp):
        r"\bar x = \text{ the middle of } \bar y"
        return xp.pad_constant(
            g, before=tuple(-b for b in before), after=tuple(-a for a in after)
        )


def part(before: Any, after: Any) -> tuple[slice, ...]:
    """Leave out so many elements at both ends (negative numbers leave out nothing)."""
    return tuple(
        slice(max(b, 0), -a if a > 0 else None) for b, a in zip(before, after, strict=True)
    )


class PadIndex(Op):
    """``index``: for each element of the result where it comes from."""

    formula = r"y_i = x_{k_i}"

    def forward(x, *, index, name):
        return x[index]

    def vjp_x(g, x_shape, index, xp):
        r"\bar x_{k_i} \mathrel{+}= \bar y_i"
        return xp.index_put_zeros(g, shape=x_shape, index=index, add=True)

    @classmethod
    def node_name(cls, node: Any) -> str:
        return node.params["name"]


def source_index(n: int, before: int, after: int, mode: str) -> Any:
    """Where the elements of a padded dimension of length ``n`` come from."""
    i = np.arange(-before, n + after)
    if mode == "replicate":
        return np.clip(i, 0, n - 1)
    if mode == "circular":
        inside = np.arange(max(-before, 0), n - max(-after, 0))
        first, last = inside[: max(after, 0)], inside[len(inside) - max(before, 0) :]
        return np.concatenate([last, inside, first])
    i = np.abs(i)
    return np.where(i >= n, 2 * (n - 1) - i, i)


# --- the functions -------------------------------------------------------------------------------


def pad_constant(input: Tensor, before: Any, after: Any, value: float = 0.0) -> Tensor:
    params = {"before": tuple(before), "after": tuple(after), "value": value}
    return apply(ConstantPadNd, (input,), params)


@one_call
def pad(input: Tensor, pad: Any, mode: str = "constant", value: float | None = None) -> Tensor:
    """Make the last dimensions longer: ``pad`` is (before, after) of the last, then of the one
    before it, and so on.

    mode: 'constant' (``value``, 0 unless told), or with elements of the tensor itself: 'reflect'
    (mirrored at the edge), 'replicate' (the edge again), 'circular' (from the other end).

    >>> import minigrad as mg
    >>> mg.nn.functional.pad(mg.tensor([1, 2, 3]), (1, 2))
    tensor([0, 1, 2, 3, 0, 0])
    """
    need_ints("pad", "pad", pad, 2, one_for_all=False)
    pad = tuple(int(p) for p in pad)
    ndim, shape = input._data.ndim, input._data.shape
    refuse.ends(pad, ndim)
    m = len(pad) // 2
    before, after = [0] * ndim, [0] * ndim
    for k in range(m):
        before[ndim - 1 - k], after[ndim - 1 - k] = pad[2 * k], pad[2 * k + 1]
    if mode == "constant":
        refuse.taken_away(shape, before, after, pad)
        return pad_constant(input, before, after, 0.0 if value is None else value)
    refuse.mode(mode, value, m, ndim)
    params = edge_params(shape, before, after, mode, m)
    if mode != "circular":
        kernel = "reflection_pad" if mode == "reflect" else "replication_pad"
        need_kind(f"{kernel}{m}d", input._data, "fciu")
    return apply(PadIndex, (input,), params)


def edge_params(shape: Any, before: Any, after: Any, mode: str, m: int) -> dict[str, Any]:
    """The index that pads with the tensor's own elements, checked."""
    refuse.edges(shape, before, after, mode, m)
    index = np.ix_(*[source_index(n, b, a, mode)
                     for n, b, a in zip(shape, before, after, strict=True)])  # fmt: skip
    kind = {"reflect": "ReflectionPad", "replicate": "ReplicationPad"}.get(mode)
    return {"index": index, "name": f"{kind}{m}DBackward0" if kind else "CopySlices"}


register(pad_constant=(ConstantPadNd, pad_constant))
