r"""Operations that the first ones' formulas are written with. (May be skipped at first.)

``xp.where``, ``xp.conj``, ``xp.t``, ``xp.sum_to_size``; and the slope of straight pieces, which is
0 but is recorded, so that it can be asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .elementwise import Elementwise
from .fast_kernels import or_zero
from .formulas import register, sum_to, tensors
from .node import Node
from .op import Op, apply
from .tensor import Tensor, make


class Where(Elementwise):
    formula = r"y_i = a_i \text{ if } c_i \text{ else } b_i"
    linear = True
    torch_names = {"condition": "condition"}
    broadcasts = True

    def forward(condition, a, b):
        if type(b) is float and b == 0 and condition.shape == a.shape:
            return or_zero(condition, a)
        return np.where(condition, a, b)

    def vjp_a(g, condition, xp):
        r"\bar y \text{ where } c"
        return xp.where(condition, g, 0.0)

    def vjp_b(g, condition, xp):
        r"\bar y \text{ where not } c"
        return xp.where(condition, 0.0, g)


class Conj(Elementwise):
    formula = r"y = x^*"
    linear = True

    def forward(x):
        return np.conjugate(x) if x.dtype.kind == "c" else x

    def vjp_x(g, xp):
        r"\bar y^*"
        return xp.conj(g)


class T(Op):
    formula = r"Y = X^\top"
    linear = True
    view = True

    def forward(x):
        return x.T

    def vjp_x(g, xp):
        r"\bar Y^\top"
        return xp.t(g)


class SumToSize(Op):
    formula = r"y = x \text{ summed over broadcast dimensions}"
    linear = True
    title = "SumBackward1"

    def forward(x, *, size):
        return sum_to(x, size)

    def vjp_x(g, x_shape, xp):
        r"\bar y \text{ repeated}"
        return xp.expand(g, shape=x_shape)


def zeros(g, xp):
    """The gradient of what does not depend on its input. It does not depend on ``g`` either."""
    return xp.constant(np.zeros_like(xp.numpy(g)))


class ZeroSlope(Elementwise):
    """A gradient, recorded as depending on an input that it does not change with."""

    formula = r"y = g"

    def forward(g, x, *, _of):
        return g

    def vjp_g(g):
        r"\bar y"
        return g

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)

    @classmethod
    def node_name(cls, node):
        name = node.params["_of"]  # the operation whose gradient this is
        return f"{'Threshold' if name == 'Relu' else name}BackwardBackward0"


def zero_slope(node: Node, g: Tensor | None) -> Tensor | None:
    """A gradient that does not change with the node's input, recorded as depending on it.

    So that it can be differentiated again, as in PyTorch, and gives 0.
    """
    kept = next((i for i, t in enumerate(node.saved) if t is not None), None)
    if g is None or kept is None:
        return g
    on = tensors.saved(node, kept)
    if on._data.shape != g._data.shape or not on._requires_grad:
        return g
    slope: Tensor = apply(ZeroSlope, (g, on), {"_of": node.op.__name__})
    return slope


def where(condition: Tensor, a: Any, b: Any) -> Any:
    values = [v._data if isinstance(v, Tensor) else np.asarray(v) for v in (a, b)]
    dtype = next(v.dtype for v, given in zip(values, (a, b)) if isinstance(given, Tensor))
    arrays = [condition._data, *[v.astype(dtype, copy=False) for v in values]]
    inputs = [t if isinstance(t, Tensor) else make(v) for t, v in zip((a, b), arrays[1:])]
    return apply(Where, (condition, *inputs), arrays=arrays)


register(
    zero_slope=(None, zero_slope), where=(Where, where),
    conj=(Conj, lambda x: apply(Conj, (x,)) if x._data.dtype.kind == "c" else x),
    t=(T, lambda x: apply(T, (x,))),
    sum_to_size=(SumToSize, lambda x, size: apply(SumToSize, (x,), {"size": size})),
)  # fmt: skip
