"""Tensors that cannot be made: of such a shape, from such numbers, of such memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.package_name import package


def negative_length(function: str, shape: tuple[int, ...]) -> None:
    for n in shape:
        if n < 0:
            raise RuntimeError(
                f"{function}: Dimension size must be non-negative: a length of {n} was asked for"
                if function == "zeros" else
                f"Trying to create tensor with negative dimension {n}: {list(shape)}. A length is "
                "0 or more."
            )  # fmt: skip


def arange(start: Any, end: Any, step: Any) -> None:
    """A range that does not end, or that leads the other way."""
    if step == 0:
        raise RuntimeError("step must be nonzero: arange would never end")
    if abs(start) == math.inf or abs(end) == math.inf:
        raise RuntimeError(f"unsupported range: {start} -> {end}: it has no end")
    if (end - start) * step < 0:
        raise RuntimeError(
            "upper bound and lower bound inconsistent with step sign: from "
            f"{start} to {end} there is no way in steps of {step}"
        )


def range_(start: float, end: float, step: float) -> None:
    if step == 0:
        raise RuntimeError("step must be nonzero: it would never end")
    if (end - start) * step < 0:
        raise RuntimeError(
            "upper bound and lower bound inconsistent with step sign"
            ": with a step above 0 the end comes after the start"
        )


def endpoints(function: str, start: Any, end: Any) -> None:
    for name, value in (("start", start), ("end", end)):
        if isinstance(value, Tensor) and value.ndim:
            raise RuntimeError(
                f"{function} only supports 0-dimensional start and end tensors, but got {name} "
                f"with {value.ndim} dimension(s)."
            )


def eye(n: int, m: int | None) -> None:
    for name, length in (("n", n), ("m", m)):
        if length is not None and length < 0:
            raise RuntimeError(
                f"{name} must be greater or equal to 0, got {length}: it is a length"
            )


def no_buffer(buffer: Any) -> ValueError:
    return ValueError(f"object does not implement Python buffer protocol: {type(buffer).__name__}")


def frombuffer(length: int, d: Any, count: int, offset: int) -> None:
    """A buffer of ``length`` bytes in which no such numbers stand."""
    if not length or not count:
        raise ValueError(
            f"both buffer length ({length}) and count ({count}) must not be 0: there is nothing "
            "to read"
        )
    if count < 0 and (length - offset) % d.itemsize:
        raise ValueError(
            f"buffer length ({length} bytes) after offset ({offset} bytes) must be a multiple of "
            f"element size ({d.itemsize})"
        )


def backwards() -> NoReturn:
    """An array that walks through its memory backwards."""
    raise ValueError(
        "At least one stride in the given numpy array is negative, and tensors with "
        "negative strides are not currently supported. (You can probably work around this "
        "by making a copy of your array  with array.copy().) array[::-1] walks backwards."
    )


def array_dtype(array: Any) -> NoReturn:
    raise TypeError(
        f"can't convert np.ndarray of type numpy.{array.dtype.type.__name__}. The only "
        "supported types are: float64, float32, float16, complex64, complex128, int64, "
        "int32, int16, int8, uint64, uint32, uint16, uint8, and bool."
    )


def too_large() -> NoReturn:
    raise ValueError("Overflow when unpacking long long: a whole number is outside int64's range")


def several_numbers(x: Tensor) -> NoReturn:
    if x._data.dtype.kind in "iub":
        raise TypeError(
            "only integer tensors of a single element can be converted to an index: make one "
            f"tensor of tensors of shape {list(x.shape)} with {package()}.stack"
        )
    raise ValueError(
        "only one element tensors can be converted to Python scalars: make one tensor of "
        f"tensors of shape {list(x.shape)} with {package()}.stack"
    )


# --- data that no tensor can be made of ----------------------------------------------------------


def numbers(data: Any) -> Iterator[Any]:
    """What stands in nested lists, one after the other."""
    if isinstance(data, (list, tuple)):
        for x in data:
            yield from numbers(x)
    else:
        yield data


def data(data: Any) -> Exception:
    """PyTorch's words for data that no tensor can be made of."""
    first, lengths = data, []
    while isinstance(first, (list, tuple)) and first:
        lengths.append(len(first))
        first = first[0]
    if lengths and isinstance(first, str):
        return ValueError("too many dimensions 'str': a tensor holds numbers")
    for value in numbers(data):
        if isinstance(value, (str, bytes)):
            kind = type(value).__name__
            return TypeError(f"new(): invalid data type '{kind}': a tensor holds numbers")
        if not isinstance(value, (bool, int, float, complex, np.generic, np.ndarray, Tensor)):
            kind = type(value).__name__
            return RuntimeError(f"Could not infer dtype of {kind}: a tensor holds numbers")
    return ragged(data, lengths, 0) or TypeError("not a sequence: a tensor has no holes")


def ragged(data: Any, lengths: list[int], depth: int) -> Exception | None:
    """PyTorch's words for the first of the nested lists that is not as long as the others."""
    if depth == len(lengths):
        if not isinstance(data, (list, tuple)):
            return None
        return TypeError(
            "must be real number, not list: a number stands where others are, and a tensor has no "
            "lists in it"
        )
    if not isinstance(data, (list, tuple)):
        return TypeError("not a sequence: a list of numbers stands at the same depth elsewhere")
    if len(data) != lengths[depth]:
        return ValueError(
            f"expected sequence of length {lengths[depth]} at dim {depth} (got {len(data)}): all "
            "rows must be of one length, as a tensor has no holes"
        )
    for x in data:
        wrong = ragged(x, lengths, depth + 1)
        if isinstance(wrong, TypeError) and depth + 1 == len(lengths) and not any(
            isinstance(v, float) for v in numbers(data)
        ):
            return TypeError("'list' object cannot be interpreted as an integer")
        if wrong is not None:
            return wrong
    return None


def no_number(data: Any, d: Any) -> TypeError:
    """The error for the first of ``data`` that is not a number of dtype ``d``."""
    kind = next(type(v).__name__ for v in numbers(data)
                if not isinstance(v, (bool, int, float, complex, Tensor)))  # fmt: skip
    return TypeError(
        f"must be real number, not {kind}: a tensor holds numbers" if d.kind == "f" else
        f"'{kind}' object cannot be interpreted as an integer: a tensor holds numbers"
    )  # fmt: skip


def complex_number(d: Any) -> NoReturn:
    """A complex number where one of dtype ``d`` is wanted."""
    what = "an integer" if d.kind in "iu" else "real number"
    raise TypeError(f"must be {what}, not complex" if d.kind == "f" else
                    f"'complex' object cannot be interpreted as {what}")  # fmt: skip
