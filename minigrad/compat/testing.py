"""``testing.assert_close``: are two results the same, up to rounding? For tests.

What it says when they are not is what PyTorch says: how many numbers differ, and where most.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.elementwise.logic import isclose
from ..ops.making.creation import as_tensor

__all__ = ["assert_close"]

# The tolerances (relative, absolute) of a dtype; every other dtype is compared exactly.
TOLERANCES = {
    dtypes.float16: (1e-3, 1e-5),
    dtypes.float32: (1.3e-6, 1e-5),
    dtypes.float64: (1e-7, 1e-7),
    dtypes.complex64: (1.3e-6, 1e-5),
    dtypes.complex128: (1e-7, 1e-7),
}
NUMBERS = {int: dtypes.int64, float: dtypes.float64, complex: dtypes.complex128}


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    """Raise AssertionError unless ``actual`` is ``expected`` up to rounding.

    Both are tensors, arrays, numbers, None, or sequences and mappings of these. Numbers are close
    if ``|actual - expected| <= atol + rtol * |expected|``; left out, the tolerances are those of
    the dtype (float32: rtol 1.3e-6, atol 1e-5; whole numbers: 0). Shapes, and unless switched off
    dtypes, must be equal. msg: the message instead, or a function of the message. TypeError for
    two things that cannot be compared, ValueError if only one tolerance is given.

    >>> import minigrad as mg
    >>> mg.testing.assert_close(mg.tensor([1.0, 2.0]), mg.tensor([1.0, 2.0000001]))
    >>> mg.testing.assert_close(mg.tensor([1.0, 2.0]), mg.tensor([1.0, 4.0]))
    Traceback (most recent call last):
    AssertionError: Tensor-likes are not close!
    <BLANKLINE>
    Mismatched elements: 1 / 2 (50.0%)
    Greatest absolute difference: 2.0 at index (1,) (up to 1e-05 allowed)
    Greatest relative difference: 0.5 at index (1,) (up to 1.3e-06 allowed)
    """
    __tracebackhide__ = True  # pytest then shows the test's own line
    for a, b, where in pairs(actual, expected, ()):
        error = difference(
            a, b, rtol, atol, equal_nan, check_dtype, check_stride, allow_subclasses
        )  # fmt: skip
        if error is None:
            continue
        said = str(error) + at(where)
        raise type(error)(msg if isinstance(msg, str) else said if msg is None else msg(said))


def at(where: tuple[Any, ...]) -> str:
    if not where:
        return ""
    return f"\n\nThe failure occurred for item {''.join(f'[{key!r}]' for key in where)}"


def pairs(a: Any, b: Any, where: tuple[Any, ...]) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
    """The single things to compare in two structures, and where in them they are."""
    if all(isinstance(v, Sequence) and not isinstance(v, str) for v in (a, b)):
        if len(a) != len(b):
            raise AssertionError(
                f"The length of the sequences mismatch: {len(a)} != {len(b)}" + at(where)
            )
        for i in range(len(a)):
            yield from pairs(a[i], b[i], (*where, i))
    elif isinstance(a, Mapping) and isinstance(b, Mapping):
        if set(a) != set(b):
            raise AssertionError(
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: {sorted(set(b) - set(a))}\n"
                f"Additional keys in the actual mapping: {sorted(set(a) - set(b))}" + at(where)
            )
        for key in a:
            yield from pairs(a[key], b[key], (*where, key))
    else:
        yield a, b, where


def difference(
    a: Any, b: Any, rtol: float | None, atol: float | None, equal_nan: bool, check_dtype: bool,
    check_stride: bool, allow_subclasses: bool,
) -> Exception | None:  # fmt: skip
    """What is wrong with ``a`` if it should be ``b``; None if nothing."""
    if a is None or b is None:
        return None if a is b else AssertionError(f"None mismatch: {a} is not {b}")
    if both(a, b, (bool, np.bool_)):
        if bool(a) is bool(b):
            return None
        return AssertionError(f"Booleans mismatch: {a} is not {b}")
    if (rtol is None) != (atol is None):
        return ValueError(
            "Both 'rtol' and 'atol' must be either specified or omitted, but got no "
            f"{'rtol' if rtol is None else 'atol'}."
        )
    if both(a, b, (int, float, complex, np.number)):
        a, b = (v.item() if isinstance(v, np.number) else v for v in (a, b))
        return different_numbers(a, b, *allowed(NUMBERS[type(a) if type(a) is not bool else int],
                                                NUMBERS[type(b) if type(b) is not bool else int],
                                                rtol, atol), equal_nan, check_dtype)  # fmt: skip
    related = isinstance(a, type(b)) or isinstance(b, type(a))
    if (
        not related
        or (not allow_subclasses and type(a) is not type(b))
        or not all(isinstance(v, (Tensor, np.ndarray)) for v in (a, b))
    ):
        return TypeError(
            f"No comparison pair was able to handle inputs of type {type(a)} and {type(b)}."
        )
    x, y = (v.detach() if isinstance(v, Tensor) else as_tensor(v) for v in (a, b))
    for name, ours, theirs, wanted in (
        ("shape", x.shape, y.shape, True),
        ("stride()", x.stride(), y.stride(), check_stride),
        ("dtype", x.dtype, y.dtype, check_dtype),
    ):
        if wanted and ours != theirs:
            return AssertionError(
                f"The values for attribute '{name}' do not match: {ours} != {theirs}."
            )
    return different_tensors(x, y, *allowed(x.dtype, y.dtype, rtol, atol), equal_nan)


def both(a: Any, b: Any, types: tuple[type, ...]) -> bool:
    return isinstance(a, types) and isinstance(b, types)


def allowed(d: Any, e: Any, rtol: float | None, atol: float | None) -> tuple[float, float]:
    """The tolerances: those given, or the larger of the two dtypes'."""
    if rtol is not None and atol is not None:
        return rtol, atol
    of_each = [TOLERANCES.get(x, (0.0, 0.0)) for x in (d, e)]
    return max(r for r, _ in of_each), max(a for _, a in of_each)


def different_numbers(
    a: Any, b: Any, rtol: float, atol: float, equal_nan: bool, check_dtype: bool
) -> AssertionError | None:
    if check_dtype and type(a) is not type(b):
        return AssertionError(f"The (d)types do not match: {type(a)} != {type(b)}.")
    if a == b or (equal_nan and cmath.isnan(a) and cmath.isnan(b)):
        return None
    distance = abs(a - b)
    if cmath.isfinite(distance) and distance <= atol + rtol * abs(b):
        return None
    return AssertionError(about_numbers(a, b, rtol, atol))


def different_tensors(
    x: Tensor, y: Tensor, rtol: float, atol: float, equal_nan: bool
) -> AssertionError | None:
    if x.dtype != y.dtype:
        common = dtypes.promote_types(x.dtype, y.dtype)
        x, y = x.to(common), y.to(common)
    same = isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if bool(same.all()):
        return None
    if x.ndim == 0:
        return AssertionError(about_numbers(x.item(), y.item(), rtol, atol))
    wrong = int((~same).sum())
    if not (x.is_floating_point() or x.is_complex()):
        x, y = x.to(dtypes.int64), y.to(dtypes.int64)
    distance = (x - y).abs()
    relative = distance / y.abs()
    lines = [f"Mismatched elements: {wrong} / {same.numel()} ({wrong / same.numel():.1%})"]
    for kind, values, most in (("absolute", distance, atol), ("relative", relative, rtol)):
        values = values.masked_fill(same, 0)
        flat = int(values.argmax())
        place = tuple(int(i) for i in np.unravel_index(flat, tuple(values.shape)))
        line = f"Greatest {kind} difference: {values.flatten()[flat].item()} at index {place}"
        lines.append(line + up_to(most, rtol, atol))
    head = f"Tensor-likes are not {'equal' if rtol == atol == 0 else 'close'}!\n\n"
    return AssertionError(head + "\n".join(lines))


def about_numbers(a: Any, b: Any, rtol: float, atol: float) -> str:
    """PyTorch's words for two numbers that differ."""
    distance = abs(a - b)
    relative = float("inf") if b == 0 else distance / abs(b)
    return (
        f"Scalars are not {'equal' if rtol == atol == 0 else 'close'}!\n\n"
        f"Expected {b} but got {a}.\n"
        f"Absolute difference: {distance}{up_to(atol, rtol, atol)}\n"
        f"Relative difference: {relative}{up_to(rtol, rtol, atol)}"
    )


def up_to(tolerance: float, rtol: float, atol: float) -> str:
    return "" if rtol == atol == 0 else f" (up to {tolerance} allowed)"


_name_publicly(globals())
