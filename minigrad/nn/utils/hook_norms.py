"""Weight norm and spectral norm of the old style: a hook computes the weight before each call.

The layer gets other parameters (``weight_g`` and ``weight_v``, or ``weight_orig``), and its
``weight`` becomes a plain attribute, made anew in every forward pass. The new style is in
``parametrizations.py``; old programs and saved files use this one.
"""

from __future__ import annotations

import warnings
from typing import Any

from ...autograd.recording_modes import no_grad
from ...core.tensor import Tensor
from ...ops.matrices.matmul import dot, mv
from ...ops.matrices.matrix_functions import pinv
from .. import functional as F
from ..module import Module
from ..parameter import Parameter
from .parametrizations import length_of_each

__all__ = ["remove_spectral_norm", "remove_weight_norm", "spectral_norm", "weight_norm"]


class WeightNorm:
    """The hook that sets ``weight = g * v / length of v``."""

    kind = "weight_norm"

    def __init__(self, name: str, dim: int) -> None:
        self.name = name
        self.dim = dim

    def compute_weight(self, module: Module) -> Tensor:
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        weight: Tensor = v * (g / length_of_each(v, self.dim))
        return weight

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))

    def remove(self, module: Module) -> None:
        weight = self.compute_weight(module)
        for name in (self.name, self.name + "_g", self.name + "_v"):
            delattr(module, name)
        setattr(module, self.name, Parameter(weight.detach()))


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Train the length (``weight_g``) and direction (``weight_v``) of a weight's rows apart.

    dim: the dimension that keeps a length of its own for each index; None: one length for all.
    RuntimeError if the weight has a weight norm already. Source: Salimans and Kingma 2016. PyTorch
    prefers ``parametrizations.weight_norm`` now.

    >>> import warnings
    >>> import minigrad as mg
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = mg.nn.utils.weight_norm(mg.nn.Linear(2, 3))
    >>> [(name, list(p.shape)) for name, p in layer.named_parameters()]
    [('bias', [3]), ('weight_g', [3, 1]), ('weight_v', [3, 2])]
    """
    warnings.warn(
        "`torch.nn.utils.weight_norm` is deprecated in favor of "
        "`torch.nn.utils.parametrizations.weight_norm`.",
        FutureWarning,
        stacklevel=2,
    )
    refuse_second(module, WeightNorm, name)
    hook = WeightNorm(name, -1 if dim is None else dim)
    weight = getattr(module, name)
    lengths = length_of_each(weight.detach(), hook.dim)
    del module._parameters[name]
    module.register_parameter(name + "_g", Parameter(lengths))
    module.register_parameter(name + "_v", Parameter(weight.data))
    hook(module, None)
    module.register_forward_pre_hook(hook)
    return module


class SpectralNorm:
    """The hook that divides the weight by its largest singular value."""

    kind = "spectral_norm"

    def __init__(self, name: str, n_power_iterations: int, dim: int, eps: float) -> None:
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.name, self.dim, self.eps = name, dim, eps
        self.n_power_iterations = n_power_iterations

    def as_matrix(self, weight: Tensor) -> Tensor:
        return weight.movedim(self.dim, 0).flatten(1)

    def compute_weight(self, module: Module, iterate: bool) -> Tensor:
        weight: Tensor = getattr(module, self.name + "_orig")
        u, v = getattr(module, self.name + "_u"), getattr(module, self.name + "_v")
        matrix = self.as_matrix(weight)
        if iterate:  # turn u and v towards the first singular vectors
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(F.normalize(mv(matrix.t(), u), dim=0, eps=self.eps))
                    u.copy_(F.normalize(mv(matrix, v), dim=0, eps=self.eps))
                u, v = u.clone(), v.clone()  # the next call writes to the buffers
        return weight / dot(u, mv(matrix, v))

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module, module.training))

    def write_version(self, module: Module, state: Any, prefix: str, metadata: Any) -> None:
        """After state_dict: note that ``v`` is in it, which it was not at first."""
        metadata.setdefault("spectral_norm", {})[self.name + ".version"] = 1

    def read_older(
        self, module: Module, state: Any, prefix: str, metadata: Any, *lists: Any
    ) -> None:
        """Before load_state_dict: a state of the first version has the weight, but no ``v``.

        With the singular value s = orig / weight, v is the solution of u = W v that gives s.
        """
        key = prefix + self.name
        version = metadata.get("spectral_norm", {}).get(self.name + ".version")
        names = [key + "_orig", key, key + "_u"]
        if version is not None or any(name not in state for name in names):
            return
        with no_grad():
            orig, weight, u = (state[name] for name in names)
            del state[key]
            matrix = self.as_matrix(orig)
            v = mv(pinv(matrix.t() @ matrix) @ matrix.t(), u)
            state[key + "_v"] = v * ((orig / weight).mean() / dot(u, mv(matrix, v)))

    def remove(self, module: Module) -> None:
        with no_grad():
            weight = self.compute_weight(module, False)
        for name in (self.name, self.name + "_u", self.name + "_v", self.name + "_orig"):
            delattr(module, name)
        for hooks in (module._state_dict_hooks, module._load_state_dict_pre_hooks):
            for key, (hook, _) in list(hooks.items()):
                if getattr(hook, "__self__", None) is self:
                    del hooks[key]
        module.register_parameter(self.name, Parameter(weight.detach()))


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12,
    dim: int | None = None,
) -> Module:  # fmt: skip
    """Keep a weight's largest singular value near 1, found by power iteration in each call.

    dim: the dimension of the outputs, 0 if left out (1 for transposed convolutions). ValueError if
    n_power_iterations is not positive. Source: Miyato et al. 2018. PyTorch prefers
    ``parametrizations.spectral_norm`` now.

    >>> import minigrad as mg
    >>> layer = mg.nn.utils.spectral_norm(mg.nn.Linear(2, 3))
    >>> list(layer.state_dict())
    ['bias', 'weight_orig', 'weight_u', 'weight_v']
    """
    if dim is None:
        dim = int(type(module).__name__.startswith("ConvTranspose"))
    refuse_second(module, SpectralNorm, name)
    hook = SpectralNorm(name, n_power_iterations, dim, eps)
    weight = module._parameters[name]
    if weight is None:
        raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
    with no_grad():
        rows, columns = hook.as_matrix(weight).shape
        u = F.normalize(weight.new_empty(rows).normal_(), dim=0, eps=eps)
        v = F.normalize(weight.new_empty(columns).normal_(), dim=0, eps=eps)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.data)
    module.register_buffer(name + "_u", u)
    module.register_buffer(name + "_v", v)
    module.register_forward_pre_hook(hook)
    module.register_state_dict_post_hook(hook.write_version)
    module.register_load_state_dict_pre_hook(hook.read_older)
    return module


def hooks_of(module: Module, kind: type, name: str) -> list[Any]:
    """The keys and hooks of this kind for the weight ``name``."""
    return [
        (key, hook) for key, (hook, *_) in module._forward_pre_hooks.items()
        if isinstance(hook, kind) and getattr(hook, "name", None) == name
    ]  # fmt: skip


def refuse_second(module: Module, kind: Any, name: str) -> None:
    if hooks_of(module, kind, name):
        raise RuntimeError(f"Cannot register two {kind.kind} hooks on the same parameter {name}")


def remove(module: Module, kind: Any, name: str) -> Module:
    for key, hook in hooks_of(module, kind, name):
        hook.remove(module)
        del module._forward_pre_hooks[key]
        return module
    raise ValueError(f"{kind.kind} of '{name}' not found in {module}")


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Make the weight an ordinary parameter again, with its present value.

    ValueError if there is no weight norm.
    """
    return remove(module, WeightNorm, name)


def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """Make the weight an ordinary parameter again, with its present value.

    ValueError if there is no spectral norm.
    """
    return remove(module, SpectralNorm, name)
