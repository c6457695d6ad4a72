"""``mg.cpu``: questions about the one device there is."""

from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly
from . import amp as amp

__path__: list[str] = []  # so that ``import minigrad.cpu.amp`` looks inside


def is_available() -> bool:
    return True


def device_count() -> int:
    return 1


def current_device() -> str:
    return "cpu"


def set_device(device: Any) -> None:
    """Nothing to choose."""


def synchronize(device: Any = None) -> None:
    """Nothing to wait for: minigrad computes at once."""


_name_publicly(globals())
