r"""A dozen operations: each with its forward, the vjp of every input, and the formulas of both.

$\bar x$ is short for the gradient of the loss with respect to $x$. Where each element is computed
by itself, $y_i = f(x_i)$, the pattern is $\bar x_i = \bar y_i f'(x_i)$. A sum's gradient reaches
every summand unchanged; moving numbers is undone by moving them back; the gradients of a matrix
product are matrix products, each with the shape of its matrix, which nearly determines them.

The functions at the end run the operations as they are. The package puts functions of the same
names in their place that take PyTorch's arguments and refuse what PyTorch refuses.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .elementwise import Elementwise, Elementwise2, plain_binary
from .fast_kernels import broadcast
from .formula_ops import zeros
from .formulas import register
from .op import Op, apply
from .slots import slots
from .tensor import Tensor

# --- two inputs, element by element ------------------------------------------------------------


class Add(Elementwise2):
    formula = r"y = a + b"
    linear = True
    ufunc = np.add
    kinds = "iufcb"

    def forward(a, b):
        return np.add(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g):
        r"\bar y"
        return g


class Sub(Elementwise2):
    formula = r"y = a - b"
    linear = True
    ufunc = np.subtract

    def forward(a, b):
        return np.subtract(a, b)

    def vjp_a(g):
        r"\bar y"
        return g

    def vjp_b(g):
        r"-\bar y"
        return -g


class Mul(Elementwise2):
    formula = r"y = a \odot b"
    bilinear = True
    ufunc = np.multiply
    kinds = "iufb"

    def forward(a, b):
        return np.multiply(a, b)

    def vjp_a(g, b):
        r"\bar y \odot b"
        return g * b

    def vjp_b(g, a):
        r"\bar y \odot a"
        return g * a


class Div(Elementwise2):
    formula = r"y = a / b"
    ufunc = np.true_divide
    kinds = "f"

    def forward(a, b):
        return np.true_divide(a, b)

    def vjp_a(g, b, xp):
        r"\bar y / b"
        return g / xp.conj(b)

    def vjp_b(g, a, b, xp):
        r"-\bar y \odot a / b^2"
        return -g * xp.conj((a / b) / b)

    @classmethod
    def result_dtype(cls, d):
        return d if d.kind in "fc" else slots.default_float()


# --- one input, element by element -------------------------------------------------------------


class PowScalar(Elementwise):
    formula = r"y = x^n"
    title = "PowBackward0"

    def forward(x, *, exponent):
        if exponent == 2:
            return np.multiply(x, x)
        with np.errstate(all="ignore"):
            return np.power(x, np.asarray(exponent, x.dtype) if x.dtype.kind == "f" else exponent)

    def vjp_x(g, x, exponent, xp):
        r"n\,x^{n-1} \odot \bar y"
        if exponent == 0:
            return zeros(g, xp)
        if exponent == 2 and xp.first_order:
            return g * xp.conj(2 * x)
        return g * xp.conj(exponent * xp.pow(x, exponent=exponent - 1))

    @classmethod
    def numbers(cls, node):
        return {"n": node.params["exponent"]}


class Neg(Elementwise):
    formula = r"y = -x"
    linear = True
    ufunc = np.negative

    def forward(x):
        return np.negative(x)

    def vjp_x(g):
        r"-\bar y"
        return -g


class Exp(Elementwise):
    formula = r"y = e^x"
    ufunc = np.exp

    def forward(x):
        with np.errstate(all="ignore"):
            return np.exp(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot y"
        return g * xp.conj(y)


class Log(Elementwise):
    formula = r"y = \ln x"
    ufunc = np.log

    def forward(x):
        with np.errstate(all="ignore"):
            return np.log(x)

    def vjp_x(g, x, xp):
        r"\bar y / x"
        return xp.div(g, xp.conj(x))


class Tanh(Elementwise):
    formula = r"y = \tanh x"
    ufunc = np.tanh

    def forward(x):
        return np.tanh(x)

    def vjp_x(g, y, xp):
        r"\bar y \odot (1 - y^2)"
        return g * xp.conj(1 - y * y)


class Clamp(Elementwise):
    formula = r"y = \min(\max(x, \mathit{min}), \mathit{max})"
    title = "ClampBackward1"

    def forward(x, *, min=None, max=None):
        if min is not None:
            x = np.maximum(x, min)
        return x if max is None else np.minimum(x, max)

    def vjp_x(g, x, min, max, xp):
        r"\bar y \text{ where } \mathit{min} \le x \le \mathit{max},\ 0 \text{ elsewhere}"
        if max is None:
            return xp.where(x >= min, g, 0.0)
        inside = x <= max if min is None else (x >= min) & (x <= max)
        return xp.where(inside, g, 0.0)


# --- fewer numbers, moved numbers, matrix products ---------------------------------------------


def count(shape, dim):
    """How many elements each result of a reduction over ``dim`` is made of."""
    n = 1
    for i, length in enumerate(shape):
        if dim is None or i in dim:
            n *= length
    return n


def spread(g, shape, dim, keepdim, xp):
    """A reduction's result (or its gradient) laid out again over the reduced dimensions."""
    if dim is not None and not keepdim:
        g = xp.reshape(g, shape=tuple(1 if i in dim else n for i, n in enumerate(shape)))
    return xp.expand(g, shape=shape)


class Sum(Op):
    formula = r"y = \sum_i x_i"
    linear = True

    def forward(x, *, dim=None, keepdim=False):
        return np.add.reduce(x, axis=dim, keepdims=keepdim, dtype=x.dtype)

    def vjp_x(g, x_shape, dim, keepdim, xp):
        r"\bar x_i = \bar y"
        return spread(g, x_shape, dim, keepdim, xp)

    @classmethod
    def node_name(cls, node):
        return "SumBackward0" if node.params.get("dim") is None else "SumBackward1"


class Mean(Op):
    formula = r"y = \frac1n \sum_i x_i"
    linear = True

    def forward(x, *, dim=None, keepdim=False):
        n = count(x.shape, dim)
        total = np.add.reduce(x, axis=dim, keepdims=keepdim, dtype=x.dtype)
        with np.errstate(all="ignore"):
            return np.divide(total, np.asarray(n, x.dtype), dtype=x.dtype)

    def vjp_x(g, x_shape, dim, keepdim, xp):
        r"\bar x_i = \bar y / n"
        return spread(g / max(count(x_shape, dim), 1), x_shape, dim, keepdim, xp)

    @classmethod
    def numbers(cls, node):
        return {"n": count(node.input_shape(0), node.params.get("dim"))}

    @classmethod
    def node_name(cls, node):
        return "MeanBackward0" if node.params.get("dim") is None else "MeanBackward1"


class Reshape(Op):
    formula = r"y = x \text{ in another shape}"
    linear = True
    view = True

    def forward(x, *, shape, name="ViewBackward0"):
        return x.reshape(shape)

    def vjp_x(g, x_shape, xp):
        r"\bar y \text{ in the shape of } x"
        return xp.reshape(g, shape=x_shape)

    @classmethod
    def node_name(cls, node):
        return node.params.get("name", "ViewBackward0")


class Transpose(Op):
    formula = r"y = x \text{ with two dimensions exchanged}"
    linear = True
    view = True

    def forward(x, *, dim0, dim1):
        return x.swapaxes(dim0, dim1) if x.ndim else x[...]

    def vjp_x(g, dim0, dim1, xp):
        r"\bar y \text{ with the two dimensions exchanged back}"
        return xp.transpose(g, dim0=dim0, dim1=dim1)


class Expand(Op):
    formula = r"y = x \text{ repeated along dimensions of length 1}"
    linear = True
    view = True

    def forward(x, *, shape):
        return broadcast(x, shape)

    def vjp_x(g, x_shape, xp):
        r"\bar y \text{ summed over the repeated dimensions}"
        return xp.sum_to_size(g, size=x_shape)


class Mm(Op):
    formula = r"Y = A B"
    bilinear = True
    ufunc = np.matmul
    torch_names = {"self": "a", "mat2": "b"}

    def forward(a, b):
        return a.dot(b)  # as np.matmul, which takes longer to start

    def vjp_a(g, b, xp):
        r"\bar Y B^\top"
        return xp.mm(g, xp.t(xp.conj(b)))

    def vjp_b(g, a, xp):
        r"A^\top \bar Y"
        return xp.mm(xp.t(xp.conj(a)), g)


# --- the functions -----------------------------------------------------------------------------


FUNCTIONS: dict[str, tuple[Any, Any]] = {
    "add": (Add, Add.run_fast),
    "sub": (Sub, Sub.run_fast),
    "mul": (Mul, Mul.run_fast),
    "div": (Div, Div.run_fast),
    "pow": (PowScalar, lambda x, exponent: apply(PowScalar, (x,), {"exponent": exponent})),
    "neg": (Neg, lambda x: apply(Neg, (x,))),
    "exp": (Exp, lambda x: apply(Exp, (x,))),
    "log": (Log, lambda x: apply(Log, (x,))),
    "tanh": (Tanh, lambda x: apply(Tanh, (x,))),
    "clamp": (Clamp, lambda x, min=None, max=None: apply(Clamp, (x,), {"min": min, "max": max})),
    "sum": (Sum, lambda x, dim=None: apply(Sum, (x,), {"dim": dim})),
    "mean": (Mean, lambda x, dim=None: apply(Mean, (x,), {"dim": dim})),
    "mm": (Mm, lambda a, b: apply(Mm, (a, b))),
    "reshape": (Reshape, lambda x, shape: apply(Reshape, (x,), {"shape": shape})),
    "transpose": (Transpose, lambda x, dim0, dim1: apply(
        Transpose, (x,), {"dim0": dim0, "dim1": dim1})),
    "expand": (Expand, lambda x, shape: apply(Expand, (x,), {"shape": shape})),
}  # fmt: skip
register(**FUNCTIONS)  # in formulas it is xp.exp ...
for _name, (_, _function) in FUNCTIONS.items():
    setattr(Tensor, _name, _function)  # ... and for the learner x.exp()

Tensor.__add__ = Tensor.__radd__ = Add.run_fast
Tensor.__sub__ = Sub.run_fast
Tensor.__rsub__ = lambda self, other: plain_binary(Sub, other, self)
Tensor.__mul__ = Tensor.__rmul__ = Mul.run_fast
Tensor.__truediv__ = Div.run_fast
Tensor.__rtruediv__ = lambda self, other: plain_binary(Div, other, self)
Tensor.__neg__ = FUNCTIONS["neg"][1]
Tensor.__matmul__ = FUNCTIONS["mm"][1]
Tensor.__pow__ = FUNCTIONS["pow"][1]
