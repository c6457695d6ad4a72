"""What the floors above tell the core, once, when they are imported. (May be skipped at first.)

The core imports nothing from above. Where it needs something that only a floor above knows, there
is a slot here with an answer that is good enough for the core alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class Slots:
    """Filled at import; see each slot for who fills it."""

    @staticmethod
    def result_dtype(operands: Any) -> Any:
        """The dtype that arrays and Python numbers have together (faithful/dtypes.py)."""
        return np.result_type(*operands)

    @staticmethod
    def default_float() -> Any:
        """The dtype of what is computed from integers and is rarely whole (faithful/dtypes.py)."""
        return np.dtype(np.float32)

    @staticmethod
    def type_name(t: Any) -> str:
        """PyTorch's name of a tensor's type, such as ``FloatTensor`` (faithful/size.py)."""
        return f"{t._data.dtype.name} tensor"

    # How a view is cut out of its base again by where it lies in memory (ops/shaping): a function
    # of base and view; None from it, or here, means: by the steps that made the view.
    cut_again: Any = None


slots = Slots()
