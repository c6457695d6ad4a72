"""Functions that make tensors: from data, filled with a number, counted, or like another."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful import dtypes, strides
from ...faithful.device import only_cpu
from ...faithful.package_name import package
from ...refusals.ended_history import without_gradient
from ...refusals.reasons import creation as refuse
from ...refusals.words import check_differentiable
from .. import capturing
from ..dimensions import shape_arg
from ..operands import warn
from ..writing.inplace import note_shared


def finish(array: Any, requires_grad: bool, device: Any = None) -> Tensor:
    """A new leaf around ``array``."""
    if device is not None:
        only_cpu(device)
    if requires_grad is not False and requires_grad is not None:
        if requires_grad is not True:
            raise TypeError(f"requires_grad must be bool, not {type(requires_grad).__name__}")
        check_differentiable(array.dtype)
    t = make(capturing.constant(array))
    t._requires_grad = bool(requires_grad)
    return t


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor with a copy of ``data`` (numbers, nested lists, arrays, tensors).

    Python floats become the default dtype (float32), ints int64, bools bool; NumPy arrays keep
    their dtype.

    Args:
        data: numbers, (nested) lists of them, an array or a tensor; a tensor warns (use
            ``clone``).
        dtype: the dtype (default: told from ``data``).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf with memory of its own; its shape is that of the nested lists.

    Raises:
        ValueError: if the rows of a list are not of one length.
        TypeError, RuntimeError: for what is no number.

    >>> import minigrad as mg
    >>> mg.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    tensor([[1., 2.],
            [3., 4.]], requires_grad=True)

    Source: PyTorch's documentation of ``torch.tensor``.
    """
    if isinstance(data, Tensor):
        capturing.reads("tensor(x)")
        warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach()."
            "clone() or sourceTensor.detach().clone().requires_grad_(True), rather than "
            "torch.tensor(sourceTensor)."
        )
    if requires_grad is None:
        raise TypeError("requires_grad must be bool, not NoneType")
    array = converted(data, dtype)
    made = finish(array.copy() if dtype is None else array, requires_grad, device)
    return of_numbers_only(made, data)


def of_numbers_only(made: Tensor, data: Any) -> Tensor:
    """``made`` of the numbers of ``data``, with a note if that is a tensor or a list of them."""
    parts = data if isinstance(data, (list, tuple)) else (data,)
    tensors = len(parts) > 0 and isinstance(parts[0], Tensor)
    return without_gradient(made, "tensor", *parts) if tensors else made


def converted(data: Any, dtype: Any) -> Any:
    """``data`` as an array; of ``dtype``, which needs room for its numbers, if it is not None."""
    if dtype is None:
        return to_array(data)
    d = dtypes.to_numpy(dtype)
    if isinstance(data, (np.ndarray, np.generic, Tensor)):
        return to_array(data).astype(d)
    try:
        array = to_array(data, keep=True)
    except RuntimeError:  # its dtype could not be told, and need not
        raise refuse.no_number(data, d) from None
    except ValueError as error:
        if d.kind != "f" or "Overflow" not in str(error):
            raise
        array = np.asarray(data, d)  # whole numbers beyond 64 bits
    if array.dtype.kind == "c" and d.kind != "c":
        refuse.complex_number(d)
    if d.kind in "iu" and array.dtype != d and array.size:
        for value in (array.min().item(), array.max().item()):
            dtypes.room(value, d, d.name)
    with np.errstate(all="ignore"):  # 1e5 is inf in float16, as in PyTorch
        return array.astype(d)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, sharing memory with a tensor or array where possible."""
    if isinstance(data, Tensor):
        return data if dtype is None or dtypes.to_numpy(dtype) == data._data.dtype else (
            data.to(dtype)
        )
    made = of_numbers_only(finish(converted(data, dtype), False, device), data)
    if made._data is data:
        note_shared(made)
    return made


def from_numpy(array: Any) -> Tensor:
    """A tensor that shares its memory with a NumPy array."""
    if not isinstance(array, np.ndarray):
        got = type(array).__name__
        raise TypeError(f"expected np.ndarray (got {got}): use {package()}.tensor(...)")
    made = make(to_array(array))
    note_shared(made)
    return made


def to_array(data: Any, keep: bool = False) -> np.ndarray[Any, Any]:
    """``data`` as an array of a dtype that tensors have.

    keep: leave Python floats in float64, because the caller converts them to a dtype of its own
    (by way of float32 they would lose digits).
    """
    if isinstance(data, Tensor):
        return data._data
    if isinstance(data, (np.ndarray, np.generic)):
        array = np.asarray(data)
        if any(stride < 0 for stride in array.strides):
            refuse.backwards()
        if array.dtype not in dtypes.FROM_NUMPY:
            native = array.dtype.newbyteorder("=")
            if native in dtypes.FROM_NUMPY:
                return array.astype(native)
            refuse.array_dtype(array)
        return array
    if isinstance(data, (bytearray, memoryview)):
        data = list(data)
    found = list_dtype(data)
    numbers = plain_numbers(data) if found is None else data
    try:
        array = np.asarray(numbers)
    except (ValueError, OverflowError) as error:
        if "inhomogeneous" in str(error):
            raise refuse.data(data) from None
        raise ValueError(f"could not make a tensor of this data: {error}") from None
    if array.dtype == np.uint64 and isinstance(data, (int, list, tuple, range)):
        refuse.too_large()
    if array.dtype == object or array.dtype.kind not in "biufc":
        if array.dtype == object and array.size and all(isinstance(v, int) for v in array.flat):
            refuse.too_large()
        raise refuse.data(data)
    if keep:
        return array
    if found is None:
        found = promoted_dtype(data)
    elif found.kind == "f":
        found = dtypes.default_np()
    elif found.kind == "c":
        wide = dtypes.default_np() == np.float64
        found = np.dtype(np.complex128 if wide else np.complex64)
    return array.astype(found, copy=False)


def list_dtype(data: Any) -> Any:
    """The kind of Python numbers that (nested) lists hold; None if there are others too."""
    if type(data) in PYTHON_NUMBERS:
        return PYTHON_NUMBERS[type(data)]
    if not isinstance(data, (list, tuple, range)):
        return None
    types = set(map(type, data))
    if types <= PYTHON_NUMBERS.keys():
        kinds = [PYTHON_NUMBERS[t] for t in types]
    elif any(issubclass(t, (list, tuple, range)) for t in types):
        kinds = [list_dtype(part) for part in data]
    else:
        return None
    return None if None in kinds else max(kinds, key=dtypes.category, default=np.dtype(np.float64))


PYTHON_NUMBERS: dict[type, np.dtype[Any]] = {t: np.dtype(t) for t in (bool, int, float, complex)}


def promoted_dtype(data: Any) -> Any:
    """The dtype that tensors, arrays and numbers in nested lists promote to, as if all had axes."""
    found = None
    for value in refuse.numbers(data):
        if isinstance(value, Tensor):
            d = value._data.dtype
        elif isinstance(value, (np.ndarray, np.generic)):
            d = value.dtype
        else:
            d = list_dtype(value)
            d = dtypes.default_np() if d.kind == "f" else d
        found = d if found is None else dtypes.promote(found, d)
    return dtypes.default_np() if found is None else found


def plain_numbers(data: Any) -> Any:
    """Nested lists with the numbers of the tensors in them."""
    if isinstance(data, (list, tuple)):
        return [plain_numbers(x) for x in data]
    if not isinstance(data, Tensor):
        return data
    if data.numel() != 1:
        refuse.several_numbers(data)
    return data.item()


def shape_of(
    size: tuple[Any, ...], function: str = "", named: dict[str, Any] | None = None
) -> tuple[int, ...]:
    """The shape to make: by position, or as ``named["size"]``.

    named: what else a call of ``function`` named.
    """
    for name, value in (named or {}).items():
        if name == "size" and not size:
            if not isinstance(value, (tuple, list)):
                raise TypeError(f"argument 'size' must be tuple of ints, not {type(value)}")
            size = (value,)
        elif name != "memory_format":
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
    if not size:
        raise TypeError(f"{function}() missing 1 required positional arguments: \"size\"")
    shape = shape_arg(size)
    refuse.negative_length(function, shape)
    return shape


def np_of(dtype: Any) -> Any:
    return dtypes.default_np() if dtype is None else dtypes.to_numpy(dtype)


def zeros(
    *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False, **named: Any
) -> Tensor:
    """A tensor full of 0.

    Args:
        size: the shape, as whole numbers or as one tuple of them.
        dtype: the dtype (default: the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of that shape, every element 0.

    Raises:
        RuntimeError: for a negative length, or if ``requires_grad`` and the dtype is neither
            float nor complex.
        TypeError: for a shape that is not of whole numbers.

    >>> import minigrad as mg
    >>> mg.zeros(2, 3).shape
    torch.Size([2, 3])

    Source: PyTorch's documentation of ``torch.zeros``.
    """
    return finish(np.zeros(shape_of(size, "zeros", named), np_of(dtype)), requires_grad, device)


def ones(
    *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False, **named: Any
) -> Tensor:
    """A tensor full of 1.

    Args:
        size: the shape, as whole numbers or as one tuple of them.
        dtype: the dtype (default: the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of that shape, every element 1.

    Raises:
        RuntimeError: for a negative length, or if ``requires_grad`` and the dtype is neither
            float nor complex.
        TypeError: for a shape that is not of whole numbers.

    >>> import minigrad as mg
    >>> mg.ones(2, 2)
    tensor([[1., 1.],
            [1., 1.]])

    Source: PyTorch's documentation of ``torch.ones``.
    """
    return finish(np.ones(shape_of(size, "ones", named), np_of(dtype)), requires_grad, device)


def empty(
    *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None, **named: Any,
) -> Tensor:  # fmt: skip
    """A tensor to be filled later (here: with 0, so that a forgotten fill is repeatable)."""
    shape = shape_of(size, "empty", named)
    array = np.zeros(shape, np_of(dtype))
    if memory_format is not None and memory_format.order:
        array = strides.copied(array, array.dtype, strides.like(array, memory_format))
    return finish(array, requires_grad, device)


def full(
    size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """A tensor full of ``fill_value``.

    Args:
        size: the shape, a tuple of whole numbers.
        fill_value: a number, or a tensor with one element.
        dtype: the dtype (default: the one that ``fill_value`` would get from ``tensor``).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of that shape.

    Raises:
        RuntimeError: for a negative length, or a value that the dtype has no room for.

    >>> import minigrad as mg
    >>> mg.full((2,), 7)
    tensor([7, 7])

    Source: PyTorch's documentation of ``torch.full``.
    """
    value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
    value = value.item() if isinstance(value, np.generic) else value
    d = to_array(value).dtype if dtype is None else dtypes.to_numpy(dtype)
    value = dtypes.room(value, d)
    return finish(np.full(shape_of((size,)), value, d), requires_grad, device)


def arange(
    start: Any = None, end: Any = None, step: Any = 1, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Numbers from ``start`` (0 if only one is given) up to, not including, ``end``.

    Args:
        start, end: numbers; ``end`` itself is left out.
        step: the distance of neighbours, not 0 (default 1).
        dtype: the dtype (default: int64 if all three are whole, else the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new 1-d leaf with ``ceil((end - start) / step)`` elements.

    Raises:
        RuntimeError: if ``step`` is 0, leads away from ``end``, or the range has no end.

    >>> import minigrad as mg
    >>> mg.arange(0, 1, 0.25)
    tensor([0.0000, 0.2500, 0.5000, 0.7500])

    Source: PyTorch's documentation of ``torch.arange``.
    """
    if end is None:
        start, end = 0, start
    elif start is None:  # arange(end=3)
        start = 0
    start, end, step = (v.item() if isinstance(v, Tensor) else v for v in (start, end, step))
    refuse.arange(start, end, step)
    whole = all(isinstance(v, (int, np.integer)) for v in (start, end, step))
    d = dtypes.to_numpy(dtype) if dtype is not None else (
        np.dtype(np.int64) if whole else dtypes.default_np()
    )
    n = math.ceil((end - start) / step)
    array = start + np.arange(n) * step if n else np.zeros(0)
    return finish(np.asarray(array).astype(d), requires_grad, device)


def linspace(
    start: float, end: float, steps: int, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``steps`` numbers at equal distances from ``start`` to ``end``, both included.

    Args:
        start, end: numbers or 0-d tensors.
        steps: how many numbers, from 0 on.
        dtype: the dtype (default: the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new 1-d leaf of ``steps`` elements.

    Raises:
        RuntimeError: if ``steps`` is negative, or an end is a tensor with dimensions.

    >>> import minigrad as mg
    >>> mg.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])

    Source: PyTorch's documentation of ``torch.linspace``.
    """
    refuse.endpoints("linspace", start, end)
    start, end = float(start), float(end)
    d = np_of(dtype)
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative: linspace counts from 0 steps up")
    if steps == 1:
        return finish(np.asarray([start]).astype(d), requires_grad, device)
    # As PyTorch: from both ends, in the dtype itself, towards the middle; with a multiply-add that
    # rounds once (except in float16), so it is done here with more bits.
    work = d if d.kind == "f" else np.dtype(np.float64)
    lo, hi = np.asarray([start, end]).astype(d).astype(work)
    step = (hi - lo) / np.asarray(max(steps - 1, 1), work)
    wide = {2: np.float16, 4: np.float64, 8: np.longdouble}[work.itemsize]
    i = np.arange(steps)
    array = np.where(i < steps // 2, lo + step.astype(wide) * i.astype(wide),
                     hi - step.astype(wide) * (steps - 1 - i).astype(wide))  # fmt: skip
    return finish(array.astype(work).astype(d), requires_grad, device)


def logspace(
    start: float, end: float, steps: int, base: float = 10.0, *, dtype: Any = None,
    device: Any = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``steps`` numbers from ``base**start`` to ``base**end``, each the same factor apart."""
    refuse.endpoints("logspace", start, end)
    start, end = float(start), float(end)
    exponents = linspace(start, end, steps, dtype=dtypes.float64)._data
    return finish(np.power(base, exponents).astype(np_of(dtype)), requires_grad, device)


def eye(
    n: int, m: int | None = None, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """The identity matrix.

    Args:
        n: how many rows.
        m: how many columns (default ``n``).
        dtype: the dtype (default: the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of shape (n, m), with 1 on the diagonal and 0 elsewhere.

    Raises:
        RuntimeError: for a negative length.

    >>> import minigrad as mg
    >>> mg.eye(2)
    tensor([[1., 0.],
            [0., 1.]])

    Source: PyTorch's documentation of ``torch.eye``.
    """
    refuse.eye(n, m)
    return finish(np.eye(n, m, dtype=np_of(dtype)), requires_grad, device)


def like(input: Tensor, dtype: Any) -> Any:
    return input._data.dtype if dtype is None else dtypes.to_numpy(dtype)


def filled(input: Tensor, value: Any, dtype: Any, form: Any = None) -> Any:
    """The array of a tensor like ``input``, every element ``value``."""
    data: Any = input._data
    d = like(input, dtype)
    if not isinstance(data, np.ndarray):  # a batch of arrays (func/batch.py): each gets its own
        return data.filled(value, d)
    value = dtypes.room(value, d)
    if form is not None or not data.flags.c_contiguous:
        array = strides.empty(data.shape, d, strides.like(data, form))
        array[...] = value
        return array
    return np.zeros(data.shape, d) if type(value) is int and not value else np.full(
        data.shape, value, d)  # fmt: skip


def zeros_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    """Zeros in ``input``'s shape and dtype.

    Args:
        input: the tensor to take the shape from; its numbers are not read.
        dtype: the dtype (default: that of ``input``).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).
        memory_format: how the numbers lie in memory (default: as those of ``input``).

    Returns:
        A new leaf of that shape, every element 0.

    Raises:
        RuntimeError: if ``requires_grad`` and the dtype is neither float nor complex.

    >>> import minigrad as mg
    >>> mg.zeros_like(mg.tensor([1, 2]))
    tensor([0, 0])

    Source: PyTorch's documentation of ``torch.zeros_like``.
    """
    return finish(filled(input, 0, dtype, memory_format), requires_grad, device)


def ones_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    """Ones, in the shape and dtype of ``input``.

    Args:
        input: a tensor of any shape and dtype.
        dtype: None for that of the input.
        device: None or the CPU.
        requires_grad: record what is computed from the result (default False).
        memory_format: how the numbers lie in memory (default: as those of ``input``).

    Returns:
        A new tensor of that shape.

    Raises:
        TypeError: ``input`` is no tensor.
        RuntimeError: requires_grad for whole numbers.

    >>> import minigrad as mg
    >>> mg.ones_like(mg.zeros(3))
    tensor([1., 1., 1.])

    Source: NumPy's ``ones_like``, by way of PyTorch's.
    """
    return finish(filled(input, 1, dtype, memory_format), requires_grad, device)


def empty_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    """A tensor to be filled later, in ``input``'s shape and dtype."""
    return finish(filled(input, 0, dtype, memory_format), requires_grad, device)


def full_like(
    input: Tensor, fill_value: Any, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, memory_format: Any = None,
) -> Tensor:  # fmt: skip
    """``fill_value`` in ``input``'s shape and dtype."""
    return finish(filled(input, fill_value, dtype, memory_format), requires_grad, device)


def scalar_tensor(
    s: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A 0-d tensor in the default float dtype.

    >>> import minigrad as mg
    >>> mg.scalar_tensor(2)
    tensor(2.)
    """
    d = np_of(dtype)
    return finish(np.asarray(dtypes.room(s, d), d), requires_grad, device)


def asarray(
    obj: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``obj`` as a tensor; ``copy``: True to copy always, False to refuse where a copy is needed.

    >>> import minigrad as mg
    >>> mg.asarray([1, 2])
    tensor([1, 2])
    """
    made = as_tensor(obj, dtype, device)
    given = obj._data if isinstance(obj, Tensor) else obj
    shared = isinstance(given, np.ndarray) and np.may_share_memory(given, made._data)
    if copy is False and not shared:
        raise ValueError("can't alias arbitrary sequence into a tensor: copy=False needs an array")
    if copy and shared:
        made = made.clone() if isinstance(obj, Tensor) else make(made._data.copy())
    if requires_grad:
        made.requires_grad = True
    return made


def range_(
    start: float = 0, end: float | None = None, step: float = 1, *, dtype: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Numbers from ``start`` to ``end``, which is included. ``torch.range``; prefer ``arange``."""
    warn(
        "torch.range is deprecated and will be removed in a future release because its behavior "
        "is inconsistent with Python's range builtin. Instead, use torch.arange, which produces "
        "values in [start, end)."
    )
    if end is None:
        start, end = 0, start
    start, end, step = (float(v) for v in (start, end, step))
    refuse.range_(start, end, step)
    n = math.floor((end - start) / step) + 1
    return finish((start + np.arange(n) * step).astype(np_of(dtype)), requires_grad)


def frombuffer(
    buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False
) -> Tensor:
    """The bytes of ``buffer`` as numbers, without copying.

    >>> import minigrad as mg
    >>> mg.frombuffer(bytearray([1, 2]), dtype=mg.uint8)
    tensor([1, 2], dtype=torch.uint8)
    """
    try:
        length = memoryview(buffer).nbytes
    except TypeError:
        raise refuse.no_buffer(buffer) from None
    d = dtypes.to_numpy(dtype)
    refuse.frombuffer(length, d, count, offset)
    return finish(np.frombuffer(buffer, d, count, offset), requires_grad)
