"""``mg.cuda``: the answers of a PyTorch without a GPU, for programs that ask.

>>> import minigrad as mg
>>> device = "cuda" if mg.cuda.is_available() else "cpu"
>>> device
'cpu'
"""

from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly


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


def device_count() -> int:
    return 0


def manual_seed(seed: int) -> None:
    """Nothing to seed; as in PyTorch no error, so that programs can always call it."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed."""


def empty_cache() -> None:
    """Nothing to free."""


def _refuse(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError(
        "Torch not compiled with CUDA enabled: minigrad runs on the CPU only; ask is_available()"
    )


current_device = get_device_name = get_device_properties = synchronize = memory_summary = _refuse

_name_publicly(globals())
