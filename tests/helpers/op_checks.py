"""The three checks that test_op_tables.py runs on every call."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
from against_torch import Case, compare, evaluate, same, weigh
from golden_files import read_golden
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapes import draw_inputs, shapes

import minigrad as mg

EXAMPLES = 5


def against(torch: Any, case: Case) -> None:
    """Values, dtypes, node names, first and second order: as PyTorch, on drawn inputs."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(
        seed=st.integers(0, 2**32 - 1),
        dtype=st.sampled_from(case.dtypes),
        shape=st.none() if case.shapes else shapes(case.shape),
    )
    def run(seed: int, dtype: str, shape: Any) -> None:
        arrays = draw_inputs(np.random.default_rng(seed), case, dtype, shape)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = evaluate(torch, case, arrays)
        compare(case, evaluate(mg, case, arrays), theirs)

    run()


@cache
def golden() -> Any:
    return read_golden("math_ops.json")["calls"]


def array(stored: Any) -> Any:
    """The array that make_math_ops.plain wrote down."""
    if stored is None:
        return None
    dtype, shape, numbers = stored
    if dtype.startswith("complex"):
        pairs = np.asarray(numbers, np.float64).reshape(*shape, 2)
        return (pairs[..., 0] + 1j * pairs[..., 1]).astype(dtype)
    return np.asarray(numbers, dtype).reshape(shape)


def as_stored(key: str, case: Case) -> None:
    """Values and gradients as PyTorch computed them once."""
    stored = golden()[key]
    arrays = [array(a) for a in stored["inputs"]]
    ours = evaluate(mg, case, arrays)
    for kind in ("values", "grads", "second"):
        theirs = [array(a) for a in stored[kind]]
        loose = any(b is not None and b.dtype in (np.float32, np.complex64) for b in theirs)
        tolerance = max(case.tolerance, 10) * (1000 if loose else 1)
        if kind == "values":
            assert [a.dtype for a in ours[kind]] == [b.dtype for b in theirs]
        same(case.name, kind, ours[kind], theirs, 1e-8 * tolerance, 1e-9 * tolerance)


def is_smooth(case: Case) -> bool:
    """Whether small steps of the inputs stay on one side of every kink."""
    kinks = {"ties", "nans"} | (set() if case.name.startswith(("prod", "cumprod")) else {"zeros"})
    return case.order > 0 and not kinks & set(case.domains)


def by_differences(case: Case, order: int) -> None:
    """The gradient along one direction (of second order: the gradient's change) by differences."""
    rng = np.random.default_rng(7)
    arrays = draw_inputs(rng, case, "float64", None if case.shapes else (2,) if (
        case.shape == "vector") else (2, 3))  # fmt: skip
    steps = [step_like(rng, a) for a in arrays]
    up, down = ([moved(a, sign * 1e-5 * d) for a, d in zip(arrays, steps, strict=True)]
                for sign in (1, -1))  # fmt: skip
    value = loss if order == 1 else slope
    rise = (value(case, up) - value(case, down)) / 2e-5
    exact = derivative(case, arrays, steps, order)
    scale = max(1.0, abs(rise), *(float(np.abs(a).max(initial=0)) for a in arrays))
    assert abs(rise - exact) < 2e-6 * scale * case.tolerance**0.5, (case.name, rise, exact)


def moved(a: Any, step: Any) -> Any:
    return a + step if a.dtype.kind in "fc" else a


def step_like(rng: Any, a: Any) -> Any:
    if a.dtype.kind == "c":
        return rng.normal(size=a.shape) + 1j * rng.normal(size=a.shape)
    return rng.normal(size=a.shape) if a.dtype.kind == "f" else np.zeros(a.shape)


def leaves_of(arrays: Any) -> Any:
    return [mg.tensor(a, requires_grad=a.dtype.kind in "fc") for a in arrays]


def roots_of(out: Any) -> Any:
    outs = out if isinstance(out, (tuple, list)) else (out,)
    return [t for t in outs if getattr(t, "requires_grad", False)]


def loss(case: Case, arrays: Any) -> float:
    roots = roots_of(case.call(mg, *leaves_of(arrays)))
    return float(weigh(mg, roots, 1.0).item()) if roots else 0.0


def gradients(case: Case, arrays: Any, create_graph: bool) -> Any:
    leaves = leaves_of(arrays)
    wanted = [t for t in leaves if t.requires_grad]
    total = weigh(mg, roots_of(case.call(mg, *leaves)), 1.0)
    grads = mg.autograd.grad(total, wanted, create_graph=create_graph, allow_unused=True)
    return wanted, grads


def slope(case: Case, arrays: Any) -> float:
    """The first-order gradients, weighed to one number."""
    wanted, grads = gradients(case, arrays, create_graph=False)
    grads = [g for g in grads if g is not None]
    return float(weigh(mg, grads, 2.0).item()) if grads else 0.0


def derivative(case: Case, arrays: Any, steps: Any, order: int) -> float:
    """What autograd says the change along ``steps`` is."""
    wanted, grads = gradients(case, arrays, create_graph=order == 2)
    if order == 2:
        again = [g for g in grads if g is not None]
        if not any(g.requires_grad for g in again):
            return 0.0
        grads = mg.autograd.grad(weigh(mg, again, 2.0), wanted, allow_unused=True)
    directions = [d for a, d in zip(arrays, steps, strict=True) if a.dtype.kind in "fc"]
    pairs = zip(grads, directions, strict=True)
    return float(sum((g.numpy().conj() * d).real.sum() for g, d in pairs if g is not None))
