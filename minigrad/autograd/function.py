"""``autograd.Function``: an operation of the user's own, with its own gradient.

A call of ``MyFunction.apply`` runs ``forward`` without recording and makes one node for all that
happened in it. In the backward pass that node calls ``backward``. Its context ``ctx`` carries what
``forward`` wants to tell ``backward``; the node holds ``ctx``, and ``ctx`` only a weak reference
to the node, so there is no reference cycle.

The interface is PyTorch's (``torch.autograd.Function``).
"""

from __future__ import annotations

import functools
import inspect
import warnings
import weakref
from typing import Any

import numpy as np

from ..engine import Node, check_saved, edge_meta, grad_mode, rare
from ..ops.base import Op, carried_by, record
from ..ops.base import tensors as on_tensors
from ..ops.inplace import adopt, check_writable
from ..ops.packing import Packed, pack_saved
from ..tensor import RecordAlways, Tensor, View, edge_of, make
from .modes import no_grad


class FunctionCtx:
    """What ``forward`` and ``backward`` of one call share. Any attribute may be set on it."""

    needs_input_grad: tuple[bool, ...] = ()

    def __init__(self, function: type[Function]) -> None:
        self._function = function
        self._to_save: tuple[Any, ...] = ()
        self._for_forward: tuple[Any, ...] = ()
        self._dirty: tuple[Tensor, ...] = ()
        self._non_differentiable: tuple[Tensor, ...] = ()
        self._slots: tuple[int | None, ...] = ()  # where in node.saved the saved tensors are
        self._node: Any = None  # weak reference to the node, once there is one
        self._recorded = False
        self._is_tensor: tuple[bool, ...] = ()  # which arguments are tensors
        self.materialize_grads = True

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for ``backward`` (inputs, outputs or others; None is allowed)."""
        check_tensors("save_for_backward", tensors)
        self._to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for ``jvp``; they are ``saved_tensors`` there."""
        check_tensors("save_for_forward", tensors)
        self._for_forward = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say which inputs ``forward`` writes to in place. It must return them."""
        for t in tensors:
            if self._recorded and t._requires_grad and edge_of(t) is t:
                raise RuntimeError(
                    "a leaf Variable that requires grad has been used in an in-place operation. "
                    "Its numbers are the user's own; give the function a copy, x.clone()."
                )
            if self._recorded and t._view is not None:
                with RecordAlways():
                    check_writable(t, True)
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say which outputs have no gradient, such as indices."""
        self._non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """False: ``backward`` gets None, not zeros, for an output that nothing depends on."""
        self.materialize_grads = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors given to ``save_for_backward``, with their history.

        Raises RuntimeError if they were freed or written to in place since.
        """
        node = None if self._node is None else self._node()
        if node is None:  # in jvp, or nothing was recorded
            return self._for_forward or self._to_save
        check_saved(node)
        return tuple(None if i is None else saved_tensor(node, i) for i in self._slots)

    def name(self) -> str:
        return f"{self._function.__name__}Backward"


def check_tensors(method: str, tensors: tuple[Any, ...]) -> None:
    for i, t in enumerate(tensors):
        if t is not None and not isinstance(t, Tensor):
            raise TypeError(
                f"{method} can only save variables, but argument {i} is of type "
                f"{type(t).__name__}: keep other things as attributes, ctx.name = value"
            )


def saved_tensor(node: Node, slot: int) -> Tensor:
    if slot < len(node.inputs) + node.n_outputs:
        t: Tensor = on_tensors.saved(node, slot)
        return t
    kept: Any = node.saved[slot]
    return kept.unpack() if type(kept) is Packed else kept


class Function:
    """An operation with a gradient of the user's own. Subclass it; call ``.apply(...)``.

    ``forward(ctx, *args)`` computes with tensors and anything else. ``backward(ctx, *grads)`` gets
    one gradient an output and returns one (or None) for each argument of ``forward``. Both are
    static methods. In the style of two functions, ``forward(*args)`` has no ctx, and
    ``setup_context(ctx, inputs, output)`` fills it afterwards.

    >>> import minigrad as mg
    >>> class Cube(mg.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return g * 3 * x**2
    >>> x = mg.tensor(2.0, requires_grad=True)
    >>> y = Cube.apply(x)
    >>> y.backward()
    >>> y, x.grad
    (tensor(8., grad_fn=<CubeBackward>), tensor(12.))
    """

    generate_vmap_rule = False

    def __init__(self) -> None:
        warnings.warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself.",
            DeprecationWarning,
            stacklevel=2,
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """The computation. Override it."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Fill ctx after ``forward(*args)``; override it, or give ``forward`` a ctx."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """The gradients of the arguments, given those of the outputs. Override it."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """The outputs' tangents, given those of the arguments (forward mode). Override it."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with "
            "forward mode AD."
        )

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *args: Any) -> Any:
        """``(output, out_dims)`` for batched arguments. Override it to use ``func.vmap``."""
        raise NotImplementedError(
            "To use autograd.Function with vmap, you must either override the vmap staticmethod or "
            "set generate_vmap_rule=True."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use "
            "new-style autograd function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function) Call "
            f"{type(self).__name__}.apply(...) on the class itself."
        )

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run the function and record it as one operation."""
        if has_setup_context(cls):
            bound = inspect.signature(cls.forward).bind(*args, **kwargs)
            bound.apply_defaults()
            args = bound.args
        elif kwargs:
            raise TypeError(
                f"{cls.__name__}.apply() takes no keyword arguments: give them by position, or "
                "write forward without ctx and a setup_context"
            )
        if rare:
            inputs = tuple([a for a in args if isinstance(a, Tensor)])
            carried = carried_by(inputs)
            if carried is not None:
                return carried.apply(FunctionNode, inputs, {"_function": cls, "_args": args}, None)
        return call(cls, args)[0]


def has_setup_context(function: type[Function]) -> bool:
    return function.setup_context is not Function.setup_context


class FunctionNode(Op):
    """The node of a user's Function with one output.

    To run it on inputs that carry a tangent or a batch, ``params`` has the class as ``_function``
    and the arguments as ``_args``: see :func:`with_inputs` and :func:`run_with_jvp`.
    """

    title = "Function"

    def forward(*inputs: Any) -> Any:
        raise NotImplementedError("a user's Function runs by Function.apply")

    def vjp(g: Any, needs: Any, node: Any, xp: Any) -> Any:
        return call_backward(node, g if node.op.multi_output else (g,), xp)

    @classmethod
    def run(cls, inputs: Any, params: Any, arrays: Any) -> Any:
        return call(params["_function"], with_inputs(params["_args"], inputs))[0]

    @classmethod
    def node_name(cls, node: Node) -> str:
        name: str = node.params["_ctx"].name()
        return name

    @classmethod
    def saved_tensors(cls, node: Node) -> Any:
        return node.params["_ctx"].saved_tensors


class FunctionNodeMany(FunctionNode):
    """The node of a user's Function with several outputs."""

    multi_output = True
    forward = FunctionNode.forward
    vjp = FunctionNode.vjp


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


def with_inputs(args: tuple[Any, ...], inputs: Any) -> tuple[Any, ...]:
    """The arguments with other tensors in place of their tensors."""
    rest = iter(inputs)
    return tuple([next(rest) if isinstance(a, Tensor) else a for a in args])


def call(function: type[Function], args: tuple[Any, ...]) -> tuple[Any, FunctionCtx]:
    """Run ``forward``, and record it if an input needs a gradient."""
    inputs = [a for a in args if isinstance(a, Tensor)]
    edges = tuple([edge_of(t) for t in inputs])  # before forward writes in place
    ctx = FunctionCtx(function)
    ctx._is_tensor = tuple([isinstance(a, Tensor) for a in args])
    ctx.needs_input_grad = tuple([isinstance(a, Tensor) and a.requires_grad for a in args])
    ctx._recorded = grad_mode.enabled and any(e is not None for e in edges)
    with no_grad():
        if has_setup_context(function):
            output = function.forward(*args)
            function.setup_context(ctx, args, output)
        else:
            output = function.forward(ctx, *args)
    outputs = output if isinstance(output, tuple) else (output,)
    for t in ctx._dirty:
        if not any(t is o for o in outputs) and any(t is i for i in inputs):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the Function."
            )
    if ctx._recorded:
        outputs = record_call(ctx, inputs, edges, outputs)
    return (outputs if isinstance(output, tuple) else outputs[0]), ctx


def record_call(
    ctx: FunctionCtx, inputs: list[Tensor], edges: tuple[Any, ...], outputs: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Make the node of one call; returns the outputs with their history."""
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
        elif o._node is not None or o._requires_grad:  # made elsewhere, or under enable_grad
            outs.append(o.detach())
        else:
            outs.append(o)
    single = len(outputs) == 1
    params = {
        "_function": ctx._function,
        "_ctx": ctx,
        "_tensors": [isinstance(o, Tensor) for o in outputs],
        "_shapes": [t._data.shape for t in inputs],
    }
    op = FunctionNode if single else FunctionNodeMany
    differentiable = [
        isinstance(o, Tensor)
        and o._data.dtype.kind in "fc"
        and not is_in(o, ctx._non_differentiable)
        for o in outputs
    ]
    if not any(differentiable):
        return outputs
    record(op, inputs, params, [t._data for t in inputs], edges, outs)
    first = outs[differentiable.index(True)]
    node: Node = first._node[0] if type(first._node) is tuple else first._node
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
                why = ONE_VIEW if single else SEVERAL_VIEWS
                notes = {"i": i, "name": ctx._function.__name__, "why": why}
                t._view = View(t._view.base, ((FunctionView, notes),), False)
            results.append(t)
    save(ctx, node, inputs, outputs, results)
    return tuple(results)


def is_in(t: Any, tensors: Any) -> bool:
    return any(t is other for other in tensors)


def save(
    ctx: FunctionCtx, node: Node, inputs: list[Tensor], outputs: tuple[Any, ...], results: Any
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
    if rare and grad_mode.packing:
        pack_saved(node)


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
            if given[i] is None and is_tensor:
                given[i] = make(np.zeros(shapes[i], kinds[i]))
    backward = backward_of(ctx._function)
    answer = backward(ctx, *given)
    answers = answer if isinstance(answer, tuple) else (answer,)
    return checked(node, ctx, answers, xp)


def backward_of(function: type[Function]) -> Any:
    has_backward = function.backward is not Function.backward
    has_vjp = function.vjp is not Function.vjp
    if has_backward and has_vjp:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
            "should only implement one of them."
        )
    return function.vjp if has_vjp else function.backward


def checked(node: Node, ctx: Any, answers: tuple[Any, ...], xp: Any) -> tuple[Any, ...]:
    name, is_tensor = ctx.name(), ctx._is_tensor
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


def once_differentiable(backward: Any) -> Any:
    """Decorates a ``backward`` that computes with numbers only, and has no derivative itself.

    Differentiating its results raises RuntimeError instead of giving a wrong second derivative.
    """

    @functools.wraps(backward)
    def wrapper(ctx: Any, *grads: Any) -> Any:
        with no_grad():
            answer = backward(ctx, *grads)
        inputs = [g for g in grads if isinstance(g, Tensor) and g.requires_grad]
        if not grad_mode.enabled or not inputs:
            return answer
        answers = answer if isinstance(answer, tuple) else (answer,)
        ends = tuple(None if g is None else dead_end(g, inputs) for g in answers)
        return ends if isinstance(answer, tuple) else ends[0]

    return wrapper


class DelayedError(Op):
    """Refuses to be walked back."""

    title = "torch::autograd::Error"

    def forward(*inputs: Any) -> Any:
        return inputs[0]

    def vjp(g: Any, needs: Any) -> Any:
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable: "
            "its backward was not recorded; write it with operations on tensors and without the "
            "decorator to get higher derivatives"
        )


def dead_end(g: Tensor, inputs: list[Tensor]) -> Tensor:
    out = g.detach()
    edges = tuple([edge_of(t) for t in inputs])
    record(DelayedError, inputs, {}, [t._data for t in inputs], edges, (out,))
    return out


# --- attributes that forward set on ctx, on grad_fn --------------------------------------------


def function_attribute(node: Node, name: str) -> Any:
    """``y.grad_fn.k`` is what forward set as ``ctx.k``, as in PyTorch."""
    ctx = node.params.get("_ctx") if name != "params" else None
    if ctx is not None and name[0] != "_" and hasattr(ctx, name):
        return getattr(ctx, name)
    raise AttributeError(f"'{Node.name(node)}' object has no attribute '{name}'")


setattr(Node, "__getattr__", function_attribute)  # noqa: B010


# --- for forward mode ---------------------------------------------------------------------------


def run_with_jvp(
    params: dict[str, Any], primals: Any, tangents: list[Tensor | None]
) -> tuple[Any, Any]:
    """Run a Function forward together with its ``jvp``: (output, the output's tangents).

    params: as :class:`FunctionNode` has them. primals, tangents: one for each tensor among the
    arguments; a tangent may be None, and counts as zeros unless forward asked not to materialize.
    """
    function, args = params["_function"], params["_args"]
    output, ctx = call(function, with_inputs(args, primals))
    filled = [
        make(np.zeros_like(p._data)) if t is None and ctx.materialize_grads else t
        for p, t in zip(primals, tangents, strict=True)
    ]
    rest = iter(filled)
    given = [next(rest) if isinstance(a, Tensor) else None for a in args]
    node, ctx._node = ctx._node, None  # saved_tensors are those for jvp now
    try:
        answer = function.jvp(ctx, *given)
    finally:
        ctx._node = node
    return output, answer
