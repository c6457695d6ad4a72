"""How an operation is written down, run and recorded.

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
  (``dim``), the functions ``xp``, or the ``node``. Only what is asked for is kept until the
  backward pass, and only if that input needs a gradient. Its docstring is its formula.
* Operations whose gradients share work define one ``vjp(g, needs, ...)`` that returns a tuple.

``xp`` makes one formula serve two orders. In a plain backward pass ``g`` and the saved values are
arrays and ``xp`` is :data:`arrays`: NumPy at full speed. With ``create_graph=True`` they are
tensors and ``xp`` is :data:`tensors`: the same lines record a graph of the gradient.

The table-of-vjps idea is from HIPS autograd (Maclaurin, Duvenaud, Johnson 2015), the name ``xp``
from the Python array API standard.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any, ClassVar

import numpy as np

from .. import dtypes
from ..engine import ASKS_NODE, ASKS_NOTHING, Node, edge_meta, grad_mode, next_seq, rare
from ..hooks import Extra
from ..tensor import INFERENCE, Tensor, make
from ..tensor_views import View, refresh
from .packing import Packed, pack_saved

NO_PARAMS: dict[str, Any] = {}
ALL_OPS: dict[str, type[Op]] = {}
_new_tensor = object.__new__
_frame = sys._getframe
_ndarray = np.ndarray
_float32 = np.dtype(np.float32)


class _Internal(dict[str, bool]):
    """Whether a module is minigrad's own (remembered by name), to find the user's line."""

    def __missing__(self, name: str) -> bool:
        self[name] = name.startswith("minigrad.")
        return self[name]


_internal = _Internal()


class Op:
    """One differentiable operation (see the module's docstring for how to write one)."""

    formula: ClassVar[str] = ""  # LaTeX of the forward pass
    title: ClassVar[str] = ""  # PyTorch's name of the node if it is not <Class>Backward0
    view: ClassVar[bool] = False  # the result shares the input's memory (if NumPy could)
    multi_output: ClassVar[bool] = False
    differentiable: ClassVar[bool] = True
    ufunc: ClassVar[Any] = None  # NumPy function with out=, for in-place use
    variadic: ClassVar[bool] = False
    flat: ClassVar[bool] = False  # straight pieces: the second derivative is 0, but there is one
    broadcasts: ClassVar[bool] = False  # inputs are stretched to one shape, that of the result
    refusal: ClassVar[str] = ""  # of a view operation: why its result may not be written to

    # Worked out once from the functions' signatures:
    input_names: ClassVar[tuple[str, ...]] = ()
    vjp_formulas: ClassVar[dict[str, str]] = {}
    asks: ClassVar[dict[str, tuple[str, ...]]] = {}  # input -> the names its vjp asks for
    joint: ClassVar[bool] = False
    fast_vjps: ClassVar[Any] = None
    plans: ClassVar[Any] = None
    can_differ: ClassVar[Any] = None  # for each input whether it has a vjp; None: one for all
    wants_shapes: ClassVar[bool] = False

    forward: Any
    vjp: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "forward" not in cls.__dict__:
            return
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
        """Apply this view operation again (see tensor.refresh)."""
        return apply(cls, (base,), params)

    @classmethod
    def rebased(cls, base: Tensor, view: Tensor) -> Tensor | None:
        """``view`` cut out of its base anew, after the base was written to: as PyTorch does it, by
        where it lies in the base's memory. None if that cannot be said (see tensor.refresh)."""
        carried = None if base.extra is None else base.extra.carried
        if carried is not None or not base._data.flags.c_contiguous:
            return None
        offset = view.data_ptr() - base.data_ptr()
        size = base._data.itemsize
        where = {"size": view._data.shape, "offset": offset // size}
        where["stride"] = tuple([s // size for s in view._data.strides])
        return apply(ALL_OPS["AsStrided"], (base,), where, plain=True)

    @classmethod
    def pullback(cls, node: Node, g: Any, xp: Any, wants: list[bool]) -> tuple[Any, ...]:
        """The gradients of all inputs (None where not wanted), by the op's vjps."""
        if rare and not xp.first_order:
            known = [t for t in node.saved if isinstance(t, Tensor)]
            carried = carried_by((*(g if cls.multi_output else (g,)), *known), node.params)
            if hasattr(carried, "pullback"):
                for_each: tuple[Any, ...] = carried.pullback(cls, node, g, wants)
                return for_each
        grads = cls.pullback_of(node, g, xp, wants)
        if cls.flat and not xp.first_order and grad_mode.enabled:
            return tuple([zero_slope(node, t) for t in grads])
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
    def saving_plan(cls, edges: tuple[Any, ...]) -> tuple[tuple[int, ...], bool]:
        """Which inputs, and whether the result, are kept for the gradients along ``edges``."""
        return saving_plan(cls, edges)

    @classmethod
    def run(cls, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run on the inputs' own numbers, whatever else (a tangent ...) they carry."""
        return apply(cls, inputs, params, arrays, plain=True)

    @classmethod
    def saved_tensors(cls, node: Node) -> Any:
        """``grad_fn.saved_tensors``: only the nodes of a user's Function have it."""
        raise AttributeError(f"'{node.name()}' object has no attribute 'saved_tensors'")


def zero_slope(node: Node, g: Tensor | None) -> Tensor | None:
    """A gradient that does not change with the node's input, recorded as depending on it.

    So that it can be differentiated again, as in PyTorch, and gives 0.
    """
    kept = next((i for i, t in enumerate(node.saved) if t is not None), None)
    if g is None or kept is None:
        return g
    on = tensors.saved(node, kept)
    if on._data.shape != g._data.shape or not on._requires_grad:
        return g
    slope: Tensor = apply(ALL_OPS["ZeroSlope"], (g, on), {"_of": node.op.__name__})
    return slope


def read_signatures(cls: type[Op]) -> None:
    """Find out from the signatures which inputs an operation has and what each vjp asks for."""
    parameters = (
        inspect.signature(cls.forward).parameters.values()
        if inspect.isfunction(cls.forward)
        else ()
    )
    names = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    cls.variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    cls.input_names = tuple(names)
    cls.joint = "vjp" in cls.__dict__
    cls.asks, cls.vjp_formulas = {}, {}
    if cls.joint:
        cls.asks[""] = tuple(inspect.signature(cls.vjp).parameters)[2:]
        cls.vjp_formulas[""] = inspect.getdoc(cls.vjp) or ""
    else:
        for name in names:
            vjp = getattr(cls, "vjp_" + name, None)
            if vjp is None:  # no gradient for this input, such as an index or a mask
                cls.asks[name] = ()
                continue
            cls.asks[name] = tuple(inspect.signature(vjp).parameters)[1:]
            cls.vjp_formulas[name] = inspect.getdoc(vjp) or ""
    unknown = [
        a for asked in cls.asks.values() for a in asked
        if a not in names and a not in ("y", "xp", "node", "inputs", "shapes")
        and not (a.endswith("_shape") and a[:-6] in names)
        and not any(p.name == a and p.kind is p.KEYWORD_ONLY for p in parameters)
    ]  # fmt: skip
    assert not unknown, f"{cls.__name__}: a vjp asks for {unknown}, which the forward does not have"
    cls.plans = {}
    cls.can_differ = None if cls.joint else tuple(hasattr(cls, "vjp_" + n) for n in names)
    everything = [a for asked in cls.asks.values() for a in asked]
    cls.wants_shapes = any(a == "shapes" or a.endswith("_shape") for a in everything)
    cls.fast_vjps = None if cls.joint or cls.variadic else fast_vjps(cls)


def saving_plan(cls: type[Op], edges: Any) -> tuple[tuple[int, ...], bool]:
    """Which inputs, and whether the result, must be kept for the gradients along ``edges``."""
    if cls.joint:
        asked = set(cls.asks[""])
    else:
        asked = {
            a for name, edge in zip(cls.input_names, edges, strict=True) if edge is not None
            for a in cls.asks[name]
        }  # fmt: skip
    if cls.variadic:
        keep = tuple(range(len(edges))) if "inputs" in asked else ()
    else:
        keep = tuple(i for i, name in enumerate(cls.input_names) if name in asked)
    return keep, "y" in asked


def recording_plan(op: type[Op], edges: Any) -> Any:
    """How to record ``op`` when these inputs require gradients; ``()`` if nothing is recorded.

    What to keep (see saving_plan), which edges to cut because no gradient flows to that input (an
    index, a mask), and whether to note the inputs' shapes. Kept in ``op.plans``, by which inputs
    have an edge.
    """
    can = op.can_differ
    flows = [e if can is None or can[i] else None for i, e in enumerate(edges)]
    if not op.differentiable or all(e is None for e in flows):
        return ()
    cut = tuple(i for i, e in enumerate(edges) if e is not None and flows[i] is None)
    return (*saving_plan(op, flows), cut, op.wants_shapes and None in flows)


def known_plan(op: type[Op], edges: Any) -> Any:
    """The recording plan for these edges, worked out once. (``apply`` finds it as it goes.)"""
    which = (1 << len(edges)) + sum(1 << i for i, e in enumerate(edges) if e is not None)
    plan = op.plans.get(which)
    if plan is None:
        plan = op.plans[which] = recording_plan(op, edges)
    return plan


def lookup(node: Node, name: str, xp: Any) -> Any:
    """What a vjp gets for a name it asks for."""
    if name == "xp":
        return xp
    if name == "node":
        return node
    names = node.op.input_names
    if name in names:
        return xp.saved(node, names.index(name))
    n = len(node.inputs)
    if name == "inputs":
        return [xp.saved(node, i) for i in range(n)]
    if name == "shapes":
        return [input_shape(node, i) for i in range(n)]
    if name == "y":
        if node.op.multi_output:
            return tuple(xp.saved(node, n + i) for i in range(node.n_outputs))
        return xp.saved(node, n)
    if name in node.params:
        return node.params[name]
    if name.endswith("_shape"):
        return input_shape(node, names.index(name[:-6]))
    return inspect.signature(node.op.forward).parameters[name].default


def input_shape(node: Node, i: int) -> tuple[int, ...]:
    edge = node.inputs[i]
    return edge_meta(edge)[0] if edge is not None else node.params["_shapes"][i]


# --- running and recording ---------------------------------------------------------------------


def apply(op: type[Op], inputs: tuple[Any, ...], params: dict[str, Any] = NO_PARAMS,
          arrays: list[Any] | None = None, plain: bool = False) -> Any:  # fmt: skip
    """Run ``op`` on tensors, and record it if a gradient may be wanted.

    arrays: the inputs' numbers if they are not the tensors' own (after type promotion). plain: do
    not ask what else the inputs carry (a tangent, a batch of numbers: see hooks.Extra).
    Returns a tensor, or a tuple of them if the operation has several outputs.
    """
    if rare and not plain:
        carried = carried_by(inputs, params)
        if carried is None:
            carried = grad_mode.watcher
        if carried is not None:
            return carried.apply(op, inputs, params, arrays)
    if arrays is None:
        arrays = [t._data for t in inputs]
    y = op.forward(*arrays, **params)
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
    if not op.multi_output:
        out = make(y if type(y) is _ndarray else np.asarray(y))
        if plan:
            record(op, inputs, params, arrays, edges, (out,), plan)
        if op.view:
            share(op, inputs[0], params, out, 0)
        return out
    outs = tuple([make(np.asarray(r)) for r in y])
    if plan:
        record(op, inputs, params, arrays, edges, outs, plan)
    if op.view:
        for i, t in enumerate(outs):
            share(op, inputs[0], params, t, i)
    return outs


def carried_by(inputs: Any, params: Any = NO_PARAMS) -> Any:
    """What the inputs carry besides their numbers (that of highest rank); None nearly always."""
    extras = [t.extra for t in inputs if t is not None and t.extra is not None]
    for value in params.values():  # such as an index with other numbers for each example of a batch
        for part in value if type(value) is tuple else (value,):
            if hasattr(part, "carrying"):
                extras.append(part.carrying())
    found = None
    for extra in extras:
        carried = extra.carried
        if carried is not None and (found is None or carried.rank > found.rank):
            found = carried
    return found


def as_array(value: Any, dtype: Any = None) -> Any:
    """``np.asarray``, but a batch of arrays (func.batch.BatchedNumbers) stays one."""
    if hasattr(value, "carrying"):
        return value if dtype is None else value.astype(dtype, copy=False)
    return np.asarray(value, dtype)


def without_history(t: Tensor) -> Tensor:
    """The same numbers (and tangent or batch), cut off from the graph."""
    if t.extra is None or t.extra.carried is None:
        return t.detach()
    copied = make(t._data)
    copied.extra = Extra(t.extra.carried)
    return copied


def record(op: type[Op], inputs: Any, params: Any, arrays: Any, edges: Any, outs: Any,
           plan: Any = None) -> None:  # fmt: skip
    """Make the node and hang it onto the results (those of a dtype that has gradients)."""
    keep, keep_y, cut, shapes = plan or known_plan(op, edges)
    for i in cut:
        edges[i] = None
    node = Node()
    node.op = op
    node.inputs = edges = tuple(edges)
    node.seq = next_seq()
    node.extra = None
    node.fits = False
    frame: Any = _frame(2)
    while frame is not None and _internal[frame.f_globals.get("__name__", "")]:
        frame = frame.f_back
    node.code, node.lasti = (frame.f_code, frame.f_lasti) if frame is not None else (None, 0)
    if shapes:
        params = {**params, "_shapes": [a.shape for a in arrays]}
    node.params = params
    if op.multi_output:
        node.shape = tuple([t._data.shape for t in outs])
        node.dtype = tuple([t._data.dtype for t in outs])
        for i, t in enumerate(outs):
            if t._data.dtype.kind in "fc":
                t._node = (node, i)
                t._requires_grad = True
    else:
        (out,) = outs
        data = out._data
        node.shape = data.shape
        node.dtype = dtype = data.dtype
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
    if rare and grad_mode.packing:
        pack_saved(node)


def share(op: type[Op], base: Tensor, params: Any, t: Tensor, i: int) -> None:
    """Note that ``t`` is a view of ``base`` (unless NumPy had to copy)."""
    if t._data.size and not np.may_share_memory(t._data, base._data):
        return
    t._owner = base if base._owner is None else base._owner
    t.extra = None  # in inference mode too, if the base is a normal tensor
    step = (op, params if not op.multi_output else {**params, "_output": i})
    safe = grad_mode.enabled and not op.multi_output
    if base._view is None:
        root, steps = base, (step,)
    else:
        root, steps = base._view.base, (*base._view.steps, step)
        safe = safe and base._view.safe
    t._view = View(root, steps, safe)


def fast_path(op: Any) -> Any:
    """The function that runs ``op`` on two tensors, or a tensor and a number.

    This is the fast path of ``+ - * /``: tensors of one dtype, written without loops, with the
    parts of ``op`` at hand. What it does is what ``apply`` does.
    """
    ufunc, kinds = op.ufunc, op.kinds
    plan_a, plan_b, plan_ab = op.plan_a, op.plan_b, op.plan_ab

    def run(a: Any, b: Any) -> Tensor:
        if not (isinstance(a, Tensor) and isinstance(b, Tensor)):
            return mixed(op, a, b)
        if rare and (a.extra is not None or b.extra is not None or grad_mode.watcher is not None):
            return mixed(op, a, b)
        x = a._data
        y = b._data
        d = x.dtype
        if d is not y.dtype or (d is not _float32 and d.kind not in kinds):
            return mixed(op, a, b)
        try:
            z = ufunc(x, y)
        except ValueError:
            raise broadcast_error(x, y) from None
        t = _new_tensor(Tensor)
        t._data = z if type(z) is _ndarray else np.asarray(z)
        t._grad = None
        t._ver = 0
        t._owner = None
        t._view = None
        t.extra = None
        if a._view is not None:
            refresh(a)
        if b._view is not None:
            refresh(b)
        if not (a._requires_grad or b._requires_grad) or not grad_mode.enabled:
            t._node = None
            t._requires_grad = False
            if rare and grad_mode.inference:
                t.extra = INFERENCE
            return t

        # Record (as in `record`, unrolled for two inputs).
        node = Node()
        node.op = op
        node.extra = None
        if a._requires_grad:
            edge_a = a if a._node is None else a._node
            if b._requires_grad:
                edge_b = b if b._node is None else b._node
                keep_a, keep_b, keep_y = plan_ab
            else:
                edge_b = None
                keep_a, keep_b, keep_y = plan_a
        else:
            edge_a = None
            edge_b = b if b._node is None else b._node
            keep_a, keep_b, keep_y = plan_b
        node.inputs = (edge_a, edge_b)
        if keep_a or keep_b or keep_y:
            version_a = (a._ver if a._owner is None else a._owner._ver) if keep_a else 0
            version_b = (b._ver if b._owner is None else b._owner._ver) if keep_b else 0
            node.saved = (a if keep_a else None, b if keep_b else None)
            node.versions = None
            if keep_y:
                twin = make(t._data)
                t._owner = twin
                node.saved = (*node.saved, twin)
            if version_a or version_b:
                node.versions = (version_a, version_b, 0)[: len(node.saved)]
            if rare and grad_mode.packing:
                pack_saved(node)
        else:
            node.saved = ()
            node.versions = None
        node.params = NO_PARAMS
        shape = z.shape
        node.shape = shape
        node.dtype = d
        node.fits = x.shape == shape == y.shape
        node.seq = next_seq()
        frame: Any = _frame(1)
        while _internal[frame.f_globals.get("__name__", "")]:
            frame = frame.f_back
        node.code = frame.f_code
        node.lasti = frame.f_lasti
        t._node = node
        t._requires_grad = True
        return t

    return run


def binary(op: Any, a: Any, b: Any) -> Tensor:
    """Run an elementwise operation on two tensors, or a tensor and a number."""
    result: Tensor = op.run_fast(a, b)
    return result


def mixed(op: Any, a: Any, b: Any) -> Tensor:
    """``binary`` for a Python number, or for two dtypes that have to be promoted first."""
    if type(b) is float and op.ufunc is np.multiply and not rare and isinstance(a, Tensor):
        # A step size times a gradient, as in every weight update: nothing to record or convert.
        recording = grad_mode.enabled and (a._requires_grad or a._view is not None)
        if not recording and a._data.dtype.kind == "f":
            z = np.multiply(a._data, b)
            return make(z if type(z) is _ndarray else np.asarray(z))
    for v in (a, b):
        if not isinstance(v, (Tensor, bool, int, float, complex, np.generic)):
            return NotImplemented
    x = a._data if isinstance(a, Tensor) else a
    y = b._data if isinstance(b, Tensor) else b
    if type(y) is float and x.dtype.kind == "f":  # the common cases: x * 2.0
        d = x.dtype
    elif type(x) is float and y.dtype.kind == "f":  # and 2.0 * x
        d = y.dtype
    else:
        if op.refuse is not None:
            op.refuse(x, y)
        d = op.result_dtype(dtypes.result_np((x, y)))
    if d.kind == "c" and op.complex_twin is not None:
        op = op.complex_twin
    x = x.astype(d, copy=False) if isinstance(a, Tensor) else number(x, d)
    y = y.astype(d, copy=False) if isinstance(b, Tensor) else number(y, d)
    a = a if isinstance(a, Tensor) else make(x)
    b = b if isinstance(b, Tensor) else make(y)
    try:
        return apply(op, (a, b), NO_PARAMS, [x, y])
    except ValueError:
        raise broadcast_error(x, y) from None


def number(value: Any, d: Any) -> Any:
    """A Python number as an array. As in PyTorch, one that the dtype has no room for wraps."""
    try:
        return np.asarray(value, d)
    except OverflowError:
        return np.asarray(value).astype(d)


def broadcast_error(x: Any, y: Any) -> RuntimeError:
    """PyTorch's words for shapes that do not broadcast."""
    n = max(x.ndim, y.ndim)
    left, right = (1,) * (n - x.ndim) + x.shape, (1,) * (n - y.ndim) + y.shape
    for d in reversed(range(n)):
        if left[d] != right[d] and 1 not in (left[d], right[d]):
            return RuntimeError(
                f"The size of tensor a ({left[d]}) must match the size of tensor b ({right[d]}) at "
                f"non-singleton dimension {d}: the shapes are {list(x.shape)} and "
                f"{list(y.shape)}. Shapes are lined up at the right; each pair of lengths must be "
                "equal or contain a 1."
            )
    return RuntimeError(f"the shapes {list(x.shape)} and {list(y.shape)} do not go together")


class Elementwise2(Op):
    """Two inputs that broadcast against each other. Gradients are summed back by the engine."""

    broadcasts = True
    kinds: ClassVar[str] = "iufc"  # NumPy kinds whose numbers need no conversion first
    refuse: ClassVar[Any] = None  # raises for operands that have no such operation
    complex_twin: ClassVar[Any] = None  # the operation to use for complex numbers, if another
    plan_a: ClassVar[Any] = None
    plan_b: ClassVar[Any] = None
    plan_ab: ClassVar[Any] = None
    run_fast: ClassVar[Any] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.ufunc is None and "forward" in cls.__dict__:
            cls.ufunc = cls.forward
        super().__init_subclass__(**kwargs)
        plans = []
        for edges in ((0, None), (None, 0), (0, 0)):
            keep, keep_y = saving_plan(cls, edges)
            plans.append((0 in keep, 1 in keep, keep_y))
        cls.plan_a, cls.plan_b, cls.plan_ab = plans
        cls.run_fast = staticmethod(fast_path(cls))

    @classmethod
    def result_dtype(cls, d: Any) -> Any:
        """The dtype to compute in, given the promoted dtype of the inputs."""
        return d


def fast_vjps(cls: type[Op]) -> tuple[Any, ...]:
    """For each input its vjp on arrays, and how the engine calls it (see engine.ASKS_NOTHING)."""
    made: list[Any] = []
    position = {name: i for i, name in enumerate(cls.input_names)} | {"y": len(cls.input_names)}
    for name in cls.input_names:
        vjp = getattr(cls, "vjp_" + name, None)
        asked = cls.asks[name]
        if not asked:
            made.append((vjp, ASKS_NOTHING))
        elif len(asked) == 1 and asked[0] in position and not cls.multi_output:
            made.append((vjp, position[asked[0]]))
        else:
            made.append((bind(vjp, asked, position, cls), ASKS_NODE))
    return tuple(made)


def bind(vjp: Any, asked: tuple[str, ...], position: dict[str, int], cls: Any) -> Any:
    """``vjp`` as a function of (g, node) on arrays. Two common cases are made fast."""
    slots = [position.get(a) for a in asked]
    if len(asked) == 2 and not cls.multi_output and slots[0] is not None:
        i, j = slots
        if j is not None:
            return lambda g, node: vjp(g, node.saved[i]._data, node.saved[j]._data)
        if asked[1] == "xp":
            return lambda g, node: vjp(g, node.saved[i]._data, arrays)
    getters = [getter(a, slot, cls) for a, slot in zip(asked, slots)]
    return lambda g, node: vjp(g, *[get(node) for get in getters])


def getter(name: str, slot: int | None, cls: Any) -> Any:
    """``lookup(node, name, arrays)`` as a function of the node; the commonest made fast."""
    if name == "xp":
        return lambda node: arrays
    if slot is not None and not cls.multi_output:
        return lambda node: node.saved[slot]._data
    if name.endswith("_shape") and name[:-6] in cls.input_names:
        i = cls.input_names.index(name[:-6])
        return lambda node: input_shape(node, i)
    parameter = inspect.signature(cls.forward).parameters.get(name)
    if parameter is not None and parameter.kind is parameter.KEYWORD_ONLY:
        default = parameter.default
        return lambda node: node.params.get(name, default)
    return lambda node: lookup(node, name, arrays)


# --- the two kinds of functions that formulas are written with -----------------------------------


class Arrays:
    """``xp`` of a plain backward pass: every operation's forward, on NumPy arrays."""

    first_order = True

    @staticmethod
    def saved(node: Node, i: int) -> Any:
        t = node.saved[i]
        return None if t is None else t._data

    @staticmethod
    def np_dtype(g: Any) -> Any:
        return g.dtype

    @staticmethod
    def fit(g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
        """Sum over broadcast dimensions and convert, so that a gradient fits its tensor."""
        if g.shape != shape:
            g = sum_to(g, shape)
        if g.dtype is not dtype:
            g = to_dtype(g, dtype)
        return g

    @staticmethod
    def constant(array: Any) -> Any:
        return array

    @staticmethod
    def numpy(value: Any) -> Any:
        return value

    @staticmethod
    def has_nan(g: Any) -> bool:
        return bool(np.isnan(g).any())

    @staticmethod
    def wrap(g: Any) -> Tensor:
        return make(np.asarray(g))

    # Hooks get copies: what they keep is not what the pass goes on with.
    @staticmethod
    def wrap_copy(g: Any) -> Tensor:
        return make(np.array(g))

    @staticmethod
    def unwrap_copy(t: Tensor) -> Any:
        return t._data.copy()

    @staticmethod
    def keep(g: Any, before: Any) -> Tensor:
        return make(np.array(g) if before is None else before._data + g)


class Tensors:
    """``xp`` of a recorded backward pass: the functions on tensors."""

    first_order = False

    @staticmethod
    def saved(node: Node, i: int) -> Any:
        """A saved tensor with its history, as it was when it was saved."""
        t = node.saved[i]
        if t is None:
            return None
        if type(t) is Packed:
            t = t.unpack()
        n = len(node.inputs)
        if i < n:
            edge = node.inputs[i]
        else:
            edge = (node, i - n) if node.op.multi_output else node
        if edge is None:
            return without_history(t)
        if t._requires_grad and (t._node if t._node is not None else t) is edge:
            return t
        twin = without_history(t)
        twin._node = edge
        twin._requires_grad = True
        return twin

    @staticmethod
    def np_dtype(g: Any) -> Any:
        return g._data.dtype

    @staticmethod
    def fit(g: Tensor, shape: tuple[int, ...], dtype: Any) -> Tensor:
        if g._data.shape != shape:
            g = tensors.sum_to_size(g, shape)
        if g._data.dtype != dtype:
            if g._data.dtype.kind == "c" and dtype.kind != "c":
                g = tensors.real(g)
            g = tensors.convert(g, dtype)
        return g

    @staticmethod
    def constant(array: Any) -> Tensor:
        return make(as_array(array))

    @staticmethod
    def numpy(value: Tensor) -> Any:
        return value._data

    @staticmethod
    def has_nan(g: Tensor) -> bool:
        return bool(np.isnan(g._data).any())

    @staticmethod
    def wrap(g: Tensor) -> Tensor:
        return g

    wrap_copy = unwrap_copy = wrap

    @staticmethod
    def keep(g: Tensor, before: Any) -> Tensor:
        return g if before is None else before + g


arrays: Any = Arrays()
tensors: Any = Tensors()


def register(name: str, op: Any, function: Any) -> None:
    """Make an operation known to formulas: ``xp.<name>`` on arrays and on tensors."""
    setattr(arrays, name, op.forward if isinstance(op, type) and issubclass(op, Op) else op)
    setattr(tensors, name, function)


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """Undo broadcasting: sum ``g`` over the dimensions that ``shape`` did not have or had as 1."""
    extra = g.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        i + extra for i, n in enumerate(shape) if n == 1 and g.shape[i + extra] != 1
    )
    if axes:
        g = np.asarray(g.sum(axis=axes, keepdims=True))
    return g.reshape(shape)


def to_dtype(g: Any, dtype: Any) -> Any:
    """Convert a gradient; the gradient of a real number that met a complex one is the real part."""
    if g.dtype.kind == "c" and dtype.kind != "c":
        g = g.real
    return g.astype(dtype, copy=False)
