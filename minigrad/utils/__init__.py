"""Tools around training, under PyTorch's names: ``utils.data`` and ``utils.checkpoint``."""

from . import checkpoint as checkpoint
from . import data as data
