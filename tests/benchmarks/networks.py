"""Training steps of small networks on scikit-learn's digits (8 x 8 images, 10 classes)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
from workloads import Workload, minigrad, same_allocator, torch

BATCH, HIDDEN, CHANNELS, STEP = 64, 64, 8, 0.05


def digits() -> tuple[np.ndarray, np.ndarray]:
    """1797 images (n, 64) and their classes; numbers of the same size without scikit-learn."""
    if importlib.util.find_spec("sklearn"):
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        return (x / 16).astype(np.float32), y.astype(np.int64)
    rng = np.random.RandomState(0)
    return rng.rand(1797, 64).astype(np.float32), rng.randint(0, 10, 1797)


def one_batch() -> tuple[np.ndarray, np.ndarray]:
    x, y = digits()
    return x[:BATCH], y[:BATCH]


def mlp_weights() -> list[np.ndarray]:
    rng = np.random.RandomState(1)
    shapes = [(HIDDEN, 64), (HIDDEN,), (10, HIDDEN), (10,)]
    return [(rng.randn(*s) * 0.1).astype(np.float32) for s in shapes]


def conv_weights() -> list[np.ndarray]:
    rng = np.random.RandomState(1)
    shapes = [(CHANNELS, 1, 3, 3), (CHANNELS,), (10, CHANNELS * 16), (10,)]
    return [(rng.randn(*s) * 0.1).astype(np.float32) for s in shapes]


def train_modules(lib: Any, conv: bool, capture: bool = False) -> Callable[[], Any]:
    """PyTorch's and minigrad's code: modules, an optimizer, cross entropy."""
    nn = lib.nn
    x, y = (lib.from_numpy(a) for a in one_batch())
    if conv:
        x = x.reshape(BATCH, 1, 8, 8)
        model = nn.Sequential(
            nn.Conv2d(1, CHANNELS, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(CHANNELS * 16, 10),
        )  # fmt: skip
    else:
        model = nn.Sequential(nn.Linear(64, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10))
    optimizer = lib.optim.SGD(model.parameters(), lr=STEP)
    loss_function = nn.CrossEntropyLoss()

    def step(x: Any, y: Any) -> Any:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    run = lib.capture(step) if capture else step
    return lambda: run(x, y)


def softmax_gradient(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    _loss = -np.log(p[np.arange(len(y)), y]).mean()
    p[np.arange(len(y)), y] -= 1
    p /= np.float32(len(y))
    return p


def mlp_numpy() -> Callable[[], Any]:
    same_allocator()
    x, y = one_batch()
    w1, b1, w2, b2 = mlp_weights()

    def step() -> None:
        nonlocal w1, b1, w2, b2
        h = np.maximum(x @ w1.T + b1, 0)
        g = softmax_gradient(h @ w2.T + b2, y)
        gh = (g @ w2) * (h > 0)
        w2 -= STEP * (g.T @ h)
        b2 -= STEP * g.sum(axis=0)
        w1 -= STEP * (gh.T @ x)
        b1 -= STEP * gh.sum(axis=0)

    return step


def conv_numpy() -> Callable[[], Any]:
    """Windows as columns, one matrix product; pooling over 2 x 2 blocks."""
    same_allocator()
    flat, y = one_batch()
    w, b, w2, b2 = conv_weights()
    padded = np.pad(flat.reshape(BATCH, 8, 8), ((0, 0), (1, 1), (1, 1)))
    cut = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))

    def step() -> None:
        nonlocal w, b, w2, b2
        columns = cut.reshape(BATCH * 64, 9)  # a copy: as for an input that changes
        h = np.maximum(columns @ w.reshape(CHANNELS, 9).T + b, 0)
        blocks = h.reshape(BATCH, 4, 2, 4, 2, CHANNELS).transpose(0, 5, 1, 3, 2, 4)
        blocks = blocks.reshape(BATCH, CHANNELS * 16, 4)
        best = blocks.argmax(axis=2)[..., None]
        pooled = np.take_along_axis(blocks, best, 2)[..., 0]
        g = softmax_gradient(pooled @ w2.T + b2, y)
        g_blocks = np.zeros_like(blocks)
        np.put_along_axis(g_blocks, best, (g @ w2)[..., None], 2)
        g_h = g_blocks.reshape(BATCH, CHANNELS, 4, 4, 2, 2).transpose(0, 2, 4, 3, 5, 1)
        g_h = g_h.reshape(BATCH * 64, CHANNELS) * (h > 0)
        w2 -= STEP * (g.T @ pooled)
        b2 -= STEP * g.sum(axis=0)
        w -= STEP * (g_h.T @ columns).reshape(w.shape)
        b -= STEP * g_h.sum(axis=0)

    return step


def train_jax(conv: bool) -> Callable[[], Any]:
    import jax
    import jax.numpy as jnp

    x, y = (jnp.asarray(a) for a in one_batch())
    weights = [jnp.asarray(w) for w in (conv_weights() if conv else mlp_weights())]

    def scores(weights: Any, x: Any) -> Any:
        w1, b1, w2, b2 = weights
        if not conv:
            return jnp.maximum(x @ w1.T + b1, 0) @ w2.T + b2
        h = jax.lax.conv(x.reshape(BATCH, 1, 8, 8), w1, (1, 1), "SAME") + b1[:, None, None]
        h = jax.lax.reduce_window(
            jnp.maximum(h, 0), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID"
        )
        return h.reshape(BATCH, -1) @ w2.T + b2

    def loss_of(weights: Any, x: Any, y: Any) -> Any:
        log_p = jax.nn.log_softmax(scores(weights, x))
        return -log_p[jnp.arange(BATCH), y].mean()

    @jax.jit
    def update(weights: Any, x: Any, y: Any) -> Any:
        loss, grads = jax.value_and_grad(loss_of)(weights, x, y)
        return loss, [w - STEP * g for w, g in zip(weights, grads)]

    def step() -> None:
        nonlocal weights
        loss, weights = update(weights, x, y)
        loss.block_until_ready()

    return step


def mlp_autograd() -> Callable[[], Any]:
    import autograd
    import autograd.numpy as anp

    same_allocator()
    x, y = one_batch()
    weights = mlp_weights()
    rows = np.arange(BATCH)

    def loss_of(weights: Any) -> Any:
        w1, b1, w2, b2 = weights
        scores = anp.dot(anp.maximum(anp.dot(x, w1.T) + b1, 0), w2.T) + b2
        scores = scores - anp.max(scores, axis=1, keepdims=True)
        log_p = scores - anp.log(anp.sum(anp.exp(scores), axis=1, keepdims=True))
        return -anp.mean(log_p[rows, y])

    value_and_grad = autograd.value_and_grad(loss_of)

    def step() -> None:
        _, grads = value_and_grad(weights)
        for w, g in zip(weights, grads):
            w -= STEP * g

    return step


MLP = Workload(
    {
        "minigrad": lambda: train_modules(minigrad(), False),
        "minigrad capture": lambda: train_modules(minigrad(), False, capture=True),
        "torch": lambda: train_modules(torch(), False),
        "jax jit": lambda: train_jax(False),
        "autograd": mlp_autograd,
        "numpy": mlp_numpy,
    },
    calls=40, units=1, unit="step",
    about="an MLP on digits: batch 64, 64 -> 64 -> 10, ReLU, cross entropy, SGD",
)  # fmt: skip
CONV = Workload(
    {
        "minigrad": lambda: train_modules(minigrad(), True),
        "minigrad capture": lambda: train_modules(minigrad(), True, capture=True),
        "torch": lambda: train_modules(torch(), True),
        "jax jit": lambda: train_jax(True),
        "numpy": conv_numpy,
    },
    calls=15, units=1, unit="step",
    about="a small conv net on digits: batch 64, 3 x 3 convolution to 8 channels, ReLU, 2 x 2 max "
    "pooling, linear, cross entropy, SGD",
)  # fmt: skip
