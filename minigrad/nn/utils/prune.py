"""Pruning: weights that are set to 0 and stay 0, chosen by their size or at random.

A pruned parameter ``weight`` becomes a parameter ``weight_orig`` and a buffer ``weight_mask`` of
ones and zeros; before each call a hook sets ``weight = weight_orig * weight_mask``. Pruning again
looks at what is left. Names and choices are those of ``torch.nn.utils.prune``.

>>> import minigrad as mg
>>> from minigrad.nn.utils import prune
>>> layer = mg.nn.Linear(4, 1, bias=False)
>>> _ = layer.weight.data.copy_(mg.tensor([[1.0, -4.0, 3.0, 2.0]]))
>>> prune.l1_unstructured(layer, "weight", amount=0.5).weight
tensor([[ 0., -4.,  3.,  0.]], grad_fn=<MulBackward0>)
>>> prune.remove(layer, "weight").weight
Parameter containing:
tensor([[ 0., -4.,  3.,  0.]], requires_grad=True)
"""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...ops.making.creation import ones_like, zeros_like
from ...ops.matrices.norms import norm
from ...ops.reducing.sorting import kthvalue, topk
from ...random.draws import rand, rand_like
from ..module import Module
from .convert_parameters import parameters_to_vector


class BasePruningMethod:
    """How to choose: a subclass writes ``compute_mask(t, default_mask)``.

    PRUNING_TYPE: "unstructured" is given only the elements that are left, as a vector,
    "structured" only the channels that are left, "global" all.
    """

    PRUNING_TYPE = "global"
    _tensor_name: str

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask after this pruning; ``default_mask`` is the one before."""
        raise NotImplementedError

    @classmethod
    def apply(
        cls, module: Module, name: str, *args: Any, importance_scores: Any = None, **kwargs: Any
    ) -> BasePruningMethod:
        """Prune a parameter. importance_scores: choose by these in place of its numbers."""
        method = cls(*args, **kwargs)
        method._tensor_name = name
        weight = getattr(module, name)
        scores = weight if importance_scores is None else importance_scores
        if scores.shape != weight.shape:
            raise AssertionError(
                f"importance_scores should have the same shape as parameter {name} of {module}"
            )
        hook = hook_of(module, name) or PruningContainer(name)
        before = getattr(module, name + "_mask") if hook.methods else ones_like(weight.detach())
        mask = left_by(method, scores.detach(), before)
        if not hook.methods:
            del module._parameters[name]
            module.register_parameter(name + "_orig", weight)
            module.register_forward_pre_hook(hook)
        module.register_buffer(name + "_mask", mask)
        hook.methods.append(method)
        hook(module, None)
        return method


class PruningContainer:
    """The hook: what has been done to one parameter."""

    def __init__(self, name: str) -> None:
        self._tensor_name = name
        self.methods: list[BasePruningMethod] = []

    def __call__(self, module: Module, inputs: Any) -> None:
        name = self._tensor_name
        setattr(module, name, getattr(module, name + "_orig") * getattr(module, name + "_mask"))

    def __len__(self) -> int:
        return len(self.methods)

    def __iter__(self) -> Any:
        return iter(self.methods)

    def __getitem__(self, index: int) -> BasePruningMethod:
        return self.methods[index]


def left_by(method: BasePruningMethod, scores: Tensor, before: Tensor) -> Tensor:
    """The mask after ``method`` has chosen among what the mask before has left."""
    part: Any = ...
    if method.PRUNING_TYPE == "unstructured":
        part = before == 1
    elif method.PRUNING_TYPE == "structured":
        dim = method.dim % scores.dim()  # type: ignore[attr-defined]
        others = [d for d in range(scores.dim()) if d != dim]
        part = (*[slice(None)] * dim, before.sum(dim=others) != 0)
    mask = before.clone()
    mask[part] = method.compute_mask(scores[part], before[part])
    return mask


def hook_of(module: Any, name: str) -> Any:
    """The hook of a pruned parameter, or None."""
    for hook, *_ in module._forward_pre_hooks.values():
        if isinstance(hook, PruningContainer) and hook._tensor_name == name:
            return hook
    return None


def how_many(amount: Any, size: int) -> int:
    """``amount`` as a number of elements: a share from 0 to 1, or the number itself."""
    if not isinstance(amount, (int, float)):
        raise TypeError(f"Invalid type for amount: {amount}. Must be int or float.")
    if amount < 0 or (isinstance(amount, float) and amount > 1.0):
        raise ValueError(
            f"amount={amount} should either be a float in the range [0, 1] or a non-negative "
            "integer"
        )
    if isinstance(amount, float):
        return round(amount * size)
    if amount > size:
        raise ValueError(
            f"amount={amount} should be smaller than the number of parameters to prune={size}"
        )
    return amount


class Identity(BasePruningMethod):
    """Nothing is pruned: only the mask is made."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        return default_mask


class RandomUnstructured(BasePruningMethod):
    """``amount`` of the elements, at random."""

    PRUNING_TYPE = "unstructured"

    def __init__(self, amount: Any) -> None:
        how_many(amount, 2**62)
        self.amount = amount

    def order(self, t: Tensor) -> Tensor:
        """The largest go first."""
        return rand_like(t)

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        mask = default_mask.clone()
        n = how_many(self.amount, t.numel())
        if n:
            mask.view(-1)[topk(self.order(t).reshape(-1), n)[1]] = 0
        return mask


class L1Unstructured(RandomUnstructured):
    """``amount`` of the elements, the smallest."""

    def order(self, t: Tensor) -> Tensor:
        return -t.abs()


class RandomStructured(BasePruningMethod):
    """``amount`` of the channels along ``dim``, at random."""

    PRUNING_TYPE = "structured"

    def __init__(self, amount: Any, dim: int = -1) -> None:
        how_many(amount, 2**62)
        self.amount, self.dim = amount, dim

    def kept(self, t: Tensor, channels: int, n: int) -> Any:
        """Which channels stay if ``n`` go."""
        chance = rand(channels)
        return chance > kthvalue(chance, n)[0]

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        channels = t.size(self.dim)
        n = how_many(self.amount, channels)
        if n == 0:
            return default_mask
        mask = zeros_like(t)
        place = (*[slice(None)] * (self.dim % t.dim()), self.kept(t, channels, n))
        mask[place] = 1
        return mask * default_mask


class LnStructured(RandomStructured):
    """``amount`` of the channels along ``dim``, those with the smallest n-norm."""

    def __init__(self, amount: Any, n: Any, dim: int = -1) -> None:
        super().__init__(amount, dim)
        self.n = n

    def kept(self, t: Tensor, channels: int, n: int) -> Any:
        others = [d for d in range(t.dim()) if d != self.dim % t.dim()]
        return topk(norm(t, p=self.n, dim=others), channels - n)[1]


class CustomFromMask(BasePruningMethod):
    """What a mask of the user's says."""

    def __init__(self, mask: Tensor) -> None:
        self.mask = mask

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        return default_mask * self.mask.to(default_mask.dtype)


def identity(module: Module, name: str) -> Module:
    """Make the mask, all ones."""
    Identity.apply(module, name)
    return module


def random_unstructured(module: Module, name: str, amount: Any) -> Module:
    """Prune ``amount`` (a share, or a number) of the elements of parameter ``name`` at random."""
    RandomUnstructured.apply(module, name, amount)
    return module


def l1_unstructured(
    module: Module, name: str, amount: Any, importance_scores: Any = None
) -> Module:  # fmt: skip
    """Prune the elements with the smallest absolute values."""
    L1Unstructured.apply(module, name, amount, importance_scores=importance_scores)
    return module


def random_structured(module: Module, name: str, amount: Any, dim: int) -> Module:
    """Prune channels along ``dim`` at random."""
    RandomStructured.apply(module, name, amount, dim)
    return module


def ln_structured(
    module: Module, name: str, amount: Any, n: Any, dim: int, importance_scores: Any = None
) -> Module:
    """Prune the channels along ``dim`` with the smallest n-norm."""
    LnStructured.apply(module, name, amount, n, dim, importance_scores=importance_scores)
    return module


def custom_from_mask(module: Module, name: str, mask: Tensor) -> Module:
    """Prune where ``mask`` is 0."""
    CustomFromMask.apply(module, name, mask)
    return module


def global_unstructured(
    parameters: Any, pruning_method: Any, importance_scores: Any = None, **kwargs: Any
) -> None:
    """Prune several parameters, pairs (module, name), as if they were one vector."""
    if not isinstance(parameters, (list, tuple)):
        raise TypeError("global_unstructured(): parameters is not a list of (module, name)")
    given = importance_scores or {}
    weights = [getattr(module, name) for module, name in parameters]
    scores = [given.get(pair, weight) for pair, weight in zip(parameters, weights)]
    masks = [
        getattr(module, name + "_mask", ones_like(weight.detach()))
        for (module, name), weight in zip(parameters, weights)
    ]
    method = pruning_method(**kwargs)
    if method.PRUNING_TYPE != "unstructured":
        raise TypeError(
            'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. Found method '
            f"{pruning_method} of type {method.PRUNING_TYPE}"
        )
    left = left_by(method, parameters_to_vector(scores).detach(), parameters_to_vector(masks))
    start = 0
    for (module, name), weight in zip(parameters, weights):
        custom_from_mask(module, name, left[start : start + weight.numel()].view_as(weight))
        start += weight.numel()


def is_pruned(module: Module) -> bool:
    """Whether any parameter of the module, or of one below it, is pruned."""
    hooks = [hook for m in module.modules() for hook, *_ in m._forward_pre_hooks.values()]
    return any(isinstance(hook, PruningContainer) for hook in hooks)


def remove(module: Module, name: str) -> Module:
    """Make the pruned parameter an ordinary one again, with its zeros. ValueError if it is none."""
    for key, (hook, *_) in module._forward_pre_hooks.items():
        if isinstance(hook, PruningContainer) and hook._tensor_name == name:
            hook(module, None)
            weight: Any = getattr(module, name + "_orig")
            weight.data = getattr(module, name).detach()
            for gone in (name, name + "_orig", name + "_mask"):
                delattr(module, gone)
            setattr(module, name, weight)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(
        f"Parameter '{name}' of module {module} has to be pruned before pruning can be removed"
    )
