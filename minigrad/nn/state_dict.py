"""``state_dict`` and ``load_state_dict`` of a module."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from .parameter import Parameter

EXTRA = "_extra_state"  # the key of what get_extra_state returns


class Keys(NamedTuple):
    missing_keys: list[str]
    unexpected_keys: list[str]


class Incompatible(Keys):
    """The names that the module has and the state lacks, and the other way round."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )


def own_state(module: Any) -> dict[str, Any]:
    """The module's own parameters and persistent buffers (not its children's)."""
    state = {name: p for name, p in module._parameters.items() if p is not None}
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            state[name] = buffer
    return state


def write_state(module: Any, destination: Any, prefix: str, keep_vars: bool) -> dict[str, Any]:
    """Collect the state of the module and all below it into ``destination``."""
    if destination is None:
        destination = OrderedDict()
    for hook in module._state_dict_pre_hooks.values():
        hook(module, prefix, keep_vars)
    for name, tensor in own_state(module).items():
        destination[prefix + name] = tensor if keep_vars else tensor.detach()
    if module._has_extra_state():
        destination[prefix + EXTRA] = module.get_extra_state()
    for name, child in module._modules.items():
        if child is not None:
            child.state_dict(
                destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars
            )
    for hook in module._state_dict_hooks.values():
        if hook(module, destination, prefix, {}) is not None:
            raise RuntimeError("state_dict post-hook must return None")
    found: dict[str, Any] = destination
    return found


class Plan:
    """What loading will do: first everything is checked, then everything is copied."""

    def __init__(self, assign: bool) -> None:
        self.assign = assign
        self.missing: list[str] = []
        self.unexpected: list[str] = []
        self.errors: list[str] = []
        self.copies: list[tuple[Any, str, Tensor]] = []
        self.extras: list[tuple[Any, Any]] = []


def load_state(module: Any, state: Any, strict: bool, assign: bool) -> Incompatible:
    """Load ``state`` into the module; RuntimeError, and nothing changed, if it does not fit."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"Expected state_dict to be dict-like, got {type(state)}: pass what "
            "model.state_dict() returned"
        )
    plan = Plan(assign)
    look_through(module, OrderedDict(state), "", plan)
    keys = Incompatible(plan.missing, plan.unexpected)
    for part in module.modules():
        for hook in part._load_state_dict_post_hooks.values():
            if hook(part, keys) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not expected "
                    "to return new values, if incompatible_keys need to be modified, it should be "
                    "done inplace."
                )
    errors = []
    if strict:
        for what, names in (("Missing", keys.missing_keys), ("Unexpected", keys.unexpected_keys)):
            if names:
                quoted = ", ".join(f'"{name}"' for name in names)
                errors.append(f"{what} key(s) in state_dict: {quoted}. ")
    errors += plan.errors
    if errors:
        listed = "\n\t".join(errors)
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(module).__name__}:\n\t{listed}"
        )
    carry_out(plan)
    return keys


def look_through(module: Any, state: Any, prefix: str, plan: Plan) -> None:
    """Compare the state with this module and those below it, and note what is to be copied."""
    for hook in module._load_state_dict_pre_hooks.values():
        hook(module, state, prefix, {}, True, plan.missing, plan.unexpected, plan.errors)
    own = own_state(module)
    for name, tensor in own.items():
        key = prefix + name
        if key not in state:
            plan.missing.append(key)
            continue
        given = state[key]
        if not isinstance(given, Tensor):
            plan.errors.append(
                f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
                f"object from checkpoint but received {type(given)}"
            )
            continue
        if tensor.dim() == 0 and tuple(given.shape) == (1,):
            given = given[0]
        if given.shape != tensor.shape:
            plan.errors.append(
                f"size mismatch for {key}: copying a param with shape {given.shape} from "
                f"checkpoint, the shape in current model is {tensor.shape}."
            )
            continue
        plan.copies.append((module, name, given))
    if module._has_extra_state():
        if prefix + EXTRA in state:
            plan.extras.append((module, state[prefix + EXTRA]))
        else:
            plan.missing.append(prefix + EXTRA)
    known = {*own, EXTRA} if module._has_extra_state() else set(own)
    for key in state:
        first, dot, _ = key.removeprefix(prefix).partition(".")
        if first not in (module._modules if dot else known):
            plan.unexpected.append(key)
    for name, child in module._modules.items():
        if child is not None:
            below = f"{prefix}{name}."
            part = OrderedDict((k, v) for k, v in state.items() if k.startswith(below))
            look_through(child, part, below, plan)


def carry_out(plan: Plan) -> None:
    for module, name, given in plan.copies:
        if plan.assign:
            old = module._parameters.get(name)
            if old is None:
                module._buffers[name] = given
            elif isinstance(given, Parameter):
                module._parameters[name] = given.requires_grad_(old.requires_grad)
            else:
                module._parameters[name] = Parameter(given, old.requires_grad)
            continue
        with no_grad():
            getattr(module, name).copy_(given)
    for module, extra in plan.extras:
        module.set_extra_state(extra)
