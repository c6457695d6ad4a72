"""``mg.multiprocessing``: Python's, without what would need tensors shared between processes.

In PyTorch a tensor that is given to another process is the same memory there. Here it would be a
copy, and what the process learns would be lost without a word, so starting one is refused.
"""

from multiprocessing import active_children as active_children
from multiprocessing import cpu_count as cpu_count
from multiprocessing import current_process as current_process
from multiprocessing import freeze_support as freeze_support
from multiprocessing import get_start_method as get_start_method
from multiprocessing import set_start_method as set_start_method

from ..faithful.public_names import name_publicly as _name_publicly
from .absent import Absent

_REFUSED = """
    Array Barrier Event JoinableQueue Lock Manager Pipe Pool Process Queue RLock Semaphore
    SimpleQueue SpawnContext Value get_context spawn start_processes
""".split()


def get_all_sharing_strategies() -> set[str]:
    return {"file_system"}


def get_sharing_strategy() -> str:
    return "file_system"


def set_sharing_strategy(new_strategy: str) -> None:
    """Without effect: nothing is shared."""


def __getattr__(name: str) -> Absent:
    if name not in _REFUSED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return Absent(
        f"torch.multiprocessing.{name}",
        "tensors are not shared between processes; use Python's multiprocessing and send copies",
    )


_name_publicly(globals())
