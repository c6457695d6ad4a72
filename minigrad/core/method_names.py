"""What type checkers are told of the methods that are hung onto Tensor from above. Nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


class MethodNames:
    __slots__ = ()

    if TYPE_CHECKING:

        def __new__(cls, *data: Any, device: Any = None) -> Any: ...
        def __getattr__(self, name: str) -> Any: ...
        def _two(self, other: Any) -> Any: ...
        def _one(self) -> Any: ...
        def _whole(self) -> int: ...

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _two
        __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = __pow__ = __rpow__ = _two
        __matmul__ = __and__ = __or__ = __xor__ = __lt__ = __le__ = __gt__ = __ge__ = _two
        __getitem__ = _two
        __neg__ = __abs__ = __invert__ = __iter__ = _one
        __len__ = __int__ = __index__ = _whole

        def __float__(self) -> float: ...
        def __setitem__(self, index: Any, value: Any) -> None: ...
