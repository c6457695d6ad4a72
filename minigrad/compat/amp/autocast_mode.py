"""The block in which PyTorch computes products with fewer bits (``amp.autocast``)."""

from __future__ import annotations

import warnings
from contextlib import ContextDecorator
from typing import Any

from ...faithful import dtypes
from ...faithful.device import Device


class autocast(ContextDecorator):
    """A block, or a function, in which products would be computed with fewer bits.

    minigrad computes in the dtype that its tensors have. So this is without effect where it is in
    a PyTorch without a GPU: for ``"cuda"``, which is switched off with a warning, and with
    ``enabled=False``. Switched on for the CPU it would give other numbers than PyTorch's, and is
    refused.

    Args:
        device_type: 'cpu', 'cuda' ...
        dtype: what PyTorch would compute in.
        enabled: False: a block without effect.
        cache_enabled: without effect.

    Raises:
        NotImplementedError: for the CPU, switched on.
        ValueError: device_type is no text.
        RuntimeError: there is no device of that name.

    >>> import minigrad as mg
    >>> with mg.autocast("cpu", enabled=False):
    ...     y = mg.ones(2, 2) @ mg.ones(2, 2)
    >>> y.dtype
    torch.float32

    Source: PyTorch's ``amp.autocast``.
    """

    def __init__(
        self, device_type: str, dtype: Any = None, enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:  # fmt: skip
        if not isinstance(device_type, str):
            raise ValueError(
                f"Expected `device_type` of type `str`, got: `{type(device_type)}`: write "
                "device.type"
            )
        on_cpu = Device(device_type).type == "cpu"
        self.device, self.fast_dtype = device_type, dtype
        if enabled and not on_cpu:
            warnings.warn(
                f"User provided device_type of '{device_type}', but it is not available. "
                "Disabling autocast.",
                stacklevel=2,
            )
        elif enabled and dtype not in (None, dtypes.float16, getattr(dtypes, "bfloat16", None)):
            warnings.warn(
                "In CPU autocast, but the target dtype is not supported. Disabling autocast.\n"
                "CPU Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.",
                stacklevel=2,
            )
        elif enabled:
            raise NotImplementedError(
                "autocast: minigrad computes in the dtype of its tensors; write enabled=False, or "
                "convert model and inputs with .to(dtype)"
            )

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


def is_autocast_available(device_type: str) -> bool:
    """False: minigrad computes in the dtype that its tensors have."""
    return False


def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """False: minigrad computes in the dtype that its tensors have."""
    return False
