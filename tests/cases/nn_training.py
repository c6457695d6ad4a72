"""Small trainings, written once for minigrad and PyTorch; each returns its losses."""

import math


def two_circles(lib):
    """A network of three layers tells the points of two circles apart."""
    lib.manual_seed(1)
    angle = 2 * math.pi * lib.rand(60)
    inner = lib.arange(60) % 2
    radius = lib.where(inner == 1, 0.5, 1.0) + 0.05 * lib.randn(60)
    x = lib.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
    y = inner.float().unsqueeze(1)
    nn = lib.nn
    net = nn.Sequential(nn.Linear(2, 10), nn.ReLU(), nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 1))
    loss_fn = nn.BCEWithLogitsLoss()
    optimizer = lib.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    losses = []
    for _ in range(60):
        loss = loss_fn(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    right = ((net(x) > 0) == (y == 1)).float().mean().item()
    return [*losses, right]


def digits(lib):
    """A small convolutional network on made-up pictures of four digits, with dropout."""
    shapes = ["111101101101111", "010010010010010", "111001111100111", "101101111001001"]
    lib.manual_seed(2)
    clean = lib.tensor([[float(c) for c in shape] for shape in shapes]).reshape(4, 1, 5, 3)
    y = lib.arange(32) % 4
    x = clean[y] + 0.3 * lib.randn(32, 1, 5, 3)
    nn = lib.nn
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(),
        nn.MaxPool2d(2, ceil_mode=True), nn.Flatten(), nn.Dropout(0.2), nn.Linear(24, 4),
    )  # fmt: skip
    optimizer = lib.optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for _ in range(25):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    right = (net(x).argmax(1) == y).float().mean().item()
    return [*losses, right]


def characters(lib):
    """An LSTM learns to spell a sentence, one character after the other."""
    text = "the cat sat on the mat and the rat sat on the cat. "
    chars = sorted(set(text))
    codes = lib.tensor([chars.index(c) for c in text])
    nn = lib.nn

    class Speller(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(len(chars), 8)
            self.lstm = nn.LSTM(8, 16, num_layers=2, batch_first=True)
            self.head = nn.Linear(16, len(chars))

        def forward(self, x, state=None):
            out, state = self.lstm(self.embed(x), state)
            return self.head(out), state

    lib.manual_seed(3)
    model = Speller()
    optimizer = lib.optim.AdamW(model.parameters(), lr=0.02)
    losses, state = [], None
    for step in range(12):
        start = step % 3 * 16
        x, y = codes[start : start + 16].unsqueeze(0), codes[start + 1 : start + 17]
        scores, state = model(x, state)
        state = tuple(s.detach() for s in state)
        loss = nn.functional.cross_entropy(scores.squeeze(0), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def sorting_transformer(lib):
    """A transformer encoder learns to put four numbers in order."""
    nn = lib.nn
    lib.manual_seed(4)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True)
    model = nn.Sequential(nn.Linear(1, 8), nn.TransformerEncoder(layer, 1), nn.Linear(8, 1))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(10):
        x = lib.rand(16, 4, 1)
        loss = nn.functional.mse_loss(model(x), x.sort(dim=1).values)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


RUNS = [two_circles, digits, characters, sorting_transformer]
