"""``with mg.record() as tape``: watch a training step happen.

While the block runs, its thread's ``grad_mode.watcher`` is a :class:`Recorder`. Operations reach
it by the way that tensors with a tangent or a batch take (``op.apply``), so that nothing is
slower when nobody records. Of a backward pass, a :class:`Pass` is the observer. It copies numbers
and changes none. Weight updates are found by comparing the leaves before and after,
so they are seen whoever made them: your own line or an optimizer.
"""

from __future__ import annotations

import re
import sys
import weakref
from typing import Any

import numpy as np

from ..core.modes import grad_mode, rare
from ..core.node import Node, edge_meta
from ..core.source_lines import internal, source_at, user_frame
from ..core.tensor import Tensor, make
from ..faithful.forks import new_lock
from ..faithful.package_name import package
from ..graphs.build import Built, Constant, build, scope_variables
from ..graphs.names import names_from
from ..graphs.recorded_graph import Graph
from ..ops.calls import Call
from .snapshot import Snapshot
from .tape import Iteration, Step, Tape
from .updates import rate_of, rates_in, settings_of

MEMORY = 64  # MB of numbers that a tape keeps whole
DEEPEST = 8  # frames whose variables are looked at for names
WRITES = re.compile(r"[-+*/]=|\w_\(|\bstep\(|\.data\b")  # what an update looks like


def record(names: Any = None, memory: float = MEMORY) -> Recorder:
    """Record what happens in a ``with`` block: values, gradients and weight updates.

    The numbers computed are the same with and without recording. Only operations of this thread are
    recorded, in nested blocks by each tape. If the block raises, the tape has what happened before.

    Args:
        names: as of :func:`minigrad.graph`, a dict or a module; else your variables' names.
        memory: MB of tensors that the tape keeps whole (64). Of what comes after, it keeps the
            shape, the range, the mean and a few numbers.

    Returns:
        A context manager; ``as tape`` gives a :class:`minigrad.Tape`. In Jupyter the tape is a
        player, ``tape.save("step.html")`` writes it to a file, ``tape.describe()`` is its text, and
        ``tape.steps`` has everything to read.

    Raises:
        TypeError: ``names`` is neither a dict nor a module.

    >>> import minigrad as mg
    >>> w = mg.tensor(3.0, requires_grad=True)
    >>> with mg.record() as tape:
    ...     loss = w * w
    ...     loss.backward()
    ...     with mg.no_grad():
    ...         w -= 0.1 * w.grad
    >>> tape
    Tape(5 steps in 1 iteration; loss 9)
    >>> [(step.kind, step.name) for step in tape]  # doctest: +NORMALIZE_WHITESPACE
    [('forward', 'loss'), ('backward', 'loss'), ('backward', 'w'), ('backward', 'w'),
     ('update', 'w')]
    >>> tape[3].part, tape[3].grad, tape[4].value
    (tensor(3.), tensor(6.), tensor(2.4000))

    Source: the name and the list of steps are Wengert's (1964) tape of a computation.
    """
    return Recorder(names, memory)


_recording = 0  # blocks in any thread
_counting = new_lock()


class Event:
    """An operation that ran in the block: what only the moment itself knows of its numbers."""

    __slots__ = ("constants", "values")

    def __init__(self, constants: Any, values: Any) -> None:
        self.constants = constants  # inputs that need no gradient: until the pass, none is let go
        self.values = values  # copies of the results


class Pass:
    """A backward pass as it is going on (it is the observer), and until the next one starts."""

    def __init__(self, recorder: Recorder, iteration: Iteration, index: dict[Any, int]) -> None:
        self.recorder = recorder
        self.iteration = iteration
        self.index = index  # the number in the graph, by edge
        self.sums: dict[Any, Any] = {}  # gradients so far, by edge
        self.kept: dict[Any, Snapshot] = {}  # the same, as the tape has them
        self.leaves: dict[int, tuple[Tensor, Any, Any]] = {}  # (leaf, its copy, .grad's copy)
        self.lines: dict[int, tuple[str, int, str]] = {}  # where a leaf or its .grad was used
        self.rates: dict[int, list[float]] = {}  # numbers that met a leaf's .grad
        self.optimizers: dict[int, list[tuple[str, float | None]]] = {}  # that stepped on a leaf

    def walked(self, node: Node, grad: Any, pulled: list[Any]) -> None:
        """Note the gradients that leave a node, one step each."""
        names = node.op.input_names if len(node.op.input_names) == len(node.inputs) else ()
        formulas = node.op.vjp_formulas
        arriving = grad if node.op.multi_output else (grad,)
        output = next((i for i, g in enumerate(arriving) if g is not None), 0)
        result = (node, output) if node.op.multi_output else node
        via, iteration = self.index[result], self.iteration
        about = iteration.graph.at(via)
        arrived = numbers(arriving[output])
        if not same(arrived, self.sums[result]):  # a hook of the user's replaced it
            self.kept[result] = self.recorder._keep(arrived)
        iteration.grads[via] = self.kept[result]
        for i, (edge, g) in enumerate(zip(node.inputs, pulled)):
            if g is None:
                continue
            part = np.array(numbers(g))
            first = edge not in self.sums
            total = part if first else self.sums[edge] + part
            self.sums[edge] = total
            kept = self.recorder._keep(part)
            j = self.index[edge]
            self.kept[edge] = kept if first else self.recorder._keep(total)
            self.recorder._add(
                iteration, "backward", j, via=via, position=i, part=kept,
                grad=self.kept[edge], went_in=asked(node, i, via, about.inputs),
                formula=formulas.get(names[i] if names else "", formulas.get("", "")),
                source=about.source, value=iteration.values.get(j),
            )  # fmt: skip

    def note_use(self, inputs: Any) -> None:
        """An operation outside the graph: perhaps it computes a weight's new value.

        The best guess for the line of the update is the last that computed with the weight or
        its gradient, or before that one that wrote something in place.
        """
        arrays = {id(t._data) for t in inputs if isinstance(t, Tensor)}
        for i, (leaf, *_) in self.leaves.items():
            grad = leaf._grad
            if id(leaf._data) not in arrays and (grad is None or id(grad._data) not in arrays):
                continue
            if grad is not None and id(grad._data) in arrays:
                own = (id(leaf._data), id(grad._data))
                self.rates.setdefault(i, []).extend(rates_in(inputs, own))
            line, before = line_of_user(), self.lines.get(i)
            if line is not None and (
                before is None or WRITES.search(line[2]) or not WRITES.search(before[2])
            ):
                self.lines[i] = line

    def note_optimizer(self, tensors: Any, optimizer: Any) -> None:
        """An optimizer is about to write to these."""
        self.note_use(tensors)
        written = {id(t) for t in tensors}
        for i, (leaf, *_) in self.leaves.items():
            if id(leaf) in written:
                self.optimizers.setdefault(i, []).append(settings_of(optimizer, leaf))

    def update_of(self, i: int, grad: Snapshot) -> dict[str, Any]:
        """What a step says of how leaf ``i`` got its new numbers."""
        leaf, before, _ = self.leaves[i]
        stepped = self.optimizers.get(i, [])
        rates = [*self.rates.get(i, []), 1.0]
        if stepped:  # what another than plain SGD did is not called rate times gradient
            rates = [rate for _, rate in stepped if rate is not None and len(stepped) == 1]
        rate = None if grad.array is None else rate_of(before, grad.array, leaf._data, rates)
        return {"rate": rate, "optimizer": "; ".join(said for said, _ in stepped)}


class Both:
    """The observer of a backward pass in nested blocks: their passes, the outer one first."""

    def __init__(self, outer: Any, inner: Any) -> None:
        self.outer, self.inner = outer, inner

    def walked(self, node: Node, grad: Any, pulled: list[Any]) -> None:
        self.outer.walked(node, grad, pulled)
        self.inner.walked(node, grad, pulled)


class Recorder:
    """The context manager that :func:`record` returns, and ``grad_mode.watcher`` in its block."""


    def __init__(self, names: Any, memory: float) -> None:
        names_from(names, [])  # refuse now what cannot be names
        self._given = names
        self._budget = int(memory * 1e6)
        self._tape = Tape()
        # Weak, so that what your program lets go of is freed as it is without a recorder.
        self._events: weakref.WeakKeyDictionary[Node, Event] = weakref.WeakKeyDictionary()
        self._shown: weakref.WeakSet[Node] = weakref.WeakSet()
        self._pass: Pass | None = None
        self._running: list[Pass | None] = []  # backward passes, None in place of nested ones
        self._used = False
        self._last_seq = -1
        self._frame: Any = None
        self._before: Any = None
        self._outer: Recorder | None = None  # of the block around this one: it is told everything

    def __enter__(self) -> Tape:
        global _recording
        if self._used:
            raise RuntimeError(
                f"a recorder records one block: call {package()}.record() for each `with`"
            )
        self._used, self._frame = True, sys._getframe(1)
        with _counting:
            _recording += 1
            rare.add("watch")
        self._before, grad_mode.watcher = grad_mode.watcher, self
        self._outer = self._before if isinstance(self._before, Recorder) else None
        return self._tape

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        global _recording
        grad_mode.watcher = self._before
        with _counting:
            _recording -= 1
            if not _recording:
                rare.discard("watch")
        frame, self._frame = self._frame, None
        try:
            self._finish_pass()
            if kind is None:
                self._show_rest([frame])
        finally:
            self._events.clear()
            self._pass = self._before = self._outer = None

    # --- the forward pass ----------------------------------------------------------------

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run an operation, and note what it gave (called by ``op.apply``)."""
        out = op.run(inputs, params, arrays)
        self.note(inputs, out if isinstance(out, tuple) else (out,))
        return out

    def note(self, inputs: Any, outs: Any) -> None:
        """Keep copies of an operation's results, if a gradient will go through it."""
        if self._outer is not None:
            self._outer.note(inputs, outs)
        nodes = [t._node for t in outs if isinstance(t, Tensor) and t._node is not None]
        if not nodes:
            if self._pass is not None:
                self._pass.note_use(inputs)
            return
        node = nodes[0][0] if type(nodes[0]) is tuple else nodes[0]
        constants = [t for t, edge in zip(inputs, node.inputs) if edge is None]
        self._events[node] = Event(constants, [t._data.copy() for t in outs])

    def updating(self, tensors: Any, optimizer: Any) -> None:
        """The user's line is about to update these (called by optimizers)."""
        if self._outer is not None:
            self._outer.updating(tensors, optimizer)
        if self._pass is not None:
            self._pass.note_optimizer(tensors, optimizer)

    # --- the backward pass ---------------------------------------------------------------

    def begin_pass(
        self, pairs: Any, inputs: Any, create_graph: bool, accumulates: bool
    ) -> Pass | Both | None:
        """A backward pass begins: build the graph that it walks back, and look on."""
        outer = None
        if self._outer is not None:
            outer = self._outer.begin_pass(pairs, inputs, create_graph, accumulates)
        if self._running:  # a backward pass inside another, as checkpointing does
            self._running.append(None)
            return outer
        self._finish_pass()
        passing = self._begin(pairs, frames_of_user(self._frame), accumulates)
        self._running.append(passing)
        return passing if outer is None else Both(outer, passing)

    def end_pass(self, found: Any) -> None:
        """Put the pass on the tape; of one that failed (``found`` is None), what had happened."""
        if self._outer is not None:
            self._outer.end_pass(found)
        passing = self._running.pop()
        if passing is None:
            return
        iteration = passing.iteration
        if found is None:
            if any(s.kind == "forward" or s.via for s in iteration.steps):
                self._add_iteration(iteration)
            return
        self._pass = passing
        for edge, kept in passing.kept.items():
            iteration.grads.setdefault(passing.index[edge], kept)
        for edge, g in found.items():  # after the hooks of the leaf itself
            if edge in passing.index and not same(numbers(g), passing.sums[edge]):
                iteration.grads[passing.index[edge]] = self._keep(numbers(g))
        passing.index, passing.sums, passing.kept = {}, {}, {}  # no nodes
        self._add_iteration(iteration)

    def _begin(self, pairs: Any, frames: list[Any], accumulates: bool) -> Pass:
        roots = [self._stand_in(edge) for edge, _ in pairs]
        passing = self._new_pass(roots, frames)
        iteration = passing.iteration
        for edge, i in passing.index.items():
            if isinstance(edge, Tensor):
                grad = edge._grad if accumulates else None
                copied = None if grad is None else grad._data.copy()
                passing.leaves[i] = (edge, edge._data.copy(), copied)
        for edge, g in pairs:
            total = numbers(g)
            passing.sums[edge] = total if edge not in passing.sums else passing.sums[edge] + total
            kept = passing.kept[edge] = self._keep(passing.sums[edge])
            self._add(iteration, "backward", passing.index[edge], grad=kept, part=kept,
                      value=iteration.values.get(passing.index[edge]))  # fmt: skip
        return passing

    # --- the update ----------------------------------------------------------------------

    def _finish_pass(self) -> None:
        """Note which leaves have changed since the backward pass."""
        passing, self._pass = self._pass, None
        if passing is None:
            return
        iteration = passing.iteration
        for i, (leaf, before, earlier) in passing.leaves.items():
            if i not in iteration.grads or same(leaf._data, before):
                continue
            grad = iteration.grads[i]
            if earlier is not None and earlier.any() and grad.array is not None:
                grad = self._keep(earlier + grad.array)  # what .grad held, as it was not zeroed
            self._add(iteration, "update", i, before=iteration.values.get(i), grad=grad,
                      value=self._keep(leaf._data), source=passing.lines.get(i),
                      **passing.update_of(i, grad))  # fmt: skip
        known = len(self._tape.steps)
        self._tape.steps += iteration.steps[known - self._first_of(iteration) :]

    # --- building the tape ---------------------------------------------------------------

    def _new_pass(self, roots: list[Tensor], frames: list[Any]) -> Pass:
        """The graph behind ``roots``, what is known of its values, and the forward steps."""
        names = names_from(self._given, scopes(frames))
        built = build(roots, names, frames[0].f_code if frames else None)
        index = {key: i for i, key in enumerate(built.keys) if type(key) is not Constant}
        stand_ins = {id(t) for t in roots}
        root = built.roots[0]
        iteration = Iteration(len(self._tape.iterations), self._graph_of(built), root)
        for i, key in enumerate(built.keys):
            node, output = key if type(key) is tuple else (key, 0)
            event = self._events.get(node) if isinstance(node, Node) else None
            known = None if id(built.held[i]) in stand_ins else built.value(i)
            if known is None and id(built.held[i]) in stand_ins:
                known = names.tensors.get(key)
            if event is not None:
                iteration.values[i] = self._keep(event.values[output])
            elif known is not None:
                iteration.values[i] = self._keep(known._data)
            if event is None or node in self._shown:
                continue
            about = iteration.graph.at(i)
            went_in = tuple([(symbol(node, n), "value", j.index)
                             for n, j in enumerate(about.inputs)])  # fmt: skip
            self._add(iteration, "forward", i, formula=about.formula, source=about.source,
                      value=iteration.values[i], went_in=went_in)  # fmt: skip
        for key in built.keys:
            node = key[0] if type(key) is tuple else key
            if isinstance(node, Node) and node in self._events:
                self._shown.add(node)
                self._last_seq = max(self._last_seq, node.seq)
        value = iteration.values.get(root)
        if value is not None and value.size == 1 and value.dtype.is_floating_point:
            iteration.loss = iteration.known.loss = value.summary.first[0]
        return Pass(self, iteration, index)

    def _graph_of(self, built: Built) -> Graph:
        """A graph without the engine's nodes; the one of an iteration before if it is equal."""
        bare = without_nodes(built)
        for iteration in reversed(self._tape.iterations[-8:]):
            if equal(iteration.graph._b, bare):
                return iteration.graph
        return Graph(bare)

    def _show_rest(self, frames: list[Any]) -> None:
        """What was computed after the last backward pass: a forward pass alone."""
        rest = [node for node in self._events if node.seq > self._last_seq]
        used = {e[0] if type(e) is tuple else e for node in rest for e in node.inputs}
        ends = [node for node in rest if node not in used]
        edges = [(node, 0) if node.op.multi_output else node
                 for node in sorted(ends, key=lambda node: node.seq)]  # fmt: skip
        if edges:
            roots = [self._stand_in(edge) for edge in edges]
            self._add_iteration(self._new_pass(roots, frames).iteration)

    def _stand_in(self, edge: Any) -> Tensor:
        """A tensor for an edge, as the backward pass knows edges only."""
        if isinstance(edge, Tensor):
            return edge
        node, output = edge if type(edge) is tuple else (edge, 0)
        event = self._events.get(node)
        t = make(event.values[output] if event else np.zeros(*edge_meta(edge)))
        t._node, t._requires_grad = edge, True
        return t

    def _add(self, iteration: Iteration, kind: str, index: int, **known: Any) -> None:
        number = self._first_of(iteration) + len(iteration.steps)
        iteration.steps.append(Step(number, kind, iteration.known, index, **known))

    def _first_of(self, iteration: Iteration) -> int:
        return iteration.steps[0].number if iteration.steps else len(self._tape.steps)

    def _add_iteration(self, iteration: Iteration) -> None:
        self._tape.iterations.append(iteration)
        self._tape.steps += iteration.steps

    def _keep(self, array: Any) -> Snapshot:
        whole = array.nbytes <= self._budget
        if whole:
            self._budget -= array.nbytes
        return Snapshot(array, whole)


# --- graphs without nodes ------------------------------------------------------------------------


def without_nodes(built: Built) -> Built:
    """The same lists, with copies for the engine's nodes that hold no tensor and no other node."""
    bare = Built()
    bare.ops, bare.inputs, bare.names = built.ops, built.inputs, built.names
    bare.aliases, bare.roots, bare.first_op = built.aliases, built.roots, built.first_op
    bare.places = built.places
    bare.modules, bare.users = built.modules, built.users
    bare.held, bare.since = [None] * len(built.keys), built.since
    copies: dict[Node, Node] = {}
    for key in built.keys:
        if type(key) is Constant:
            bare.keys.append(key)
        elif isinstance(key, Tensor):  # of a leaf only shape and dtype: one number, repeated
            number = np.zeros((), key._data.dtype)
            bare.keys.append(make(np.broadcast_to(number, key._data.shape)))
        elif type(key) is tuple:
            bare.keys.append((copies.setdefault(key[0], bare_node(key[0])), key[1]))
        else:
            bare.keys.append(bare_node(key))
    return bare


def bare_node(node: Node) -> Node:
    copy = Node()
    copy.op, copy.params, copy.shape, copy.dtype = node.op, node.params, node.shape, node.dtype
    copy.seq, copy.code, copy.lasti = node.seq, node.code, node.lasti
    copy.inputs, copy.saved, copy.versions, copy.extra, copy.fits = (), None, None, None, False
    copy.calls = bare_calls(getattr(node, "calls", None))
    return copy


def bare_calls(note: Any) -> Any:
    """The notes about calls (ops/calls.py), of their arguments only what is no tensor."""
    if note is None:
        return None
    call = Call(*note)
    given = call.given and tuple(
        {k: v for k, v in named.items() if isinstance(v, (int, float, str))}
        if isinstance(named, dict)
        else [v for v in named if isinstance(v, (int, float, str))]
        for named in call.given
    )
    return (call.what, call.first, bare_calls(call.inner), given, call.kind)


def equal(a: Built, b: Built) -> bool:
    """Whether two graphs look the same in every respect that is shown."""
    if a.names != b.names or a.inputs != b.inputs or a.roots != b.roots:
        return False
    return all(looks(x) == looks(y) for x, y in zip(a.keys, b.keys))


def looks(key: Any) -> Any:
    if type(key) is Constant:
        return (key.name, key.shape, key.number)
    if isinstance(key, Tensor):
        return (key._data.shape, key._data.dtype)
    node, output = key if type(key) is tuple else (key, None)
    params = {k: repr(v) for k, v in node.params.items()}
    return (node.op, output, id(node.code), node.lasti, node.shape, node.dtype, params)


# --- what goes into formulas ---------------------------------------------------------------------


def symbol(node: Node, i: int) -> str:
    """What the formula calls input ``i``."""
    names = node.op.input_names
    return names[i] if i < len(names) else f"x_{i + 1}"


def asked(node: Node, i: int, via: int, inputs: Any) -> tuple[tuple[str, str, int], ...]:
    """What the vjp of input ``i`` works with: the gradient, and the values it asks for."""
    op = node.op
    names = op.input_names
    wanted = op.asks.get("" if op.joint else symbol(node, i), ())
    found = [("y", "grad", via)]
    for n, j in enumerate(inputs):
        if symbol(node, n) in wanted or "inputs" in wanted:
            found.append((symbol(node, n), "value", j.index))
    if "y" in wanted and "y" not in names:
        found.append(("y", "value", via))
    return tuple(found)


# --- small helpers -------------------------------------------------------------------------------


def numbers(g: Any) -> Any:
    """A gradient's array: it is a tensor if the backward pass is recorded itself."""
    return g._data if isinstance(g, Tensor) else np.asarray(g)


def same(a: Any, b: Any) -> bool:
    return a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))


def frames_of_user(outermost: Any) -> list[Any]:
    """The user's frames, from where the backward pass was called to the ``with`` block."""
    frames: list[Any] = []
    frame: Any = sys._getframe(1)
    while frame is not None and len(frames) < DEEPEST:
        if frame is outermost or not internal[frame.f_globals.get("__name__", "")]:
            frames.append(frame)
        if frame is outermost:
            break
        frame = frame.f_back
    return frames


def scopes(frames: list[Any]) -> list[Any]:
    """The variables of all these frames, nearest first."""
    return [variables for frame in frames for variables in scope_variables(frame)]


def line_of_user() -> tuple[str, int, str] | None:
    """Where in the user's code this is called from."""
    frame = user_frame(1)
    return None if frame is None else source_at(frame.f_code, frame.f_lasti)
