"""Utilities under PyTorch's name ``torch.utils``: here, :mod:`minigrad.utils.data`."""

from . import data

__all__ = ["data"]
