r"""Orthogonal polynomials: each of degree ``n`` follows from the two before it.

Abramowitz and Stegun (1964), table 22.7. As in PyTorch they have no gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op
from ...core.tensor import Tensor
from ..operands import broadcasting, float_dtype

# By name: the polynomial of degree 1, and from those of degrees k (p) and k - 1 (q) that of k + 1.
FAMILIES: dict[str, tuple[Any, Any]] = {
    "chebyshev_polynomial_t": (lambda x: x, lambda k, x, p, q: 2 * x * p - q),
    "chebyshev_polynomial_u": (lambda x: 2 * x, lambda k, x, p, q: 2 * x * p - q),
    "chebyshev_polynomial_v": (lambda x: 2 * x - 1, lambda k, x, p, q: 2 * x * p - q),
    "chebyshev_polynomial_w": (lambda x: 2 * x + 1, lambda k, x, p, q: 2 * x * p - q),
    "hermite_polynomial_h": (lambda x: 2 * x, lambda k, x, p, q: 2 * (x * p - k * q)),
    "hermite_polynomial_he": (lambda x: x, lambda k, x, p, q: x * p - k * q),
    "laguerre_polynomial_l": (
        lambda x: 1 - x, lambda k, x, p, q: ((2 * k + 1 - x) * p - k * q) / (k + 1)
    ),
    "legendre_polynomial_p": (
        lambda x: x, lambda k, x, p, q: ((2 * k + 1) * x * p - k * q) / (k + 1)
    ),
}  # fmt: skip


class Polynomial(Op):
    formula = r"y = P_n(x)"
    differentiable = False

    def forward(x, n, *, name):
        if name.startswith("shifted_"):
            x, name = 2 * x - 1, name.removeprefix("shifted_")
        first, following = FAMILIES[name]
        degree = np.trunc(n)
        before, p = np.ones_like(x), first(x)
        y = np.where(degree < 0, 0, np.where(degree == 0, before, p))
        for k in range(1, int(degree.max(initial=0))):
            before, p = p, following(k, x, p, before)
            y = np.where(degree == k + 1, p, y)
        return y.astype(x.dtype)


def polynomial(name: str) -> Any:
    def function(input: Any, n: Any) -> Tensor:
        result: Tensor = broadcasting(Polynomial, (input, n), {"name": name}, float_dtype)
        return result

    function.__name__ = function.__qualname__ = name
    kind = name.replace("_polynomial_", " polynomial ").replace("_", " ")
    function.__doc__ = f"The {kind.title().replace('Polynomial', 'polynomial')}, of degree ``n``."
    return function


# In ``special`` by these names; "shifted" ones are of 2 x - 1.
FUNCTIONS = {
    name: polynomial(name)
    for name in [*FAMILIES, *("shifted_" + name for name in FAMILIES if "chebyshev" in name)]
}
