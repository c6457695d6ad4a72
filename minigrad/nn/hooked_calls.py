"""Calling a module that has hooks.

Forward hooks are plain calls before and after ``forward``. For the backward hooks an identity
operation (``ops/networks/hook_point.py``) is put before and after the module: the gradients that
reach the one after it are the module's ``grad_output``, those that leave the one before it
``grad_input``.
"""

from __future__ import annotations

import warnings
from typing import Any

from ..core.modes import grad_mode
from ..core.op import apply
from ..core.tensor import Tensor, edge_of
from ..faithful.removable_handle import Handle
from ..ops.networks.hook_point import BackwardHookFunction


def add_hook(hooks: dict[int, Any], entry: tuple[Any, ...], prepend: bool) -> Handle:
    """Register ``entry`` = (hook, how to call it ...) behind the others, or before them."""
    before = dict(hooks)
    handle = Handle(hooks, entry)
    if prepend:
        for key, other in before.items():  # a dict keeps the order in which keys were added
            del hooks[key]
            hooks[key] = other
    return handle


def call_with_hooks(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Forward pre-hooks, forward, forward hooks, in the order of their registration."""
    called: set[int] = set()
    result = None
    try:
        args, kwargs = run_pre_hooks(module, args, kwargs)
        watch = None
        old = module._is_full_backward_hook is False
        if module._backward_pre_hooks or (module._backward_hooks and not old):
            watch = BackwardWatch(module)
            args = watch.before(args)
        result = module.forward(*args, **kwargs)
        for key, (hook, with_kwargs, _) in list(module._forward_hooks.items()):
            called.add(key)
            given = (args, kwargs, result) if with_kwargs else (args, result)
            replaced = hook(module, *given)
            if replaced is not None:
                result = replaced
        result = result if watch is None else watch.after(result)
        if old and module._backward_hooks:
            hook_last_node(module, args, result)
        return result
    except Exception:
        for key, (hook, with_kwargs, always) in list(module._forward_hooks.items()):
            if always and key not in called:
                run_after_failure(hook, module, args, kwargs if with_kwargs else None, result)
        raise


def run_pre_hooks(
    module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments as the forward pre-hooks leave them."""
    for hook, with_kwargs in list(module._forward_pre_hooks.values()):
        replaced = hook(module, args, kwargs) if with_kwargs else hook(module, args)
        if replaced is None:
            continue
        if not with_kwargs:
            args = replaced if isinstance(replaced, tuple) else (replaced,)
        elif isinstance(replaced, tuple) and len(replaced) == 2:
            args, kwargs = replaced
        else:
            raise RuntimeError(
                "forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got "
                f"{replaced}."
            )
    return args, kwargs


def run_after_failure(hook: Any, module: Any, args: Any, kwargs: Any, result: Any) -> None:
    """A hook with always_call=True sees the call even though ``forward`` raised."""
    try:
        if kwargs is None:
            hook(module, args, result)
        else:
            hook(module, args, kwargs, result)
    except Exception as error:  # the first exception is the one to report
        warnings.warn(
            "module forward hook with ``always_call=True`` raised an exception that was silenced "
            f"as another error was raised in forward: {error}",
            stacklevel=2,
        )


def one_kind(module: Any, full: bool) -> None:
    """Note which kind of backward hooks a module has; it cannot have both."""
    if module._is_full_backward_hook is (not full):
        raise RuntimeError(
            "Cannot use both regular backward hooks and full backward hooks on a single Module. "
            "Please use only one of them."
        )
    module._is_full_backward_hook = full


def hook_last_node(module: Any, args: Any, result: Any) -> None:
    """Backward hooks of the old kind: they belong to the node that made the first output."""
    first = result
    while not isinstance(first, Tensor):
        if isinstance(first, dict):
            first = next(v for v in first.values() if isinstance(v, Tensor))
        else:
            first = first[0]
    node: Any = first.grad_fn
    if node is None:
        return
    for (hook,) in module._backward_hooks.values():
        node.register_hook(lambda g_in, g_out, hook=hook: hook(module, g_in, g_out))
    missing = missing_from_old_hook(node, args, result)
    if missing:
        warnings.warn(
            f"{missing} Please use register_full_backward_hook to get the documented behavior.",
            FutureWarning,
            stacklevel=5,
        )


def missing_from_old_hook(node: Any, args: Any, result: Any) -> str | None:
    """What a hook on ``node`` alone does not see of the module's gradients, in PyTorch's words."""
    start = "Using {} is deprecated and will be removed in future versions. This hook will be "
    outputs = result if isinstance(result, tuple) else (result,)
    if not all(isinstance(o, Tensor) for o in outputs):
        what = "non-full backward hooks on a Module that does not return a single Tensor or a "
        return start.format(what + "tuple of Tensors") + "missing some of the grad_output."
    if not all(isinstance(a, Tensor) for a in args):
        what = "non-full backward hooks on a Module that does not take as input a single Tensor "
        return start.format(what + "or a tuple of Tensors") + "missing some of the grad_input."
    if len({o.grad_fn for o in outputs if o.grad_fn is not None}) > 1:
        what = "a non-full backward hook when outputs are generated by different autograd Nodes"
        return start.format(what) + "missing some grad_output."
    before = {a.grad_fn for a in args if a.grad_fn is not None}
    if before != {function for function, _ in node.next_functions}:
        what = "a non-full backward hook when the forward contains multiple autograd Nodes"
        return start.format(what) + "missing some grad_input."
    return None


class BackwardWatch:
    """Calls a module's backward hooks for one forward call, once both gradients are known."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.hooks = [hook for (hook,) in module._backward_hooks.values()]
        self.pre_hooks = [hook for (hook,) in module._backward_pre_hooks.values()]
        self.grad_output: tuple[Any, ...] | None = None
        self.n_inputs = 0
        self.inputs: list[int] | None = None  # which arguments are tensors; None: no gradient

    def before(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, behind a node that tells when their gradients are known."""
        self.n_inputs = len(args)
        passed, node, self.inputs = through_node(args)
        if node is not None:
            node.register_hook(self.gradients_left)
        return passed

    def after(self, result: Any) -> Any:
        """The result, behind a node that tells when its gradient arrives."""
        if not isinstance(result, (Tensor, tuple)):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of "
                f"Tensors but received {type(result)}",
                stacklevel=4,
            )
            return result
        outputs = result if isinstance(result, tuple) else (result,)
        passed, node, places = through_node(outputs)
        if node is not None:
            node.register_prehook(lambda grads: self.gradients_arrived(grads, places, len(outputs)))
        return passed if isinstance(result, tuple) else passed[0]

    def gradients_arrived(self, grads: tuple[Any, ...], places: Any, n: int) -> tuple[Any, ...]:
        """The gradients of the outputs are there: run the pre-hooks."""
        seen = spread(places, grads, n)
        for hook in self.pre_hooks:
            replaced = hook(self.module, seen)
            if replaced is None:
                continue
            replaced = replaced if isinstance(replaced, tuple) else (replaced,)
            if len(replaced) != len(seen):
                raise RuntimeError(
                    "Backward pre hook returned an invalid number of grad_output, got "
                    f"{len(replaced)}, but expected {len(seen)}"
                )
            seen = replaced
        self.grad_output = seen
        if self.inputs is None:
            self.no_input_gradient()
        return tuple(seen[i] for i in places)

    def no_input_gradient(self) -> None:
        """No argument needs a gradient: the hooks run right away, with None for each."""
        warnings.warn(
            "Full backward hook is firing when gradients are computed with respect to module "
            "outputs since no inputs require gradients. See https://docs.pytorch.org/docs/main/"
            "generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook for more "
            "details.",
            stacklevel=2,
        )
        for hook in self.hooks:
            replaced = hook(self.module, (None,) * self.n_inputs, self.grad_output)
            if replaced is not None and any(g is not None for g in replaced):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always "
                    "return None or None for all gradients."
                )
        self.grad_output = None

    def gradients_left(self, grads_in: tuple[Any, ...], _: Any) -> Any:
        """The gradients of the inputs are there: run the hooks."""
        if self.grad_output is None:  # a gradient that did not come through the module's output
            return None
        seen = spread(self.inputs, grads_in, self.n_inputs)
        for hook in self.hooks:
            replaced = hook(self.module, seen, self.grad_output)
            if replaced is None:
                continue
            if len(replaced) != len(seen):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, got "
                    f"{len(replaced)}, but expected {len(seen)}"
                )
            seen = replaced
        self.grad_output = None
        return tuple(seen[i] for i in self.inputs or ())


def through_node(values: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any, list[int] | None]:
    """``values`` with the tensors among them passed through one identity node, and that node."""
    places = [i for i, v in enumerate(values) if isinstance(v, Tensor)]
    if not grad_mode.enabled or all(edge_of(values[i]) is None for i in places):
        return values, None, None
    passed = list(values)
    for i, t in zip(places, apply(BackwardHookFunction, tuple(values[i] for i in places))):
        passed[i] = t
    node = next(passed[i].grad_fn for i in places if passed[i].grad_fn is not None)
    return tuple(passed), node, places


def spread(places: Any, grads: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    """The gradients at the places of their tensors among ``n`` values, None elsewhere."""
    seen = [None] * n
    for i, g in zip(places, grads):
        seen[i] = g
    return tuple(seen)
