"""What a step reads besides its arguments: whether all of it is still what it was.

A replay runs no Python, so it is right only while the step's code would find what it found before.
:class:`Guards` follows everything that the code can reach: variables of the functions around it,
global ones, defaults, what instances, classes, modules, lists and dicts hold, and the code of the
functions themselves. What it finds is checked in each call, by identity and in order, which is
quick; equal numbers count as the same. What cannot be checked (an iterator, a file, Python's own
random numbers, the clock) is a ``doubt``, and a step with a doubt is not replayed.

The idea is that of the guards of TorchDynamo (Ansel et al. 2024).
"""

from __future__ import annotations

import builtins
import collections
import dis
import functools
import sys
import types
from collections.abc import Callable, Iterable
from itertools import chain
from operator import attrgetter, is_
from typing import Any

import numpy as np

from ..core.tensor import Tensor

MOST_VALUES = 20_000  # to check more in each call would take longer than most steps
MOST_BYTES = 1 << 14  # NumPy arrays are compared by their numbers: larger ones are a doubt


class Missing:
    """What is found where there is nothing."""


MISSING: Any = Missing()
NUMBERS = (bool, int, float, complex, str, bytes)
UNCHANGING = (
    *NUMBERS, type(None), type(...), type(NotImplemented), range, slice, types.CodeType, np.dtype,
    np.generic, np.ufunc, Missing,
)  # fmt: skip
# Functions in C that belong to a class, or give access to one attribute: nothing is behind them.
DESCRIPTORS = (
    types.WrapperDescriptorType, types.MethodDescriptorType, types.MethodWrapperType,
    types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
    type(vars(collections.namedtuple("Pair", "a b"))["a"]),
)  # fmt: skip
CALLABLES = (types.FunctionType, types.MethodType, functools.partial)
LIBRARIES = frozenset({"minigrad", "numpy", "torch", *sys.stdlib_module_names}) - {"__main__"}
# Of the standard library, what gives the same results for the same arguments and changes nothing.
PURE = frozenset(
    "minigrad numpy torch math cmath operator functools itertools collections typing types enum abc"
    " dataclasses copy contextlib numbers string re fractions bisect heapq argparse builtins"
    " textwrap statistics warnings inspect".split()
)
IMPURE = frozenset({"print", "input", "open", "eval", "exec", "globals", "locals", "__import__"})
# With these, code may read attributes that it does not name.
READERS = frozenset(
    "getattr vars dir __dict__ __slots__ attrgetter methodcaller asdict astuple fields replace copy"
    " deepcopy getmembers __getattribute__ __getstate__ eval exec".split()
)
OF_LIBRARIES = frozenset({"forward"})  # names that minigrad itself calls


class Guards:
    """All that ``roots`` can reach, as it is now."""

    def __init__(self, *roots: Any) -> None:
        names: set[str] = set(OF_LIBRARIES)
        while True:  # code names attributes, which lead to code that names more
            found = Reached(roots, names)
            if found.names <= names:
                break
            names |= found.names
        self.doubt: str | None = found.doubt
        self.tensors = found.tensors
        self._arrays = [(a, a.tobytes(), a.dtype, name) for a, name in found.arrays]
        self._views = found.views  # whatever can be gone through again: a list, a dict's values
        self._names = found.view_names
        self._keys = found.keys  # dicts with names as keys
        self._reads = [read for read, _ in found.reads]  # functions that give values
        self._read_names = [name for _, name in found.reads]
        self._empty = found.empty
        self._instances = found.instances
        self._functions = found.functions
        self._builtins = found.builtins
        self._classes = list(map(type, self._instances))
        self._code = list(map(_code_of, self._functions))
        self._key_names = list(chain.from_iterable(self._keys))
        self._read = [read() for read in self._reads]
        self._remember()

    def _remember(self) -> None:
        self._lengths = list(map(len, self._views))
        self._values = list(chain.from_iterable(self._views))

    def changed(self) -> str | None:
        """What is not as it was, in words; None if all is."""
        if (
            list(map(len, self._views)) != self._lengths
            or not all(map(is_, chain.from_iterable(self._views), self._values))
            or any(self._empty)
            or list(chain.from_iterable(self._keys)) != self._key_names
            or list(map(type, self._instances)) != self._classes
            or list(map(_code_of, self._functions)) != self._code
        ):
            what = self._which()
            if what is not None:
                return what
            self._remember()  # other objects, but the same numbers
        read = [read() for read in self._reads]
        if not all(map(is_, read, self._read)):
            for now, before, name in zip(read, self._read, self._read_names):
                if not same(before, now):
                    return name
            self._read = read
        for a, numbers, dtype, name in self._arrays:
            if a.dtype != dtype or a.tobytes() != numbers:
                return f"the NumPy array {name}"
        for variables, used in self._builtins:
            if not variables.keys().isdisjoint(used):
                return "a built-in function's name"
        return None

    def _which(self) -> str | None:
        """What :meth:`changed` has seen; None if the values are equal."""
        if any(self._empty):
            return "what was empty"
        if list(map(type, self._instances)) != self._classes:
            return "the class of an object"
        if list(map(_code_of, self._functions)) != self._code:
            return "the code of a function"
        values = iter(self._values)
        for view, length, name in zip(self._views, self._lengths, self._names):
            what = (lambda i: name) if isinstance(name, str) else name  # noqa: B023
            if len(view) != length:
                return f"{what(0)} (its length)"
            for i, new in enumerate(view):
                if not same(next(values), new):
                    return str(what(i))
        if list(chain.from_iterable(self._keys)) != self._key_names:
            return "the order or the names of attributes"
        return None


class Reached:
    """What can be reached, by how it is checked. Of instances only attributes in ``names``."""

    def __init__(self, roots: Iterable[Any], names: set[str]) -> None:
        self.known = names
        self.everything = bool(names & READERS)
        self.names: set[str] = set()  # those that the code found mentions
        self.doubt: str | None = None
        self.tensors: list[Tensor] = []
        self.arrays: list[tuple[Any, str]] = []
        self.views: list[Any] = []
        self.view_names: list[Any] = []
        self.keys: list[Any] = []
        self.reads: list[tuple[Callable[[], Any], str]] = []
        self.empty: list[Any] = []
        self.instances: list[Any] = []
        self.functions: list[Any] = []
        self.builtins: list[tuple[Any, frozenset[str]]] = []
        self.seen: set[int] = set()
        self.seen_classes: set[tuple[type, bool]] = set()
        self.kept: list[Any] = []  # what is made on the way, so that no id is used twice
        self.todo: list[tuple[Any, str]] = [(root, "the step") for root in roots]
        n = 0
        while self.todo:
            value, name = self.todo.pop()
            if isinstance(value, UNCHANGING) or id(value) in self.seen:
                continue
            self.seen.add(id(value))
            self.reach(value, name)
            n += 1
            if n > MOST_VALUES:
                self.doubted(f"more than {MOST_VALUES} values")
                break

    def doubted(self, what: str) -> None:
        self.doubt = self.doubt or (
            f"its code can reach {what}, with which it may do something else, or with other "
            "constants, in each call: pass what it needs as arguments"
        )

    def reach(self, value: Any, name: str) -> None:
        """Note how to check ``value``, and go on to what it holds."""
        cls = type(value)
        if isinstance(value, Tensor):
            self.tensors.append(value)
            if value.__dict__:
                self.dict(value.__dict__, f"of {name}")
        elif isinstance(value, np.ndarray):
            if value.nbytes > MOST_BYTES or value.dtype.hasobject:
                self.doubted(f"a NumPy array of {value.nbytes} bytes")
            self.arrays.append((value, name))
        elif isinstance(value, types.FunctionType):
            home = value.__globals__.get("__name__", "")
            if not is_library(home):
                self.function(value)
            elif home.split(".")[0] not in PURE:
                self.doubted(f"{home}.{value.__qualname__}")
            else:  # a decorator's: a function of the user's inside
                inside = [contents(c) for c in value.__closure__ or ()]
                self.go([v for v in inside if isinstance(v, CALLABLES)], name)
        elif isinstance(value, types.ModuleType):
            self.module(value, name)
        elif isinstance(value, types.BuiltinFunctionType):
            owner = value.__self__
            if isinstance(owner, types.ModuleType):
                self.builtin(f"{owner.__name__}.{value.__name__}")
            else:
                self.go([owner], name)
        elif isinstance(value, type):
            self.classes(value)
        elif isinstance(value, types.MethodType):
            self.go([value.__self__, value.__func__], name)
        elif isinstance(value, functools.partial):
            self.go([value.func, *value.args, value.keywords, value.__dict__], name)
        elif isinstance(value, (property, functools.cached_property)):
            self.go([getattr(value, f, None) for f in ("fget", "fset", "fdel", "func")], name)
        elif isinstance(value, (staticmethod, classmethod)):
            self.go([value.__func__], name)
        elif isinstance(value, (tuple, frozenset)):
            self.go(list(value), name)
            self.instance(value, name)
        elif isinstance(value, (dict, types.MappingProxyType)):
            self.dict(value, f"an entry of {name}")
            self.instance(value, name)
        elif isinstance(value, (list, set, collections.deque)):
            self.view(value, name)
            self.instance(value, name)
        elif isinstance(value, DESCRIPTORS):
            return
        elif isinstance(value, functools._lru_cache_wrapper):
            if not is_library(value.__module__):
                self.doubted(f"what lru_cache keeps of {value.__name__}")
        elif is_called_anew(cls):
            self.optimizer(value, name)
        elif hasattr(value, "__dict__") or has_slots(cls):
            self.instance(value, name)
        else:
            self.doubted(f"a {cls.__name__} ({name})")

    def go(self, values: list[Any], name: str) -> None:
        self.kept.append(values)
        self.todo += [(v, name) for v in values]

    def view(self, view: Any, name: Any) -> None:
        """Values that may be other ones later."""
        values = list(view)
        if not values:
            self.empty.append(view)
            return
        if len(values) > MOST_VALUES:
            self.doubted(f"{len(values)} values")
            return
        self.views.append(view)
        self.view_names.append(name)
        self.kept.append(values)
        for i, value in enumerate(values):
            self.todo.append((value, name if isinstance(name, str) else name(i)))

    def dict(self, held: Any, name: str) -> None:
        keys = list(held)
        self.view(held.values(), lambda i: f"'{keys[i]}' {name}")
        if keys and all(type(k) is str for k in keys):
            self.keys.append(held)
        elif keys:
            self.view(held, name)

    def attributes(self, held: Any, name: str, chosen: Callable[[str], bool]) -> None:
        """Of a dict of attributes those that the code may read."""
        mine = [k for k in held if chosen(k)]
        if len(mine) == len(held):
            self.dict(held, name)
            return
        for k in mine:
            self.reads.append((functools.partial(held.get, k, MISSING), f"'{k}' {name}"))
            self.todo.append((held[k], f"'{k}' {name}"))
        self.keys.append(held)  # an attribute that comes later may hide one of the class

    def function(self, function: types.FunctionType) -> None:
        """A function: its code, and the variables that the code reads."""
        self.functions.append(function)
        code = function.__code__
        variables = function.__globals__
        names, used = names_in(code)
        self.names |= names
        self.todo += [(v, "a default value") for v in function.__defaults__ or ()]
        if function.__kwdefaults__:
            self.dict(function.__kwdefaults__, "of the defaults")
        if function.__dict__:
            self.dict(function.__dict__, f"of {function.__name__}")
        else:
            self.empty.append(function.__dict__)
        for variable, cell in zip(code.co_freevars, function.__closure__ or ()):
            self.variable(functools.partial(contents, cell), f"variable '{variable}'")
        hidden = set()
        for n in used:
            if n in variables:
                self.variable(functools.partial(variables.get, n, MISSING), f"variable '{n}'")
            elif hasattr(builtins, n):
                hidden.add(n)
                self.builtin(f"builtins.{n}")
        if hidden:
            self.builtins.append((variables, frozenset(hidden)))
        for imported in imports_in(code):
            module = sys.modules.get(imported)
            if module is not None:
                self.todo.append((module, f"'{imported}'"))

    def variable(self, read: Callable[[], Any], name: str) -> None:
        self.reads.append((read, name))
        self.todo.append((read(), name))

    def builtin(self, name: str) -> None:
        """A function in C: some read what cannot be checked, or do more than give a result."""
        module, _, short = name.rpartition(".")
        top = module.split(".")[0].lstrip("_")
        if short in IMPURE if module == "builtins" else top in LIBRARIES and top not in PURE:
            self.doubted(f"{short}()" if module == "builtins" else name)

    def module(self, module: types.ModuleType, name: str) -> None:
        """The variables of a module that the code names."""
        parts = module.__name__.split(".")
        if is_library(module.__name__) and (parts[0] not in PURE or parts[1:2] == ["random"]):
            if parts[0] != "minigrad":
                self.doubted(module.__name__)
                return
        variables = vars(module)
        for n in self.known:
            if n in variables and not (n.startswith("__") and n.endswith("__")):
                read = functools.partial(variables.get, n, MISSING)
                self.variable(read, f"'{name.split(chr(39))[-2] if chr(39) in name else name}.{n}'")

    def classes(self, cls: type, constructed: bool = True) -> None:
        """A class of the user's, and those it inherits from: what they hold, their code.

        constructed: the step may make objects of it, so that its ``__init__`` counts.
        """
        for base in cls.__mro__:
            if is_library(base.__module__) or (base, constructed) in self.seen_classes:
                continue
            self.seen_classes.add((base, constructed))
            held = vars(base)
            self.kept.append(held)

            def chosen(k: str, base: type = base) -> bool:
                if k in ("__dict__", "__weakref__", "__doc__", "__module__", "__annotations__"):
                    return False
                if not constructed and k in ("__init__", "__new__", "__post_init__"):
                    return False
                return self.named(k) or any(
                    hasattr(b, k) for b in base.__mro__ if is_library(b.__module__)
                )

            for k in [k for k in held if chosen(k)]:
                self.variable(functools.partial(held.get, k, MISSING), f"'{k}' of {base.__name__}")
            self.keys.append(held)
        if type(cls) is not type:
            self.go([type(cls)], f"the class of {cls.__name__}")

    def named(self, k: str) -> bool:
        """Whether the code may read an attribute of this name."""
        return self.everything or k in self.known or (k.startswith("__") and k.endswith("__"))

    def instance(self, value: Any, name: str) -> None:
        """An object: its class, and what its attributes hold."""
        cls = type(value)
        if cls.__module__ == "builtins":
            return
        self.instances.append(value)
        self.classes(cls, constructed=bool(self.known & {"type", "__class__"}))
        # Code of a library may read all attributes of objects of its own classes.
        of_library = any(is_library(c.__module__) for c in cls.__mro__ if c is not object)
        if is_library(cls.__module__):
            top = cls.__module__.split(".")[0]
            if top not in PURE and cls is not types.SimpleNamespace:
                self.doubted(f"a {cls.__module__}.{cls.__name__}")
            if "forward" in dir(cls):  # a layer of minigrad's: even that may be replaced
                self.reads.append((functools.partial(getattr, cls, "forward"), "'forward'"))
        held = getattr(value, "__dict__", None)
        if held:
            every = of_library or self.everything
            chosen = (lambda k: True) if every else self.named
            self.attributes(held, f"of {cls.__name__}", chosen)
        elif held is not None:
            self.empty.append(held)
        for slot in slots_of(cls):
            if of_library or self.named(slot):
                read = functools.partial(getattr, value, slot, MISSING)
                self.variable(read, f"'{slot}' of {cls.__name__}")

    def optimizer(self, value: Any, name: str) -> None:
        """A replay calls its ``step`` anew: what that reads need not be what it was."""
        cls = type(value)
        self.instances.append(value)
        for called in ("step", "zero_grad"):
            if hasattr(cls, called):
                self.reads.append((functools.partial(getattr, cls, called), f"'{called}'"))
                self.reads.append((functools.partial(value.__dict__.get, called), f"'{called}'"))
        self.todo += [(v, k) for k, v in vars(value).items() if "hook" in k]
        if self.known & (set(dir(value)) - {"step", "zero_grad"} - set(dir(object))):
            self.attributes(value.__dict__, f"of {cls.__name__}", lambda k: True)


def same(old: Any, new: Any) -> bool:
    """Whether one may stand for the other: the same object, or an equal number."""
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    if isinstance(old, np.generic):
        return old.tobytes() == new.tobytes()
    if isinstance(old, types.MethodType):  # made anew each time it is looked up
        return old.__self__ is new.__self__ and old.__func__ is new.__func__
    # By what is printed too: 0.0 is not -0.0.
    return type(old) in NUMBERS and (old == new or old != old) and repr(old) == repr(new)


_code_of = attrgetter("__code__", "__defaults__", "__kwdefaults__")


def contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # no value yet
        return MISSING


def codes_in(code: types.CodeType) -> list[types.CodeType]:
    """The code, and that of the functions defined in it."""
    codes = [code]
    for one in codes:  # which grows as it goes
        codes += [c for c in one.co_consts if isinstance(c, types.CodeType)]
    return codes


@functools.lru_cache(maxsize=1000)
def names_in(code: types.CodeType) -> tuple[frozenset[str], tuple[str, ...]]:
    """All names that the code mentions (also as text), and those of global variables."""
    names: set[str] = set()
    used: list[str] = []
    for one in codes_in(code):
        names.update(one.co_names)
        for constant in one.co_consts:  # getattr(x, "lr"), or the names in a match statement
            for c in constant if isinstance(constant, tuple) else (constant,):
                if isinstance(c, str) and c.isidentifier():
                    names.add(c)
        used += [i.argval for i in dis.get_instructions(one) if i.opname in GLOBAL_READS]
    return frozenset(names), tuple(dict.fromkeys(used))


GLOBAL_READS = frozenset(("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "LOAD_BUILD_CLASS"))


def imports_in(code: types.CodeType) -> list[str]:
    """The modules that the code imports when it runs."""
    found = []
    for one in codes_in(code):
        for i in dis.get_instructions(one):
            if i.opname == "IMPORT_NAME":
                found.append(i.argval)
    return found


def is_called_anew(cls: type) -> bool:
    """Optimizers and schedulers of minigrad's: a replay calls their ``step`` itself."""
    return bool(getattr(getattr(cls, "step", None), "__replayed__", False))


def slots_of(cls: type) -> list[str]:
    found = []
    for base in cls.__mro__:
        for k, v in vars(base).items():
            if isinstance(v, types.MemberDescriptorType):
                found.append(k)
    return found


def has_slots(cls: type) -> bool:
    """Whether all that an object of this class holds is in attributes."""
    return not is_library(cls.__module__) and all(
        not is_library(base.__module__) or base is object for base in cls.__mro__
    )


def is_library(module: str | None) -> bool:
    return module is not None and module.split(".")[0] in LIBRARIES
