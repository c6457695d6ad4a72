"""Inputs for a Case: shapes and numbers from one random generator."""

from __future__ import annotations

from typing import Any

import numpy as np
from against_torch import Case, draw_array
from hypothesis import strategies as st


def draw_shape(rng: np.random.Generator, kind: str) -> tuple[int, ...]:
    """A small shape: 'any' may have no dimension or no element."""
    if kind == "any":
        return tuple(int(n) for n in rng.choice([0, 1, 2, 3, 4], rng.integers(0, 4),
                                                p=[0.06, 0.2, 0.26, 0.26, 0.22]))  # fmt: skip
    if kind == "some":
        return tuple(int(n) for n in rng.integers(1, 5, rng.integers(0, 4)))
    if kind == "rows":
        return tuple(int(n) for n in rng.integers(1, 5, rng.integers(1, 4)))
    if kind == "vector":
        return (int(rng.integers(1, 7)),)
    raise ValueError(kind)


def shapes(kind: str) -> st.SearchStrategy[tuple[int, ...]]:
    """The same shapes for hypothesis to draw."""
    if kind == "any":
        return st.lists(st.integers(0, 4), max_size=3).map(tuple)
    if kind == "vector":
        return st.tuples(st.integers(1, 6))
    smallest = {"some": 0, "rows": 1}[kind]
    return st.lists(st.integers(1, 4), min_size=smallest, max_size=3).map(tuple)


def broadcastable(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that broadcasts to ``shape``: leading dimensions dropped, others made 1."""
    drop = int(rng.integers(0, len(shape) + 1)) if rng.uniform() < 0.3 else 0
    return tuple(1 if rng.uniform() < 0.25 else n for n in shape[drop:])


def draw_inputs(
    rng: np.random.Generator, case: Case, dtype: str, shape: tuple[int, ...] | None = None
) -> list[Any]:
    """The arrays for one run of ``case``, in the case's own shapes or ``shape`` (None: drawn)."""
    if case.shapes:
        return [draw_array(rng, d, tuple(s), dtype)
                for d, s in zip(case.domains, case.shapes, strict=True)]  # fmt: skip
    shape = draw_shape(rng, case.shape) if shape is None else shape
    arrays = []
    for i, domain in enumerate(case.domains):
        own = broadcastable(rng, shape) if i and case.broadcast else shape
        arrays.append(draw_array(rng, domain, own, dtype))
    return arrays
