"""Every call of the tables, to run through forward mode and vmap; and what must hold there."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import core_cases
import functional_cases
import linalg_cases
import math_cases
import numpy as np
from against_torch import Case
from calls import lines
from golden_calls import variants
from shapes import draw_inputs

import minigrad as mg
from minigrad.func.trees import flatten


class Example(NamedTuple):
    """A call with its inputs: ``run(*tensors)``, and another set of inputs for every seed."""

    name: str
    run: Any
    arrays: Any
    fixed: tuple[int, ...]
    loose: float
    differentiable: bool


def cases() -> list[Any]:
    """Every Case of the lists of math_cases.py and linalg_cases.py, every line of the tables."""
    found: list[Any] = []
    for module in (math_cases, linalg_cases):
        for value in vars(module).values():
            if isinstance(value, list) and value and isinstance(value[0], Case):
                found += value
    for module in (core_cases, functional_cases):
        found += [line for table in module.TABLES.values() for line in lines(table)]
    return found


def examples_of(case: Any) -> list[Example]:
    """A case's or line's calls."""
    if isinstance(case, Case):
        shape = None if case.shapes else (3,) if case.shape == "vector" else (2, 3)
        return [Example(
            case.name, lambda *x: case.call(mg, *x),
            lambda seed: draw_inputs(np.random.default_rng(seed), case, "float64", shape),
            (), max(case.tolerance, 1.0), case.order > 0,
        )]  # fmt: skip
    return [
        Example(call.text, lambda *x, call=call: call(mg, *x), call.arrays, tuple(call.fixed),
                1e4 if call.rough else 1.0, call.order > 0)
        for call in variants(case)
    ]  # fmt: skip


def label(case: Any) -> str:
    return case.name if isinstance(case, Case) else case.split("| ")[1]


def numbers(rng: Any, like: Any) -> Any:
    x = rng.normal(size=like.shape)
    if like.dtype.kind == "c":
        x = x + 1j * rng.normal(size=like.shape)
    return np.asarray(x).astype(like.dtype)


def results(out: Any) -> list[Any]:
    """The tensors of a result that can have derivatives."""
    leaves = [t for t in flatten(out)[0] if isinstance(t, mg.Tensor)]
    return [t for t in leaves if t.is_floating_point() or t.is_complex()]


def product(a: Any, b: Any) -> float:
    """The inner product of two tensors, complex numbers as pairs."""
    return float((a.detach().numpy().conj() * b.detach().numpy()).real.sum())


def forward_is_reverse(example: Example) -> None:
    """<w, J t> by forward mode is <J' w, t> by reverse mode."""
    arrays = example.arrays(1)
    rng = np.random.default_rng(2)
    moved = [i for i, a in enumerate(arrays) if a.dtype.kind in "fc" and i not in example.fixed]
    tangents = [mg.tensor(numbers(rng, arrays[i])) for i in moved]

    def run(*values: Any) -> Any:
        tensors = [mg.tensor(a) for a in arrays]
        for i, value in zip(moved, values, strict=True):
            tensors[i] = value
        return tuple(results(example.run(*tensors)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        points = tuple(mg.tensor(arrays[i]) for i in moved)
        if not moved:
            return  # nothing to differentiate by: jvp refuses
        values, slopes = mg.func.jvp(run, points, tuple(tangents))
        leaves = [mg.tensor(arrays[i], requires_grad=True) for i in moved]
        outs = run(*leaves)
    assert len(outs) == len(slopes)
    for y, value, slope in zip(outs, values, slopes, strict=True):
        assert slope.shape == y.shape and slope.dtype == y.dtype
        np.testing.assert_array_equal(y.detach().numpy(), value.numpy())
        w = mg.tensor(numbers(rng, y.detach().numpy()))
        right = 0.0
        if y.requires_grad:
            grads = mg.autograd.grad(y, leaves, w, retain_graph=True, allow_unused=True)
            right = sum(product(g, t) for g, t in zip(grads, tangents, strict=True)
                        if g is not None)  # fmt: skip
        left = product(w, slope)
        scale = max(1.0, abs(left), abs(right))
        close = abs(left - right) < 1e-8 * scale * example.loose
        assert close or np.isnan(left + right), (example.name, left, right)


SIZE = 3


def batch_of(example: Example) -> tuple[list[Any], list[list[Any]]]:
    """The inputs of SIZE runs stacked, and one by one."""
    rows = [example.arrays(100 + i) for i in range(SIZE)]
    if any(a.shape != b.shape for row in rows for a, b in zip(row, rows[0], strict=True)):
        rows = [[a * (1 + 0.01 * i) if a.dtype.kind in "fc" else a for a in rows[0]]
                for i in range(SIZE)]  # fmt: skip
    stacked = [mg.tensor(np.stack(column)) for column in zip(*rows, strict=True)]
    return stacked, [[x[i] for x in stacked] for i in range(SIZE)]


def vmap_is_a_loop(example: Example) -> None:
    """vmap gives what a loop gives: values, per-sample gradients, and jvps inside of vmap."""
    stacked, rows = batch_of(example)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        expected = [flatten(example.run(*row))[0] for row in rows]
        if not stacked or not all(isinstance(t, mg.Tensor) for t in expected[0]):
            return
        if any(a.shape != b.shape for row in expected
               for a, b in zip(row, expected[0], strict=True)):  # fmt: skip
            return  # the shape depends on the numbers: cannot be batched, in PyTorch neither
        found = flatten(mg.func.vmap(example.run)(*stacked))[0]
        agree(example, found, expected, 1e-9)
        moved = [i for i, x in enumerate(stacked)
                 if x.is_floating_point() and i not in example.fixed]  # fmt: skip
        if not example.differentiable or not moved:
            return

        def loss(*tensors: Any) -> Any:
            outs = results(example.run(*tensors))
            real = [t for t in outs if t.is_floating_point()]
            start = mg.zeros((), dtype=mg.float64)
            return sum([(t * t).sum().double() + t.sum().double() for t in real], start)

        gradient = mg.func.grad(loss, argnums=tuple(moved))
        expected = [gradient(*row) for row in rows]
        agree(example, mg.func.vmap(gradient)(*stacked), expected, 1e-7)

        def slope(*tensors: Any) -> Any:
            def at(*values: Any) -> Any:
                filled = list(tensors)
                for i, value in zip(moved, values, strict=True):
                    filled[i] = value
                return loss(*filled)

            points = tuple(tensors[i] for i in moved)
            return mg.func.jvp(at, points, tuple(mg.ones_like(x) for x in points))[1]

        slopes = [[sum((g.sum() for g in row), mg.zeros((), dtype=mg.float64))]
                  for row in expected]  # fmt: skip
        agree(example, [mg.func.vmap(slope)(*stacked)], slopes, 1e-6)


def agree(
    example: Example, found: Any, expected: Any, tolerance: float, stacked: bool = True
) -> None:
    """Assert that the tensors found are those expected, one row an example."""
    for i, t in enumerate(found):
        wanted = [row[i].numpy() for row in expected]
        wanted = np.stack(wanted) if stacked else wanted[0]
        assert t.shape == wanted.shape, (example.name, t.shape, wanted.shape)
        assert t.numpy().dtype == wanted.dtype, (example.name, t.dtype, wanted.dtype)
        loose = 1e5 if wanted.dtype in (np.float32, np.complex64) else 1.0
        limit = tolerance * example.loose**0.5 * loose
        np.testing.assert_allclose(t.numpy(), wanted, rtol=limit, atol=limit, err_msg=example.name)


def vmap_nests(example: Example) -> None:
    """vmap in vmap, and derivatives through vmap, are what loops give."""
    rows = [example.arrays(seed) for seed in range(4)]
    if any(a.shape != b.shape for row in rows for a, b in zip(row, rows[0], strict=True)):
        return
    stacked = [mg.tensor(np.stack(column)) for column in zip(*rows, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        expected = [flatten(example.run(*[x[i] for x in stacked]))[0] for i in range(4)]
        first = expected[0]
        if not stacked or not all(isinstance(t, mg.Tensor) for t in first):
            return
        if any(a.shape != b.shape for row in expected for a, b in zip(row, first, strict=True)):
            return
        squares = [x.reshape(2, 2, *x.shape[1:]) for x in stacked]
        found = flatten(mg.vmap(mg.vmap(example.run))(*squares))[0]
        agree(example, [t.reshape(4, *t.shape[2:]) for t in found], expected, 1e-9)
        moved = [i for i, x in enumerate(stacked)
                 if x.is_floating_point() and i not in example.fixed]  # fmt: skip
        if not example.differentiable or not moved:
            return

        def total(f: Any, *values: Any) -> Any:
            filled = list(stacked)
            for i, value in zip(moved, values, strict=True):
                filled[i] = value
            real = [t for t in results(f(*filled)) if t.is_floating_point()]
            start = mg.zeros((), dtype=mg.float64)
            return sum([(t * t).sum().double() + t.sum().double() for t in real], start)

        def loop(*tensors: Any) -> Any:
            rows = [flatten(example.run(*[x[i] for x in tensors]))[0] for i in range(4)]
            return tuple(mg.stack(list(column)) for column in zip(*rows, strict=True))

        points = tuple(stacked[i] for i in moved)
        argnums = tuple(range(1, 1 + len(moved)))
        gradient = mg.func.grad(total, argnums)
        expected_grads = gradient(loop, *points)
        agree(example, gradient(mg.vmap(example.run), *points), [expected_grads], 1e-7, False)
        rng = np.random.default_rng(3)
        tangents = tuple(mg.tensor(numbers(rng, x.numpy())) for x in points)
        _, slope = mg.func.jvp(lambda *v: total(mg.vmap(example.run), *v), points, tangents)
        exact = sum(product(g, t) for g, t in zip(expected_grads, tangents, strict=True))
        close = abs(slope.item() - exact) < 1e-6 * max(1.0, abs(exact)) * example.loose
        assert close or np.isnan(exact), (example.name, slope.item(), exact)
