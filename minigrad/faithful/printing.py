"""PyTorch's way of printing a tensor, on plain NumPy arrays.

A tensor prints as one table: every number in the same style (whole, fixed point or scientific) and
the same width, so that columns line up. The style comes from the numbers that are shown, leaving
out zeros, infinities and nans. Large tensors show only the edges of each dimension.

Dtypes keep the prefix ``torch.`` because users run ``import minigrad as torch``.

Source of the rules: the output of PyTorch 2.13 and its page on ``torch.set_printoptions``.
"""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import numpy.typing as npt

from .forks import new_lock

# In the order in which PyTorch's own error message lists them.
_SUPPORTED = (
    "float64", "float32", "float16", "complex64", "complex128", "int64", "int32", "int16", "int8",
    "uint64", "uint32", "uint16", "uint8", "bool",
)  # fmt: skip


# --- options ---------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class PrintOptions:
    """How tensors print. Immutable: a change makes a new object, so no reader sees half of it."""

    precision: int = 4  # digits after the point
    threshold: float = 1000  # tensors with more elements than this are summarised
    edgeitems: int = 3  # elements shown at each end of a summarised dimension
    linewidth: float = 80  # characters
    sci_mode: bool | None = None  # None: decided by the numbers


_PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=math.inf),
}

_lock = new_lock()  # held while the options for everyone are read, changed and replaced
_for_all = PrintOptions()
# Set inside a `with printoptions(...)` block; other threads keep printing as before.
_in_block: ContextVar[PrintOptions | None] = ContextVar("minigrad_print_options", default=None)


def _current() -> PrintOptions:
    return _in_block.get() or _for_all


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: float | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors print; what is not given stays as it is, except ``sci_mode``.

    Inside a ``with printoptions(...)`` block the choice ends with the block.

    Args:
        precision: digits after the point.
        threshold: from so many elements on a tensor is summarised.
        edgeitems: elements at each end of a summarised dimension.
        linewidth: characters in a line.
        profile: "default", "short" or "full" sets these four first.
        sci_mode: forces scientific notation on or off; as in PyTorch every call that leaves it out
            returns to deciding by the numbers.

    Returns:
        None.

    Raises:
        TypeError: a value is of the wrong kind; then nothing is changed.
        ValueError: a value cannot be used, or there is no such profile.

    >>> import minigrad as mg
    >>> mg.set_printoptions(precision=2)
    >>> mg.tensor([1.12345])
    tensor([1.12])
    >>> mg.set_printoptions(profile="default")

    Source: NumPy's ``set_printoptions``, by way of PyTorch's.
    """
    global _for_all
    given = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    block = _in_block.get()
    if block is not None:
        _in_block.set(_changed(block, given, profile, sci_mode))
        return
    with _lock:
        _for_all = _changed(_for_all, given, profile, sci_mode)


def get_printoptions() -> dict[str, Any]:
    """The options in use here, as a dictionary that ``set_printoptions(**...)`` takes.

    >>> get_printoptions()["linewidth"]
    80
    """
    return dataclasses.asdict(_current())


@contextmanager
def printoptions(**options: Any) -> Iterator[None]:
    """Print differently inside a ``with`` block, in this thread only.

    Takes what :func:`set_printoptions` takes.

    >>> with printoptions(precision=1):
    ...     format_tensor(np.array([0.25, 0.5], dtype=np.float32))
    'tensor([0.2, 0.5])'
    >>> format_tensor(np.array([0.25, 0.5], dtype=np.float32))
    'tensor([0.2500, 0.5000])'
    """
    outer = _in_block.get()
    _in_block.set(_current())
    try:
        set_printoptions(**options)
        yield
    finally:
        _in_block.set(outer)


def _changed(
    old: PrintOptions, given: dict[str, Any], profile: str | None, sci_mode: bool | None
) -> PrintOptions:
    if profile is not None:
        if profile not in _PROFILES:
            raise ValueError(
                f"set_printoptions(): there is no profile {profile!r}; "
                "choose 'default', 'short' or 'full'"
            )
        old = _PROFILES[profile]
    checked = {name: _checked(name, value) for name, value in given.items() if value is not None}
    return dataclasses.replace(old, **checked, sci_mode=sci_mode)


def _checked(name: str, value: Any) -> Any:
    """``value`` if option ``name`` can have it: a count, or a number that may be infinite."""
    count = name in ("precision", "edgeitems")
    advice = f"; try {name}={getattr(_PROFILES['default'], name)}"
    wanted: Any = numbers.Integral if count else numbers.Real
    if not isinstance(value, wanted):
        kind = "a whole number" if count else "a number"
        raise TypeError(
            f"set_printoptions(): {name} must be {kind}, not {type(value).__name__}{advice}"
        )
    if math.isnan(value) or (count and value < 0):
        raise ValueError(f"set_printoptions(): {name} cannot be {value}{advice}")
    return int(value) if count else value


# --- a tensor as text ------------------------------------------------------------------------


def format_tensor(
    array: np.ndarray,
    *,
    grad_fn: str | None = None,
    requires_grad: bool = False,
    prefix: str = "tensor(",
    default_dtype: npt.DTypeLike = np.float32,
) -> str:
    """``repr`` of a tensor of any shape that holds ``array``, as PyTorch prints it.

    ``grad_fn`` is the name of the operation that made the tensor; with it ``requires_grad`` is not
    shown. ``prefix`` opens the text, for a parameter ``"Parameter containing:\\ntensor("``. A dtype
    is shown unless it is bool, int64, ``default_dtype`` or the complex dtype that goes with it.

    Raises TypeError for an array of a dtype that PyTorch does not have.

    >>> print(format_tensor(np.eye(2, dtype=np.float32), requires_grad=True))
    tensor([[1., 0.],
            [0., 1.]], requires_grad=True)
    >>> format_tensor(np.array(1.5, dtype=np.float64), grad_fn="SumBackward0")
    'tensor(1.5000, dtype=torch.float64, grad_fn=<SumBackward0>)'
    """
    array = np.asarray(array)
    _check_supported(array.dtype)
    options = _current()  # read once: another thread may replace them while this one prints
    indent = len(prefix) - (prefix.rfind("\n") + 1)
    body = prefix + _body(array, indent, options)
    suffixes = _size_and_dtype(array, np.dtype(default_dtype), options)
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return _with_suffixes(body, suffixes, indent, options)


def format_scalar(array: np.ndarray, spec: str) -> str:
    """``format(tensor, spec)`` for a 0-d tensor that holds ``array``: its number, formatted.

    Raises TypeError if ``array`` has dimensions, and what Python's ``format`` raises for ``spec``.

    >>> format_scalar(np.array(2.0 / 3.0), ".2f")
    '0.67'
    """
    if array.ndim != 0:
        raise TypeError(
            "unsupported format string passed to Tensor.__format__: a tensor of shape "
            f"{array.shape} is not one number; format its elements, or str(tensor)"
        )
    return format(array.item(), spec)


def _check_supported(dtype: np.dtype[Any]) -> None:
    if dtype.name not in _SUPPORTED:
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{dtype.name}. The only supported types are: "
            f"{', '.join(_SUPPORTED[:-1])}, and {_SUPPORTED[-1]}. "
            "Convert the array first, for example with array.astype(numpy.float32)."
        )


def _size_and_dtype(array: np.ndarray, default: np.dtype[Any], options: PrintOptions) -> list[str]:
    empty = array.size == 0
    # Brackets that show no element do not tell the shape, so it is written out.
    hidden_shape = array.ndim != 1 if empty else options.edgeitems == 0
    suffixes = [f"size={array.shape}"] if hidden_shape else []
    obvious = [default.name]
    if not empty:  # elements tell a bool, an integer and a complex number from a float
        obvious += ["bool", "int64", "complex128" if default.name == "float64" else "complex64"]
    if array.dtype.name not in obvious:
        suffixes.append(f"dtype=torch.{array.dtype.name}")
    return suffixes


def _with_suffixes(text: str, suffixes: list[str], indent: int, options: PrintOptions) -> str:
    """``text, suffix, suffix)``, a suffix that does not fit going to a new line."""
    # The 2 stands for a ", " more than there is; without it lines break later than PyTorch's.
    used = len(text) - (text.rfind("\n") + 1) + 2
    for suffix in suffixes:
        if used + len(suffix) + 2 > options.linewidth:
            text += ",\n" + " " * indent + suffix
            used = indent + len(suffix)
        else:
            text += ", " + suffix
            used += len(suffix) + 2
    return text + ")"


# --- the table of numbers --------------------------------------------------------------------


def _body(array: np.ndarray, indent: int, options: PrintOptions) -> str:
    """The brackets and the numbers in them; lines after the first start after ``indent`` spaces."""
    if array.size == 0:
        return "[]"
    gaps = [False] * array.ndim
    if array.size > options.threshold:
        array, gaps = _edges(array, options.edgeitems)
    cells, width = _cells(array.ravel(), options)
    # Lists of lists (or one string, for a 0-d tensor) with the shape of the array.
    nested = np.array(cells, dtype=object).reshape(array.shape).tolist()
    return _brackets(nested, gaps, indent, width, options)


def _edges(array: np.ndarray, edgeitems: int) -> tuple[np.ndarray, list[bool]]:
    """Both ends of every long dimension, and for every dimension whether its middle was left out.

    Shape (n, ...) becomes (2 * edgeitems, ...) where n is larger than that.
    """
    gaps = [length > 2 * edgeitems for length in array.shape]
    for axis, gap in enumerate(gaps):
        if gap:
            head, _, tail = np.split(array, [edgeitems, array.shape[axis] - edgeitems], axis)
            array = np.concatenate([head, tail], axis)
    return array, gaps


def _brackets(nested: Any, gaps: list[bool], indent: int, width: int, options: PrintOptions) -> str:
    """Brackets around rows of rows; recursion goes as deep as the tensor has dimensions."""
    if not gaps:
        return nested
    if len(gaps) == 1:
        return _row(nested, gaps[0], indent, width, options)
    parts = [_brackets(part, gaps[1:], indent + 1, width, options) for part in nested]
    if gaps[0]:
        parts.insert(options.edgeitems, "...")
    # Matrices are one line apart, stacks of matrices two lines, and so on.
    separator = "," + "\n" * (len(gaps) - 1) + " " * (indent + 1)
    return "[" + separator.join(parts) + "]"


def _row(cells: list[str], gap: bool, indent: int, width: int, options: PrintOptions) -> str:
    if gap:
        dots = " ..." if options.edgeitems else "..."
        cells = cells[: options.edgeitems] + [dots] + cells[options.edgeitems :]
    fitting = (options.linewidth - indent) / (width + len(", "))
    per_line = max(1, int(min(fitting, len(cells))))  # min: a line may be infinitely wide
    lines = [", ".join(cells[i : i + per_line]) for i in range(0, len(cells), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


# --- numbers ---------------------------------------------------------------------------------


def _cells(values: np.ndarray, options: PrintOptions) -> tuple[list[str], int]:
    """Each of the values (shape (n,)) as text, and the width of a column in characters."""
    if values.dtype.kind == "c":
        reals, real_width = _cells(values.real, options)
        imags, imag_width = _cells(values.imag, options)
        pairs = [real + _signed(imag.lstrip()) + "j" for real, imag in zip(reals, imags)]
        return pairs, real_width + imag_width + len("j")
    if values.dtype.kind == "f":
        return _float_cells(values, options)
    texts = [str(value) for value in values.tolist()]
    return _aligned(texts, texts)


def _signed(number: str) -> str:
    return number if number.startswith("-") else "+" + number


def _float_cells(values: np.ndarray, options: PrintOptions) -> tuple[list[str], int]:
    telling = np.isfinite(values) & (values != 0)
    spec, point = _float_style(values[telling], options)
    texts = [
        format(value, spec) + (point if math.isfinite(value) else "") for value in values.tolist()
    ]
    # PyTorch measures only the numbers that chose the style; the others may stick out.
    return _aligned(texts, [text for text, tells in zip(texts, telling) if tells])


def _float_style(values: np.ndarray, options: PrintOptions) -> tuple[str, str]:
    """Format spec for finite values other than zero, and what to append to a finite number."""
    if values.size == 0:
        return ".0f", "."
    sizes = np.abs(values)
    # As Python floats, because float16 would round their quotient.
    smallest, largest = float(sizes.min()), float(sizes.max())
    scientific = options.sci_mode
    if scientific is None:
        scientific = largest / smallest > 1000 or largest > 1e8 or smallest < 1e-4
    if scientific:
        return f".{options.precision}e", ""
    if np.all(values == np.ceil(values)):
        return ".0f", "."
    return f".{options.precision}f", ""


def _aligned(texts: list[str], measured: list[str]) -> tuple[list[str], int]:
    width = max(map(len, measured), default=1)
    return [text.rjust(width) for text in texts], width
