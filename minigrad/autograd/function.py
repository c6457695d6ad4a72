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
from typing import Any

import numpy as np

from ..core.modes import Recording, carried_by, grad_mode, rare
from ..core.node import Node
from ..core.op import Op, record
from ..core.tensor import Tensor, edge_of, leaf, make
from ..func.levels import forward_grad, running
from ..func.trees import flatten, tree_map
from ..refusals.writable import check_writable
from .function_node import CallNode, call_backward, record_call, saved_tensor, without_inputs
from .grad_fn import shown_class
from .recording_modes import no_grad


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
        self._in_transform = running.transforming
        self._is_tensor: tuple[bool, ...] = ()  # which arguments are tensors
        self.materialize_grads = True
        self._materialize_non_diff_grads = True  # zeros, not None, for an output without gradient

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for ``backward``, where they are ``ctx.saved_tensors``.

        Args:
            *tensors: inputs, outputs or others, of any shape and dtype; None is allowed.

        Returns:
            None.

        Raises:
            TypeError: something else than a tensor; keep it as an attribute, ``ctx.name = value``.

        >>> import minigrad as mg
        >>> class Square(mg.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.save_for_backward(x)
        ...         return x * x
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         return 2 * ctx.saved_tensors[0] * g
        >>> x = mg.tensor(3.0, requires_grad=True)
        >>> mg.autograd.grad(Square.apply(x), x)
        (tensor(6.),)

        Source: PyTorch's "Extending autograd".
        """
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
                with Recording():
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

        Returns:
            A tuple of tensors (and None), in the order in which they were given; not copies.

        Raises:
            RuntimeError: they were freed by an earlier backward pass, or written to in place since.

        >>> import minigrad as mg
        >>> class Exp(mg.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         y = x.exp()
        ...         ctx.save_for_backward(y)
        ...         return y
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         (y,) = ctx.saved_tensors
        ...         return y * g
        >>> x = mg.tensor(0.0, requires_grad=True)
        >>> mg.autograd.grad(Exp.apply(x), x)
        (tensor(1.),)

        Source: PyTorch's "Extending autograd".
        """
        node = None if self._node is None else self._node()
        if node is None:  # in jvp, or nothing was recorded
            return self._for_forward or self._to_save
        node.check_kept()
        return tuple(None if i is None else saved_tensor(node, i) for i in self._slots)

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """The old name of ``saved_tensors``."""
        warnings.warn(
            "'saved_variables' is deprecated; use 'saved_tensors'", DeprecationWarning, stacklevel=2
        )
        return self.saved_tensors

    def _backward(self, *grads: Any) -> Any:
        return backward_of(self._function)(self, *grads)

    def name(self) -> str:
        made = "Generated" if self._in_transform else ""
        return f"{self._function.__name__}{made}Backward"


def check_tensors(method: str, tensors: tuple[Any, ...]) -> None:
    for i, t in enumerate(tensors):
        if t is not None and not isinstance(t, Tensor):
            raise TypeError(
                f"{method} can only save variables, but argument {i} is of type "
                f"{type(t).__name__}: keep other things as attributes, ctx.name = value"
            )


class BackwardClass:
    """``MyFunction._backward_cls``: the class of the nodes that its calls record."""

    def __get__(self, _: Any, function: type[Function]) -> type:
        return shown_class(CallNode, f"{function.__name__}Backward")


class Function:
    """An operation with a gradient of the user's own. Subclass it; call ``.apply(...)``.

    ``forward(ctx, *args)`` computes with tensors and anything else. ``backward(ctx, *grads)`` gets
    one gradient an output and returns one (or None) for each argument of ``forward``. Both are
    static methods. In the style of two functions, ``forward(*args)`` has no ctx, and
    ``setup_context(ctx, inputs, output)`` fills it afterwards.

    Raises:
        NotImplementedError: ``forward`` (or in a backward pass ``backward``) was not written.
        RuntimeError: ``backward`` returns another number of gradients, or one of another shape; or
            an instance is called.

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

    Source: PyTorch's "Extending autograd"; that an operation is a pair of forward and vjp, the
    textbooks on automatic differentiation (Griewank and Walther 2008).
    """

    generate_vmap_rule = False
    _backward_cls = BackwardClass()

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
            " Write it as a staticmethod, forward(ctx, ...)."
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
            " Write backward as a staticmethod: it gets the gradient of each result."
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
        """Run the function and record it as one operation.

        Args:
            *args: what ``forward`` takes after ``ctx``: tensors and anything else.
            **kwargs: the same by name.

        Returns:
            What ``forward`` returns, a tensor or a tuple. Its tensors have this function as
            ``grad_fn`` if an input requires a gradient and recording is on.

        Raises:
            TypeError: the arguments are not those of ``forward``.
            NotImplementedError: ``forward`` was not written.
            RuntimeError: inside ``func`` transforms without a ``setup_context``.

        >>> import minigrad as mg
        >>> class Double(mg.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         return 2 * x
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         return 2 * g
        >>> Double.apply(mg.tensor([3.0], requires_grad=True))
        tensor([6.], grad_fn=<DoubleBackward>)

        Source: PyTorch's ``Function.apply``.
        """
        if has_setup_context(cls):
            bound = inspect.signature(cls.forward).bind(*args, **kwargs)
            bound.apply_defaults()
            args = bound.args
            if running.transforming and any(isinstance(a, Tensor) for a in bound.kwargs.values()):
                raise NotImplementedError(
                    f"Run vmap on autograd.Function with kwarg-only Tensor args. Please do not pass"
                    f" kwarg-only Tensors to autograd.Function. Got: {bound.kwargs}"
                )
        elif kwargs:
            try:
                args = inspect.signature(cls.forward).bind(None, *args, **kwargs).args[1:]
            except TypeError as error:
                raise TypeError(f"forward() {error}") from None
        if running.transforming and not has_setup_context(cls):
            raise RuntimeError(
                "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, "
                "jacrev, ...), it must override the setup_context staticmethod. For more details, "
                "please see https://pytorch.org/docs/main/notes/extending.func.html"
            )
        if rare:
            inputs = tensors_in(args)
            carried = carried_by(inputs)
            if carried is not None:
                return carried.apply(FunctionNode, inputs, {"_function": cls, "_args": args}, None)
            if grad_mode.watcher is not None:
                out = call(cls, args)[0]
                grad_mode.watcher.note(inputs, out if isinstance(out, tuple) else (out,))
                return out
        return call(cls, args)[0]


class InplaceFunction(Function):
    """PyTorch's old name for a Function that writes to its inputs; say ``ctx.mark_dirty(x)``."""


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
        return FunctionCtx.name(node.params["_ctx"])  # the user may have set a ctx.name

    @classmethod
    def saved_tensors(cls, node: Node) -> Any:
        return node.params["_ctx"].saved_tensors


class FunctionNodeMany(FunctionNode):
    """The node of a user's Function with several outputs."""

    multi_output = True
    forward = FunctionNode.forward
    vjp = FunctionNode.vjp


def tensors_in(args: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The tensors among the arguments, also in lists and the like; the graph knows only others."""
    return tuple([a for a in flatten(args)[0] if isinstance(a, Tensor)])


def with_inputs(args: tuple[Any, ...], inputs: Any) -> tuple[Any, ...]:
    """The arguments with other tensors in place of their tensors."""
    rest = iter(inputs)
    given: tuple[Any, ...] = tree_map(lambda a: next(rest) if isinstance(a, Tensor) else a, args)
    return given


def call(function: type[Function], args: tuple[Any, ...]) -> tuple[Any, FunctionCtx]:
    """Run ``forward``, and record it if an input needs a gradient."""
    inputs = [a for a in args if isinstance(a, Tensor)]
    edges = tuple([edge_of(t) for t in inputs])  # before forward writes in place
    ctx = FunctionCtx(function)
    ctx._is_tensor = tuple([isinstance(a, Tensor) for a in args])
    ctx.needs_input_grad = tuple([isinstance(a, Tensor) and a.requires_grad for a in args])
    ctx._recorded = grad_mode.enabled and any(e is not None for e in edges)
    with no_grad(), forward_grad(False):
        if has_setup_context(function):
            output = function.forward(*args)
            function.setup_context(ctx, args, output)
        else:
            output = function.forward(ctx, *args)
    outputs = output if isinstance(output, tuple) else (output,)
    for t in ctx._dirty:
        if not any(t is i for i in inputs):
            warnings.warn(
                "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that "
                "have been mutated should be passed to ctx.mark_dirty().",
                stacklevel=3,
            )
        elif not any(t is o for o in outputs):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the Function."
            )
    if ctx._recorded:
        op = FunctionNode if len(outputs) == 1 else FunctionNodeMany
        outputs = record_call(op, ctx, inputs, edges, outputs)
    else:
        outputs = without_inputs(ctx, inputs, outputs)
    return (outputs if isinstance(output, tuple) else outputs[0]), ctx


# --- backward -----------------------------------------------------------------------------------


def backward_of(function: type[Function]) -> Any:
    has_backward = function.backward is not Function.backward
    has_vjp = function.vjp is not Function.vjp
    if has_backward and has_vjp:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
            "should only implement one of them."
        )
    return function.vjp if has_vjp else function.backward


def once_differentiable(backward: Any) -> Any:
    """Decorates a ``backward`` that computes with numbers only, and has no derivative itself.

    Differentiating its results raises RuntimeError instead of giving a wrong second derivative.
    """

    @functools.wraps(backward)
    def wrapper(ctx: Any, *grads: Any) -> Any:
        with no_grad():
            answer = backward(ctx, *grads)
        tracked = any(isinstance(g, Tensor) and g.requires_grad for g in grads)
        if not grad_mode.enabled or not tracked:
            return answer
        answers = answer if isinstance(answer, tuple) else (answer,)
        ends = dead_ends(answers)
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


def dead_ends(answers: tuple[Any, ...]) -> tuple[Any, ...]:
    """The gradients again, as results of a node that refuses to be walked back."""
    leaves = [make(np.zeros(0)) if g is None else leaf(g._data) for g in answers]
    edges = tuple([edge_of(t) for t in leaves])
    ends = []
    for g in answers:
        out = None if g is None else g.detach()
        if out is not None:
            record(DelayedError, leaves, {}, [t._data for t in leaves], edges, (out,))
        ends.append(out)
    return tuple(ends)


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
