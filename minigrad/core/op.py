"""An operation: how it is written down, run and recorded.

An operation is a class with everything about it in one place::

    class Sin(Op):
        formula = r"y = \\sin x"

        def forward(x):                 # on NumPy arrays
            return np.sin(x)

        def vjp_x(g, x, xp):            # gradient of input x, given the gradient g of the result
            r"g \\cos x"
            return g * xp.cos(x)

* ``forward`` takes the inputs as arrays; keyword-only arguments are parameters (``dim`` ...).
* ``vjp_<input>`` is the vector-Jacobian product for that input. After ``g`` it asks *by name* for
  what it needs: an input (``x``), its shape (``x_shape``), the result (``y``), a parameter
  (``dim``), the functions ``xp`` (see ``formulas.py``), or the ``node``. Only what is asked for is
  kept until the backward pass, and only if that input needs a gradient. Its docstring is its
  formula.
* Operations whose gradients share work define one ``vjp(g, needs, ...)`` that returns a tuple.

:func:`apply` runs an operation; :func:`record` makes its node.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from .constants import remembered_all
from .deep_graphs import new_node
from .fast_vjps import lookup
from .formulas import tensors
from .modes import carried_by, grad_mode, quietly, rare
from .node import NO_PARAMS, Node, next_seq
from .plans import known_plan, read_signatures, recording_plan
from .slots import slots
from .source_lines import frame_at, internal
from .tensor import Tensor, make
from .views import refresh, share

ALL_OPS: dict[str, type[Op]] = {}
_ndarray = np.ndarray
_float32 = np.dtype(np.float32)


class Op:
    """One differentiable operation (see the module's docstring for how to write one)."""

    formula: ClassVar[str] = ""  # LaTeX of the forward pass
    title: ClassVar[str] = ""  # PyTorch's name of the node if it is not <Class>Backward0
    view: ClassVar[bool] = False  # the result shares the input's memory (if NumPy could)
    multi_output: ClassVar[bool] = False
    differentiable: ClassVar[bool] = True
    ufunc: ClassVar[Any] = None  # NumPy function that does the same, and takes out=
    variadic: ClassVar[bool] = False
    flat: ClassVar[bool] = False  # straight pieces: the second derivative is 0, but there is one
    broadcasts: ClassVar[bool] = False  # inputs are stretched to one shape, that of the result
    linear: ClassVar[bool] = False  # in all its inputs together: f(a + b) = f(a) + f(b)
    bilinear: ClassVar[bool] = False  # linear in each of its two inputs, as a product is
    torch_names: ClassVar[dict[str, str]] = {}  # PyTorch's names of inputs, if not the usual ones
    refusal: ClassVar[str] = ""  # of a view operation: why its result may not be written to
    layout: ClassVar[str] = "contiguous"  # how the result lies in memory (slots.laid_out)

    # Worked out once from the functions' signatures:
    input_names: ClassVar[tuple[str, ...]] = ()
    vjp_formulas: ClassVar[dict[str, str]] = {}
    asks: ClassVar[dict[str, tuple[str, ...]]] = {}  # input -> the names its vjp asks for
    joint: ClassVar[bool] = False  # one vjp for all inputs
    fast_vjps: ClassVar[Any] = None
    plans: ClassVar[Any] = None
    can_differ: ClassVar[Any] = None  # for each input whether it has a vjp; None: one for all
    wants_shapes: ClassVar[bool] = False

    forward: Any
    vjp: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "forward"):  # its own, or that of the operation it is a kind of
            read_signatures(cls)
            ALL_OPS[cls.__name__] = cls

    @classmethod
    def node_name(cls, node: Node) -> str:
        return cls.title or f"{cls.__name__}Backward0"

    @classmethod
    def numbers(cls, node: Node) -> dict[str, Any]:
        """What the formulas' letters for numbers are in ``node``, such as ``{"n": 3}``."""
        return {}

    @classmethod
    def replay(cls, base: Tensor, params: dict[str, Any]) -> Tensor:
        """Apply this view operation again (see views.refresh)."""
        return apply(cls, (base,), params)

    @classmethod
    def pullback(cls, node: Node, g: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
        """The gradients of all inputs (None where not wanted), by the op's vjps."""
        if rare and not xp.first_order:
            known = [t for t in node.saved if isinstance(t, Tensor)]
            carried = carried_by((*(g if cls.multi_output else (g,)), *known), node.params)
            found = None if carried is None else carried.pullback(cls, node, g, wants)
            if found is not None:
                return found
        grads = cls.pullback_of(node, g, xp, wants)
        if cls.flat and not xp.first_order and grad_mode.enabled:
            return tuple([tensors.zero_slope(node, t) for t in grads])  # see formula_ops.py
        return grads

    @classmethod
    def pullback_of(cls, node: Node, g: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
        """The vjps' formulas, each with what it asks for."""
        if cls.joint:
            names = cls.asks[""]
            return tuple(cls.vjp(g, wants, *[lookup(node, name, xp) for name in names]))
        grads: list[Any] = []
        found: dict[str, Any] = {}  # looked up once: a saved tensor may come from an unpack hook
        for name, want in zip(cls.input_names, wants, strict=True):
            if not want:
                grads.append(None)
                continue
            for asked in cls.asks[name]:
                if asked not in found:
                    found[asked] = lookup(node, asked, xp)
            args = [found[asked] for asked in cls.asks[name]]
            grads.append(getattr(cls, "vjp_" + name)(g, *args))
        return tuple(grads)

    @classmethod
    def run(cls, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run on the inputs' own numbers, whatever else (a tangent ...) they carry."""
        return apply(cls, inputs, params, arrays, plain=True)


# --- running and recording ---------------------------------------------------------------------


def apply(op: type[Op], inputs: tuple[Any, ...], params: dict[str, Any] = NO_PARAMS,
          arrays: list[Any] | None = None, plain: bool = False) -> Any:  # fmt: skip
    """Run ``op`` on tensors, and record it if a gradient may be wanted.

    arrays: the inputs' numbers if they are not the tensors' own (after type promotion). plain: do
    not ask what else the inputs carry (a tangent, a batch of numbers: see hooks.Extra).
    Returns a tensor, or a tuple of them if the operation has several outputs.
    """
    if rare and not plain:
        instead = carried_by(inputs, params) or grad_mode.watcher
        if instead is not None:
            return instead.apply(op, inputs, params, arrays)
    if arrays is None:
        arrays = [t._data for t in inputs]
    y = (quietly if rare else grad_mode.quiet)(op.forward, *arrays, **params)
    plan = None
    if grad_mode.enabled:
        edges = []
        which, bit = 0, 1  # the inputs with an edge, as the bits of a number
        for t in inputs:
            if t._view is not None:
                refresh(t)
            if t._requires_grad:
                edges.append(t if t._node is None else t._node)
                which += bit
            else:
                edges.append(None)
            bit += bit
        if which:
            plan = op.plans.get(bit + which)
            if plan is None:
                plan = op.plans[bit + which] = recording_plan(op, edges)
    if op.multi_output:
        outs: Any = tuple([make(np.asarray(r)) for r in slots.laid_out(op, inputs, y)])
    else:
        y = y if type(y) is _ndarray else np.asarray(y)
        if y.ndim > 1 and not (y.flags.c_contiguous and arrays[0].flags.c_contiguous):
            y = slots.laid_out(op, inputs, y)
        outs = (make(y),)
    if plan:
        record(op, inputs, params, arrays, edges, outs, plan)
    elif any([t._ended or t._requires_grad for t in inputs]):  # a history ends, or ended before
        slots.note_end(op, inputs, outs)
    if op.view:
        for i, t in enumerate(outs):
            share(op, inputs[0], params, t, i)
    return outs if op.multi_output else outs[0]


def record(op: type[Op], inputs: Any, params: Any, arrays: Any, edges: Any, outs: Any,
           plan: Any = None) -> None:  # fmt: skip
    """Make the node and hang it onto the results (those of a dtype that has gradients)."""
    keep, keep_y, cut, shapes, others = plan or known_plan(op, edges)
    for i in cut:
        edges[i] = None
    node = new_node()
    node.op = op
    node.inputs = edges = tuple(edges)
    node.seq = next_seq()
    node.extra = node.calls = None
    node.fits = False
    frame: Any = frame_at(2)  # as user_frame does, without a call
    while frame is not None and internal[frame.f_globals.get("__name__", "")]:
        frame = frame.f_back
    node.code, node.lasti = (frame.f_code, frame.f_lasti) if frame is not None else (None, 0)
    if shapes:
        params = {**params, "_shapes": [a.shape for a in arrays]}
    node.params = params
    if others:
        node.constants = remembered_all(inputs, others)
    if op.multi_output:
        node.shape = tuple([t._data.shape for t in outs])
        node.dtype = tuple([t._data.dtype for t in outs])
        for i, t in enumerate(outs):
            if t._data.dtype.kind in "fc":
                t._node = (node, i)
                t._requires_grad = True
    else:
        (out,) = outs
        node.shape = out._data.shape
        node.dtype = dtype = out._data.dtype
        if dtype is _float32 or dtype.kind in "fc":
            out._node = node
            out._requires_grad = True

    if not keep and not keep_y:
        node.saved = ()
        node.versions = None
        return
    saved: list[Tensor | None] = [None] * len(edges)
    written = False
    for i in keep:
        t = inputs[i]
        if t._data is not arrays[i]:
            t = make(np.asarray(arrays[i]))  # converted: keep what was computed with
        saved[i] = t
        if t._ver or t._owner is not None:
            written = True
    if keep_y:
        for t in outs:
            # The node keeps a twin without history, so node and result make no cycle.
            twin = make(t._data)
            t._owner = twin
            saved.append(twin)
    node.saved = tuple(saved)
    node.versions = tuple([0 if t is None else t._version for t in saved]) if written else None
    if rare and grad_mode.packing is not None:
        grad_mode.packing(node)
