"""What a step reads besides tensors: its variables, and the attributes of its objects.

A replay runs no Python, so it is right only while these are what they were. ``Watched`` notes all
that the step's code can reach by name: closures, global variables, what ``self``, modules, lists
and dicts hold. Comparing is by identity, which is quick; equal numbers count as the same.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor

LONGEST = 1000  # of longer lists and dicts only the length is compared
LIBRARIES = frozenset({"minigrad", "numpy", "torch", *sys.stdlib_module_names}) - {"__main__"}
NUMBERS = (bool, int, float, complex, str, bytes)
MISSING = object()


class Place:
    """Some values that are looked up again: entries of a dict, a list, or variables."""

    __slots__ = ("read", "names", "values", "ids")

    def __init__(self, read: Callable[[], list[Any]], names: list[str]) -> None:
        self.read = read
        self.names = names
        self.values = read()  # kept, so that no other object can have the same id
        self.ids = list(map(id, self.values))

    def changed(self) -> str | None:
        """The name of a value that is not what it was; None if all are."""
        now = self.read()
        if list(map(id, now)) == self.ids:
            return None
        if len(now) != len(self.values):
            return f"{self.names[-1] if self.names else 'a container'} (its length)"
        for name, old, new in zip(self.names, self.values, now):
            if old is not new and not (type(old) is type(new) in NUMBERS and old == new):
                return name
        return None


class Watched:
    """All that a function can read by name, as it is now."""

    def __init__(self, function: Any) -> None:
        self.places: list[Place] = []
        self.tensors: list[Tensor] = []
        empty: list[Any] = []  # such as a module's dicts of hooks: one place for all of them
        seen: set[int] = set()
        todo: list[tuple[Any, str]] = [(function, "the step")]
        while todo:
            value, name = todo.pop()
            if id(value) in seen or value is None or isinstance(value, NUMBERS):
                continue
            seen.add(id(value))
            if isinstance(value, Tensor):
                self.tensors.append(value)
                continue
            if isinstance(value, (dict, list, set)) and not value:
                empty.append(value)
                continue
            for place in places_in(value, name):
                self.places.append(place)
                todo += zip(place.values, place.names)
        self.places.append(Place(lambda: list(map(len, empty)), ["what was empty"] * len(empty)))
        self.places = [place for place in self.places if place.values]

    def changed(self) -> str | None:
        """What is not as it was, in words; None if all is."""
        for place in self.places:
            name = place.changed()
            if name is not None:
                return name
        return None


def places_in(value: Any, name: str) -> list[Place]:
    """The places that hold what can be reached from ``value`` in one step."""
    if isinstance(value, types.FunctionType):
        return [] if is_library(value.__module__) else function_places(value)
    if isinstance(value, types.MethodType):
        return [fixed([value.__self__, value.__func__], name)]
    if isinstance(value, functools.partial):
        return [fixed([value.func, *value.args, *value.keywords.values()], name)]
    if isinstance(value, dict):
        return [dict_place(value, f"an entry of {name}")]
    if isinstance(value, (list, tuple, set, frozenset)):
        if len(value) > LONGEST:
            return [Place(lambda: [len(value)], [f"{name} (its length)"])]
        return [Place(lambda: list(value), [name] * max(len(value), 1))]
    from ..nn.module import Module  # not loaded with minigrad

    own = type(value)
    if isinstance(value, types.ModuleType) or isinstance(value, type) or not hasattr(
        value, "__dict__"
    ):
        return []
    if is_library(own.__module__) and not isinstance(value, Module):
        return []  # such as an optimizer, which a replay calls itself
    places = [dict_place(vars(value), f"of {own.__name__}")]
    methods = [
        f for cls in own.__mro__ if not is_library(cls.__module__) for f in vars(cls).values()
        if isinstance(f, types.FunctionType)
    ]  # fmt: skip
    return [*places, fixed(methods, name)]


def function_places(function: types.FunctionType) -> list[Place]:
    """The variables of a function: of the functions around it, global ones, and defaults."""
    cells = function.__closure__ or ()
    variables = function.__globals__
    used = names_in(function.__code__)
    names = [n for n in used if n in variables]
    places = [
        Place(lambda: [contents(c) for c in cells],
              [f"variable '{n}'" for n in function.__code__.co_freevars]),
        Place(lambda: [variables.get(n, MISSING) for n in names],
              [f"variable '{n}'" for n in names]),
        fixed([*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()],
              "a default value"),
    ]  # fmt: skip
    for n in names:  # settings.lr, where settings is a module of the user's
        module = variables[n]
        if isinstance(module, types.ModuleType) and not is_library(module.__name__):
            places.append(module_place(module, n, used))
    return places


def module_place(module: types.ModuleType, name: str, used: list[str]) -> Place:
    """The variables of a module of the user's."""
    variables = vars(module)
    held = [a for a in used if a in variables]
    return Place(lambda: [variables.get(a, MISSING) for a in held], [f"'{name}.{a}'" for a in held])


def names_in(code: types.CodeType) -> list[str]:
    """The global names and attributes that the code, and functions defined in it, mention."""
    names = list(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            names += names_in(inner)
    return list(dict.fromkeys(names))


def contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # no value yet
        return MISSING


def fixed(values: list[Any], name: str) -> Place:
    """Values that cannot be rebound, to look inside them."""
    return Place(lambda: values, [name] * max(len(values), 1))


def dict_place(held: dict[Any, Any], name: str) -> Place:
    if len(held) > LONGEST:
        return Place(lambda: [len(held)], [f"{name} (their number)"])
    return Place(lambda: list(held.values()), [f"'{k}' {name}" for k in held])


def is_library(module: str | None) -> bool:
    return module is not None and module.split(".")[0] in LIBRARIES
