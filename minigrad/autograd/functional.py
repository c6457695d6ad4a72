"""Jacobians, Hessians and their products with vectors, as ``torch.autograd.functional``.

These take a function and the point (a tensor, or a tuple of them) to differentiate it at. The
functions of ``mg.func`` do the same for functions of pytrees, and nest.

>>> import minigrad as mg
>>> from minigrad.autograd.functional import hessian, jacobian
>>> x = mg.tensor([1.0, 2.0])
>>> jacobian(lambda x: x**2, x)
tensor([[2., 0.],
        [0., 4.]])
>>> hessian(lambda x: (x**3).sum(), x)
tensor([[ 6.,  0.],
        [ 0., 12.]])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from ..func.batch import BatchLevel
from ..func.levels import running
from ..func.transforms import grad, jacfwd
from ..ops.making.creation import ones_like, zeros_like
from ..ops.shaping.joining import stack
from ..ops.shaping.shape import reshape
from .gradients import grad as autograd_grad
from .recording_modes import enable_grad

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

Function = Callable[..., Any]
STRATEGIES = ("forward-mode", "reverse-mode")


def as_tuple(given: Any, name: str, function: str) -> tuple[bool, tuple[Tensor, ...]]:
    """Whether a tuple was given, and the tensors as a tuple. Refuses all else (TypeError)."""
    many = isinstance(given, tuple)
    values = given if many else (given,)
    for i, t in enumerate(values):
        if not isinstance(t, Tensor):
            where = f"the value at index {i} has" if many else f"the given {name} has"
            raise TypeError(
                f"The {name} given to {function} must be either a Tensor or a tuple of Tensors but "
                f"{where} type {type(t)}."
            )
    return many, values


def as_given(values: Any, many: bool) -> Any:
    return tuple(values) if many else values[0]


def prepared(inputs: tuple[Tensor, ...], create_graph: bool) -> tuple[Tensor, ...]:
    """The inputs to differentiate by: cut off from the graph unless the result needs it."""
    if create_graph:
        return tuple(t.view_as(t) if t.requires_grad else t.detach().requires_grad_()
                     for t in inputs)  # fmt: skip
    return tuple(t.detach().requires_grad_() for t in inputs)


def outputs_of(
    func: Function, inputs: tuple[Tensor, ...], function: str, strict: bool
) -> tuple[bool, tuple[Tensor, ...]]:
    """Call the user's function; in strict mode all its outputs must depend on the inputs."""
    with enable_grad():
        many, outputs = as_tuple(func(*inputs), "outputs of the user-provided function", function)
    if strict:
        for i, y in enumerate(outputs):
            if not y.requires_grad:
                raise RuntimeError(
                    f"Output {i} of the user-provided function does not require gradients. The "
                    "outputs must be computed in a differentiable manner from the input when "
                    "running in strict mode."
                )
    return many, outputs


def pull_back(
    outputs: tuple[Tensor, ...], inputs: tuple[Tensor, ...], starts: Any, create_graph: bool
) -> list[Tensor | None]:
    """Gradients of the outputs that have any; None for an input they do not depend on."""
    pairs = [(y, g) for y, g in zip(outputs, starts, strict=True) if y.requires_grad]
    if not pairs:
        return [None] * len(inputs)
    roots, grads = zip(*pairs, strict=True)
    with enable_grad():
        return list(autograd_grad(roots, inputs, grads, retain_graph=True,
                                  create_graph=create_graph, allow_unused=True))  # fmt: skip


def finished(
    grads: Any, inputs: tuple[Tensor, ...], create_graph: bool, strict: bool, kind: str
) -> tuple[Tensor, ...]:
    """Zeros for gradients that are not there; in strict mode they are refused."""
    results = []
    for i, (g, x) in enumerate(zip(grads, inputs, strict=True)):
        if g is None:
            if strict:
                raise RuntimeError(independent(kind, i))
            g = zeros_like(x)
        elif strict and create_graph and not g.requires_grad and kind in ("vjp", "jvp"):
            raise RuntimeError(
                f"The jacobian of the user-provided function is independent of input {i}. This is "
                "not allowed in strict mode when create_graph=True."
            )
        results.append(g if create_graph else g.detach())
    return tuple(results)


def independent(kind: str, i: int) -> str:
    if kind == "hessian":
        return (
            "While computing the hessian, found that the jacobian of the user-provided function "
            f"with respect to input {i} is independent of the input. This is not allowed in strict "
            "mode. You should ensure that your function is twice differentiable and that the "
            "jacobian depends on the inputs (this would be violated by a linear function for "
            "example)."
        )
    return (
        f"The output of the user-provided function is independent of input {i}. This is not "
        "allowed in strict mode."
    )


def detached(values: tuple[Tensor, ...], create_graph: bool) -> tuple[Tensor, ...]:
    return values if create_graph else tuple(t.detach() for t in values)


def checked_vector(v: Any, like: tuple[Tensor, ...], many: bool) -> tuple[Tensor, ...]:
    """The vector to multiply by, shaped like ``like``."""
    _, values = as_tuple(v, "v", "the function")
    if len(values) != len(like):
        if not many:
            raise RuntimeError("The given v should contain a single Tensor.")
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got {len(values)}."
        )
    for i, (t, other) in enumerate(zip(values, like, strict=True)):
        if t.shape != other.shape:
            where = f"Entry {i} in v has" if many else "v has"
            raise RuntimeError(
                f"{where} invalid size: should be {other.shape} but got {t.shape}."
                " V is laid out like what it is multiplied with."
            )
    return values


# --- products with vectors -------------------------------------------------------------------


def vjp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The value of ``func(*inputs)``, and ``v`` times its Jacobian.

    v: like the outputs; may be left out for a single number. create_graph: record, to
    differentiate the results again. strict: refuse (RuntimeError) outputs that do not depend on an
    input, instead of zeros.

    >>> import minigrad as mg
    >>> vjp(lambda x: x**2, mg.tensor([1.0, 2.0]), mg.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    many_in, given = as_tuple(inputs, "inputs", "vjp")
    points = prepared(given, create_graph)
    many_out, outputs = outputs_of(func, points, "vjp", strict)
    if v is None:
        if len(outputs) != 1 or outputs[0].numel() != 1:
            raise RuntimeError(
                "The vector v can only be None if the user-provided function returns a single "
                "Tensor with a single element. Give one number of v for each number of the result."
            )
        starts: tuple[Tensor, ...] = (ones_like(outputs[0]),)
    else:
        starts = checked_vector(v, outputs, many_out)
    grads = pull_back(outputs, points, starts, create_graph)
    results = finished(grads, points, create_graph, strict, "vjp")
    return as_given(detached(outputs, create_graph), many_out), as_given(results, many_in)


def jvp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The value of ``func(*inputs)``, and its Jacobian times ``v``.

    By the double-backward trick, as in PyTorch; ``mg.func.jvp`` does it in one forward pass.
    Arguments as in :func:`vjp`; v is like the inputs.

    >>> import minigrad as mg
    >>> jvp(lambda x: x**2, mg.tensor([1.0, 2.0]), mg.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    many_in, given = as_tuple(inputs, "inputs", "jvp")
    points = prepared(given, create_graph)
    directions = direction(v, given, many_in)
    many_out, outputs = outputs_of(func, points, "jvp", strict)
    slopes = twice_back(outputs, points, directions, create_graph)
    results = finished(slopes, outputs, create_graph, strict, "jvp")
    return as_given(detached(outputs, create_graph), many_out), as_given(results, many_out)


def direction(v: Any, inputs: tuple[Tensor, ...], many: bool) -> tuple[Tensor, ...]:
    if v is not None:
        return checked_vector(v, inputs, many)
    if len(inputs) != 1 or inputs[0].numel() != 1:
        raise RuntimeError(
            "The vector v can only be None if the input to the user-provided function is a single "
            "Tensor with a single element. Give one number of v for each number of the input."
        )
    return (ones_like(inputs[0]),)


def twice_back(
    outputs: tuple[Tensor, ...], points: tuple[Tensor, ...], directions: Any, create_graph: bool
) -> list[Tensor | None]:
    """The Jacobian times the directions, as the gradient of a gradient."""
    us = [zeros_like(y, requires_grad=True) for y in outputs]
    back = pull_back(outputs, points, us, True)
    linear = [g for g in back if g is not None]
    chosen = [d for g, d in zip(back, directions, strict=True) if g is not None]
    return pull_back(tuple(linear), tuple(us), chosen, create_graph)


def hvp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The value of ``func(*inputs)`` (a single number), and its Hessian times ``v``.

    >>> import minigrad as mg
    >>> hvp(lambda x: (x**3).sum(), mg.tensor([1.0, 2.0]), mg.tensor([1.0, 10.0]))
    (tensor(9.), tensor([  6., 120.]))
    """
    many, given = as_tuple(inputs, "inputs", "hvp")
    points = prepared(given, create_graph)
    directions = direction(v, given, many)
    outputs, first = first_gradient(func, points, "hvp", strict)
    slopes = twice_back(first, points, directions, create_graph)
    results = finished(slopes, points, create_graph, strict, "hessian")
    return detached(outputs, create_graph)[0], as_given(results, many)


def vhp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The value of ``func(*inputs)`` (a single number), and ``v`` times its Hessian.

    The same numbers as :func:`hvp`, with less work.

    >>> import minigrad as mg
    >>> vhp(lambda x: (x**3).sum(), mg.tensor([1.0, 2.0]), mg.tensor([1.0, 10.0]))
    (tensor(9.), tensor([  6., 120.]))
    """
    many, given = as_tuple(inputs, "inputs", "vhp")
    points = prepared(given, create_graph)
    directions = direction(v, given, many)
    outputs, first = first_gradient(func, points, "vhp", strict)
    grads = pull_back(first, points, directions, create_graph)
    results = finished(grads, points, create_graph, strict, "hessian")
    return detached(outputs, create_graph)[0], as_given(results, many)


def first_gradient(
    func: Function, points: tuple[Tensor, ...], function: str, strict: bool
) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """The function's single number, and its gradient, recorded."""
    many, outputs = outputs_of(func, points, function, strict)
    if many or len(outputs) != 1:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if outputs[0].numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {function} should contain a single "
            "element: a Hessian is that of one number, such as a loss"
        )
    first = pull_back(outputs, points, (ones_like(outputs[0]),), True)
    if strict:
        for i, g in enumerate(first):
            if g is None or not g.requires_grad:
                raise RuntimeError(independent("hessian" if g is not None else "vjp", i))
    return outputs, tuple(zeros_like(x) if g is None else g
                          for g, x in zip(first, points, strict=True))  # fmt: skip


# --- whole matrices --------------------------------------------------------------------------


def jacobian(
    func: Function, inputs: Any, create_graph: bool = False, strict: bool = False,
    vectorize: bool = False, strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """All derivatives of all outputs by all inputs.

    Args:
        func: a function of tensors that returns a tensor or a tuple of them.
        inputs: a tensor, or a tuple with one for each argument.
        create_graph: record, so that the result can be differentiated (default False).
        strict: refuse an output that does not depend on an input, which else gives zeros.
        vectorize: all rows at once by ``vmap``.
        strategy: 'reverse-mode' computes rows, 'forward-mode' (with vectorize) columns.

    Returns:
        For one output of shape (m,) and one input of shape (n,) a tensor of shape (m, n), of the
        input's dtype; for tuples, a tuple over the outputs of tuples over the inputs.

    Raises:
        TypeError: inputs or outputs are no tensors.
        AssertionError: no such strategy.
        RuntimeError: strict, and an output does not depend on an input.

    >>> import minigrad as mg
    >>> mg.autograd.functional.jacobian(lambda x: x**2, mg.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])

    Source: PyTorch's ``autograd.functional.jacobian``.
    """
    if strategy not in STRATEGIES:
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your '
            'function has more outputs than inputs, "forward-mode" tends to be more performant. '
            'Otherwise, prefer to use "reverse-mode".'
        )
    many_in, given = as_tuple(inputs, "inputs", "jacobian")
    if strategy == "forward-mode":
        return forward_jacobian(func, given, many_in, create_graph, strict, vectorize)
    if strict and vectorize:
        raise RuntimeError(
            "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not "
            "supported together. Please either set `strict=False` or `vectorize=False`."
        )
    points = prepared(given, create_graph)
    many_out, outputs = outputs_of(func, points, "jacobian", strict)
    rows = [rows_of(y, i, points, create_graph, strict, vectorize) for i, y in enumerate(outputs)]
    return as_given([as_given(row, many_in) for row in rows], many_out)


def rows_of(
    y: Tensor, i: int, points: tuple[Tensor, ...], create_graph: bool, strict: bool,
    vectorize: bool,
) -> list[Tensor]:  # fmt: skip
    """The Jacobian of output ``i`` by each of the points."""
    n = y.numel()
    units = np.eye(n, dtype=y._data.dtype).reshape(n, *y.shape)
    if vectorize and y.requires_grad and n:
        found: list[Any] = list(autograd_grad(
            y, points, make(units), retain_graph=True, create_graph=create_graph,
            allow_unused=True, is_grads_batched=True,
        ))  # fmt: skip
    else:
        each = [pull_back((y,), points, (make(unit),), create_graph) for unit in units]
        found = [None if not column or column[0] is None else stack(list(column))
                 for column in (zip(*each, strict=True) if n else [()] * len(points))]  # fmt: skip
    results = []
    for j, (g, x) in enumerate(zip(found, points, strict=True)):
        if strict and g is None:
            raise RuntimeError(
                f"Output {i} of the user-provided function is independent of input {j}. This is "
                "not allowed in strict mode."
            )
        if strict and create_graph and not g.requires_grad:
            raise RuntimeError(
                "The jacobian of the user-provided function is independent of input "
                f"{j}. This is not allowed in strict mode when create_graph=True."
            )
        shape = (*y.shape, *x.shape)
        if g is None:
            results.append(make(np.zeros(shape, x._data.dtype)))
        else:
            g = reshape(g, shape)
            results.append(g if create_graph else g.detach())
    return results


def forward_jacobian(
    func: Function, inputs: tuple[Tensor, ...], many_in: bool, create_graph: bool, strict: bool,
    vectorize: bool,
) -> Any:  # fmt: skip
    """The Jacobian column by column, all at once."""
    if strict:
        raise RuntimeError(
            'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are '
            "not supported together (yet). Please either set `strict=False` or "
            '`strategy="reverse-mode"`.'
        )
    if not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian is"
            "only implemented for `vectorize=True`."
        )
    if create_graph:
        raise NotImplementedError(
            "torch.autograd.functional.jacobian: `create_graph=True` and "
            '`strategy="forward-mode"` are not supported together (yet). Please either set '
            '`create_graph=False` or `strategy="reverse-mode"`.'
        )
    if any(isinstance(level, BatchLevel) for level in running.stack):
        raise RuntimeError(
            "Batching rule not implemented for aten::_make_dual; the fallback path doesn't work on "
            "out= or view ops. Inside of vmap take func.jacfwd, which nests."
        )

    def run(*values: Tensor) -> Any:
        out = func(*values)
        as_tuple(out, "outputs of the user-provided function", "jacobian")
        return out

    argnums: Any = tuple(range(len(inputs)))
    found = jacfwd(run, argnums if many_in else 0)(*[t.detach() for t in inputs])
    return found


def hessian(
    func: Function, inputs: Any, create_graph: bool = False, strict: bool = False,
    vectorize: bool = False, outer_jacobian_strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """All second derivatives of a function whose result is a single number.

    Args:
        func: a function of tensors that returns a tensor with one element.
        inputs: a tensor, or a tuple with one for each argument.
        create_graph, strict, vectorize: as in :func:`jacobian`.
        outer_jacobian_strategy: the strategy of :func:`jacobian` for the second step.

    Returns:
        For one input of shape (n,) a tensor of shape (n, n); for a tuple of inputs, a tuple of
        tuples.

    Raises:
        TypeError: inputs or outputs are no tensors.
        RuntimeError: ``func`` returns more than one number; or as in :func:`jacobian`.

    >>> import minigrad as mg
    >>> mg.autograd.functional.hessian(lambda x: (x**3).sum(), mg.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])

    Source: PyTorch's ``autograd.functional.hessian``: the Jacobian of the gradient.
    """
    if outer_jacobian_strategy not in STRATEGIES:
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')
    many, given = as_tuple(inputs, "inputs", "hessian")

    def first(*points: Tensor) -> Any:
        many_out, outputs = as_tuple(
            func(*points), "outputs of the user-provided function", "hessian"
        )
        if many_out:
            raise RuntimeError("The function given to hessian should return a single Tensor")
        if outputs[0].numel() != 1:
            raise RuntimeError(
                "The Tensor returned by the function given to hessian should contain a single "
                "element: a Hessian is that of one number, such as a loss"
            )
        if strict and not outputs[0].requires_grad:
            raise RuntimeError(
                "Output 0 of the user-provided function does not require gradients. The outputs "
                "must be computed in a differentiable manner from the input when running in "
                "strict mode."
            )
        return reshape(outputs[0], ())

    def gradient(*points: Tensor) -> Any:
        if outer_jacobian_strategy == "forward-mode":
            return grad(first, tuple(range(len(points))) if many else 0)(*points)
        value = first(*points)
        grads = pull_back((value,), points, (ones_like(value),), True)
        if strict:
            for i, g in enumerate(grads):
                if g is None or not g.requires_grad:
                    raise RuntimeError(independent("hessian" if g is not None else "vjp", i))
        filled = [zeros_like(x) if g is None else g for g, x in zip(grads, points, strict=True)]
        return as_given(filled, many)

    result = jacobian(gradient, given if many else given[0], create_graph, strict, vectorize,
                      outer_jacobian_strategy)  # fmt: skip
    return result
