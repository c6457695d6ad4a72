"""``backward`` and ``grad``: the two ways to ask the engine for gradients."""

from __future__ import annotations

import functools
import math
import warnings
from typing import Any

import numpy as np

from ..core.backward import accumulate, reachable, run_backward
from ..core.formulas import arrays, tensors
from ..core.hooks import seen
from ..core.modes import grad_mode, rare
from ..core.node import edge_meta
from ..core.protocols import Observer
from ..core.source_lines import user_frame
from ..core.tensor import Tensor, edge_of, make
from ..faithful import dtypes
from ..faithful.package_name import package
from ..faithful.size import Size
from ..func.levels import running
from ..func.vectorize import vmap
from ..refusals.ended_history import why_no_history
from .final_callbacks import engine
from .grad_fn import AccumulateGrad
from .graph import GradientEdge
from .recording_modes import enable_grad, no_grad


def many(x: Any) -> tuple[Any, ...]:
    """One tensor (or GradientEdge) or several, as a tuple."""
    if isinstance(x, (Tensor, GradientEdge)):
        return (x,)
    if isinstance(x, dict):
        return tuple(x.values())
    try:
        return tuple(x)
    except TypeError:
        raise TypeError(
            f"'{type(x).__name__}' object is not iterable: give a tensor, or several in a list"
        ) from None


def edge_to(t: Any) -> Any:
    """The edge of a root: a tensor, or its GradientEdge."""
    if isinstance(t, GradientEdge):
        if isinstance(t.node, AccumulateGrad):
            return t.node.variable
        return (t.node, t.output_nr) if t.node.op.multi_output else t.node
    if not isinstance(t, Tensor):
        raise AssertionError(
            f"Expected output to be a torch.Tensor, not {type(t).__name__}: gradients start from "
            "tensors"
        )
    return edge_of(t)


def input_edge(t: Any) -> Any:
    """The edge of a tensor (or of its GradientEdge) that gradients go to; None if there is none."""
    if not isinstance(t, (Tensor, GradientEdge)):
        raise RuntimeError(
            f"all inputs have to be Tensors or GradientEdges, but got {type(t).__name__}: "
            "gradients belong to tensors"
        )
    return edge_to(t)


def roots_and_grads(roots: tuple[Any, ...], given: tuple[Any, ...]) -> list[tuple[Any, Tensor]]:
    """Pairs (edge, gradient to start with), checked."""
    edges = [edge_to(root) for root in roots]
    starts = [None if edge is None and g is None else start_gradient(*meta_of(r, edge), g)
              for r, edge, g in zip(roots, edges, given)]  # fmt: skip
    if len(given) < len(roots):
        raise RuntimeError(
            f"got {len(roots)} tensors and {len(given)} gradients: give one gradient for each root"
        )
    pairs = []
    for i, (edge, start) in enumerate(zip(edges, starts, strict=True)):
        if edge is None or start is None:
            frame = user_frame(1)
            code, lasti = (None, 0) if frame is None else (frame.f_code, frame.f_lasti)
            root = roots[i] if isinstance(roots[i], Tensor) else None
            what, advice = why_no_history(root, code, lasti, i)
            raise RuntimeError(
                f"element {i} of tensors does not require grad and does not have a grad_fn: "
                f"{what}; {advice}"
            )
        pairs.append((edge, start))
    return pairs


def meta_of(root: Any, edge: Any) -> tuple[tuple[int, ...], Any]:
    """Shape and NumPy dtype of a root; of one without history too."""
    return (root._data.shape, root._data.dtype) if edge is None else edge_meta(edge)


def start_gradient(shape: tuple[int, ...], dtype: Any, grad: Any) -> Tensor:
    """The gradient that a backward pass starts with: 1 for a single number."""
    if grad is None:
        if math.prod(shape) != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs: this one has shape "
                f"{list(shape)}; reduce it first (.sum() or .mean()), or say how much each "
                "element counts, backward(gradient=...)"
            )
        if dtype.kind == "c":
            raise RuntimeError(
                "grad can be implicitly created only for real scalar outputs but got "
                f"{dtypes.FROM_NUMPY[dtype]}: reduce it to a real number, for example .abs()"
            )
        return make(np.array(1, dtype) if shape == () else np.ones(shape, dtype))
    if not isinstance(grad, Tensor):
        raise TypeError(
            f"gradients can be either Tensors or None, but got {type(grad).__name__}: wrap the "
            f"numbers with {package()}.tensor(...)"
        )
    if grad._data.shape != shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of {grad.shape} and output[0] has a "
            f"shape of {Size(shape)}. The gradient has one number for each number of the output."
        )
    if (grad._data.dtype.kind == "c") != (dtype.kind == "c"):
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have the same dtype."
            f" Mismatch in dtype: grad_output[0] has a dtype of {grad.dtype} and output[0] has a "
            f"dtype of {dtypes.FROM_NUMPY[dtype]}."
            " A gradient has the dtype of what it is a gradient of."
        )
    return grad if grad._data.dtype == dtype else tensors.convert(grad, dtype)


def one_pass(
    pairs: list[tuple[Any, Tensor]], keep_graph: bool, create_graph: bool, inputs: Any,
    accumulate: Any = None,
) -> dict[Any, Any]:  # fmt: skip
    """One backward pass. Returns gradients by edge: tensors if ``create_graph``, else arrays.

    accumulate: adds them to the leaves' ``.grad`` (a watcher wants to know that this is done).
    """
    if not rare:
        return walk_back(pairs, keep_graph, create_graph, inputs, accumulate=accumulate)
    watcher = grad_mode.watcher
    if watcher is None:
        packing = grad_mode.packing
        try:
            return walk_back(pairs, keep_graph, create_graph, inputs, accumulate=accumulate)
        finally:
            grad_mode.packing = packing  # whatever blocks the unpack hooks have entered or left
    observer = watcher.begin_pass(pairs, inputs, create_graph, accumulate is not None)
    found = None
    try:
        found = walk_back(pairs, keep_graph, create_graph, inputs, observer)
    finally:
        watcher.end_pass(found)
    return found


def walk_back(
    pairs: list[tuple[Any, Tensor]], keep_graph: bool, create_graph: bool, inputs: Any,
    observer: Observer | None = None, accumulate: Any = None,
) -> dict[Any, Any]:  # fmt: skip
    """The backward pass itself, with gradients of the kind and in the grad mode that it needs."""
    options: Any = {"keep_graph": keep_graph, "inputs": inputs, "observer": observer,
                    "accumulate": accumulate}  # fmt: skip
    if create_graph:
        with enable_grad():
            return run_backward(pairs, tensors, **options)
    if running.stack:  # tangents and batches go through the formulas on tensors
        with no_grad():
            return run_backward(pairs, tensors, **options)
    start = [(edge, grad._data) for edge, grad in pairs]
    before, grad_mode.enabled = grad_mode.enabled, False  # as no_grad does
    try:
        with np.errstate(all="ignore"):
            return run_backward(start, arrays, **options)
    finally:
        grad_mode.enabled = before


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Compute the gradients of ``tensors`` and add them to ``.grad`` of the leaves.

    Args:
        tensors: a tensor or several, floating point or complex.
        grad_tensors: for each the gradient to start with (same shape), or None for single numbers.
        retain_graph: keep the graph for another backward pass. None: as create_graph says.
        create_graph: record the backward pass, for higher derivatives. False by default.
        grad_variables: the old name of grad_tensors.
        inputs: fill ``.grad`` of these only (tensors, or a dict of them). None: of all leaves.

    Returns:
        None. What was in ``.grad`` stays and is added to.

    Raises:
        RuntimeError: nothing requires a gradient, a gradient to start with is missing or has
            another shape, or the graph was freed; ``.grad`` is then left as it was.

    >>> import minigrad as mg
    >>> x = mg.tensor(3.0, requires_grad=True)
    >>> mg.autograd.backward(x * x)
    >>> x.grad
    tensor(6.)

    Source: reverse-mode differentiation (Linnainmaa 1970; Griewank and Walther 2008).
    """
    if grad_variables is not None:
        warnings.warn(
            "`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning,
            stacklevel=2,
        )  # fmt: skip
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
                "`backward()`. Please only use `grad_tensors`."
            )
        grad_tensors = grad_variables
    roots = many(tensors)
    given = (None,) * len(roots) if grad_tensors is None else many(grad_tensors)
    if running.transforming:
        raise RuntimeError(
            "backward() called inside a functorch transform. This is not supported, please use "
            "functorch.grad or functorch.vjp instead or call backward() outside of functorch "
            "transforms. Inside vmap, for one, a gradient belongs to each example."
        )
    wanted = () if inputs is None else many(inputs)
    if inputs is not None and not wanted:
        raise RuntimeError(
            "`inputs` argument to `backward()` cannot be empty: leave it out to fill all leaves"
        )
    pairs = roots_and_grads(roots, given)
    edges = None if inputs is None else [input_edge(t) for t in wanted]
    if edges:
        # From now on the tensors that are no leaves keep their gradient, as in PyTorch. First those
        # that refuse, so that nothing has changed if one does.
        for t in sorted(wanted, key=lambda t: edge_to(t) is not None):
            if isinstance(t, Tensor):
                t.retain_grad()
    if create_graph:
        warn_of_cycle()
    keep = create_graph if retain_graph is None else retain_graph
    as_tensors = create_graph or bool(running.stack)
    watched = seen.leaf_hooks or rare  # somebody may want to know of .grad before the end
    add = functools.partial(add_gradients, pairs, as_tensors) if watched else None
    queued = engine.begin() if engine.waiting else 0
    found = one_pass(pairs, keep, create_graph, edges, add)
    # The tensors in the middle that were wanted have their gradient already: it is retained.
    if inputs is not None:
        found = {edge: g for edge, g in found.items() if isinstance(edge, Tensor)}
    if add is None:
        accumulate(found, as_tensors, [g for _, g in pairs])
    else:
        add(found)
    if engine.waiting:
        engine.end(queued)
    if grad_mode.capturing is not None:
        grad_mode.capturing.accumulated()


def add_gradients(pairs: Any, as_tensors: bool, found: dict[Any, Any]) -> None:
    """Add to ``.grad``; hooks that look at it may write to leaves without recording that."""
    before, grad_mode.enabled = grad_mode.enabled, as_tensors
    try:
        accumulate(found, as_tensors, [g for _, g in pairs])
    finally:
        grad_mode.enabled = before


def warn_of_cycle() -> None:
    warnings.warn(
        "Using backward() with create_graph=True will create a reference cycle between the "
        "parameter and its gradient which can cause a memory leak. We recommend using "
        "autograd.grad when creating the graph to avoid this. If you have to use this function, "
        "make sure to reset the .grad fields of your parameters to None after use to break the "
        "cycle and avoid the leak.",
        stacklevel=4,
    )



def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Any:
    """The gradients of ``outputs`` with respect to ``inputs``, returned, not accumulated.

    Args:
        outputs: a tensor or several.
        inputs: a tensor or several that the outputs were computed from, leaves or not; or a dict.
        grad_outputs: what to start with, as in :func:`backward`.
        retain_graph: keep the graph for another pass. None: as create_graph says.
        create_graph: record the backward pass, so that the result can be differentiated again.
        only_inputs: always true (an argument of old that many programs still give).
        allow_unused: None for an input that the outputs do not depend on, instead of RuntimeError.
        is_grads_batched: grad_outputs have a leading batch dimension, and so have the results.
        materialize_grads: zeros, not None, for an input that the outputs do not depend on.

    Returns:
        A tuple with a tensor of the shape and dtype of each input (for a dict of inputs a dict).

    Raises:
        RuntimeError: an input requires no gradient or was not used, there are no inputs, or as in
            :func:`backward`.
        ValueError: materialize_grads with ``allow_unused=False``.

    >>> import minigrad as mg
    >>> x = mg.tensor(2.0, requires_grad=True)
    >>> (dx,) = mg.autograd.grad(x ** 3, x, create_graph=True)
    >>> dx, mg.autograd.grad(dx, x)
    (tensor(12., grad_fn=<MulBackward0>), (tensor(12.),))

    Source: PyTorch's ``torch.autograd.grad``.
    """
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To "
            "accumulate gradient for other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
            "allow_unused=False."
        )
    unused_ok = materialize_grads or bool(allow_unused)
    roots, wanted = many(outputs), many(inputs)
    if not wanted:
        raise RuntimeError(
            "`inputs` argument to `grad()` cannot be empty: say which gradients you want"
        )
    given = (None,) * len(roots) if grad_outputs is None else many(grad_outputs)
    keep = create_graph if retain_graph is None else retain_graph
    if is_grads_batched:
        return named(
            batched(roots, wanted, given, keep, create_graph, unused_ok, materialize_grads), inputs
        )
    pairs = roots_and_grads(roots, given)
    edges = []
    for i, t in enumerate(wanted):
        edge = input_edge(t)
        if edge is None:
            raise RuntimeError(
                f"One of the differentiated Tensors does not require grad: element {i} of inputs; "
                "set its requires_grad=True before computing with it"
            )
        edges.append(edge)
    queued = engine.begin() if engine.waiting else 0
    found = one_pass(pairs, keep, create_graph, edges)
    if engine.waiting:
        engine.end(queued)
    results: list[Tensor | None] = []
    for i, edge in enumerate(edges):
        g = found.get(edge)
        if g is None:
            if not unused_ok:
                raise RuntimeError(
                    f"The differentiated Tensor at index {i} appears to not have been used in the "
                    "graph. Set allow_unused=True if this is the desired behavior. It has shape "
                    f"{list(edge_meta(edge)[0])}."
                )
            if materialize_grads and isinstance(wanted[i], GradientEdge):
                raise RuntimeError(
                    "materialize_grads cannot be used when the given input is a GradientEdge"
                )
            zero = make(np.zeros(*edge_meta(edge))) if materialize_grads else None
            if zero is not None and create_graph:
                zero._requires_grad = True
            results.append(zero)
            continue
        results.append(g if isinstance(g, Tensor) else make(own_memory(g)))
    if grad_mode.capturing is not None and not create_graph:
        grad_mode.capturing.results(edges, results)
    return named(results, inputs)


def own_memory(g: Any) -> Any:
    """A copy of a gradient; of an expanded one none, as nobody can write into it."""
    expanded = type(g) is np.ndarray and not g.flags.writeable and 0 in g.strides and g.ndim > 0
    return g if expanded and grad_mode.capturing is None else np.array(g)


def named(results: Any, inputs: Any) -> Any:
    """The gradients as a tuple, or for a dict of inputs as a dict."""
    return dict(zip(inputs, results, strict=True)) if isinstance(inputs, dict) else tuple(results)


def batched(
    roots: Any, wanted: Any, given: Any, keep: bool, create: bool, unused_ok: bool, fill: bool
) -> tuple[Tensor | None, ...]:
    """``grad`` for each slice of the batched grad_outputs, all at once (see func/vectorize.py)."""
    for i, (root, g) in enumerate(zip(roots, given, strict=True)):
        if g is not None and g.shape[1:] != root.shape:
            raise RuntimeError(
                "If `is_grads_batched=True`, we interpret the first dimension of each grad_output "
                "as the batch dimension. The sizes of the remaining dimensions are expected to "
                "match the shape of corresponding output, but a mismatch was detected: "
                f"grad_output[{i}] has a shape of {g.shape} and output[{i}] has a shape of "
                f"{root.shape}. If you only want some tensors in `grad_output` to be considered "
                "batched, consider using vmap."
            )
    places = [i for i, g in enumerate(given) if g is not None]
    found: list[Tensor | None] = []

    def one(*slices: Tensor) -> tuple[Tensor, ...]:
        starts: list[Any] = [None] * len(given)
        for i, g in zip(places, slices, strict=True):
            starts[i] = g
        found[:] = grad(roots, wanted, tuple(starts), True, create, allow_unused=unused_ok,
                        materialize_grads=fill)  # fmt: skip
        return tuple(g for g in found if g is not None)

    stacked = iter(vmap(one, randomness="different")(*[given[i] for i in places]))
    if not keep:
        for node in reachable([edge_to(t) for t in roots]):
            node.saved = None if node.saved else node.saved
    return tuple([None if g is None else next(stacked) for g in found])


def tensor_backward(
    self: Tensor,
    gradient: Tensor | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Compute gradients and add them to ``.grad`` of the leaves; see ``autograd.backward``.

    Args:
        gradient: what to start with, a tensor of this one's shape. None: 1, for a single number.
        retain_graph: keep the graph for another backward pass. None: as create_graph says.
        create_graph: record the backward pass too, for higher derivatives. False by default.
        inputs: a tensor or several; only their ``.grad`` is filled. None: that of all leaves.

    Returns:
        None. The gradients are in ``x.grad``, of the shape and dtype of ``x``.

    Raises:
        RuntimeError: nothing here requires a gradient; ``gradient`` is missing, though there is
            more than one number, or has another shape; the graph was freed by an earlier pass; or a
            tensor that it needs was written to in place.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> (x * 3).backward(mg.tensor([1.0, 10.0]))  # is added
    >>> x.grad
    tensor([ 5., 34.])

    Source: reverse-mode differentiation (Linnainmaa 1970); interface of PyTorch's
    ``Tensor.backward``.
    """
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


tensor_backward.__qualname__ = "Tensor.backward"  # its name in a TypeError
