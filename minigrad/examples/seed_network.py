"""A two-layer network trained by autograd alone: what ``minigrad demo`` runs.

The loop is the PyTorch autograd tutorial's, line by line: 64 random inputs of size 1000, a hidden
layer of 100, 10 outputs. Progress, losses and the graph are the only additions.
"""

import minigrad as torch


def train(epochs: int, seed: int, progress: bool | None = None):
    """Train on ``epochs`` steps; returns the first and last loss, all losses, the last graph."""
    torch.manual_seed(seed)
    N, D_in, H, D_out = 64, 1000, 100, 10

    x = torch.randn(N, D_in)
    y = torch.randn(N, D_out)
    w1 = torch.randn(D_in, H, requires_grad=True)
    w2 = torch.randn(H, D_out, requires_grad=True)

    learning_rate = 1e-6
    losses = torch.LossRecorder(progress=progress)
    for epoch in losses.track(range(epochs)):
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        losses.log(loss)
        if epoch == 0:
            first = str(loss)

        loss.backward()

        with torch.no_grad():
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()

    return first, str(loss), losses, torch.graph(loss)
