"""What is timed: the same work written for each library, as a user of that library writes it.

A workload is a function ``make(lib) -> step``; ``step()`` does the work once. Libraries that are
not installed are left out by the runner.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

N, D_IN, H, D_OUT = 64, 1000, 100, 10
LR = 1e-6


def load(name: str) -> Any:
    """The library called ``name``; PyTorch with as many threads as there are cores."""
    if name == "minigrad":
        import minigrad

        return minigrad
    if name == "torch":
        import torch

        torch.set_num_threads(os.cpu_count() or 1)
        return torch
    if name == "numpy":
        return np
    raise ValueError(f"no library {name!r} in the benchmarks")


def seed_data() -> list[np.ndarray]:
    rng = np.random.RandomState(0)
    shapes = [(N, D_IN), (N, D_OUT), (D_IN, H), (H, D_OUT)]
    return [rng.randn(*s).astype(np.float32) for s in shapes]


def seed_loop(lib: Any) -> Any:
    """One iteration of the seed tutorial's training loop (unit: an iteration)."""
    if lib is np:
        return seed_loop_numpy()
    x, y, w1, w2 = (lib.from_numpy(a) for a in seed_data())
    w1.requires_grad_()
    w2.requires_grad_()

    def step() -> None:
        nonlocal w1, w2
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        with lib.no_grad():
            w1 -= LR * w1.grad
            w2 -= LR * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()

    return step


def seed_loop_numpy() -> Any:
    """The same by hand, gradients worked out on paper."""
    x, y, w1, w2 = seed_data()
    g1, g2 = np.zeros_like(w1), np.zeros_like(w2)

    def step() -> None:
        nonlocal w1, w2, g1, g2
        h = x @ w1
        h_relu = np.maximum(h, 0)
        diff = h_relu @ w2 - y
        _loss = (diff**2).sum()
        grad_pred = 2.0 * diff
        g2 += h_relu.T @ grad_pred
        grad_h = (grad_pred @ w2.T) * (h >= 0)
        g1 += x.T @ grad_h
        w1 -= LR * g1
        w2 -= LR * g2
        g1.fill(0)
        g2.fill(0)

    return step


CHAIN = 1000


def op_chain(lib: Any) -> Any:
    """1000 multiplications of 4 elements, forward and backward (unit: an operation)."""
    if lib is np:
        return None
    w = lib.full((4,), 1.0001, requires_grad=True)

    def step() -> None:
        x = lib.ones(4, requires_grad=True)
        y = x
        for _ in range(CHAIN):
            y = y * w
        y.sum().backward()

    return step


# name -> (maker, calls of step() in one timing, units of work in one call, unit)
WORKLOADS: dict[str, tuple[Any, int, int, str]] = {
    "seed loop": (seed_loop, 40, 1, "iteration"),
    "op chain": (op_chain, 5, CHAIN, "op"),
}
