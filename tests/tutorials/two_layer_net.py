"""A two-layer network four times: NumPy, tensors, autograd, nn with an optimizer."""

import numpy as np
import torch

N, D_in, H, D_out = 16, 20, 12, 4
rng = np.random.RandomState(0)
x_np, y_np = rng.randn(N, D_in), rng.randn(N, D_out)
w1_np, w2_np = rng.randn(D_in, H), rng.randn(H, D_out)
learning_rate = 1e-4

print("NumPy")
w1, w2 = w1_np.copy(), w2_np.copy()
for t in range(101):
    h = x_np.dot(w1)
    h_relu = np.maximum(h, 0)
    y_pred = h_relu.dot(w2)
    loss = np.square(y_pred - y_np).sum()
    if t % 20 == 0:
        print(t, f"{loss:.4f}")
    grad_y_pred = 2.0 * (y_pred - y_np)
    grad_w2 = h_relu.T.dot(grad_y_pred)
    grad_h = grad_y_pred.dot(w2.T)
    grad_h[h < 0] = 0
    grad_w1 = x_np.T.dot(grad_h)
    w1 -= learning_rate * grad_w1
    w2 -= learning_rate * grad_w2

print("Tensors")
dtype = torch.float
device = torch.device("cpu")
x = torch.tensor(x_np, device=device, dtype=dtype)
y = torch.tensor(y_np, device=device, dtype=dtype)
w1 = torch.tensor(w1_np, device=device, dtype=dtype)
w2 = torch.tensor(w2_np, device=device, dtype=dtype)
for t in range(101):
    h = x.mm(w1)
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    loss = (y_pred - y).pow(2).sum().item()
    if t % 20 == 0:
        print(t, f"{loss:.3f}")
    grad_y_pred = 2.0 * (y_pred - y)
    grad_w2 = h_relu.t().mm(grad_y_pred)
    grad_h_relu = grad_y_pred.mm(w2.t())
    grad_h = grad_h_relu.clone()
    grad_h[h < 0] = 0
    grad_w1 = x.t().mm(grad_h)
    w1 -= learning_rate * grad_w1
    w2 -= learning_rate * grad_w2

print("Autograd")
w1 = torch.tensor(w1_np, dtype=dtype, requires_grad=True)
w2 = torch.tensor(w2_np, dtype=dtype, requires_grad=True)
for t in range(101):
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).sum()
    if t % 20 == 0:
        print(t, f"{loss.item():.3f}")
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
        w1.grad.zero_()
        w2.grad.zero_()

print("nn and optim")


class TwoLayerNet(torch.nn.Module):
    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.linear1 = torch.nn.Linear(D_in, H)
        self.linear2 = torch.nn.Linear(H, D_out)

    def forward(self, x):
        h_relu = self.linear1(x).clamp(min=0)
        return self.linear2(h_relu)


torch.manual_seed(0)
model = TwoLayerNet(D_in, H, D_out)
criterion = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
print(model)
for t in range(101):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    if t % 20 == 0:
        print(t, f"{loss.item():.4f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
