"""Dtypes under PyTorch's names, and PyTorch's rules for mixing them.

NumPy arrays hold the numbers, so a ``dtype`` here is a name (``torch.float32``) with the NumPy
dtype behind it. Mixing follows PyTorch, not NumPy: an integer tensor times a float tensor takes
the float tensor's dtype, and a Python number never widens a tensor of its own category.

Source of the rules: PyTorch's "Tensor Attributes" page (type promotion).
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from .dtype_names import CPP_NAMES
from .package_name import package


class dtype:
    """The type of a tensor's elements, for example ``mg.float32``.

    Use the constants; there are no others: bool, uint8 to uint64, int8 to int64, float16, float32,
    float64, complex64, complex128.

    Args:
        name: as it is printed, after ``torch.``.
        np_dtype: NumPy's dtype of the same elements.
        category: 0 bool, 1 integer, 2 floating point, 3 complex: who wins in a mixture.

    >>> import minigrad as mg
    >>> mg.float32, mg.float32.is_floating_point, mg.int64.itemsize
    (torch.float32, True, 8)

    Source: PyTorch's "Tensor Attributes" page; NumPy's dtypes.
    """

    __slots__ = ("name", "np", "category", "itemsize")

    def __init__(self, name: str, np_dtype: Any, category: int) -> None:
        self.name = name
        self.np = np.dtype(np_dtype)
        self.category = category  # 0 bool, 1 integer, 2 floating point, 3 complex
        self.itemsize = self.np.itemsize

    @property
    def is_floating_point(self) -> bool:
        return self.category == 2

    @property
    def is_complex(self) -> bool:
        return self.category == 3

    @property
    def is_signed(self) -> bool:
        return self.np.kind in "ifc"

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickle by name: a dtype is one of minigrad's constants


bool_ = dtype("bool", np.bool_, 0)
uint8 = dtype("uint8", np.uint8, 1)
int8 = dtype("int8", np.int8, 1)
int16 = dtype("int16", np.int16, 1)
int32 = dtype("int32", np.int32, 1)
int64 = dtype("int64", np.int64, 1)
uint16 = dtype("uint16", np.uint16, 1)
uint32 = dtype("uint32", np.uint32, 1)
uint64 = dtype("uint64", np.uint64, 1)
float16 = dtype("float16", np.float16, 2)
float32 = dtype("float32", np.float32, 2)
float64 = dtype("float64", np.float64, 2)
complex64 = dtype("complex64", np.complex64, 3)
complex128 = dtype("complex128", np.complex128, 3)


class finfo:
    """The limits of a floating-point dtype.

    >>> import minigrad as mg
    >>> mg.finfo(mg.float32).eps
    1.1920928955078125e-07
    >>> mg.finfo(mg.float16)
    finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, smallest_normal=6.10352e-05, \
tiny=6.10352e-05, dtype=float16)
    """

    def __init__(self, type: dtype | None = None) -> None:
        given = get_default_dtype() if type is None else type
        if not isinstance(given, dtype):
            raise TypeError(
                "finfo(): argument 'type' (position 1) must be torch.dtype, not "
                f"{given.__class__.__name__}: give one, such as {package()}.float32"
            )
        if given.category < 2:
            raise TypeError(
                f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle "
                f"'{given!r}'"
            )
        limits = np.finfo(given.np)
        self.bits = limits.bits
        self.eps, self.max, self.min = float(limits.eps), float(limits.max), float(limits.min)
        self.tiny = self.smallest_normal = float(limits.tiny)
        self.resolution = 10.0**-limits.precision
        self.dtype = np.dtype(limits.dtype).name

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:.6g}, min={self.min:.6g}, max={self.max:.6g}, "
            f"eps={self.eps:.6g}, smallest_normal={self.tiny:.6g}, tiny={self.tiny:.6g}, "
            f"dtype={self.dtype})"
        )


class iinfo:
    """The limits of an integer dtype.

    >>> import minigrad as mg
    >>> mg.iinfo(mg.int8)
    iinfo(min=-128, max=127, dtype=int8)
    """

    def __init__(self, type: dtype) -> None:
        if not isinstance(type, dtype) or type.category != 1:
            raise TypeError(
                "torch.iinfo() requires an integer input type. Use torch.finfo to handle "
                f"'{type!r}'"
            )
        limits = np.iinfo(type.np)
        self.bits, self.min, self.max = limits.bits, int(limits.min), int(limits.max)
        self.dtype = type.name

    def __repr__(self) -> str:
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"


ALL = (
    bool_, uint8, int8, int16, int32, int64, uint16, uint32, uint64,
    float16, float32, float64, complex64, complex128,
)  # fmt: skip
FROM_NUMPY = {d.np: d for d in ALL}
_WIDEST = {"b": np.bool_, "i": np.int64, "u": np.int64, "f": np.float64, "c": np.complex64}
_CATEGORY_OF_KIND = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}
_NAMES = {d.name: d for d in ALL}
_NAMES |= {"float": float32, "double": float64, "half": float16, "int": int32, "long": int64}
_NAMES |= {"short": int16, "cfloat": complex64, "cdouble": complex128}
_PYTHON = {bool: bool_, int: int64, float: float32, complex: complex64}


class _Default(threading.local):
    np = np.dtype(np.float32)


_default = _Default()


def set_default_dtype(d: dtype) -> None:
    """Choose the dtype that Python floats become (float32 unless told otherwise), in this thread.

    Raises TypeError unless ``d`` is a floating-point dtype.
    """
    if not isinstance(d, dtype) or not d.is_floating_point:
        what = "" if isinstance(d, dtype) else "invalid dtype object: "
        raise TypeError(
            f"{what}only floating-point types are supported as the default type: "
            f"got {d!r}; pass {package()}.float32 or {package()}.float64"
        )
    _default.np = d.np


def get_default_dtype() -> dtype:
    """The dtype that Python floats become.

    >>> import minigrad as mg
    >>> mg.get_default_dtype()
    torch.float32
    """
    return FROM_NUMPY[_default.np]


def default_np() -> np.dtype[Any]:
    """NumPy's dtype behind :func:`get_default_dtype`."""
    return _default.np


def to_numpy(d: Any) -> np.dtype[Any]:
    """The NumPy dtype that ``d`` (a dtype, a Python type, or itself a NumPy dtype) stands for.

    Raises TypeError for anything that PyTorch has no dtype for.
    """
    if isinstance(d, dtype):
        return d.np
    if type(d) is type and d in _PYTHON:
        return {float: float64, complex: complex128}.get(d, _PYTHON[d]).np  # as wide as Python's
    if isinstance(d, np.dtype) and d in FROM_NUMPY:
        return d
    raise TypeError(
        f"dtype must be a torch.dtype, got {d!r}: write {package()}.float32 and so on; minigrad "
        "has "
        + ", ".join(sorted(t.name for t in ALL))
    )


def room(value: Any, d: np.dtype[Any], name: str = "") -> Any:
    """A Python number, if the dtype has room for it; as PyTorch, RuntimeError if not.

    An unsigned dtype takes -1 too, as its largest number; a fraction loses what is after the point.
    name: what the message calls the dtype, if not by its name in C++.
    """
    kind = type(value)
    if kind is bool or d.kind in "bc" or (d.kind == "f" and kind in (int, float) and (
        -60000 < value < 60000
    )):  # fmt: skip
        return value
    if kind is int and not -(2**63) <= value < 2**64:
        raise OverflowError(f"int too big to convert: {value} has no place in 64 bits")
    if isinstance(value, (complex, np.complexfloating)):
        fits = not value.imag
        value = value.real
    elif d.kind == "f":
        fits = value != value or abs(value) in (0, np.inf) or abs(value) <= np.finfo(d).max
    else:
        top, low = np.iinfo(d).max, np.iinfo(d).min
        fits = -np.inf < value < np.inf and (low or -top) <= value <= top
        value = int(value) if fits else value
        if low == 0 and fits and value < 0:
            value += top + 1
    if not fits:
        written = d.kind == "f" or d.name == "int32"  # the others by their typedefs
        name = name or (CPP_NAMES[d.name] if written else f"{d.name}_t")
        raise RuntimeError(
            f"value cannot be converted to type {name} without overflow: {value} is outside what "
            f"{d.name} holds"
        )
    return value


def category(d: np.dtype[Any]) -> int:
    """0 for bool, 1 for integers, 2 for floating point, 3 for complex."""
    return _CATEGORY_OF_KIND[d.kind]


def promote(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    """``torch.promote_types`` on NumPy dtypes: the higher category wins, then the wider type."""
    if a == b:
        return a
    if category(a) == category(b) or max(category(a), category(b)) == 3:
        if {category(a), category(b)} <= {2, 3} or category(a) == category(b):
            return np.promote_types(a, b)
    return a if category(a) > category(b) else b


def promote_types(a: dtype, b: dtype) -> dtype:
    """The smallest dtype that holds both by PyTorch's rules.

    >>> import minigrad as mg
    >>> mg.promote_types(mg.int64, mg.float32)
    torch.float32
    """
    return FROM_NUMPY[promote(a.np, b.np)]


def python_np(x: Any) -> np.dtype[Any]:
    """The NumPy dtype of a Python number. TypeError for what is none."""
    for kind in (bool, int, float, complex):
        if isinstance(x, kind):
            return _PYTHON[kind].np
    raise TypeError(f"expected a Tensor or a number, but got {type(x).__name__}")


def result_np(operands: Any) -> np.dtype[Any]:
    """The dtype that mixing ``operands`` (arrays and Python numbers) gives.

    Arrays with dimensions come first, then 0-d arrays, then single numbers, Python's or NumPy's: a
    later group changes the result only if its category is higher.
    """
    groups: list[np.dtype[Any] | None] = [None, None, None]
    for x in operands:
        if isinstance(x, np.ndarray) or hasattr(x, "carrying"):
            i, d = (0 if x.ndim else 1), x.dtype
        else:
            i = 2
            single = isinstance(x, np.generic)
            kind = np.dtype(_WIDEST[x.dtype.kind]) if single else python_np(x)
            d = default_np() if kind.kind == "f" else kind
            if kind.kind == "c" and default_np() == np.float64:
                d = np.dtype(np.complex128)
        current = groups[i]
        groups[i] = d if current is None else promote(current, d)
    result = None
    for d in groups:
        if d is None:
            continue
        if result is None:
            result = d
        elif category(d) > category(result):
            result = promote(result, d) if category(d) == 3 and category(result) == 2 else d
            if category(d) == 3 and category(groups[0] or d) == 2:
                # A complex number with a float tensor keeps the tensor's precision.
                wide = (groups[0] or d) == np.float64
                result = np.dtype(np.complex128 if wide else np.complex64)
    assert result is not None, "result_np needs at least one operand"
    return result
