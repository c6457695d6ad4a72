"""Tools around training: ``utils.checkpoint``."""

from . import checkpoint as checkpoint
