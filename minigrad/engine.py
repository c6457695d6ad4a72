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
from operator import attrgetter
from types import CodeType
from typing import Any

next_seq = itertools.count().__next__
_by_seq = attrgetter("seq")

# How a vjp on arrays is called (Op.fast_vjps): with saved tensor number `slot`, or
ASKS_NOTHING = -1  # with the gradient alone, or
ASKS_NODE = -2  # with the node, to find what it needs


class _GradMode(threading.local):
    """Whether operations are recorded, a separate switch for each thread."""

    enabled = True
    inference = False


grad_mode = _GradMode()


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
        return f"<{self.name()}>"

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
    def metadata(self) -> dict[str, Any]:
        """A dict to keep notes in."""
        return extra_of(self).metadata

    def register_hook(self, hook: Any) -> Handle:
        """Call ``hook(grad_inputs, grad_outputs)`` after this node ran in a backward pass."""
        return Handle(extra_of(self).post_hooks, hook)

    def register_prehook(self, hook: Any) -> Handle:
        """Call ``hook(grad_outputs)`` before this node runs in a backward pass."""
        return Handle(extra_of(self).pre_hooks, hook)


class Extra:
    """What few nodes and few leaves have: hooks, retained gradients, notes."""

    __slots__ = ("pre_hooks", "post_hooks", "tensor_hooks", "retain", "accumulated", "metadata")

    def __init__(self) -> None:
        self.pre_hooks: dict[int, Any] = {}
        self.post_hooks: dict[int, Any] = {}
        self.tensor_hooks: dict[int, dict[int, Any]] = {}  # by output number
        self.retain: dict[int, Any] = {}  # output number -> weak reference to the tensor
        self.accumulated: dict[int, Any] = {}  # post-accumulate-grad hooks of a leaf
        self.metadata: dict[str, Any] = {}


def extra_of(owner: Any) -> Extra:
    """The owner's Extra, made on first use."""
    if owner.extra is None:
        owner.extra = Extra()
    return owner.extra


_handle_ids = itertools.count()


class Handle:
    """Removes a hook again: ``handle.remove()``, or leave its ``with`` block."""

    def __init__(self, hooks: dict[int, Any], hook: Any) -> None:
        self.id = next(_handle_ids)
        self._hooks = hooks
        hooks[self.id] = hook

    def remove(self) -> None:
        self._hooks.pop(self.id, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


class AccumulateGrad:
    """The graph's end at a leaf, as PyTorch shows it: adds the gradient to ``variable.grad``."""

    __slots__ = ("variable",)

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "struct torch::autograd::AccumulateGrad"

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
    if type(edge) is Node:
        return (edge, 0)
    return (AccumulateGrad(edge), 0)


def edge_meta(edge: Any) -> tuple[tuple[int, ...], Any]:
    """Shape and NumPy dtype of the value an edge stands for."""
    if type(edge) is tuple:
        node, i = edge
        return node.shape[i], node.dtype[i]
    if type(edge) is Node:
        return edge.shape, edge.dtype
    return edge._data.shape, edge._data.dtype


# --- the backward pass -----------------------------------------------------------------------


def reachable(roots: list[Any]) -> list[Node]:
    """Every node that a gradient can flow to from ``roots`` (edges), latest first."""
    stack = [e[0] if type(e) is tuple else e for e in roots]
    stack = [e for e in stack if type(e) is Node]
    seen = set(stack)
    order = list(seen)
    stack = list(seen)
    while stack:
        for edge in stack.pop().inputs:
            if type(edge) is tuple:
                edge = edge[0]
            if type(edge) is Node and edge not in seen:
                seen.add(edge)
                order.append(edge)
                stack.append(edge)
    order.sort(key=_by_seq, reverse=True)
    return order


def needed_for(order: list[Node], targets: list[Any]) -> set[Any]:
    """Of ``order``, the nodes on a way to one of the ``targets`` (edges), with the targets."""
    needed = set(targets)
    for node in reversed(order):  # inputs before the operations that use them
        if any(edge in needed for edge in node.inputs if edge is not None):
            needed.add(node)
            if node.op.multi_output:
                needed.update((node, i) for i in range(node.n_outputs))
        elif node.op.multi_output and any((node, i) in needed for i in range(node.n_outputs)):
            continue  # a target itself: its gradient is collected, nothing behind it is needed
    return needed


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
    inputs: edges whose gradients are wanted, all leaves if None. Nothing is added to ``.grad``
    here, and everything that can be refused is refused before a gradient is computed.
    """
    order = reachable([edge for edge, _ in roots])
    if inputs is None:
        needed = None
    else:
        needed = needed_for(order, inputs)
        order = [node for node in order if node in needed]
    check_all_saved(order)

    wanted = None if inputs is None else set(inputs)
    collected: dict[Any, Any] = {}
    buffer: dict[Any, Any] = {}
    for edge, grad in roots:
        buffer[edge] = grad if edge not in buffer else buffer[edge] + grad

    first_order = xp.first_order
    for node in order:
        op = node.op
        if op.multi_output:
            grad = [buffer.pop((node, i), None) for i in range(node.n_outputs)]
            if node.extra is not None:
                grad = [run_tensor_hooks(node, i, g, xp) for i, g in enumerate(grad)]
            if wanted is not None:
                for i, g in enumerate(grad):
                    if (node, i) in wanted and g is not None:
                        collected[node, i] = g
            if all(g is None for g in grad):
                continue
        else:
            grad = buffer.pop(node, None)
            if grad is None:
                continue
            if node.extra is not None:
                grad = run_tensor_hooks(node, 0, grad, xp)
            if wanted is not None and node in wanted:
                collected[node] = grad
        if node.extra is not None and node.extra.pre_hooks:
            grad = run_pre_hooks(node, grad, xp)

        # One vjp an input, or for some operations one for all inputs together.
        if first_order and op.fast_vjps is not None and node.extra is None:
            saved, fits = node.saved, node.fits
            for edge, (vjp, slot) in zip(node.inputs, op.fast_vjps):
                if edge is None or (needed is not None and edge not in needed):
                    continue
                if slot >= 0:
                    g = vjp(grad, saved[slot]._data)
                elif slot == ASKS_NOTHING:
                    g = vjp(grad)
                else:
                    g = vjp(grad, node)
                if not fits:
                    shape, dtype = edge_meta(edge)
                    if g.shape != shape or g.dtype is not dtype:
                        g = xp.fit(g, shape, dtype)
                if edge in buffer:
                    buffer[edge] = buffer[edge] + g
                else:
                    buffer[edge] = g
        else:
            wants = [e is not None and (needed is None or e in needed) for e in node.inputs]
            grads_in = op.pullback(node, grad, xp, wants)
            if node.extra is not None and node.extra.post_hooks:
                grads_in = run_post_hooks(node, grads_in, grad, xp)
            for edge, g, want in zip(node.inputs, grads_in, wants, strict=True):
                if g is None or not want:
                    continue
                shape, dtype = edge_meta(edge)
                if g.shape != shape or xp.np_dtype(g) != dtype:
                    g = xp.fit(g, shape, dtype)
                buffer[edge] = g if edge not in buffer else buffer[edge] + g
        if not keep_graph and node.saved:
            node.saved = None  # free what only this pass needed

    # What is left in the buffer belongs to leaves.
    for edge, g in buffer.items():
        if type(edge) is Node or type(edge) is tuple:
            continue
        if wanted is None or edge in wanted:
            collected[edge] = g
    return collected


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
    for t, version in zip(node.saved, versions, strict=True):
        if t is not None and t._version != version:
            made_by = "" if t._node is None else f", which is output 0 of {node_label(t._node)},"
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: [torch.{t.type_name()} {list(t._data.shape)}]{made_by} is at "
                f"version {t._version}; expected version {version} instead. {node.name()}"
                f"{at_line(node)} had saved it for its gradient; write to a copy instead "
                "(x = x + 1, or x.clone() first), or do the in-place step after backward()."
            )


def node_label(node: Any) -> str:
    """The name of the node of an edge."""
    return (node[0] if type(node) is tuple else node).name()


def at_line(node: Node) -> str:
    """' (line N of FILE: SOURCE)' of the user's line that recorded the node, or ''."""
    where = source_of(node)
    if where is None:
        return ""
    file, line, text = where
    short = file.replace("\\", "/").rsplit("/", 1)[-1]
    return f" (line {line} of {short}: {text})" if text else f" (line {line} of {short})"


def source_of(node: Node) -> tuple[str, int, str] | None:
    """The user's (file, line number, source text) behind a node; None if it is not known."""
    import linecache

    if node.code is None:
        return None
    line = node.code.co_firstlineno
    for start, end, number in node.code.co_lines():
        if start <= node.lasti < end and number is not None:
            line = number
    return node.code.co_filename, line, linecache.getline(node.code.co_filename, line).strip()


# --- hooks -----------------------------------------------------------------------------------


def run_tensor_hooks(owner: Any, index: int, grad: Any, xp: Any) -> Any:
    """Let the hooks of one tensor see, and perhaps replace, its gradient."""
    if grad is None:
        return None
    extra = owner.extra
    for hook in list(extra.tensor_hooks.get(index, {}).values()):
        replaced = hook(xp.wrap(grad))
        if replaced is not None:
            grad = xp.unwrap(replaced)
    if index in extra.retain:
        tensor = extra.retain[index]()
        if tensor is not None:
            tensor._grad = xp.keep(grad, tensor._grad)
    return grad


def run_pre_hooks(node: Node, grad: Any, xp: Any) -> Any:
    grads = tuple(grad) if node.op.multi_output else (grad,)
    for hook in list(node.extra.pre_hooks.values()):
        replaced = hook(tuple(None if g is None else xp.wrap(g) for g in grads))
        if replaced is not None:
            replaced = replaced if isinstance(replaced, tuple) else (replaced,)
            grads = tuple(None if g is None else xp.unwrap(g) for g in replaced)
    return list(grads) if node.op.multi_output else grads[0]


def run_post_hooks(node: Node, grads_in: Any, grad: Any, xp: Any) -> Any:
    grads = grad if node.op.multi_output else (grad,)
    out = tuple(None if g is None else xp.wrap(g) for g in grads)
    for hook in list(node.extra.post_hooks.values()):
        replaced = hook(tuple(None if g is None else xp.wrap(g) for g in grads_in), out)
        if replaced is not None:
            replaced = replaced if isinstance(replaced, tuple) else (replaced,)
            grads_in = tuple(None if g is None else xp.unwrap(g) for g in replaced)
    return grads_in
