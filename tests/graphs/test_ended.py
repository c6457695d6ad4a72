"""check() of a loss without a graph: not healthy, and the line where its history ended."""

import numpy as np
import pytest

import minigrad as mg

nn, F = mg.nn, mg.nn.functional


def said(report):
    assert not report.ok and report.first.kind == "ended"
    return report.describe()


def test_argmax_in_one_line():
    q = mg.randn(4, 3, requires_grad=True)
    text = said(mg.check(q.argmax(1).float().mean()))  # the classes
    assert "`q.argmax(1)` gives positions" in text and "the classes" in text
    assert "No graph" in text


def test_argmax_two_variables_ago():
    net, x = nn.Linear(3, 2), mg.randn(4, 3)
    scores = net(x)
    best = scores.argmax(dim=1)  # here
    shifted = best.float() + 1
    loss = (shifted - 1).pow(2).mean()
    text = said(mg.check(loss))
    assert "`scores.argmax(dim=1)`" in text and "# here" in text


def test_labels_are_not_blamed():
    net, x = nn.Linear(3, 2), mg.randn(4, 3)
    labels = mg.randn(4, 2).argmax(1)
    out = net(x).detach()  # cut
    loss = F.cross_entropy(out, labels)
    text = said(mg.check(loss))
    assert "`net(x).detach()` cuts the history off" in text and "# cut" in text


def test_through_python_and_numpy():
    w = mg.tensor([2.0], requires_grad=True)
    h = w * 3
    a = mg.tensor(h.item()) ** 2
    b = mg.tensor(h.tolist()).sum()
    c = mg.tensor(np.square(h.detach().numpy())).sum()
    d = mg.tensor(float(h)) * 2
    assert "`h.item()` leaves the tensors" in said(mg.check(a))
    assert "`h.tolist()` leaves the tensors" in said(mg.check(b))
    assert "`h.detach()` cuts the history" in said(mg.check(c))
    assert "`float(h)` leaves the tensors" in said(mg.check(d))


@pytest.mark.parametrize("first", [True, False])
def test_of_two_branches_none_is_blamed(first):
    w = mg.tensor([2.0], requires_grad=True)
    if first:
        loss = mg.tensor(w.item())
    else:
        loss = w.detach().sum()
    assert "ended where" not in said(mg.check(loss))


def test_under_no_grad():
    net, x = nn.Linear(3, 2), mg.randn(4, 3)
    with mg.no_grad():
        out = net(x)  # not recorded
    loss = out.sum()
    text = said(mg.check(loss))
    assert "no_grad()" in text and "# not recorded" in text


@mg.no_grad()
def forward(net, x):
    return net(x)


def test_a_decorated_function():
    net, x = nn.Linear(3, 2), mg.randn(4, 3)
    loss = forward(net, x).sum()
    assert "runs under no_grad()" in said(mg.check(loss))


def accuracy(out, y):
    chosen = out.argmax(1)  # inside of a function
    return (chosen == y).float().mean()


def test_inside_of_a_function():
    net, x, y = nn.Linear(3, 2), mg.randn(4, 3), mg.tensor([0, 1, 1, 0])
    out = net(x)
    loss = 1 - accuracy(out, y)
    text = said(mg.check(loss))
    assert "`out.argmax(1)`" in text and "# inside of a function" in text


class Cutting(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x):
        h = self.layer(x)
        h = h.detach()  # in forward
        return h * 2


def test_inside_of_a_module():
    model = Cutting()
    loss = model(mg.randn(4, 3)).sum()
    text = said(mg.check(loss))
    assert "`h.detach()`" in text and "# in forward" in text


def test_comparisons_and_whole_numbers():
    p = mg.rand(4, requires_grad=True)
    right = p > 0.5  # compared
    loss = right.float().mean()
    assert "`p > 0.5` makes whole numbers or truth values" in said(mg.check(loss))
    counted = p.long().sum()
    assert "`p.long()`" in said(mg.check(counted))
    where = p.max(0)[1]
    assert "positions" in said(mg.check(where))


def test_data():
    w = mg.tensor([2.0], requires_grad=True)
    loss = (w.data * 2).sum()
    assert "`w.data` cuts" in said(mg.check(loss))


def test_nothing_required_a_gradient():
    x = mg.randn(4)
    loss = (x * 2).sum()
    text = said(mg.check(loss))
    assert "no input has requires_grad=True" in text and "ended where" not in text


def test_a_loss_with_a_graph_is_healthy_as_before():
    w = mg.tensor([2.0], requires_grad=True)
    loss = ((w * w.detach()) ** 2).sum()
    assert mg.check(loss).ok and mg.check(w).ok
