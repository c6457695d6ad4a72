"""``mg.amp``: mixed precision. minigrad computes in the dtype that its tensors have."""

from ...faithful.public_names import name_publicly as _name_publicly
from .autocast_mode import autocast, is_autocast_available
from .grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast", "is_autocast_available"]

_name_publicly(globals())
