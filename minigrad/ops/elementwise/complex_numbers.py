r"""Complex numbers: parts, angles, and views as pairs of real numbers.

The gradient of a real loss with respect to a complex $z = a + ib$ is, as in PyTorch,
$\bar z = \partial L/\partial a + i\, \partial L/\partial b$: the direction of steepest ascent. A
holomorphic function passes it on as $\bar x = \bar y\, f'(x)^*$.

Source of the convention: PyTorch's note "Autograd for Complex Numbers" (Wirtinger calculus).
"""

from __future__ import annotations

import numpy as np

from ...core.elementwise import Elementwise, Elementwise2
from ...core.formula_ops import zeros
from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...faithful import strides
from ...refusals.reasons import complex_numbers as refuse
from ..calls import one_call
from ..operands import broadcasting, unary


class Real(Elementwise):
    formula = r"y = \mathrm{Re}\, x"
    linear = True
    title = "SelectBackward0"
    view = True

    def forward(x):
        return x.real

    def vjp_x(g):
        r"\bar y"
        return g  # the engine makes it complex


class Imag(Elementwise):
    formula = r"y = \mathrm{Im}\, x"
    linear = True
    title = "SelectBackward0"
    view = True

    def forward(x):
        return x.imag

    def vjp_x(g):
        r"i\, \bar y"
        return g * 1j


class Angle(Elementwise):
    formula = r"y = \arg x"

    def forward(x):
        if x.dtype.kind == "c":
            return np.angle(x)
        return np.where(np.isnan(x), x, np.where(x < 0, x.dtype.type(np.pi), x.dtype.type(0)))

    def vjp_x(g, x, xp):
        r"\bar y \odot i x / |x|^2"
        if xp.np_dtype(x).kind != "c":
            return zeros(g, xp)
        square = xp.real(x * xp.conj(x))
        zero = square == 0
        return xp.where(zero, x * 0, g * 1j * x / xp.where(zero, square + 1, square))


class Complex(Elementwise2):
    formula = r"y = a + i b"
    linear = True

    def forward(a, b):
        out = np.empty(np.broadcast_shapes(a.shape, b.shape), np.result_type(a, np.complex64))
        out.real, out.imag = a, b
        return out

    def vjp_a(g, xp):
        r"\mathrm{Re}\, \bar y"
        return xp.real(g)

    def vjp_b(g, xp):
        r"\mathrm{Im}\, \bar y"
        return xp.imag(g)


class Polar(Elementwise2):
    formula = r"y = r e^{i\varphi}"

    def forward(r, phi):
        return Complex.forward(r * np.cos(phi), r * np.sin(phi))

    def vjp_r(g, phi, xp):
        r"\mathrm{Re}(\bar y^* e^{i\varphi})"
        return xp.real(g) * xp.cos(phi) + xp.imag(g) * xp.sin(phi)

    def vjp_phi(g, r, phi, xp):
        r"\mathrm{Re}(\bar y^*\, i y)"
        return r * (xp.imag(g) * xp.cos(phi) - xp.real(g) * xp.sin(phi))


class ViewAsReal(Op):
    formula = r"y = (\mathrm{Re}\, x, \mathrm{Im}\, x)"
    linear = True
    view = True

    def forward(x):
        pair = np.dtype(np.float32 if x.dtype == np.complex64 else np.float64)
        twice = [2 * s for s in strides.strides_of(x)]
        return strides.as_numbers(x, pair, (*x.shape, 2), (*twice, 1))

    def vjp_x(g, xp):
        r"\bar y_1 + i \bar y_2"
        return xp.view_as_complex(g)


class ViewAsComplex(Op):
    formula = r"y = x_1 + i x_2"
    linear = True
    view = True

    def forward(x):
        pair = np.dtype(np.complex64 if x.dtype == np.float32 else np.complex128)
        *steps, last = strides.strides_of(x)
        if last != 1 or any(s % 2 for s in steps):  # a gradient, which may lie as it likes
            return np.ascontiguousarray(x).view(pair)[..., 0]
        return strides.as_numbers(x, pair, x.shape[:-1], [s // 2 for s in steps])

    def vjp_x(g, xp):
        r"(\mathrm{Re}\, \bar y, \mathrm{Im}\, \bar y)"
        return xp.view_as_real(g)


# --- the functions -------------------------------------------------------------------------------


def resolve_conj(input: Tensor) -> Tensor:
    """The tensor itself: no number waits here to be conjugated, as PyTorch's ``x.conj()`` does."""
    return input


def resolve_neg(input: Tensor) -> Tensor:
    """The tensor itself: no number waits here to be negated."""
    return input


def real(input: Tensor) -> Tensor:
    """The real part, a view; a real tensor is returned as it is.

    >>> import minigrad as mg
    >>> mg.real(mg.tensor([1 + 2j]))
    tensor([1.])
    """
    return apply(Real, (input,)) if input._data.dtype.kind == "c" else input


def imag(input: Tensor) -> Tensor:
    """The imaginary part of a complex tensor, a view. Raises RuntimeError for a real one.

    >>> import minigrad as mg
    >>> mg.imag(mg.tensor([1 + 2j]))
    tensor([2.])
    """
    refuse.imag(input)
    return apply(Imag, (input,))


def angle(input: Tensor) -> Tensor:
    """The angle of complex numbers in radians; of real numbers 0, or pi if negative.

    >>> import minigrad as mg
    >>> mg.angle(mg.tensor([1j, -1 + 0j]))
    tensor([1.5708, 3.1416])
    """
    return unary(Angle, input)


@one_call
def complex(real: Tensor, imag: Tensor) -> Tensor:
    """Complex numbers from their real and imaginary parts (two float tensors of one dtype).

    >>> import minigrad as mg
    >>> mg.complex(mg.tensor([1.0]), mg.tensor([2.0]))
    tensor([1.+2.j])
    """
    refuse.pair("complex", real, imag, "real", "imag")
    return broadcasting(Complex, (real, imag), {})


def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """Complex numbers from their lengths and their angles in radians.

    >>> import minigrad as mg
    >>> mg.polar(mg.tensor([2.0]), mg.tensor([0.0]))
    tensor([2.+0.j])
    """
    refuse.pair("polar", abs, angle, "abs", "angle")
    return broadcasting(Polar, (abs, angle), {})


def view_as_real(input: Tensor) -> Tensor:
    """A complex tensor as pairs (real, imaginary): one more dimension, of length 2. A view.

    >>> import minigrad as mg
    >>> mg.view_as_real(mg.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    if input._data.dtype.kind != "c":
        raise RuntimeError("view_as_real is only supported for complex tensors: this one is real")
    return apply(ViewAsReal, (input,))


@one_call
def view_as_complex(input: Tensor) -> Tensor:
    """Pairs in the last dimension (of length 2) as complex numbers. A view.

    >>> import minigrad as mg
    >>> mg.view_as_complex(mg.tensor([[1.0, 2.0]]))
    tensor([1.+2.j])
    """
    refuse.view_as_complex(input)
    return apply(ViewAsComplex, (input,))


register(
    real=(np.real, real), imag=(np.imag, imag), view_as_real=(ViewAsReal, view_as_real),
    view_as_complex=(ViewAsComplex, view_as_complex), complex=(Complex, complex),
)  # fmt: skip
