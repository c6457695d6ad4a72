"""What the arguments of ``Module.to`` mean."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..faithful.device import Device, only_cpu
from ..faithful.dtypes import dtype

KEYWORDS = {"device", "dtype", "non_blocking", "copy", "memory_format", "tensor"}


def wanted_dtype(args: Any, kwargs: Any) -> Any:
    """The dtype that ``Module.to`` was asked for, or None; TypeError for other arguments.

    ``to(device, dtype)``, ``to(dtype)`` or ``to(tensor)``; after each may stand whether to wait and
    whether to copy, which changes nothing here.
    """
    rest = list(args)
    device, wanted = kwargs.get("device"), kwargs.get("dtype")
    fits = not set(kwargs) - KEYWORDS
    if "tensor" in kwargs:
        rest.insert(0, kwargs["tensor"])
    if rest and isinstance(rest[0], Tensor):
        wanted = rest.pop(0).dtype
    elif rest and isinstance(rest[0], (dtype, bool)):  # Python's bool is a dtype: refused later
        wanted = rest.pop(0)
    elif rest:
        device = rest.pop(0)
        fits = fits and isinstance(device, (str, int, Device, type(None)))
        if rest:
            wanted = rest.pop(0)
            fits = fits and isinstance(wanted, (dtype, type(None)))
    if not fits or len(rest) > 2 or any(not isinstance(flag, bool) for flag in rest):
        given = [type(arg).__name__ for arg in args]
        given += [f"{name}={type(arg).__name__}" for name, arg in kwargs.items()]
        raise TypeError(
            f"to() received an invalid combination of arguments - got ({', '.join(given)}): give a "
            "dtype, a device, both in the order (device, dtype), or a tensor"
        )
    if device is not None:
        only_cpu(device)
    return wanted
