"""A first look at autograd: leaves, gradients, the graph, detaching, frozen parameters."""

import torch

# Gradients of a function of two vectors.
a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - b**2
print(Q)
external_grad = torch.tensor([1.0, 1.0])
Q.backward(gradient=external_grad)
print(a.grad, b.grad)
print(9 * a**2 == a.grad)
print(-2 * b == b.grad)

# Which tensors are tracked.
x = torch.rand(5, 5)
y = torch.rand(5, 5)
z = torch.rand((5, 5), requires_grad=True)
print(f"does x + y require gradients? {(x + y).requires_grad}")
print(f"does x + z require gradients? {(x + z).requires_grad}")

# One layer by hand.
x = torch.ones(5)
y = torch.zeros(3)
torch.manual_seed(1)
w = torch.randn(5, 3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
z = torch.matmul(x, w) + b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
print(f"gradient function of z: {z.grad_fn.name()}")
print(f"gradient function of loss: {loss.grad_fn.name()}")
loss.backward()
print(w.grad)
print(b.grad)
with torch.no_grad():
    z = torch.matmul(x, w) + b
print(z.requires_grad)
z_det = (torch.matmul(x, w) + b).detach()
print(z_det.requires_grad, z_det)

# A gradient that is a matrix; gradients add up.
inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"first call\n{inp.grad}")
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nsecond call\n{inp.grad}")
inp.grad.zero_()
out.backward(torch.ones_like(out))
print(f"\ncall after zeroing\n{inp.grad}")

# Fine-tuning: all parameters frozen but those of a new last layer.
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
for param in model.parameters():
    param.requires_grad = False
model[2] = torch.nn.Linear(8, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
loss = (model(torch.ones(2, 4)) - 1).pow(2).sum()
loss.backward()
optimizer.step()
print(model)
print([p.grad is None for p in model.parameters()])
print(loss, model[2].bias)
