"""``state_dict`` and ``load_state_dict`` of a module and all below it.

What one module writes and reads is in ``Module._save_to_state_dict`` and
``Module._load_from_state_dict``, which a class of its own may override; here is the walk over the
modules, and what the two methods do by default.

A state dict has an attribute ``_metadata``: for each module the ``_version`` of its class, so that
a class that has changed what it saves can still read what it saved before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from .parameter import Parameter

EXTRA = "_extra_state"  # the key of what get_extra_state returns
ASSIGN = "assign_to_params_buffers"  # the key of load_state_dict's ``assign``, as PyTorch has it


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
        destination._metadata = OrderedDict()
    versions = {"version": module._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = versions
    for hook in module._state_dict_pre_hooks.values():
        hook(module, prefix, keep_vars)
    module._save_to_state_dict(destination, prefix, keep_vars)
    for name, child in module._modules.items():
        if child is not None:
            child.state_dict(
                destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars
            )
    for hook, may_replace in module._state_dict_hooks.values():
        changed = hook(module, destination, prefix, versions)
        if changed is not None:
            if not may_replace:
                raise RuntimeError("state_dict post-hook must return None")
            destination = changed
    found: dict[str, Any] = destination
    return found


def save_own(module: Any, destination: Any, prefix: str, keep_vars: bool) -> None:
    """What ``Module._save_to_state_dict`` does: this module's tensors and its extra state."""
    for name, tensor in own_state(module).items():
        destination[prefix + name] = tensor if keep_vars else tensor.detach()
    if module._has_extra_state():
        destination[prefix + EXTRA] = module.get_extra_state()


def load_state(module: Any, state: Any, strict: bool, assign: bool) -> Incompatible:
    """Load ``state`` into the module; RuntimeError, and the old numbers, if it does not fit."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"Expected state_dict to be dict-like, got {type(state)}: pass what "
            "model.state_dict() returned"
        )
    before = Before(module)
    keys = Incompatible([], [])
    errors: list[str] = []
    try:
        # A copy of the dict: overridden methods and hooks may move its entries.
        versions = getattr(state, "_metadata", {})
        load_below(module, OrderedDict(state), "", versions, assign, keys, errors)
        if strict:
            errors[:0] = [
                f"{what} key(s) in state_dict: {', '.join(chr(34) + n + chr(34) for n in names)}. "
                for what, names in zip(("Missing", "Unexpected"), keys) if names
            ]  # fmt: skip
        if errors:
            listed = "\n\t".join(errors)
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(module).__name__}:\n\t{listed}"
            )
    except BaseException:
        before.restore()
        raise
    return keys


def load_below(
    module: Any, state: Any, prefix: str, versions: Any, assign: bool, keys: Incompatible,
    errors: list[str],
) -> None:  # fmt: skip
    """Load what is meant for this module and those below it."""
    metadata = dict(versions.get(prefix[:-1], {}))
    if assign:
        metadata[ASSIGN] = True
    module._load_from_state_dict(
        state, prefix, metadata, True, keys.missing_keys, keys.unexpected_keys, errors
    )
    for name, child in module._modules.items():
        if child is not None:
            below = f"{prefix}{name}."
            part = OrderedDict((k, v) for k, v in state.items() if k.startswith(below))
            load_below(child, part, below, versions, assign, keys, errors)
    for hook in module._load_state_dict_post_hooks.values():
        if hook(module, keys) is not None:
            raise AssertionError(
                "Hooks registered with ``register_load_state_dict_post_hook`` are not expected "
                "to return new values, if incompatible_keys need to be modified, it should be "
                "done inplace."
            )


def load_own(
    module: Any, state: Any, prefix: str, metadata: Any, strict: bool, missing: list[str],
    unexpected: list[str], errors: list[str],
) -> None:  # fmt: skip
    """What ``Module._load_from_state_dict`` does: copy the numbers, and list what is amiss."""
    for hook, with_module in module._load_state_dict_pre_hooks.values():
        given = (state, prefix, metadata, strict, missing, unexpected, errors)
        hook(module, *given) if with_module else hook(*given)
    own = own_state(module)
    for name, tensor in own.items():
        key = prefix + name
        if key in state:
            error = take(module, name, tensor, state[key], key, metadata.get(ASSIGN))
            errors += [error] if error else []
        elif strict:
            missing.append(key)
    extra = prefix + EXTRA
    if module._takes_extra_state():
        if extra in state:
            module.set_extra_state(state[extra])
        elif strict:
            missing.append(extra)
    elif strict and extra in state:
        unexpected.append(extra)
    if strict:
        for key in state:
            first, dot, _ = key.removeprefix(prefix).partition(".")
            known = first in (module._modules if dot else own)
            if key.startswith(prefix) and key != extra and not known:
                unexpected.append(key)


def take(module: Any, name: str, tensor: Any, given: Any, key: str, assign: Any) -> str | None:
    """Copy (or assign) one tensor of the state; returns what is wrong with it."""
    if not isinstance(given, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    if tensor.dim() == 0 and given.dim() == 1 and len(given):
        given = given[0]
    if given.shape != tensor.shape:
        return (
            f"size mismatch for {key}: copying a param with shape {given.shape} from "
            f"checkpoint, the shape in current model is {tensor.shape}."
        )
    if not assign:
        with no_grad():
            tensor.copy_(given)
    elif name in module._buffers:
        module._buffers[name] = given
    elif isinstance(given, Parameter):
        module._parameters[name] = given.requires_grad_(tensor.requires_grad)
    else:
        module._parameters[name] = Parameter(given, tensor.requires_grad)
    return None


class Before:
    """What the modules held before loading, to be put back if the state does not fit."""

    def __init__(self, module: Any) -> None:
        self.members = [
            (members, dict(members))
            for part in module.modules() for members in (part._parameters, part._buffers)
        ]  # fmt: skip
        tensors = chain.from_iterable(held.values() for _, held in self.members)
        self.numbers = {t: t._data.copy() for t in tensors if t is not None}

    def restore(self) -> None:
        for members, held in self.members:
            members.clear()
            members.update(held)
        for tensor, numbers in self.numbers.items():
            tensor._data[...] = numbers


def consume_prefix_in_state_dict_if_present(state_dict: Any, prefix: str) -> None:
    """Take ``prefix`` off the names that begin with it, in place.

    A state saved by ``DataParallel`` has ``module.`` before each name.

    >>> state = {"module.weight": 1, "step": 2}
    >>> consume_prefix_in_state_dict_if_present(state, "module.")
    >>> state
    {'step': 2, 'weight': 1}
    """
    for key in [key for key in state_dict if key.startswith(prefix)]:
        state_dict[key.removeprefix(prefix)] = state_dict.pop(key)
    versions = getattr(state_dict, "_metadata", {})
    for key in list(versions):
        if key == prefix.removesuffix(".") or key.startswith(prefix):
            versions[key.removeprefix(prefix) if "." in key else ""] = versions.pop(key)
