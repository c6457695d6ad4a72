"""``mg.mps``: the answers of a PyTorch without Apple's GPU, for programs that ask."""

from typing import NoReturn

from ..faithful.public_names import name_publicly as _name_publicly


def is_available() -> bool:
    return False


def device_count() -> int:
    return 0


def _refuse() -> NoReturn:
    raise RuntimeError(
        "Cannot execute mps: there is no MPS backend; minigrad runs on the CPU only; ask "
        "backends.mps.is_available()"
    )


synchronize = empty_cache = current_allocated_memory = driver_allocated_memory = _refuse

_name_publicly(globals())
