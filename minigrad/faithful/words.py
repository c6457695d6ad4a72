"""PyTorch's words about dtypes, where they are needed before there are operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes


def check_differentiable(d: np.dtype[Any], which: str = "Only Tensors of floating point and "
                         "complex dtype") -> None:  # fmt: skip
    """Refuse ``requires_grad=True`` where no derivative exists. which: PyTorch's opening words."""
    if d.kind not in "fc":
        raise RuntimeError(
            f"{which} can require gradients: this one is "
            f"{dtypes.FROM_NUMPY[d]}, and whole numbers cannot change by a little; use 1.0 instead "
            "of 1, or convert with .float()"
        )
