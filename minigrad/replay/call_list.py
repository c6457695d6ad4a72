"""What a captured step does: a list of NumPy calls that do the step again.

While a step runs, every operation is noted with the arrays it read and wrote. These very arrays
become the replay's buffers: running the list again computes new numbers into them. A backward pass
is one entry of the list: the engine walks the recorded nodes again, whose saved tensors are the
same buffers, so its sums are the eager ones to the last bit.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from ..autograd.recording_modes import enable_grad
from ..core.modes import grad_mode, rare
from ..core.node import next_seq
from ..core.source_lines import user_frame
from ..core.tensor import Tensor, make
from ..faithful.forks import new_lock
from ..ops.capturing import memory_of
from .backward_plan import RepeatedPass
from .kernels import kernel

_count_lock = new_lock()
_recording = 0


class Operand:
    """An array that an entry reads or writes, in a form that two recordings can compare."""

    __slots__ = ("array", "made", "place", "named", "written")

    def __init__(self, array: Any, made: int | None, named: bool, written: bool = False) -> None:
        self.array = array
        self.made = made  # the number of the memory, if the step made it
        self.named = named  # made by the user's own numbers, as by tensor([1.0, 2.0])
        self.written = written
        start = address(array) - (0 if made is None else address(memory_of(array)))
        self.place = (start, array.shape, array.strides, array.dtype)

    def same(self, other: Operand) -> bool:
        if self.made != other.made:
            return False
        if self.place == other.place:  # both are alive, so one address is one memory
            return True
        if self.made is not None or self.written or self.place[1::2] != other.place[1::2]:
            return False
        # Made anew in each call: the same only if made of the user's own numbers.
        return self.named and other.named and self.array.tobytes() == other.array.tobytes()


class Entry:
    """One line of the recording: what was done, with which operands and parameters."""

    __slots__ = ("what", "operands", "params", "line")

    def __init__(self, what: Any, operands: list[Operand], params: Any = None) -> None:
        self.what = what
        self.operands = operands
        self.params = params
        self.line = user_line()

    def same(self, other: Entry) -> bool:
        return (
            self.what == other.what
            and len(self.operands) == len(other.operands)
            and all(a.same(b) for a, b in zip(self.operands, other.operands))
            and same_value(self.params, other.params)
        )


class CallList:
    """``grad_mode.watcher`` and ``grad_mode.capturing`` while a step is recorded."""

    def __init__(self, buffers: list[Any]) -> None:
        self.program: list[Any] = []  # functions without arguments: the replay
        self.entries: list[Entry] = []
        self.reason: str | None = None  # why the step cannot be captured
        self.outside: dict[int, tuple[Tensor, Any, bool]] = {}  # tensors that were there before
        self.written: list[Tensor] = []  # those of them that are written to, once a write
        self.grads: list[tuple[Tensor, Any]] = []  # .grad as it was first read
        self.created: dict[int, weakref.ref[Tensor]] = {}  # by id
        self.passes: list[RepeatedPass] = []
        self.stand_ins: list[int] = []  # the ids of the tensors that stand for the arguments
        self._made: dict[int, int] = {}  # id of an array that owns memory -> its number
        self._named: set[int] = set()
        self._used: set[int] = set()
        self._kept: list[Any] = []  # so that no id is used twice
        self._running: list[RepeatedPass | None] = []  # backward passes, innermost last
        self._touched: set[int] = set()  # tensors whose .grad was set, or that a call may change
        self._updated: set[int] = set()  # tensors that a called function wrote to
        self._buffers = {id(memory_of(b)) for b in buffers}
        # By the id of a tensor: a weak reference to it, and one that has its version for the nodes.
        self._versions: dict[int, tuple[weakref.ref[Tensor], Tensor]] = {}
        self._freed: list[tuple[Any, Any]] = []  # nodes, and what a backward pass freed of them
        for b in buffers:
            self.made(b)

    def __enter__(self) -> CallList:
        global _recording
        with _count_lock:
            _recording += 1
            rare.add("capture")
        self._since = next_seq()
        grad_mode.watcher = grad_mode.capturing = self
        return self

    def __exit__(self, *exc: object) -> None:
        global _recording
        grad_mode.watcher = grad_mode.capturing = None
        with _count_lock:
            _recording -= 1
            if not _recording:
                rare.discard("capture")

    # --- what is told ----------------------------------------------------------------------

    def refuse(self, reason: str) -> None:
        if self.reason is None:
            self.reason = f"{user_line()}: {reason}"

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run an operation, and note how to run it again."""
        if arrays is None:
            arrays = [t._data for t in inputs]
        if grad_mode.packing is not None:
            self.refuse("it uses saved-tensor hooks")
        if grad_mode.anomaly is not None:
            self.refuse("it looks for NaN (detect_anomaly)")
        for t, a in zip(inputs, arrays, strict=True):
            self.see(t)
            if a is not t._data and not np.may_share_memory(a, t._data):
                self.copies(a, t._data)  # converted to another dtype
        result = op.run(inputs, params, arrays)
        outs = result if type(result) is tuple else (result,)
        for t in outs:
            self.created[id(t)] = weakref.ref(t)
        self.own_twins(outs)
        fresh = [not any(np.may_share_memory(t._data, a) for a in arrays) for t in outs]
        operands = [self.operand(a) for a in arrays]
        for t, is_fresh in zip(outs, fresh, strict=True):
            if is_fresh:
                self.made(t._data)
        if any(fresh):
            self.program.append(kernel(op, arrays, params, [t._data for t in outs]))
        operands += [self.operand(t._data) for t in outs]
        params = {k: self.described(v) for k, v in params.items()}
        self.entries.append(Entry(op, operands, params))
        return result

    def note(self, inputs: Any, outs: Any) -> None:
        """A user's autograd.Function ran: its Python code may do anything."""
        self.refuse("it uses an autograd.Function, whose code cannot be replayed")

    def copies(self, into: Any, source: Any) -> None:
        source_operand = self.operand(source)
        self.made(into)
        self.program.append(partial(np.copyto, into, source, "unsafe"))
        self.entries.append(Entry("copy", [source_operand, self.operand(into)]))

    def write(self, x: Tensor, function: Any, args: Any) -> None:
        memory = id(memory_of(x._data))
        if memory in self._buffers:
            self.refuse("it writes into an argument: write into a copy (x.clone())")
        if memory not in self._made:
            self.see(x)
            self.written.append(x if x._owner is None else x._owner)
        self.program.append(partial(function, *args))
        read = [self.described(a) for a in args]
        name = getattr(function, "__name__", "")
        self.entries.append(Entry(("write", name), [self.operand(x._data, written=True)], read))

    def again(self, function: Any, args: Any) -> Any:
        with Suspended(self):
            result = function(*args)
        many = type(result) is tuple
        arrays = tuple([np.asarray(r) for r in (result if many else (result,))])
        read = [self.described(a) for a in args]
        for a in arrays:
            self.made(a)
        self.program.append(partial(run_into, function, args, arrays))
        self.entries.append(Entry(("again", function), [self.operand(a) for a in arrays], read))
        return arrays if many else arrays[0]

    def check(self, function: Any, args: Any) -> None:
        args = tuple([make(a._data) if isinstance(a, Tensor) else a for a in args])
        self.program.append(partial(function, *args))
        self.entries.append(Entry(("check", function), [], [self.described(a) for a in args]))

    def call(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Call what a replay calls too."""
        args = tuple([list(a) if isinstance(a, Iterator) else a for a in args])
        self._touched.update(map(id, parameters_of(args)))
        mode = grad_mode.enabled
        versions = [(t, t._ver) for t in parameters_of(args)]
        with Suspended(self):
            result = function(*args, **kwargs)
        self._updated.update(id(t) for t, version in versions if t._ver != version)
        self.entries.append(Entry(("call", function), [], [self.described(args), kwargs]))
        run: Any = partial(function, *args, **kwargs)
        if mode:
            run = partial(in_grad_mode, run)
        if isinstance(result, Tensor):
            self.made(result._data)
            run = partial(copy_result, run, result._data)
            self.entries[-1].operands.append(self.operand(result._data))
        elif result is not None:
            self.refuse(f"{function.__qualname__} returns a {type(result).__name__}")
        self.program.append(run)
        return result

    def updated_by_call(self, t: Tensor) -> bool:
        return id(t) in self._updated

    def constant(self, array: Any) -> None:
        self._kept.append(memory_of(array))
        self._named.add(id(memory_of(array)))

    def read_grad(self, leaf: Tensor) -> None:
        """``leaf.grad`` is read: if it is still that of before the step, it has to be so again."""
        known = any(leaf is t for t, _ in self.grads)
        if known or id(leaf) in self._touched or any(leaf in p.found for p in self.passes):
            return
        self.grads.append((leaf, leaf._grad))

    def set_grad(self, leaf: Tensor, value: Tensor | None) -> None:
        if value is not None:
            self.refuse("it assigns a tensor to .grad: write leaf.grad.copy_(g)")
        self._touched.add(id(leaf))
        self.program.append(partial(setattr, leaf, "_grad", None))
        self.entries.append(Entry("no grad", [self.operand(leaf._data)]))

    def updating(self, tensors: Any, optimizer: Any) -> None:
        """An optimizer's step is called again as a whole: see :meth:`call`."""

    def begin_pass(self, pairs: Any, inputs: Any, create_graph: bool, accumulates: bool) -> None:
        """A backward pass: note the nodes to walk."""
        self._running.append(None)
        for known, version in self._versions.values():
            t = known()
            if t is not None:
                version._ver, version._writer = t._ver, getattr(t, "_writer", (None, 0, 0))
        for _, g in pairs:
            if g._data.size == 1 and g._data.reshape(()) == 1 and not self.is_made(g._data):
                self.constant(g._data)  # the 1 that backward() starts with
        if create_graph:
            if accumulates:
                self.refuse("backward(create_graph=True) is not captured: use autograd.grad")
            return
        roots = [(edge, g._data) for edge, g in pairs]
        one = self._running[-1] = RepeatedPass(roots, inputs, accumulates)
        if any(node.extra is not None for node in one.order):
            self.refuse("its graph has hooks")
        if any(node.seq < self._since for node in one.order):
            self.refuse("it goes back through a graph that was recorded before the step")
        one.saved = [(node, node.saved) for node in one.order]
        starts = [self.operand(g) for _, g in one.roots]
        self.passes.append(one)
        self.program.append(one.replay)
        self.entries.append(Entry(("backward", accumulates), starts, [n.op for n in one.order]))

    def end_pass(self, found: Any) -> None:
        one = self._running.pop()
        if one is None or found is None:
            return
        freed = [(node, saved) for node, saved in one.saved if node.saved is None]
        restore(freed)
        one.prepare()
        for node, _ in freed:  # so that another pass is refused as it should be
            node.saved = None
        self._freed += freed
        one.found = dict.fromkeys(found)
        if any(type(e) is Tensor and e.extra is not None for e in found):
            self.refuse("a leaf has hooks")
        one.before = {leaf: leaf._grad for leaf in found if isinstance(leaf, Tensor)}

    def accumulated(self) -> None:
        """The pass has added to ``.grad``."""
        one = self.passes[-1]
        for leaf, before in one.before.items():
            grad = leaf._grad
            if grad is None:
                continue
            if grad is not before:
                self.made(grad._data)
            one.fixed.append((leaf, grad._data, weakref.ref(grad)))
        one.before.clear()

    def results(self, edges: Any, results: Any) -> None:
        """``autograd.grad`` returns these tensors."""
        one = self.passes[-1]
        for edge, t in zip(edges, results, strict=True):
            if t is not None:
                self.made(t._data)
                one.results.append((edge, t._data))

    # --- memory ----------------------------------------------------------------------------

    def made(self, array: Any) -> None:
        owner = memory_of(array)
        self._kept.append(owner)
        self._made.setdefault(id(owner), len(self._made))

    def is_argument(self, array: Any) -> bool:
        return id(memory_of(array)) in self._buffers

    def leaf_of(self, grad: Tensor) -> Tensor | None:
        """The leaf from outside of the step whose ``.grad`` this is."""
        leaves = [leaf for one in self.passes for leaf in one.found if isinstance(leaf, Tensor)]
        leaves += [leaf for leaf, _ in self.grads]
        mine = (leaf for leaf in leaves if leaf._grad is grad and id(leaf) not in self.created)
        return next(mine, None)

    def is_made(self, array: Any) -> bool:
        return id(memory_of(array)) in self._made

    def operand(self, array: Any, written: bool = False) -> Operand:
        owner = memory_of(array)
        self._kept.append(owner)
        self._used.add(id(owner))
        return Operand(array, self._made.get(id(owner)), id(owner) in self._named, written)

    def described(self, value: Any) -> Any:
        """A parameter, with arrays as operands."""
        if isinstance(value, np.ndarray):
            return self.operand(value)
        if isinstance(value, Tensor):
            return self.operand(value._data)
        if isinstance(value, (tuple, list)):
            return [self.described(v) for v in value]
        return value

    def see(self, t: Tensor) -> None:
        """Note a tensor that was there before the step."""
        own = self.created.get(id(t))
        if own is not None and own() is t:  # a view of one that was
            return
        if id(t) not in self.outside and not self.is_made(t._data):
            self.outside[id(t)] = (t, t._data, t._requires_grad)

    def own_twins(self, outs: Any) -> None:
        """Let the node save twins of its tensors, so that it keeps none of the user's alive."""
        node = outs[0]._node
        node = node[0] if type(node) is tuple else node
        if node is not None and node.saved:
            node.saved = tuple([None if t is None else self.twin(t) for t in node.saved])

    def twin(self, t: Tensor) -> Tensor:
        """The same numbers without history; its version follows that of ``t``."""
        owner = t if t._owner is None else t._owner
        known = self._versions.get(id(owner))
        if known is None or known[0]() is not owner:
            known = weakref.ref(owner), make(owner._data)
            known[1]._ver = owner._ver
            self._versions[id(owner)] = known
        twin = make(t._data)
        twin._owner = known[1]
        return twin

    # --- afterwards ------------------------------------------------------------------------

    def finish(self) -> None:
        """The step is over: find the gradients whose memory the step itself reads."""
        restore(self._freed)
        for one in self.passes:
            one.fixed = [f for f in one.fixed if id(memory_of(f[1])) in self._used]
            for leaf in one.found if one.accumulates else ():
                if id(leaf) in self.created:  # a leaf of the step's own: new in each call
                    self.program.insert(0, partial(setattr, leaf, "_grad", None))
        # Of the tensors made, only leaves that recorded nodes lead to are still needed.
        leaves = {id(e) for one in self.passes for node in one.order for e in node.inputs}
        if any(ref() is not None and i not in leaves for i, ref in self.created.items()):
            self.refuse(
                "a tensor that the step made is kept outside of it, where the next call would "
                "overwrite it: return it instead"
            )

    def differs(self, other: CallList) -> str | None:
        """How another recording of the same step differs; None if it does the same."""
        for mine, theirs in zip(self.entries, other.entries):
            if not mine.same(theirs):
                return f"{theirs.line}: it did something else, or with other constants, than before"
        if len(self.entries) != len(other.entries):
            return f"it did {len(other.entries)} operations, and {len(self.entries)} before"
        return None


class Suspended:
    """Nothing is recorded in this block."""

    def __init__(self, recorded: CallList) -> None:
        self.recorded = recorded

    def __enter__(self) -> None:
        grad_mode.watcher = grad_mode.capturing = None

    def __exit__(self, *exc: object) -> None:
        grad_mode.watcher = grad_mode.capturing = self.recorded


def restore(freed: list[tuple[Any, Any]]) -> None:
    """Give nodes back what they saved."""
    for node, saved in freed:
        node.saved = saved


def parameters_of(args: Any) -> list[Tensor]:
    """The tensors that a called function may write to: an optimizer's, and its arguments."""
    found: list[Tensor] = []
    for a in args:
        for group in getattr(a, "param_groups", ()):
            found += group["params"]
        if hasattr(a, "parameters"):  # a module, whose zero_grad is called
            found += a.parameters()
        if isinstance(a, (list, tuple)):
            found += [t for t in a if isinstance(t, Tensor)]
        elif isinstance(a, Tensor):
            found.append(a)
    return found


def run_into(function: Any, args: Any, arrays: Any) -> None:
    result = function(*args)
    for old, new in zip(arrays, result if type(result) is tuple else (result,), strict=True):
        np.copyto(old, new)


def copy_result(run: Any, array: Any) -> None:
    np.copyto(array, run()._data)


def in_grad_mode(run: Any) -> Any:
    with enable_grad():
        return run()


def same_value(a: Any, b: Any) -> bool:
    """Whether two parameters are the same."""
    if a is b:
        return True
    if isinstance(a, Operand) or isinstance(b, Operand):
        return isinstance(a, Operand) and isinstance(b, Operand) and a.same(b)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(same_value(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_value(v, b[k]) for k, v in a.items())
    if type(a) is not type(b):
        return False
    if isinstance(a, (bool, int, float, complex, str, slice, np.dtype, np.generic)):
        return bool(a == b) or (a != a and b != b)
    return False


def address(array: Any) -> int:
    start: int = array.__array_interface__["data"][0]
    return start


def user_line() -> str:
    """'line N of FILE' of the user's code that is running."""
    frame = user_frame(1)
    if frame is None:
        return "the step"
    name = frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1]
    return f"line {frame.f_lineno} of {name}"
