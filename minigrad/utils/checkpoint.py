"""Checkpointing: keep less in memory, and compute it again when the backward pass needs it.

A network's backward pass needs the values in between, and they fill the memory. In a checkpointed
part they are thrown away and computed a second time from the part's inputs. The idea is from Chen
et al. 2016, "Training Deep Nets with Sublinear Memory Cost"; the interface is PyTorch's.
"""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Iterator
from typing import Any

from ..autograd.function import Function
from ..autograd.gradients import backward as run_backward
from ..autograd.graph import saved_tensors_hooks
from ..autograd.recording_modes import enable_grad
from ..core.modes import grad_mode
from ..core.tensor import Tensor
from ..random import draws as random


class CheckpointError(RuntimeError):
    """The second run of a checkpointed function did not do what the first did."""


def no_contexts() -> tuple[Any, Any]:
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(
    function: Any,
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Any = no_contexts,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """``function(*args)``, but keep only its inputs for the backward pass, and run it again there.

    use_reentrant: give False, which supports everything. True is PyTorch's old way: at least one
    argument must require a gradient, and ``autograd.grad`` cannot be used. context_fn returns two
    context managers, for the first and the second run. determinism_check "none": do not compare
    the second run with the first. early_stop: stop the second run when all is there that is
    needed. preserve_rng_state: draw the same random numbers again, as for dropout.

    >>> import minigrad as mg
    >>> from minigrad.utils.checkpoint import checkpoint
    >>> def block(x):
    ...     print("block runs")
    ...     return x.sin().exp()
    >>> x = mg.tensor([0.0, 1.0], requires_grad=True)
    >>> y = checkpoint(block, x, use_reentrant=False)
    block runs
    >>> y.sum().backward()
    block runs
    >>> x.grad
    tensor([1.0000, 1.2534])
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. "
            "use_reentrant=False is recommended, but if you need to preserve the current default "
            "behavior, you can pass use_reentrant=True.",
            stacklevel=2,
        )
        use_reentrant = True
    if determinism_check not in ("default", "none"):
        raise ValueError(
            f"determinism_check should be one of ['default', 'none'], but got {determinism_check}"
        )
    if not use_reentrant:
        contexts = context_fn()
        part = _Part(function, args, kwargs, contexts[1], preserve_rng_state, early_stop)
        part.check = determinism_check == "default"
        with contexts[0], saved_tensors_hooks(part.pack, part.unpack):
            return function(*args, **kwargs)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if context_fn is not no_contexts or debug:
        raise ValueError(
            "Passing `context_fn` or `debug` is only supported when use_reentrant=False."
        )
    if not any(isinstance(a, Tensor) and a.requires_grad for a in args):
        warnings.warn(
            "None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2
        )
    return CheckpointFunction.apply(function, preserve_rng_state, *args)


class _Part:
    """One checkpointed call: its inputs, and what the second run has computed again."""

    check = True

    def __init__(
        self, function: Any, args: Any, kwargs: Any, context: Any, keep_rng: bool, stop: bool
    ) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.context = context
        self.rng_state = random.get_rng_state() if keep_rng else None
        self.early_stop = stop if _early_stop.wanted is None else _early_stop.wanted
        # (shape, dtype) of each tensor that a node wanted to keep, in order.
        self.saved: list[tuple[Any, Any]] = []
        self.again: dict[int, Tensor] = {}
        inputs = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor)]
        self.inputs = [(t, t._version) for t in inputs if not t.is_inference()]

    def pack(self, t: Tensor) -> int:
        self.saved.append((t.shape, t.dtype))
        return len(self.saved) - 1

    def unpack(self, i: int) -> Tensor:
        """The tensor that was number ``i`` to be kept."""
        if i not in self.again:
            self.run_again()
        return self.again.pop(i)  # a second backward pass computes again

    def run_again(self) -> None:
        for t, version in self.inputs:
            if t._version != version:
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an "
                    f"inplace operation: [torch.{t.type_name()} {list(t.shape)}] is at version "
                    f"{t._version}; expected version {version} instead. It is an input of a "
                    "checkpointed function, which has to run on it again; write to a copy instead."
                )
        found: list[Tensor] = []

        def keep(t: Tensor) -> Tensor:
            found.append(t.detach() if t.requires_grad else t)
            if self.early_stop and len(found) == len(self.saved):
                raise _Stop
            return t

        with _rng_at(self.rng_state), enable_grad(), self.context:
            try:
                with saved_tensors_hooks(keep, lambda t: t):
                    self.function(*self.args, **self.kwargs)
            except _Stop:
                pass
        if len(found) != len(self.saved):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the "
                "original forward and recomputation.\nNumber of tensors saved during forward: "
                f"{len(self.saved)}\nNumber of tensors saved during recomputation: {len(found)}. "
                "A checkpointed function must do the same each time."
            )
        for i, (t, before) in enumerate(zip(found, self.saved, strict=True)):
            if self.check and (t.shape, t.dtype) != before:
                raise CheckpointError(
                    "torch.utils.checkpoint: Recomputed values for the following tensors have "
                    f"different metadata than during the forward pass.\ntensor at position {i}:\n"
                    f"saved metadata: {{'shape': {before[0]}, 'dtype': {before[1]}}}\n"
                    f"recomputed metadata: {{'shape': {t.shape}, 'dtype': {t.dtype}}}"
                )
        self.again = dict(enumerate(found))


class _EarlyStop(threading.local):
    """What ``set_checkpoint_early_stop`` says in this thread; None: what each call says."""

    wanted: bool | None = None


_early_stop = _EarlyStop()


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """For the checkpoints of this block: whether the second run stops when all needed is there."""
    before, _early_stop.wanted = _early_stop.wanted, enable
    try:
        yield
    finally:
        _early_stop.wanted = before


class _Stop(Exception):
    """All that is needed has been computed again."""


@contextlib.contextmanager
def _rng_at(state: Any) -> Any:
    """The random numbers of ``state`` in the block; afterwards those that were next before."""
    if state is None:
        yield
        return
    before = random.get_rng_state()
    random.set_rng_state(state)
    try:
        yield
    finally:
        random.set_rng_state(before)


class CheckpointFunction(Function):
    """PyTorch's old way: one node, whose backward runs the function and its own backward pass."""

    @staticmethod
    def forward(ctx: Any, function: Any, preserve_rng_state: bool, *args: Any) -> Any:
        ctx.function = function
        ctx.rng_state = random.get_rng_state() if preserve_rng_state else None
        ctx.args = [None if isinstance(a, Tensor) else a for a in args]
        ctx.places = [i for i, a in enumerate(args) if isinstance(a, Tensor)]
        ctx.save_for_backward(*[a for a in args if isinstance(a, Tensor)])
        return function(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        walk = grad_mode.walking
        if walk is not None and walk.needed is not None:
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or "
                "passing an `inputs` parameter to .backward(). To resolve this error, you can "
                "either set use_reentrant=False, or call .backward() without passing the `inputs` "
                "argument."
            )
        args = list(ctx.args)
        for i, t in zip(ctx.places, ctx.saved_tensors, strict=True):
            args[i] = t.detach().requires_grad_(t.requires_grad)
        with _rng_at(ctx.rng_state), enable_grad():
            outputs = ctx.function(*args)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        pairs = [
            (o, g) for o, g in zip(outputs, grads, strict=True)
            if isinstance(o, Tensor) and o.requires_grad
        ]  # fmt: skip
        if not pairs:
            raise RuntimeError(
                "none of output has requires_grad=True, this checkpoint() is not necessary"
            )
        run_backward([o for o, _ in pairs], [g for _, g in pairs])
        return (None, None, *[a.grad if isinstance(a, Tensor) else None for a in args])


def checkpoint_sequential(
    functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """Run functions (or the modules of a Sequential) one after the other, in checkpointed segments.

    The last segment is not checkpointed: its values are needed first in the backward pass.

    >>> import minigrad as mg
    >>> from minigrad.utils.checkpoint import checkpoint_sequential
    >>> x = mg.tensor(0.5, requires_grad=True)
    >>> y = checkpoint_sequential([mg.sin, mg.exp, mg.cos], 3, x, use_reentrant=False)
    >>> y.backward()
    >>> x.grad
    tensor(-1.4160)
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be "
            "passed explicitly. use_reentrant=False is recommended, but if you need to preserve "
            "the current default behavior, you can pass use_reentrant=True.",
            stacklevel=2,
        )
        use_reentrant = True
    if hasattr(functions, "children"):  # a Sequential
        functions = list(functions.children())
    functions = list(functions)
    size = len(functions) // segments

    def run_from(start: int, end: int) -> Any:
        def run(x: Any) -> Any:
            for function in functions[start:end]:
                x = function(x)
            return x

        return run

    start = 0
    for _ in range(segments - 1):
        input = checkpoint(
            run_from(start, start + size), input, use_reentrant=use_reentrant, **kwargs
        )
        start += size
    return run_from(start, len(functions))(input)
