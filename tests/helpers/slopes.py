"""Gradients against finite differences: needs no other library."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from calls import Call
from differential import numbers
from golden_calls import variants

import minigrad as mg


def check_slopes(line: str) -> None:
    """The change along one direction, of the results and of their gradients."""
    for seed, call in enumerate(variants(line)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for order in range(1, 1 + max(call.order, 1)):
                check_slope(call, seed, order)


def check_slope(call: Call, seed: int, order: int) -> None:
    arrays = call.arrays(seed)
    moved = [i for i, a in enumerate(arrays) if a.dtype.kind in "fc" and i not in call.fixed]
    steps = {i: direction(arrays[i], seed + i) for i in moved}

    def at(step: float, order: int) -> tuple[list[Any], Any]:
        tensors = [mg.tensor(a + step * steps[i] if i in steps else a)
                   for i, a in enumerate(arrays)]  # fmt: skip
        leaves = [tensors[i].requires_grad_() for i in moved]
        total = weigh(call(mg, *tensors), 1)
        if order == 2 and total.requires_grad:
            grads = mg.autograd.grad(total, leaves, create_graph=True, allow_unused=True)
            total = weigh([g for g in grads if g is not None], 2)
        return leaves, total

    leaves, total = at(0.0, order)
    exact = 0.0
    if total.requires_grad:
        grads = mg.autograd.grad(total, leaves, allow_unused=True)
        exact = sum(
            float((g.numpy().conj() * steps[i]).real.sum())
            for g, i in zip(grads, moved, strict=True) if g is not None
        )  # fmt: skip
    h = 1e-5
    rise = (at(h, order)[1].item() - at(-h, order)[1].item()) / (2 * h)
    allowed = 2e-6 * max(1.0, abs(rise), abs(float(total.item()))) * (100 if call.rough else 1)
    assert abs(rise - exact) < allowed, (call.text, order, rise, exact)


def direction(a: Any, seed: int) -> Any:
    x = numbers(seed, a.shape)[0]
    return x + 1j * numbers(seed + 1, a.shape)[0] if a.dtype.kind == "c" else x


def weigh(outs: Any, start: int) -> Any:
    """One number of all results that have a gradient: their sum with weights."""
    outs = list(outs) if isinstance(outs, (tuple, list)) else [outs]
    total = mg.zeros((), dtype=mg.float64)
    for k, t in enumerate(t for t in outs if t.is_floating_point() or t.is_complex()):
        if t.is_complex():
            t = mg.view_as_real(t)
        w = np.cos(start + k + np.arange(t.numel())).reshape(tuple(t.shape))
        total = total + (t.double() * mg.tensor(w)).sum()
    return total
