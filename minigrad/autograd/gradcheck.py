"""``gradcheck`` and ``gradgradcheck``: is a function's gradient what small steps say it is?

The numerical Jacobian comes from central differences, ``(f(x + eps) - f(x - eps)) / (2 eps)``, one
number of the input at a time; the analytical one from ``backward``, one number of the output at a
time. A complex number counts as its two real parts. The interface is PyTorch's.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..core.formulas import arrays
from ..core.node import node_and_output
from ..core.tensor import Tensor, edge_of, leaf, make
from .forward_ad import dual_level, make_dual, unpack_dual
from .function_node import CallNode, call_backward
from .gradients import grad


class GradcheckError(RuntimeError):
    """A gradient is not what small steps say it is."""


def gradcheck(
    func: Any,
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compare ``func``'s gradients at ``inputs`` with numerical ones.

    Args:
        func: a function of tensors that returns a tensor or several. It is called with the very
            tensors given, whose numbers are moved meanwhile.
        inputs: a tensor or a tuple; those that require a gradient are checked, and should be
            float64 or complex128, or rounding will drown the differences.
        eps: the step of the central difference.
        atol, rtol: agreement is ``|analytical - numerical| <= atol + rtol * |numerical|``.
        raise_exception: False: return False where they disagree.
        nondet_tol: how much two runs of ``backward`` may differ.
        check_undefined_grad: also try what ``backward`` and hooks do if no gradient comes (None).
        check_grad_dtypes: also compare the dtypes of gradients and inputs.
        check_batched_grad: try ``is_grads_batched`` too.
        check_batched_forward_grad: accepted only.
        check_forward_ad, check_backward_ad: compare forward mode (``jvp``), the backward pass, or
            both.
        fast_mode: compare the two Jacobians along one random direction only, and whole when that
            fails.
        masked: accepted only (nothing is sparse here).

    Returns:
        True if they agree.

    Raises:
        GradcheckError: they do not; a RuntimeError that shows both Jacobians.
        ValueError: no input requires a gradient.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], dtype=mg.float64, requires_grad=True)
    >>> mg.autograd.gradcheck(mg.sin, x)
    True

    Source: PyTorch's ``gradcheck``; central differences as in any textbook of numerical analysis.
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError(
            "Expected at least one of check_forward_ad or check_backward_ad to be True: otherwise "
            "there is nothing to compare"
        )
    given = as_tuple(inputs)
    check_inputs(given)
    try:
        outputs = run(func, given)
        if check_backward_ad:
            compare(func, given, outputs, eps, atol, rtol, fast_mode)
        if check_forward_ad:
            compare_forward(func, given, eps, atol, rtol)
        if check_backward_ad:
            check_reentrant(given, outputs, nondet_tol, fast_mode)
            check_zero_stays_zero(func, given)
            if check_grad_dtypes:
                check_dtypes(func, given)
            if check_batched_grad:
                check_batched(func, given)
            if check_undefined_grad:
                check_undefined(func, given)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Any,
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """:func:`gradcheck` of the gradient of ``func``: are its second derivatives right?

    Args:
        func, inputs: as in :func:`gradcheck`.
        grad_outputs: the gradients to start with, random ones (always the same) if left out.
        eps, atol, rtol, raise_exception, nondet_tol, fast_mode: as in :func:`gradcheck`.
        gen_non_contig_grad_outputs: the random ones are not contiguous in memory.
        check_undefined_grad, check_grad_dtypes, check_batched_grad, masked: as in
            :func:`gradcheck`.
        check_fwd_over_rev, check_rev_over_rev: differentiate the gradient forward, backward, or
            both.

    Returns:
        True if analytical and numerical second derivatives agree.

    Raises:
        GradcheckError: they do not, and raise_exception is True.
        ValueError: no input requires a gradient.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], dtype=mg.float64, requires_grad=True)
    >>> mg.autograd.gradgradcheck(lambda x: x**3, x)
    True

    Source: PyTorch's ``gradgradcheck``.
    """
    given = as_tuple(inputs)
    check_inputs(given)
    if grad_outputs is None:
        rng = np.random.default_rng(0)
        starts = tuple(random_like(o, rng, gen_non_contig_grad_outputs) for o in run(func, given))
    else:
        starts = as_tuple(grad_outputs)
    n = len(given)

    def gradient(*args: Any) -> tuple[Tensor, ...]:
        for a, g in zip(args[:n], given):  # forward mode gives dual tensors in their places
            if needs_grad(g) and not a.requires_grad:
                a.requires_grad_()
        wanted = [a for a in args[:n] if needs_grad(a)]
        found = grad(run(func, args[:n]), wanted, args[n:], create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None)

    return gradcheck(
        gradient, given + starts, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
        nondet_tol=nondet_tol, check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes, check_batched_grad=check_batched_grad,
        fast_mode=fast_mode, check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev,
    )  # fmt: skip


# --- inputs and outputs ----------------------------------------------------------------------


def as_tuple(x: Any) -> tuple[Any, ...]:
    return tuple(x) if isinstance(x, (tuple, list)) else (x,)


def needs_grad(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad


def run(func: Any, inputs: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The outputs that require a gradient."""
    outputs = as_tuple(func(*inputs))
    for o in outputs:
        if not isinstance(o, Tensor):
            raise AttributeError(
                f"'{type(o).__name__}' object has no attribute 'requires_grad': the function to "
                "check must return tensors"
            )
    return tuple(o for o in outputs if o.requires_grad)


def with_every_output(func: Any) -> Any:
    """``func``, all whose outputs that could have a gradient say that they require one."""

    def tracked(*args: Any) -> tuple[Tensor, ...]:
        outputs = [o for o in as_tuple(func(*args)) if isinstance(o, Tensor)]
        return tuple([leaf(o._data) for o in outputs if o._data.dtype.kind in "fc"])

    return tracked


def check_inputs(inputs: tuple[Any, ...]) -> None:
    for i, x in enumerate(inputs):
        if not needs_grad(x):
            continue
        if x._data.dtype.name not in ("float64", "complex128"):
            warnings.warn(
                f"Input #{i} requires gradient and is not a double precision floating point or "
                "complex. This check will likely fail if all the inputs are not of double "
                "precision floating point or complex. ",
                stacklevel=3,
            )
        overlaps = any(s == 0 and n > 1 for s, n in zip(x._data.strides, x._data.shape))
        if overlaps and x._data.size:
            raise RuntimeError(
                f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs "
                "that are non-overlapping to be able to compute the numerical gradients "
                "correctly. You should call .contiguous on the input before passing it to "
                "gradcheck."
            )
        if x._node is None:
            x.grad = None
        else:
            x.retain_grad()
    if not any(needs_grad(x) for x in inputs):
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them "
            "have requires_grad=True. Make the inputs with requires_grad=True."
        )


def random_like(t: Tensor, rng: Any, strided: bool) -> Tensor:
    """A gradient to start with, that requires a gradient itself."""
    shape = t._data.shape
    if strided and shape:
        shape = (*shape[:-1], 2 * shape[-1])
    numbers = rng.uniform(-1, 1, shape)
    if t._data.dtype.kind == "c":
        numbers = numbers + 1j * rng.uniform(-1, 1, shape)
    array = np.asarray(numbers, t._data.dtype)
    return make(array[..., ::2] if strided and shape else array).requires_grad_()


def real_parts(array: Any) -> Any:
    """The numbers in a row; of complex ones the real and imaginary parts in turn."""
    array = np.array(array).reshape(-1)
    if array.dtype.kind == "c":
        return np.stack([array.real, array.imag], axis=1).reshape(-1)
    return array


def parts_of(t: Tensor) -> int:
    return t._data.size * (2 if t._data.dtype.kind == "c" else 1)


def from_parts(parts: Any, like: Tensor) -> Any:
    """The array whose :func:`real_parts` these are."""
    dtype, shape = like._data.dtype, like._data.shape
    if dtype.kind == "c":
        parts = parts[0::2] + 1j * parts[1::2]
    return np.asarray(parts, dtype).reshape(shape)


# --- the two Jacobians -------------------------------------------------------------------------


def outputs_at(func: Any, inputs: tuple[Any, ...], i: int, step: Any) -> list[Any]:
    """The differentiable outputs' numbers, with input ``i`` moved by ``step`` (real parts).

    The numbers of the tensor itself are moved, for this one call: ``func`` may know it from
    elsewhere, as a layer knows its weights.
    """
    x = inputs[i]._data
    before = x.copy()
    x[...] = before + from_parts(step, inputs[i])
    try:
        return [o._data.copy() for o in run(func, inputs)]
    finally:
        x[...] = before


def difference(func: Any, inputs: tuple[Any, ...], i: int, step: Any, eps: float) -> list[Any]:
    """Central difference of each output when input ``i`` moves along ``step``."""
    after = outputs_at(func, inputs, i, eps * step)
    before = outputs_at(func, inputs, i, -eps * step)
    for a, b in zip(after, before):
        for what in ("shape", "dtype"):
            assert getattr(a, what) == getattr(b, what), (
                f"Expected `func` to return outputs with the same {what} when inputs are perturbed "
                f"by {eps}, but got {getattr(a, what)} and {getattr(b, what)}"
            )
    return [(real_parts(a) - real_parts(b)) / (2 * eps) for a, b in zip(after, before)]


def numerical(func: Any, inputs: tuple[Any, ...], i: int, eps: float) -> list[Any]:
    """For each output its Jacobian with respect to input ``i``: a row for each input number."""
    if not parts_of(inputs[i]):
        return [np.zeros((0, parts_of(o))) for o in run(func, inputs)]
    steps = np.eye(parts_of(inputs[i]))
    rows = [difference(func, inputs, i, step, eps) for step in steps]
    return [np.stack(column) for column in zip(*rows, strict=True)]


def analytical(inputs: tuple[Any, ...], output: Tensor) -> list[Any]:
    """The same from backward passes: for each input that requires a gradient, a Jacobian."""
    wanted = [x for x in inputs if needs_grad(x)]
    columns: list[list[Any]] = [[] for _ in wanted]
    for unit in np.eye(parts_of(output)):
        for column, g in zip(columns, pulled(output, unit, wanted), strict=True):
            column.append(g)
    return [
        np.stack(column, axis=1) if column else np.zeros((parts_of(x), 0))
        for column, x in zip(columns, wanted, strict=True)
    ]


def pulled(output: Tensor, start: Any, wanted: list[Tensor]) -> list[Any]:
    """The gradients of ``wanted`` (real parts) for the output's gradient ``start``."""
    found = grad(
        output, wanted, make(from_parts(start, output)), retain_graph=True, allow_unused=True
    )
    return [
        np.zeros(parts_of(x)) if g is None else real_parts(g._data)
        for g, x in zip(found, wanted, strict=True)
    ]


def compare(
    func: Any, inputs: tuple[Any, ...], outputs: Any, eps: float, atol: float, rtol: float,
    fast: bool,
) -> None:  # fmt: skip
    """Raise unless the Jacobians of every output and input agree."""
    wanted = [i for i, x in enumerate(inputs) if needs_grad(x)]
    if not outputs:
        check_constant(func, inputs, eps, atol, rtol)
        return
    if fast and compare_fast(func, inputs, outputs, wanted, eps, atol, rtol) is None:
        return
    numeric = {i: numerical(func, inputs, i, eps) for i in wanted}
    for k, output in enumerate(outputs):
        for i, a in zip(wanted, analytical(inputs, output), strict=True):
            n = numeric[i][k]
            if not np.allclose(a, n, rtol=rtol, atol=atol):
                raise GradcheckError(mismatch(a, n, k, i, atol, rtol))
    if fast:
        raise GradcheckError(
            f"{compare_fast(func, inputs, outputs, wanted, eps, atol, rtol)}The Jacobians agree "
            "number by number, but not along a random direction: errors add up."
        )


def check_constant(func: Any, inputs: tuple[Any, ...], eps: float, atol: float,
                   rtol: float) -> None:  # fmt: skip
    """Nothing that ``func`` gives requires a gradient: then nothing may change with the inputs."""
    for i in [i for i, x in enumerate(inputs) if needs_grad(x)]:
        for jacobian in numerical(with_every_output(func), inputs, i, eps):
            if not np.allclose(jacobian, 0, rtol=rtol, atol=atol):
                raise GradcheckError(
                    "Numerical gradient for function expected to be zero: no output requires a "
                    "gradient, yet they change with the inputs. Was something detached?"
                )


def compare_fast(
    func: Any, inputs: tuple[Any, ...], outputs: list[Tensor], wanted: list[int], eps: float,
    atol: float, rtol: float,
) -> str | None:  # fmt: skip
    """Compare along one random direction of inputs and outputs; None, or what is wrong."""
    rng = np.random.default_rng(0)
    starts = [rng.normal(size=parts_of(o)) for o in outputs]
    for i in wanted:
        step = rng.normal(size=parts_of(inputs[i]))
        step = step / (np.linalg.norm(step) or 1.0)
        changes = difference(func, inputs, i, step, eps)
        for k, (output, start) in enumerate(zip(outputs, starts, strict=True)):
            n = float(np.dot(changes[k], start))
            a = float(np.dot(pulled(output, start, [inputs[i]])[0], step))
            if not math.isclose(a, n, rel_tol=rtol, abs_tol=atol * np.abs(start).sum()):
                return (
                    f"Jacobian mismatch for output {k} with respect to input {i},\n"
                    f"numerical:{n}\nanalytical:{a}\n"
                )
    return None


def mismatch(
    a: Any, n: Any, output: int, i: int, atol: float, rtol: float, what: str = "Jacobian"
) -> str:
    """PyTorch's words with both Jacobians, then the entries that differ most, side by side."""
    off = np.abs(a - n) - (atol + rtol * np.abs(n))
    off = np.where(np.isnan(off), np.inf, off)
    worst = np.argsort(-off, axis=None, kind="stable")[:5]
    rows = [np.unravel_index(w, off.shape) for w in worst if off.flat[w] > 0]
    table = "\n".join(
        f"{f'd output[{o}] / d input[{x}]':<28}{n[x, o]:>14.6g}{a[x, o]:>14.6g}" for x, o in rows
    )
    return (
        f"{what} mismatch for output {output} with respect to input {i},\n"
        f"numerical:{make(n)}\nanalytical:{make(a)}\n"
        "(a row for each number of the input, a column for each of the output)\n"
        f"Side by side, where they differ most:\n{'':<28}{'numerical':>14}{'analytical':>14}\n"
        f"{table}\n"
    )


def compare_forward(
    func: Any, inputs: tuple[Any, ...], eps: float, atol: float, rtol: float
) -> None:
    """Raise unless forward mode gives the numerical Jacobian too, one input number at a time."""
    for i in [i for i, x in enumerate(inputs) if needs_grad(x)]:
        rows = []
        for unit in np.eye(parts_of(inputs[i])):
            with dual_level():
                dual = make_dual(inputs[i].detach(), make(from_parts(unit, inputs[i])))
                outputs = as_tuple(func(*inputs[:i], dual, *inputs[i + 1 :]))
                pairs = [unpack_dual(o) for o in outputs
                         if isinstance(o, Tensor) and o._data.dtype.kind in "fc"]  # fmt: skip
                rows.append([np.zeros(parts_of(o)) if t is None else real_parts(t._data)
                             for o, t in pairs])  # fmt: skip
        numeric = numerical(with_every_output(func), inputs, i, eps)
        for k, (n, column) in enumerate(zip(numeric, zip(*rows, strict=True), strict=True)):
            a = np.stack(column)
            if not np.allclose(a, n, rtol=rtol, atol=atol):
                text = mismatch(a, n, k, i, atol, rtol, "Jacobian computed with forward mode")
                raise GradcheckError(f"{text}(The analytical one is from forward mode, jvp.)")


# --- other ways for a gradient to be wrong -------------------------------------------------------


def check_reentrant(
    inputs: tuple[Any, ...], outputs: Any, tolerance: float, fast: bool
) -> None:
    """Two backward passes over one graph must give the same."""
    wanted = [x for x in inputs if needs_grad(x)]
    for output in outputs:
        if fast:  # along one direction, without a whole Jacobian
            start = np.random.default_rng(0).normal(size=parts_of(output))
            first, second = pulled(output, start, wanted), pulled(output, start, wanted)
        else:
            first, second = analytical(inputs, output), analytical(inputs, output)
        for a, b in zip(first, second, strict=True):
            if a.size and np.abs(a - b).max() > tolerance:
                raise GradcheckError(
                    "Backward is not reentrant, i.e., running backward with same input and "
                    "grad_output multiple times gives different values, although analytical "
                    f"gradient matches numerical gradient.The tolerance for nondeterminism was "
                    f"{tolerance}."
                )


def check_zero_stays_zero(func: Any, inputs: tuple[Any, ...]) -> None:
    """A gradient is a product with the output's gradient: if that is 0, so is it."""
    wanted = [x for x in inputs if needs_grad(x)]
    for output in run(func, inputs):
        start = make(np.zeros_like(output._data))
        for g in grad(output, wanted, start, allow_unused=True, retain_graph=True):
            if g is not None and g._data.any():
                raise GradcheckError(
                    "backward not multiplied by grad_output: a gradient is not 0, although the "
                    "output's gradient is"
                )


def check_undefined(func: Any, inputs: tuple[Any, ...]) -> None:
    """Where no gradient comes, hooks and a user's ``backward`` get None, and give None or zeros."""
    for output in run(func, inputs):
        if isinstance(edge_of(output), Tensor):
            continue  # an input as it is
        node, i = node_and_output(edge_of(output))
        try:
            for hook in list(node.extra.tensor_hooks.get(i, {}).values()) if node.extra else ():
                hook(None)
            one = isinstance(node, CallNode) and node.n_outputs == 1
            found = call_backward(node, (None,), arrays) if one else ()
        except RuntimeError as error:
            warnings.warn(NEW_FEATURE, stacklevel=4)
            raise GradcheckError(
                "Expected backward function to handle undefined output grads. Please look at "
                '"Notes about undefined output gradients" in "tools/autograd/derivatives.yaml". It '
                f"was given None: {error}"
            ) from error
        if any(g is not None and g.any() for g in found):
            warnings.warn(NEW_FEATURE, stacklevel=4)
            raise GradcheckError(
                "Expected all input grads to be undefined or zero when all output grads are "
                "undefined or zero: for the gradient None it gave something else"
            )


NEW_FEATURE = (
    "Backwards compatibility: New undefined gradient support checking feature is enabled by "
    "default, but it may break existing callers of this function. If this is true for you, you can "
    'call this function with "check_undefined_grad=False" to disable the feature'
)


def check_dtypes(func: Any, inputs: tuple[Any, ...]) -> None:
    wanted = [x for x in inputs if needs_grad(x)]
    for output in run(func, inputs):
        start = make(np.ones_like(output._data))
        for x, g in zip(wanted, grad(output, wanted, start, allow_unused=True, retain_graph=True)):
            if g is not None and g.dtype != x.dtype:
                raise GradcheckError("Backward passes return gradients with different dtypes")


def check_batched(func: Any, inputs: tuple[Any, ...]) -> None:
    """``is_grads_batched`` must give what one pass after the other gives."""
    wanted = [x for x in inputs if needs_grad(x)]
    rng = np.random.default_rng(0)
    for output in run(func, inputs):
        starts = np.stack([random_like(output, rng, False)._data for _ in range(2)])
        together = grad(output, wanted, make(starts), retain_graph=True, allow_unused=True,
                        is_grads_batched=True)  # fmt: skip
        for i, start in enumerate(starts):
            alone = grad(output, wanted, make(start), retain_graph=True, allow_unused=True)
            for a, b in zip(together, alone, strict=True):
                if (a is None) != (b is None) or (
                    a is not None and b is not None and not np.allclose(a._data[i], b._data)
                ):
                    raise GradcheckError(
                        "For output and input, a batched gradient computation gives other numbers "
                        "than one after the other."
                    )
