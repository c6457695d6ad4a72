"""Functions of functions: ``grad``, ``vjp``, ``jvp``, ``jacrev``, ``jacfwd``, ``hessian``.

They take a function of tensors (and of pytrees of tensors) and return another one. They nest:
``grad(grad(f))``, ``vmap(grad(f))``, ``jacfwd(jacrev(f))``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.backward import reachable, run_backward
from ..core.formulas import arrays, tensors
from ..core.modes import grad_mode
from ..core.tensor import Tensor, edge_of, make
from ..ops.making.creation import zeros_like
from ..ops.shaping.joining import stack
from ..ops.shaping.shape import reshape
from .dual import DualLevel, fresh, parts, shell
from .levels import (
    contents,
    forward_grad,
    going_back,
    inside,
    recording,
    running,
    transforming,
    twin,
)
from .trees import Structure, flatten, tree_map, unflatten
from .vectorize import vmap

Function = Callable[..., Any]


# --- reverse mode ----------------------------------------------------------------------------


OF_FINISHED = "_of_finished_transform"  # the mark of a leaf that a transform has made and left


class Started:
    """The tensors that a reverse-mode transform differentiates by, each with a node of its own."""

    def __init__(self, values: Any) -> None:
        leaves, self.structure = flatten(values)
        for t in leaves:
            if not isinstance(t, Tensor):
                raise ValueError(
                    f"Thing passed to transform API must be Tensor, got {type(t)}"
                    ": these functions differentiate by tensors"
                )
            if t._data.dtype.kind not in "fc":
                raise RuntimeError(
                    "only Tensors of floating point dtype can require gradients: this one is "
                    f"{t.dtype}, and whole numbers cannot change by a little"
                )
        with recording():
            self.inputs = [fresh(t) for t in leaves]
        self.tree = unflatten(self.structure, self.inputs)
        self.edges = [edge_of(t) for t in self.inputs]
        # The leaves that were made here; other leaves belong to the user or an outer transform.
        self.own = {e.inputs[0] for e, t in zip(self.edges, leaves, strict=True)
                    if edge_of(t) is None}  # fmt: skip
        self.before = [edge_of(t) for t in leaves]

    def needs_more(self, known: list[Tensor]) -> bool:
        """Whether any of ``known`` can be differentiated by something else than the inputs."""
        roots = [e for e in map(edge_of, known) if e is not None]
        ends = {e for node in reachable(roots) for e in node.inputs if isinstance(e, Tensor)}
        others = {e for e in (*ends, *roots) if isinstance(e, Tensor)} - self.own
        return not all(hasattr(e, OF_FINISHED) for e in others)

    def finish(self) -> None:
        """The transform has its result: nobody will differentiate by its leaves any more."""
        for leaf in self.own:
            setattr(leaf, OF_FINISHED, True)

    def let_go(self) -> None:
        """Take the transform's tape off the inputs, which the user's function may have kept."""
        for t, edge in zip(self.inputs, self.before, strict=True):
            t._requires_grad = edge is not None
            t._node = None if isinstance(edge, Tensor) else edge

    def outside(self, t: Any) -> Any:
        """A result without the tape that this transform made."""
        if not isinstance(t, Tensor) or edge_of(t) is None:
            return t
        # Around the transform nothing is recorded in no_grad, as with any operation there.
        return t if grad_mode.enabled and self.needs_more([t]) else twin(t)


def gradients(
    outputs: list[Tensor], started: Started, starts: list[Any], given: Any, keep: bool
) -> list[Tensor]:
    """The vjp, recorded if an outer transform (or the user) may differentiate it again."""
    known = [t for t in (*outputs, *starts, *flatten(given)[0]) if isinstance(t, Tensor)]
    further = grad_mode.enabled and started.needs_more(known)
    inside_known = [x for t in known for x in contents(t)]
    inner = grad_mode.enabled and started.needs_more(inside_known)
    pairs = [(edge_of(y), g) for y, g in zip(outputs, starts, strict=True)
             if edge_of(y) is not None]  # fmt: skip
    edges = started.edges
    with recording(further or inner), np.errstate(all="ignore"):
        if further or inner or running.stack:
            found = run_backward(pairs, tensors, keep_graph=keep or further, inputs=edges)
        else:  # only numbers are wanted
            plain = [(edge, g._data) for edge, g in pairs]
            found = run_backward(plain, arrays, keep_graph=keep, inputs=edges)
            found = {edge: make(np.array(g)) for edge, g in found.items()}
    results = []
    for x, edge in zip(started.inputs, edges, strict=True):
        g = found.get(edge)
        results.append(zeros_like(x) if g is None else g if further else twin(g))
    return results


def chosen(name: str, argnums: Any, args: tuple[Any, ...]) -> Any:
    """The arguments to differentiate with respect to: one, or a tuple of them."""
    if not isinstance(argnums, (int, tuple)):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    if argnums == ():
        raise RuntimeError(
            f"argnums must be non-empty: say by which of {name}'s inputs to differentiate"
        )
    for n in argnums if isinstance(argnums, tuple) else (argnums,):
        if not isinstance(n, int):
            raise RuntimeError(f"argnums elements must be int, got {type(n)}")
        if not -len(args) <= n < len(args):
            raise RuntimeError(
                f"Got argnum={n}, but only {len(args)} positional inputs"
                ": argnums counts the arguments from 0"
            )
    if isinstance(argnums, int):
        return args[argnums]
    if len({n % len(args) for n in argnums}) < len(argnums):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")
    return tuple([args[n] for n in argnums])


def replaced(argnums: Any, args: tuple[Any, ...], new: Any) -> list[Any]:
    """``args`` with ``new`` in place of the chosen ones."""
    filled = list(args)
    if isinstance(argnums, int):
        filled[argnums] = new
    else:
        for n, value in zip(argnums, new, strict=True):
            filled[n] = value
    return filled


def split_aux(name: str, out: Any, has_aux: bool) -> tuple[Any, Any]:
    if not has_aux:
        return out, ()
    if not (isinstance(out, tuple) and len(out) == 2):
        raise RuntimeError(
            f"{name}: output of function f should be a tuple: (output, aux) if has_aux is True"
        )
    for t in flatten(out[1])[0]:
        if not isinstance(t, Tensor):
            raise RuntimeError(
                f"Expected tensors, got unsupported type {type(t)}: aux is made of tensors, in "
                "tuples, lists and dicts"
            )
    return out


def grad_and_value(func: Function, argnums: Any = 0, has_aux: bool = False) -> Function:
    """Like :func:`grad`, returning ``(gradient, value)``; with has_aux
    ``(gradient, (value, aux))``.

    >>> import minigrad as mg
    >>> mg.func.grad_and_value(lambda x: x**2)(mg.tensor(3.0))
    (tensor(6.), tensor(9.))
    """

    @functools.wraps(func)
    def with_gradient(*args: Any, **kwargs: Any) -> Any:
        name = "grad_and_value(f)(*args)"
        started = Started(chosen(name, argnums, args))
        with going_back():
            out = func(*replaced(argnums, args, started.tree), **kwargs)
        out, aux = split_aux(name, out, has_aux)
        if not isinstance(out, Tensor):
            raise RuntimeError(
                f"{name}: Expected f(*args) to return a Tensor, got {type(out)}"
                ": the gradient is that of a tensor computed from the arguments"
            )
        if out._data.ndim:
            raise RuntimeError(
                f"{name}: Expected f(*args) to return a scalar Tensor, got tensor with "
                f"{out._data.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
            )
        start = make(np.ones((), out._data.dtype))
        found = gradients([out], started, [start], args, keep=False)
        value = started.outside(out)
        aux = tree_map(started.outside, aux)
        started.finish()
        started.let_go()
        return unflatten(started.structure, found), ((value, aux) if has_aux else value)

    return with_gradient


def grad(func: Function, argnums: Any = 0, has_aux: bool = False) -> Function:
    """The function that computes the gradient of ``func``.

    Args:
        func: a function whose result is a tensor without dimensions, such as a loss.
        argnums: which argument (a number, or a tuple of them) to differentiate by, the first by
            default; an argument may be a pytree of tensors.
        has_aux: ``func`` returns ``(value, aux)``, and the new function ``(gradient, aux)``.

    Returns:
        A function of the same arguments. Its result is like the argument, shapes, dtype, nesting.

    Raises:
        RuntimeError: (when called) the value is no tensor without dimensions, or there is no
            argument of that number.
        ValueError: (when called) the argument is no tensor.

    >>> import minigrad as mg
    >>> f = lambda x: x**3
    >>> mg.func.grad(f)(mg.tensor(2.0)), mg.func.grad(mg.func.grad(f))(mg.tensor(2.0))
    (tensor(12.), tensor(12.))

    Source: ``grad`` of HIPS Autograd (Maclaurin et al. 2015) and JAX, by way of ``torch.func``.
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        found, value = both(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


def vjp(func: Function, *primals: Any, has_aux: bool = False) -> Any:
    """The value of ``func(*primals)``, and a function that multiplies by the Jacobian's transpose.

    Returns ``(value, vjp_fn)`` or with has_aux ``(value, vjp_fn, aux)``. ``vjp_fn`` takes one
    cotangent like the value and returns a tuple with a gradient for each of the primals.

    >>> import minigrad as mg
    >>> y, pull = mg.func.vjp(lambda x: x**2, mg.tensor([1.0, 2.0]))
    >>> y, pull(mg.tensor([1.0, 10.0]))
    (tensor([1., 4.]), (tensor([ 2., 40.]),))
    """
    name = "vjp(f, *primals)"
    started = Started(primals)
    with going_back():
        out = func(*started.tree)
    out, aux = split_aux(name, out, has_aux)
    outs, nest = only_tensors(name, out)

    def pull(*cotangents: Any) -> Any:
        given = cotangents[0] if len(cotangents) == 1 else cotangents
        starts, got = flatten(given)
        if got != nest:
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of "
                f"outputs to the function. cotangents: {got}, primal output: {nest}"
            )
        for g, y in zip(starts, outs, strict=True):
            if not isinstance(g, Tensor) or g.shape != y.shape:
                shape = g.shape if isinstance(g, Tensor) else type(g)
                raise RuntimeError(
                    f"Mismatch in shape: grad_output[0] has a shape of {shape} and output[0] has a "
                    f"shape of {y.shape}. The cotangent has one number for each of the output."
                )
        return unflatten(started.structure, gradients(outs, started, starts, primals, True))

    value = unflatten(nest, [started.outside(t) for t in outs])
    aux = tree_map(started.outside, aux)
    started.finish()
    return (value, pull, aux) if has_aux else (value, pull)


def only_tensors(name: str, out: Any) -> tuple[list[Tensor], Structure]:
    leaves, structure = flatten(out)
    if out is None or not leaves:
        raise RuntimeError(
            f"{name}: Expected f to be a function that has non-empty output (got output = {out}): "
            "what it computes is to be returned"
        )
    for t in leaves:
        if not isinstance(t, Tensor):
            raise RuntimeError(
                f"{name}: expected f(*primals) to return only tensors, got unsupported type "
                f"{type(t)}"
            )
    return leaves, structure


# --- forward mode ----------------------------------------------------------------------------


def jvp(func: Function, primals: Any, tangents: Any, *, strict: bool = False,
        has_aux: bool = False) -> Any:  # fmt: skip
    """The value of ``func(*primals)``, and the Jacobian times ``tangents``, in one forward pass.

    Args:
        func: a function of (pytrees of) tensors.
        primals: a tuple with one entry for each argument: the point.
        tangents: a tuple alike in nesting and shapes: the direction.
        strict: refuse outputs that do not depend on the inputs, which else give zeros.
        has_aux: ``func`` returns ``(value, aux)``.

    Returns:
        ``(value, derivative)`` or with has_aux ``(value, derivative, aux)``; the derivative has the
        value's shape and dtype.

    Raises:
        RuntimeError: primals or tangents are no tuples, or not alike.

    >>> import minigrad as mg
    >>> mg.func.jvp(lambda x: x**2, (mg.tensor([1.0, 2.0]),), (mg.tensor([1.0, 10.0]),))
    (tensor([1., 4.]), tensor([ 2., 40.]))

    Source: forward-mode differentiation (Wengert 1964); interface of JAX and ``torch.func``.
    """
    name = "jvp(f, primals, tangents)"
    if not isinstance(primals, tuple):
        raise RuntimeError(
            f"{name}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals)."
        )
    points, structure = flatten(primals)
    directions, other = flatten(tangents)
    if structure != other:
        raise RuntimeError(
            f"{name}: Expected primals and tangents to have the same python structure. For "
            "example, if primals is a tuple of 3 tensors, tangents also must be. Got primals with "
            f"structure {structure} and tangents with structure {other}"
        )
    for what, leaves in (("primals", points), ("tangents", directions)):
        if not leaves:
            raise RuntimeError(f"{name}: Expected {what} to contain at least one Tensor.")
        for t in leaves:
            if not isinstance(t, Tensor):
                raise RuntimeError(
                    f"{name}: Expected {what} to only contain Tensors, got {type(t)}"
                )
    for x, t in zip(points, directions, strict=True):
        check_tangent(x, t)
    with inside(DualLevel()) as level, forward_grad(True):
        duals = [shell(level, x, t) for x, t in zip(points, directions, strict=True)]
        out, aux = split_aux(name, func(*unflatten(structure, duals)), has_aux)
        outs, nest = only_tensors(name, out)
        pairs = [parts(t, level) for t in outs]
        aux = tree_map(lambda t: parts(t, level)[0], aux)
    if strict and any(t is None for _, t in pairs):
        raise RuntimeError(
            "jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. "
            "This is not allowed with strict=True."
        )
    value = unflatten(nest, [y for y, _ in pairs])
    slope = unflatten(nest, [zeros_like(y) if t is None else t for y, t in pairs])
    return (value, slope, aux) if has_aux else (value, slope)


def check_tangent(x: Any, t: Any) -> None:
    """Refuse a tangent that does not fit its primal."""
    if x._data.dtype.kind not in "fc":
        raise ValueError(
            f"Expected primal to be floating point or complex, but got: {x.dtype}: only such "
            "numbers can change by a little"
        )
    if t._data.dtype.kind not in "fc":
        raise ValueError(
            f"Expected tangent to be floating point or complex, but got: {t.dtype}: write 1.0 "
            "instead of 1"
        )
    if x._data.shape != t._data.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original "
            f"Tensor, this is not supported. Tensor is of size {list(x.shape)} while the given "
            f"forward gradient is of size {list(t.shape)}."
        )


def linearize(func: Function, *primals: Any) -> tuple[Any, Function]:
    """The value of ``func(*primals)``, and the linear function that is its derivative there.

    >>> import minigrad as mg
    >>> y, slope = mg.func.linearize(mg.sin, mg.tensor(0.0))
    >>> y, slope(mg.tensor(2.0))
    (tensor(0.), tensor(2.))
    """
    name = "linearize(f, *primals)"
    started = Started(primals)
    with recording():
        with transforming():
            outs, nest = only_tensors(name, func(*started.tree))
        # The derivative is the vjp's vjp (see dual.py), so the function itself runs only once.
        us = [fresh(zeros_like(y)) for y in outs]
        pairs = [(edge_of(y), u) for y, u in zip(outs, us, strict=True) if edge_of(y) is not None]
        edges = started.edges
        back = run_backward(pairs, tensors, keep_graph=True, inputs=edges)
    value = unflatten(nest, [started.outside(y) for y in outs])

    def derivative(*tangents: Any) -> Any:
        directions, other = flatten(tangents)
        if other != started.structure:
            raise RuntimeError(
                f"Expected the tangents {other} to have the same structure as the primals "
                f"{started.structure}: one tangent for each primal"
            )
        for i, (x, t) in enumerate(zip(started.inputs, directions, strict=True)):
            if x._data.shape != t._data.shape:
                raise RuntimeError(
                    f"tangent:{i} with shape {t.shape} in flattened pytree doesn't match the shape "
                    f"{x.shape} of the corresponding primal."
                )
            check_tangent(x, t)
        starts = [(edge_of(back[e]), t) for e, t in zip(edges, directions, strict=True)
                  if e in back and edge_of(back[e]) is not None]  # fmt: skip
        ends = [edge_of(u) for u in us]
        with recording(False):
            found = run_backward(starts, tensors, keep_graph=True, inputs=ends) if starts else {}
        return unflatten(nest, [twin(found.get(edge_of(u), zeros_like(u))) for u in us])

    return value, derivative


# --- whole Jacobians -------------------------------------------------------------------------


def check_real(name: str, which: str, values: list[Any]) -> None:
    """Refuse complex numbers: they have two derivatives, and a Jacobian has room for one."""
    for i, t in enumerate(values):
        if isinstance(t, Tensor) and t._data.dtype.kind == "c":
            raise RuntimeError(
                f"{name}: Expected all {which} to be real but received complex tensor at flattened "
                f"input idx: {i}"
            )


def basis_of(t: Tensor) -> Tensor:
    """The unit vectors of ``t``'s shape, one after the other in dimension 0."""
    n = t._data.size
    shape = t._data.shape
    return make(np.eye(n, dtype=t._data.dtype).reshape(n, *shape))


def jacrev(
    func: Function, argnums: Any = 0, *, has_aux: bool = False, chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Function:  # fmt: skip
    """The function that computes the Jacobian of ``func`` row by row, in reverse mode.

    Use it if ``func`` has fewer outputs than inputs. The Jacobian of an output of shape (m,) by an
    input of shape (n,) has shape (m, n); of pytrees, a pytree of Jacobians. All rows are computed
    at once (see :func:`vmap`), or ``chunk_size`` at a time.

    >>> import minigrad as mg
    >>> mg.func.jacrev(lambda x: x**2)(mg.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"jacrev: `chunk_size` should be greater than 0, not {chunk_size}")

    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        picked = chosen("jacrev", argnums, args)

        def of_picked(values: Any) -> Any:
            return func(*replaced(argnums, args, values), **kwargs)

        inputs, structure = flatten(picked)
        check_real("jacrev", "inputs", inputs)
        value, pull, *aux = vjp(of_picked, picked, has_aux=has_aux)
        outs, nest = flatten(value)
        check_real("jacrev", "outputs", outs)
        rows = []
        for i, y in enumerate(outs):

            def row(g: Tensor, i: int = i) -> Any:
                starts = [g if j == i else zeros_like(o) for j, o in enumerate(outs)]
                return flatten(pull(unflatten(nest, starts)))[0]

            units = basis_of(y)
            if not y._data.size:
                found = [make(np.zeros((0, *x.shape), x._data.dtype)) for x in inputs]
            elif chunk_size == 1:  # one after the other: what cannot be batched works too
                found = [stack(list(column)) for column in zip(*map(row, units), strict=True)]
            else:
                found = vmap(row, chunk_size=chunk_size)(units)
            shaped = [reshape(g, (*y.shape, *x.shape)) for g, x in zip(found, inputs, strict=True)]
            rows.append(unflatten(structure, shaped))
        result = unflatten(nest, rows)
        return (result, aux[0]) if has_aux else result

    return jacobian


def jacfwd(func: Function, argnums: Any = 0, has_aux: bool = False, *,
           randomness: str = "error") -> Function:  # fmt: skip
    """The function that computes the Jacobian of ``func`` column by column, in forward mode.

    Use it if ``func`` has fewer inputs than outputs. The result is that of :func:`jacrev`.

    Args:
        func: a function of tensors that returns a tensor or several.
        argnums: which argument (a number, or a tuple of them) to differentiate by.
        has_aux: ``func`` returns ``(value, aux)``, and the new function ``(jacobian, aux)``.
        randomness: what random functions do in ``func``, as in :func:`vmap`.

    Returns:
        A function of the same arguments. For an output of shape (m,) and an input of shape (n,) its
        result has shape (m, n).

    Raises:
        ValueError: (when called) the argument is no tensor.
        RuntimeError: (when called) there is no argument of that number.

    >>> import minigrad as mg
    >>> mg.func.jacfwd(lambda x: x**2)(mg.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])

    Source: JAX's ``jacfwd``, by way of ``torch.func``.
    """

    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        picked = chosen("jacfwd", argnums, args)
        inputs, structure = flatten(picked)
        for x in inputs:
            if not isinstance(x, Tensor):
                raise ValueError(f"Thing passed to transform API must be Tensor, got {type(x)}")
        check_real("jacfwd", "inputs", inputs)
        nest: Any = None
        shapes: list[Any] = []
        aux: Any = None

        def column(values: Any) -> Any:
            return func(*replaced(argnums, args, values), **kwargs)

        columns = []
        for i, x in enumerate(inputs):

            def along(t: Tensor, i: int = i) -> Any:
                nonlocal nest, shapes
                tangents = [t if j == i else zeros_like(v) for j, v in enumerate(inputs)]
                answer = jvp(column, (picked,), (unflatten(structure, tangents),), has_aux=has_aux)
                outs, nest = flatten(answer[1])
                check_real("jacfwd", "outputs", outs)
                shapes = [y.shape for y in outs]
                return (outs, answer[2]) if has_aux else (outs, ())

            dims = (-1, None if has_aux else -1)
            found, aux = vmap(along, out_dims=dims, randomness=randomness)(basis_of(x))
            columns.append([reshape(g, (*s, *x.shape))
                            for g, s in zip(found, shapes, strict=True)])  # fmt: skip
        result = unflatten(nest, [
            unflatten(structure, list(of_output)) for of_output in zip(*columns, strict=True)
        ])  # fmt: skip
        return (result, aux) if has_aux else result

    return jacobian


def hessian(func: Function, argnums: Any = 0) -> Function:
    """The function that computes the matrix of second derivatives: ``jacfwd(jacrev(func))``.

    >>> import minigrad as mg
    >>> mg.func.hessian(lambda x: (x**3).sum())(mg.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
