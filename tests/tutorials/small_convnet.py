"""A convolutional network in LeNet's style: its parameters, one step, then learning two shapes."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.fc1 = nn.Linear(8 * 2 * 2, 20)
        self.fc2 = nn.Linear(20, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.bn(self.conv2(x))), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


torch.manual_seed(0)
net = Net()
print(net)
params = list(net.parameters())
print(len(params), params[0].size())
input = torch.randn(2, 1, 14, 14)
out = net(input)
print(out)
net.zero_grad()
out.backward(torch.randn(2, 2))
print(net.fc2.bias.grad, net.conv1.weight.grad[1, 0])
target = torch.randn(2, 2)
criterion = nn.MSELoss()
loss = criterion(net(input), target)
print(loss)
print(loss.grad_fn.name())
print(loss.grad_fn.next_functions[0][0].name())

# Bars that lie and bars that stand, in noise.
images = 0.3 * torch.randn(40, 1, 14, 14)
labels = torch.arange(40) % 2
where = torch.randint(2, 12, (40,))
for i in range(40):
    if labels[i] == 0:
        images[i, 0, where[i], :] += 1
    else:
        images[i, 0, :, where[i]] += 1
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(5):
    running_loss = 0.0
    for i in range(0, 40, 10):
        optimizer.zero_grad()
        outputs = net(images[i : i + 10])
        loss = criterion(outputs, labels[i : i + 10])
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"[{epoch + 1}] loss: {running_loss / 4:.3f}")
net.eval()
with torch.no_grad():
    _, predicted = torch.max(net(images), 1)
print(f"Accuracy: {(predicted == labels).sum().item() / 40:.2f}")
print({name: tuple(value.shape) for name, value in net.state_dict().items()})
