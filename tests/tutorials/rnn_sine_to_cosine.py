"""A recurrent network that turns a sine into a cosine, with its state handed on between pieces."""

import numpy as np
import torch
from torch import nn

torch.manual_seed(1)
TIME_STEP = 10
INPUT_SIZE = 1
LR = 0.02


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(input_size=INPUT_SIZE, hidden_size=16, num_layers=1, batch_first=True)
        self.out = nn.Linear(16, 1)

    def forward(self, x, h_state):
        r_out, h_state = self.rnn(x, h_state)
        outs = []
        for time_step in range(r_out.size(1)):
            outs.append(self.out(r_out[:, time_step, :]))
        return torch.stack(outs, dim=1), h_state


rnn = RNN()
print(rnn)
optimizer = torch.optim.Adam(rnn.parameters(), lr=LR)
loss_func = nn.MSELoss()
h_state = None
for step in range(60):
    start, end = step * np.pi, (step + 1) * np.pi
    steps = np.linspace(start, end, TIME_STEP, dtype=np.float32, endpoint=False)
    x_np = np.sin(steps)
    y_np = np.cos(steps)
    x = torch.from_numpy(x_np[np.newaxis, :, np.newaxis])
    y = torch.from_numpy(y_np[np.newaxis, :, np.newaxis])
    prediction, h_state = rnn(x, h_state)
    h_state = h_state.data
    loss = loss_func(prediction, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 0:
        print(step, f"{loss.item():.4f}", h_state.shape)
print(f"{loss.item():.4f}")

# The next value of a sine, by an LSTM and by a GRU.
t = torch.linspace(0, 12, 61)
series = torch.sin(t).view(-1, 1, 1)
for cell in (nn.LSTM, nn.GRU):
    torch.manual_seed(3)
    net, head = cell(1, 8), nn.Linear(8, 1)
    params = list(net.parameters()) + list(head.parameters())
    optimizer = torch.optim.AdamW(params, lr=0.03)
    for epoch in range(16):
        out, state = net(series[:-1])
        loss = loss_func(head(out), series[1:])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(params, max_norm=1.0)
        optimizer.step()
        if epoch % 5 == 0:
            print(cell.__name__, epoch, f"{loss.item():.4f}")
