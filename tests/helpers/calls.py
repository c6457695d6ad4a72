"""Calls written as lines of text, ``arguments | call``, and how each is run and checked.

    x=*  y=~@pos | torch.add(x, y, alpha={2|0.5})

An argument is ``name=shape``. A shape is made of fixed lengths (``3,4``), of capital letters that
stand for lengths to be drawn (``N,M``; usable in the call as well), or is ``*`` (any shape), ``+``
(any with at least one dimension and no length 0) or ``~`` (any that broadcasts to ``*`` or ``+``).
After ``@`` stands what it is filled with: ``01`` (between 0 and 1), ``pos`` (positive), ``out``
(away from 0), ``unit`` (between -0.85 and 0.85), ``ties`` (few values), ``sign`` (1 and -1),
``intN`` (whole numbers below N), ``permN`` (different whole numbers below N), ``bool``, ``cplx``;
without it, between -2 and 2. ``!`` says that no gradient is taken. In the call, ``{a|b|c}`` are
alternatives.

Marks at the end: ``#0`` and ``#1`` (the highest derivative that exists, or that PyTorch has),
``#names`` (another node than PyTorch's, as the call is made of several operations here or there),
``#rough`` (numbers that lose digits in both libraries), ``#kinks`` (no finite differences),
``#rows`` (only for tensors whose numbers lie in memory row by row).
"""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np

LENGTHS = {"N": 3, "M": 4, "K": 2, "C": 3, "L": 5, "O": 2, "H": 4, "W": 5, "P": 2, "Q": 3}
RANGES = {"01": (0.05, 0.95), "pos": (0.2, 2.0), "unit": (-0.85, 0.85)}
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


class Picker:
    """Makes the choices that a line leaves open: the first of each, or drawn ones."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = None if seed is None else random.Random(seed)

    def pick(self, options: Any) -> Any:
        return options[0] if self.random is None else self.random.choice(options)

    def length(self, letter: str) -> int:
        return LENGTHS[letter] if self.random is None else self.random.randint(1, 4)

    def shape(self, nonempty: bool) -> tuple[int, ...]:
        if self.random is None:
            return (2, 3)
        low = 1 if nonempty or self.random.random() < 0.9 else 0
        return tuple(self.random.randint(low, 4) for _ in range(self.random.randint(nonempty, 3)))

    def part(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """A shape that broadcasts to ``shape``."""
        if self.random is None:
            return shape[1:]
        start = self.random.choice([0, 0, 0, *range(len(shape) + 1)])
        return tuple(1 if self.random.random() < 0.2 else n for n in shape[start:])


class Drawn(Picker):
    """Lets hypothesis choose, so that it can look for the smallest failing example."""

    def __init__(self, data: Any) -> None:
        from hypothesis import strategies as st

        self.data, self.st = data, st
        super().__init__(None)

    def pick(self, options: Any) -> Any:
        return self.data.draw(self.st.sampled_from(options))

    def length(self, letter: str) -> int:
        return self.data.draw(self.st.integers(1, 4), label=letter)

    def shape(self, nonempty: bool) -> tuple[int, ...]:
        n = self.data.draw(self.st.integers(int(nonempty), 3))
        low = 1 if nonempty or self.data.draw(self.st.integers(0, 5)) else 0
        return tuple(self.data.draw(self.st.integers(low, 4)) for _ in range(n))

    def part(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        start = self.data.draw(self.st.sampled_from([0, 0, *range(len(shape) + 1)]))
        return tuple(self.data.draw(self.st.sampled_from([n, n, 1])) for n in shape[start:])


class Call:
    """A line, with all choices made."""

    def __init__(self, line: str, picker: Picker | None = None) -> None:
        picker = picker or Picker()
        self.line = line
        head, _, text = line.partition("| ")
        text, *marks = text.split(" #")
        marks = [m.strip() for m in marks]
        self.order = next((int(m) for m in marks if m.isdigit()), 2)
        self.names = "names" not in marks
        self.rough = "rough" in marks
        self.rows = "rows" in marks
        self.lengths: dict[str, int] = {}
        self.arguments: list[tuple[str, tuple[int, ...], str]] = []
        self.fixed: list[int] = []
        whole: tuple[int, ...] | None = None
        for i, word in enumerate(head.split()):
            name, spec = word.split("=")
            if spec.endswith("!"):
                self.fixed.append(i)
            size, _, fill = spec.removesuffix("!").partition("@")
            if size in ("*", "+"):
                if whole is None:
                    whole = picker.shape(size == "+")
                shape = whole
            elif size == "~":
                shape = picker.part(whole or ())
            else:
                shape = tuple(self.length(n, picker) for n in size.split(",") if n)
            self.arguments.append((name, shape, fill))
        self.text = CHOICE.sub(
            lambda m: picker.pick([choice.strip() for choice in m[1].split("|")]), text.strip()
        )
        for letter in re.findall(r"(?<![.\w])[A-Z]\b", self.text):
            if letter != "F":
                self.length(letter, picker)

    def length(self, text: str, picker: Picker) -> int:
        if text.isdigit():
            return int(text)
        if text not in self.lengths:
            self.lengths[text] = picker.length(text)
        return self.lengths[text]

    def arrays(self, seed: int, dtype: str = "float64") -> list[Any]:
        """Numbers for the arguments."""
        rng = np.random.default_rng(seed)
        return [self.fill(rng, shape, fill, dtype) for _, shape, fill in self.arguments]

    def fill(self, rng: Any, shape: tuple[int, ...], fill: str, dtype: str) -> Any:
        if fill.startswith("int"):
            high = int(fill[3:]) if fill[3:].isdigit() else self.lengths[fill[3:]]
            return np.asarray(rng.integers(0, high, shape))
        if fill.startswith("perm"):
            high = int(fill[4:]) if fill[4:].isdigit() else self.lengths[fill[4:]]
            return rng.permutation(high)[: shape[0]]
        if fill == "bool":
            if not shape:
                return np.asarray(rng.random() < 0.7)
            return (rng.random(shape) < 0.7) | (np.arange(shape[-1]) == 0)
        if fill == "sign":
            return np.where(rng.random(shape) < 0.5, -1.0, 1.0).astype(dtype)
        low, high = RANGES.get(fill, (-2.0, 2.0))
        x = np.asarray(rng.uniform(low, high, shape))
        if fill == "out":
            x = np.sign(x + 1e-9) * (np.abs(x) + 0.3)
        if fill == "ties":
            x = np.round(x)
        if fill == "cplx":
            x = x + 1j * rng.uniform(-2.0, 2.0, shape)
            return x.astype("complex64" if dtype == "float32" else "complex128")
        return x.astype(dtype)

    def __call__(self, lib: Any, *tensors: Any) -> Any:
        scope = {name: t for (name, *_), t in zip(self.arguments, tensors, strict=True)}
        return eval(self.text, {"torch": lib, "F": functional(lib), **self.lengths, **scope})


def functional(lib: Any) -> Any:
    import minigrad.nn.functional as ours

    return ours if lib.__name__ == "minigrad" else lib.nn.functional


def lines(table: str) -> list[str]:
    """The calls of a table; lines that start with # are headings."""
    stripped = [" ".join(line.split()) for line in table.splitlines()]
    return [line for line in stripped if line and not line.startswith("#")]
