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


class Holder:
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
        self.holders: list[Holder] = []
        self.tensors: list[Tensor] = []
        empty: list[Any] = []  # such as a module's dicts of hooks: one holder for all of them
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
            for holder in holders_in(value, name):
                self.holders.append(holder)
                todo += zip(holder.values, holder.names)
        self.holders.append(Holder(lambda: list(map(len, empty)), ["what was empty"] * len(empty)))
        self.holders = [holder for holder in self.holders if holder.values]

    def changed(self) -> str | None:
        """What is not as it was, in words; None if all is."""
        for holder in self.holders:
            name = holder.changed()
            if name is not None:
                return name
        return None


def holders_in(value: Any, name: str) -> list[Holder]:
    """The holders of what can be reached from ``value`` in one step."""
    if isinstance(value, types.FunctionType):
        return [] if is_library(value.__module__) else function_holders(value)
    if isinstance(value, types.MethodType):
        return [fixed([value.__self__, value.__func__], name)]
    if isinstance(value, functools.partial):
        return [fixed([value.func, *value.args, *value.keywords.values()], name)]
    if isinstance(value, dict):
        return [dict_holder(value, f"an entry of {name}")]
    if isinstance(value, (list, tuple, set, frozenset)):
        if len(value) > LONGEST:
            return [Holder(lambda: [len(value)], [f"{name} (its length)"])]
        return [Holder(lambda: list(value), [name] * max(len(value), 1))]
    from ..nn.module import Module  # not loaded with minigrad

    own = type(value)
    if isinstance(value, types.ModuleType) or isinstance(value, type) or not hasattr(
        value, "__dict__"
    ):
        return []
    if is_library(own.__module__) and not isinstance(value, Module):
        return []  # such as an optimizer, which a replay calls itself
    holders = [dict_holder(vars(value), f"of {own.__name__}")]
    methods = [
        f for cls in own.__mro__ if not is_library(cls.__module__) for f in vars(cls).values()
        if isinstance(f, types.FunctionType)
    ]  # fmt: skip
    return [*holders, fixed(methods, name)]


def function_holders(function: types.FunctionType) -> list[Holder]:
    """The variables of a function: of the functions around it, global ones, and defaults."""
    cells = function.__closure__ or ()
    variables = function.__globals__
    used = names_in(function.__code__)
    names = [n for n in used if n in variables]
    holders = [
        Holder(lambda: [contents(c) for c in cells],
              [f"variable '{n}'" for n in function.__code__.co_freevars]),
        Holder(lambda: [variables.get(n, MISSING) for n in names],
              [f"variable '{n}'" for n in names]),
        fixed([*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()],
              "a default value"),
    ]  # fmt: skip
    for n in names:  # settings.lr, where settings is a module of the user's
        module = variables[n]
        if isinstance(module, types.ModuleType) and not is_library(module.__name__):
            holders.append(module_holder(module, n, used))
    return holders


def module_holder(module: types.ModuleType, name: str, used: list[str]) -> Holder:
    """The variables of a module of the user's."""
    variables = vars(module)
    held = [a for a in used if a in variables]
    names = [f"'{name}.{a}'" for a in held]
    return Holder(lambda: [variables.get(a, MISSING) for a in held], names)


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


def fixed(values: list[Any], name: str) -> Holder:
    """Values that cannot be rebound, to look inside them."""
    return Holder(lambda: values, [name] * max(len(values), 1))


def dict_holder(held: dict[Any, Any], name: str) -> Holder:
    if len(held) > LONGEST:
        return Holder(lambda: [len(held)], [f"{name} (their number)"])
    return Holder(lambda: list(held.values()), [f"'{k}' {name}" for k in held])


def is_library(module: str | None) -> bool:
    return module is not None and module.split(".")[0] in LIBRARIES
