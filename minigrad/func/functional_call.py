"""Modules as functions of their parameters: ``functional_call`` and ``stack_module_state``."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..ops.shaping.joining import stack


def functional_call(
    module: Any, parameter_and_buffer_dicts: Any, args: Any = None, kwargs: Any = None, *,
    tie_weights: bool = True, strict: bool = False,
) -> Any:  # fmt: skip
    """Call a module with other tensors in place of its parameters and buffers.

    parameter_and_buffer_dicts: a dict of tensors by name (as ``named_parameters`` gives), or
    several. args: the module's arguments, a tuple (or a single one); kwargs: by name. The module
    has its own tensors back afterwards, also if it raises. tie_weights: a tensor that the module
    has under two names is replaced under both. strict: every parameter and buffer must be given,
    and nothing else; otherwise names that the module does not have are ignored.
    """
    given = parameter_and_buffer_dicts
    if isinstance(given, (list, tuple)):
        merged: dict[str, Tensor] = {}
        for part in given:
            twice = [name for name in part if name in merged]
            if twice:
                raise ValueError(
                    f"{twice} appeared in multiple dictionaries; behavior of functional call is "
                    "ambiguous"
                )
            merged.update(part)
        given = merged
    if not isinstance(given, dict):
        raise ValueError(
            "Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got "
            f"{type(given)}"
        )
    if args is None:
        args = ()
    elif not isinstance(args, tuple):
        args = (args,)
    own = dict(places(module))
    unknown = [name for name in given if name not in own]
    missing = [name for name in own if name not in given]
    if strict and (unknown or missing):
        said = [f"{what} key(s): {', '.join(map(repr, names))}."
                for what, names in (("Unexpected", unknown), ("Missing", missing))
                if names]  # fmt: skip
        raise RuntimeError(
            f"Error(s) in reparametrizing for {type(module).__name__}:\n\t" + "\n\t".join(said)
        )
    given = {name: value for name, value in given.items() if name in own}
    new = dict(given)
    if tie_weights:
        for name, (table, key) in own.items():
            for other, value in given.items():
                other_table, other_key = own[other]
                if name not in given and table[key] is other_table[other_key]:
                    new[name] = value
    before = [(table, key, table[key]) for table, key in (own[name] for name in new)]
    try:
        for name, value in new.items():
            table, key = own[name]
            table[key] = value
        return module(*args, **(kwargs or {}))
    finally:
        for table, key, value in before:
            table[key] = value


def places(module: Any) -> Any:
    """Pairs (name, (dict, key)): where a module and its parts keep parameters and buffers."""
    for prefix, part in module.named_modules():
        for table in (part._parameters, part._buffers):
            for key, value in table.items():
                if value is not None:
                    yield (f"{prefix}.{key}" if prefix else key), (table, key)


def stack_module_state(models: Any) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters and buffers of several modules of one kind, stacked for ``vmap``."""
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if any(type(m) is not type(models[0]) for m in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    if any(m.training != models[0].training for m in models):
        raise RuntimeError(
            "stack_module_state: Expected all models to have the same training/eval mode."
        )
    found = []
    for named in ("named_parameters", "named_buffers"):
        tables = [dict(getattr(m, named)()) for m in models]
        stacked = {}
        for name in tables[0]:
            wanted = {t[name].requires_grad for t in tables}
            if len(wanted) > 1:
                raise RuntimeError(
                    f"Expected {name} from each model to have the same .requires_grad"
                )
            value = stack([t[name].detach() for t in tables])
            if wanted == {True}:
                value.requires_grad_()
            stacked[name] = value
        found.append(stacked)
    return found[0], found[1]
