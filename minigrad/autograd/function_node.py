"""How a call of a user's ``autograd.Function`` becomes a node, and how that node is walked back.

The user's side is in function.py. A node holds the context ``ctx`` of its call among its ``params``
and the saved tensors in ``saved``: inputs first, then outputs, then others.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from ..core.formulas import tensors as on_tensors
from ..core.modes import grad_mode, rare
from ..core.node import Node, edge_meta
from ..core.op import Op, record
from ..core.saved_values import check_saved
from ..core.tensor import Tensor, make
from ..core.views import View
from ..ops.writing.inplace import adopt
from .packing import Packed


class FunctionView(Op):
    """Marks an output that shares an input's memory: PyTorch refuses to write into it."""

    title = "FunctionView"
    refusal = "Output {i} of {name} is a view and is being modified inplace. {why}"

    @classmethod
    def replay(cls, base: Tensor, params: dict[str, Any]) -> Tensor:
        raise RuntimeError(
            "Output {i} of {name} is a view and its base or another view of its base has "
            "been modified inplace. {why}".format(**params)
        )


ONE_VIEW = (
    "This view was created inside a custom Function (or because an input was returned as-is) and "
    "the autograd logic to handle view+inplace would override the custom backward associated with "
    "the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix "
    "this by cloning the output of the custom Function."
)
SEVERAL_VIEWS = (
    "This view is the output of a function that returns multiple views. Such functions do not "
    "allow the output views to be modified inplace. You should replace the inplace operation by an "
    "out-of-place one."
)


SAVED: Any = Node.__dict__["saved"]
VERSIONS: Any = Node.__dict__["versions"]


class CallNode(Node):
    """The node of a call: ``y.grad_fn.k`` is what forward set as ``ctx.k``, as in PyTorch.

    A class of its own, because ``__getattr__`` makes reading every attribute slower.

    Other nodes refuse a second backward pass when their saved tensors are freed, and any pass when
    these were written to. Here only ``ctx.saved_tensors`` refuses: a ``backward`` that does not
    read it may run again. So for the engine there is nothing to refuse: ``saved`` is empty when it
    is freed, and ``versions`` are those of now. What was kept is in the fields of Node.
    """

    __slots__ = ()

    @property
    def saved(self) -> Any:
        kept = SAVED.__get__(self)
        return () if kept is None else kept

    @saved.setter
    def saved(self, tensors: Any) -> None:
        SAVED.__set__(self, tensors)

    @property
    def versions(self) -> Any:
        return tuple([0 if t is None else t._version for t in self.saved])

    @versions.setter
    def versions(self, versions: Any) -> None:
        VERSIONS.__set__(self, versions)

    def check_kept(self) -> None:
        """Refuse (RuntimeError) to give saved tensors that were freed or written to."""
        saved, versions = SAVED.__get__(self), VERSIONS.__get__(self)
        if saved is not None and (versions is None or versions == self.versions):
            return
        other = Node()  # one that the engine's check looks at
        for field in Node.__slots__:
            if field != "__weakref__" and hasattr(self, field):
                setattr(other, field, getattr(self, field))
        other.saved, other.versions = saved, versions
        check_saved(other)

    def __getattr__(self, name: str) -> Any:
        ctx = self.params["_ctx"]
        if name[0] != "_" and hasattr(ctx, name):
            return getattr(ctx, name)
        raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")


def record_call(
    op: type[Op], ctx: Any, inputs: list[Tensor], edges: tuple[Any, ...], outputs: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Make the node (of kind ``op``) of one call; returns the outputs with their history."""
    # One tensor stands for each output in the node. It is the output itself, unless that is an
    # input: then it is an alias that can have a history of its own.
    outs = []
    for o in outputs:
        if not isinstance(o, Tensor):
            outs.append(make(np.zeros((), bool)))  # a place for the value that is no tensor
        elif is_in(o, inputs):
            alias = o.detach()
            if not is_in(o, ctx._dirty):
                alias._view = View(o if o._view is None else o._view.base, (), False)
            outs.append(alias)
        elif o._node is not None or (o._requires_grad and o._view is None):
            # made elsewhere, or under enable_grad; a view made in forward is a leaf's
            outs.append(o.detach())
        else:
            outs.append(o)
    params = {
        "_function": ctx._function,
        "_ctx": ctx,
        "_tensors": [isinstance(o, Tensor) for o in outputs],
        "_shapes": [t._data.shape for t in inputs],
    }
    differentiable = [
        isinstance(o, Tensor)
        and o._data.dtype.kind in "fc"
        and not is_in(o, ctx._non_differentiable)
        for o in outputs
    ]
    if not any(differentiable):
        return without_inputs(ctx, inputs, outputs)
    params["_differs"] = differentiable
    record(op, inputs, params, [t._data for t in inputs], edges, outs)
    first = outs[differentiable.index(True)]
    node: Node = first._node[0] if type(first._node) is tuple else first._node
    node.__class__ = CallNode
    results = []
    for i, (o, t, can) in enumerate(zip(outputs, outs, differentiable, strict=True)):
        if not can:
            t._node, t._requires_grad = None, False
            results.append(t if isinstance(o, Tensor) else o)
        elif is_in(o, ctx._dirty) and is_in(o, inputs):
            adopt(o, t)
            results.append(o)
        else:
            if t._view is not None:  # shares an input's memory, or another output's
                why = SEVERAL_VIEWS if op.multi_output else ONE_VIEW
                notes = {"i": i, "name": ctx._function.__name__, "why": why}
                t._view = View(t._view.base, ((FunctionView, notes),), False)
            results.append(t)
    save(ctx, node, inputs, outputs, results)
    return tuple(results)


def without_inputs(ctx: Any, inputs: list[Tensor], outputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The outputs of a call that is not recorded. An input among them becomes a tensor apart."""
    return tuple(
        o.detach() if is_in(o, inputs) and not is_in(o, ctx._dirty) else o for o in outputs
    )


def is_in(t: Any, tensors: Any) -> bool:
    return any(t is other for other in tensors)


def save(
    ctx: Any, node: Node, inputs: list[Tensor], outputs: tuple[Any, ...], results: Any
) -> None:
    """Put what ``save_for_backward`` was given into the node: inputs first, outputs, others."""
    n = len(inputs)
    saved: list[Any] = [None] * (n + len(outputs))
    slots: list[int | None] = []
    for t in ctx._to_save:
        if t is None:
            slots.append(None)
            continue
        if t.is_inference():
            raise RuntimeError(
                "Inference tensors cannot be saved for backward. Please do not use Tensors created "
                "in inference mode in computation tracked by autograd. To work around this, you "
                "can make a clone to get a normal tensor and use it in autograd, or use "
                "`torch.no_grad()` instead of `torch.inference_mode()`."
            )
        is_output = is_in(t, outputs) and (is_in(t, ctx._dirty) or not is_in(t, inputs))
        if is_output:
            i = next(i for i, o in enumerate(outputs) if o is t)
            slots.append(n + i)
            saved[n + i] = twin_of(results[i])
        elif is_in(t, inputs):
            i = next(i for i, o in enumerate(inputs) if o is t)
            slots.append(i)
            saved[i] = t
        else:
            slots.append(len(saved))
            saved.append(t)
    ctx._slots = tuple(slots)
    ctx._to_save = ctx._dirty = ctx._non_differentiable = ()  # tensors belong to the node now
    ctx._node = weakref.ref(node)
    if not slots:
        return
    node.saved = tuple(saved)
    node.versions = tuple([0 if t is None else t._version for t in saved])
    if rare and grad_mode.packing is not None:
        grad_mode.packing(node)


def twin_of(t: Tensor) -> Tensor:
    """The same memory and version counter without history, so that the node makes no cycle."""
    twin = make(t._data)
    if t._owner is None:
        # The twin takes over as the owner of the memory. Views of t made inside forward, if any,
        # count on t; they go with it.
        twin._ver = t._ver
        t._owner = twin
    else:
        twin._owner = t._owner
    return twin


def saved_tensor(node: Node, slot: int) -> Tensor:
    if slot < len(node.inputs) + node.n_outputs:
        t: Tensor = on_tensors.saved(node, slot)
        return t
    kept: Any = node.saved[slot]
    return kept.unpack() if type(kept) is Packed else kept


# --- the backward pass -----------------------------------------------------------------------


def call_backward(node: Node, grads: tuple[Any, ...], xp: Any) -> tuple[Any, ...]:
    """The user's ``backward``, with its answer checked: a gradient for each tensor input."""
    ctx = node.params["_ctx"]
    given = [None if g is None else xp.wrap_copy(g) for g in grads]
    if ctx.materialize_grads:
        shapes, kinds = (node.shape, node.dtype) if node.op.multi_output else (
            (node.shape,), (node.dtype,)
        )  # fmt: skip
        for i, is_tensor in enumerate(node.params["_tensors"]):
            zero = node.params["_differs"][i] or ctx._materialize_non_diff_grads
            if given[i] is None and is_tensor and zero:
                given[i] = make(np.zeros(shapes[i], kinds[i]))
    answer = ctx._backward(*given)
    answers = answer if isinstance(answer, tuple) else (answer,)
    return checked(node, ctx, answers, xp)


def checked(node: Node, ctx: Any, answers: tuple[Any, ...], xp: Any) -> tuple[Any, ...]:
    name, is_tensor = node.op.node_name(node), ctx._is_tensor
    expected = len(is_tensor)
    extra = answers[expected:]
    if len(answers) < expected or any(g is not None for g in extra):
        raise RuntimeError(
            f"function {name} returned an incorrect number of gradients (expected {expected}, got "
            f"{len(answers)}): backward returns one for each argument of forward, None for those "
            "that are no tensors"
        )
    found: list[Any] = []
    for position, g in enumerate(answers[:expected]):
        if not is_tensor[position]:
            if g is not None:
                raise RuntimeError(
                    f"function {name} returned a gradient different than None at position "
                    f"{position + 1}, but the corresponding forward input was not a Variable"
                )
            continue
        i = len(found)
        if g is None or node.inputs[i] is None:
            found.append(None)
            continue
        if not isinstance(g, Tensor):
            raise RuntimeError(
                f"expected Variable or None (got {type(g).__name__}): {name} must return tensors"
            )
        shape, _ = edge_meta(node.inputs[i])
        if not expands(shape, g._data.shape):
            raise RuntimeError(
                f"Function {name} returned an invalid gradient at index {i} - got "
                f"{list(g.shape)} but expected shape compatible with {list(shape)}: a gradient has "
                "its input's shape"
            )
        found.append(xp.unwrap_copy(g))
    return tuple(found)


def expands(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    """Whether a tensor of shape ``small`` can be broadcast to ``large``."""
    if len(small) > len(large):
        return False
    return all(s in (1, n) for s, n in zip(reversed(small), reversed(large)))
