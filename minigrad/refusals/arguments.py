"""What a call is told whose arguments do not fit: PyTorch's words, from PyTorch's signatures.

``explain("unsqueeze", False, (x, "a"), {})`` is the message of ``torch.unsqueeze(x, "a")``. Nothing
here runs while calls are good, except what :func:`checked` says of itself.

The rules are those of PyTorch's argument parser: with one signature it says which argument is
wrong; with several it lists them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.device import Device
from .signatures import FUNCTIONS, INNER, METHODS

NAMES = {  # what PyTorch calls the kinds of arguments
    "int[]": "tuple of ints", "int[1]": "tuple of ints", "float[]": "tuple of floats",
    "Tensor[]": "tuple of Tensors", "Tensor?[]": "tuple of Tensors", "Number[]": "tuple of Scalars",
    "Tensor|Number": "Tensor", "dtype": "torch.dtype", "Generator": "torch.Generator",
    "layout": "torch.layout", "device": "torch.device", "memory_format": "torch.memory_format",
}  # fmt: skip
ADVICE = {
    "Tensor": "wrap it first, mg.tensor(...)", "int": "give a whole number, such as 1",
    "tuple of ints": "give whole numbers, such as (0, 1)", "bool": "give True or False",
    "Number": "give one number, such as 0.5", "float": "give one number, such as 0.5",
    "str": "give a text in quotes", "torch.dtype": "give one, such as mg.float32",
    "tuple of Tensors": "give tensors in a list, such as [x, y]",
    "torch.Generator": "make one with mg.Generator()",
}  # fmt: skip
NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input",
               "x2": "other"}  # fmt: skip
OPTIONS = "dtype? dtype=, layout? layout=, device? device=, bool? pin_memory=, bool? requires_grad="


class Parameter(NamedTuple):
    """One argument of a signature."""

    kind: str
    name: str
    may_be_none: bool
    may_be_missing: bool
    by_name: bool

    def __str__(self) -> str:
        default = " = None" if self.may_be_none else " = ..."
        return f"{NAMES.get(self.kind, self.kind)} {self.name}" + default * self.may_be_missing


def table(text: str) -> dict[str, str]:
    """Which signature has which name: ``(a): f g`` gives f and g the signature a."""
    found = {}
    for line in text.strip().replace("\n    ", " ").splitlines():
        signature, _, names = line[1:].partition("): ")
        found.update(dict.fromkeys(names.split(), signature))
    return found


SIGNATURES = table(FUNCTIONS)
METHOD_SIGNATURES = table(METHODS)
INNER_SIGNATURES = table(INNER)


@functools.cache
def forms(name: str, method: bool) -> list[list[Parameter]]:
    """The signatures of a function (a method's without the tensor itself); none if unknown."""
    if method and name in METHOD_SIGNATURES:
        return [parsed(s) for s in METHOD_SIGNATURES[name].split("; ")]
    signature = SIGNATURES.get(name) or INNER_SIGNATURES.get(name)
    found = [parsed(s) for s in signature.split("; ")] if signature else []
    if method:  # the forms for a number instead of the tensor are the function's only
        found = [s for s in found if s[0].kind.startswith("Tensor")]
        return [[p for p in s[1:] if p.name != "out"] for s in found]
    return found


def parsed(signature: str) -> list[Parameter]:
    found, by_name = [], False
    for text in signature.replace("options", OPTIONS).split(", "):
        if text == "*":
            by_name = True
        elif text:
            kind, name = text.split(" ")
            found.append(Parameter(kind.removesuffix("?"), name.removesuffix("="),
                                   kind.endswith("?"), name.endswith("="), by_name))  # fmt: skip
    return found


# --- does a value fit? ---------------------------------------------------------------------------


def is_number(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.ndim == 0 and not value.requires_grad
    return isinstance(value, (int, float, complex, np.number, np.bool_))


def is_int(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.ndim == 0 and value._data.dtype.kind in "iu"
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def is_list(value: Any, fits: Callable[[Any], bool]) -> bool:
    """Only the first is looked at; the rest is when the numbers are unpacked."""
    return isinstance(value, (tuple, list)) and (not len(value) or fits(value[0]))


def is_float(value: Any) -> bool:
    return is_number(value) and not isinstance(value, (complex, np.complexfloating))


FITS: dict[str, Callable[[Any], bool]] = {
    "Tensor": lambda v: isinstance(v, Tensor),
    "Tensor|Number": lambda v: isinstance(v, Tensor) or is_number(v),
    "Number": is_number,
    "float": is_float,
    "int": is_int,
    "int[]": lambda v: is_list(v, is_int),
    "int[1]": lambda v: is_int(v) or is_list(v, is_int),
    "float[]": lambda v: is_list(v, is_float),
    "Tensor[]": lambda v: isinstance(v, (tuple, list)),
    "Tensor?[]": lambda v: isinstance(v, (tuple, list)),
    "bool": lambda v: isinstance(v, (bool, np.bool_)),
    "str": lambda v: isinstance(v, str),
    "dtype": lambda v: isinstance(v, dtypes.dtype) or v is bool or v is float or v is int,
    "device": lambda v: isinstance(v, (str, Device)) or is_int(v),
    "Generator": lambda v: type(v).__name__ == "Generator",  # of random.py, a layer above
}  # fmt: skip


def fits(p: Parameter, value: Any) -> bool:
    if value is None and p.may_be_none:
        return True
    return p.kind not in FITS or FITS[p.kind](value)


# --- what is wrong -------------------------------------------------------------------------------


def type_name(value: Any) -> str:
    if isinstance(value, Tensor):
        return "Tensor"
    kind = type(value)
    return kind.__name__ if kind.__module__ != "numpy" else f"numpy.{kind.__name__}"


def advice(p: Parameter) -> str:
    text = ADVICE.get(NAMES.get(p.kind, p.kind))
    return f": {text}" if text else ""


def must_be(where: str, p: Parameter, value: Any, several: bool) -> str:
    """PyTorch's words for a value of another kind; several: what is wrong is in a tuple."""
    found = f"but found element of type {type_name(value[0])} at pos 0" if several else (
        f"not {type_name(value)}"
    )
    return f"{where} must be {NAMES.get(p.kind, p.kind)}, {found}{advice(p)}"


def not_unpacked(name: str, p: Parameter, k: int, value: Any) -> str:
    """PyTorch's words for number ``k`` of a tuple of numbers that is none."""
    return (
        f"{name}(): argument '{p.name}' failed to unpack the object at pos {k + 1} with error "
        f'"type must be tuple of ints,but got {type_name(value)}"{advice(p)}'
    )


def wrong(name: str, form: list[Parameter], args: Any, kwargs: dict[str, Any]) -> str | None:
    """PyTorch's message if a call does not fit this form, else None."""
    positional = [p for p in form if not p.by_name]
    args = gathered(positional, args)
    if len(args) > len(positional):
        return too_many(name, positional, len(args))
    given = dict(zip([p.name for p in positional], args, strict=False))
    unknown = ""
    for key, value in kwargs.items():
        named = key if any(p.name == key for p in form) else NUMPY_NAMES.get(key, key)
        if named in given:
            return f"{name}() got multiple values for argument '{named}'"
        if not any(p.name == named for p in form):
            unknown = f"{name}() got an unexpected keyword argument '{key}'"
        given[named] = value
    missing = [p.name for p in form if p.name not in given and not p.may_be_missing]
    for i, p in enumerate(form):
        if p.name not in given:
            if p.name in missing:  # PyTorch counts those that are named, and has its plural
                names = [f'"{p.name}"' for p in form[len(args) :] if not p.may_be_missing]
                ends = "s" if len(names) == 1 else ""
                return (
                    f"{name}() missing {len(names)} required positional argument{ends}: "
                    f"{', '.join(names)}"
                )
            continue
        value = given[p.name]
        where = f"{name}(): argument '{p.name}'"
        if i < len(args):
            where += f" (position {i + 1})"
        if not fits(p, value):
            several = p.kind.endswith("]") and isinstance(value, (tuple, list)) and i < len(args)
            return must_be(where, p, value, several)
    return unknown or None


def gathered(positional: list[Parameter], args: Any) -> Any:
    """``x.view(2, 3)`` means ``x.view((2, 3))``."""
    one_list = len(positional) == 1 and positional[0].kind == "int[]"
    return (args,) if one_list and args and is_int(args[0]) else args


def unpacked(name: str, form: list[Parameter], args: Any, kwargs: dict[str, Any]) -> str | None:
    """The message if the call fits this form, but one of several numbers in a tuple is none."""
    args = gathered([p for p in form if not p.by_name], args)
    for i, p in enumerate(form):
        value = args[i] if i < len(args) else kwargs.get(p.name)
        if not p.kind.endswith("]") or not isinstance(value, (tuple, list)):
            continue
        for k, v in enumerate(value):
            if p.kind.startswith("int") and not (is_int(v) or isinstance(v, bool)):
                return not_unpacked(name, p, k, v)
            if p.kind == "Tensor[]" and not isinstance(v, Tensor):
                return f"expected Tensor as element {k} in argument {i}, but got {type_name(v)}" + (
                    advice(p)
                )
    return None


def too_many(name: str, positional: list[Parameter], n: int) -> str:
    most = len(positional)
    least = sum(not p.may_be_missing for p in positional)
    takes = f"{most}" if least == most else f"from {least} to {most}"
    ends = "" if most == 1 else "s"
    return f"{name}() takes {takes} positional argument{ends} but {n} were given"


def explain(name: str, method: bool, args: Any, kwargs: dict[str, Any]) -> str | None:
    """PyTorch's message if a call does not fit the function's signatures, else None.

    args: a method's without the tensor itself.
    """
    every = forms(name, method)
    messages = []
    for form in every:
        message = wrong(name, form, args, kwargs)
        if message is None:
            return unpacked(name, form, args, kwargs)
        messages.append(message)
    if not messages:
        return None
    if len(messages) > 1:
        messages = likely(messages, every, len(args) + len(kwargs))
        if len(messages) != 1:
            return combination(name, every, args, kwargs)
    return messages[0]


def likely(messages: list[Any], every: list[list[Parameter]], n: int) -> list[Any]:
    """The messages of the forms that a call with ``n`` arguments can mean."""
    return [m for m, form in zip(messages, every, strict=True)
            if sum(not p.may_be_missing for p in form) <= n <= len(form)]  # fmt: skip


def by_position(name: str, method: bool, args: Any, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The arguments with those by position that PyTorch's signature allows to be."""
    for form in forms(name, method):
        if wrong(name, form, args, kwargs) is not None:
            continue
        moved, rest = list(args), dict(kwargs)
        for p in [p for p in form if not p.by_name][len(args) :]:
            key = next((k for k in rest if p.name in (k, NUMPY_NAMES.get(k))), None)
            if key is None:
                break
            moved.append(rest.pop(key))
        return moved, rest
    return args, kwargs


def combination(name: str, every: list[list[Parameter]], args: Any, kwargs: dict[str, Any]) -> str:
    got = [type_name(a) for a in args] + [f"{k}={type_name(v)}" for k, v in kwargs.items()]
    listed = "\n".join(f" * ({', '.join(map(str, form))})" for form in every)
    return (
        f"{name}() received an invalid combination of arguments - got ({', '.join(got)}), but "
        f"expected one of:\n{listed}\nNone of these forms fits the types that were given."
    )


def need_fit(name: str, *args: Any, **kwargs: Any) -> None:
    """Refuse (TypeError) arguments that do not fit the PyTorch function ``name``."""
    message = explain(name, False, args, kwargs)
    if message is not None:
        raise TypeError(message)


# --- at the functions ----------------------------------------------------------------------------


def checked(function: Any, name: str, method: bool = False) -> Any:
    """``function`` as ``torch.<name>`` (or the method), with PyTorch's words for wrong arguments.

    Whatever goes wrong inside, the first question is whether the arguments fitted: if not, that is
    what the user is told.
    """
    first = 1 if method else 0
    plain = getattr(function, "plain", function)  # see operands.numpy_names

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return plain(*args, **kwargs)
        except Exception as error:
            message = explain(name, method, args[first:], kwargs)
            if message is not None:
                raise TypeError(message) from error.__cause__
            if kwargs and isinstance(error, TypeError):  # PyTorch's names of the arguments
                moved, rest = by_position(name, method, args[first:], kwargs)
                if len(moved) > len(args) - first:
                    return function(*args[:first], *moved, **rest)
            raise

    call.__name__ = name
    return call


def strict(function: Any, name: str, method: bool = False) -> Any:
    """As :func:`checked`, for a function that would take what PyTorch refuses (True for 1 ...).

    The types of a good call are remembered, so that the next call of this kind is not looked at.
    """
    first = 1 if method else 0
    plain = getattr(function, "plain", function)  # see operands.numpy_names
    good: set[tuple[Any, ...]] = set()

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        types: tuple[Any, ...] = tuple(map(type, args))
        if types in good and not kwargs:
            return plain(*args)
        if kwargs:
            types += (*kwargs, *map(type, kwargs.values()))
        if tuple in types or list in types:
            types += tuple([tuple(map(type, v)) for v in args if type(v) in (tuple, list)])
        if types not in good:
            message = explain(name, method, args[first:], kwargs)
            if message is not None:
                raise TypeError(message)
            if all(map(is_plain, args)) and all(map(is_plain, kwargs.values())):
                good.add(types)
            else:
                args = (*args[:first], *numbers_for(name, method, args[first:], kwargs))
        if not kwargs:
            return function(*args)
        try:
            return function(*args, **kwargs)
        except TypeError:
            moved, rest = by_position(name, method, args[first:], kwargs)
            if len(moved) == len(args) - first:
                raise
            return function(*args[:first], *moved, **rest)

    call.__name__ = name
    return call


def numbers_for(name: str, method: bool, args: Any, kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments, with a number for a tensor of 0 dimensions where a number must stand."""
    for form in forms(name, method):
        if wrong(name, form, args, kwargs) is None:
            kinds = [p.kind for p in form if not p.by_name]
            return tuple([
                v.item() if isinstance(v, Tensor) and kind in ("Number", "float", "int") else v
                for kind, v in zip(kinds, args, strict=False)
            ]) if len(args) <= len(kinds) else args  # fmt: skip
    return tuple(args)


def is_plain(value: Any) -> bool:
    """Whether another value of this type fits where this one does."""
    if type(value) is Tensor:
        return value.ndim > 0  # one of 0 dimensions may stand for a number
    if type(value) in (tuple, list):
        return len(value) < 8 and all(type(v) is int for v in value)
    return type(value) in PLAIN


PLAIN = frozenset({int, float, bool, str, type(None), dtypes.dtype})

# Called so often that only what goes wrong is looked at; their own checks refuse what is left.
OFTEN = frozenset("""
    add sub mul div pow matmul mm mv bmm dot sum mean maximum minimum where reshape view permute
    transpose unsqueeze expand t cat stack gather eq ne lt le gt ge subtract multiply divide
    true_divide zeros ones empty rand randn tensor as_tensor contiguous to fill_ copy_ conv1d
    conv2d clamp
""".split())


TUPLE_ONLY = ("permute", "reshape")  # as functions; the methods take the numbers one by one too


def at(function: Any, name: str, method: bool = False) -> Any:
    """The function to put at a public name: checked, if it has arguments that can be wrong."""
    signature = SIGNATURES.get(name)
    if method:
        signature = METHOD_SIGNATURES.get(name, signature)
    if signature is None or not isinstance(function, FunctionType):
        return function
    if re.fullmatch(r"(Tensor input)?(, \*, \S+ out=)?", signature) and (
        method or function.__name__ == name
    ):
        return function  # torch.exp(x): it has the right words
    often = name in OFTEN and (method or name not in TUPLE_ONLY)
    return (checked if often else strict)(function, name, method)


def check_functions(namespace: dict[str, Any]) -> None:
    """Put checked functions in place of those of a module that PyTorch has signatures of."""
    for name in SIGNATURES:
        if name in namespace:
            namespace[name] = at(namespace[name], name)


def check_methods(cls: Any) -> None:
    """The same for the tensor's methods."""
    for name in {**SIGNATURES, **METHOD_SIGNATURES}:
        function = cls.__dict__.get(name)
        if function is not None and not hasattr(function, "writes_alone"):
            setattr(cls, name, at(function, name, method=True))
