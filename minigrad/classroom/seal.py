"""Answers that can be checked but not read: salted hashes of numbers and text.

A number is put into a bin of a grid, and the bin's number is hashed with a salt and the element's
place. A learner's number is right if its own bin or one of the two beside it has that hash. Numbers
that differ by no more than the grid's step are always equal, those that differ by two steps never.
The step is a power of two, so it shows the size of the largest number, but not the number.

It keeps an answer from being read, not from a program that tries all the answers there might be.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
from typing import Any

import numpy as np

from .compare import array_of, check_shape, kind, need, numbers_of, report

LARGEST = 10_000  # numbers


class Sealed:
    """What :func:`seal` made, read back."""

    MARK = "mg-sealed-1:"

    def __init__(self, text: str, item: Any = None) -> None:
        if item is not None:
            self.items = [item]
            return
        try:
            self.items = json.loads(base64.b64decode(text.removeprefix(self.MARK), validate=True))
        except ValueError as error:
            raise ValueError(f"this sealed answer is damaged: {short(text)}") from error

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, i: int) -> Sealed:
        return Sealed("", self.items[i])

    def __repr__(self) -> str:
        return f"<sealed answer{'s' if len(self) > 1 else ''}>"


def seal(*answers: Any, rtol: float | None = None) -> str:
    """A text to give to ``mg.exercise(answer=...)`` that does not show the answer.

    answers: one; or for an exercise with cases the right result for each case. Numbers, tensors,
    arrays, text, bools, and lists and dicts of them. rtol: numbers may differ by about this part
    of the largest of them (by half of it always, never by twice as much); 1e-3 if left out, and
    then whole numbers (int) that are to be whole numbers must be equal. Raises TypeError for
    anything else, ValueError for more than 10,000 numbers.

    >>> import minigrad as mg
    >>> text = mg.exercise.seal(42.0)
    >>> "42" in text.removeprefix("mg-sealed-1:")[:4]
    False
    >>> bool(mg.exercise("The answer", answer=text).check(42))
    True
    """
    if not answers:
        raise TypeError("seal() needs an answer")
    if rtol is not None and not rtol > 0:
        raise ValueError(f"rtol must be larger than 0, but is {rtol}")
    items = [sealed(a, rtol) for a in answers]
    return Sealed.MARK + base64.b64encode(json.dumps(items).encode()).decode()


def sealed(answer: Any, rtol: float | None) -> dict[str, Any]:
    salt = os.urandom(8).hex()
    if isinstance(answer, dict):
        if not all(isinstance(k, (str, int)) for k in answer):
            raise TypeError("seal(): keys of a dict must be str or int")
        return {"keys": list(answer), "items": [sealed(v, rtol) for v in answer.values()]}
    if isinstance(answer, str):
        return {"salt": salt, "text": digest(salt, 0, answer.strip())}
    array = array_of(answer)
    if array is None:
        if isinstance(answer, (list, tuple)):
            return {"items": [sealed(v, rtol) for v in answer]}
        raise TypeError(
            f"seal() takes numbers, text and lists or dicts of them, not {type(answer).__name__}"
        )
    if array.size > LARGEST:
        raise ValueError(
            f"seal() takes up to {LARGEST:,} numbers, not {array.size:,}: let a function compute "
            "the answer instead, answer=lambda: ..."
        )
    shape = list(array.shape)
    if array.dtype.kind == "b":
        return {"salt": salt, "shape": shape, "bool": hashes(salt, array.astype(int))}
    exact = {"whole": hashes(salt, array)} if rtol is None and array.dtype.kind in "iu" else {}
    rtol = 1e-3 if rtol is None else rtol
    parts = parts_of(array)
    finite = np.abs(parts[np.isfinite(parts)])
    # A power of two: a step that is an exact part of the answer would give the answer away.
    step = 2.0 ** math.floor(math.log2(rtol * float(finite.max(initial=0.0)) or rtol))
    found = {"salt": salt, "shape": shape, "step": step, **exact}
    return found | {"numbers": [hashes(salt, bins(part, step)) for part in parts]}


def parts_of(array: Any) -> Any:
    """Rows of real numbers: one, or of complex numbers two."""
    if array.dtype.kind == "c":
        return np.stack([array.real.reshape(-1), array.imag.reshape(-1)])
    return array.astype(float).reshape(1, -1)


def bins(row: Any, step: float) -> list[str]:
    """The bin of each number, as text."""
    with np.errstate(all="ignore"):
        return [str(int(b)) if np.isfinite(b) else str(b) for b in np.floor(row / step + 0.5)]


def hashes(salt: str, values: Any) -> str:
    flat = values if isinstance(values, list) else values.reshape(-1).tolist()
    return "".join(digest(salt, i, str(v)) for i, v in enumerate(flat))


def equal_digests(mine: str, right: str) -> list[bool]:
    """Which of the hashes (12 letters each) are equal."""
    return [mine[k : k + 12] == right[k : k + 12] for k in range(0, len(mine), 12)]


def digest(salt: str, place: int, text: str) -> str:
    return hashlib.blake2b(f"{salt}:{place}:{text}".encode(), digest_size=6).hexdigest()


def compare_sealed(answer: Any, right: Sealed, at: str = "") -> None:
    """Raise Mismatch if the answer is not the sealed one."""
    (item,) = right.items
    compare_item(answer, item, at)


def compare_item(answer: Any, item: dict[str, Any], at: str) -> None:
    if "items" in item:
        compare_items(answer, item, at)
    elif "text" in item:
        need(isinstance(answer, str), at, f"expected text, but you have {kind(answer)}")
        same = digest(item["salt"], 0, answer.strip()) == item["text"]
        need(same, at, f"the text is wrong: you have {answer!r}")
    else:
        compare_numbers(answer, item, at)


def compare_items(answer: Any, item: dict[str, Any], at: str) -> None:
    items, keys = item["items"], item.get("keys")
    if keys is None:
        need(isinstance(answer, (list, tuple)) and len(answer) == len(items), at,
             f"expected a list of {len(items)}, but you have {kind(answer)}")  # fmt: skip
        keys = range(len(items))
    else:
        need(isinstance(answer, dict), at, f"expected a dict, but you have {kind(answer)}")
        for key in keys:
            need(key in answer, at, f"the key {key!r} is missing")
        for key in answer:
            need(key in keys, at, f"there is a key too many: {key!r}")
    for key, inside in zip(keys, items):
        compare_item(answer[key], inside, f"{at}[{key!r}]")


def compare_numbers(answer: Any, item: dict[str, Any], at: str) -> None:
    shape, salt = tuple(item["shape"]), item["salt"]
    got = numbers_of(answer, shape, at)
    check_shape(got, shape, at)
    got = got.reshape(shape)
    if "bool" in item:
        need(got.dtype.kind == "b", at, f"expected True or False, but you have {kind(answer)}")
        mine = hashes(salt, got.astype(int))
        report(np.reshape(equal_digests(mine, item["bool"]), shape), got, at)
        return
    need(got.dtype.kind != "b", at, "expected numbers, but you have True or False")
    if "whole" in item and got.dtype.kind in "iu":
        report(np.reshape(equal_digests(hashes(salt, got), item["whole"]), shape), got, at)
        return
    rows = parts_of(got if len(item["numbers"]) == 1 else got.astype(complex))
    need(len(rows) == len(item["numbers"]), at, "expected real numbers, but you have complex ones")
    same = np.ones(got.size, bool)
    for row, hashed in zip(rows, item["numbers"]):
        for i, middle in enumerate(bins(row, item["step"])):
            whole = middle.lstrip("-").isdigit()
            near = [str(int(middle) + d) for d in (0, 1, -1)] if whole else [middle]
            hit = hashed[12 * i : 12 * i + 12] in [digest(salt, i, bin) for bin in near]
            same[i] = same[i] and hit
    report(same.reshape(shape), got, at)


def short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
