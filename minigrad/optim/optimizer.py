"""The base of all optimizers: which parameters, which settings, what is remembered between steps.

An optimizer is the part of a training loop that writes: after ``loss.backward()`` has filled
``.grad``, ``step()`` changes every parameter a little. A subclass says two things only:
:meth:`Optimizer.new_state` (what to remember about a parameter) and :meth:`Optimizer.update` (the
formula, on NumPy arrays, in place). Names, ``state_dict`` layout and errors are PyTorch's.
"""

from __future__ import annotations

import copy
import functools
import warnings
from collections import defaultdict
from typing import Any

import numpy as np

from ..autograd.recording_modes import enable_grad
from ..core.modes import Recording, grad_mode
from ..core.source_lines import user_frame
from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.removable_handle import Handle
from ..ops import capturing
from ..ops.writing.inplace import bump
from ..refusals.writable import check_writable
from .arrays_or_tensors import numbers

# What a group of parameters is given that was saved by a version without these settings.
FLAGS = {
    "amsgrad": False, "capturable": False, "centered": False, "decoupled_weight_decay": False,
    "differentiable": False, "foreach": None, "fused": None, "maximize": False, "momentum": 0,
    "nesterov": False,
}  # fmt: skip


def with_hooks(step: Any) -> Any:
    """``step`` with the step hooks called before and after it, and noted for the schedulers."""

    @functools.wraps(step)
    def hooked(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        self._opt_called = True
        for hook in list(self._step_pre_hooks.values()):
            changed = hook(self, args, kwargs)
            if changed is not None:
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        f"{hook} must return None or a tuple of (new_args, new_kwargs), but got "
                        f"{changed}. They replace the arguments of step()."
                    )
                args, kwargs = changed
        if grad_mode.watcher is not None:  # a recorder wants to know which line updates
            grad_mode.watcher.updating([p for g in self.param_groups for p in g["params"]], self)
        result = step(self, *args, **kwargs)
        for hook in list(self._step_post_hooks.values()):
            hook(self, args, kwargs)
        return result

    return capturing.replayed(hooked)


class Optimizer:
    """What all optimizers share; make one of your own by writing ``update`` (or ``step``).

    params: tensors, ``(name, tensor)`` pairs, or dicts (parameter groups) with their own settings.
    defaults: the settings of groups that do not say otherwise.

    >>> import minigrad as mg
    >>> class SignDescent(mg.optim.Optimizer):
    ...     def update(self, x, g, state, group):
    ...         x -= group["lr"] * np.sign(g)
    >>> w = mg.tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = SignDescent([w], {"lr": 0.5})
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([ 0.5000, -1.5000], requires_grad=True)
    """

    # A complex number is two real ones to every formula that squares or compares; the linear SGD
    # takes it as it is.
    complex_as_pairs = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = with_hooks(cls.__dict__["step"])  # type: ignore[method-assign]

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or "
                f"dicts, but got torch.{params.type_name()}: put the tensor in a list, [w]"
            )
        self.defaults = defaults
        self.state: dict[Tensor, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self._opt_called = False  # the schedulers want to know
        self._step_pre_hooks: dict[int, Any] = {}
        self._step_post_hooks: dict[int, Any] = {}
        self._state_dict_pre_hooks: dict[int, Any] = {}
        self._state_dict_post_hooks: dict[int, Any] = {}
        self._load_pre_hooks: dict[int, Any] = {}
        self._load_post_hooks: dict[int, Any] = {}
        groups = list(params)
        if not groups:
            raise ValueError(
                "optimizer got an empty parameter list: there is nothing to train. A generator "
                "such as model.parameters() is empty the second time it is used up."
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    # --- what a subclass says -------------------------------------------------------------

    def new_state(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        """What to remember about parameter ``p``, before its first update."""
        return {}

    def update(self, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Change the numbers ``x`` of one parameter in place, given its gradient ``g``."""
        raise NotImplementedError(
            f"{type(self).__name__} says nothing about how to update: give it a method "
            "update(self, x, g, state, group), or a step() of its own"
        )

    # --- training -------------------------------------------------------------------------

    @with_hooks
    def step(self, closure: Any = None) -> Any:
        """Update every parameter that has a gradient, in place and without recording.

        Args:
            closure: a function that computes the loss again and calls backward. None: there is
                none.

        Returns:
            What ``closure`` returned, or None.

        Raises:
            RuntimeError: a parameter cannot be written to, such as one that was expanded.

        >>> import minigrad as mg
        >>> w = mg.tensor([3.0], requires_grad=True)
        >>> optimizer = mg.optim.SGD([w], lr=0.5)
        >>> w.sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([2.5000], requires_grad=True)

        Source: PyTorch's ``Optimizer.step``.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        user = user_frame(1)
        recorded = bool(self.defaults.get("differentiable"))
        if recorded:
            capturing.refuse("its optimizer's step is recorded (differentiable=True)")
        with Recording(recorded and not grad_mode.inference), np.errstate(all="ignore"):
            for group in self.param_groups:
                for p in group["params"]:
                    if p._grad is None:
                        continue
                    check_writable(p, False)
                    state = self.state[p]
                    if not state:
                        state.update(self.new_state(p, group))
                    if recorded:
                        self.update(p, -p.grad if group.get("maximize") else p.grad, state, group)
                        continue
                    x, g = p._data, p._grad._data
                    if x.dtype.kind == "c" and self.complex_as_pairs:
                        x, g = numbers(p), numbers(p._grad)
                    if group.get("maximize"):
                        g = -g
                    self.update(x, g, state, group)
                    bump(p, frame=user)
        return loss

    @capturing.replayed
    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, so that the next backward pass does not add to them.

        Args:
            set_to_none: ``.grad`` becomes None (the default); if False it is filled with zeros.

        Returns:
            None.

        >>> import minigrad as mg
        >>> w = mg.tensor([3.0], requires_grad=True)
        >>> optimizer = mg.optim.SGD([w], lr=0.5)
        >>> w.sum().backward()
        >>> optimizer.zero_grad(set_to_none=False)
        >>> w.grad
        tensor([0.])

        Source: PyTorch's ``Optimizer.zero_grad``.
        """
        for group in self.param_groups:
            for p in group["params"]:
                grad = p._grad
                if grad is None:
                    continue
                if set_to_none:
                    p._grad = None
                    continue
                grad = p._grad = grad.detach()  # a recorded gradient loses its history
                grad.zero_()

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Optimize more parameters: a dict with "params" and, if they differ, its own settings."""
        if not isinstance(param_group, dict):
            raise TypeError(
                f"param_group must be a dict, but got {type(param_group)}: write "
                "{'params': [w], 'lr': 0.1}"
            )
        group = dict(param_group)
        given = group["params"]
        if isinstance(given, Tensor):
            given = [given]
        elif isinstance(given, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the "
                "ordering of tensors in sets will change between runs. Please use a list instead."
            )
        group["params"], names = split_names(list(given))
        if names is not None:
            group["param_names"] = names
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(
                    "optimizer can only optimize Tensors, but one of the params is "
                    f"{type(p).__name__}: pass tensors with requires_grad=True"
                )
            leaf = p._node is None or p.retains_grad
            if not leaf and not self.defaults.get("differentiable"):
                raise ValueError(
                    "can't optimize a non-leaf Tensor: it was computed from others, which are what "
                    "has to change; pass those, or cut it off with .detach().requires_grad_()"
                )
        group.update({k: v for k, v in self.defaults.items() if k not in group})
        if group.get("weight_decay") is True and not group.get("decoupled_weight_decay"):
            raise RuntimeError(
                "Boolean alpha only supported for Boolean results: weight_decay is a number, such "
                "as 0.01"
            )
        if len({id(p) for p in group["params"]}) < len(group["params"]):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this "
                "will cause an error; see github.com/pytorch/pytorch/issues/40967 for more "
                "information",
                stacklevel=3,
            )
        known = {id(p) for other in self.param_groups for p in other["params"]}
        if known & {id(p) for p in group["params"]}:
            raise ValueError(
                "some parameters appear in more than one parameter group: each would be updated "
                "twice in a step"
            )
        if self.param_groups and ("param_names" in group) != (
            "param_names" in self.param_groups[0]
        ):
            with_names = "with" if names is not None else "without"
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{with_names} names to the optimizer"
            )
        self.param_groups.append(group)

    # --- saving and loading ---------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on training later: settings and what was remembered.

        Parameters are numbered in the order of the groups. The tensors are not copied.
        """
        for hook in list(self._state_dict_pre_hooks.values()):
            hook(self)
        number: dict[int, int] = {}
        groups = []
        for group in self.param_groups:
            for p in group["params"]:
                number.setdefault(id(p), len(number))
            packed = {k: v for k, v in group.items() if k != "params"}
            packed["params"] = [number[id(p)] for p in group["params"]]
            groups.append(packed)
        state = {
            number[id(k)] if isinstance(k, Tensor) else k: v for k, v in self.state.items() if v
        }
        result = {"state": state, "param_groups": groups}
        for hook in list(self._state_dict_post_hooks.values()):
            changed = hook(self, result)
            result = result if changed is None else changed
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a :meth:`state_dict` (copied). Parameters are matched by their order.

        Raises ValueError, with nothing changed, if the groups do not fit.
        """
        loaded = state_dict.copy()
        loaded["param_groups"]  # TypeError for a list
        for hook in list(self._load_pre_hooks.values()):
            changed = hook(self, loaded)
            loaded = loaded if changed is None else changed
        saved = copy.deepcopy(loaded["param_groups"])
        if len(saved) != len(self.param_groups):
            raise ValueError(
                "loaded state dict has a different number of parameter groups: "
                f"{len(saved)}, and this optimizer has {len(self.param_groups)}"
            )
        for old, new in zip(saved, self.param_groups):
            if len(old["params"]) != len(new["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that doesn't match the size of "
                    f"optimizer's group: {len(old['params'])} parameters, and here "
                    f"{len(new['params'])}"
                )
        param = {
            number: p
            for old, new in zip(saved, self.param_groups)
            for number, p in zip(old["params"], new["params"])
        }
        state: dict[Any, Any] = defaultdict(dict)
        for number, remembered in loaded["state"].items():
            if number in param:
                p = param[number]
                state[p] = {k: fitted(v, p, k) for k, v in remembered.items()}
                self._numbers_to_tensors(p, state[p])
            else:
                state[number] = copy.deepcopy(remembered)
        for old, new in zip(saved, self.param_groups):
            old["params"] = new["params"]
            for flag, value in FLAGS.items():  # a file may be older than some
                if flag in self.defaults:
                    old.setdefault(flag, value)
            if "param_names" in new:
                old.setdefault("param_names", new["param_names"])
        self.state, self.param_groups = state, saved
        for hook in list(self._load_post_hooks.values()):
            hook(self)

    def _numbers_to_tensors(self, p: Tensor, state: dict[str, Any]) -> None:
        """Counts of steps and the like, which older files have as numbers, become tensors."""
        if any(type(value) in (int, float) for value in state.values()):
            group = next(g for g in self.param_groups if any(p is q for q in g["params"]))
            for key, fresh in self.new_state(p, group).items():
                if isinstance(fresh, Tensor) and type(state.get(key)) in (int, float):
                    state[key] = scalar(state[key])

    # --- hooks ----------------------------------------------------------------------------

    def register_step_pre_hook(self, hook: Any) -> Handle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; it may return new ones."""
        return Handle(self._step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Any) -> Handle:
        """Call ``hook(optimizer, args, kwargs)`` after each step."""
        return Handle(self._step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Any, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer)`` before ``state_dict``."""
        return register(self._state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook: Any, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer, state_dict)`` after it was made; it may return another."""
        return register(self._state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook: Any, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer, state_dict)`` before loading; it may return another."""
        return register(self._load_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Any, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer)`` after loading."""
        return register(self._load_post_hooks, hook, prepend)

    def __repr__(self) -> str:
        lines = [type(self).__name__ + " ("]
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [f"    {k}: {group[k]}" for k in sorted(group) if k != "params"]
        return "\n".join(lines) + "\n)"


def zeros_like(p: Tensor) -> Tensor:
    return make(np.zeros_like(p._data))


def scalar(value: float) -> Tensor:
    """A 0-d tensor, as PyTorch keeps the count of steps."""
    d = np.float64 if dtypes.default_np() == np.float64 else np.float32
    return make(np.array(value, d))


def count(state: dict[str, Any]) -> float:
    """Count one more step of a parameter; returns which step this is, from 1."""
    array = state["step"]._data
    array += 1  # in place also if the step is recorded: a count has no gradient
    return float(array)


def check(
    name: str, value: Any, below: float | None = None, first_below: bool = False
) -> None:
    """Refuse a setting that is not in [0, below), with PyTorch's words.

    first_below: ask value < 0 as PyTorch's SGD does, for the words about what is no number.
    """
    if name == "learning rate" and isinstance(value, Tensor) and value.numel() != 1:
        raise ValueError(
            "Tensor lr must be 1-element: one learning rate for the group; different ones for "
            "different parameters need parameter groups"
        )
    if first_below:
        bool(value < 0.0)
    if not 0.0 <= value or (below is not None and not value < below):
        limit = "" if below is None else f" and smaller than {below:g}"
        raise ValueError(f"Invalid {name}: {value}: it has to be at least 0{limit}")


def check_adam(lr: Any, betas: tuple[Any, Any], eps: float, weight_decay: float) -> None:
    """The settings that Adam and its relatives share."""
    check("learning rate", lr)
    check("epsilon value", eps)
    check("beta parameter at index 0", betas[0], below=1)
    check("beta parameter at index 1", betas[1], below=1)
    check("weight_decay value", weight_decay)


def check_fused(fused: Any, foreach: Any, differentiable: bool) -> None:
    """The ways of running exclude one another, though they change nothing here."""
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def decayed(x: Any, g: Any, lr: float, group: dict[str, Any]) -> Any:
    """The gradient with weight decay; a decoupled one shrinks ``x`` itself instead (AdamW)."""
    decay = group["weight_decay"]
    if decay and group["decoupled_weight_decay"]:
        x *= 1 - lr * decay
    elif decay:
        g = g + decay * x
    return g


def split_names(params: list[Any]) -> tuple[list[Any], list[str] | None]:
    """``(name, tensor)`` pairs as tensors and names; no names if there are none."""
    named = [isinstance(p, tuple) for p in params]
    if not any(named):
        return params, None
    if not all(named):
        raise ValueError(
            "all optimizer params should be with/without names. Some param names are missing"
        )
    return [p for _, p in params], [name for name, _ in params]


def fitted(value: Any, p: Tensor, key: str) -> Any:
    """A copy of a remembered value, in the parameter's dtype if it is about its elements."""
    if isinstance(value, Tensor):
        if key != "step" and p._data.dtype.kind in "fc":
            return make(value._data.astype(p._data.dtype))
        return make(value._data.copy())
    if isinstance(value, dict):
        return {k: fitted(v, p, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(fitted(v, p, key) for v in value)
    return copy.deepcopy(value)


def register(hooks: dict[int, Any], hook: Any, prepend: bool) -> Handle:
    handle = Handle(hooks, hook)
    if prepend:
        others = {k: v for k, v in hooks.items() if k != handle.id}
        hooks.clear()
        hooks[handle.id] = hook
        hooks.update(others)
    return handle
