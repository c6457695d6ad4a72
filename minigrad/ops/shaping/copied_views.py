"""``permute_copy`` and its like: what a view shows, in memory of its own."""

from __future__ import annotations

import functools
from typing import Any

from ...core.tensor import Tensor
from ..elementwise.arithmetic import clone
from ..options import takes_out

NAMES = """
    as_strided_copy diagonal_copy expand_copy permute_copy split_with_sizes_copy squeeze_copy t_copy
    transpose_copy unbind_copy unfold_copy unsqueeze_copy
""".split()


def copied(view: Any) -> Any:
    """The function that copies what ``view`` shows."""

    @takes_out
    @functools.wraps(view)
    def function(*args: Any, **kwargs: Any) -> Any:
        shown = view(*args, **kwargs)
        return clone(shown) if isinstance(shown, Tensor) else tuple(map(clone, shown))

    return function
