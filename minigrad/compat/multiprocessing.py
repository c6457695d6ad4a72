"""``mg.multiprocessing``: Python's, without what would need tensors shared between processes.

In PyTorch a tensor that is given to another process is the same memory there. Here it would be a
copy, and what the process learns would be lost without a word, so starting one is refused.
"""

from multiprocessing import (
    active_children,
    cpu_count,
    current_process,
    freeze_support,
    get_all_start_methods,
    get_start_method,
    set_start_method,
)

from ..faithful.public_names import name_publicly as _name_publicly
from .absent import Absent

__all__ = [
    "active_children", "cpu_count", "current_process", "freeze_support",
    "get_all_sharing_strategies", "get_all_start_methods", "get_sharing_strategy",
    "get_start_method", "set_sharing_strategy", "set_start_method",
]  # fmt: skip


def get_all_sharing_strategies() -> set[str]:
    return {"file_system"}


def get_sharing_strategy() -> str:
    return "file_system"


def set_sharing_strategy(new_strategy: str) -> None:
    """Without effect: nothing is shared."""


def __getattr__(name: str) -> Absent:
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return Absent(
        f"torch.multiprocessing.{name}",
        "tensors are not shared between processes; use Python's multiprocessing and send copies",
    )


_name_publicly(globals())
