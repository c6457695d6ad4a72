"""Parametrizations: a parameter that is computed anew from others each time it is asked for.

``register_parametrization(layer, "weight", Symmetric())`` moves the weight to
``layer.parametrizations.weight.original``, which is what is trained from then on; ``layer.weight``
is ``Symmetric()(original)``, and gradients flow through it.

PyTorch gives the module a new class with a property for that; here ``Module.__getattr__`` looks
into the module's ``_parametrized``.
"""

from __future__ import annotations

from typing import Any

from ...autograd.recording_modes import no_grad
from ...core.tensor import Tensor
from ..containers import ModuleDict, ModuleList
from ..module import Module
from ..parameter import Parameter


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, run one after the other on the original(s)."""

    def __init__(self, modules: list[Module], original: Tensor, unsafe: bool = False) -> None:
        super().__init__(modules)
        self.unsafe = unsafe
        before = original.detach()
        start: Any = original
        with no_grad():
            for module in reversed(modules):  # what has to go in so that this comes out
                if hasattr(module, "right_inverse"):
                    start = module.right_inverse(start)
        self.is_tensor = isinstance(start, Tensor)
        if self.is_tensor:
            original.data = start.data  # type: ignore[misc]
            self._keep("original", original)
        else:
            self.ntensors = len(start)
            for i, part in enumerate(start):
                kind = isinstance(original, Parameter)
                self._keep(f"original{i}", Parameter(part) if kind else part)
        try:
            self._check(before)
        except ValueError:
            original.data = before  # type: ignore[misc]
            raise

    def _keep(self, name: str, tensor: Tensor) -> None:
        if isinstance(tensor, Parameter):
            self.register_parameter(name, tensor)
        else:
            self.register_buffer(name, tensor)

    def _check(self, wanted: Tensor) -> None:
        if self.unsafe:
            return
        with no_grad():
            now = self()
        for what in ("dtype", "shape"):
            before, after = getattr(wanted, what), getattr(now, what)
            if before != after:
                raise ValueError(
                    f"Registering a parametrization may not change the {what} of the tensor, "
                    f"unless `unsafe` flag is enabled. It was {before} and would be {after}."
                )

    def forward(self) -> Any:
        if self.is_tensor:
            value = self[0](self.original)
        else:
            value = self[0](*[getattr(self, f"original{i}") for i in range(self.ntensors)])
        for module in list(self)[1:]:
            value = module(value)
        return value

    def right_inverse(self, value: Tensor) -> None:
        """Set the original(s) so that ``value`` comes out: ``layer.weight = value``."""
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not implement right_inverse."
                    )
                value = module.right_inverse(value)
            if self.is_tensor:
                self.original.copy_(value)
            else:
                for i, part in enumerate(value):
                    getattr(self, f"original{i}").copy_(part)


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether the module has a parametrization (of that tensor)."""
    parametrized = getattr(module, "__dict__", {}).get("_parametrized", {})
    return bool(parametrized) if tensor_name is None else tensor_name in list(parametrized)


def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Compute a parameter or buffer of ``module`` by ``parametrization`` from now on.

    The parametrization's ``right_inverse``, if it has one, says what to start from. It must keep
    shape and dtype unless unsafe=True. ValueError if there is no such tensor.

    >>> import minigrad as mg
    >>> class Positive(mg.nn.Module):
    ...     def forward(self, w):
    ...         return w.exp()
    >>> layer = mg.nn.Linear(2, 2)
    >>> _ = mg.nn.utils.parametrize.register_parametrization(layer, "weight", Positive())
    >>> bool((layer.weight > 0).all()), list(layer.state_dict())
    (True, ['bias', 'parametrizations.weight.original'])
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        chain: ParametrizationList = module.__dict__["_parametrized"][tensor_name]
        before = getattr(module, tensor_name)
        chain.append(parametrization)
        try:
            chain._check(before)
        except ValueError:
            chain.pop(-1)
            raise
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element "
            f"with name '{tensor_name}'"
        )
    chain = ParametrizationList([parametrization], getattr(module, tensor_name), unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        module.parametrizations = ModuleDict()
        module.__dict__["_parametrized"] = {}
    module.parametrizations[tensor_name] = chain
    module.__dict__["_parametrized"][tensor_name] = chain
    return module


def remove_parametrizations(
    module: Module, tensor_name: str, leave_parametrized: bool = True
) -> Module:
    """Make it an ordinary parameter again, with its present value (or the original's)."""
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    chain = module.__dict__["_parametrized"][tensor_name]
    if not chain.is_tensor and not leave_parametrized:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is "
            "parametrized in terms of a sequence of tensors."
        )
    with no_grad():
        value = getattr(module, tensor_name)
    kept = chain.original if chain.is_tensor else Parameter(value)
    if leave_parametrized:
        kept.data = value.detach().clone()  # type: ignore[misc]
    del module.__dict__["_parametrized"][tensor_name]
    del module.parametrizations[tensor_name]
    if not is_parametrized(module):
        del module.__dict__["_parametrized"]
        del module.parametrizations
    if isinstance(kept, Parameter):
        module.register_parameter(tensor_name, kept)
    else:
        module.register_buffer(tensor_name, kept)
    return module
