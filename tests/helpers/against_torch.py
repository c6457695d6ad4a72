"""Runs one call on minigrad and on PyTorch, to compare values, dtypes, nodes and gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Case:
    """One call to compare. ``call(m, *tensors)`` with m = minigrad or torch."""

    name: str
    call: Any
    domains: tuple[str, ...] = ("real",)  # how each input's numbers are drawn
    order: int = 2  # highest derivative to compare; 0 for operations without gradient
    node: bool = True  # whether the result's grad_fn has PyTorch's name
    tolerance: float = 1.0  # factor on the usual tolerances
    dtypes: tuple[str, ...] = ("float32", "float64")
    shape: str = "any"  # any, some (>= 1 element), rows (and >= 1 dimension), vector
    broadcast: bool = True  # let the second input have another, broadcastable shape
    shapes: tuple[Any, ...] = ()  # fixed shapes of the inputs instead


def draw_array(rng: np.random.Generator, domain: str, shape: tuple[int, ...], dtype: str) -> Any:
    """Numbers of a domain: away from kinks and poles, so that derivatives exist."""
    x = rng.uniform(-2.5, 2.5, shape)
    if domain == "positive":
        x = rng.uniform(0.3, 3.0, shape)
    elif domain == "unit":
        x = rng.uniform(-0.85, 0.85, shape)
    elif domain == "probability":
        x = rng.uniform(0.1, 0.9, shape)
    elif domain == "above one":
        x = rng.uniform(1.2, 4.0, shape)
    elif domain == "nonzero":
        x = np.sign(x + 1e-9) * (np.abs(x) + 0.3)
    elif domain == "distinct":  # no two elements closer than 0.1
        x = (rng.permutation(max(x.size, 1))[: x.size].reshape(shape) - x.size / 2) * 0.37 + 0.05
    elif domain == "zeros":  # some exact zeros
        x = x * (rng.uniform(size=shape) > 0.3)
    elif domain == "ties":  # few values, so many are equal
        x = rng.integers(-2, 3, shape).astype(np.float64)
    elif domain == "nans":
        x = np.where(rng.uniform(size=shape) > 0.7, np.nan, x)
    elif domain == "complex":
        wide = np.complex64 if dtype == "float32" else np.complex128
        return (x + 1j * rng.uniform(-2.5, 2.5, shape)).astype(wide)
    elif domain == "integer":
        return np.asarray(rng.integers(-5, 6, shape))
    elif domain == "count":
        return np.asarray(rng.integers(1, 6, shape))
    elif domain == "bool":
        return np.asarray(rng.uniform(size=shape) > 0.5)
    return np.asarray(x).astype(dtype)


def weights(shape: Any, start: float) -> Any:
    """Fixed weights, all different, to make one number of a result."""
    n = int(np.prod(shape, dtype=int))
    return np.cos(start + np.arange(n)).reshape(tuple(shape))


def weigh(m: Any, tensors: Any, start: float) -> Any:
    total = None
    for t in tensors:
        if t.is_complex():
            t = m.view_as_real(t)
        part = (t * m.tensor(weights(t.shape, start), dtype=t.dtype)).sum()
        total = part if total is None else total + part
    return total


def as_array(t: Any) -> Any:
    if hasattr(t, "detach"):
        return np.array(t.detach().numpy(force=True))  # PyTorch has lazy conjugates and zeros
    return np.array(t)


def evaluate(m: Any, case: Case, arrays: Any) -> dict[str, Any]:
    """Results of a call: values, node name, gradients of first and second order."""
    inputs = []
    for a in arrays:
        leaf = case.order > 0 and a.dtype.kind in "fc"
        inputs.append(m.tensor(a.tolist(), dtype=getattr(m, a.dtype.name), requires_grad=leaf)
                      if a.size else m.zeros(a.shape, dtype=getattr(m, a.dtype.name),
                                             requires_grad=leaf))  # fmt: skip
    out = case.call(m, *inputs)
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    found = {
        "values": [as_array(t) for t in outs],
        "dtypes": [str(t.dtype) if hasattr(t, "dtype") else type(t).__name__ for t in outs],
        "nodes": [t.grad_fn.name() if getattr(t, "grad_fn", None) is not None else None
                  for t in outs],
        "grads": [], "recorded": [], "second": [],
    }  # fmt: skip
    leaves = [t for t in inputs if t.requires_grad]
    roots = [t for t in outs if hasattr(t, "requires_grad") and t.requires_grad]
    if case.order < 1 or not roots or not leaves:
        return found
    loss = weigh(m, roots, 1.0)
    found["grads"] = grads(m, loss, leaves, retain_graph=True)
    recorded = m.autograd.grad(loss, leaves, create_graph=True, allow_unused=True)
    found["recorded"] = [None if g is None else as_array(g) for g in recorded]
    again = [g for g in recorded if g is not None and g.requires_grad]
    if case.order > 1 and again:
        found["second"] = grads(m, weigh(m, again, 2.0), leaves)
    return found


def grads(m: Any, loss: Any, leaves: Any, **kwargs: Any) -> list[Any]:
    made = m.autograd.grad(loss, leaves, allow_unused=True, **kwargs)
    return [None if g is None else as_array(g) for g in made]


def compare(case: Case, ours: Any, theirs: Any) -> None:
    """Assert that two results of `evaluate` agree."""
    assert len(ours["values"]) == len(theirs["values"]), case.name
    assert ours["dtypes"] == theirs["dtypes"], (case.name, ours["dtypes"], theirs["dtypes"])
    loose = any(d in ("torch.float32", "torch.complex64") for d in ours["dtypes"])
    rtol = (2e-4 if loose else 1e-9) * case.tolerance
    atol = (2e-5 if loose else 1e-10) * case.tolerance
    if case.node:
        strip = [n and n.replace("torch::autograd::", "") for n in theirs["nodes"]]
        assert ours["nodes"] == strip, (case.name, ours["nodes"], strip)
    for kind in ("values", "grads", "recorded", "second"):
        same(case.name, kind, ours[kind], theirs[kind], rtol, atol)


def same(name: str, kind: str, ours: Any, theirs: Any, rtol: float, atol: float) -> None:
    """Equal within tolerance; a gradient that is not there counts as zeros."""
    for i in range(max(len(ours), len(theirs))):
        a = ours[i] if i < len(ours) else None
        b = theirs[i] if i < len(theirs) else None
        if a is None and b is None:
            continue
        shape = (a if a is not None else b).shape
        a = np.zeros(shape) if a is None else a
        b = np.zeros(shape) if b is None else b
        assert a.shape == b.shape, (name, kind, i, a.shape, b.shape)
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=f"{name}: {kind} {i}")
