"""A polynomial through noisy points: data sets and loaders, weight decay, validation."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(7)
x = torch.linspace(-1, 1, 100).unsqueeze(1)
y = 0.5 - 1.5 * x + 2 * x**2 - 0.7 * x**3 + 0.1 * torch.randn(x.size())
features = torch.cat([x**i for i in range(1, 6)], dim=1)
dataset = TensorDataset(features, y)
train_set, val_set = random_split(dataset, [80, 20])
train_loader = DataLoader(train_set, batch_size=16, shuffle=True)
val_loader = DataLoader(val_set, batch_size=20)
print(len(train_loader), len(val_loader), val_set.indices[:8])

model = nn.Linear(5, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.05, weight_decay=1e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)
for epoch in range(40):
    running = 0.0
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        running += loss.item() * inputs.size(0)
    scheduler.step()
    if (epoch + 1) % 10 == 0:
        model.eval()
        with torch.no_grad():
            val_loss = sum(criterion(model(i), t).item() for i, t in val_loader) / len(val_loader)
        print(f"epoch {epoch + 1}: train {running / len(train_set):.4f}, validation {val_loss:.4f}")
weights = ", ".join(f"{w:.3f}" for w in model.weight[0].tolist())
print(f"coefficients {model.bias.item():.3f}, {weights}")
print(optimizer)
