"""Module: the base class of all layers and networks.

A module keeps its parameters, buffers and child modules in three dicts, in the order in which they
were assigned. ``__setattr__`` sorts what is assigned into them, ``__getattr__`` finds it there
again, and everything else here walks over those dicts. A call with hooks is in ``hooked_calls.py``,
saving and loading in ``state_dict.py``, what members may be called in ``member_names.py``.

Names, order and words are those of PyTorch's ``torch.nn.Module``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from weakref import ref

from ..core.node import Node, next_seq
from ..core.tensor import Tensor
from ..faithful.device import only_cpu
from ..faithful.dtypes import complex64, complex128, dtype, float16, float32, float64
from ..faithful.hang_on import html_of
from ..faithful.package_name import package
from ..faithful.removable_handle import Handle
from ..ops import capturing
from ..ops.calls import ended
from .conversion import wanted_dtype
from .hooked_calls import add_hook, call_with_hooks, one_kind
from .member_names import (
    before_init,
    check_name,
    find_buffer,
    find_module,
    find_parameter,
    forget,
    indented,
    replace_module,
    typename,
)
from .parameter import Buffer, Parameter
from .state_dict import load_own, load_state, save_own, write_state

__all__ = ["Module"]

Self = TypeVar("Self", bound="Module")


class Module:
    """A layer or network: write ``__init__`` (what it has) and ``forward`` (what it computes).

    Parameters, buffers and modules that are assigned as attributes are found by ``parameters()``,
    ``state_dict()`` and the others. Call the module, not ``forward``: hooks run then too.

    Raises:
        AttributeError: a member is assigned before ``super().__init__()``.
        NotImplementedError: (when called) ``forward`` was not written.

    >>> import minigrad as mg
    >>> class Double(mg.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.w = mg.nn.Parameter(mg.tensor(2.0))
    ...     def forward(self, x):
    ...         return self.w * x
    >>> double = Double()
    >>> double(mg.tensor(3.0))
    tensor(6., grad_fn=<MulBackward0>)
    >>> [name for name, _ in double.named_parameters()]
    ['w']

    Source: PyTorch's ``nn.Module``, which follows Lua Torch's modules (Collobert et al. 2011).
    """

    _version: int = 1  # of what the class saves: see _load_from_state_dict
    training: bool
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _modules: dict[str, Any]
    _non_persistent_buffers_set: set[str]
    _forward_hooks: dict[int, Any]
    _forward_pre_hooks: dict[int, Any]
    _backward_hooks: dict[int, Any]
    _backward_pre_hooks: dict[int, Any]
    _is_full_backward_hook: bool | None = None  # which kind _backward_hooks are, once there is one
    _state_dict_hooks: dict[int, Any]
    _state_dict_pre_hooks: dict[int, Any]
    _load_state_dict_pre_hooks: dict[int, Any]
    _load_state_dict_post_hooks: dict[int, Any]

    def __init__(self) -> None:
        put = super().__setattr__  # not our own __setattr__, which needs these dicts
        put("training", True)
        put("_parameters", {})
        put("_buffers", {})
        put("_modules", {})
        put("_non_persistent_buffers_set", set())
        for name in Module.__annotations__:
            if name.endswith("_hooks"):
                put(name, {})

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. Every module writes its own."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function: define '
            "forward(self, x) in the class (and check its spelling and indentation)"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward``, and the hooks if there are any."""
        first = next_seq()
        if (
            self._forward_hooks or self._forward_pre_hooks
            or self._backward_hooks or self._backward_pre_hooks
        ):  # fmt: skip
            result = call_with_hooks(self, args, kwargs)
        else:
            result = self.forward(*args, **kwargs)
        node = result._node if type(result) is Tensor else self
        if type(node) is Node:  # as ended() does, for most modules
            if node.seq > first:
                node.calls = (ref(self), first, node.calls, None, type(self))
        elif node is not None:
            ended(result, ref(self), first, None, type(self))
        return result

    # --- attributes ----------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if isinstance(value, Parameter):
            if "_parameters" not in own:
                raise before_init("parameters")
            forget(name, own, self._buffers, self._modules, self._non_persistent_buffers_set)
            self.register_parameter(name, value)
        elif name in own.get("_parameters", ()):
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as parameter '{name}' (torch.nn.Parameter "
                    "or None expected): wrap it in nn.Parameter(...), or write new numbers into "
                    f"the old one, with no_grad(): {name}.copy_(...)"
                )
            self._parameters[name] = None
        elif isinstance(value, Module):
            if "_modules" not in own:
                raise before_init("module")
            forget(name, own, self._buffers, self._non_persistent_buffers_set)
            self._modules[name] = value
        elif name in own.get("_modules", ()):
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as child module '{name}' (torch.nn.Module "
                    "or None expected): use another attribute name, or delete the module first"
                )
            self._modules[name] = None
        elif isinstance(value, Buffer):
            if "_buffers" not in own:
                raise before_init("buffer")
            forget(name, own)
            self.register_buffer(name, value, value.persistent)
        elif name in own.get("_buffers", ()):
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{typename(value)}' as buffer '{name}' (torch.nn.Buffer, "
                    f"torch.Tensor or None expected): wrap the numbers with {package()}.tensor(...)"
                )
            self._buffers[name] = value
        elif name in own.get("_parametrized", ()):
            own["_parametrized"][name].right_inverse(value)
        else:
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        # Python asks here only for what is not an ordinary attribute.
        own = self.__dict__
        for kind in ("_parameters", "_buffers", "_modules"):
            if kind in own and name in own[kind]:
                return own[kind][name]
        if name in own.get("_parametrized", ()):  # see utils/parametrize.py
            return own["_parametrized"][name]()
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        for members in (self._parameters, self._buffers, self._modules):
            if name in members:
                del members[name]
                self._non_persistent_buffers_set.discard(name)
                return
        super().__delattr__(name)

    def __dir__(self) -> list[str]:
        names = {*super().__dir__(), *self._parameters, *self._buffers, *self._modules}
        return sorted(name for name in names if name.isidentifier())

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under a name; None keeps the name without a parameter."""
        check_name(self, "parameter", name, self._parameters if self._ready() else None)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{typename(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required): wrap it in nn.Parameter(...)"
            )
        if param is not None and param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be "
                f"created explicitly. To express '{name}' as a function of another Tensor, compute "
                "the value in the forward() method."
            )
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that is part of the state but not trained, such as a running mean.

        persistent=False leaves it out of ``state_dict``.
        """
        check_name(self, "buffer", name, self._buffers if self._ready() else None)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' (torch Tensor or "
                f"None required): wrap the numbers with {package()}.tensor(...)"
            )
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a child module under a name."""
        if not isinstance(module, Module) and module is not None:
            raise TypeError(
                f"{typename(module)} is not a Module subclass: a child is an object such as "
                "nn.Linear(2, 3), not a class or a function"
            )
        check_name(self, "module", name, self._modules if self._ready() else None)
        self._modules[name] = module

    register_module = add_module

    def _ready(self) -> bool:
        return "_parameters" in self.__dict__

    # --- walking over the members ----------------------------------------------------------

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and all below it, with their dotted names: parents before children."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                below = prefix + ("." if prefix else "") + name
                yield from module.named_modules(memo, below, remove_duplicate)

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        for _, module in self.named_modules():
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The direct children with their names."""
        seen: set[Any] = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The direct children."""
        for _, module in self.named_children():
            yield module

    def _named_members(
        self, kind: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        """The tensors in the dicts called ``kind`` of this module and those below it."""
        seen: set[int] = set()
        modules = (
            self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
            if recurse else [(prefix, self)]
        )  # fmt: skip
        for path, module in modules:
            for name, tensor in getattr(module, kind).items():
                if tensor is None or id(tensor) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(tensor))
                yield path + ("." if path else "") + name, tensor

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The parameters with their dotted names, a shared one once.

        Args:
            prefix: put before each name, with a dot.
            recurse: also those of the modules inside (default True).
            remove_duplicate: False gives a shared parameter under each of its names.

        Returns:
            An iterator over pairs (name, parameter); the parameters themselves, not copies.

        >>> import minigrad as mg
        >>> [name for name, _ in mg.nn.Sequential(mg.nn.Linear(2, 3)).named_parameters()]
        ['0.weight', '0.bias']

        Source: PyTorch's ``Module.named_parameters``.
        """
        yield from self._named_members("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters: what an optimizer is given.

        Args:
            recurse: also those of the modules inside (default True).

        Returns:
            An iterator over the parameters themselves, not copies; a shared one once.

        >>> import minigrad as mg
        >>> [tuple(p.shape) for p in mg.nn.Linear(2, 3).parameters()]
        [(3, 2), (3,)]

        Source: PyTorch's ``Module.parameters``.
        """
        for _, param in self.named_parameters(recurse=recurse):
            yield param

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """The buffers with their dotted names."""
        yield from self._named_members("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def get_submodule(self, target: str) -> Module:
        """The module of a dotted name, such as ``"encoder.layers.0"``."""
        return find_module(self, target, Module)

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put another module in the place of a dotted name. strict: only where there is one."""
        replace_module(self, target, module, strict, Module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of a dotted name, such as ``"encoder.layers.0.weight"``."""
        return find_parameter(self, target)

    def get_buffer(self, target: str) -> Tensor:
        """The buffer of a dotted name."""
        return find_buffer(self, target)

    def _replicate_for_data_parallel(self: Self) -> Self:
        """A copy with dicts of its own around the same members: what a device would be given."""
        replica = self.__new__(type(self))
        replica.__dict__.update(self.__dict__)
        for kind in ("_parameters", "_buffers", "_modules"):
            replica.__dict__[kind] = dict(self.__dict__[kind])
        replica.__dict__["_parameters"] = {}  # put in as plain tensors, computed from the originals
        return replica

    def apply(self: Self, fn: Callable[[Module], Any]) -> Self:
        """Call ``fn`` on every module below and then on this one, for example to initialise."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    # --- mode, gradients, dtype ----------------------------------------------------------------

    def train(self: Self, mode: bool = True) -> Self:
        """Training mode: dropout drops, batch norm uses the batch. Only some layers care."""
        if not isinstance(mode, bool):
            raise ValueError(f"training mode is expected to be boolean, got {mode!r}")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self: Self) -> Self:
        """Evaluation mode, ``train(False)``. Recording is another switch: see ``no_grad``."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Train (or freeze) all parameters."""
        for param in self.parameters():
            param.requires_grad_(requires_grad)
        return self

    @capturing.replayed
    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with 0.

        Args:
            set_to_none: ``.grad`` becomes None (the default); if False it is filled with zeros.

        Returns:
            None.

        >>> import minigrad as mg
        >>> layer = mg.nn.Linear(2, 1)
        >>> layer(mg.ones(2)).backward()
        >>> layer.zero_grad()
        >>> print(layer.weight.grad)
        None

        Source: PyTorch's ``Module.zero_grad``.
        """
        for param in self.parameters():
            if param.grad is None:
                continue
            if set_to_none:
                param.grad = None  # type: ignore[misc]
            else:
                param.grad = param.grad.detach()  # type: ignore[misc]
                param.grad.zero_()

    def _apply(self: Self, fn: Callable[[Tensor], Tensor]) -> Self:
        """Replace the numbers of every parameter, gradient and buffer; the objects stay."""
        for module in self.children():
            module._apply(fn)
        for param in self._parameters.values():
            if param is not None:
                param.data = fn(param.data)
                if param._grad is not None:
                    param._grad = fn(param._grad.detach())
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Convert parameters and buffers to another floating-point dtype, in place.

        ``to(dtype)``, ``to(device)`` (there is only the CPU), ``to(tensor)``. Buffers of whole
        numbers stay as they are. TypeError for other dtypes.
        """
        wanted = wanted_dtype(args, kwargs)
        if wanted is None:
            return self
        if wanted not in (float16, float32, float64, complex64, complex128):
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={wanted}: parameters are changed by little steps, whole numbers cannot be"
            )

        def convert(t: Tensor) -> Tensor:
            floats = t.is_floating_point() or t.is_complex()
            return t.detach().to(wanted) if floats else t

        return self._apply(convert)

    def float(self: Self) -> Self:
        """All parameters and buffers to float32."""
        return self._to_float(float32)

    def double(self: Self) -> Self:
        """All parameters and buffers to float64."""
        return self._to_float(float64)

    def half(self: Self) -> Self:
        """All parameters and buffers to float16."""
        return self._to_float(float16)

    def _to_float(self: Self, wanted: dtype) -> Self:
        return self._apply(lambda t: t.detach().to(wanted) if t.is_floating_point() else t)

    def type(self: Self, dst_type: Any) -> Self:
        """All parameters and buffers to a dtype."""
        return self._apply(lambda t: t.detach().to(dst_type))

    def cpu(self: Self) -> Self:
        """The module itself: it is on the CPU."""
        return self

    def cuda(self: Self, device: Any = None) -> Self:
        """AssertionError: minigrad computes on the CPU."""
        only_cpu("cuda")
        return self

    # --- state ------------------------------------------------------------------------------

    def state_dict(
        self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """Every parameter and persistent buffer by dotted name.

        Args:
            args: the three below by position, the old way.
            destination: a dict to write into. None: a new one.
            prefix: put before each name.
            keep_vars: give the parameters themselves, which require a gradient (default False).

        Returns:
            A dict from names to tensors without history. They share the module's memory, take
            copies (``copy.deepcopy``) to keep the numbers of now.

        >>> import minigrad as mg
        >>> list(mg.nn.BatchNorm1d(2).state_dict())
        ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']

        Source: PyTorch's ``Module.state_dict``.
        """
        if args:
            warnings.warn(
                "Positional args are being deprecated, use kwargs instead. Refer to "
                "https://pytorch.org/docs/main/generated/torch.nn.Module.html#"
                "torch.nn.Module.state_dict for details.",
                FutureWarning,
                stacklevel=2,
            )
            named = {"destination": destination, "prefix": prefix, "keep_vars": keep_vars}
            named.update(zip(named, args))
            return write_state(self, **named)
        return write_state(self, destination, prefix, keep_vars)

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        """Put this module's own tensors into ``destination``; override it to save other things."""
        save_own(self, destination, prefix, keep_vars)

    def load_state_dict(
        self, state_dict: Any, strict: bool = True, assign: bool = False
    ) -> Any:  # fmt: skip
        """Copy the numbers of a ``state_dict`` into this module.

        Args:
            state_dict: a dict from dotted names to tensors of the same shapes.
            strict: refuse if names are missing or left over (default True).
            assign: take the tensors themselves, without a copy (default False).

        Returns:
            The missing and the unexpected names, a named tuple of two lists.

        Raises:
            RuntimeError: lists everything that does not fit; then all tensors are as before.
            TypeError: ``state_dict`` is no dict.

        >>> import minigrad as mg
        >>> a, b = mg.nn.Linear(2, 1), mg.nn.Linear(2, 1)
        >>> b.load_state_dict(a.state_dict())
        <All keys matched successfully>
        >>> mg.equal(a.weight, b.weight)
        True

        Source: PyTorch's ``Module.load_state_dict``.
        """
        return load_state(self, state_dict, strict, assign)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, strict: bool,
        missing_keys: list[str], unexpected_keys: list[str], error_msgs: list[str],
    ) -> None:  # fmt: skip
        """Take this module's own tensors from ``state_dict``. Override it to read older files.

        local_metadata["version"] is the ``_version`` of the class that saved, if it is known.
        What does not fit is added to the three lists. ``state_dict`` may be changed.
        """
        load_own(
            self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys,
            error_msgs,
        )  # fmt: skip

    def get_extra_state(self) -> Any:
        """Override it, with ``set_extra_state``, to have more than tensors in ``state_dict``."""
        raise RuntimeError("get_extra_state() is not defined by this module")

    def set_extra_state(self, state: Any) -> None:
        """Take back what ``get_extra_state`` returned."""
        raise RuntimeError("set_extra_state() is not defined by this module")

    def _has_extra_state(self) -> bool:
        return type(self).get_extra_state is not Module.get_extra_state

    def _takes_extra_state(self) -> bool:
        return type(self).set_extra_state is not Module.set_extra_state

    # --- hooks ------------------------------------------------------------------------------

    def register_forward_pre_hook(
        self, hook: Any, *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call ``hook(module, args)`` before ``forward``; it may return other arguments.

        with_kwargs: ``hook(module, args, kwargs)``, which returns None or both. prepend: before
        the hooks that are there. Returns a handle; ``handle.remove()`` undoes.
        """
        return add_hook(self._forward_pre_hooks, (hook, with_kwargs), prepend)

    def register_forward_hook(
        self, hook: Any, *, prepend: bool = False, with_kwargs: bool = False,
        always_call: bool = False,
    ) -> Handle:  # fmt: skip
        """Call ``hook(module, args, output)`` after ``forward``; it may return another output.

        with_kwargs: ``hook(module, args, kwargs, output)``. always_call: also if forward raises.

        >>> import minigrad as mg
        >>> relu = mg.nn.ReLU()
        >>> handle = relu.register_forward_hook(lambda module, args, out: print(args, out))
        >>> _ = relu(mg.tensor([-1.0]))
        (tensor([-1.]),) tensor([0.])
        >>> handle.remove()
        """
        return add_hook(self._forward_hooks, (hook, with_kwargs, always_call), prepend)

    def register_full_backward_pre_hook(self, hook: Any, prepend: bool = False) -> Handle:
        """Call ``hook(module, grad_output)`` before the backward pass enters the module."""
        return add_hook(self._backward_pre_hooks, (hook,), prepend)

    def register_full_backward_hook(self, hook: Any, prepend: bool = False) -> Handle:
        """Call ``hook(module, grad_input, grad_output)`` when both gradients are known.

        The gradients are tuples, one entry for each positional argument and each output; the
        hook may return another ``grad_input``.
        """
        one_kind(self, full=True)
        return add_hook(self._backward_hooks, (hook,), prepend)

    def register_backward_hook(self, hook: Any) -> Handle:
        """The old kind: ``hook(module, grad_input, grad_output)`` of the last operation alone.

        Of a module that computes in several steps, ``grad_input`` is not the gradient of the
        module's input. Better: :meth:`register_full_backward_hook`.
        """
        one_kind(self, full=False)
        return add_hook(self._backward_hooks, (hook,), False)

    def register_state_dict_post_hook(self, hook: Any) -> Handle:
        """Call ``hook(module, state_dict, prefix, local_metadata)`` at the end of state_dict."""
        return Handle(self._state_dict_hooks, (hook, False))

    def _register_state_dict_hook(self, hook: Any) -> Handle:
        """The older kind of post-hook, which may return another dict."""
        return Handle(self._state_dict_hooks, (hook, True))

    def register_state_dict_pre_hook(self, hook: Any) -> Handle:
        """Call ``hook(module, prefix, keep_vars)`` before the state is collected."""
        return Handle(self._state_dict_pre_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Any) -> Handle:
        """Call ``hook(module, state_dict, prefix, local_metadata, strict, missing_keys,
        unexpected_keys, error_msgs)`` before this module's state is loaded."""
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def _register_load_state_dict_pre_hook(self, hook: Any, with_module: bool = False) -> Handle:
        """The older kind of pre-hook, which is not given the module."""
        return Handle(self._load_state_dict_pre_hooks, (hook, with_module))

    def register_load_state_dict_post_hook(self, hook: Any) -> Handle:
        """Call ``hook(module, incompatible_keys)`` after the state was loaded."""
        return Handle(self._load_state_dict_post_hooks, hook)

    # --- printing ---------------------------------------------------------------------------

    def _get_name(self) -> str:
        computed = "Parametrized" if "_parametrized" in self.__dict__ else ""
        return computed + type(self).__name__

    def extra_repr(self) -> str:
        """What stands between the parentheses when the module is printed."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        children = [f"({name}): {indented(repr(m))}" for name, m in self._modules.items()]
        if not children and "\n" not in extra:
            return f"{self._get_name()}({extra})"
        lines = [*(extra.split("\n") if extra else []), *children]
        return "\n  ".join([f"{self._get_name()}(", *lines]) + "\n)"

    def _repr_html_(self) -> str:
        """In a notebook: a tree that opens and closes (see ``drawing/module_tree.py``)."""
        return html_of["Module"](self)
