"""Files of tensors and models: ``save`` and ``load``, which never run code from a file."""

from .saving import load, save
