"""Operations on two tensors element by element: numbers join in, and shapes are broadcast.

``x * 2.0`` makes a tensor of the number; ``x * y`` gives both one dtype. After that NumPy
broadcasts, and in the backward pass ``xp.fit`` sums a gradient back to its input's shape. What
``fast_elementwise.py`` does for two tensors of one dtype is what :func:`plain_binary` does.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from .constants import number
from .fast_elementwise import fast_binary
from .node import NO_PARAMS
from .op import Op, apply
from .slots import slots
from .tensor import Tensor, make

OPERANDS = (Tensor, bool, int, float, complex, np.generic)


class Elementwise(Op):
    """Each number of the result depends on those in the same place of the inputs only."""

    layout = "elementwise"


class Elementwise2(Elementwise):
    """Two inputs that broadcast against each other."""

    broadcasts = True
    kinds: ClassVar[str] = "iufc"  # NumPy kinds whose numbers need no conversion first
    refuse: ClassVar[Any] = None  # raises for operands that have no such operation
    complex_twin: ClassVar[Any] = None  # the operation to use for complex numbers, if another
    run_fast: ClassVar[Any] = None  # the operation on two tensors, or a tensor and a number

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.ufunc is None and "forward" in cls.__dict__:
            cls.ufunc = cls.forward
        super().__init_subclass__(**kwargs)
        cls.run_fast = staticmethod(fast_binary(cls, plain_binary))

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        """The dtype to compute in, given the promoted dtype of the inputs."""
        return d


def binary(op: Any, a: Any, b: Any) -> Tensor:
    """Run an elementwise operation on two tensors, or a tensor and a number."""
    result: Tensor = op.run_fast(a, b)
    return result


def plain_binary(op: Any, a: Any, b: Any) -> Any:
    """``binary``, step by step: one dtype for both, the forward on arrays, the record."""
    for v in (a, b):
        if not isinstance(v, OPERANDS):
            return NotImplemented
    x = a._data if isinstance(a, Tensor) else a
    y = b._data if isinstance(b, Tensor) else b
    if op.refuse is not None:
        op.refuse(x, y)
    d = op.result_dtype(slots.result_dtype((x, y)))
    if d.kind == "c" and op.complex_twin is not None:
        op = op.complex_twin
    x = x.astype(d, copy=False) if isinstance(a, Tensor) else number(x, d)
    y = y.astype(d, copy=False) if isinstance(b, Tensor) else number(y, d)
    a = a if isinstance(a, Tensor) else make(x)
    b = b if isinstance(b, Tensor) else make(y)
    try:
        return apply(op, (a, b), NO_PARAMS, [x, y])
    except ValueError:
        raise slots.words.broadcast_error(x, y) from None
