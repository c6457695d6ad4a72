"""Settings without effect on one CPU, for programs that set them: threads, device, precision."""

from __future__ import annotations

import builtins
from typing import Any

from ..faithful.device import cpu, only_cpu

__all__ = [
    "are_deterministic_algorithms_enabled", "get_default_device", "get_num_threads",
    "set_default_device", "set_float32_matmul_precision", "set_num_threads",
    "use_deterministic_algorithms",
]  # fmt: skip


def get_num_threads() -> int:
    """The number of threads that this package itself starts: 1 (NumPy's BLAS has its own)."""
    return 1


def set_num_threads(int: int) -> None:  # PyTorch's name for the argument
    """Accepted and without effect: NumPy's BLAS takes its number from the environment."""
    if not isinstance(int, builtins.int) or int <= 0:
        raise RuntimeError(f"set_num_threads expects a positive integer, but got {int!r}")


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Accepted and without effect: every operation here gives the same numbers every time."""


def are_deterministic_algorithms_enabled() -> bool:
    return True


def get_default_device() -> Any:
    """The device of new tensors: always the CPU."""
    return cpu


def set_default_device(device: Any) -> None:
    """Accepts the CPU; raises AssertionError for anything else."""
    if device is not None:
        only_cpu(device)


def set_float32_matmul_precision(precision: str) -> None:
    """Accepted and without effect: matrix products are exact float32."""
