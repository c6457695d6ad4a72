"""``mg.signal``: PyTorch's ``torch.signal``, which has the windows in ``signal.windows``."""

from . import signal_windows as windows

__all__ = ["windows"]
