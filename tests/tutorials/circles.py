"""Telling two circles apart: a classifier with hidden layers, logits and accuracy."""

import math

import torch
from torch import nn

torch.manual_seed(42)
n = 150
angle = torch.rand(2 * n) * 2 * math.pi
radius = torch.cat([torch.full((n,), 1.0), torch.full((n,), 0.6)])
X = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)
X += 0.03 * torch.randn_like(X)
y = torch.cat([torch.zeros(n), torch.ones(n)])
order = torch.randperm(2 * n)
X, y = X[order], y[order]
X_train, X_test, y_train, y_test = X[:240], X[240:], y[:240], y[240:]
print(X_train[:3], y_train[:3])


class CircleModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer_1 = nn.Linear(in_features=2, out_features=16)
        self.layer_2 = nn.Linear(in_features=16, out_features=16)
        self.layer_3 = nn.Linear(in_features=16, out_features=1)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.layer_3(self.relu(self.layer_2(self.relu(self.layer_1(x)))))


def accuracy_fn(y_true, y_pred):
    correct = torch.eq(y_true, y_pred).sum().item()
    return (correct / len(y_pred)) * 100


model = CircleModel()
print(model)
print(sum(p.numel() for p in model.parameters() if p.requires_grad), "parameters")
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(101):
    model.train()
    y_logits = model(X_train).squeeze()
    y_pred = torch.round(torch.sigmoid(y_logits))
    loss = loss_fn(y_logits, y_train)
    acc = accuracy_fn(y_true=y_train, y_pred=y_pred)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.inference_mode():
        test_logits = model(X_test).squeeze()
        test_pred = torch.round(torch.sigmoid(test_logits))
        test_loss = loss_fn(test_logits, y_test)
        test_acc = accuracy_fn(y_true=y_test, y_pred=test_pred)
    if epoch % 20 == 0:
        print(
            f"Epoch: {epoch} | Loss: {loss:.4f}, Accuracy: {acc:.2f}% | "
            f"Test loss: {test_loss:.4f}, Test acc: {test_acc:.2f}%"
        )

# Three classes: blobs, with a softmax.
centres = torch.tensor([[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]])
labels = torch.arange(3).repeat_interleave(40)
points = centres[labels] + 0.7 * torch.randn(120, 2)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
for epoch in range(41):
    logits = net(points)
    loss = criterion(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        predicted = torch.softmax(logits, dim=1).argmax(dim=1)
        print(f"{epoch} | {loss:.4f} | {(predicted == labels).float().mean():.3f}")
