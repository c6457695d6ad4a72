"""``mg.accelerator``: there is none, for programs that ask."""

from ..faithful.public_names import name_publicly as _name_publicly


def is_available() -> bool:
    """False: minigrad computes on the CPU."""
    return False


def device_count() -> int:
    return 0


def current_accelerator(check_available: bool = False) -> None:
    """None: there is no accelerator."""


_name_publicly(globals())
