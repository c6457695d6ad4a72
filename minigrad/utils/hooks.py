"""``utils.hooks``: what the ``register_..._hook`` methods return."""

from ..core.hooks import RemovableHandle
from ..faithful.public_names import name_publicly as _name_publicly

__all__ = ["RemovableHandle"]

_name_publicly(globals())
