"""``utils.hooks``: what the ``register_..._hook`` methods return."""

from ..core.hooks import RemovableHandle

__all__ = ["RemovableHandle"]
