"""Tools around training, under PyTorch's names: ``utils.data``, ``utils.checkpoint``."""

from . import checkpoint as checkpoint
from . import data as data
from . import hooks as hooks
