"""``utils.hooks``: what the ``register_..._hook`` methods return."""

from ..faithful.public_names import name_publicly as _name_publicly
from ..faithful.removable_handle import RemovableHandle

__all__ = ["RemovableHandle"]

_name_publicly(globals())
