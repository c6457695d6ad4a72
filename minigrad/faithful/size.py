"""A shape, which is what a tensor answers with when asked for its size."""

from __future__ import annotations

from typing import Any


class Size(tuple[int, ...]):
    """A shape: a tuple that prints as PyTorch's ``torch.Size([2, 3])``."""

    __slots__ = ()

    def __new__(cls, lengths: Any = ()) -> Size:
        lengths = tuple(lengths)
        for i, n in enumerate(lengths):
            if type(n) is not int:
                fits = hasattr(n, "__index__") and getattr(n, "ndim", 0) == 0
                if not fits or getattr(getattr(n, "dtype", None), "is_floating_point", False):
                    raise TypeError(
                        f"torch.Size() takes an iterable of 'int' (item {i} is "
                        f"'{type(n).__name__}')"
                    )
                lengths = (*lengths[:i], n.__index__(), *lengths[i + 1 :])
        return tuple.__new__(cls, lengths)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __add__(self, other: Any) -> Any:
        """Longer shapes are shapes too, and so are parts of one."""
        if not isinstance(other, tuple):
            raise TypeError(
                f"can only concatenate tuple (not {type(other).__name__}) to torch.Size"
            )
        return Size(tuple(self) + tuple(other))

    def __radd__(self, other: Any) -> Any:
        return Size(other).__add__(self) if isinstance(other, tuple) else NotImplemented

    def __mul__(self, times: Any) -> Any:
        return Size(tuple(self) * times) if hasattr(times, "__index__") else NotImplemented

    __rmul__ = __mul__

    def __getitem__(self, i: Any) -> Any:
        part = tuple.__getitem__(self, i)
        return Size(part) if isinstance(i, slice) else part

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        n = 1
        for d in self:
            n *= d
        return n
