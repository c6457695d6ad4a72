"""The names in a module: which may be given, and what a dotted name such as ``0.weight`` is.

The error messages are PyTorch's.
"""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .parameter import Buffer, Parameter


def check_name(module: Any, kind: str, name: Any, members: dict[str, Any] | None) -> None:
    """Refuse a name that could not be found again."""
    if members is None:
        raise before_init(kind)
    if not isinstance(name, str):
        raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
    if hasattr(module, name) and name not in members:
        raise KeyError(f"attribute '{name}' already exists")
    if "." in name:
        got = f", got: {name}" if kind == "module" else ""
        raise KeyError(f'{kind} name can\'t contain "."{got}')
    if name == "":
        raise KeyError(f'{kind} name can\'t be empty string ""')


def member(module: Any, name: str) -> Any:
    if not hasattr(module, name):
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    return getattr(module, name)


def find_module(root: Any, target: str, kind: type) -> Any:
    """The module of a dotted name. kind: the class of modules."""
    text: Any = target
    if not isinstance(text, str):
        raise AttributeError(
            f"'{type(target).__name__}' object has no attribute 'split': a dotted name is a text, "
            'such as "encoder.0"'
        )
    module = root
    for name in target.split(".") if target else []:
        module = member(module, name)
        if not isinstance(module, kind):
            raise AttributeError(f"`{name}` is not an nn.Module")
    return module


def replace_module(root: Any, target: str, module: Any, strict: bool, kind: type) -> None:
    if target == "":
        raise ValueError("Cannot set the submodule without a target name!")
    if not isinstance(module, kind):
        raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
    path, _, name = target.rpartition(".")
    parent = root.get_submodule(path)
    if strict and not hasattr(parent, name):
        raise AttributeError(f"{parent._get_name()} has no attribute `{name}`")
    if hasattr(parent, name) and not isinstance(getattr(parent, name), kind):
        raise AttributeError(f"`{name}` is not an nn.Module")
    setattr(parent, name, module)


def find_parameter(root: Any, target: str) -> Parameter:
    path, _, name = target.rpartition(".")
    param = member(root.get_submodule(path), name)
    if not isinstance(param, Parameter):
        raise AttributeError(f"`{name}` is not an nn.Parameter")
    return param


def find_buffer(root: Any, target: str) -> Tensor:
    path, _, name = target.rpartition(".")
    module = root.get_submodule(path)
    buffer: Tensor = member(module, name)
    if name not in module._buffers:
        raise AttributeError(f"`{name}` is not a buffer")
    return buffer


def indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def forget(name: str, *places: Any) -> None:
    """Forget what was assigned to a name before."""
    for place in places:
        if isinstance(place, set):
            place.discard(name)
        else:
            place.pop(name, None)


def typename(value: Any) -> str:
    """The type's name as error messages show it."""
    if isinstance(value, Tensor) and not isinstance(value, (Parameter, Buffer)):
        return f"torch.{value.type_name()}"
    cls = value if isinstance(value, type) else type(value)
    module = "" if cls.__module__ == "builtins" else f"{cls.__module__}."
    return module + cls.__qualname__


def before_init(what: str) -> AttributeError:
    return AttributeError(
        f"cannot assign {what} before Module.__init__() call: start __init__ with "
        "super().__init__()"
    )
