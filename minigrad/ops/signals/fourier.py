r"""Fourier transforms, by NumPy's ``fft``.

A transform is a product with the matrix $F_{kj} = s\, e^{\mp 2\pi i\, kj / n}$ along each
dimension, so its gradient is the product with $F^*$: the transform in the other direction with the
same factor $s$. Three operations do it all: of complex numbers (``FftC2C``); of real numbers, where
the second half of the result would be the first again, conjugated, and is left out (``FftR2C``);
and back from such a half to real numbers (``FftC2R``).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.formulas import register
from ...core.op import Op, apply
from ...core.tensor import Tensor, make
from ...faithful import dtypes
from ...refusals.reasons import fourier as refuse
from ..dimensions import dims, one_dim
from ..networks.padding import pad
from ..shaping.cutting import narrow
from ..shaping.rearrange import roll


def scaled(y: Any, scale: float, like: Any) -> Any:
    """The unscaled transform ``y`` times ``scale``, as precise as ``like``."""
    narrow = like.dtype in (np.float32, np.complex64)
    dtype = {"c": (np.complex128, np.complex64), "f": (np.float64, np.float32)}[y.dtype.kind]
    return (y if scale == 1 else y * scale).astype(dtype[narrow], copy=False)


class FftC2C(Op):
    formula = r"y_k = s \sum_j e^{\mp 2 \pi i\, k j / n}\, x_j"
    linear = True

    def forward(x, *, dims, scale, forward):
        if forward:
            return scaled(np.fft.fftn(x, axes=dims), scale, x)
        return scaled(np.fft.ifftn(x, axes=dims, norm="forward"), scale, x)

    def vjp_x(g, dims, scale, forward, xp):
        r"F^* \bar y"
        return xp.fft_c2c(g, dims=dims, scale=scale, forward=not forward)


class FftR2C(Op):
    formula = r"y_k = s \sum_j e^{\mp 2 \pi i\, k j / n}\, x_j,\ k \le n / 2"
    linear = True

    def forward(x, *, dims, scale, forward):
        y = scaled(np.fft.rfftn(x, axes=dims), scale, x)
        return y if forward else np.conj(y)

    def vjp_x(g, x_shape, dims, scale, forward, xp):
        r"\mathrm{Re}\, F^* \bar y"
        before = (0,) * len(x_shape)
        after = tuple([n - m for n, m in zip(x_shape, g.shape, strict=True)])
        whole = xp.pad_constant(g, before=before, after=after)
        return xp.real(xp.fft_c2c(whole, dims=dims, scale=scale, forward=not forward))


class FftC2R(Op):
    formula = r"y_j = s \sum_k e^{\mp 2 \pi i\, k j / n}\, x_k,\ x_{n - k} = x_k^*"
    linear = True

    def forward(x, *, dims, scale, forward, n):
        sizes = [x.shape[d] for d in dims[:-1]] + [n]
        given = np.conj(x) if forward else x
        return scaled(np.fft.irfftn(given, sizes, axes=dims, norm="forward"), scale, x)

    def vjp_x(g, dims, scale, forward, n, xp):
        r"F^* \bar y, \text{ twice where } x_k \text{ stands for } x_{n - k} \text{ too}"
        half = xp.fft_r2c(g, dims=dims, scale=scale, forward=not forward)
        times = np.full(n // 2 + 1, 2, xp.np_dtype(g))
        times[0] = 1
        if n % 2 == 0:
            times[-1] = 1
        last = dims[-1] % half.ndim
        return half * xp.constant(times.reshape(-1, *[1] * (half.ndim - 1 - last)))


register(
    fft_c2c=(FftC2C, lambda x, **params: apply(FftC2C, (x,), params)),
    fft_r2c=(FftR2C, lambda x, **params: apply(FftR2C, (x,), params)),
)


def numbers_of(name: str, input: Tensor, real: bool = False) -> Tensor:
    """The tensor as complex numbers (``real``: as real numbers), in a precision that has both."""
    refuse.numbers(name, input, real)
    kind = input._data.dtype.kind
    if kind in "iub":
        input = input.to(dtypes.get_default_dtype())
    if real or input._data.dtype.kind == "c":
        return input
    double = input._data.dtype == np.float64
    return input.to(dtypes.complex128 if double else dtypes.complex64)


def resized(x: Tensor, sizes: Any, along: Any) -> Tensor:
    """``x`` cut off, or with zeros after it, to ``sizes``."""
    for n, d in zip(sizes, along, strict=True):
        if n < x.shape[d]:
            x = narrow(x, d, 0, n)
        elif n > x.shape[d]:
            x = pad(x, [0, 0] * (x.ndim - 1 - d) + [0, n - x.shape[d]])
    return x


def factor(norm: str | None, n: int, forward: bool) -> float:
    """What the sum is multiplied with. ``n``: how many numbers are summed."""
    refuse.norm(norm)
    if norm == "ortho":
        return 1 / math.sqrt(n)
    return 1 / n if forward == (norm == "forward") else 1.0


def transform(
    name: str, input: Tensor, s: Any, dim: Any, norm: Any, forward: bool, kind: type[Op] = FftC2C
) -> Tensor:
    """``s``: the lengths to transform, None for all that there is; ``dim``: along which."""
    s = (s,) if isinstance(s, int) else s
    dim = (dim,) if isinstance(dim, int) else dim
    refuse.no_dimensions(name, input, dim)
    if dim is None:
        along = tuple(range(input.ndim))[-len(s) if s is not None else 0 :]
    else:
        along = dims(tuple(dim), input.ndim) or ()
    refuse.sizes(s, along, input)
    x = numbers_of(name, input, kind is FftR2C)
    sizes = [x.shape[d] for d in along] if s is None else [
        x.shape[d] if n == -1 else n for n, d in zip(s, along, strict=True)
    ]  # fmt: skip
    if not along:
        return x
    params: dict[str, Any] = {"dims": along, "forward": forward}
    if kind is FftC2R:  # the sizes are those of the result
        whole = s is not None and s[-1] != -1
        params["n"] = sizes[-1] if whole else 2 * (x.shape[along[-1]] - 1)
        count = math.prod(sizes[:-1]) * params["n"]
        sizes[-1] = params["n"] // 2 + 1
    else:
        count = math.prod(sizes)
    refuse.too_short(params.get("n", min(sizes)))
    params["scale"] = factor(norm, count, forward)
    result: Tensor = apply(kind, (resized(x, sizes, along),), params)
    return result


def one_dimensional(name: str, forward: bool, kind: type[Op], what: str) -> Any:
    def function(
        input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None
    ) -> Tensor:
        return transform(name, input, None if n is None else (n,), (dim,), norm, forward, kind)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = documentation(name, what, "along one dimension", """
        n: the length to transform; the input is cut off, or gets zeros at its end. None: as it is.
        dim: the dimension (default: the last).""")  # fmt: skip
    return function


def several(name: str, forward: bool, kind: type[Op], what: str) -> Any:
    usual = (-2, -1) if name.endswith("2") else None

    def function(input: Tensor, s: Any = None, dim: Any = usual, norm: str | None = None) -> Tensor:
        return transform(name, input, s, dim, norm, forward, kind)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = documentation(name, what, "along several dimensions", SEVERAL)
    return function


SEVERAL = """
        s: the lengths to transform, one a dimension; the input is cut off, or gets zeros at its
            end. None: as they are.
        dim: the dimensions (default: the last two, or all)."""


def documentation(name: str, what: str, along: str, sizes: str) -> str:
    return f"""{what} {along}.

    Args:
        input: a tensor of real or complex numbers.{sizes}
        norm: "backward" (None: the same) divides by the number of elements in the inverse
            transform, "forward" in the other, "ortho" both by its root.

    Returns:
        A tensor with gradients.

    Raises:
        RuntimeError: a length below 1, complex numbers where real ones are needed.

    Source: NumPy's ``fft``; PyTorch's documentation of ``torch.fft.{name}``.
    """


fft, fft2, fftn, ifft, ifft2, ifftn, rfft, rfft2, rfftn, irfft, irfft2, irfftn = [
    make_it(name + end, forward, kind, what)
    for name, forward, kind, what in (
        ("fft", True, FftC2C, "The Fourier transform"),
        ("ifft", False, FftC2C, "The inverse of the Fourier transform"),
        ("rfft", True, FftR2C, "The first half of the Fourier transform of real numbers,"),
        ("irfft", False, FftC2R, "The inverse of ``rfft``"),
    )
    for make_it, end in ((one_dimensional, ""), (several, "2"), (several, "n"))
]
hfft, hfft2, hfftn, ihfft, ihfft2, ihfftn = [
    make_it(name + end, forward, kind, what)
    for name, forward, kind, what in (
        ("hfft", True, FftC2R, "The real Fourier transform of a half-given Hermitian signal,"),
        ("ihfft", False, FftR2C, "The inverse of ``hfft``"),
    )
    for make_it, end in ((one_dimensional, ""), (several, "2"), (several, "n"))
]


def fftfreq(n: int, d: float = 1.0, *, dtype: Any = None) -> Tensor:
    """The frequencies that belong to the results of ``fft``, for samples ``d`` apart.

    >>> import minigrad as mg
    >>> mg.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    d_np = dtypes.default_np() if dtype is None else dtypes.to_numpy(dtype)
    return make(np.fft.fftfreq(n, d).astype(d_np))


def rfftfreq(n: int, d: float = 1.0, *, dtype: Any = None) -> Tensor:
    """The frequencies that belong to the results of ``rfft``, for samples ``d`` apart.

    >>> import minigrad as mg
    >>> mg.fft.rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """
    d_np = dtypes.default_np() if dtype is None else dtypes.to_numpy(dtype)
    return make(np.fft.rfftfreq(n, d).astype(d_np))


def shift(input: Tensor, dim: Any, by: Any) -> Tensor:
    along = range(input.ndim) if dim is None else (
        [one_dim(d, input.ndim) for d in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    )
    return roll(input, tuple(by(input.shape[d]) for d in along), tuple(along))


def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The results of ``fft`` with the frequency 0 in the middle.

    >>> import minigrad as mg
    >>> mg.fft.fftshift(mg.tensor([0, 1, 2, -2, -1]))
    tensor([-2, -1,  0,  1,  2])
    """
    return shift(input, dim, lambda n: n // 2)


def ifftshift(input: Tensor, dim: Any = None) -> Tensor:
    """What undoes ``fftshift``.

    >>> import minigrad as mg
    >>> mg.fft.ifftshift(mg.tensor([-2, -1, 0, 1, 2]))
    tensor([ 0,  1,  2, -2, -1])
    """
    return shift(input, dim, lambda n: (n + 1) // 2)
