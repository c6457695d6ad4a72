"""Scores that are no real numbers."""

from __future__ import annotations

from typing import Any, NoReturn

from ...faithful.dtype_names import kind_name
from ...faithful.package_name import package


def softmax(name: str, x: Any, d: int) -> NoReturn:
    kernel = "lastdim_kernel_impl" if d == max(x.ndim - 1, 0) else "kernel_impl"
    raise NotImplementedError(
        f'"{name}_{kernel}" not implemented for \'{kind_name(x)}\': probabilities '
        f"are no whole numbers; convert with .float(), or say dtype={package()}.float32"
    )
