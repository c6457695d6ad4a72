"""Tensors of a named dtype: ``FloatTensor``, ``x.new_zeros``; ``Tensor(2, 3)`` as of old."""

from __future__ import annotations

import builtins
from typing import Any

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.device import only_cpu
from ..faithful.package_name import package
from ..func.batch import one_for_each
from ..ops.making import creation
from ..ops.making.subclasses import init
from .conversions import to


def new_maker(function: Any) -> Any:
    def method(self: Tensor, *size: Any, dtype: Any = None, **kwargs: Any) -> Tensor:
        made = function(*size, dtype=self.dtype if dtype is None else dtype, **kwargs)
        if self.extra is None or function is creation.tensor:  # which has numbers of its own
            return made
        return one_for_each(made, self)

    method.__doc__ = f"``{function.__name__}`` in this tensor's dtype."
    return method


def new(self: Tensor, *data: Any) -> Tensor:
    """A tensor of this dtype: ``x.new([1, 2])``, or ``x.new(2, 3)`` to be filled."""
    return legacy(self.dtype, data)


def legacy(dtype: dtypes.dtype, data: tuple[Any, ...]) -> Tensor:
    """What the constructors of old do: sizes give a tensor to be filled, lists its numbers."""
    if not data:
        return creation.zeros(0, dtype=dtype)
    if all(isinstance(n, int) for n in data):
        return creation.zeros(*data, dtype=dtype)
    if isinstance(data[0], Tensor):
        return data[0]
    if isinstance(data[0], tuple) and type(data[0]) is not tuple:  # a Size
        return creation.zeros(*data[0], dtype=dtype)
    if isinstance(data[0], int):
        i, wrong_one = next((i, n) for i, n in enumerate(data) if not isinstance(n, int))
        raise TypeError(
            f"new(): argument 'size' failed to unpack the object at pos {i + 1} with error \"type "
            f"must be tuple of ints,but got {type(wrong_one).__name__}\""
        )
    if isinstance(data[0], str):
        raise TypeError("new(): invalid data type 'str': give sizes, or one list of numbers")
    if len(data) > 1 or not hasattr(data[0], "__len__"):
        name, wrong = type(data[0]).__name__, "data must be a sequence"
        raise TypeError(
            f"new(): {wrong} (got {name}): give the sizes, Tensor(2, 3), or one list of the "
            f"numbers; {package()}.tensor(...) takes single numbers too"
        )
    return creation.tensor(data[0], dtype=dtype)


def new_tensor_of_old(cls: type[Tensor], *data: Any, device: Any = None) -> Tensor:
    """``Tensor(2, 3)`` is a tensor to be filled, ``Tensor([2, 3])`` one of these numbers.

    Always of the default dtype. Prefer :func:`minigrad.tensor` and :func:`minigrad.empty`.
    """
    if device is not None:
        only_cpu(device)
    array = legacy(dtypes.get_default_dtype(), data)._data
    t = object.__new__(cls)
    init(t, array.astype(dtypes.default_np(), copy=False))
    return t


class TypedTensor(type):
    """Makes ``isinstance(x, torch.FloatTensor)`` ask for the dtype."""

    dtype: dtypes.dtype

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, Tensor) and x.dtype == cls.dtype

    def __call__(cls, *data: Any) -> Any:
        return legacy(cls.dtype, data)

    def __repr__(cls) -> str:
        return f"<class 'torch.{cls.__name__}'>"


def typed(name: str, d: dtypes.dtype) -> Any:
    doc = f"A tensor of dtype {d!r}, from numbers or sizes; prefer ``mg.tensor`` and ``mg.empty``."
    return TypedTensor(name, (), {"dtype": d, "__doc__": doc})


FloatTensor = typed("FloatTensor", dtypes.float32)
DoubleTensor = typed("DoubleTensor", dtypes.float64)
HalfTensor = typed("HalfTensor", dtypes.float16)
LongTensor = typed("LongTensor", dtypes.int64)
IntTensor = typed("IntTensor", dtypes.int32)
ShortTensor = typed("ShortTensor", dtypes.int16)
CharTensor = typed("CharTensor", dtypes.int8)
ByteTensor = typed("ByteTensor", dtypes.uint8)
BoolTensor = typed("BoolTensor", dtypes.bool_)
BY_NAME = {t.__name__: t.dtype for t in (
    FloatTensor, DoubleTensor, HalfTensor, LongTensor, IntTensor, ShortTensor, CharTensor,
    ByteTensor, BoolTensor,
)}  # fmt: skip


def type_(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The type's name, or with an argument the tensor in that dtype.

    >>> import minigrad as mg
    >>> mg.tensor([1]).type(), mg.tensor([1]).type(mg.float32)
    ('torch.LongTensor', tensor([1.]))
    """
    if dtype is None:
        return f"torch.{self.type_name()}"
    if isinstance(dtype, TypedTensor):
        dtype = dtype.dtype
    elif isinstance(dtype, str):
        name = dtype.removeprefix("torch.")
        if name not in BY_NAME:
            raise ValueError(f"invalid type: '{dtype}': one of {', '.join(BY_NAME)}")
        dtype = BY_NAME[name]
    elif not isinstance(dtype, (dtypes.dtype, builtins.type)):
        raise TypeError(
            f"dtype must be a type, str, or dtype object, not {builtins.type(dtype).__name__}"
        )
    return to(self, dtype)


def set_default_tensor_type(t: Any) -> None:
    """Choose the default dtype by a type such as ``mg.DoubleTensor`` or its name."""
    if isinstance(t, str):
        t = BY_NAME.get(t.removeprefix("torch."))
    dtypes.set_default_dtype(t.dtype if isinstance(t, TypedTensor) else t)


Tensor.__new__ = new_tensor_of_old
Tensor.type = type_
Tensor.new = new
for _name in ("tensor", "ones", "empty", "full"):
    setattr(Tensor, "new_" + _name, new_maker(getattr(creation, _name)))
Tensor.new_zeros = new_maker(creation.empty)  # which is made of zeros here
