"""The wrapper at the public names: a call that PyTorch refuses is refused, in PyTorch's words.

``check_functions(globals(), FUNCTIONAL)`` puts it around the functions of a module that a table
names. The functions themselves then need not ask whether they were given tensors.

Most are looked at only when a call has failed. Those marked ``!`` are asked before the call,
because they would take what PyTorch refuses; the kinds of a good call are remembered, so that the
next call of these kinds costs one look into a set.
"""

from __future__ import annotations

import functools
import inspect
from types import FunctionType
from typing import Any

from ..core.tensor import Tensor
from ..faithful import dtypes
from .arguments import (
    METHOD_SIGNATURES,
    SIGNATURES,
    by_position,
    complaint,
    fitting,
    forms,
    forms_of,
    inner_call,
    with_numbers,
)
from .checks import check
from .grammar import Form, Rule, Signature, signature, table

OPTIONS = frozenset({"out", "device", "layout", "pin_memory", "requires_grad"})


class Options:
    """How ``out=`` and its like are dealt with; ops/options.py, a floor above, fills it."""

    call: Any = None


options = Options()


class Asked:
    """What is asked of the arguments of one public function; worked out when first needed."""

    def __init__(self, function: Any, rule: Rule, method: bool) -> None:
        self.function = function
        self.rule = rule
        self.method = method

    @functools.cached_property
    def forms(self) -> list[Form]:
        """The forms of a function of PyTorch's C++; none of one that is written in Python."""
        return forms(self.rule.name, True) if self.method else forms_of(self.rule)

    @functools.cached_property
    def title(self) -> str:
        found = signature(self.rule.steps[0], self.rule.name)
        assert found
        return found.title

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.function)

    def takes(self, name: str) -> bool:
        """Whether PyTorch's function takes an argument of this name."""
        return any(p.name == name for form in self.forms for p in form)

    @functools.cached_property
    def options(self) -> frozenset[str]:
        """What PyTorch's function takes besides, and ours leaves to :class:`Options`."""
        ours = {*self.signature.parameters, *(["out"] if self.method else [])}
        return frozenset(filter(self.takes, OPTIONS - ours))

    def refuse(self, args: Any, kwargs: dict[str, Any]) -> None:
        """Raise what PyTorch raises, if the arguments do not fit."""
        if not self.forms:
            self.refuse_in_python(args, kwargs)
            return
        calls = [(args[self.method :], kwargs)] * len(self.forms)
        message = complaint(self.title, self.forms, calls)
        if message is not None:
            raise TypeError(message)

    def refuse_in_python(self, args: Any, kwargs: dict[str, Any]) -> None:
        """The same for a function that does several things with its arguments."""
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError:
            self.function(*args, **kwargs)  # raises in Python's words, as PyTorch's function
            raise
        bound.apply_defaults()
        for step in self.rule.steps:
            inner = signature(step, self.rule.name)
            if inner is None:
                check(step, bound.arguments)
            else:
                refuse_inner(inner, bound.arguments)

    def as_meant(self, args: Any, kwargs: dict[str, Any]) -> tuple[Any, Any] | None:
        """A good call with PyTorch's (or NumPy's) names of the arguments in the function's own
        terms; None if there is nothing to change."""
        form = fitting(self.forms, args[self.method :], kwargs)
        if form is None:
            return None
        moved, rest = by_position(form, args[self.method :], kwargs)
        return None if rest == kwargs else ((*args[: self.method], *moved), rest)

    def with_numbers(self, args: Any, kwargs: dict[str, Any]) -> Any:
        """The arguments, with a number for a tensor of 0 dimensions where a number must stand."""
        form = fitting(self.forms, args[self.method :], kwargs)
        if form is None:
            return args
        return (*args[: self.method], *with_numbers(form, args[self.method :]))


def refuse_inner(inner: Signature, given: dict[str, Any]) -> None:
    title = inner.title
    if title.endswith("_or_indices"):
        title = title.replace("_or_indices", "_with_indices" * bool(given["return_indices"]))
    message = complaint(title, inner.forms, [inner_call(form, given) for form in inner.forms])
    if message is not None:
        raise TypeError(message)


def refusing(function: Any, rule: Rule, method: bool = False) -> Any:
    """The function, which refuses what its rule says (a method: without the tensor itself)."""
    asked = Asked(function, rule, method)
    call = asked_first(function, asked) if rule.first else asked_after(function, asked)
    call = functools.wraps(function)(call)
    call.__name__ = rule.name
    return call


def asked_after(function: Any, asked: Asked) -> Any:
    """The function, whose arguments are looked at when it has failed, for whatever reason."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs and not asked.options.isdisjoint(kwargs):
            return options.call(asked, call, args, kwargs)
        try:
            return function(*args, **kwargs)
        except Exception as error:
            try:
                asked.refuse(args, kwargs)
            except Exception as refusal:
                raise refusal from error.__cause__
            meant = asked.as_meant(args, kwargs) if kwargs and type(error) is TypeError else None
            if meant is None:
                raise too_large(error) from error.__cause__
        return function(*meant[0], **meant[1])

    return call


def asked_first(function: Any, asked: Asked) -> Any:
    """The function, whose arguments are looked at before it runs, unless such were good before."""
    good: set[Any] = set()

    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs and not asked.options.isdisjoint(kwargs):
            return options.call(asked, call, args, kwargs)
        kinds: tuple[Any, ...] = tuple(map(type, args))
        if kwargs:
            kinds += (*kwargs, *map(type, kwargs.values()))
        if tuple in kinds or list in kinds:
            kinds += tuple([tuple(map(type, v)) for v in (*args, *kwargs.values())
                            if type(v) in (tuple, list)])  # fmt: skip
        if kinds not in good:
            details = (kinds, *map(kind_of, args), *map(kind_of, kwargs.values()))
            if details not in good:
                asked.refuse(args, kwargs)
                given, args = args, asked.with_numbers(args, kwargs)
                if len(good) < 100 and all(a is b for a, b in zip(args, given, strict=True)):
                    plain = all(map(is_plain, given)) and all(map(is_plain, kwargs.values()))
                    good.add(kinds if plain else details)
        try:
            return function(*args, **kwargs)
        except Exception as error:
            meant = asked.as_meant(args, kwargs) if kwargs and type(error) is TypeError else None
            if meant is None:
                raise too_large(error) from error.__cause__
        return function(*meant[0], **meant[1])

    return call


def is_plain(value: Any) -> bool:
    """Whether another value of this type fits where this one does."""
    if type(value) is Tensor:
        return value.ndim > 0  # one of 0 dimensions may stand for a number
    if type(value) in (tuple, list):
        return all(map(is_plain, value))
    return type(value) in PLAIN


PLAIN = frozenset({int, float, bool, str, type(None), dtypes.dtype})


def kind_of(value: Any) -> Any:
    """What else decides whether a value fits: of a tensor whether it can stand for a number."""
    kind = type(value)
    if kind is tuple or kind is list:
        return tuple(map(kind_of, value))
    if isinstance(value, Tensor) and not value._data.shape:
        return kind, value._data.dtype.kind, value.requires_grad
    return kind


def too_large(error: Exception) -> Exception:
    """PyTorch's error for a size that no computer has the memory for; any other as it is."""
    if not isinstance(error, MemoryError) and "array is too big" not in str(error):
        return error
    return RuntimeError(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
        f"{error}"
    )


def check_functions(namespace: dict[str, Any], rules: str | dict[str, Rule] = SIGNATURES) -> None:
    """Put refusing functions in place of those of a module that the rules name."""
    rules = table(rules) if isinstance(rules, str) else rules
    for name, rule in rules.items():
        if isinstance(namespace.get(name), FunctionType):
            namespace[name] = refusing(namespace[name], rule)


def check_methods(cls: Any) -> None:
    """The same for the tensor's methods."""
    for name, rule in {**SIGNATURES, **METHOD_SIGNATURES}.items():
        function = cls.__dict__.get(name)
        if isinstance(function, FunctionType) and not hasattr(function, "writes_alone"):
            if forms(name, True) != [[]]:  # x.exp() has no arguments that can be wrong
                setattr(cls, name, refusing(function, rule, method=True))
