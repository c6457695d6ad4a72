"""PyTorch's words about dtypes, where they are needed before there are operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes


def c_name(t: Any) -> str:
    """PyTorch's C++ name of the dtype, as in some of its messages."""
    names = {"float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long",
             "complex64": "c10::complex<float>", "complex128": "c10::complex<double>"}  # fmt: skip
    return names.get(t._data.dtype.name, t._data.dtype.name)


def check_differentiable(d: np.dtype[Any], which: str = "Only Tensors of floating point and "
                         "complex dtype") -> None:  # fmt: skip
    """Refuse ``requires_grad=True`` where no derivative exists. which: PyTorch's opening words."""
    if d.kind not in "fc":
        raise RuntimeError(
            f"{which} can require gradients: this one is "
            f"{dtypes.FROM_NUMPY[d]}, and whole numbers cannot change by a little; use 1.0 instead "
            "of 1, or convert with .float()"
        )


