"""``mg.cuda``: the answers of a PyTorch without a GPU, for programs that ask.

>>> import minigrad as mg
>>> device = "cuda" if mg.cuda.is_available() else "cpu"
>>> device
'cpu'
"""

from contextlib import nullcontext
from typing import Any, NoReturn

from ...faithful.public_names import name_publicly as _name_publicly
from . import amp as amp

_NO_GPU = "Torch not compiled with CUDA enabled: minigrad runs on the CPU only; ask is_available()"


def is_available() -> bool:
    """Whether there is a GPU: never, minigrad computes on the CPU.

    Returns:
        False.

    >>> import minigrad as mg
    >>> mg.device("cuda" if mg.cuda.is_available() else "cpu")
    device(type='cpu')

    Source: PyTorch's ``cuda.is_available``.
    """
    return False


def is_initialized() -> bool:
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    return False


def device_count() -> int:
    return 0


def get_arch_list() -> list[str]:
    return []


def manual_seed(seed: int) -> None:
    """Nothing to seed; as in PyTorch no error, so that programs can always call it."""


manual_seed_all = manual_seed


def get_rng_state_all() -> list[Any]:
    return []


def set_rng_state_all(new_states: Any) -> None:
    """Nothing to set; what ``get_rng_state_all`` gave is the empty list."""


def empty_cache() -> None:
    """Nothing to free."""


def memory_allocated(device: Any = None) -> int:
    """Bytes of a GPU that are in use: 0."""
    return 0


memory_reserved = memory_cached = memory_allocated
max_memory_allocated = max_memory_reserved = max_memory_cached = memory_allocated


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise AssertionError(_NO_GPU)


current_device = get_device_name = get_device_properties = synchronize = memory_summary = _refuse
get_device_capability = mem_get_info = set_device = current_stream = default_stream = _refuse
init = initial_seed = get_rng_state = set_rng_state = reset_peak_memory_stats = _refuse


def stream(stream: Any) -> nullcontext[None]:
    """A ``with`` block in which a GPU works in an order of its own: without effect."""
    return nullcontext()


def Stream(*args: Any, **named: Any) -> NoReturn:
    """An order of work on a GPU, of which there is none: RuntimeError."""
    raise RuntimeError(f"torch.cuda.Stream requires CUDA support: {_NO_GPU}")


def Event(*args: Any, **named: Any) -> NoReturn:
    """A mark in a ``Stream``: RuntimeError; ``time.perf_counter()`` measures time."""
    raise RuntimeError(f"Tried to instantiate dummy base class Event: {_NO_GPU}")


class _GpuTensor:
    """A tensor on a GPU, of which there is none: TypeError."""

    def __init__(self, *args: Any, **named: Any) -> None:
        raise TypeError(f"type torch.cuda.FloatTensor and its like not available. {_NO_GPU}")


FloatTensor = DoubleTensor = HalfTensor = LongTensor = IntTensor = ByteTensor = _GpuTensor
ShortTensor = CharTensor = BoolTensor = _GpuTensor


class OutOfMemoryError(RuntimeError):
    """Never raised: the CPU's memory ends with Python's MemoryError."""


_name_publicly(globals())
