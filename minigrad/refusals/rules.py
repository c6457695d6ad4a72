"""What a function's arguments must be, and PyTorch's words for what is something else.

A line of a table of rules (such as nn/functional/rules.py) names a function and what is asked of
its arguments, in PyTorch's order::

    mse_loss: target.size(); input.size(); reduction
    glu: input.dim(); > glu(Tensor input, int dim)

* ``target.size()``: what PyTorch's function, where it is written in Python, does with it first. If
  that fails (a list has no size), it fails with Python's words, as there.
* ``reduction``: one of PyTorch's three words.
* ``glu(...)``: the signature of PyTorch's function (written as in signatures.py; ``|`` between
  several forms). ``>`` before it: it is called from a Python function, always with positions.
  ``indices<input``: the signature's name for what is called input here; ``_``: none here.
  ``pair``: numbers for two dimensions, or one that is doubled before it is looked at.

Nothing is asked while calls succeed. Only functions marked ``!`` are asked first, because they
would take what PyTorch refuses; calls of a kind that was good once are not asked again.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..core.tensor import Tensor
from .arguments import (
    Parameter,
    combination,
    fits,
    is_int,
    likely,
    must_be,
    not_unpacked,
    parsed,
    wrong,
)


class Given(dict[str, Any]):
    """The arguments of a call, those left out with their defaults; ``given``: the others."""

    def __init__(self, arguments: Any) -> None:
        self.given = tuple(arguments)


def told(rules: str) -> Iterator[tuple[str, bool, list[str]]]:
    """Name of the function, whether it is asked first, and the steps of its rule."""
    for line in rules.strip().splitlines():
        names, _, steps = line.partition(": ")
        for name in names.split():
            bare = name.rstrip("!")
            every = " ".join(steps.split()).replace("( ", "(").replace("NAME", bare).split("; ")
            yield bare, name != bare, every


def obeying(rules: str, functions: dict[str, Any]) -> dict[str, Any]:
    """The functions that the rules name, as functions that refuse what does not fit."""
    return {name: refusing(functions[name], name, first, steps)
            for name, first, steps in told(rules)}  # fmt: skip


def refusing(function: Any, name: str, first: bool, steps: list[str]) -> Any:
    """The function, which raises what PyTorch raises if its arguments do not fit."""
    signature = inspect.signature(function)
    checks = [check_of(step) for step in steps]
    good: set[Any] = set()

    def refuse(args: Any, kwargs: Any) -> None:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            for step in steps:
                if is_signature(step) and not step.startswith("> "):
                    raise TypeError(incomplete(step, args, kwargs)) from None
            function(*args, **kwargs)  # raises in Python's words, as PyTorch's Python function
            raise
        given = Given(bound.arguments)
        bound.apply_defaults()
        given.update(bound.arguments)
        for check in checks:
            check(given, len(args))

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if first:  # a few types looked up, 1 us
            kinds = tuple(map(kind_of, args)) + tuple(kwargs) + tuple(map(kind_of, kwargs.values()))
            if kinds not in good:
                refuse(args, kwargs)
                if len(good) < 100:
                    good.add(kinds)
        try:
            return function(*args, **kwargs)
        except Exception as error:
            if not first:
                refuse(args, kwargs)
            raise too_large(error) from error.__cause__

    return call


def too_large(error: Exception) -> Exception:
    """PyTorch's error for a size that no computer has the memory for; any other as it is."""
    if not isinstance(error, MemoryError) and "array is too big" not in str(error):
        return error
    return RuntimeError(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
        f"{error}"
    )


PLAIN = {bool, int, float, type(None)}


def kind_of(value: Any) -> Any:
    """What decides whether a value fits: its type; of a list the types in it, of a tensor where a
    number may stand whether it is one, of a text itself."""
    kind = value.__class__
    if kind in PLAIN:
        return kind
    if kind is tuple or kind is list:
        return (kind, *[v.__class__ for v in value])
    if kind is str:
        return value
    if isinstance(value, Tensor) and not value._data.shape:
        return kind, value._data.dtype.kind, value.requires_grad
    return kind


# --- the steps -----------------------------------------------------------------------------------

Check = Callable[[Given, int], None]


def check_of(step: str) -> Check:
    if step == "reduction":
        return check_reduction
    return check_signature(step) if is_signature(step) else check_expression(step)


def is_signature(step: str) -> bool:
    return re.match(r"(> )?\w+\([\w\[\]?|]+ \w", step) is not None


def incomplete(step: str, args: Any, kwargs: dict[str, Any]) -> str:
    """PyTorch's words for arguments that are missing, too many or unknown."""
    name, forms, _ = signature_of(step)
    messages = [wrong(name, form, args, kwargs) for form in forms]
    if len(forms) > 1:
        return combination(name, forms, args, kwargs)
    return messages[0] or f"{name}() was called with arguments that it does not take"


def check_reduction(given: Given, positions: int) -> None:
    average, several = given.get("size_average"), given.get("reduce")
    if average is not None or several is not None:  # the old way to say it
        bool((True if average is None else average) and (True if several is None else several))
        return
    reduction = given["reduction"]
    if not isinstance(reduction, str):
        raise ValueError(
            f"{reduction} is not a valid value for reduction: use one of {', '.join(REDUCTIONS)}"
        )


def check_expression(step: str) -> Check:
    code = compile(step, "<rule>", "eval")

    def check(given: Given, positions: int) -> None:
        try:
            eval(code, KNOWN, given)
        except Exception as error:
            names = " and ".join(n for n in code.co_names if n in given)
            raise type(error)(f"{error}: look again at what is given as {names}") from None

    return check


def pair(value: Any) -> tuple[Any, Any]:
    a, b = value if isinstance(value, Iterable) else (value, value)
    return a, b


def triple(value: Any) -> tuple[Any, Any, Any]:
    a, b, c = value if isinstance(value, Iterable) else (value, value, value)
    return a, b, c


REDUCTIONS = ("none", "mean", "sum")  # of a loss
KNOWN = {"REDUCTIONS": REDUCTIONS, "pair": pair, "triple": triple}  # names in expressions


def signature_of(step: str) -> tuple[str, list[list[Parameter]], list[list[str]]]:
    """The name, the forms, and for each parameter the name of our argument."""
    found = re.fullmatch(r"(\w+)\((.*)\)", step.removeprefix("> "))
    assert found, step
    name, text = found.groups()
    forms, outer = [], []
    for form in text.split(" | "):
        forms.append(parsed(re.sub(r"<\w+", "", form)))
        names = re.findall(r"\S+ (\w+)=?(?:<(\w+))?(?:, |$)", form.replace("*, ", ""))
        outer.append([here or there for there, here in names])
    return name, forms, outer


def check_signature(step: str) -> Check:
    inner = step.startswith("> ")
    name, forms, outer = signature_of(step)

    def check(given: Given, positions: int) -> None:
        said = []
        title = name
        if title.endswith("_or_indices"):
            title = title.replace("_or_indices", "_with_indices" * bool(given["return_indices"]))
        for form, names in zip(forms, outer, strict=True):
            message = None
            order, taken = list(given), set()
            for i, (parameter, here) in enumerate(zip(form, names, strict=True)):
                if not inner and not parameter.by_name:
                    here = order[i]
                taken.add(here)
                if here not in (given if inner else given.given):
                    continue
                named = not inner and order.index(here) >= positions
                message = about(title, parameter, given[here], i, parameter.by_name or named)
                if message:
                    break
            else:
                if len(forms) > 1 and not inner and not taken.issuperset(given.given):
                    message = f"{title}() does not take these arguments"  # another form does
            said.append(message)
        if None in said:
            return
        n = sum(here in given for here in outer[0]) if inner else len(given.given)
        meant = likely(said, forms, n)
        if len(meant) == 1:
            raise TypeError(meant[0])
        if len(forms) > 1:
            values = tuple(given[n] for n in outer[0] if n in given)
            raise TypeError(combination(title, forms, values, {}))
        raise TypeError(said[0])

    return check


def need_attribute(value: Any, attribute: str) -> None:
    """Refuse (AttributeError, as PyTorch's Python code) what is no tensor."""
    if not isinstance(value, Tensor):
        raise AttributeError(
            f"'{type(value).__name__}' object has no attribute '{attribute}': a tensor must stand "
            "here; wrap it first, mg.tensor(...)"
        )


def need_int(name: str, what: str, value: Any, position: int) -> None:
    """Refuse (TypeError) what is no whole number."""
    message = about(name, Parameter("int", what, False, False, False), value, position - 1, False)
    if message:
        raise TypeError(message)


def need_ints(name: str, what: str, value: Any, position: int, one_for_all: bool = True) -> None:
    """Refuse (TypeError) what is no whole number (one_for_all: for all dimensions) and no tuple of
    them."""
    p = Parameter("int[1]" if one_for_all else "int[]", what, False, False, False)
    message = about(name, p, value, position - 1, False)
    if message:
        raise TypeError(message)


def about(title: str, p: Parameter, value: Any, i: int, by_name: bool) -> str | None:
    """PyTorch's words if this value does not fit, else None."""
    if p.kind == "pair":
        value = tuple(value) if isinstance(value, Iterable) else (value, value)
        p = p._replace(kind="int[]")
    if p.kind == "Number|str":
        if isinstance(value, str):
            return None
        p = p._replace(kind="Number")
    where = f"{title}(): argument '{p.name}'" + ("" if by_name else f" (position {i + 1})")
    several = p.kind.endswith("]") and isinstance(value, (tuple, list))
    if not fits(p, value):
        return must_be(where, p, value, several)
    if several and p.kind.startswith("int"):
        for k, v in enumerate(value):
            if not is_int(v):
                return not_unpacked(title, p, k, v)
    return None
