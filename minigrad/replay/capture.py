"""``mg.capture(step)``: a training step that is recorded once and then replayed.

In a small network most of a step's time goes to Python: finding methods, checking shapes, making
nodes. A captured step does that work once. What is left is a list of NumPy calls that write into
the same buffers each time, and a backward pass over nodes that are already there. The numbers are
the eager ones, bit for bit.

A replay does not run the step's Python code, so it is right only while Python would do the same.
What is checked, and when:

* **In every call**: shapes, dtypes, strides and other arguments, and that none shares memory with
  another or with a weight; that every tensor from outside still has its memory, ``requires_grad``
  and no new hooks; grad mode and default dtype; that all that the step's code can reach holds what
  it held (``guards.py``).
* **While recording**: reading a number (``item()``, ``if loss > 1``, ``print(loss)``), rebinding a
  variable, keeping a tensor elsewhere, hooks, seeds, random numbers other than dropout's, or code
  that can reach what cannot be checked (an iterator, a file, the clock, ``random``): none of these
  can be replayed, so such a step stays eager for good and a warning says why.
* **By recording again** in calls 3, 10, 100, 1000 ...: the operations, their parameters and all
  constants have to be those of the first recording. This is a second net, for what the guards
  cannot see, such as the inside of another library's class. With ``check_every=n`` each n-th call
  is one.

Optimizers, schedulers and ``clip_grad_norm_`` are called anew in each
replay, so a new learning rate counts at once.

The idea is that of CUDA graphs and of ``jax.jit``; the checks are like the guards of TorchDynamo.
"""

from __future__ import annotations

import functools
import os
import threading
import warnings
import weakref
from typing import Any

import numpy as np

from ..autograd.recording_modes import no_grad
from ..core.modes import grad_mode
from ..core.tensor import Tensor, make, without_history
from ..faithful.dtypes import default_np, dtype
from ..func.levels import running
from ..ops.capturing import memory_of
from .call_list import CallList
from .guards import NUMBERS, Guards, same

CHANGES = 8  # so many times a step may be recorded anew, or met with new shapes
SNAPSHOT = 256 << 20  # bytes: larger tensors are not compared before and after


class CaptureWarning(UserWarning):
    """A captured step runs eagerly; the message says why."""


def capture(step: Any, check_every: int | None = None) -> Captured:
    """A function that does what ``step`` does, faster: recorded in the second call, then replayed.

    Its results are the step's (tensors, numbers, and tuples, lists and dicts of them), tensors
    without history: the backward pass belongs into the step. Tensors among the arguments may hold
    other numbers in each call; for another shape or dtype the step is recorded anew. The numbers
    are bit for bit those of ``step``. What cannot be replayed runs eagerly with a
    :class:`CaptureWarning` that says why; the module's docstring lists what is checked.

    Args:
        step: a function that computes with tensors, such as one step of training: forward pass,
            ``backward()``, update of the weights in place or by an optimizer.
        check_every: record again, and compare, in each n-th call; if left out in calls 3, 10, 100,
            1000 and so on.

    Returns:
        A :class:`Captured`, to be called like ``step``.

    Raises:
        Exception: (when called) what the step itself raises reaches the caller as usual.

    >>> import minigrad as mg
    >>> w = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> def step(x):
    ...     loss = (w * x).sum()
    ...     loss.backward()
    ...     with mg.no_grad():
    ...         w.sub_(0.1 * w.grad)
    ...         w.grad.zero_()
    ...     return loss
    >>> fast = mg.capture(step)
    >>> [round(fast(mg.ones(2)).item(), 2) for _ in range(5)]
    [3.0, 2.8, 2.6, 2.4, 2.2]
    >>> fast
    <captured step: 2 of 5 calls replayed>

    Source: recording one run and replaying it, as PyTorch's CUDA graphs and ``torch.jit.trace`` do.
    """
    return Captured(step, check_every)


class Replay:
    """One recording of a step, for arguments of one kind."""

    def __init__(self, recorded: CallList, watched: Guards, buffers: list[Any], spec: Any) -> None:
        self.recorded = recorded
        self.watched = watched
        self.buffers = buffers
        self.spec = spec
        self.program = recorded.program
        seen = dict(recorded.outside)
        for t in watched.tensors:
            seen.setdefault(id(t), (t, t._data, t._requires_grad))
        self.outside = [(*one, one[0].extra) for one in seen.values()]
        self.memory = {memory_id(array) for _, array, _ in seen.values()}
        self.grads = recorded.grads
        self.written = recorded.written

    def changed(self) -> str | None:
        """What is not as it was when the step was recorded; None if all is."""
        for t, array, requires_grad, extra in self.outside:
            if t._data is not array or t._requires_grad is not requires_grad:
                return f"a tensor of shape {list(array.shape)} has other memory or requires_grad"
            if t.extra is not extra:
                return f"a tensor of shape {list(array.shape)} has hooks"
        for leaf, grad in self.grads:
            if leaf._grad is not grad:
                return f"the .grad of a leaf of shape {list(leaf.shape)}"
        return self.watched.changed()

    def again(self, tensors: list[Tensor]) -> Any:
        """The fast path: all that a captured step does when nothing has changed."""
        for buffer, t in zip(self.buffers, tensors):
            np.copyto(buffer, t._data)
        try:
            with no_grad(), np.errstate(all="ignore"):
                for call in self.program:
                    call()
        finally:
            for t in self.written:
                t._ver += 1
        return built(self.spec, tensors)


class Captured:
    """A step that is replayed; see :func:`capture`.

    ``calls`` and ``replays`` count; ``reason`` says why it runs eagerly for good, if it does;
    ``step`` is the function itself.
    """

    def __init__(self, step: Any, check_every: int | None = None) -> None:
        functools.update_wrapper(self, step, updated=())
        self.step = step
        self.calls = 0
        self.replays = 0
        self.reason: str | None = None
        self._check_every = check_every
        self._changes = 0
        self._known: dict[Any, Replay | None] = {}
        self._called: dict[Any, int] = {}
        self._busy = threading.Lock()
        _captured.add(self)

    def __repr__(self) -> str:
        name = getattr(self.step, "__name__", type(self.step).__name__)
        why = f"; eager: {self.reason}" if self.reason else ""
        return f"<captured {name}: {self.replays} of {self.calls} calls replayed{why}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # In another thread, or inside itself, the buffers are in use.
        busy = self._busy
        if self.reason is not None or not busy.acquire(blocking=False):
            self.calls += 1
            return eager(self.step(*args, **kwargs))
        try:
            self.calls += 1
            return self._call(args, kwargs)
        finally:
            busy.release()

    def _call(self, args: Any, kwargs: Any) -> Any:
        tensors: list[Tensor] = []
        objects: list[Any] = []
        arguments = flat((args, kwargs), tensors, objects) if args or kwargs else None
        key = (arguments, modes())
        if unsuited(key, tensors):
            return eager(self.step(*args, **kwargs))
        n = self._called[key] = self._called.get(key, 0) + 1
        if n == 1:  # gradients and an optimizer's state are made in the first call
            if len(self._called) > CHANGES:
                self._give_up(
                    f"it was called with more than {CHANGES} kinds of arguments: numbers among the "
                    "arguments count too; pass what changes as a tensor"
                )
            return eager(self.step(*args, **kwargs))
        replay = self._known.get(key)
        if replay is not None:
            what = replay.changed()
            if not replay.memory.isdisjoint(memory_id(t._data) for t in tensors):
                return eager(self.step(*args, **kwargs))  # an argument is part of a weight, say
            if what is None and not self._is_check(n):
                self.replays += 1
                return replay.again(tensors)
            if what is not None:
                self._known.pop(key)
                self._called[key] = n = 2
                self._note_change(what)
                replay = None
                if self.reason is not None:
                    return eager(self.step(*args, **kwargs))
        return self._record(key, args, kwargs, tensors, objects, replay, n)

    def _is_check(self, n: int) -> bool:
        if n == 3:
            return True
        if self._check_every is not None:
            return n % self._check_every == 0
        return n >= 10 and str(n).strip("0") == "1"  # 10, 100, 1000 ...

    def _record(self, key: Any, args: Any, kwargs: Any, tensors: list[Tensor],
                objects: list[Any], first: Replay | None, n: int) -> Any:  # fmt: skip
        """Run the step eagerly, and note what it does; compare with the ``first`` recording."""
        watched = Guards(self.step, *objects)
        memory = {memory_id(t._data) for t in watched.tensors}
        if not memory.isdisjoint(memory_id(t._data) for t in tensors):
            return eager(self.step(*args, **kwargs))
        buffers = [np.copy(t._data, order="K") for t in tensors]
        stand_ins = [make(b) for b in buffers]
        given = (args, kwargs)
        args, kwargs = own = replaced(given, dict(zip(map(id, tensors), stand_ins)))
        contents = outline(own)
        before = [(t, t._data.copy()) for t in watched.tensors if t._data.nbytes < SNAPSHOT]
        recorded = CallList(buffers)
        mode = modes()
        try:
            with recorded:
                result = self.step(*args, **kwargs)
        finally:
            if outline(own) != contents:
                recorded.refuse("it changes a list or dict among its arguments")
                put_back(given, own, dict(zip(map(id, stand_ins), tensors)))
            if handed_back(tensors, stand_ins):
                recorded.refuse("it writes into an argument: write into a copy (x.clone())")
        recorded.stand_ins = list(map(id, stand_ins))
        if modes() != mode:
            recorded.refuse("it leaves another grad mode or default dtype behind")
        spec = described(result, recorded)
        result = built(spec, tensors)  # copies: the next call overwrites the buffers
        del args, kwargs, stand_ins, own
        recorded.finish()
        changed = watched.changed()
        if changed is not None:
            recorded.refuse(f"it changes {changed}, which a replay would not")
        if watched.doubt is not None:
            recorded.refuse(watched.doubt)
        unseen = changed_unseen(before, recorded)
        if unseen is not None:
            recorded.refuse(f"a tensor of shape {list(unseen.shape)} was written to unnoticed")
        if recorded.reason is not None:
            self._give_up(recorded.reason)
            return result
        if first is None:
            self._known[key] = Replay(recorded, watched, buffers, spec)
            return result
        differs = first.recorded.differs(recorded)
        if differs is None and not same_spec(first.spec, spec):
            differs = "it returned another result"
        if differs is not None:
            if n > 3:
                differs += (
                    f"; {self.replays} calls so far were replays of the first recording, and may "
                    "differ from what the step would have done"
                )
            self._give_up(differs)
        return result

    def _note_change(self, what: str) -> None:
        self._changes += 1
        if self._changes > CHANGES:
            self._give_up(f"{what} changed, and something did {CHANGES} times before")
            return
        warnings.warn(
            f"captured step: {what} changed since it was recorded; it is recorded anew",
            CaptureWarning,
            stacklevel=4,
        )

    def _give_up(self, reason: str) -> None:
        self.reason = reason
        self._known.clear()
        warnings.warn(
            f"captured step: from now on it runs eagerly, because {reason}",
            CaptureWarning,
            stacklevel=5,
        )


_captured: weakref.WeakSet[Captured] = weakref.WeakSet()


def not_busy_in_child() -> None:
    """In a child process, the threads that were in the middle of a step are gone."""
    for captured in list(_captured):
        captured._busy = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=not_busy_in_child)


# --- arguments and results --------------------------------------------------------------------


def flat(value: Any, tensors: list[Tensor], objects: list[Any]) -> Any:
    """What has to be the same for a replay, as a hashable key.

    Collects the tensors to copy, and the objects that have to be looked into.
    """
    if isinstance(value, Tensor):
        if value._requires_grad or value._view is not None and value.requires_grad:
            return (Tensor, value)  # a weight: this very one
        for i, t in enumerate(tensors):
            if t is value:
                return (Tensor, i)  # the same one again
        tensors.append(value)
        a = value._data
        return (Tensor, a.shape, a.strides, a.dtype)
    if is_tuple(value) or type(value) is list:
        return (type(value), *[flat(v, tensors, objects) for v in value])
    if type(value) is dict:
        pairs = [(flat(k, [], objects), flat(v, tensors, objects)) for k, v in value.items()]
        return (dict, *pairs)
    if type(value) in (float, complex):
        return (type(value), repr(value))  # 0.0 is not -0.0
    if isinstance(value, np.generic):
        return (type(value), value.tobytes())
    if value is None or isinstance(value, (*NUMBERS, dtype, np.dtype)):
        return (type(value), value)
    objects.append(value)
    return (type(value), id(value))


def is_tuple(value: Any) -> bool:
    """Whether it is a tuple or a namedtuple, to be made again of other values."""
    return type(value) is tuple or (isinstance(value, tuple) and hasattr(value, "_make"))


def like(value: Any, items: list[Any]) -> Any:
    """A tuple or list of the same kind."""
    return type(value)._make(items) if hasattr(value, "_make") else type(value)(items)


def modes() -> Any:
    """The settings of this thread that every operation reads."""
    return (grad_mode.enabled, default_np())


def memory_id(array: Any) -> int:
    """A number for the memory that an array lies in."""
    owner = memory_of(array)
    return id(owner if owner.base is None else owner.base)


def outline(value: Any) -> Any:
    """What lists and dicts among the arguments hold."""
    if isinstance(value, dict):
        return [(id(k), outline(v)) for k, v in value.items()]
    return [outline(v) for v in value] if isinstance(value, (list, tuple)) else id(value)


def put_back(given: Any, own: Any, originals: dict[int, Tensor]) -> Any:
    """Let the caller's lists and dicts hold what the step's own ones hold."""
    if type(own) is dict and type(given) is dict:
        now = {k: put_back(given.get(k), v, originals) for k, v in own.items()}
        given.clear()
        given.update(now)
        return given
    if isinstance(own, (list, tuple)) and type(given) is type(own):
        before = [*given, *[None] * (len(own) - len(given))]
        now_items = [put_back(b, v, originals) for b, v in zip(before, own)]
        if type(given) is not list:
            return given
        given[:] = now_items
        return given
    return originals.get(id(own), own)


def handed_back(tensors: list[Tensor], stand_ins: list[Tensor]) -> bool:
    """Give the caller's tensors what the step has done to those in their place; was there any?"""
    any_changed = False
    for t, s in zip(tensors, stand_ins):
        if s._data.shape != t._data.shape or s._data.tobytes() != t._data.tobytes():
            np.copyto(t._data, s._data)
            (t if t._owner is None else t._owner)._ver += 1
            any_changed = True
        if s._requires_grad or s._grad is not None or s.extra is not None:
            t._requires_grad, t._node = s._requires_grad, s._node
            t._grad, t.extra = s._grad, s.extra
            any_changed = True
    return any_changed


def unsuited(key: Any, tensors: list[Tensor]) -> bool:
    """Whether a call has to run eagerly, whatever the step does."""
    mode = grad_mode
    watched = mode.watcher is not None or mode.packing is not None
    if watched or running.stack or mode.anomaly is not None or mode.inference:
        return True
    if any(t.extra is not None or type(t) is not Tensor for t in tensors):
        return True
    # Views of one memory, or with gaps in it: a copy of each would not behave like them.
    if len({memory_id(t._data) for t in tensors}) < len(tensors):
        return True
    if any(not (t._data.flags.forc or is_dense(t._data)) for t in tensors):
        return True
    try:
        hash(key)
    except TypeError:
        return True
    return False


def is_dense(array: Any) -> bool:
    """Whether a copy lies in memory as the array does."""
    return bool(np.copy(array, order="K").strides == array.strides)


def replaced(value: Any, stand_ins: dict[int, Tensor]) -> Any:
    """The arguments with the buffers in place of the tensors."""
    if isinstance(value, Tensor):
        return stand_ins.get(id(value), value)
    if is_tuple(value) or type(value) is list:
        return like(value, [replaced(v, stand_ins) for v in value])
    if type(value) is dict:
        return {k: replaced(v, stand_ins) for k, v in value.items()}
    return value


def eager(result: Any) -> Any:
    """The result of a step, tensors without history, as a replay returns them."""
    if isinstance(result, Tensor):
        return result if result.is_leaf else make(result._data.copy())
    if type(result) in (tuple, list):
        return type(result)([eager(r) for r in result])
    if type(result) is dict:
        return {k: eager(r) for k, r in result.items()}
    return result


class Argument:
    """One of the tensors that the step is given, in the description of a result."""

    def __init__(self, i: int) -> None:
        self.i = i


class GradOf:
    """The ``.grad`` of a leaf, in the description of a result."""

    def __init__(self, t: Tensor) -> None:
        self.t = t


class View(GradOf):
    """A new tensor around memory from outside of the step."""


def described(result: Any, recorded: CallList) -> Any:
    """How to build the result again: arrays to copy, the rest as it is."""
    if isinstance(result, Tensor):
        recorded.operand(result._data)  # a gradient's memory has to be that of the recording
        if id(result) in recorded.stand_ins:
            return Argument(recorded.stand_ins.index(id(result)))
        leaf = recorded.leaf_of(result)
        if leaf is not None:
            return GradOf(leaf)
        if not result.is_leaf:
            return result._data
        if recorded.is_argument(result._data):
            recorded.refuse("it returns a view of an argument: return a copy (x.clone())")
        if recorded.is_made(result._data):
            if result._requires_grad:
                recorded.refuse("it returns a new leaf: call requires_grad_() outside")
            return result._data
        return View(result) if id(result) in recorded.created else result
    if type(result) in (tuple, list):
        return type(result)([described(r, recorded) for r in result])
    if type(result) is dict:
        return {k: described(r, recorded) for k, r in result.items()}
    if result is not None and not isinstance(result, NUMBERS):
        recorded.refuse(f"it returns a {type(result).__name__}: return tensors and numbers")
    return result


def built(spec: Any, tensors: list[Tensor]) -> Any:
    """The result of a replay."""
    if isinstance(spec, np.ndarray):
        return make(spec.copy())
    if isinstance(spec, View):
        return without_history(spec.t)
    if isinstance(spec, GradOf):
        return spec.t._grad
    if isinstance(spec, Argument):
        return tensors[spec.i]
    if type(spec) in (tuple, list):
        return type(spec)([built(s, tensors) for s in spec])
    if type(spec) is dict:
        return {k: built(s, tensors) for k, s in spec.items()}
    return spec


def same_spec(a: Any, b: Any) -> bool:
    """Whether two recordings return the same kind of result."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return bool(a.shape == b.shape and a.dtype == b.dtype)
    if isinstance(a, Argument):
        return bool(a.i == b.i)
    if isinstance(a, GradOf):
        return a.t is b.t or isinstance(a, View)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(same_spec(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_spec(a[k], b[k]) for k in a)
    return same(a, b)


def changed_unseen(before: list[tuple[Tensor, Any]], recorded: CallList) -> Tensor | None:
    """A tensor that was written to behind its back."""
    known = {id(t) for t in recorded.written}
    for t, numbers in before:
        owner = t if t._owner is None else t._owner
        if id(owner) in known or recorded.updated_by_call(t):
            continue
        if t._data.shape != numbers.shape or t._data.tobytes() != numbers.tobytes():
            return t
    return None
