"""Make docs/images/step.gif, with which the README opens: ``python docs/make_film.py``.

The same code gives the same bytes (with the same renderer and the same Pillow).
"""

from __future__ import annotations

from pathlib import Path

import minigrad as torch

FILE = Path(__file__).resolve().parent / "images" / "step.gif"


def record() -> torch.Tape:
    """A training step of a small network, and how it goes on."""
    torch.manual_seed(1)
    x = torch.tensor([[1.0, 2.0]])
    y = torch.tensor([[1.0]])
    w1 = torch.randn(2, 3, requires_grad=True)
    w2 = torch.randn(3, 1, requires_grad=True)
    with torch.record() as tape:
        for _ in range(6):
            h = torch.tanh(x @ w1)
            y_pred = h @ w2
            loss = (y_pred - y).pow(2).sum()
            loss.backward()
            with torch.no_grad():
                w1 -= 0.1 * w1.grad
                w2 -= 0.1 * w2.grad
            w1.grad = w2.grad = None
    return tape


if __name__ == "__main__":
    record().save(FILE)
    print(FILE)
