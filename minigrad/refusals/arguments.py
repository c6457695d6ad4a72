"""What a call is told whose arguments do not fit: PyTorch's words, from PyTorch's signatures.

``explain("unsqueeze", False, (x, "a"), {})`` is the message of ``torch.unsqueeze(x, "a")``. The
rules are those of PyTorch's argument parser: with one signature it says which argument is wrong;
with several it lists them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.device import Device
from ..faithful.package_name import package
from .grammar import NAMES, Form, Parameter, Rule, signature, table
from .signatures.of_functions import FUNCTIONS
from .signatures.of_inner_calls import INNER
from .signatures.of_methods import METHODS

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

SIGNATURES = table(FUNCTIONS)
METHOD_SIGNATURES = table(METHODS)
INNER_SIGNATURES = table(INNER)


@functools.cache
def forms(name: str, method: bool) -> list[Form]:
    """The signatures of a function (a method's without the tensor itself); none if unknown."""
    rule = METHOD_SIGNATURES.get(name) if method else None
    if rule is not None:
        return forms_of(rule)
    rule = SIGNATURES.get(name) or INNER_SIGNATURES.get(name)
    found = forms_of(rule) if rule else []
    if method:  # the forms for a number instead of the tensor are the function's only
        found = [s for s in found if s[0].kind.startswith("Tensor")]
        return [[p for p in s[1:] if p.name != "out"] for s in found]
    return found


def forms_of(rule: Rule) -> list[Form]:
    """None for a function that PyTorch writes in Python."""
    found = signature(rule.steps[0], rule.name)
    return [] if found is None or found.inner else found.forms


# --- does a value fit? ---------------------------------------------------------------------------


class LeftOut:
    """Stands for an argument of an inner call that is not looked at."""


LEFT_OUT = LeftOut()


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
    "Number|str": lambda v: is_number(v) or isinstance(v, str),
    "float": is_float,
    "int": is_int,
    "int[]": lambda v: is_list(v, is_int),
    "int[1]": lambda v: is_int(v) or is_list(v, is_int),
    "pair": lambda v: is_list(v, is_int),
    "float[]": lambda v: is_list(v, is_float),
    "Tensor[]": lambda v: isinstance(v, (tuple, list)),
    "Tensor?[]": lambda v: isinstance(v, (tuple, list)),
    "bool": lambda v: isinstance(v, (bool, np.bool_)),
    "str": lambda v: isinstance(v, str),
    "dtype": lambda v: isinstance(v, dtypes.dtype) or v is bool or v is float or v is int,
    "device": lambda v: isinstance(v, (str, Device)) or is_int(v),
    "Generator": lambda v: type(v).__name__ == "Generator",  # of random/, a layer above
}  # fmt: skip


def fits(p: Parameter, value: Any) -> bool:
    if value is LEFT_OUT or (value is None and p.may_be_none):
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
    return f": {text}".replace("mg.", package() + ".") if text else ""


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


def wrong(name: str, form: Form, args: Any, kwargs: dict[str, Any]) -> str | None:
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
            several = p.takes_several and isinstance(value, (tuple, list)) and i < len(args)
            return must_be(where, p, value, several)
    return unknown or None


def gathered(positional: Form, args: Any) -> Any:
    """``x.view(2, 3)`` means ``x.view((2, 3))``."""
    one_list = len(positional) == 1 and positional[0].kind == "int[]"
    return (args,) if one_list and args and is_int(args[0]) else args


def unpacked(name: str, form: Form, args: Any, kwargs: dict[str, Any]) -> str | None:
    """The message if the call fits this form, but one of several numbers in a tuple is none."""
    args = gathered([p for p in form if not p.by_name], args)
    for i, p in enumerate(form):
        value = args[i] if i < len(args) else kwargs.get(p.name)
        if not p.takes_several or not isinstance(value, (tuple, list)):
            continue
        for k, v in enumerate(value):
            if p.kind in ("int[]", "int[1]", "pair") and not (is_int(v) or isinstance(v, bool)):
                return not_unpacked(name, p, k, v)
            if p.kind == "Tensor[]" and not isinstance(v, Tensor):
                return f"expected Tensor as element {k} in argument {i}, but got {type_name(v)}" + (
                    advice(p)
                )
    return None


def too_many(name: str, positional: Form, n: int) -> str:
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
    return complaint(name, every, [(args, kwargs)] * len(every))


def complaint(name: str, every: list[Form], calls: list[tuple[Any, Any]]) -> str | None:
    """PyTorch's message if none of the calls fits its form (the same place in ``every``)."""
    messages = []
    for form, (args, kwargs) in zip(every, calls, strict=True):
        message = wrong(name, form, args, kwargs)
        if message is None:
            return unpacked(name, form, args, kwargs)
        messages.append(message)
    if not messages:
        return None
    args, kwargs = calls[0]
    if len(messages) > 1:
        messages = likely(messages, every, len(args) + len(kwargs))
        if len(messages) != 1:
            return combination(name, every, args, kwargs)
    return messages[0]


def inner_call(form: Form, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments with which a function that was given these calls one of this form."""
    args, kwargs = [], {}
    for p in form:
        value = given.get(p.ours, LEFT_OUT)
        if p.kind == "pair" and value is not LEFT_OUT:
            value = tuple(value) if isinstance(value, Iterable) else (value, value)
        if not p.by_name:
            args.append(value)
        elif value is not LEFT_OUT:
            kwargs[p.name] = value
    return args, kwargs


def likely(messages: list[Any], every: list[Form], n: int) -> list[Any]:
    """The messages of the forms that a call with ``n`` arguments can mean."""
    return [m for m, form in zip(messages, every, strict=True)
            if sum(not p.may_be_missing for p in form) <= n <= len(form)]  # fmt: skip


def fitting(every: list[Form], args: Any, kwargs: dict[str, Any]) -> Form | None:
    """The form that a good call has."""
    return next((form for form in every if wrong("", form, args, kwargs) is None), None)


def by_position(form: Form, args: Any, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The arguments with those by position that PyTorch's signature allows to be, the others under
    PyTorch's names."""
    rest = {NUMPY_NAMES.get(k, k) if all(p.name != k for p in form) else k: v
            for k, v in kwargs.items()}  # fmt: skip
    moved = list(args)
    for p in [p for p in form if not p.by_name][len(args) :]:
        if p.name not in rest:
            break
        moved.append(rest.pop(p.name))
    return moved, rest


def with_numbers(form: Form, args: Any) -> Any:
    """The arguments, with a number for a tensor of 0 dimensions where a number must stand."""
    kinds = [p.kind for p in form if not p.by_name]
    if len(args) > len(kinds):
        return args
    return tuple([
        v.item() if isinstance(v, Tensor) and kind in ("Number", "float", "int") else v
        for kind, v in zip(kinds, args, strict=False)
    ])  # fmt: skip


def combination(name: str, every: list[Form], args: Any, kwargs: dict[str, Any]) -> str:
    got = [type_name(a) for a in args if a is not LEFT_OUT]
    got += [f"{k}={type_name(v)}" for k, v in kwargs.items()]
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


def need_int(name: str, what: str, value: Any, position: int) -> None:
    """Refuse (TypeError) what is no whole number."""
    need_kind_of(name, Parameter("int", what), value, position)


def need_ints(name: str, what: str, value: Any, position: int, one_for_all: bool = True) -> None:
    """Refuse (TypeError) what is no whole number (one_for_all: for all dimensions) and no tuple of
    them."""
    need_kind_of(name, Parameter("int[1]" if one_for_all else "int[]", what), value, position)


def need_kind_of(name: str, p: Parameter, value: Any, position: int) -> None:
    several = p.takes_several and isinstance(value, (tuple, list))
    if not fits(p, value):
        where = f"{name}(): argument '{p.name}' (position {position})"
        raise TypeError(must_be(where, p, value, several))
    message = unpacked(name, [p], (value,), {})
    if message:
        raise TypeError(message)
