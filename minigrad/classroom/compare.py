"""Compares a learner's answer with the right one, and says what differs but not what is right."""

from __future__ import annotations

import copy
from types import FunctionType
from typing import Any

import numpy as np

from ..core.tensor import Tensor


class Mismatch(Exception):
    """The answer is wrong; the text says how, without the right one."""


class Placeholder(Exception):
    """There is no answer yet; the text says what to do."""


def is_placeholder(answer: Any) -> bool:
    """Whether this is no answer yet: ``...``, or a list or dict with a ``...`` left in it."""
    if isinstance(answer, dict):
        return any(v is ... for v in answer.values())
    if isinstance(answer, (list, tuple)):
        return any(v is ... for v in answer)
    return answer is ... or answer is None or answer is NotImplemented


def own_copy(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments that a function may change without harm to the next try."""
    return tuple(fresh(a) for a in arguments)


def fresh(value: Any) -> Any:
    if isinstance(value, Tensor):
        twin = value.detach().clone()
        return twin.requires_grad_() if value.requires_grad else twin
    return copy.deepcopy(value)


def compare(
    answer: Any, right: Any, rtol: float | None, atol: float, dtype: bool, at: str = ""
) -> None:
    """Raise Mismatch if ``answer`` is not ``right``. at: where inside a list or dict this is.

    rtol None: 1e-4, but whole numbers that are to be whole numbers must be equal.
    """
    if isinstance(right, dict):
        need(isinstance(answer, dict), at, f"expected a dict, but you have {kind(answer)}")
        for key in right:
            need(key in answer, at, f"the key {key!r} is missing")
        for key in answer:
            need(key in right, at, f"there is a key too many: {key!r}")
        for key, value in right.items():
            compare(answer[key], value, rtol, atol, dtype, f"{at}[{key!r}]")
        return
    if isinstance(right, str):
        need(isinstance(answer, str), at, f"expected text, but you have {kind(answer)}")
        need(answer.strip() == right.strip(), at, f"the text is wrong: you have {answer!r}")
        return
    numbers = array_of(right)
    if numbers is None:
        if isinstance(right, (list, tuple)):
            compare_items(answer, right, rtol, atol, dtype, at)
            return
        need(answer == right, at, f"you have {short(answer)}, which is wrong")
        return
    got = numbers_of(answer, numbers.shape, at)
    if dtype and isinstance(right, Tensor):
        have = answer.dtype if isinstance(answer, Tensor) else kind(answer)
        need(have == right.dtype, at, f"expected a tensor of {right.dtype}, but yours is {have}")
    check_shape(got, numbers.shape, at)
    got = got.reshape(numbers.shape)
    if numbers.dtype.kind == "b":
        need(got.dtype.kind == "b", at, f"expected True or False, but you have {kind(answer)}")
        report(got == numbers, got, at)
        return
    need(got.dtype.kind != "b", at, "expected numbers, but you have True or False")
    if rtol is None and got.dtype.kind in "iu" and numbers.dtype.kind in "iu":
        report(got == numbers, got, at)
        return
    rtol = 1e-4 if rtol is None else rtol
    with np.errstate(all="ignore"):
        report(np.isclose(got, numbers, rtol=rtol, atol=atol, equal_nan=True), got, at)


def compare_items(
    answer: Any, right: Any, rtol: float | None, atol: float, dtype: bool, at: str
) -> None:
    need(isinstance(answer, (list, tuple)), at, f"expected a {type(right).__name__} of "
         f"{len(right)}, but you have {kind(answer)}")  # fmt: skip
    need(len(answer) == len(right), at, f"expected {len(right)} items, but you have {len(answer)}")
    for i, (mine, value) in enumerate(zip(answer, right)):
        compare(mine, value, rtol, atol, dtype, f"{at}[{i}]")


def need(fine: bool, at: str, text: str) -> None:
    if not fine:
        where = f"At {at}: " if at else ""
        raise Mismatch(where + (text if at else text[0].upper() + text[1:]) + ".")


def array_of(value: Any) -> Any:
    """Numbers (or bools) as a NumPy array; None if it is something else."""
    if isinstance(value, Tensor):
        return value.detach().numpy()
    if hasattr(value, "detach") and hasattr(value, "numpy"):  # another library's tensor
        value = value.detach().numpy()
    if isinstance(value, (list, tuple)) and any(isinstance(v, Tensor) for v in value):
        inside = [array_of(v) for v in value]
        if any(v is None or v.shape != inside[0].shape for v in inside):
            return None
        return np.stack(inside)
    if not isinstance(value, (bool, int, float, complex, np.generic, np.ndarray, list, tuple)):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):  # lists of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None


def numbers_of(answer: Any, shape: tuple[int, ...], at: str) -> Any:
    got = array_of(answer)
    what = f"numbers of shape {list(shape)}" if shape else "a number"
    need(got is not None, at, f"expected {what}, but you have {kind(answer)}")
    return got


def check_shape(got: Any, shape: tuple[int, ...], at: str) -> None:
    single = got.size == 1 and shape == ()
    need(single or got.shape == shape, at,
         f"expected the shape {list(shape)}, but yours is {list(got.shape)}")  # fmt: skip


def report(same: Any, got: Any, at: str) -> None:
    """Say where the first wrong number is, and what the learner has there."""
    same = np.asarray(same)
    if same.all():
        return
    if same.size == 1:
        need(False, at, f"the number is wrong: you have {got.reshape(-1)[0].item()!r}")
    wrong = np.argwhere(~same)
    first = tuple(int(k) for k in wrong[0])
    which = ", ".join(str(k) for k in first)
    verb = "is" if len(wrong) == 1 else "are"
    need(False, at, f"{len(wrong):,} of {same.size:,} numbers {verb} wrong, the first at "
         f"[{which}], where you have {got[first].item()!r}")  # fmt: skip


def kind(value: Any) -> str:
    """A few words on what a value is."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {list(value.shape)}"
    if callable(value):
        return "a function: did you forget to call it?"
    return f"{short(value)} of type {type(value).__name__}"


def short(value: Any) -> str:
    named = isinstance(value, (FunctionType, type))  # their repr has an address in it
    text = value.__name__ if named else " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
