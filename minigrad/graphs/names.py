"""The user's own names of tensors, found by looking through the user's variables."""

from __future__ import annotations

import inspect
import re
import types
import weakref
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

from ..core.tensor import Tensor, edge_of
from ..nn.module import Module

PACKAGE = __name__.split(".")[0]
MAX_LOOKED_AT = 200_000  # values, so that huge lists of other things cost little
# What IPython keeps by itself: _, __, _1, _i, _i1, _ih, _oh, _dh, In, Out.
HISTORY = re.compile(r"_+|_\d+|_i+|_i\d+|_[iod]h|In|Out|__\w*__")
SKIPPED = (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, str, bytes)


class Names:
    """Names of tensors, best first, by what a graph knows them by."""

    def __init__(self) -> None:
        self.by_edge: dict[Any, list[str]] = {}
        self.tensors: dict[Any, Tensor] = {}  # by edge
        self.by_id: dict[int, list[str]] = {}  # of tensors that need no gradient
        self.modules: set[str] = set()  # names of Python's modules, as torch
        self.nets: list[tuple[Any, str]] = []  # the user's nn.Modules: weak reference, name
        self._used: set[str] = set()

    def add(self, name: str, tensor: Tensor) -> None:
        if name in self._used:
            return  # a variable of a nearer scope hides this one
        self._used.add(name)
        edge = edge_of(tensor)
        if edge is None:
            self.by_id.setdefault(id(tensor), []).append(name)
        else:
            self.tensors.setdefault(edge, tensor)
            self.by_edge.setdefault(edge, []).append(name)

    def add_all(self, variables: Mapping[str, Any]) -> None:
        """Add the variables of one scope. Best: public, defined first, the shortest path."""
        found: list[tuple[bool, int, int, str, Tensor]] = []
        roots = [(n, v) for n, v in list(variables.items()) if not HISTORY.fullmatch(n)]
        self.modules.update(n for n, v in roots if type(v) is types.ModuleType)
        self.nets += [(weakref.ref(v), n) for n, v in roots if issubclass(type(v), Module)]
        for order, path, tensor in tensors_in(roots):
            found.append((path.startswith("_"), order, len(path), path, tensor))
        for *_, path, tensor in sorted(found, key=lambda f: f[:4]):
            self.add(path, tensor)


def names_from(given: Any, scopes: list[Mapping[str, Any]]) -> Names:
    """Names in order of rank: those given explicitly, then those of each scope."""
    names = Names()
    if isinstance(given, Mapping):
        wrong = [key for key in given if not isinstance(key, str)]
        if wrong:
            raise TypeError(
                f"names: the keys must be str, but got {type(wrong[0]).__name__}: write "
                "names={'w': w}, each name with its tensor"
            )
        names.add_all(given)
    elif given is not None and hasattr(type(given), "named_parameters"):
        for name, tensor in given.named_parameters():
            names.add(name, tensor)
    elif given is not None:
        raise TypeError(
            f"names must be a dict of names and tensors or a module, but got "
            f"{type(given).__name__}: write names={{'w': w}} or names=model"
        )
    for scope in scopes:
        names.add_all(scope)
    return names


def tensors_in(roots: list[tuple[str, Any]]) -> Iterator[tuple[int, str, Tensor]]:
    """Every tensor in the variables and up to two levels inside them: (variable no., path, it)."""
    level = [(order, name, value) for order, (name, value) in enumerate(roots)]
    budget = MAX_LOOKED_AT
    for depth in range(3):
        deeper = []
        for order, path, value in level:
            budget -= 1
            if issubclass(type(value), Tensor):  # isinstance would ask for value.__class__
                yield order, path, value
            elif depth < 2 and not issubclass(type(value), SKIPPED):
                inside = members(path, value, budget)
                budget -= len(inside)
                deeper += [(order, inner, v) for inner, v in inside]
        level = deeper


def members(path: str, value: Any, limit: int) -> list[tuple[str, Any]]:
    """What is directly inside a container or an object, with the expression that reaches it.

    Read so that no code of the user's runs (a lazy dict's ``items``, a property): it could fail, or
    change something.
    """
    kind = type(value)
    if issubclass(kind, dict):
        return [(f"{path}[{k!r}]", v) for k, v in take(dict.items(value), limit)
                if type(k) in (str, int) and not holds_nothing(v)]  # fmt: skip
    if issubclass(kind, tuple) and type(kind.__dict__.get("_fields")) is tuple:
        return [(f"{path}.{k}", v) for k, v in zip(kind.__dict__["_fields"], tuple.__iter__(value))]
    if issubclass(kind, (list, tuple)):
        each = list.__iter__(value) if issubclass(kind, list) else tuple.__iter__(value)
        return [(f"{path}[{i}]", v) for i, v in enumerate(take(each, limit))
                if not holds_nothing(v)]  # fmt: skip
    if issubclass(kind, Module):
        own = [(f"{path}{inside(k)}", v) for k, v in parameters(value)]
        return own + attributes(path, value)
    if str(kind.__module__).partition(".")[0] == PACKAGE:
        return []  # graphs, optimizers, recorders: they hold the user's tensors a second time
    return attributes(path, value)


def inside(name: str) -> str:
    """A parameter's name as an expression: ``layers.0.weight`` is ``.layers[0].weight``."""
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", f".{name}")


def attributes(path: str, value: Any) -> list[tuple[str, Any]]:
    """The instance's own attributes: read from its dict, so that no property runs."""
    if isinstance(inspect.getattr_static(type(value), "__dict__", None), property):
        return []
    try:
        own = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return []
    return [(f"{path}.{k}", v) for k, v in list(own.items())
            if type(k) is str and not k.startswith("_")]  # fmt: skip


def parameters(module: Any) -> list[tuple[str, Any]]:
    try:
        return list(module.named_parameters())
    except Exception:  # a half-made module of the user's: it must not stop a picture
        return []


def take(items: Any, limit: int) -> list[Any]:
    return [item for _, item in zip(range(max(limit, 0)), items)]


def holds_nothing(value: Any) -> bool:
    """Whether a member is a plain number or text, as most members of big lists are."""
    return issubclass(type(value), (int, float, str, bytes))


class NameList:
    """The names of a graph's nodes, made when they are asked for: a graph may be large.

    Of each the variable or operation (one text for all that have it), and the number behind it.
    """

    def __init__(self, n: int = 0) -> None:
        self._bases: list[str | None] = [None] * n
        self._numbers = array("q", bytes(8 * n))

    def __len__(self) -> int:
        return len(self._bases)

    def __getitem__(self, i: int) -> str:
        base, number = self._bases[i] or "", self._numbers[i]
        return f"{base}_{number}" if number else base

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, NameList) and self._bases == other._bases
                and self._numbers == other._numbers)  # fmt: skip

    def base(self, i: int) -> tuple[str, int]:
        """A name without its number, and the number (0 if it has none)."""
        return self._bases[i] or "", self._numbers[i]

    def has(self, i: int) -> bool:
        return self._bases[i] is not None

    def set(self, i: int, name: tuple[str, int]) -> None:
        self._bases[i], self._numbers[i] = name

    def of(self, indices: list[int]) -> NameList:
        """The names of these nodes only."""
        made = NameList(len(indices))
        for k, i in enumerate(indices):
            made._bases[k], made._numbers[k] = self._bases[i], self._numbers[i]
        return made


class Unique:
    """Makes names unique by numbering: mul, mul_2, mul_3. A name is its base and its number."""

    def __init__(self) -> None:
        self._plain: set[str] = set()  # taken without a number
        self._like_numbered: set[str] = set()  # h of a plain name h_3
        self._first: dict[str, int] = {}  # the numbers taken of a base ...
        self._last: dict[str, int] = {}  # ... without gaps but for plain names

    def is_taken(self, name: str) -> bool:
        if name in self._plain:
            return True
        base, _, number = name.rpartition("_")
        return number.isdecimal() and base in self._last and (
            self._first[base] <= int(number) <= self._last[base])  # fmt: skip

    def claim(self, name: str) -> tuple[str, int]:
        """``name`` if it is free, else the next free ``name_2`` ..."""
        if not self.is_taken(name):
            self._plain.add(name)
            base, _, number = name.rpartition("_")
            if number.isdecimal():
                self._like_numbered.add(base)
            return name, 0
        return self.numbered(name, 2)

    def numbered(self, name: str, first: int) -> tuple[str, int]:
        """The next free ``name_<number>``, counting from ``first``."""
        i = max(self._last.get(name, 0) + 1, first)
        while name in self._like_numbered and f"{name}_{i}" in self._plain:
            i += 1
        self._first.setdefault(name, i)
        self._last[name] = i
        return name, i
