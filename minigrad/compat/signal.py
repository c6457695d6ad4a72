"""``mg.signal``: PyTorch's ``torch.signal``, which has the windows in ``signal.windows``."""

from ..ops.making import signal_windows as windows

__all__ = ["windows"]
__path__: list[str] = []  # as of a package, for ``import torch.signal.windows``
