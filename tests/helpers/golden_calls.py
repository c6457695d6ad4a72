"""Numbers that PyTorch gave once for the lines of a table (made by make_calls.py)."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
from calls import Call, Picker
from differential import run, same
from golden_files import read_golden

import minigrad as mg

KINDS = ("out", "first", "second")


def variants(line: str) -> list[Call]:
    """The calls that are stored: the first alternatives, and if there are others, more draws."""
    made = [Call(line)]
    if "{" in line:
        for seed in range(1, 12):
            one = Call(line, Picker(seed))
            if one.text not in [c.text for c in made] and len(made) < 4:
                made.append(one)
    return made


def results(lib: Any, call: Call, seed: int) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run(lib, call, call.arrays(seed), seed, call.order, call.fixed)


@cache
def stored(table: str) -> Any:
    return read_golden(f"{table}_calls.json")["calls"]


def plain(a: Any) -> Any:
    """An array as JSON: dtype, shape, and numbers with 11 digits."""
    if a is None:
        return None
    a = np.asarray(a)
    if a.dtype.kind in "fc" and not a.any():
        return [a.dtype.name, list(a.shape), 0]  # many gradients are 0
    flat = a.ravel()
    if a.dtype.kind == "c":
        flat = np.stack([flat.real, flat.imag], -1).ravel()
    numbers = [float(f"{v:.11g}") if isinstance(v, float) else v for v in flat.tolist()]
    return [a.dtype.name, list(a.shape), numbers]


def array(kept: Any) -> Any:
    if kept is None:
        return None
    name, shape, numbers = kept
    if numbers == 0:
        return np.zeros(shape, name)
    if np.dtype(name).kind == "c":
        pairs = np.asarray(numbers).reshape(-1, 2)
        return (pairs[:, 0] + 1j * pairs[:, 1]).astype(name).reshape(shape)
    return np.asarray(numbers, name).reshape(shape)


def against_stored(table: str, line: str) -> None:
    """Assert that minigrad gives the stored numbers: results, gradients of both orders."""
    kept = stored(table)[line]
    calls = variants(line)
    assert len(kept) == len(calls)
    for seed, (call, wanted) in enumerate(zip(calls, kept, strict=True)):
        got = results(mg, call, seed)
        for kind in KINDS:
            ours, theirs = got.get(kind, []), [array(a) for a in wanted.get(kind, [])]
            if len(ours) != len(theirs):  # a gradient that is constant in one of the two
                assert kind == "second"
                for a in ours + theirs:
                    same(a, None, 1e-8, f"{call.text}: {kind}")
                continue
            for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
                loose = b is not None and b.dtype in (np.float32, np.complex64, np.float16)
                rtol = (1e-5 if loose else 1e-8) * (100 if call.rough else 1)
                same(a, b, rtol, f"{call.text}: {kind} {i}")
