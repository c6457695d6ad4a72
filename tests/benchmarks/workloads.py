"""What is measured: the same work written for each library, as a user of that library writes it.

A workload is a dict from a library's name to a function that makes ``step``; ``step()`` does the
work once. The runner leaves out what is not installed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

N, D_IN, H, D_OUT = 64, 1000, 100, 10
LR = 1e-6
CHAIN = 1000

# Where each name of a column comes from: the module to import, or None for our own code.
LIBRARIES = {
    "minigrad": "minigrad",
    "minigrad capture": "minigrad",
    "torch": "torch",
    "jax jit": "jax",
    "autograd": "autograd",
    "micrograd": "micrograd",
    "numpy": "numpy",
    "numpy out=": "numpy",
}


@dataclass
class Workload:
    makers: dict[str, Callable[[], Callable[[], Any]]]
    calls: int  # of step() in one timing
    units: int  # of work in one call
    unit: str
    about: str


def same_allocator() -> None:
    """Give NumPy by hand the allocator settings that importing minigrad makes."""
    from minigrad.replay.freed_memory import keep_freed_memory

    keep_freed_memory()


def minigrad() -> Any:
    import minigrad

    return minigrad


def torch() -> Any:
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    return torch


# --- the seed tutorial's loop --------------------------------------------------------------------


def seed_data() -> list[np.ndarray]:
    rng = np.random.RandomState(0)
    shapes = [(N, D_IN), (N, D_OUT), (D_IN, H), (H, D_OUT)]
    return [rng.randn(*s).astype(np.float32) for s in shapes]


def seed_loop(lib: Any) -> Callable[[], Any]:
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


def seed_loop_numpy() -> Callable[[], Any]:
    """The same by hand, gradients worked out on paper."""
    same_allocator()
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


def seed_loop_out() -> Callable[[], Any]:
    """By hand, with every result in memory that is already there."""
    same_allocator()
    x, y, w1, w2 = seed_data()
    h, h_relu, grad_h = (np.empty((N, H), np.float32) for _ in range(3))
    pred, diff, square, grad_pred = (np.empty((N, D_OUT), np.float32) for _ in range(4))
    g1, g2, t1, t2 = (np.zeros_like(w) for w in (w1, w2, w1, w2))
    mask = np.empty((N, H), bool)

    def step() -> None:
        np.matmul(x, w1, out=h)
        np.maximum(h, 0, out=h_relu)
        np.matmul(h_relu, w2, out=pred)
        np.subtract(pred, y, out=diff)
        np.multiply(diff, diff, out=square)
        _loss = np.add.reduce(square, axis=None)
        np.multiply(diff, 2.0, out=grad_pred)
        np.matmul(h_relu.T, grad_pred, out=t2)
        np.add(g2, t2, out=g2)
        np.matmul(grad_pred, w2.T, out=grad_h)
        np.greater_equal(h, 0, out=mask)
        np.multiply(grad_h, mask, out=grad_h)
        np.matmul(x.T, grad_h, out=t1)
        np.add(g1, t1, out=g1)
        np.multiply(g1, LR, out=t1)
        np.subtract(w1, t1, out=w1)
        np.multiply(g2, LR, out=t2)
        np.subtract(w2, t2, out=w2)
        g1.fill(0)
        g2.fill(0)

    return step


def seed_loop_jax() -> Callable[[], Any]:
    import jax
    import jax.numpy as jnp

    x, y, w1, w2 = (jnp.asarray(a) for a in seed_data())

    def loss_of(w1: Any, w2: Any) -> Any:
        return ((jnp.maximum(x @ w1, 0) @ w2 - y) ** 2).sum()

    @jax.jit
    def update(w1: Any, w2: Any) -> Any:
        loss, (g1, g2) = jax.value_and_grad(loss_of, (0, 1))(w1, w2)
        return loss, w1 - LR * g1, w2 - LR * g2

    def step() -> None:
        nonlocal w1, w2
        loss, w1, w2 = update(w1, w2)
        w1.block_until_ready()

    return step


def seed_loop_autograd() -> Callable[[], Any]:
    import autograd
    import autograd.numpy as anp

    same_allocator()
    x, y, w1, w2 = seed_data()

    def loss_of(w: Any) -> Any:
        return anp.sum((anp.maximum(x @ w[0], 0) @ w[1] - y) ** 2)

    value_and_grad = autograd.value_and_grad(loss_of)

    def step() -> None:
        nonlocal w1, w2
        _, (g1, g2) = value_and_grad((w1, w2))
        w1 -= LR * g1
        w2 -= LR * g2

    return step


# --- a chain of small operations -----------------------------------------------------------------


def op_chain(lib: Any, backward: bool = True) -> Callable[[], Any]:
    w = lib.full((4,), 1.0001, requires_grad=True)

    def step() -> None:
        x = lib.ones(4, requires_grad=True)
        y = x
        for _ in range(CHAIN):
            y = y * w
        if backward:
            y.sum().backward()

    return step


def op_chain_micrograd(backward: bool = True) -> Callable[[], Any]:
    """On one number, not four; its backward pass is recursive."""
    import sys

    from micrograd.engine import Value

    sys.setrecursionlimit(10 * CHAIN)
    w = Value(1.0001)

    def step() -> None:
        y = Value(1.0)
        for _ in range(CHAIN):
            y = y * w
        if backward:
            y.backward()

    return step


def op_chain_autograd() -> Callable[[], Any]:
    import autograd
    import autograd.numpy as anp

    ones, w = np.ones(4, np.float32), np.full(4, 1.0001, np.float32)

    def chain(pair: Any) -> Any:
        y, w = pair
        for _ in range(CHAIN):
            y = y * w
        return anp.sum(y)

    gradient = autograd.grad(chain)
    return lambda: gradient((ones, w))


def op_chain_jax() -> Callable[[], Any]:
    import jax
    import jax.numpy as jnp

    ones, w = jnp.ones(4), jnp.full(4, 1.0001)

    def chain(y: Any, w: Any) -> Any:
        return jax.lax.fori_loop(0, CHAIN, lambda i, y: y * w, y).sum()

    gradient = jax.jit(jax.grad(chain, (0, 1)))
    return lambda: gradient(ones, w)[0].block_until_ready()


def captured(maker: Callable[[], Any]) -> Callable[[], Any]:
    """The step that ``maker`` makes, captured."""
    return minigrad().capture(maker())


SEED_LOOP = Workload(
    {
        "minigrad": lambda: seed_loop(minigrad()),
        "minigrad capture": lambda: captured(lambda: seed_loop(minigrad())),
        "torch": lambda: seed_loop(torch()),
        "jax jit": seed_loop_jax,
        "autograd": seed_loop_autograd,
        "numpy": seed_loop_numpy,
        "numpy out=": seed_loop_out,
    },
    calls=40, units=1, unit="iteration",
    about="one iteration of the seed tutorial: 64 x 1000 -> 100 -> 10, squared error, two weights",
)  # fmt: skip
OP_CHAIN = Workload(
    {
        "minigrad": lambda: op_chain(minigrad()),
        "torch": lambda: op_chain(torch()),
        "jax jit": op_chain_jax,
        "autograd": op_chain_autograd,
        "micrograd": op_chain_micrograd,
    },
    calls=5, units=CHAIN, unit="op",
    about="1000 products of 4 elements one after the other, forward and backward (micrograd: of 1 "
    "number; jax: one compiled loop, no Python an operation)",
)  # fmt: skip
GRAPH_BUILDING = Workload(
    {
        "minigrad": lambda: op_chain(minigrad(), backward=False),
        "torch": lambda: op_chain(torch(), backward=False),
        "micrograd": lambda: op_chain_micrograd(backward=False),
    },
    calls=5, units=CHAIN, unit="op",
    about="the same chain, forward only: what recording a graph costs, and freeing it",
)  # fmt: skip
