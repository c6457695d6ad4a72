"""The engine: what is recorded in the forward pass, and how the backward pass walks it.

A :class:`Node` is one recorded operation. Its ``inputs`` are *edges* that point from the result
back to what it was computed from; an edge is one of

* a ``Node``: the operation that made the input,
* ``(node, i)``: output ``i`` of an operation with several outputs,
* a leaf ``Tensor`` that requires a gradient: the end of the walk, where gradients are accumulated,
* ``None``: an input that needs no gradient.

Nodes point only backwards in time, so a graph has no reference cycle and is freed as soon as the
last tensor that uses it goes away. Every node has a sequence number; an operation's inputs always
have smaller numbers than itself. Walking the nodes from the highest number to the lowest is
therefore a topological order, found without recursion, and the order that PyTorch uses too, so
sums are rounded the same way.

The idea is reverse-mode automatic differentiation as in PyTorch's autograd (Paszke et al. 2017);
the size of the code is inspired by micrograd (Karpathy 2020).
"""

from __future__ import annotations

import itertools
import threading
import warnings
from operator import attrgetter
from types import CodeType
from typing import Any

from .hooks import Handle, extra_of, run_post_hooks, run_pre_hooks, run_tensor_hooks, seen

next_seq = itertools.count().__next__
_by_seq = attrgetter("seq")

# How a vjp on arrays is called (Op.fast_vjps): with saved tensor number `slot`, or
ASKS_NOTHING = -1  # with the gradient alone, or
ASKS_NODE = -2  # with the node, to find what it needs


class _GradMode(threading.local):
    """How operations are recorded and walked back, separate switches for each thread."""

    enabled = True
    inference = False
    anomaly = False  # look for NaN in every gradient (autograd.detect_anomaly)
    check_nan = True
    watcher: Any = None  # the recorder whose block this is (graph_record, capture_record)
    capturing: Any = None  # the same, while a step is captured (capture)
    levels = 0  # the transforms (jvp, vmap) that are running, one inside the other
    packing: tuple[Any, ...] = ()  # the pairs of saved-tensor hooks in force, innermost last
    packing_refused: str | None = None  # why no saved-tensor hooks may be used, if so
    mutation_allowed = False  # in autograd.graph.allow_mutation_on_saved_tensors
    transforming = False  # a transform of func is running the user's function
    walking: Walk | None = None  # the backward pass that is running


grad_mode = _GradMode()

# The rare modes that this process has used so far: "inference", "packing", "carried" for tensors
# with a tangent or a batch, and "watch" while there is a recorder. While it is empty, a quick test
# skips looking for them.
rare: set[str] = set()


class Node:
    """One recorded operation: what it was, what it needs for its gradient, where it came from."""

    __slots__ = (
        "op",  # the operation (a subclass of ops.base.Op)
        "inputs",  # edges, one an input
        "saved",  # tensors kept for the vjps, by position (inputs first, then outputs)
        "versions",  # the saved tensors' versions when they were saved; None if all were 0
        "fits",  # True if every input has the result's shape and dtype, and so will its gradient
        "params",  # the operation's other arguments, such as dim and keepdim
        "shape",  # the result's shape; of several outputs, a tuple of shapes
        "dtype",  # the result's NumPy dtype; of several outputs, a tuple
        "seq",  # when it was recorded
        "code",  # the user's code object ...
        "lasti",  # ... and the instruction in it that ran this operation
        "extra",  # hooks and such, or None (nearly always)
        "__weakref__",
    )
    op: Any
    inputs: tuple[Any, ...]
    saved: Any  # None when freed
    versions: tuple[int, ...] | None
    fits: bool
    params: dict[str, Any]
    shape: Any
    dtype: Any
    seq: int
    code: CodeType | None
    lasti: int
    extra: Any

    def name(self) -> str:
        """PyTorch's name of the node, for example ``'MulBackward0'``."""
        return self.op.node_name(self)

    def __repr__(self) -> str:
        return f"<{self.name().rsplit('::', 1)[-1]}>"

    def _sequence_nr(self) -> int:
        """PyTorch's name for the number by which nodes are ordered in time."""
        return self.seq

    @property
    def n_outputs(self) -> int:
        return len(self.shape) if self.op.multi_output else 1

    def input_shape(self, i: int) -> tuple[int, ...]:
        """The shape of input ``i`` (its edge knows)."""
        return edge_meta(self.inputs[i])[0]

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The edges as PyTorch shows them: ``((node, output number), ...)``."""
        return tuple(as_function(edge) for edge in self.inputs)

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What a user's Function saved with ``ctx.save_for_backward``."""
        saved: tuple[Any, ...] = self.op.saved_tensors(self)
        return saved

    @property
    def metadata(self) -> dict[str, Any]:
        """A dict to keep notes in."""
        return extra_of(self).metadata

    def register_hook(self, hook: Any) -> Handle:
        """Call ``hook(grad_inputs, grad_outputs)`` after this node ran in a backward pass."""
        return Handle(extra_of(self).post_hooks, hook)

    def register_prehook(self, hook: Any) -> Handle:
        """Call ``hook(grad_outputs)`` before this node runs in a backward pass."""
        return Handle(extra_of(self).pre_hooks, hook)


class AccumulateGrad:
    """The graph's end at a leaf, as PyTorch shows it: adds the gradient to ``variable.grad``."""

    __slots__ = ("variable",)

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return "<AccumulateGrad>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccumulateGrad) and other.variable is self.variable

    def __hash__(self) -> int:
        return hash((AccumulateGrad, id(self.variable)))

    @property
    def next_functions(self) -> tuple[()]:
        return ()

    @property
    def metadata(self) -> dict[str, Any]:
        return extra_of(self.variable).metadata

    def register_hook(self, hook: Any) -> Handle:
        return Handle(extra_of(self.variable).post_hooks, hook)

    def register_prehook(self, hook: Any) -> Handle:
        return Handle(extra_of(self.variable).pre_hooks, hook)


def as_function(edge: Any) -> tuple[Any, int]:
    """An edge as PyTorch's pair (function, output number)."""
    if edge is None:
        return (None, 0)
    if type(edge) is tuple:
        return edge
    if isinstance(edge, Node):
        return (edge, 0)
    return (AccumulateGrad(edge), 0)


def edge_meta(edge: Any) -> tuple[tuple[int, ...], Any]:
    """Shape and NumPy dtype of the value an edge stands for."""
    if type(edge) is tuple:
        node, i = edge
        return node.shape[i], node.dtype[i]
    if isinstance(edge, Node):
        return edge.shape, edge.dtype
    return edge._data.shape, edge._data.dtype


# --- the backward pass -----------------------------------------------------------------------


def reachable(roots: list[Any], since: int = 0) -> list[Node]:
    """Every node that a gradient can flow to from ``roots`` (edges), latest first.

    since: leave out nodes recorded before this sequence number.
    """
    nodes = [e[0] if type(e) is tuple else e for e in roots]
    seen = {e for e in nodes if isinstance(e, Node)}
    order = list(seen)
    for node in order:  # which grows as it goes
        for edge in node.inputs:
            if not isinstance(edge, Node):
                if type(edge) is not tuple:
                    continue
                edge = edge[0]
            if edge not in seen and edge.seq >= since:
                seen.add(edge)
                order.append(edge)
    order.sort(key=_by_seq, reverse=True)
    return order


def oldest(edges: list[Any] | None) -> int:
    """The smallest sequence number that a way to one of these edges can pass; 0 for leaves."""
    nodes = [e[0] if type(e) is tuple else e for e in edges or ()]
    if not nodes or not all(isinstance(node, Node) for node in nodes):
        return 0
    return min(node.seq for node in nodes)


def needed_for(order: list[Node], targets: list[Any]) -> tuple[set[Any], set[Node]]:
    """Of ``order``, the nodes on a way to one of the ``targets`` (edges), with the targets.

    Also those of them that are targets only: their own operation need not be walked back.
    """
    needed = set(targets)
    ends = set()
    for node in reversed(order):  # inputs before the operations that use them
        many = node.op.multi_output
        outputs = [(node, i) for i in range(node.n_outputs)] if many else [node]
        if any(edge in needed for edge in node.inputs if edge is not None):
            needed.add(node)
            needed.update(outputs)
        elif any(output in needed for output in outputs):
            needed.add(node)
            ends.add(node)
    return needed, ends


class Walk:
    """One running backward pass, for hooks that need to know about it."""

    __slots__ = ("order", "ends", "roots", "needed", "notes")

    def __init__(
        self,
        order: list[Node],
        ends: set[Node],
        roots: list[tuple[Any, Any]],
        needed: set[Any] | None,
    ) -> None:
        self.order = order  # the nodes to walk, latest first
        self.ends = ends  # those of them whose gradient is wanted, but not that of their inputs
        self.roots = roots
        self.needed = needed  # what lies on a way to a wanted gradient; None if all are wanted
        self.notes: dict[Any, Any] = {}  # what hooks keep until the pass is over

    def reaches(self, edge: Any) -> bool:
        """Whether this pass sends a gradient along ``edge``."""
        if isinstance(edge, (Node, tuple)):
            return (edge[0] if type(edge) is tuple else edge) in set(self.order)
        if self.needed is not None and edge not in self.needed:
            return False
        if any(edge is root for root, _ in self.roots):
            return True
        walked = (node for node in self.order if node not in self.ends)
        return any(edge is e for node in walked for e in node.inputs)


def hooked_leaves(order: list[Node]) -> dict[Node, list[Any]]:
    """The leaves that have hooks, by the last node of ``order`` that uses them.

    As in PyTorch, a leaf's hooks run as soon as its gradient is complete.
    """
    last = {}
    for node in order:
        for edge in node.inputs:
            plain = edge is None or isinstance(edge, (Node, tuple)) or edge.extra is None
            if not plain and (edge.extra.tensor_hooks or edge.extra.accumulated):
                last[edge] = node
    by_node: dict[Node, list[Any]] = {}
    for leaf, node in last.items():
        extra_of(node)  # such a node is not walked on the fast path, which does not look for this
        by_node.setdefault(node, []).append(leaf)
    return by_node


def run_backward(
    roots: list[tuple[Any, Any]],
    xp: Any,
    *,
    keep_graph: bool = False,
    inputs: list[Any] | None = None,
) -> dict[Any, Any]:
    """Send gradients from ``roots`` to the leaves; return ``{leaf edge: gradient}``.

    roots: pairs (edge, gradient); all gradients are arrays (first order) or all are tensors (the
    backward pass is recorded itself, ``create_graph=True``). xp: the functions for that kind,
    ``ops.base.arrays`` or the tensor functions. keep_graph: keep saved tensors for another pass.
    inputs: edges whose gradients are wanted, all leaves if None. Leaves' ``.grad`` is not touched
    here. What can be refused is refused before a gradient is computed, and if a hook or a
    user's function raises, no ``.grad`` has changed.
    """
    order = reachable([edge for edge, _ in roots], oldest(inputs))
    needed: set[Any] | None = None
    ends: set[Node] = set()
    if inputs is not None:
        needed, ends = needed_for(order, inputs)
        order = [node for node in order if node in needed]
    check_all_saved([node for node in order if node not in ends] if ends else order)
    outer, grad_mode.walking = grad_mode.walking, Walk(order, ends, roots, needed)
    try:
        return walk(roots, order, needed, ends, xp, keep_graph, inputs)
    finally:
        grad_mode.walking = outer


def walk(
    roots: list[tuple[Any, Any]],
    order: list[Node],
    needed: set[Any] | None,
    ends: set[Node],
    xp: Any,
    keep_graph: bool,
    inputs: list[Any] | None,
) -> dict[Any, Any]:
    """Walk the nodes in ``order``, see :func:`run_backward`; those ``needed`` (all if None)."""
    wanted = None if inputs is None else set(inputs)
    collected: dict[Any, Any] = {}
    retained: list[tuple[Any, Any]] = []
    buffer: dict[Any, Any] = {}
    for edge, grad in roots:
        buffer[edge] = grad if edge not in buffer else buffer[edge] + grad

    complete_after = hooked_leaves(order) if seen.leaf_hooks else {}
    complete: set[Any] = set()  # the leaves whose hooks have run
    plain = xp.first_order and not grad_mode.anomaly
    for node in order:
        op = node.op
        if op.multi_output:
            grad = tuple([buffer.pop((node, i), None) for i in range(node.n_outputs)])
            if all(g is None for g in grad):
                continue
        else:
            grad = buffer.pop(node, None)
            if grad is None:
                continue
        if node.extra is not None:
            grad = hooked(node, grad, xp, retained)
        if wanted is not None:
            collect(node, grad, wanted, collected)
            if node in ends:
                continue

        # One vjp an input, or for some operations one for all inputs together.
        vjps = op.fast_vjps
        if plain and vjps is not None and node.extra is None:
            saved, fits = node.saved, node.fits
            for edge, (vjp, slot) in zip(node.inputs, vjps):
                if edge is None or (needed is not None and edge not in needed):
                    continue
                if slot >= 0:
                    g = vjp(grad, saved[slot]._data)
                elif slot == ASKS_NODE:
                    g = vjp(grad, node)
                else:
                    g = vjp(grad)
                if not fits:
                    if isinstance(edge, Node):
                        shape, dtype = edge.shape, edge.dtype
                    else:
                        shape, dtype = edge_meta(edge)
                    if g.shape != shape or g.dtype is not dtype:
                        g = xp.fit(g, shape, dtype)
                before = buffer.get(edge)
                buffer[edge] = g if before is None else before + g
        else:
            wants = [e is not None and (needed is None or e in needed) for e in node.inputs]
            for edge, g, want in zip(node.inputs, pull(node, grad, xp, wants), wants):
                if g is None or not want:
                    continue
                shape, dtype = edge_meta(edge)
                if g.shape != shape or xp.np_dtype(g) != dtype:
                    g = xp.fit(g, shape, dtype)
                buffer[edge] = g if edge not in buffer else buffer[edge] + g
            for leaf in complete_after.get(node, ()):
                if leaf in buffer:  # put at the end: .grad is filled in the order of completion
                    buffer[leaf] = run_tensor_hooks(leaf, 0, buffer.pop(leaf), xp)
                    complete.add(leaf)
        if not keep_graph and node.saved:
            node.saved = None  # free what only this pass needed

    # What is left in the buffer belongs to leaves.
    for edge, g in buffer.items():
        if isinstance(edge, (Node, tuple)):
            continue
        if wanted is None or edge in wanted:
            done = edge.extra is None or edge in complete
            collected[edge] = g if done else run_tensor_hooks(edge, 0, g, xp)
    for reference, g in retained:
        tensor = reference()
        if tensor is not None:
            tensor._grad = xp.keep(g, tensor._grad)
    return collected


def hooked(node: Node, grad: Any, xp: Any, retained: list[tuple[Any, Any]]) -> Any:
    """The gradient of a node's output(s) after the hooks of its tensors; notes who retains it."""
    # Of several outputs, one that got no gradient has None; its hooks see that, as in PyTorch.
    grads = grad if node.op.multi_output else (grad,)
    grads = tuple([run_tensor_hooks(node, i, g, xp) for i, g in enumerate(grads)])
    for i, tensor in node.extra.retain.items():
        if grads[i] is not None:
            retained.append((tensor, grads[i]))
    return grads if node.op.multi_output else grads[0]


def collect(node: Node, grad: Any, wanted: set[Any], collected: dict[Any, Any]) -> None:
    """Note the gradient if the caller wants that of this node's output(s)."""
    if not node.op.multi_output:
        if node in wanted:
            collected[node] = grad
        return
    for i, g in enumerate(grad):
        if (node, i) in wanted and g is not None:
            collected[node, i] = g


def pull(node: Node, grad: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
    """Walk one node back, with its hooks, and the look-out for NaN if that is on."""
    many = node.op.multi_output
    extra = node.extra
    if extra is not None and extra.pre_hooks:
        grads = run_pre_hooks(extra.pre_hooks, grad if many else (grad,), xp)
        grad = grads if many else grads[0]
    if grad_mode.anomaly:
        grads_in = watched_pullback(node, grad, xp, wants)
    else:
        grads_in = node.op.pullback(node, grad, xp, wants)
    if extra is not None and extra.post_hooks:
        grads_in = run_post_hooks(extra.post_hooks, grads_in, grad if many else (grad,), xp)
    return grads_in


def watched_pullback(node: Node, grad: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
    """Walk one node back; if that raises or gives NaN, say which line recorded it."""
    try:
        grads_in: tuple[Any, ...] = node.op.pullback(node, grad, xp, wants)
    except Exception:
        warn_where(node)
        raise
    if grad_mode.check_nan:
        for i, g in enumerate(grads_in):
            if g is not None and xp.has_nan(g):
                warn_where(node)
                raise RuntimeError(
                    f"Function '{node.name()}' returned nan values in its {i}th output. The "
                    f"operation was recorded{at_line(node) or ' outside of a file'}; look for "
                    "0/0, inf - inf, or a root or logarithm at 0 there."
                )
    return grads_in


def warn_where(node: Node) -> None:
    """Show the forward call of a node whose gradient failed, as PyTorch's anomaly mode does."""
    where = source_of(node)
    if where is None or node.code is None:
        text = "No forward pass information available."
    else:
        file, line, source = where
        text = (
            "Traceback of forward call that caused the error:\n"
            f'  File "{file}", line {line}, in {node.code.co_name}\n    {source}'
        )
    warnings.warn(f"Error detected in {node.name()}. {text}", stacklevel=2)


def check_all_saved(order: list[Node]) -> None:
    """Refuse the pass before it starts if any node's saved tensors are gone or overwritten."""
    for node in order:
        saved = node.saved
        if saved is None:
            check_saved(node)
        for t in saved:
            # The quick test is right for nearly all tensors; check_saved looks closely.
            if t is not None and (t._ver or t._owner is not None):
                check_saved(node)


def check_saved(node: Node) -> None:
    """Refuse a backward pass through freed or overwritten saved tensors."""
    if node.saved is None:
        raise RuntimeError(
            "Trying to backward through the graph a second time (or directly access saved "
            "tensors after they have already been freed). Saved intermediate values of the graph "
            "are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if "
            "you need to backward through the graph a second time or if you need to access saved "
            f"tensors after calling backward. The values saved by {node.name()}{at_line(node)} "
            "are gone: run the forward pass again, or keep them with retain_graph=True."
        )
    versions = node.versions or (0,) * len(node.saved)
    n = len(node.inputs)
    for i, (t, version) in enumerate(zip(node.saved, versions, strict=True)):
        if t is not None and t._version != version:
            made_by = "" if t._node is None else made_by_words(t._node)
            if n <= i < n + node.n_outputs:  # a result of this node
                made_by = made_by_words((node, i - n))
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: [torch.{t.type_name()} {list(t._data.shape)}]{made_by} is at "
                f"version {t._version}; expected version {version} instead. {node.name()}"
                f"{at_line(node)} had saved it for its gradient{written_since(t)}; write to a "
                "copy instead (x = x + 1, or x.clone() first), or do the in-place step after "
                "backward()."
            )


def made_by_words(edge: Any) -> str:
    node, i = edge if type(edge) is tuple else (edge, 0)
    short = node.name().replace("Backward0", "").replace("Backward", "")  # as PyTorch says here
    return f", which is output {i} of {short},"


def writer_of(t: Any) -> tuple[str, int, str] | None:
    """The user's (file, line number, source text) that last wrote into a tensor in place."""
    owner = t if t._owner is None else t._owner
    code, lasti, version = getattr(owner, "_writer", None) or (None, 0, 0)
    # Writes of minigrad itself, into a .grad say, are counted but leave no note.
    return None if code is None or version != owner._ver else source_at(code, lasti)


def written_since(t: Any) -> str:
    where = writer_of(t)
    return "" if where is None else f", but it was overwritten since{line_words(where)}"


def at_line(node: Node) -> str:
    """' (line N of FILE: SOURCE)' of the user's line that recorded the node, or ''."""
    where = source_of(node)
    return "" if where is None else line_words(where)


def line_words(where: tuple[str, int, str]) -> str:
    file, line, text = where
    short = file.replace("\\", "/").rsplit("/", 1)[-1]
    if "/ipykernel_" in file.replace("\\", "/") or "ipython-input" in file:
        short = "a notebook cell"
    return f" (line {line} of {short}: {text})" if text else f" (line {line} of {short})"


def source_of(node: Node) -> tuple[str, int, str] | None:
    """The user's (file, line number, source text) behind a node; None if it is not known."""
    return None if node.code is None else source_at(node.code, node.lasti)


def source_at(code: CodeType, lasti: int) -> tuple[str, int, str]:
    """(file, line number, source text) of an instruction."""
    import linecache

    line = code.co_firstlineno
    for start, end, number in code.co_lines():
        if start <= lasti < end and number is not None:
            line = number
    return code.co_filename, line, linecache.getline(code.co_filename, line).strip()
